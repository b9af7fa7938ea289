//! Both directions of the wire, without a transport.

use happytalk_core::id::{AccountId, CustomerId, MessageId};
use happytalk_core::{Inbound, Outbound};

use crate::bubble::Bubble;
use crate::centre::CentreCall;
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::kind::Kind;
use crate::wire;

/// Reads the body of one event in the default dialect; [`Dialect::decode`] takes another.
///
/// ```
/// use happytalk_kakao::{Kind, decode};
///
/// let body = br#"{"user_key":"u7Lk2bQx0a_1","sender_key":"0123456789abcdef","session_id":"88",
///     "time":1715562130000,"serial_number":1787654321098765432,"type":"text","contents":["hello"]}"#;
/// let inbound = decode(Kind::Message, body, None)?;
/// assert_eq!(inbound[0].id.as_ref().unwrap().as_str(), "1787654321098765432");
///
/// let error = decode(Kind::Message, b"{\"user_key\":\"u\"", None).unwrap_err();
/// assert_eq!(error.code(), "kakao.bad_json");
/// # Ok::<(), happytalk_kakao::Error>(())
/// ```
///
/// # Errors
/// As [`Dialect::decode`].
pub fn decode(kind: Kind, body: &[u8], account: Option<&AccountId>) -> Result<Vec<Inbound>, Error> {
    Dialect::default().decode(kind, body, account)
}

/// The requests that [`Kakao`](crate::Kakao) would make for `outbound`, in their order. Nothing is sent.
///
/// They carry the credentials in the headers [`CLIENT_ID_HEADER`](crate::CLIENT_ID_HEADER) and
/// [`CLIENT_SECRET_HEADER`](crate::CLIENT_SECRET_HEADER); with [`Config::for_display`] these are `***`.
///
/// ```
/// use happytalk_core::{Action, Content, Outbound};
/// use happytalk_kakao::{Config, encode};
///
/// let say = Action::Say { content: vec![Content::text("hello")] };
/// let outbound = Outbound::new("m-1".parse()?, "0123456789abcdef".parse()?, "u7Lk2bQx0a_1".parse()?, say);
/// let requests = encode(&outbound, &Config::for_display(outbound.account.clone()))?;
/// assert_eq!(requests[0].uri().path(), "/v1/chat/write");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::BadSetting`] where `config` cannot be used, [`Error::WrongAccount`] where `outbound` is for another
/// profile, and [`Error::NotCarried`], [`Error::OverLimit`] and [`Error::Incomplete`] where the platform would
/// not take it.
pub fn encode(outbound: &Outbound, config: &Config) -> Result<Vec<http::Request<Vec<u8>>>, Error> {
    let calls = wire::calls(outbound, config, &wire::Api::new(config)?)?;
    Ok(calls.into_iter().map(|call| call.request).collect())
}

/// The request that [`Kakao::send_bubble`](crate::Kakao::send_bubble) would make. Nothing is sent.
///
/// ```
/// use happytalk_core::Secret;
/// use happytalk_kakao::{AutoAnswer, Bubble, Config, Dialect, TextBubble, encode_bubble};
///
/// let config = Config::for_display("0123456789abcdef".parse()?).with_dialect(Dialect::HappytalkV3);
/// let mut away = TextBubble::new("The agent will be back at two.");
/// away.auto_answer = Some(AutoAnswer::Away);
/// let request = encode_bubble(&"m-1".parse()?, &"u7Lk2bQx0a_1".parse()?, &Bubble::Text(away), &config)?;
/// assert_eq!(request.uri().path(), "/kakaoWebhook/v3/bzc/chat/send/rich");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::BadSetting`] where `config` cannot be used, and [`Error::NotCarried`], [`Error::OverLimit`],
/// [`Error::TooFew`] and [`Error::Incomplete`] where the platform would not take it.
pub fn encode_bubble(
    id: &MessageId,
    customer: &CustomerId,
    bubble: &Bubble,
    config: &Config,
) -> Result<http::Request<Vec<u8>>, Error> {
    let api = wire::Api::new(config)?;
    Ok(wire::bubble_call(customer, id, bubble, config, &api)?.request)
}

/// The request that asks the centre. Nothing is sent.
///
/// ```
/// use happytalk_kakao::{CentreCall, Config, encode_call};
///
/// let config = Config::for_display("0123456789abcdef".parse()?);
/// let domain = "https://chat.example.com/kakao/9f2c7b".to_owned();
/// let request = encode_call(&CentreCall::SetReceiveDomain { domain }, &config)?;
/// assert_eq!(request.uri().path(), "/v1/center/domain/update");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::BadSetting`] where `config` cannot be used, [`Error::NotInDialect`] where the dealer has no such call, and
/// [`Error::Incomplete`] and [`Error::OverLimit`] where the platform would not take it.
pub fn encode_call(call: &CentreCall, config: &Config) -> Result<http::Request<Vec<u8>>, Error> {
    let api = wire::Api::new(config)?;
    Ok(wire::centre_call(call, config, &api)?.request)
}
