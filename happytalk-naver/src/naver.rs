//! The adapter.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use happytalk_core::channel::{Receipt, Verdict};
use happytalk_core::content::ButtonAction;
use happytalk_core::id::CustomerId;
use happytalk_core::transport::{Body, HttpTransport};
use happytalk_core::{
    Capabilities, Channel, ChannelError, ChannelName, Inbound, Outbound, TextUnit, Timestamp,
};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};

use crate::codec::{event_uri, uri};
use crate::config::Config;
use crate::error::Error;
use crate::message::{ImageId, Menu, Message, SendOptions};
use crate::source::{ROUTE_CHARS_MIN, ends_in, has_the_form_of_a_user};
use crate::wire::event::{Event, JSON, TEXT_MAX, button, composite, post};
use crate::wire::{answer, image_upload, webhook};

/// One TalkTalk account (네이버 톡톡) as a [`Channel`].
///
/// The platform signs nothing and its body names no account, so the host gives each account a route that nobody can
/// guess ([`Config::with_route_segment`]) and hands what comes in there to that account's adapter.
///
/// # Contract
/// - The platform does not recognise a repeated message. What [`Channel::send`] fails with [`Retry::Unknown`] must not
///   be sent again blindly; its echo (에코) tells whether it arrived, see [`Room`](crate::room::Room).
/// - One request at a time for one customer: the platform keeps no order between two.
/// - An answer to a webhook goes out within [`ANSWER_WITHIN`](crate::ANSWER_WITHIN).
/// - [`Channel::reply`] approves a payment (`pay_complete`) with [`Verdict::Approve`] alone. Any other verdict on one,
///   [`Verdict::Accepted`] among them, declines it.
/// - The host gives up on a request after 15 s at the earliest: the platform may take 10 s to fetch a picture.
///
/// [`Retry::Unknown`]: happytalk_core::Retry::Unknown
#[derive(Debug)]
pub struct Naver {
    config: Config,
    events: Uri,
    uploads: Uri,
    /// Marked as sensitive: `Debug` hides it.
    authorization: HeaderValue,
    transport: Arc<dyn HttpTransport>,
}

/// What the answer to a webhook says at once (동기 응답), instead of a request of its own.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum SyncReply<'a> {
    /// What every channel can do; of what is said, one message of the platform.
    Outbound(&'a Outbound),
    /// What TalkTalk alone can say.
    Message(&'a Message),
    /// The account's fixed menu.
    Menu(&'a Menu),
}

impl Naver {
    /// The account that `config` describes, over `transport`.
    ///
    /// # Errors
    /// [`Error::BadBaseUrl`], [`Error::UnusableKey`] and [`Error::BadSetting`].
    pub fn new(config: Config, transport: Arc<dyn HttpTransport>) -> Result<Self, Error> {
        let key = config.authorization.expose();
        let mut authorization = HeaderValue::from_str(key).map_err(|_| Error::UnusableKey)?;
        if key.trim().is_empty() {
            return Err(Error::UnusableKey);
        }
        authorization.set_sensitive(true);
        if let Some(segment) = &config.route_segment {
            let segment = segment.expose();
            if segment.chars().count() < ROUTE_CHARS_MIN || segment.contains('/') {
                return Err(Error::BadSetting {
                    setting: "route_segment",
                });
            }
        }
        if !(button::ROW_LABEL_MAX..=button::QUICK_REPLY_LABEL_MAX).contains(&config.row_label_max)
        {
            return Err(Error::BadSetting {
                setting: "row_label_max",
            });
        }
        Ok(Self {
            events: event_uri(&config.base_url)?,
            uploads: uri(&config.base_url, image_upload::PATH)?,
            config,
            authorization,
            transport,
        })
    }

    /// [`Channel::send`], but what is said is sent as `options` say instead of as the settings do.
    ///
    /// # Errors
    /// Those of [`Channel::send`], as they are here.
    pub async fn send_with(
        &self,
        outbound: &Outbound,
        options: SendOptions,
    ) -> Result<Receipt, Error> {
        let events = Event::list(outbound, options)?;
        if outbound.account != self.config.account {
            return Err(Error::OtherAccount);
        }
        let parts = events.len();
        for (taken, event) in events.iter().enumerate() {
            self.perform(event).await.map_err(|error| match taken {
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

    /// Shows `customer` what TalkTalk alone can say. The platform does not recognise a repetition.
    ///
    /// # Errors
    /// Before any request those of [`encode_message`](crate::encode_message); then [`Error::Transport`],
    /// [`Error::Refused`] and what else an answer can be.
    pub async fn send_message(
        &self,
        customer: &CustomerId,
        message: &Message,
    ) -> Result<(), Error> {
        let event = Event::of_message(customer, message, self.config.row_label_max)?;
        self.perform(&event).await
    }

    /// Gives the account this fixed menu (고정 메뉴), or takes it away. To do it twice changes nothing.
    ///
    /// # Errors
    /// As [`Naver::send_message`].
    pub async fn set_menu(&self, menu: &Menu) -> Result<(), Error> {
        self.perform(&Event::of_menu(menu)?).await
    }

    /// Hands the picture at `image_url` to the platform, which fetches it within 10 s. Its id can stand in a message
    /// instead of an address, also as the `url` of an image of every channel.
    ///
    /// # Errors
    /// [`Error::BadValue`] where that is no address of the web; [`Error::NoImageId`]; and as [`Naver::send_message`].
    pub async fn upload_image(&self, image_url: &str) -> Result<ImageId, Error> {
        let body = image_upload::body(image_url)?;
        let request = post(body, &self.uploads, &self.authorization);
        answer::read_image(&self.call(request).await?)
    }

    /// [`Channel::reply`] with something said in the answer, for hosts that decide within
    /// [`ANSWER_WITHIN`](crate::ANSWER_WITHIN). The platform shows it to the customer of the call, whoever it names, and
    /// reports nothing back; a notification has no effect.
    ///
    /// With [`Verdict::Accepted`], or on a payment with [`Verdict::Approve`] or [`Verdict::Decline`].
    ///
    /// # Errors
    /// Those of encoding; [`Error::TooManyForReply`]; and [`Error::NoSyncReply`] for a call that is refused, for `leave`,
    /// whose answer the platform drops, and for `echo`, whose answer would be echoed again.
    pub fn reply_with(
        &self,
        request: &Request<Vec<u8>>,
        verdict: &Verdict,
        reply: SyncReply<'_>,
    ) -> Result<Response<Vec<u8>>, Error> {
        let name = webhook::event_name(request.body());
        let asks = webhook::asks_for_a_verdict(request.body());
        let may_speak = match verdict {
            Verdict::Accepted => !asks,
            Verdict::Approve | Verdict::Decline => asks,
            _ => false,
        };
        if !may_speak || matches!(name, "leave" | "echo" | "unknown") {
            return Err(Error::NoSyncReply { event: name });
        }
        let nobody;
        let event = match reply {
            SyncReply::Outbound(outbound) => {
                let mut events = Event::list(outbound, self.config.send_options)?;
                match (events.pop(), events.len()) {
                    (Some(event), 0) => event,
                    (_, more) => return Err(Error::TooManyForReply { parts: more + 1 }),
                }
            }
            SyncReply::Message(message) => {
                nobody = webhook::customer(request.body())?;
                Event::of_message(&nobody, message, self.config.row_label_max)?
            }
            SyncReply::Menu(menu) => Event::of_menu(menu)?,
        };
        let mut response = self.reply(request, verdict);
        *response.body_mut() = event.without_notification().to_body();
        response.headers_mut().insert(CONTENT_TYPE, JSON);
        Ok(response)
    }

    async fn perform(&self, event: &Event<'_>) -> Result<(), Error> {
        let request = event.to_http(&self.events, &self.authorization);
        answer::read(&self.call(request).await?)
    }

    async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        self.transport
            .call(request.map(Body::from), self.config.response_bytes_max)
            .await
            .map_err(|source| Error::Transport { source })
    }

    /// Whether the call is one of the platform's to this account, as far as can be seen.
    fn admit(&self, request: &Request<Vec<u8>>, now: Timestamp) -> Result<(), Error> {
        if request.method() != Method::POST {
            return Err(Error::NotAnEvent);
        }
        let route = self.config.route_segment.as_ref();
        if route.is_some_and(|segment| !ends_in(request.uri().path(), segment)) {
            return Err(Error::WrongRoute);
        }
        let address = request.extensions().get::<IpAddr>().copied();
        if !self.config.allowed_sources.allows(address, now) {
            return Err(Error::SourceRefused);
        }
        Ok(())
    }

    fn read(&self, request: &Request<Vec<u8>>, now: Timestamp) -> Result<Inbound, Error> {
        self.admit(request, now)?;
        let body = request.body();
        let account = Some(&self.config.account);
        let mut inbound = webhook::read(body, self.config.body_bytes_max, account)?;
        if let Some(customer) = &inbound.customer
            && !self.config.any_user
            && !has_the_form_of_a_user(customer.as_str())
        {
            let event = webhook::event_name(body);
            return Err(Error::UnexpectedUser { event });
        }
        self.config.entry_points.mark(&mut inbound);
        Ok(inbound)
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
        capabilities.actions = &["say", "handover", "typing", "ask_profile", "set_menu"];
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
        Ok(self.send_with(message, self.config.send_options).await?)
    }

    fn receive(
        &self,
        request: &Request<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        Ok(vec![self.read(request, now)?])
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
