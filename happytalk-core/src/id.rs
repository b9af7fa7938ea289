//! The names of things: validated text, one type a kind of name.

use std::fmt;

/// Why a text is not the id it was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// The text has no characters.
    #[error("id is empty. kind=`{kind}`")]
    Empty {
        /// The type that was asked for.
        kind: &'static str,
    },
    /// The text is longer than the kind allows.
    #[error("id is too long. kind=`{kind}` bytes=`{bytes}` bytes_max=`{bytes_max}`")]
    TooLong {
        /// The type that was asked for.
        kind: &'static str,
        /// How long the text is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// The text holds a control character, a line break or a tab among them.
    #[error("id holds a control character. kind=`{kind}` byte=`{byte}`")]
    Control {
        /// The type that was asked for.
        kind: &'static str,
        /// Where the character stands.
        byte: usize,
    },
}

impl IdError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "id.empty",
            Self::TooLong { .. } => "id.too_long",
            Self::Control { .. } => "id.control",
        }
    }
}

/// Checks what all ids have in common: not empty, not too long, no control characters.
///
/// # Errors
/// Any variant of [`IdError`].
pub(crate) fn check(text: &str, kind: &'static str, bytes_max: usize) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { kind });
    }
    if text.len() > bytes_max {
        return Err(IdError::TooLong {
            kind,
            bytes: text.len(),
            bytes_max,
        });
    }
    // Every control character is one of these bytes or begins with the last; told so without leaving early, the
    // compiler looks at 16 bytes at once.
    let may_be = |byte: u8| byte < 0x20 || byte == 0x7F || byte == 0xC2;
    if !text.bytes().fold(false, |found, byte| found | may_be(byte)) {
        return Ok(());
    }
    match text.char_indices().find(|(_, c)| c.is_control()) {
        Some((byte, _)) => Err(IdError::Control { kind, byte }),
        None => Ok(()),
    }
}

/// Writes a personal id without its text.
pub(crate) fn hidden(f: &mut fmt::Formatter<'_>, kind: &str) -> fmt::Result {
    write!(f, "{kind}(..)")
}

// The text is an `Arc<str>` unless told otherwise: 16 bytes, and a copy only counts. `smol_str` keeps up to 23 bytes in
// its own 24 instead, for ids of which a turn of a bot makes several copies that are gone after the next one.
macro_rules! string_id {
    ($(#[$meta:meta])* $name:ident, bytes_max = $max:literal, debug = shown) => {
        string_id!($(#[$meta])* $name, bytes_max = $max, debug = shown, text = std::sync::Arc<str>);
        string_id!(@shared $name);
    };
    ($(#[$meta:meta])* $name:ident, bytes_max = $max:literal, debug = shown, text = $text:ty) => {
        string_id!(@type $(#[$meta])* $name, $max, $text);
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    };
    ($(#[$meta:meta])* $name:ident, bytes_max = $max:literal, debug = hidden) => {
        string_id!(@type $(#[$meta])* $name, $max, std::sync::Arc<str>);
        string_id!(@shared $name);
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::id::hidden(f, stringify!($name))
            }
        }
    };
    (@shared $name:ident) => {
        /// Hands the text on without a copy of it.
        impl From<$name> for std::sync::Arc<str> {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
    (@type $(#[$meta:meta])* $name:ident, $max:literal, $text:ty) => {
        $(#[$meta])*
        #[doc = concat!("\n\nNot empty, at most ", $max, " bytes, no control characters.")]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($text);

        impl $name {
            /// The most bytes the text may have.
            pub const BYTES_MAX: usize = $max;

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::id::IdError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                $crate::id::check(&text, stringify!($name), Self::BYTES_MAX)?;
                Ok(Self(text.into()))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::check(text, stringify!($name), Self::BYTES_MAX)?;
                Ok(Self(text.into()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Reader;
                impl serde::de::Visitor<'_> for Reader {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Reader)
            }
        }
    };
}

string_id!(
    /// One centre (사이트): a company's inbox, agents and bill.
    SiteId, bytes_max = 128, debug = shown
);
string_id!(
    /// One conversation (상담방) from its opening to its close. Minted by the integrator.
    ConversationId, bytes_max = 128, debug = shown
);
string_id!(
    /// A message inside our own log. Minted by the integrator, or made from the conversation and `seq`.
    MessageId, bytes_max = 160, debug = shown
);
string_id!(
    /// A person who answers customers (상담사).
    AgentId, bytes_max = 128, debug = shown
);
string_id!(
    /// Agents under one manager (상담 그룹).
    GroupId, bytes_max = 128, debug = shown
);
string_id!(
    /// A line of waiting conversations.
    QueueId, bytes_max = 128, debug = shown
);
string_id!(
    /// The company's own account on a platform: Kakao's `sender_key`, a TalkTalk account.
    AccountId, bytes_max = 128, debug = shown
);
string_id!(
    /// A customer as one platform names them (`user_key`). Personal data.
    CustomerId, bytes_max = 128, debug = hidden
);
string_id!(
    /// A person behind one or more [`CustomerId`]s. Personal data.
    PersonId, bytes_max = 128, debug = hidden
);
string_id!(
    /// A customer as the site itself names them (`site_uid`), when they are logged in. Personal data.
    MemberId, bytes_max = 765, debug = hidden
);
string_id!(
    /// A browser that was here before, by the first-party cookie of the web chat. Personal data.
    CookieId, bytes_max = 256, debug = hidden
);
string_id!(
    /// One session as the platform names it.
    SessionId, bytes_max = 128, debug = shown
);
string_id!(
    /// A message as the platform names it; used to recognise a repeated delivery.
    ProviderId, bytes_max = 256, debug = shown
);
string_id!(
    /// A scenario (시나리오) document.
    ScenarioId, bytes_max = 64, debug = shown, text = smol_str::SmolStr
);
string_id!(
    /// A node of a scenario (블록, 대화).
    NodeId, bytes_max = 64, debug = shown, text = smol_str::SmolStr
);
string_id!(
    /// A tag on a conversation (상담 태그), without the `#`.
    TagName, bytes_max = 128, debug = shown
);
string_id!(
    /// One effect. Its result comes back under the same id; it is performed at most once under it, or again where
    /// the other side recognises the id.
    EffectId, bytes_max = 256, debug = shown
);
string_id!(
    /// A name for something that has no type of its own in these crates: a status, a skill, a field.
    Word, bytes_max = 128, debug = shown
);

impl Word {
    /// One of our own words, which are all valid.
    pub(crate) fn fixed(text: &'static str) -> Self {
        debug_assert!(
            check(text, "Word", Self::BYTES_MAX).is_ok(),
            "our own words are valid"
        );
        Self(text.into())
    }
}

impl Word {
    /// The word for an error's code, which is `unknown` where it is no valid word.
    #[must_use]
    pub fn from_code(code: &'static str) -> Self {
        code.parse().unwrap_or_else(|_| Self::fixed("unknown"))
    }
}

impl AgentId {
    /// The author of what a bot leaves for the agents. No person may have this id.
    #[must_use]
    pub fn bot() -> Self {
        Self("bot".into())
    }
}

impl MessageId {
    /// The message that line `seq` of a conversation is about: unique because the conversation's id is.
    #[must_use]
    pub fn numbered(conversation: &ConversationId, seq: u64) -> Self {
        // At most 128 bytes, a hyphen and 20 digits.
        Self(format!("{conversation}-{seq}").into())
    }
}

impl EffectId {
    /// The sending of a message. As unique as `message` is: one that was [`MessageId::numbered`] is among all.
    #[must_use]
    pub fn of_message(message: &MessageId) -> Self {
        Self(format!("send/{message}").into())
    }

    /// Effect `index` of the bot's step `turn` in a conversation, when the site's log had `position` lines.
    #[must_use]
    pub fn of_step(conversation: &ConversationId, position: u64, turn: u64, index: usize) -> Self {
        // At most 128 bytes, three numbers of 20 digits and what is between them.
        Self(format!("step/{conversation}/{position}/{turn}/{index}").into())
    }

    /// Effect `number` of this kind for a conversation. `kind` has at most 16 bytes.
    #[must_use]
    pub fn numbered(kind: &'static str, conversation: &ConversationId, number: u64) -> Self {
        debug_assert!(kind.len() <= 16, "the id stays within its limit");
        Self(format!("{kind}/{conversation}/{number}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_refuses_what_no_platform_would_send() {
        assert_eq!("".parse::<AgentId>().unwrap_err().code(), "id.empty");
        assert_eq!(
            "a\nb".parse::<AgentId>(),
            Err(IdError::Control {
                kind: "AgentId",
                byte: 1
            })
        );
        assert_eq!(
            "가".repeat(43).parse::<AgentId>().unwrap_err().code(),
            "id.too_long"
        );
        assert!(serde_json::from_str::<AgentId>("\"\"").is_err());
    }

    #[test]
    fn every_control_character_is_refused_where_it_stands_and_nothing_else_is() {
        for code in 0..=0x2FF {
            let Some(letter) = char::from_u32(code) else {
                continue;
            };
            let id = format!("가{letter}b").parse::<AgentId>();
            let control = IdError::Control {
                kind: "AgentId",
                byte: 3,
            };
            assert_eq!(id.err(), letter.is_control().then_some(control), "{code:x}");
        }
    }

    #[test]
    fn a_customer_does_not_show_in_debug() {
        let customer: CustomerId = "user-77".parse().unwrap();
        assert_eq!(format!("{customer:?}"), "CustomerId(..)");
    }
}
