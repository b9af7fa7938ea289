//! What the centre answers, and what is refused before it is asked.

use std::future::Future;
use std::sync::Arc;

use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::{Retry, Timestamp};
use happytalk_kakao::{
    CentreCall, ConsultDay, ConsultTime, Dialect, Error, Kakao, NewSender, ProfileStatus,
    encode_call,
};

use crate::dialects::config;
use crate::fixture::{self, USER_KEY};

fn asked<'a, T, F: Future<Output = Result<T, Error>> + 'a>(
    kakao: &'a Kakao,
    ask: impl FnOnce(&'a Kakao) -> F,
) -> Result<T, Error> {
    poll_once(ask(kakao)).expect("the transport is always ready")
}

fn answering(dialect: Dialect, answer: &str) -> Kakao {
    let transport = Arc::new(ScriptedTransport::answering(&[answer]));
    fixture::kakao_with(config(dialect), &transport)
}

fn bizgo(data: &str) -> String {
    format!(r#"{{"common":{{"authCode":"A000"}},"data":{{"code":"A000","data":{data}}}}}"#)
}

#[test]
fn a_profile_is_read_whichever_way_its_fields_are_written() {
    let body = r#"{"code":"200","data":{"senderKey":"0c1f","uuid":"@shop","name":"가게","status":"A","block":false,
        "dormant":"false","profileStatus":"A","createdAt":"2026-11-01 09:00:00","modifiedAt":"",
        "categoryCode":"00100010001","bizchat":true,"commitalCompanyName":"상담회사","businessType":"BUSINESS",
        "channelKey":"_abc","profileSpamLevel":"정상"}}"#;
    for dialect in [Dialect::HappytalkV1, Dialect::HappytalkV3] {
        let kakao = answering(dialect, body);
        let sender = asked(&kakao, Kakao::sender).unwrap();
        assert_eq!(sender.sender_key.unwrap().as_str(), "0c1f");
        assert_eq!(sender.channel_id.as_deref(), Some("@shop"));
        assert_eq!(sender.profile_status, Some(ProfileStatus::Activated));
        assert_eq!(
            (sender.blocked, sender.dormant, sender.consult),
            (Some(false), Some(false), Some(true))
        );
        assert_eq!(sender.company.as_deref(), Some("상담회사"), "one t");
        assert_eq!(sender.created_at.as_deref(), Some("2026-11-01 09:00:00"));
        assert_eq!(sender.modified_at, None, "an empty date is none");
    }
    let two = body
        .replace("commital", "committal")
        .replace("2026-11-01 09:00:00", "0000-00-00 00:00:00");
    let sender = asked(&answering(Dialect::HappytalkV1, &two), Kakao::sender).unwrap();
    assert_eq!(sender.company.as_deref(), Some("상담회사"), "two ts");
    assert_eq!(sender.created_at, None, "a date of zeros is none");
}

#[test]
fn domains_are_a_list_and_say_whether_the_line_is_leased() {
    let body = r#"{"code":"200","data":[{"domain":"https://chat.example.com/k/9f2c7b","createdAt":"2026-11-01 09:00:00","modifiedAt":null}],"isDirect":false}"#;
    let found = asked(
        &answering(Dialect::HappytalkV1, body),
        Kakao::receive_domains,
    )
    .unwrap();
    assert_eq!(found.domains[0].domain, "https://chat.example.com/k/9f2c7b");
    assert_eq!(found.direct, Some(false));
    assert!(
        !format!("{found:?}").contains("9f2c7b"),
        "its path is what keeps others out"
    );
    let none = asked(
        &answering(Dialect::HappytalkV1, r#"{"code":"200"}"#),
        Kakao::receive_domains,
    );
    assert_eq!(none.unwrap().domains, []);
}

#[test]
fn a_category_has_three_names_in_one() {
    let body = r#"{"code":"200","data":[{"code":"00100010001","name":"건강,병원,종합병원"}]}"#;
    let kakao = answering(Dialect::HappytalkV1, body);
    let found = asked(&kakao, |kakao| kakao.categories(None)).unwrap();
    let levels: Vec<_> = found[0].levels().collect();
    assert_eq!(levels, ["건강", "병원", "종합병원"]);
}

#[test]
fn system_messages_say_whether_they_may_be_shown_and_an_unknown_id_gives_none() {
    let body = r#"{"code":"200","data":[{"id":17,"name":"부재","status":"A","createdAt":"2026-11-01 09:00:00","modifiedAt":"",
        "inspectStatus":"APR","messages":[{"messageType":"S2","content":"자리에 없습니다","buttons":[]}],
        "comments":[{"id":1,"content":"확인했습니다","userName":"검수자","createdAt":"2026-11-02 09:00:00","status":"APR"}]},
        {"id":"18","inspectStatus":"REJ","messages":[],"comments":null}]}"#;
    let kakao = answering(Dialect::HappytalkV3, body);
    let found = asked(&kakao, |kakao| kakao.system_messages(None)).unwrap();
    assert_eq!((found[0].id.as_str(), found[1].id.as_str()), ("17", "18"));
    assert!(found[0].is_approved() && !found[1].is_approved());
    assert_eq!(found[0].messages[0].occasion, "S2");
    assert_eq!(found[0].comments[0].content.as_str(), "확인했습니다");
    let kakao = answering(Dialect::HappytalkV3, r#"{"code":"200","data":[]}"#);
    assert_eq!(
        asked(&kakao, |kakao| kakao.system_messages(Some("99"))).unwrap(),
        []
    );
}

#[test]
fn a_session_says_until_when_it_is_open() {
    let body = bizgo(
        r#"{"sessionId":4611686018427388904,"senderKey":"0c1f","startedType":"UM","startedAt":"2026-11-21T10:00:00.000+09:00","expiredType":"AE","expiredAt":"2026-12-21T11:00:00.000+09:00"}"#,
    );
    let customer = USER_KEY.parse().unwrap();
    let kakao = answering(Dialect::Bizgo, &body);
    let session = asked(&kakao, |kakao| kakao.session(&customer)).unwrap();
    assert_eq!(
        session.id.as_str(),
        "4611686018427388904",
        "as the events write it"
    );
    let end = session.expires_at.unwrap();
    let started = session.started_at.unwrap();
    assert_eq!(end.since(started).as_secs(), (30 * 24 + 1) * 3600);
    assert!(session.is_open(Timestamp::from_millis(end.as_millis() - 1)));
    assert!(!session.is_open(end));
    let none = r#"{"common":{"authCode":"A000"},"data":{"code":"A820"}}"#;
    let kakao = answering(Dialect::Bizgo, none);
    let error = asked(&kakao, |kakao| kakao.session(&customer)).unwrap_err();
    assert_eq!(
        (error.code(), error.retry()),
        ("kakao.not_found", Retry::Never)
    );
}

#[test]
fn the_hours_of_the_home_page_are_read_and_changed() {
    let body = bizgo(r#"{"weekTimeTable":[{"day":"mon","startAt":"0900","endAt":"1800"}]}"#);
    let kakao = answering(Dialect::Bizgo, &body);
    let found = asked(&kakao, Kakao::consult_times).unwrap();
    assert_eq!(found, [ConsultTime::new(ConsultDay::Mon, "0900", "1800")]);
    let kakao = answering(Dialect::Bizgo, &bizgo("{}"));
    asked(&kakao, |kakao| kakao.set_consult_times(found)).unwrap();
}

#[test]
fn a_message_that_cannot_be_taken_back_says_so() {
    let (customer, message) = (USER_KEY.parse().unwrap(), "k-17".parse().unwrap());
    let late = r#"{"common":{"authCode":"A000"},"data":{"code":"A822"}}"#;
    let kakao = answering(Dialect::Bizgo, late);
    let error = asked(&kakao, |kakao| kakao.delete_message(&customer, &message)).unwrap_err();
    assert_eq!(error.code(), "kakao.wrong_state");
}

#[test]
fn what_the_bot_said_before_is_told_as_it_came_with_or_without_a_code() {
    let customer = USER_KEY.parse().unwrap();
    for body in [
        r#"{"chatbot_messages":[{"a":1},"words"]}"#,
        r#"{"code":0,"chatbot_messages":[{"a":1},"words"]}"#,
    ] {
        let kakao = answering(Dialect::Hub, body);
        let found = asked(&kakao, |kakao| kakao.bot_history(&customer)).unwrap();
        let found: Vec<_> = found.iter().map(|one| one.as_str()).collect();
        assert_eq!(found, [r#"{"a":1}"#, "words"]);
    }
    let kakao = answering(Dialect::Hub, r#"{"code":-507}"#);
    let error = asked(&kakao, |kakao| kakao.bot_history(&customer)).unwrap_err();
    assert_eq!(error.code(), "kakao.invalid_hub_partner");
    let kakao = answering(Dialect::Hub, "{}");
    let error = asked(&kakao, |kakao| kakao.bot_history(&customer)).unwrap_err();
    assert_eq!(error.code(), "kakao.bad_reply");
}

#[test]
fn an_order_is_done_or_refused_by_the_centres_own_codes() {
    let done = answering(Dialect::HappytalkV1, r#"{"code":"200"}"#);
    asked(&done, Kakao::activate_chat).unwrap();
    let unknown = answering(Dialect::HappytalkV3, r#"{"code":"515","message":"x"}"#);
    let error = asked(&unknown, Kakao::deactivate_chat).unwrap_err();
    assert_eq!(error.code(), "kakao.invalid_sender");
    let taken = answering(Dialect::HappytalkV1, r#"{"code":"4060"}"#);
    let sender = NewSender::new(
        "731204".to_owned(),
        "@shop".to_owned(),
        "01012345678".to_owned(),
        "00100010001".to_owned(),
        "상담회사".to_owned(),
    );
    let error = asked(&taken, |kakao| kakao.create_sender(sender)).unwrap_err();
    assert_eq!(error.code(), "kakao.profile_taken");
    let done = answering(Dialect::HappytalkV1, r#"{"code":"200"}"#);
    asked(&done, |kakao| {
        kakao.request_sender_token("@shop", "010-1234-5678")
    })
    .unwrap();
    let done = answering(Dialect::HappytalkV1, r#"{"code":"200"}"#);
    asked(&done, |kakao| {
        kakao.set_receive_domain("https://chat.example.com/k/9f")
    })
    .unwrap();
    for order in ["activate", "deactivate"] {
        let done = answering(Dialect::Bizgo, &bizgo("{}"));
        let result = match order {
            "activate" => asked(&done, |kakao| kakao.activate_sender("상담회사")),
            _ => asked(&done, |kakao| kakao.deactivate_sender("상담회사")),
        };
        result.unwrap();
    }
}

#[test]
fn what_the_centre_could_not_take_is_refused_before_it_is_asked() {
    let refused = |call: &CentreCall| {
        let error = encode_call(call, &config(Dialect::HappytalkV1)).unwrap_err();
        assert_eq!(error.retry(), Retry::Never);
        error.to_string()
    };
    let token = |channel_id: &str, phone: &str| CentreCall::SenderToken {
        channel_id: channel_id.to_owned(),
        phone: phone.to_owned(),
    };
    assert!(refused(&token("shop", "01012345678")).contains("channel id with its @"));
    assert!(refused(&token("@", "01012345678")).contains("channel id with its @"));
    assert!(refused(&token("@shop", "call me")).contains("phone number"));
    assert!(refused(&token("@shop", "123")).contains("phone number"));
    let category = |code: &str| CentreCall::Categories {
        code: Some(code.to_owned()),
    };
    assert!(refused(&category("001")).contains("category code"));
    let domain = |domain: &str| CentreCall::SetReceiveDomain {
        domain: domain.to_owned(),
    };
    for bad in [
        "",
        "chat.example.com",
        "ftp://chat.example.com",
        "https://a b",
    ] {
        assert!(refused(&domain(bad)).contains("receive domain"), "{bad}");
    }
    let times = |days: Vec<ConsultTime>| CentreCall::SetConsultTimes { days };
    let monday = |start: &str, end: &str| ConsultTime::new(ConsultDay::Mon, start, end);
    for bad in [
        vec![],
        vec![monday("1800", "0900")],
        vec![monday("0900", "0900")],
        vec![monday("9:00", "1800")],
        vec![monday("0900", "1200"), monday("1300", "1800")],
    ] {
        assert!(refused(&times(bad)).contains("consult time"));
    }
}
