//! What the platform answers.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/reference_docs/api_code_dict> and
//! <https://developers.bizgo.io/api-sdk/api-reference/error-codes> (read 2026-11-21). `code` is a number in some
//! samples and text in others, of one and the same value.

use std::time::Duration;

use happytalk_core::id::ProviderId;
use http::header::RETRY_AFTER;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::endpoint::{CodeGroup, Endpoint};
use super::lenient::{Loose, Token};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::refusal::{CodeTable, PlatformCode, Refusal};

/// The most bytes of an answer that are read.
pub(crate) const RESPONSE_BYTES_MAX: usize = 64 << 10;

/// How long to wait when the platform asks to slow down and does not say for how long.
const SLOW_DOWN: Duration = Duration::from_secs(1);

/// The longest wait that is believed.
const SLOW_DOWN_MAX: Duration = Duration::from_secs(3600);

/// What stands in an answer beside its code.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    /// The platform's id of what was sent, where it gives one.
    pub(crate) provider_id: Option<ProviderId>,
    /// The JSON with what was asked for.
    pub(crate) payload: &'a str,
}

/// HappyTalk's answer and the hub's. Whatever else it has is read by whoever asked: a message of the platform may
/// repeat what a customer wrote.
#[derive(Deserialize)]
struct Answer {
    code: Option<Token>,
}

/// Bizgo's answer: whether the call was let in, and how it went.
#[derive(Deserialize)]
struct BizgoAnswer<'a> {
    common: Option<BizgoCommon>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct BizgoCommon {
    #[serde(rename = "authCode")]
    auth_code: Option<Token>,
}

#[derive(Deserialize)]
struct BizgoData<'a> {
    code: Option<Token>,
    #[serde(default, rename = "msgKey")]
    msg_key: Loose,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// Where the key of an end stands: one level deeper than that of what was said.
#[derive(Default, Deserialize)]
struct BizgoDeeper {
    #[serde(default, rename = "msgKey")]
    msg_key: Loose,
}

/// Whether it was done. The code counts before the status: some refusals come with a 200, some with a 400.
pub(crate) fn read_answer(
    endpoint: Endpoint,
    dialect: Dialect,
    response: &Response<Vec<u8>>,
) -> Result<Answered<'_>, Error> {
    let status = response.status();
    let after = || slow_down(response.headers());
    if status == StatusCode::TOO_MANY_REQUESTS {
        let after = after();
        return Err(Error::RateLimited { endpoint, after });
    }
    let bad_reply = || Error::BadReply {
        endpoint,
        status: status.as_u16(),
    };
    let body = std::str::from_utf8(response.body()).map_err(|_| bad_reply())?;
    let body = body.trim();
    if !body.starts_with('{') {
        return Err(bad_reply());
    }
    let refused = |table: CodeTable, code: &str| {
        let Some(platform_code) = PlatformCode::new(code) else {
            return bad_reply();
        };
        match (endpoint, table.meaning(code)) {
            (_, Refusal::TooMany) => Error::RateLimited {
                endpoint,
                after: after(),
            },
            // One code for every upload, whatever was uploaded.
            (Endpoint::FileUpload, Refusal::InvalidImage) => Error::Refused {
                endpoint,
                refusal: Refusal::InvalidFile,
                platform_code,
            },
            (_, refusal) => Error::Refused {
                endpoint,
                refusal,
                platform_code,
            },
        }
    };
    let group = endpoint.codes(dialect);
    let answered = if group == CodeGroup::Bizgo {
        let answer: BizgoAnswer<'_> = serde_json::from_str(body).map_err(|_| bad_reply())?;
        if let Some(Token(code)) = answer.common.and_then(|common| common.auth_code)
            && code != "A000"
        {
            return Err(refused(CodeTable::BizgoGateway, &code));
        }
        let data = answer.data.map(RawValue::get).unwrap_or_default();
        let data: BizgoData<'_> = serde_json::from_str(data).map_err(|_| bad_reply())?;
        let Token(code) = data.code.ok_or_else(bad_reply)?;
        if !group.success_codes().contains(&code.as_str()) {
            return Err(refused(CodeTable::Bizgo, &code));
        }
        let payload = data.data.map(RawValue::get).unwrap_or_default();
        let deeper: BizgoDeeper = serde_json::from_str(payload).unwrap_or_default();
        let msg_key = data.msg_key.non_empty().or(deeper.msg_key.non_empty());
        Answered {
            provider_id: msg_key.and_then(|key| key.try_into().ok()),
            payload,
        }
    } else {
        let answer: Answer = serde_json::from_str(body).map_err(|_| bad_reply())?;
        match answer.code {
            None if group == CodeGroup::Undocumented => {}
            None => return Err(bad_reply()),
            Some(Token(code)) => {
                let code = code.trim();
                if !group.success_codes().contains(&code) {
                    return Err(refused(CodeTable::Kakao, code));
                }
            }
        }
        Answered {
            provider_id: None,
            payload: body,
        }
    };
    if status.is_success() {
        Ok(answered)
    } else {
        Err(bad_reply())
    }
}

fn slow_down(headers: &HeaderMap) -> Duration {
    let value = headers.get(RETRY_AFTER);
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

    fn answer_of(
        dialect: Dialect,
        endpoint: Endpoint,
        status: u16,
        body: &str,
    ) -> Result<Option<ProviderId>, Error> {
        let response = Response::builder().status(status);
        let response = response.body(body.as_bytes().to_vec()).unwrap();
        read_answer(endpoint, dialect, &response).map(|answered| answered.provider_id)
    }

    fn answer(endpoint: Endpoint, status: u16, body: &str) -> Result<Option<ProviderId>, Error> {
        answer_of(Dialect::HappytalkV1, endpoint, status, body)
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
            let mut response = Response::builder().status(429);
            if let Some(after) = after {
                response = response.header("retry-after", after);
            }
            let response = response.body(Vec::new()).unwrap();
            read_answer(Endpoint::ChatWrite, Dialect::HappytalkV1, &response).unwrap_err()
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

    #[test]
    fn each_group_of_endpoints_has_its_own_success() {
        let v1 = |endpoint, code: &str| answer(endpoint, 200, &format!("{{\"code\":{code}}}"));
        for (endpoint, good, bad) in [
            (Endpoint::ImageUpload, "\"0000\"", "0"),
            (Endpoint::FileUpload, "\"0000\"", "\"200\""),
            (Endpoint::DomainUpdate, "\"200\"", "0"),
            (Endpoint::ChatActivate, "200", "\"0000\""),
        ] {
            assert!(v1(endpoint, good).is_ok(), "{endpoint}");
            assert!(v1(endpoint, bad).is_err(), "{endpoint}");
        }
    }

    #[test]
    fn every_code_of_every_table_is_told_with_its_meaning_and_its_number() {
        let bodies = |table: CodeTable, code: &str| match table {
            CodeTable::Kakao => (Dialect::HappytalkV3, format!(r#"{{"code":"{code}"}}"#)),
            CodeTable::Bizgo => (
                Dialect::Bizgo,
                format!(r#"{{"common":{{"authCode":"A000"}},"data":{{"code":"{code}"}}}}"#),
            ),
            CodeTable::BizgoGateway => (
                Dialect::Bizgo,
                format!(r#"{{"common":{{"authCode":"{code}"}},"data":{{"code":"A000"}}}}"#),
            ),
        };
        for table in [CodeTable::Kakao, CodeTable::Bizgo, CodeTable::BizgoGateway] {
            for (code, refusal) in table.listed() {
                let (dialect, body) = bodies(table, code);
                let error = answer_of(dialect, Endpoint::SendRich, 200, &body).unwrap_err();
                assert_eq!(
                    (error.code(), error.retry()),
                    (refusal.code(), refusal.retry())
                );
                if let Error::Refused { platform_code, .. } = &error {
                    assert_eq!(platform_code.as_str(), *code);
                    assert!(error.to_string().contains(&format!("`{code}`")), "{error}");
                } else {
                    assert_eq!(*refusal, Refusal::TooMany, "{code}");
                }
            }
        }
    }

    #[test]
    fn bizgo_gives_the_key_of_what_was_sent_and_of_an_end_one_level_deeper() {
        let sent = r#"{"common":{"authCode":"A000","authResult":"Success","infobankTrId":"t"},"data":{"code":"A000","result":"Success","msgKey":"k-1","ref":"m-1"}}"#;
        let ended =
            r#"{"common":{"authCode":"A000"},"data":{"code":"A000","data":{"msgKey":"k-2"}}}"#;
        for (endpoint, body, key) in [
            (Endpoint::SendPlain, sent, "k-1"),
            (Endpoint::ChatEnd, ended, "k-2"),
        ] {
            let id = answer_of(Dialect::Bizgo, endpoint, 200, body).unwrap();
            assert_eq!(id.unwrap().as_str(), key);
        }
        for body in ["{}", r#"{"common":{"authCode":"A000"}}"#, r#"{"code":0}"#] {
            let error = answer_of(Dialect::Bizgo, Endpoint::SendPlain, 200, body).unwrap_err();
            assert_eq!(error.code(), "kakao.bad_reply", "{body}");
        }
    }

    #[test]
    fn one_code_for_every_upload_is_told_by_what_was_uploaded() {
        let code = |endpoint| {
            answer(endpoint, 200, r#"{"code":"-505"}"#)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(Endpoint::ImageUpload), "kakao.invalid_image");
        assert_eq!(code(Endpoint::FileUpload), "kakao.invalid_file");
    }
}
