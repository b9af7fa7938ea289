//! What the platform answers.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/reference_docs/api_code_dict> (read
//! 2026-11-21). `code` is a number in some samples and text in others, of one and the same value.

use std::time::Duration;

use serde::Deserialize;

use super::call::Endpoint;
use super::lenient::Token;
use crate::error::Error;
use crate::refusal::Refusal;

/// The most bytes of an answer that are read.
pub(crate) const RESPONSE_BYTES_MAX: usize = 64 << 10;

/// How long to wait when the platform asks to slow down and does not say for how long.
const SLOW_DOWN: Duration = Duration::from_secs(1);

/// The longest wait that is believed.
const SLOW_DOWN_MAX: Duration = Duration::from_secs(3600);

/// Whatever else an answer has is not needed: a message of the platform may repeat what a customer wrote.
#[derive(Deserialize)]
struct Answer {
    code: Token,
}

/// Whether it was done. The code counts before the status: some refusals come with a 200, some with a 400.
pub(crate) fn read_answer(
    endpoint: Endpoint,
    response: &http::Response<Vec<u8>>,
) -> Result<(), Error> {
    let status = response.status();
    if status == http::StatusCode::TOO_MANY_REQUESTS {
        let after = slow_down(response.headers());
        return Err(Error::RateLimited { endpoint, after });
    }
    let bad_reply = || Error::BadReply {
        endpoint,
        status: status.as_u16(),
    };
    let body = response.body().trim_ascii_start();
    if body.first() != Some(&b'{') {
        return Err(bad_reply());
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|_| bad_reply())?;
    let code = answer.code.0.trim();
    if endpoint.success_codes().contains(&code) {
        return if status.is_success() {
            Ok(())
        } else {
            Err(bad_reply())
        };
    }
    let refusal = Refusal::from_code(code).ok_or_else(bad_reply)?;
    Err(Error::Refused { endpoint, refusal })
}

fn slow_down(headers: &http::HeaderMap) -> Duration {
    let value = headers.get(http::header::RETRY_AFTER);
    let text = value.and_then(|value| value.to_str().ok());
    let seconds = text.and_then(|text| text.trim().parse().ok());
    seconds
        .map_or(SLOW_DOWN, Duration::from_secs)
        .clamp(SLOW_DOWN, SLOW_DOWN_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use happytalk_core::Retry;

    fn answer(endpoint: Endpoint, status: u16, body: &str) -> Result<(), Error> {
        let response = http::Response::builder().status(status);
        read_answer(endpoint, &response.body(body.as_bytes().to_vec()).unwrap())
    }

    fn refused(body: &str) -> Error {
        answer(Endpoint::ChatWrite, 200, body).unwrap_err()
    }

    #[test]
    fn success_is_a_zero_with_or_without_quotes() {
        for body in [
            r#"{"code":0,"createdAt":"2026-11-21T10:00:00.000"}"#,
            r#"{"code":"0"}"#,
            " {\"unknown\":[1],\"code\":0}\n",
        ] {
            assert!(answer(Endpoint::ChatWrite, 200, body).is_ok(), "{body}");
            assert!(answer(Endpoint::ChatEnd, 200, body).is_ok(), "{body}");
        }
    }

    #[test]
    fn what_is_success_elsewhere_is_none_for_a_chat() {
        for body in [r#"{"code":"0000"}"#, r#"{"code":"200"}"#, r#"{"code":200}"#] {
            assert_eq!(refused(body).code(), "kakao.unlisted_code", "{body}");
            assert!(answer(Endpoint::ChatEnd, 200, body).is_err(), "{body}");
        }
        for endpoint in [Endpoint::UserBlock, Endpoint::UserUnblock] {
            assert!(answer(endpoint, 200, r#"{"code":"200"}"#).is_ok());
            assert!(answer(endpoint, 200, r#"{"code":0}"#).is_ok());
            assert!(answer(endpoint, 200, r#"{"code":"0000"}"#).is_err());
        }
    }

    #[test]
    fn a_refusal_is_one_as_number_as_text_and_under_any_status() {
        for body in [r#"{"code":-502}"#, r#"{"code":"-502","message":"x"}"#] {
            for status in [200, 400, 500] {
                let error = answer(Endpoint::ChatWrite, status, body).unwrap_err();
                assert_eq!(
                    (error.code(), error.retry()),
                    ("kakao.no_session", Retry::Never)
                );
            }
        }
    }

    #[test]
    fn an_answer_that_is_none_may_hide_that_it_was_done() {
        for (status, body) in [
            (200, ""),
            (200, "OK"),
            (200, "[0]"),
            (200, "{}"),
            (200, r#"{"code":null}"#),
            (200, r#"{"code":0.0}"#),
            (200, r#"{"code":"call 010-1234-5678"}"#),
            (502, "<html>"),
            (500, r#"{"code":0}"#),
            (301, ""),
        ] {
            let error = answer(Endpoint::ChatWrite, status, body).unwrap_err();
            assert_eq!(error.code(), "kakao.bad_reply", "{status} {body}");
            assert_eq!(error.retry(), Retry::Unknown, "{status} {body}");
        }
    }

    #[test]
    fn a_rate_limit_says_when_to_try_again() {
        let limited = |after: Option<&str>| {
            let mut response = http::Response::builder().status(429);
            if let Some(after) = after {
                response = response.header("retry-after", after);
            }
            let response = response.body(Vec::new()).unwrap();
            read_answer(Endpoint::ChatWrite, &response).unwrap_err()
        };
        let after = |text| limited(text).retry();
        assert_eq!(limited(None).code(), "kakao.rate_limited");
        assert_eq!(after(Some("7")), Retry::After(Duration::from_secs(7)));
        assert_eq!(after(None), Retry::After(Duration::from_secs(1)));
        assert_eq!(after(Some("soon")), Retry::After(Duration::from_secs(1)));
        assert_eq!(
            after(Some("999999")),
            Retry::After(Duration::from_secs(3600))
        );
    }
}
