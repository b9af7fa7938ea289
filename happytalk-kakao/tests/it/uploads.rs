//! Files handed over: what goes out, what is refused before, and what the platform says then.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use happytalk_core::channel::Media;
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::transport::{Body, TransportError, TransportErrorKind};
use happytalk_core::{Channel, HttpTransport, Retry, Timestamp};
use happytalk_kakao::{Dialect, Error, ImageFault, ImageUse, Kakao, UploadKind, Uploaded};

use crate::dialects::config;
use crate::fixture::{self, SENDER_KEY};

const IMAGE_DONE: &str = r#"{"code":"0000","image":"https://mud-kage.kakao.com/a.png"}"#;
const FILE_DONE: &str =
    r#"{"code":"0000","file":"https://mud-kage.kakao.com/a.pdf","name":"a.pdf","size":17}"#;

const ALONE: UploadKind = UploadKind::Image(ImageUse::Alone);
const IN_BUBBLE: UploadKind = UploadKind::Image(ImageUse::InBubble);

/// The beginning of a PNG of that shape, as much as tells it, filled up to `bytes`.
fn png(width: u32, height: u32, bytes: usize) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0]);
    png.resize(bytes.max(png.len()), 0);
    png
}

fn gif() -> Vec<u8> {
    let mut gif = b"GIF89a\x58\x02\x58\x02\0\0\0".to_vec();
    gif.resize(64, 0);
    gif
}

fn media(name: &str, body: Body) -> Media {
    let account = SENDER_KEY.parse().unwrap();
    Media::new(account, name.to_owned(), "image/png".to_owned(), body)
}

fn kakao(dialect: Dialect, transport: &Arc<ScriptedTransport>) -> Kakao {
    fixture::kakao_with(config(dialect), transport)
}

/// What became of it, and the body that went out.
fn handed_over(
    dialect: Dialect,
    kind: UploadKind,
    bytes: Vec<u8>,
    answer: &str,
) -> (Result<Uploaded, Error>, Option<String>) {
    let transport = Arc::new(ScriptedTransport::answering(&[answer]));
    let media = media("사진.png", Body::from(bytes));
    let result = poll_once(kakao(dialect, &transport).upload_as(media, kind)).unwrap();
    let seen = transport.seen();
    let body = seen.first().map(|seen| {
        let boundary = seen.headers["content-type"].to_str().unwrap();
        let boundary = boundary.strip_prefix("multipart/form-data; boundary=");
        let body = String::from_utf8_lossy(&seen.body).into_owned();
        body.replace(boundary.unwrap(), "BOUNDARY")
    });
    (result, body)
}

fn fault(dialect: Dialect, kind: UploadKind, bytes: Vec<u8>) -> Option<ImageFault> {
    match handed_over(dialect, kind, bytes, IMAGE_DONE) {
        (Ok(_), Some(_)) => None,
        (Err(Error::ImageRefused { fault }), None) => Some(fault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_form_has_the_profile_the_use_and_the_file_last() {
    let (result, body) = handed_over(
        Dialect::HappytalkV1,
        IN_BUBBLE,
        png(720, 720, 0),
        IMAGE_DONE,
    );
    assert_eq!(result.unwrap().url, "https://mud-kage.kakao.com/a.png");
    let expected_head = format!(
        "--BOUNDARY\r\nContent-Disposition: form-data; name=\"sender_key\"\r\n\r\n{SENDER_KEY}\r\n\
         --BOUNDARY\r\nContent-Disposition: form-data; name=\"image_type\"\r\n\r\nlink\r\n\
         --BOUNDARY\r\nContent-Disposition: form-data; name=\"image\"; filename=\"사진.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let body = body.unwrap();
    assert!(body.starts_with(&expected_head), "{body}");
    assert!(body.ends_with("\r\n--BOUNDARY--\r\n"), "{body}");
}

#[test]
fn each_dialect_has_its_own_names_for_what_is_handed_over() {
    let fields = |dialect, kind, answer| {
        let bytes = match kind {
            UploadKind::Image(_) => png(720, 720, 0),
            _ => b"%PDF-1.7 a short file".to_vec(),
        };
        let (result, body) = handed_over(dialect, kind, bytes, answer);
        result.unwrap();
        let body = body.unwrap();
        let lines = body.lines().collect::<Vec<_>>();
        let mut fields = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            if let Some(rest) = line.strip_prefix("Content-Disposition: form-data; name=\"") {
                let name = rest.split('"').next().unwrap();
                let value = if rest.contains("filename") {
                    "…"
                } else {
                    lines[index + 2]
                };
                fields.push(format!("{name}={value}"));
            }
        }
        fields.retain(|field| !field.contains(SENDER_KEY));
        fields.join(" ")
    };
    let bizgo_image = r#"{"common":{"authCode":"A000"},"data":{"code":"A000","data":{"imgUrl":"https://mud-kage.kakao.com/a.png"}}}"#;
    let bizgo_file = r#"{"common":{"authCode":"A000"},"data":{"code":"A000","data":{"fileUrl":"https://mud-kage.kakao.com/a.pdf","fileName":"a.pdf","size":"17"}}}"#;
    for (dialect, kind, answer, expected) in [
        (Dialect::HappytalkV1, ALONE, IMAGE_DONE, "image=…"),
        (Dialect::HappytalkV1, UploadKind::Audio, FILE_DONE, "file=…"),
        (
            Dialect::HappytalkV3,
            IN_BUBBLE,
            IMAGE_DONE,
            "image_type=rich image=…",
        ),
        (
            Dialect::HappytalkV3,
            UploadKind::File,
            FILE_DONE,
            "file_type=file file=…",
        ),
        (
            Dialect::HappytalkV3,
            UploadKind::Audio,
            FILE_DONE,
            "file_type=audio file=…",
        ),
        (
            Dialect::HappytalkV3,
            UploadKind::Video,
            FILE_DONE,
            "file_type=video file=…",
        ),
        (
            Dialect::Bizgo,
            IN_BUBBLE,
            bizgo_image,
            "imageType=rich image=…",
        ),
        (Dialect::Bizgo, UploadKind::Video, bizgo_file, "file=…"),
        (
            Dialect::Hub,
            IN_BUBBLE,
            IMAGE_DONE,
            "image_type=link image=…",
        ),
    ] {
        assert_eq!(
            fields(dialect, kind, answer),
            expected,
            "{dialect} {kind:?}"
        );
    }
    let bytes = b"a file".to_vec();
    let (held, _) = handed_over(Dialect::Bizgo, UploadKind::File, bytes, bizgo_file);
    let held = held.unwrap();
    assert_eq!((held.name.as_deref(), held.size), (Some("a.pdf"), Some(17)));
}

#[test]
fn the_bytes_of_a_picture_say_what_it_is_and_not_its_name() {
    let v1 = |kind, bytes| fault(Dialect::HappytalkV1, kind, bytes);
    assert_eq!(v1(ALONE, png(1, 1, 0)), None);
    assert_eq!(v1(ALONE, gif()), None);
    assert_eq!(v1(IN_BUBBLE, gif()), Some(ImageFault::Format));
    for bytes in [
        b"%PDF-1.7 and not a picture".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"short".to_vec(),
        b"\xFF\xD8".to_vec(),
    ] {
        assert_eq!(v1(ALONE, bytes), Some(ImageFault::Format));
    }
    // A picture that ends before it says how large it is.
    assert_eq!(
        v1(
            IN_BUBBLE,
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01".to_vec()
        ),
        Some(ImageFault::Format)
    );
}

#[test]
fn a_picture_of_a_bubble_keeps_its_shape_but_not_at_bizgo() {
    for dialect in [Dialect::HappytalkV1, Dialect::HappytalkV3, Dialect::Hub] {
        let of = |width, height| fault(dialect, IN_BUBBLE, png(width, height, 0));
        assert_eq!(of(500, 500), None);
        assert_eq!(of(499, 499), Some(ImageFault::TooNarrow));
        assert_eq!(of(1001, 500), Some(ImageFault::Shape));
        assert_eq!(of(500, 667), Some(ImageFault::Shape));
        assert_eq!(fault(dialect, ALONE, png(1001, 500, 0)), None);
    }
}

#[test]
fn what_is_too_large_or_empty_is_refused_before_anything_is_sent() {
    let of = |dialect, kind, bytes: usize| {
        let bytes = match kind {
            UploadKind::Image(_) => png(720, 720, bytes),
            _ => vec![b'a'; bytes],
        };
        let answer = match kind {
            UploadKind::Image(_) => IMAGE_DONE,
            _ => FILE_DONE,
        };
        match handed_over(dialect, kind, bytes, answer) {
            (Ok(_), Some(_)) => "fine",
            (Err(error), None) => error.code(),
            other => panic!("{other:?}"),
        }
    };
    for (kind, max) in [
        (IN_BUBBLE, 500_000),
        (ALONE, 5_000_000),
        (UploadKind::Audio, 10_000_000),
    ] {
        assert_eq!(of(Dialect::HappytalkV3, kind, max), "fine", "{kind:?}");
        assert_eq!(
            of(Dialect::HappytalkV3, kind, max + 1),
            "kakao.over_limit",
            "{kind:?}"
        );
    }
    assert_eq!(
        of(Dialect::HappytalkV1, UploadKind::File, 20_000_001),
        "kakao.over_limit"
    );
    assert_eq!(
        of(Dialect::HappytalkV3, UploadKind::File, 20_000_001),
        "fine"
    );
    assert_eq!(
        of(Dialect::HappytalkV1, UploadKind::File, 0),
        "kakao.incomplete"
    );

    let transport = Arc::new(ScriptedTransport::default());
    let own = config(Dialect::Bizgo).with_file_bytes_max(10);
    let kakao = fixture::kakao_with(own, &transport);
    let large = media("a.pdf", Body::from(vec![b'a'; 11]));
    let error = poll_once(kakao.upload_as(large, UploadKind::File)).unwrap();
    assert_eq!(
        error.unwrap_err().to_string(),
        "part is over its limit. part=`file bytes` max=`10`"
    );
    for name in [String::new(), "a".repeat(1001)] {
        let body = Body::from(b"a".to_vec());
        let error = poll_once(kakao.upload_as(media(&name, body), UploadKind::File)).unwrap();
        assert!(error.is_err());
    }
    let account = "another".parse().unwrap();
    let foreign = Media::new(account, "a".to_owned(), String::new(), Body::from(vec![1]));
    let error = poll_once(kakao.upload_as(foreign, UploadKind::File)).unwrap();
    assert_eq!(error.unwrap_err().code(), "kakao.wrong_account");
    assert!(transport.seen().is_empty());
}

#[test]
fn the_channel_hands_over_by_the_media_type() {
    let transport = Arc::new(ScriptedTransport::answering(&[IMAGE_DONE, FILE_DONE]));
    let kakao = kakao(Dialect::HappytalkV3, &transport);
    let account = || SENDER_KEY.parse().unwrap();
    let body = || Body::from(png(1, 1, 0));
    let picture = Media::new(
        account(),
        "a.png".to_owned(),
        "image/png".to_owned(),
        body(),
    );
    let held = poll_once(kakao.upload(picture, Timestamp::EPOCH)).unwrap();
    assert_eq!(held.unwrap().url, "https://mud-kage.kakao.com/a.png");
    let file = Media::new(
        account(),
        "a.pdf".to_owned(),
        "application/pdf".to_owned(),
        body(),
    );
    let held = poll_once(kakao.upload(file, Timestamp::EPOCH)).unwrap();
    assert_eq!(held.unwrap().url, "https://mud-kage.kakao.com/a.pdf");
    let paths: Vec<_> = transport
        .seen()
        .iter()
        .map(|seen| seen.uri.path().to_owned())
        .collect();
    assert_eq!(
        paths,
        [
            "/kakaoWebhook/v3/bzc/image/upload",
            "/kakaoWebhook/v3/bzc/file/upload"
        ]
    );
}

#[test]
fn a_refusal_and_an_answer_without_an_address_are_told() {
    let bytes = || png(1, 1, 0);
    let code = |answer| {
        handed_over(Dialect::HappytalkV3, ALONE, bytes(), answer)
            .0
            .unwrap_err()
    };
    let error = code(r#"{"code":"-505","message":"InvalidImageSizeException"}"#);
    assert_eq!(
        (error.code(), error.retry()),
        ("kakao.invalid_image", Retry::Never)
    );
    assert_eq!(code(r#"{"code":"600"}"#).code(), "kakao.upload_failed");
    assert_eq!(code(r#"{"code":"0000"}"#).code(), "kakao.bad_reply");
    assert_eq!(code(r#"{"code":0}"#).code(), "kakao.unlisted_code");
}

/// Pieces, and how many were asked for.
struct Pieces {
    pieces: VecDeque<io::Result<Bytes>>,
    asked: Arc<Mutex<usize>>,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        *self.asked.lock().unwrap() += 1;
        Poll::Ready(self.pieces.pop_front())
    }
}

fn streamed(bytes: u64, pieces: Vec<io::Result<Bytes>>) -> (Body, Arc<Mutex<usize>>) {
    let asked = Arc::new(Mutex::new(0));
    let pieces = Pieces {
        pieces: pieces.into(),
        asked: Arc::clone(&asked),
    };
    let pieces = Box::pin(pieces);
    (Body::Stream { bytes, pieces }, asked)
}

/// How long a body was said to be, and what it was.
type Taken = (u64, Vec<u8>);

/// Takes a stream to its end.
#[derive(Debug, Default)]
struct Taking {
    taken: Mutex<Option<Taken>>,
}

#[async_trait]
impl HttpTransport for Taking {
    async fn call(
        &self,
        request: http::Request<Body>,
        _: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let Body::Stream { bytes, mut pieces } = request.into_body() else {
            panic!("it is streamed");
        };
        let mut taken = Vec::new();
        while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
            let piece = piece.map_err(|_| TransportError::new(TransportErrorKind::Other))?;
            taken.extend_from_slice(&piece);
        }
        *self.taken.lock().unwrap() = Some((bytes, taken));
        Ok(http::Response::new(
            FILE_DONE.replace("file\"", "image\"").into_bytes(),
        ))
    }
}

fn stream_over(kind: UploadKind, body: Body) -> (Result<Uploaded, Error>, Option<Taken>) {
    let taking = Arc::new(Taking::default());
    let kakao = Kakao::new(config(Dialect::HappytalkV3), Arc::clone(&taking) as _).unwrap();
    let result = poll_once(kakao.upload_as(media("a.png", body), kind)).unwrap();
    let taken = taking.taken.lock().unwrap().take();
    (result, taken)
}

#[test]
fn a_stream_is_looked_at_only_as_far_as_it_must_be_and_goes_out_whole() {
    let whole = png(720, 720, 4000);
    let pieces: Vec<_> = whole
        .chunks(10)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let count = pieces.len();
    let (body, asked) = streamed(4000, pieces);
    let (result, taken) = stream_over(IN_BUBBLE, body);
    result.unwrap();
    let (bytes, taken) = taken.unwrap();
    assert_eq!(
        u64::try_from(taken.len()).unwrap(),
        bytes,
        "as long as it was said to be"
    );
    assert!(
        taken.windows(4000).any(|window| window == whole),
        "nothing is lost and in order"
    );
    assert_eq!(
        *asked.lock().unwrap(),
        count + 1,
        "each piece was asked for once"
    );

    let wrong = png(100, 100, 4000);
    let pieces = wrong
        .chunks(10)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let (body, asked) = streamed(4000, pieces);
    let (result, taken) = stream_over(IN_BUBBLE, body);
    assert_eq!(result.unwrap_err().code(), "kakao.image_refused");
    assert!(taken.is_none(), "nothing was sent");
    assert!(*asked.lock().unwrap() < 8, "and little of it was read");
}

#[test]
fn a_stream_that_is_not_as_long_as_was_said_never_ends_well() {
    let piece = |length: usize| Ok(Bytes::from(vec![b'a'; length]));
    for (bytes, pieces) in [(30, vec![piece(20)]), (30, vec![piece(20), piece(20)])] {
        let (body, _) = streamed(bytes, pieces);
        let (result, taken) = stream_over(UploadKind::File, body);
        let error = result.unwrap_err();
        assert_eq!(
            (error.code(), error.retry()),
            ("transport.other", Retry::Unknown)
        );
        assert!(taken.is_none());
    }
    let broken = || Err(io::Error::other("disk"));
    let (body, _) = streamed(30, vec![piece(20), broken()]);
    assert!(stream_over(UploadKind::File, body).0.is_err());

    // Where its beginning cannot be read, nothing is sent at all.
    let (body, _) = streamed(30, vec![broken()]);
    let (result, taken) = stream_over(ALONE, body);
    assert_eq!(result.unwrap_err().code(), "kakao.media_unreadable");
    assert!(taken.is_none());
}
