//! Requests and their answers: always status 200, and how it went in the body.

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use super::tree::at;
use super::{AUTHORIZATION, PictureFault, Sandbox};
use crate::wire::event::{JSON, PATH};
use crate::wire::image_upload;

/// Why the platform does not do something: its code and its text.
pub(super) struct Denied(pub(super) &'static str, pub(super) String);

impl Denied {
    pub(super) fn new(code: &'static str, text: &str) -> Self {
        Self(code, text.to_owned())
    }

    pub(super) fn malformed() -> Self {
        Self::new("02", "request json 문자열 파싱 에러")
    }

    pub(super) fn busy() -> Self {
        Self::new("01", "현재 이 사용자에게 메시지를 보낼 수 없음")
    }
}

/// What a gateway answers in the platform's place.
pub(super) fn status(status: u16) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    // In range: these are numbers of ours.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// A refusal.
pub(super) fn refused(code: &str, message: &str) -> Response<Vec<u8>> {
    json_response(&json!({"success": false, "resultCode": code, "resultMessage": message}))
}

fn json_response(body: &Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

impl Sandbox {
    pub(super) fn answered(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        if request.method() != Method::POST {
            return status(405);
        }
        let path = request.uri().path();
        let is_upload = path == image_upload::PATH;
        if !is_upload && path != PATH {
            return status(404);
        }
        let key = request.headers().get(header::AUTHORIZATION);
        let done = if key == Some(&HeaderValue::from_static(AUTHORIZATION)) {
            match serde_json::from_slice::<Value>(request.body()) {
                Ok(body) if is_upload => self.uploaded(&body).map(Some),
                Ok(body) => self.performed(&body).map(|()| None),
                Err(_) => Err(Denied::malformed()),
            }
        } else {
            Err(Denied::new("01", "Authorization 정보 오류"))
        };
        match done {
            Ok(None) => json_response(&json!({"success": true, "resultCode": "00"})),
            Ok(Some(id)) => {
                json_response(&json!({"success": true, "resultCode": "00", "imageId": id}))
            }
            Err(Denied(code, text)) => refused(code, &text),
        }
    }

    fn uploaded(&mut self, body: &Value) -> Result<String, Denied> {
        let url = at(body, "imageUrl")
            .as_str()
            .ok_or_else(Denied::malformed)?;
        if let Some(fault) = self.broken_pictures.get(url) {
            return Err(match fault {
                PictureFault::Unusable => Denied::new("IMG-01", "이미지 형식 오류"),
                PictureFault::Slow => Denied::new("IMG-02", "이미지 다운로드 시간 초과"),
                PictureFault::TooLarge => Denied::new("IMG-03", "이미지 용량 초과"),
            });
        }
        let url = url.into();
        let id = format!("sandbox-image-{}", self.next());
        self.pictures.insert(id.as_str().into(), url);
        Ok(id)
    }
}
