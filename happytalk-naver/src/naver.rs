//! The adapter.

use std::sync::Arc;

use async_trait::async_trait;
use happytalk_core::channel::{Receipt, Verdict};
use happytalk_core::content::ButtonAction;
use happytalk_core::id::AccountId;
use happytalk_core::transport::{Body, HttpTransport};
use happytalk_core::{
    Capabilities, Channel, ChannelError, ChannelName, Inbound, Outbound, TextUnit, Timestamp,
};
use http::{HeaderValue, Request, Response, StatusCode, Uri};

use crate::codec::event_uri;
use crate::config::Config;
use crate::error::Error;
use crate::wire::event::{Event, TEXT_MAX, button, composite};
use crate::wire::{answer, webhook};

/// One TalkTalk account (네이버 톡톡) as a [`Channel`].
///
/// The platform signs nothing and its body names no account, so the host gives each account a route that nobody can
/// guess and hands what comes in there to that account's adapter.
///
/// # Contract
/// - The platform does not recognise a repeated message. What [`Channel::send`] fails with [`Retry::Unknown`] must not
///   be sent again blindly; its echo (에코) tells whether it arrived.
/// - One request at a time for one customer: the platform keeps no order between two.
/// - [`Channel::reply`] approves a payment (`pay_complete`) with [`Verdict::Approve`] alone. Any other verdict on one,
///   [`Verdict::Accepted`] among them, declines it.
/// - The host gives up on a request after 15 s at the earliest: the platform may take 10 s to fetch a picture.
///
/// [`Retry::Unknown`]: happytalk_core::Retry::Unknown
#[derive(Debug)]
pub struct Naver {
    account: AccountId,
    uri: Uri,
    /// Marked as sensitive: `Debug` hides it.
    authorization: HeaderValue,
    body_bytes_max: usize,
    response_bytes_max: usize,
    transport: Arc<dyn HttpTransport>,
}

impl Naver {
    /// The account that `config` describes, over `transport`.
    ///
    /// # Errors
    /// [`Error::BadBaseUrl`] and [`Error::UnusableKey`].
    pub fn new(config: Config, transport: Arc<dyn HttpTransport>) -> Result<Self, Error> {
        let key = config.authorization.expose();
        let mut authorization = HeaderValue::from_str(key).map_err(|_| Error::UnusableKey)?;
        if key.trim().is_empty() {
            return Err(Error::UnusableKey);
        }
        authorization.set_sensitive(true);
        Ok(Self {
            uri: event_uri(&config.base_url)?,
            account: config.account,
            authorization,
            body_bytes_max: config.body_bytes_max,
            response_bytes_max: config.response_bytes_max,
            transport,
        })
    }

    async fn perform(&self, outbound: &Outbound) -> Result<Receipt, Error> {
        let events = Event::list(outbound)?;
        if outbound.account != self.account {
            return Err(Error::OtherAccount);
        }
        let parts = events.len();
        for (taken, event) in events.iter().enumerate() {
            let request = event.to_http(&self.uri, &self.authorization);
            self.call(request).await.map_err(|error| match taken {
                0 => error,
                taken => Error::SentInPart {
                    taken,
                    parts,
                    source: Box::new(error),
                },
            })?;
        }
        Ok(Receipt::new())
    }

    async fn call(&self, request: Request<Vec<u8>>) -> Result<(), Error> {
        let response = self
            .transport
            .call(request.map(Body::from), self.response_bytes_max)
            .await
            .map_err(|source| Error::Transport { source })?;
        answer::read(&response)
    }
}

#[async_trait]
impl Channel for Naver {
    fn name(&self) -> ChannelName {
        ChannelName::NAVER_TALKTALK
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::none();
        capabilities.content = &["text", "image", "card", "carousel"];
        capabilities.actions = &["say", "handover", "typing", "ask_profile"];
        capabilities.unit = TextUnit::Utf16;
        capabilities.text_max = TEXT_MAX;
        capabilities.card_title_max = composite::TITLE_MAX;
        capabilities.card_text_max = composite::DESCRIPTION_MAX;
        // Each has a place of its own.
        capabilities.card_words_max = composite::TITLE_MAX + 1 + composite::DESCRIPTION_MAX;
        capabilities.button_actions = &[
            ButtonAction::Postback,
            ButtonAction::Url,
            ButtonAction::Phone,
            ButtonAction::Agent,
        ];
        capabilities.value_max = button::CODE_MAX;
        capabilities.label_max = button::LABEL_MAX;
        capabilities.quick_reply_label_max = button::QUICK_REPLY_LABEL_MAX;
        capabilities.buttons_max = composite::BUTTONS_MAX;
        capabilities.quick_replies_max = button::QUICK_REPLIES_MAX;
        capabilities.cards_max = composite::CARDS_MAX;
        capabilities.agent_opens = true;
        capabilities.idempotent = false;
        capabilities
    }

    async fn send(&self, message: &Outbound, _now: Timestamp) -> Result<Receipt, ChannelError> {
        Ok(self.perform(message).await?)
    }

    fn receive(
        &self,
        request: &Request<Vec<u8>>,
        _now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        let inbound = webhook::read(request.body(), self.body_bytes_max, Some(&self.account))?;
        Ok(vec![inbound])
    }

    fn reply(&self, request: &Request<Vec<u8>>, verdict: &Verdict) -> Response<Vec<u8>> {
        let mut response = Response::new(Vec::new());
        *response.status_mut() = match verdict {
            Verdict::Accepted if webhook::asks_for_a_verdict(request.body()) => {
                StatusCode::FORBIDDEN
            }
            Verdict::Accepted | Verdict::Approve => StatusCode::OK,
            Verdict::Decline => StatusCode::FORBIDDEN,
            Verdict::Refused => StatusCode::BAD_REQUEST,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        response
    }
}
