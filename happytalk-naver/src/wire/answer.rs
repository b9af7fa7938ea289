//! What the platform answers to a request: always status 200, and how it went in the body.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "보내기 API", "오류 명세" (read 2026-11-21)

use happytalk_core::json;
use serde::Deserialize;

use super::lenient::{Object, Scalar};
use crate::error::Error;
use crate::message::ImageId;
use crate::refusal::Refusal;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer<'a> {
    /// Observed: a text in some traffic.
    #[serde(borrow)]
    success: Scalar<'a>,
    #[serde(borrow)]
    result_code: Scalar<'a>,
    #[serde(borrow)]
    result_message: Scalar<'a>,
    /// Of an image upload alone.
    #[serde(borrow)]
    image_id: Scalar<'a>,
}

/// Takes the answer to an image upload for what it says.
///
/// # Errors
/// As [`read`], and [`Error::NoImageId`] and [`Error::BadImageId`].
pub(crate) fn read_image(response: &http::Response<Vec<u8>>) -> Result<ImageId, Error> {
    let id = taken(response)?.image_id.owned().ok_or(Error::NoImageId)?;
    ImageId::try_from(id)
}

/// Takes an answer for what it says.
///
/// # Errors
/// [`Error::RateLimited`], [`Error::BadStatus`], [`Error::BadAnswer`], [`Error::NoVerdict`] and [`Error::Refused`].
pub(crate) fn read(response: &http::Response<Vec<u8>>) -> Result<(), Error> {
    taken(response).map(drop)
}

fn taken(response: &http::Response<Vec<u8>>) -> Result<Answer<'_>, Error> {
    match response.status() {
        http::StatusCode::OK => {}
        http::StatusCode::TOO_MANY_REQUESTS => return Err(Error::RateLimited),
        status => {
            return Err(Error::BadStatus {
                status: status.as_u16(),
            });
        }
    }
    let Object(answer) = json::from_slice::<Object<Answer<'_>>>(response.body())
        .map_err(|fault| Error::BadAnswer { fault })?;
    let is_silent = answer.success.0.is_none();
    if answer.success.is_true() || (is_silent && answer.result_code.is("00")) {
        return Ok(answer);
    }
    match answer.result_code.filled() {
        None if !answer.success.is("false") => Err(Error::NoVerdict),
        code => Err(Error::Refused {
            refusal: Refusal::read(
                &code.unwrap_or_default(),
                &answer.result_message.0.unwrap_or_default(),
            ),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<&'static str> {
        let response = http::Response::new(body.as_bytes().to_vec());
        read(&response).err().map(|error| error.code())
    }

    #[test]
    fn success_may_be_a_yes_or_a_text() {
        assert_eq!(code(r#"{"success":true,"resultCode":"00"}"#), None);
        assert_eq!(code(r#"{"success":true}"#), None);
        assert_eq!(code(r#"{"success":"true","resultCode":"00"}"#), None);
        assert_eq!(code(r#"{"resultCode":"00","more":[1]}"#), None);
        for no in ["false", "\"false\""] {
            let body = format!(
                r#"{{"success":{no},"resultCode":"01","resultMessage":"Authorization 정보 오류"}}"#
            );
            assert_eq!(code(&body), Some("naver.bad_key"));
        }
    }

    #[test]
    fn a_no_without_a_code_is_a_refusal_and_an_answer_without_either_is_no_verdict() {
        assert_eq!(code(r#"{"success":false}"#), Some("naver.unknown_code"));
        assert_eq!(code(r#"{"success":null}"#), Some("naver.no_verdict"));
        assert_eq!(code("{}"), Some("naver.no_verdict"));
        assert_eq!(code("[]"), Some("naver.bad_answer"));
        assert_eq!(code("<html>"), Some("naver.bad_answer"));
    }

    #[test]
    fn a_status_other_than_200_is_not_what_the_platform_answers() {
        let mut response = http::Response::new(br#"{"success":true}"#.to_vec());
        *response.status_mut() = http::StatusCode::BAD_GATEWAY;
        assert_eq!(read(&response).unwrap_err().code(), "naver.bad_status");
        *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(read(&response).unwrap_err().code(), "naver.rate_limited");
    }

    #[test]
    fn an_upload_is_answered_with_an_id_or_a_refusal() {
        let read = |body: &str| {
            let id = read_image(&http::Response::new(body.as_bytes().to_vec()));
            id.map(|id| id.as_str().to_owned())
                .map_err(|error| error.code())
        };
        let id = r#"{"success":true,"resultCode":"00","imageId":"nid-1/a"}"#;
        assert_eq!(read(id), Ok("nid-1/a".to_owned()));
        assert_eq!(read(r#"{"success":true}"#), Err("naver.no_image_id"));
        assert_eq!(
            read(r#"{"success":false,"resultCode":"IMG-03"}"#),
            Err("naver.image_too_large")
        );
    }
}
