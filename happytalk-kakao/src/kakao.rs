//! The channel.

mod centre;
mod upload;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use happytalk_core::channel::{Media, MediaRef, Receipt, Verdict};
use happytalk_core::content::ButtonAction;
use happytalk_core::id::{AccountId, CustomerId, MessageId};
use happytalk_core::transport::Body;
use happytalk_core::{
    Capabilities, Channel, ChannelError, ChannelName, HttpTransport, Inbound, Outbound, TextUnit,
    Timestamp,
};

use crate::bubble::{self, Bubble};
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::kind::Kind;
use crate::upload::UploadKind;
use crate::wire::{self, Api, Call, Endpoint, RESPONSE_BYTES_MAX};

/// The end of a path that asks whether anybody is there.
///
/// Observed: receivers in production answer it with 200, whatever the method.
const PING: &str = "ping";

/// KakaoTalk 상담톡 for one channel profile, as a [`Channel`].
///
/// - An event's kind is the last segment of the path it was posted to: `…/message`, `…/reference`,
///   `…/expired_session`. Another segment gives an [`Unknown`](happytalk_core::InboundKind::Unknown).
/// - Nothing signs an event. The host's route should carry a segment nobody can guess; the sender key and,
///   where they are set, the [allowed sources](Config::with_allowed_sources) are checked here.
/// - A message of several parts is as many requests. Each has a serial number made from [`Outbound::id`], so a
///   repeated send delivers nothing twice: what the platform already has, it says so, and that counts as taken.
/// - Outside a session nothing can be sent: [`Refusal::NoSession`](crate::Refusal::NoSession).
#[derive(Clone)]
pub struct Kakao {
    config: Config,
    api: Api,
    transport: Arc<dyn HttpTransport>,
}

impl Kakao {
    /// A channel that sends over `transport`.
    ///
    /// # Errors
    /// [`Error::BadSetting`] names the field of `config` that cannot be used.
    pub fn new(config: Config, transport: Arc<dyn HttpTransport>) -> Result<Self, Error> {
        let api = Api::new(&config)?;
        if !(200..300).contains(&config.accepted_status) {
            return Err(Error::BadSetting {
                setting: "accepted_status",
            });
        }
        Ok(Self {
            config,
            api,
            transport,
        })
    }

    /// Says one bubble to a customer. `id` is its idempotency key, as [`Outbound::id`] is: the same is never said
    /// twice where [the dialect](Dialect::is_idempotent) recognises it.
    ///
    /// # Errors
    /// As [`encode_bubble`](crate::encode_bubble), and what [`Channel::send`] gives.
    pub async fn send_bubble(
        &self,
        id: &MessageId,
        customer: &CustomerId,
        bubble: &Bubble,
    ) -> Result<Receipt, Error> {
        let call = wire::bubble_call(customer, id, bubble, &self.config, &self.api)?;
        self.make(vec![call]).await
    }

    fn read(&self, request: &http::Request<Vec<u8>>) -> Result<Vec<Inbound>, Error> {
        if !self.config.allowed_sources.is_empty() {
            let source = request.extensions().get::<IpAddr>().copied();
            let allowed = |source| {
                let ranges = &self.config.allowed_sources;
                ranges.iter().any(|range| range.contains(source))
            };
            if !source.is_some_and(allowed) {
                return Err(Error::SourceRefused);
            }
        }
        let path = request.uri().path().trim_end_matches('/');
        let segment = path.rsplit('/').next().unwrap_or_default();
        if segment == PING {
            return Ok(Vec::new());
        }
        if request.method() != http::Method::POST {
            return Err(Error::NotAnEvent);
        }
        if segment.is_empty() || segment.len() > wire::KIND_BYTES_MAX {
            return Err(Error::NotAnEvent);
        }
        let dialect = self.config.dialect;
        // Bizgo leaves out what has no value; who is asked here is the profile of this route.
        let account = (dialect == Dialect::Bizgo).then_some(&self.config.sender_key);
        let body = request.body();
        let inbound = match segment.parse::<Kind>() {
            Ok(kind) => dialect.decode(kind, body, account)?,
            Err(_) => vec![dialect.decode_unknown(segment, body, account)?],
        };
        for one in &inbound {
            self.own(one.account.as_ref())?;
        }
        Ok(inbound)
    }

    fn own(&self, account: Option<&AccountId>) -> Result<(), Error> {
        if account == Some(&self.config.sender_key) {
            Ok(())
        } else {
            Err(Error::WrongAccount)
        }
    }

    async fn deliver(&self, outbound: &Outbound) -> Result<Receipt, Error> {
        self.make(wire::calls(outbound, &self.config, &self.api)?)
            .await
    }

    /// Makes the calls in their order, up to the first that fails.
    async fn make(&self, calls: Vec<Call>) -> Result<Receipt, Error> {
        let mut receipt = Receipt::new();
        receipt.repeated = true;
        let parts = calls.len();
        for (parts_sent, call) in calls.into_iter().enumerate() {
            let endpoint = call.endpoint;
            let response = self.exchange(endpoint, call.request.map(Body::from)).await;
            let answered = response.and_then(|response| {
                let answered = wire::read_answer(endpoint, self.config.dialect, &response)?;
                Ok(answered.provider_id)
            });
            match answered {
                Ok(provider_id) => {
                    receipt.repeated = false;
                    receipt.provider_id = provider_id.or(receipt.provider_id);
                }
                Err(Error::Refused { refusal, .. }) if endpoint.was_done_before(refusal) => {}
                Err(error) if parts_sent > 0 && !self.config.dialect.is_idempotent() => {
                    let source = Box::new(error);
                    return Err(Error::PartlySent {
                        parts_sent,
                        parts,
                        source,
                    });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(receipt)
    }

    /// One request and its answer, whatever that says.
    async fn exchange(
        &self,
        endpoint: Endpoint,
        request: http::Request<Body>,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        let answered = self.transport.call(request, RESPONSE_BYTES_MAX).await;
        answered.map_err(|source| Error::Transport { endpoint, source })
    }
}

#[async_trait]
impl Channel for Kakao {
    fn name(&self) -> ChannelName {
        ChannelName::KAKAO_CONSULT
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::none();
        let dialect = self.config.dialect;
        capabilities.content = match dialect {
            Dialect::HappytalkV3 | Dialect::Bizgo => {
                &["text", "image", "video", "audio", "file", "card"]
            }
            Dialect::HappytalkV1 | Dialect::Hub if self.config.unconfirmed => {
                &["text", "image", "audio", "file", "card"]
            }
            Dialect::HappytalkV1 | Dialect::Hub => &["text", "image", "file", "card"],
        };
        capabilities.actions = wire::actions(dialect);
        capabilities.unit = TextUnit::Chars;
        capabilities.text_max = bubble::TEXT_CHARS_MAX;
        // A card is one text: its title, a line break, its words.
        capabilities.card_title_max = bubble::TEXT_CHARS_MAX;
        capabilities.card_text_max = bubble::TEXT_CHARS_MAX;
        capabilities.card_words_max = bubble::TEXT_CHARS_MAX;
        capabilities.button_actions = &[
            ButtonAction::Postback,
            ButtonAction::Url,
            ButtonAction::App,
            ButtonAction::Agent,
            ButtonAction::Bot,
        ];
        capabilities.value_max = bubble::VALUE_CHARS_MAX;
        capabilities.value_is_token = true;
        capabilities.label_max = self.config.button_label_chars_max;
        capabilities.quick_reply_label_max = bubble::QUICK_REPLY_LABEL_CHARS_MAX;
        capabilities.buttons_max = bubble::BUTTONS_MAX;
        capabilities.quick_replies_max = bubble::QUICK_REPLIES_MAX;
        capabilities.idempotent = self.config.dialect.is_idempotent();
        // The one that reports.
        capabilities.delivered = (dialect == Dialect::Bizgo).then_some("A000");
        capabilities
    }

    async fn send(&self, message: &Outbound, _now: Timestamp) -> Result<Receipt, ChannelError> {
        Ok(self.deliver(message).await?)
    }

    /// A picture is to be said alone; [`Kakao::upload_as`] hands one over for another use.
    async fn upload(&self, media: Media, _now: Timestamp) -> Result<MediaRef, ChannelError> {
        let kind = UploadKind::of_media_type(&media.media_type);
        Ok(MediaRef::new(self.upload_as(media, kind).await?.url))
    }

    fn receive(
        &self,
        request: &http::Request<Vec<u8>>,
        _now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        Ok(self.read(request)?)
    }

    /// The configured status for what was taken, 400 for what was refused, 503 for what should come again.
    ///
    /// Bizgo reads `{"code":"A000","result":"Success"}`. Assumed: elsewhere the body is `{"code":0}` or `{"code":-1}`;
    /// no document says what those dealers read.
    fn reply(
        &self,
        _request: &http::Request<Vec<u8>>,
        verdict: &Verdict,
    ) -> http::Response<Vec<u8>> {
        let (taken, not_taken) = match self.config.dialect {
            Dialect::Bizgo => (
                r#"{"code":"A000","result":"Success"}"#,
                r#"{"code":"A999","result":"Failure"}"#,
            ),
            Dialect::HappytalkV1 | Dialect::HappytalkV3 | Dialect::Hub => {
                (r#"{"code":0}"#, r#"{"code":-1}"#)
            }
        };
        let (status, body) = match verdict {
            Verdict::Accepted | Verdict::Approve => (self.config.accepted_status, taken),
            Verdict::Failed => (503, not_taken),
            _ => (400, not_taken),
        };
        let mut response = http::Response::new(body.as_bytes().to_vec());
        // In range: `Kakao::new` checked the one that is configured.
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        let json = http::HeaderValue::from_static("application/json");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
        response
    }
}

impl fmt::Debug for Kakao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kakao")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
