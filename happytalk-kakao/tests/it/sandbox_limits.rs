//! What the sandbox refuses, by requests that no adapter of ours would make, and the centre's own calls.

use happytalk_core::Timestamp;
use happytalk_kakao::Dialect;
use happytalk_kakao::sandbox::{Sandbox, UserAct};
use serde_json::{Value, json};

use crate::fixture::SENDER_KEY;

fn now() -> Timestamp {
    "2026-11-16T09:00:00+09:00".parse().unwrap()
}

/// A sandbox with one open session.
fn open(dialect: Dialect) -> Sandbox {
    let mut sandbox = Sandbox::new(dialect, SENDER_KEY.parse().unwrap());
    sandbox.user("ann", &UserAct::write("문의"), now()).unwrap();
    sandbox
}

fn request(dialect: Dialect, path: &str) -> http::request::Builder {
    let request = http::Request::post(path);
    match dialect {
        Dialect::Bizgo => request.header("authorization", "sandbox-secret"),
        Dialect::Hub => request,
        _ => request
            .header("ht-client-id", "sandbox-client")
            .header("ht-client-secret", "sandbox-secret"),
    }
}

fn call(sandbox: &mut Sandbox, path: &str, body: &Value) -> Value {
    let dialect = sandbox.dialect();
    let request = request(dialect, path).body(body.to_string().into_bytes());
    let response = sandbox.answer(&request.unwrap(), now());
    serde_json::from_slice(response.body()).unwrap()
}

fn get(sandbox: &mut Sandbox, path: &str) -> Value {
    let dialect = sandbox.dialect();
    let mut request = request(dialect, path).body(Vec::new()).unwrap();
    *request.method_mut() = http::Method::GET;
    let response = sandbox.answer(&request, now());
    serde_json::from_slice(response.body()).unwrap()
}

/// A body of `chat/write`, with some fields changed; null takes one away.
fn body(changes: Value) -> Value {
    let mut body = json!({
        "user_key": "ann", "sender_key": SENDER_KEY, "serial_number": "s-1",
        "message_type": "TX", "message": "네"
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    body
}

fn write(changes: Value) -> Value {
    call(
        &mut open(Dialect::HappytalkV1),
        "/v1/chat/write",
        &body(changes),
    )["code"]
        .clone()
}

fn buttons(count: usize, changes: Value) -> Value {
    let mut button = json!({"name": "교환", "type": "BK"});
    for (name, value) in changes.as_object().unwrap() {
        button[name] = value.clone();
    }
    json!({"message_type": "LI", "links": vec![button; count]})
}

#[test]
fn the_codes_of_2_9_come_for_what_they_mean() {
    let long = "가".repeat(1001);
    for (changes, code) in [
        (json!({}), 0),
        (json!({"message": "가".repeat(1000)}), 0),
        (json!({"message_type": null}), 0),
        (json!({"sender_key": "another"}), -501),
        (json!({"user_key": "bo"}), -502),
        (json!({"user_key": ""}), -503),
        (json!({"user_key": "u".repeat(21)}), -503),
        (json!({"message": long}), -506),
        (json!({"serial_number": "s".repeat(31)}), -509),
        (json!({"serial_number": null}), -509),
        (json!({"message": null}), -510),
        (json!({"message_type": "XX"}), -510),
        (json!({"message_type": "TEXT"}), -510),
        (json!({"message_type": "IM"}), -510),
        (
            json!({"message_type": "IM", "image_url": "https://example.com/a.jpg"}),
            -505,
        ),
        (
            json!({"message_type": "FI", "file_url": "https://example.com/a.pdf", "file_name": "a.pdf", "file_size": 1}),
            -510,
        ),
        (json!({"message_type": "LI"}), -510),
        (json!({"message_type": "LI", "auto_answer": "S4"}), 0),
        (json!({"message_type": "LI", "auto_answer": "S9"}), -510),
        (json!({"auto_answer": "S4"}), -510),
        (json!({"links": [{"name": "교환", "type": "BK"}]}), -510),
    ] {
        assert_eq!(write(changes.clone()), code, "{changes}");
    }
}

#[test]
fn a_button_has_what_its_type_needs() {
    let safe = "a".repeat(50);
    for (changes, code) in [
        (buttons(5, json!({})), 0),
        (buttons(6, json!({})), -510),
        (buttons(1, json!({"name": "n".repeat(28)})), 0),
        (buttons(1, json!({"name": "n".repeat(29)})), -510),
        (buttons(1, json!({"name": ""})), -510),
        (buttons(1, json!({"type": "TN"})), -510),
        (buttons(1, json!({"extra": safe})), 0),
        (buttons(1, json!({"extra": format!("{safe}a")})), -510),
        (buttons(1, json!({"extra": "주문"})), -510),
        (
            buttons(1, json!({"type": "WL", "url_mobile": "https://a.example"})),
            0,
        ),
        (
            buttons(1, json!({"type": "WL", "url_pc": "https://a.example"})),
            -510,
        ),
        (
            buttons(1, json!({"type": "WL", "url_mobile": "ftp://a.example"})),
            -510,
        ),
        (
            buttons(1, json!({"type": "AL", "scheme_ios": "a://"})),
            -510,
        ),
        (
            buttons(
                1,
                json!({"type": "AL", "scheme_ios": "a://", "scheme_android": "a://"}),
            ),
            0,
        ),
        (
            buttons(
                1,
                json!({"type": "AL", "scheme_ios": "a://", "url_mobile": "https://a.example"}),
            ),
            0,
        ),
        (buttons(1, json!({"type": "BF"})), -510),
    ] {
        assert_eq!(write(changes.clone()), code, "{changes}");
    }
    let replies = |count: usize, name: &str| {
        let reply = json!({"name": name, "type": "BK", "chat_extra": "x"});
        json!({"message_type": "LI", "supplement": {"quick_reply": vec![reply; count]}})
    };
    assert_eq!(write(replies(10, "교환")), 0);
    assert_eq!(write(replies(11, "교환")), -510);
    assert_eq!(write(replies(1, &"n".repeat(15))), -510);
}

#[test]
fn a_serial_number_counts_once_and_only_where_it_was_taken() {
    let mut sandbox = open(Dialect::HappytalkV1);
    let mut code =
        |changes: Value| call(&mut sandbox, "/v1/chat/write", &body(changes))["code"].clone();
    assert_eq!(code(json!({"message": ""})), -510);
    assert_eq!(code(json!({})), 0);
    assert_eq!(code(json!({})), -504);
    assert_eq!(code(json!({"serial_number": "s-2"})), 0);
    let shown = sandbox.room("ann").unwrap().shown();
    assert_eq!(shown.len(), 2);
}

#[test]
fn credentials_are_checked_as_each_dialect_writes_them() {
    let body = body(json!({})).to_string().into_bytes();
    let status_and_body = |dialect, request: http::request::Builder| {
        let request = request.body(body.clone()).unwrap();
        let response = open(dialect).answer(&request, now());
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status().as_u16(), body)
    };
    let bare = http::Request::post("/v1/chat/write");
    let (status, answer) = status_and_body(Dialect::HappytalkV1, bare);
    assert_eq!((status, &answer["code"]), (200, &json!(-500)));
    let bearer = http::Request::post("/api/comm/v1/cstalk/plain")
        .header("authorization", "Bearer sandbox-secret");
    let (status, answer) = status_and_body(Dialect::Bizgo, bearer);
    assert_eq!(
        (status, &answer["common"]["authCode"]),
        (401, &json!("A401"))
    );
    let stranger = http::Request::post("/v2/another-key/chat/write");
    assert_eq!(status_and_body(Dialect::Hub, stranger).0, 404);
    let ours = http::Request::post("/v2/sandbox-secret/chat/write");
    assert_eq!(status_and_body(Dialect::Hub, ours).1["code"], 0);
    let sandbox = &mut open(Dialect::Hub);
    call(sandbox, "/v2/sandbox-secret/chat/write", &json!({}));
    let kept = sandbox.exchanges().last().unwrap();
    assert_eq!(kept.path, "POST /v2/***/chat/write");
}

#[test]
fn rule_10_11_a_chat_that_is_off_is_not_a_session_that_is_over() {
    let mut sandbox = open(Dialect::HappytalkV1);
    let sender = json!({"sender_key": SENDER_KEY});
    let off = call(&mut sandbox, "/v1/profile/chat/deactivate", &sender);
    assert_eq!(off["code"], "200");
    let answer = call(&mut sandbox, "/v1/chat/write", &body(json!({})));
    assert_eq!(answer["code"], -508);
    call(&mut sandbox, "/v1/profile/chat/activate", &sender);
    let answer = call(&mut sandbox, "/v1/chat/write", &body(json!({})));
    assert_eq!(answer["code"], 0);
    assert_eq!(answer["createdAt"], "2026-11-16T09:00:00.000");
}

#[test]
fn rule_10_15_the_second_generation_names_the_profile_otherwise() {
    let mut sandbox = open(Dialect::HappytalkV3);
    let path = "/kakaoWebhook/v3/bzc/profile/chat/deactivate";
    let answer = call(&mut sandbox, path, &json!({"senderKey": "another"}));
    assert_eq!(answer["code"], "515");
    let answer = call(&mut sandbox, path, &json!({"senderKey": SENDER_KEY}));
    assert_eq!(answer["code"], "200");
    let sender = format!("/kakaoWebhook/v3/bzmc/sender?senderKey={SENDER_KEY}");
    let answer = get(&mut sandbox, &sender);
    assert_eq!(answer["data"]["senderKey"], SENDER_KEY);
}

#[test]
fn an_end_with_the_bot_says_which_session_only_where_it_ended_one() {
    let mut sandbox = open(Dialect::HappytalkV3);
    let path = "/kakaoWebhook/v3/bzc/chat/endWithBot";
    let who = json!({"user_key": "ann", "sender_key": SENDER_KEY, "bot_event": "home"});
    let answer = call(&mut sandbox, path, &who);
    assert_eq!(answer["code"], 0);
    assert_eq!(
        answer["session_id"],
        sandbox
            .room("ann")
            .unwrap()
            .session()
            .id()
            .unwrap()
            .as_str()
    );
    let answer = call(&mut sandbox, path, &who);
    assert_eq!(answer, json!({"code": 0}));
}

#[test]
fn an_end_names_its_session_and_without_one_there_is_none() {
    let mut sandbox = open(Dialect::HappytalkV1);
    let who = json!({"user_key": "ann", "sender_key": SENDER_KEY});
    let answer = call(&mut sandbox, "/v1/chat/end", &who);
    let session = sandbox
        .room("ann")
        .unwrap()
        .session()
        .id()
        .unwrap()
        .to_string();
    assert_eq!(answer, json!({"code": 0, "sessionId": session}));
    assert_eq!(call(&mut sandbox, "/v1/chat/end", &who)["code"], -502);
}

#[test]
fn bizgo_answers_in_two_places_and_tells_a_session_with_its_planned_end() {
    let mut sandbox = open(Dialect::Bizgo);
    let send = json!({
        "userKey": "ann", "senderKey": SENDER_KEY, "msgType": "TEXT", "message": "네", "ref": "r-1"
    });
    let answer = call(&mut sandbox, "/api/comm/v1/cstalk/plain", &send);
    assert_eq!(answer["common"]["authCode"], "A000");
    assert_eq!(answer["data"]["code"], "A000");
    assert_eq!(answer["data"]["ref"], "r-1");
    let key = answer["data"]["msgKey"].clone();
    let session = get(
        &mut sandbox,
        "/api/comm/v1/center/cstalk/session?userKey=ann",
    );
    let session = &session["data"]["data"];
    assert!(
        session["sessionId"].is_u64(),
        "an integer here, a text in events"
    );
    assert_eq!(session["expiredAt"], "2026-12-16T10:00:00.000+09:00");
    let delete = json!({"cstalk": {"senderKey": SENDER_KEY, "userKey": "ann", "msgKey": key}});
    let path = "/api/comm/v1/center/cstalk/chat/delete";
    assert_eq!(call(&mut sandbox, path, &delete)["data"]["code"], "A000");
    assert!(sandbox.room("ann").unwrap().shown().is_empty());
    assert_eq!(call(&mut sandbox, path, &delete)["data"]["code"], "A502");
    let who = json!({"userKey": "bo", "senderKey": SENDER_KEY});
    let answer = call(&mut sandbox, "/api/comm/v1/cstalk/end", &who);
    assert_eq!(answer["data"]["code"], "A821");
    let who = json!({"userKey": "ann", "senderKey": SENDER_KEY});
    let answer = call(&mut sandbox, "/api/comm/v1/cstalk/end", &who);
    assert!(
        answer["data"]["data"]["msgKey"].is_string(),
        "one level deeper"
    );
}

#[test]
fn the_centre_keeps_the_domain_the_classes_and_the_system_messages() {
    let mut sandbox = open(Dialect::HappytalkV1);
    let sender = json!({"sender_key": SENDER_KEY});
    let found = call(&mut sandbox, "/v1/center/domain/search", &sender);
    assert_eq!(
        (&found["data"], &found["isDirect"]),
        (&json!([]), &json!(false))
    );
    let update = json!({"sender_key": SENDER_KEY, "domain": "https://centre.example/kakao/x"});
    assert_eq!(
        call(&mut sandbox, "/v1/center/domain/update", &update)["code"],
        "200"
    );
    let found = call(&mut sandbox, "/v1/center/domain/search", &sender);
    assert_eq!(found["data"][0]["domain"], update["domain"]);
    let update = json!({"sender_key": SENDER_KEY, "domain": "centre.example"});
    assert_eq!(
        call(&mut sandbox, "/v1/center/domain/update", &update)["code"],
        "405"
    );
    for (code, answered) in [
        ("CATEGORY_ALL", "200"),
        ("00500050001", "200"),
        ("1", "405"),
        ("99999999999", "508"),
    ] {
        let answer = call(
            &mut sandbox,
            "/v1/center/category",
            &json!({"category_code": code}),
        );
        assert_eq!(answer["code"], answered, "{code}");
    }
    let mut sandbox = open(Dialect::HappytalkV3);
    let path = format!("/kakaoWebhook/v3/bzmc/sm?senderKey={SENDER_KEY}");
    assert_eq!(get(&mut sandbox, &path)["data"][0]["inspectStatus"], "APR");
    let answer = get(&mut sandbox, &format!("{path}&id=7"));
    assert_eq!(
        (&answer["data"], &answer["code"]),
        (&json!([]), &json!("200"))
    );
}

fn form(fields: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in fields {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
        if let Some(file) = file {
            body.extend(format!("; filename=\"{file}\"").bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

/// The head of a picture of that size, which is all that is looked at.
fn png(width: u32, height: u32, bytes: usize) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.resize(bytes.max(40), 0);
    png
}

fn upload(sandbox: &mut Sandbox, path: &str, kind: Option<(&str, &str)>, file: &[u8]) -> Value {
    let mut fields = vec![("sender_key", None, SENDER_KEY.as_bytes())];
    if let Some((name, value)) = kind {
        fields.push((name, None, value.as_bytes()));
    }
    let name = if path.contains("image") {
        "image"
    } else {
        "file"
    };
    fields.push((name, Some("a.png"), file));
    let request = request(sandbox.dialect(), path)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(form(&fields));
    let response = sandbox.answer(&request.unwrap(), now());
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn rule_10_16_a_picture_is_sent_for_what_it_was_handed_over_for() {
    let sandbox = &mut open(Dialect::HappytalkV1);
    let path = "/v1/image/upload";
    let link = Some(("image_type", "link"));
    let alone = upload(sandbox, path, None, &png(100, 100, 0));
    assert_eq!(alone["code"], "0000");
    let in_bubble = upload(sandbox, path, link, &png(720, 720, 0));
    assert_eq!(in_bubble["code"], "0000");
    let mut serial = 0;
    let mut code = |changes: Value, image: &Value| {
        serial += 1;
        let mut body = body(changes);
        body["serial_number"] = format!("s-{serial}").into();
        body["image_url"] = image["image"].clone();
        call(sandbox, "/v1/chat/write", &body)["code"].clone()
    };
    let picture = json!({"message_type": "IM", "message": null});
    assert_eq!(code(picture.clone(), &alone), 0);
    assert_eq!(code(picture, &in_bubble), -505);
    assert_eq!(code(buttons(1, json!({})), &in_bubble), 0);
    assert_eq!(code(buttons(1, json!({})), &alone), -505);
}

#[test]
fn rule_2_5_pictures_keep_to_their_size_and_shape() {
    let link = Some(("image_type", "link"));
    for (kind, file, code) in [
        (None, png(10, 4000, 5_000_000), "0000"),
        (None, png(10, 10, 5_000_001), "-505"),
        (
            None,
            b"GIF89a\x0a\0\x0a\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            "0000",
        ),
        (None, b"%PDF-1.7 and so on and on".to_vec(), "-505"),
        (Some(("image_type", "rich")), png(720, 720, 0), "-505"),
        (link, png(499, 499, 0), "-505"),
        (link, png(500, 500, 500_000), "0000"),
        (link, png(500, 500, 500_001), "-505"),
        (link, png(1000, 500, 0), "0000"),
        (link, png(1001, 500, 0), "-505"),
        (link, png(600, 800, 0), "0000"),
        (link, png(599, 800, 0), "-505"),
        (
            link,
            b"GIF89a\xd0\x02\xd0\x02\0\0\0\0\0\0\0\0\0\0".to_vec(),
            "-505",
        ),
    ] {
        let sandbox = &mut open(Dialect::HappytalkV1);
        let answer = upload(sandbox, "/v1/image/upload", kind, &file);
        assert_eq!(answer["code"], code, "{kind:?} of {} bytes", file.len());
    }
    let sandbox = &mut open(Dialect::HappytalkV3);
    let rich = Some(("image_type", "rich"));
    let path = "/kakaoWebhook/v3/bzc/image/upload";
    let answer = upload(sandbox, path, rich, &png(499, 499, 0));
    assert_eq!(answer["code"], "-505");
    let sandbox = &mut open(Dialect::Bizgo);
    let rich = Some(("imageType", "rich"));
    let path = "/api/comm/v1/file/cstalk/image";
    let answer = upload(sandbox, path, rich, &png(10, 10, 0));
    assert_eq!(answer["data"]["code"], "A000", "of any shape");
}

#[test]
fn rule_2_5_a_file_is_known_by_its_name_and_size() {
    let sandbox = &mut open(Dialect::HappytalkV1);
    let file = upload(sandbox, "/v1/file/upload", None, &[7; 1234]);
    assert_eq!(
        (&file["code"], &file["size"]),
        (&json!("0000"), &json!(1234))
    );
    let send = json!({"message_type": "FI", "message": null, "file_url": file["file"],
        "file_name": file["name"], "file_size": file["size"]});
    assert_eq!(call(sandbox, "/v1/chat/write", &body(send))["code"], 0);
    let nameless = json!({"message_type": "FI", "message": null, "file_url": file["file"], "serial_number": "s-2"});
    assert_eq!(
        call(sandbox, "/v1/chat/write", &body(nameless))["code"],
        -510
    );
    let too_large = upload(sandbox, "/v1/file/upload", None, &vec![7; 20_000_001]);
    assert_eq!(too_large["code"], "-505");
    let sandbox = &mut open(Dialect::Bizgo);
    let answer = upload(sandbox, "/api/comm/v1/file/cstalk", None, &[7; 10]);
    assert_eq!(answer["data"]["data"]["size"], "10", "a text here");
}

#[test]
fn nothing_that_anybody_said_shows() {
    let mut sandbox = open(Dialect::HappytalkV1);
    call(
        &mut sandbox,
        "/v1/chat/write",
        &body(buttons(1, json!({"extra": "order_17"}))),
    );
    let event = sandbox.poll_event().unwrap();
    let room = sandbox.room("ann").unwrap();
    let exchange = sandbox.exchanges().last().unwrap();
    let shown = format!(
        "{sandbox:?} {event:?} {room:?} {:?} {exchange:?} {:?}",
        room.shown(),
        UserAct::write("문의")
    );
    for hidden in ["ann", "문의", "네", "교환", "order_17", "sandbox-secret"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}
