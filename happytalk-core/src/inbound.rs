//! What a platform told us, one model for all of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::channel_name::ChannelName;
use crate::content::Content;
use crate::event::words;
use crate::id::{AccountId, CustomerId, ProviderId, SessionId};
use crate::json::{self, JsonError};
use crate::tagged::{Unknown, tagged};
use crate::time::Timestamp;

/// Text that may be personal: `Debug` hides it, JSON does not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(..)")
    }
}

/// One thing a platform told us: what a customer did, or what became of a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inbound {
    /// The platform.
    pub channel: ChannelName,
    /// Which account of ours, where the wire or the host says so.
    pub account: Option<AccountId>,
    /// Who, where the wire names somebody.
    pub customer: Option<CustomerId>,
    /// The platform's session, where it has such.
    pub session: Option<SessionId>,
    /// The platform's id of this, where it has one: a second one with the same id is a repetition.
    pub id: Option<ProviderId>,
    /// When, by the platform's clock, where it says.
    pub at: Option<Timestamp>,
    /// What.
    pub what: InboundKind,
}

words! {
    /// Who wrote what a platform echoes to us.
    Author {
        /// A person, in the platform's own desk.
        Agent = "agent",
        /// A bot, ours or the platform's.
        Bot = "bot",
        /// The platform itself.
        System = "system",
    }
}
tagged! {
    /// What a platform told us. The `type` of its JSON stands in quotes beside each.
    pub enum InboundKind {
        /// The customer wrote or pressed.
        Message = "message" {
            /// What they wrote; never empty.
            content: Vec<Content>,
            /// How it was made, in the wire's own word.
            input? opt: String,
            /// What our button carried.
            postback? opt: Private,
            /// The platform says that somebody else owns the room: keep silent.
            standby? opt: bool,
            /// The rest, text by name.
            parameters? opt: BTreeMap<String, Private>,
        },
        /// The customer came into the room, or asked for a consultation.
        Entered = "entered" {
            /// What came with it, text by name.
            parameters? opt: BTreeMap<String, Private>,
            /// By which way, in the wire's own word.
            inflow? opt: String,
            /// From which page.
            referrer? opt: Private,
            /// Whether a bot should answer first, in the wire's own word.
            bot? opt: String,
        },
        /// The customer left the room.
        Left = "left" {},
        /// The platform's session is over.
        SessionEnded = "session_ended" {},
        /// The customer became a friend of the account, or stopped.
        FriendChanged = "friend_changed" {
            /// A friend now.
            friend: bool,
        },
        /// Something that was said to the customer, by us or in the platform's own desk. Never answered.
        Echo = "echo" {
            /// Who said it.
            author: Author,
            /// What.
            content: Vec<Content>,
            /// The rest, text by name.
            parameters? opt: BTreeMap<String, Private>,
        },
        /// Who may speak changed.
        HandedOver = "handed_over" {
            /// How, in the wire's own word (`passThread`, `takeThread`).
            control: String,
            /// What came with it, as it came.
            metadata? opt: Private,
        },
        /// The customer shared their profile, or did not.
        ProfileShared = "profile_shared" {
            /// What they shared, by the name of the field.
            fields: BTreeMap<String, Private>,
            /// How it went, in the wire's own word.
            result: String,
        },
        /// The customer took back a consent: what is stored of these fields must be deleted.
        ProfileWithdrawn = "profile_withdrawn" {
            /// The fields.
            fields: Vec<String>,
        },
        /// The customer paid. The platform waits for our verdict.
        Paid = "paid" {
            /// The payment's id.
            payment: String,
            /// How it went, in the wire's own word.
            result: String,
            /// The rest, text by name.
            parameters? opt: BTreeMap<String, Private>,
        },
        /// What became of a payment.
        PaymentConfirmed = "payment_confirmed" {
            /// The payment's id.
            payment: String,
            /// How it went, in the wire's own word.
            result: String,
            /// The rest, text by name.
            parameters? opt: BTreeMap<String, Private>,
        },
        /// What became of a message of ours.
        Delivery = "delivery" {
            /// Our message.
            message: String,
            /// How it went, in the wire's own word.
            status: String,
        },
        /// The customer has read what was sent.
        Seen = "seen" {},
    }
}

impl InboundKind {
    /// The customer wrote this, and nothing came with it.
    #[must_use]
    pub const fn message(content: Vec<Content>) -> Self {
        Self::Message {
            content,
            input: None,
            postback: None,
            standby: None,
            parameters: None,
        }
    }

    /// Something of a kind these crates do not know.
    #[must_use]
    pub fn unknown(kind: &str) -> Self {
        Self::Unknown(Unknown::new(kind, ""))
    }
}

impl Inbound {
    /// Something a platform told, with nothing around it yet.
    #[must_use]
    pub const fn new(channel: ChannelName, what: InboundKind) -> Self {
        Self {
            channel,
            account: None,
            customer: None,
            session: None,
            id: None,
            at: None,
            what,
        }
    }

    /// The JSON line, as the command line prints it.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Inbound::to_json`] wrote.
    ///
    /// # Errors
    /// [`JsonError`] where it is not that.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let head: Head = json::from_str(text)?;
        let what = match head.kind.as_str() {
            "unknown" => InboundKind::unknown(head.unknown.as_deref().unwrap_or_default()),
            kind => {
                InboundKind::read_fields(kind, text)?.unwrap_or_else(|| InboundKind::unknown(kind))
            }
        };
        let Head {
            channel,
            account,
            customer,
            session,
            id,
            at,
            ..
        } = head;
        Ok(Self {
            channel,
            account,
            customer,
            session,
            id,
            at,
            what,
        })
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    channel: ChannelName,
    account: Option<AccountId>,
    customer: Option<CustomerId>,
    session: Option<SessionId>,
    id: Option<ProviderId>,
    at: Option<Timestamp>,
    #[serde(rename = "kind")]
    unknown: Option<String>,
}

impl Serialize for Inbound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn optional<M: SerializeMap, T: Serialize>(
            map: &mut M,
            key: &str,
            value: Option<&T>,
        ) -> Result<(), M::Error> {
            value.map_or(Ok(()), |value| map.serialize_entry(key, value))
        }
        let mut map = serializer.serialize_map(None)?;
        let unknown = match &self.what {
            InboundKind::Unknown(unknown) => Some(unknown.kind()),
            _ => None,
        };
        map.serialize_entry(
            "type",
            if unknown.is_some() {
                "unknown"
            } else {
                self.what.kind()
            },
        )?;
        map.serialize_entry("channel", &self.channel)?;
        optional(&mut map, "account", self.account.as_ref())?;
        optional(&mut map, "customer", self.customer.as_ref())?;
        optional(&mut map, "session", self.session.as_ref())?;
        optional(&mut map, "id", self.id.as_ref())?;
        optional(&mut map, "at", self.at.as_ref())?;
        optional(&mut map, "kind", unknown.as_ref())?;
        self.what.write_fields(&mut map)?;
        map.end()
    }
}
