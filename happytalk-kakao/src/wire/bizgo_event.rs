//! What Bizgo posts below `/cstalk/`: one envelope for all its events, keys without a value left out.
//!
//! Source: <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21). Assumed: the
//! `msgType` of media is the word that Kakao has for it, or the one that sending has (`PHOTO`, `IMAGE`).

use std::collections::BTreeMap;

use happytalk_core::id::{AccountId, CustomerId, IdError, ProviderId, SessionId};
use happytalk_core::inbound::Private;
use happytalk_core::{ChannelName, Inbound, InboundKind, Timestamp};
use serde::Deserialize;

use super::identity::required;
use super::lenient::{Id, Items, Loose, Members, Nested};
use super::message::KnownType;
use super::metadata::{LAST_REFERENCE, Metadata};
use crate::error::Error;
use crate::kind::Kind;

/// The body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BizgoEvent {
    msg_key: Option<Id<ProviderId>>,
    user_key: Option<Id<CustomerId>>,
    sender_key: Option<Id<AccountId>>,
    session_id: Option<Id<SessionId>>,
    #[serde(default)]
    msg_type: Loose,
    /// An empty text where Kakao gave none.
    #[serde(default)]
    kakao_time: Loose,
    #[serde(default)]
    kakao_res_created_at: Loose,
    #[serde(default)]
    send_time: Loose,
    #[serde(default)]
    report_time: Loose,
    #[serde(default)]
    app_user_id: Loose,
    #[serde(default)]
    extra: Loose,
    #[serde(default)]
    contents: Items,
    #[serde(default)]
    content: Items,
    #[serde(default)]
    attachment: Items,
    #[serde(default)]
    reference: Nested<Metadata>,
    #[serde(default)]
    last_reference: Nested<Metadata>,
    #[serde(default)]
    personal_info: Members,
    #[serde(default)]
    report_code: Loose,
    #[serde(default, rename = "ref")]
    reference_of_ours: Loose,
}

impl BizgoEvent {
    /// What happened. Every event but a [`Kind::Result`] has an id of its own.
    pub(crate) fn into_inbound(
        mut self,
        kind: Kind,
        account: Option<&AccountId>,
    ) -> Result<Inbound, Error> {
        let mut inbound = self.envelope(kind, account)?;
        inbound.what = match kind {
            Kind::Message => self.into_message()?,
            Kind::Reference => self.into_entered(),
            Kind::ExpiredSession => InboundKind::SessionEnded {},
            Kind::SeenInfo => InboundKind::Seen {},
            Kind::PersonalInfo => InboundKind::ProfileShared {
                fields: self.personal_info.0,
                result: self.msg_type.non_empty().unwrap_or_default(),
            },
            Kind::CertResult => InboundKind::unknown(kind.as_str()),
            Kind::Result => self.into_delivery()?,
        };
        Ok(inbound)
    }

    /// Who and when; what is filled in by the caller.
    fn envelope(&mut self, kind: Kind, account: Option<&AccountId>) -> Result<Inbound, Error> {
        let what = InboundKind::SessionEnded {};
        let mut inbound = Inbound::new(ChannelName::KAKAO_CONSULT, what);
        inbound.account = Some(match (self.sender_key.take(), account) {
            (None, Some(account)) => account.clone(),
            (sender_key, _) => required("/senderKey", sender_key)?,
        });
        // What became of a message of ours need not say whom it was for.
        if kind != Kind::Result || self.user_key.is_some() {
            inbound.customer = Some(required("/userKey", self.user_key.take())?);
        }
        let is_empty = |Id(id): &Id<_>| matches!(id, Err(IdError::Empty { .. }));
        let session = self.session_id.take().filter(|id| !is_empty(id));
        if session.is_some() {
            inbound.session = Some(required("/sessionId", session)?);
        }
        // A result has the key of what was sent: the same for all that is told about it.
        if kind != Kind::Result {
            inbound.id = Some(required("/msgKey", self.msg_key.take())?);
        }
        inbound.at = first_time([
            std::mem::take(&mut self.kakao_time),
            std::mem::take(&mut self.kakao_res_created_at),
            std::mem::take(&mut self.send_time),
            std::mem::take(&mut self.report_time),
        ]);
        Ok(inbound)
    }

    fn into_message(self) -> Result<InboundKind, Error> {
        let Some(kind) = self.msg_type.non_empty() else {
            let pointer = "/msgType";
            return Err(Error::MissingField { pointer });
        };
        let known = match kind.to_ascii_uppercase().as_str() {
            "TEXT" => KnownType::Text,
            "PHOTO" | "IMAGE" => KnownType::Photo,
            "VIDEO" => KnownType::Video,
            "AUDIO" => KnownType::Audio,
            "FILE" => KnownType::File,
            _ => return Ok(InboundKind::unknown(&kind)),
        };
        let content = known.said(self.contents, self.content, self.attachment)?;
        let mut parameters = BTreeMap::new();
        add(&mut parameters, "app_user_id", self.app_user_id);
        self.reference.0.fill("", &mut parameters);
        self.last_reference.0.fill(LAST_REFERENCE, &mut parameters);
        Ok(InboundKind::Message {
            content,
            input: None,
            postback: self.extra.non_empty().map(Private::from),
            standby: None,
            parameters: (!parameters.is_empty()).then_some(parameters),
        })
    }

    fn into_entered(self) -> InboundKind {
        let (Nested(mut reference), Nested(mut last_reference)) =
            (self.reference, self.last_reference);
        let last_bot = last_reference.take_bot();
        let bot = reference.take_bot().or(last_bot);
        let mut parameters = BTreeMap::new();
        add(&mut parameters, "app_user_id", self.app_user_id);
        // The envelope's own, which `reference` repeats.
        add(&mut parameters, "extra", self.extra);
        reference.fill("", &mut parameters);
        last_reference.fill(LAST_REFERENCE, &mut parameters);
        InboundKind::Entered {
            parameters: (!parameters.is_empty()).then_some(parameters),
            inflow: None,
            referrer: None,
            bot,
        }
    }

    /// Ours is what we gave it, and what Bizgo calls it where it does not say that back.
    fn into_delivery(self) -> Result<InboundKind, Error> {
        let missing = |pointer| Error::MissingField { pointer };
        let message = match (self.reference_of_ours.non_empty(), self.msg_key) {
            (Some(ours), _) => ours,
            (None, key) => required("/msgKey", key)?.as_str().to_owned(),
        };
        Ok(InboundKind::Delivery {
            message,
            status: self
                .report_code
                .non_empty()
                .ok_or_else(|| missing("/reportCode"))?,
        })
    }
}

fn add(parameters: &mut BTreeMap<String, Private>, name: &str, value: Loose) {
    if let Some(text) = value.non_empty() {
        parameters.insert(name.to_owned(), Private::from(text));
    }
}

/// The first that is a time; the host's own clock serves where none is.
pub(crate) fn first_time<const N: usize>(times: [Loose; N]) -> Option<Timestamp> {
    times
        .into_iter()
        .filter_map(Loose::non_empty)
        .find_map(|text| text.parse().ok())
}
