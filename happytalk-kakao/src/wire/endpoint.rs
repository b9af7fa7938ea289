//! What can be called, and where each dialect has it.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/>, <https://developer-center.happytalk.io/>
//! and <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).

use std::fmt;

use http::Method;

use crate::dialect::Dialect;
use crate::refusal::Refusal;

macro_rules! endpoints {
    ($( $(#[$meta:meta])* $name:ident = $shown:literal, )*) => {
        /// What is called, in any dialect.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Endpoint {
            $( $(#[$meta])* $name, )*
        }

        impl Endpoint {
            /// Every endpoint.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }

        impl fmt::Display for Endpoint {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $( Self::$name => $shown, )* })
            }
        }
    };
}

endpoints! {
    /// Says something, in the first generation: `chat/write`.
    ChatWrite = "chat/write",
    /// Says something plain: words, a picture, a film, a sound or a file.
    SendPlain = "chat/send/plain",
    /// Says something with buttons, quick replies or more of a shape.
    SendRich = "chat/send/rich",
    /// Ends the session.
    ChatEnd = "chat/end",
    /// Ends the session and lets the channel's bot go on.
    EndWithBot = "chat/endWithBot",
    /// Blocks a customer, which ends the session too.
    UserBlock = "profile/user/block",
    /// Takes a block back.
    UserUnblock = "profile/user/unblock",
    /// Hands over a picture.
    ImageUpload = "image/upload",
    /// Hands over any other file.
    FileUpload = "file/upload",
    /// Switches the channel's chat function on.
    ChatActivate = "profile/chat/activate",
    /// Switches the channel's chat function off.
    ChatDeactivate = "profile/chat/deactivate",
    /// Sends the channel's administrator a token, which registering the profile takes.
    SenderToken = "center/sender/token",
    /// Registers a profile (발신프로필).
    SenderCreate = "center/sender/create",
    /// What is known of the profile.
    Sender = "center/sender",
    /// The address below which events are posted.
    DomainSearch = "center/domain/search",
    /// Changes the address below which events are posted.
    DomainUpdate = "center/domain/update",
    /// The classes a channel can be of.
    Category = "center/category",
    /// The messages the platform shows by itself (시스템 메시지).
    SystemMessages = "center/system-messages",
    /// Starts using 상담톡 with a profile.
    SenderActivate = "center/sender/activate",
    /// Stops using 상담톡 with a profile.
    SenderDeactivate = "center/sender/deactivate",
    /// The customer's last session.
    Session = "center/session",
    /// Takes a message back.
    MessageDelete = "center/chat/delete",
    /// The hours that the channel's home page shows.
    ConsultTimes = "center/consult/time",
    /// Changes the hours that the channel's home page shows.
    SetConsultTimes = "center/consult/time (change)",
    /// What the customer and the channel's bot said before.
    BotHistory = "chatbot/messages",
}

/// Which values of `code` are success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeGroup {
    /// A zero.
    Chat,
    /// A zero or 200: of block and unblock the table and the sample differ.
    Block,
    /// Four zeros.
    Upload,
    /// 200.
    Centre,
    /// `A000`, in two places.
    Bizgo,
    /// Any of them, or none: no document says.
    Undocumented,
}

impl CodeGroup {
    pub(crate) const fn success_codes(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["0"],
            Self::Block => &["0", "200"],
            Self::Upload => &["0000"],
            Self::Centre => &["200"],
            Self::Bizgo => &["A000"],
            Self::Undocumented => &["0", "0000", "200"],
        }
    }
}

impl Endpoint {
    /// The method, where the dialect has this at all.
    #[must_use]
    pub fn method(self, dialect: Dialect) -> Option<Method> {
        self.path(dialect)?;
        Some(match (self, dialect) {
            (Self::Session | Self::ConsultTimes, _) => Method::GET,
            (Self::Sender | Self::SystemMessages, Dialect::HappytalkV3) => Method::GET,
            _ => Method::POST,
        })
    }

    /// The path, where the dialect has this at all; at the hub it follows the version and the partner's key.
    #[must_use]
    pub const fn path(self, dialect: Dialect) -> Option<&'static str> {
        match dialect {
            Dialect::HappytalkV1 => self.path_of_v1(),
            Dialect::HappytalkV3 => match self.path_of_v3() {
                Some(path) => Some(path),
                None => match self {
                    Self::ChatWrite => None,
                    // What has no page in the second generation is where the first has it.
                    _ => self.path_of_v1(),
                },
            },
            Dialect::Bizgo => self.path_of_bizgo(),
            Dialect::Hub => self.path_of_hub(),
        }
    }

    const fn path_of_v1(self) -> Option<&'static str> {
        Some(match self {
            Self::ChatWrite => "/v1/chat/write",
            Self::ChatEnd => "/v1/chat/end",
            Self::UserBlock => "/v1/profile/user/block",
            Self::UserUnblock => "/v1/profile/user/unblock",
            Self::ImageUpload => "/v1/image/upload",
            Self::FileUpload => "/v1/file/upload",
            Self::ChatActivate => "/v1/profile/chat/activate",
            Self::ChatDeactivate => "/v1/profile/chat/deactivate",
            Self::SenderToken => "/v1/center/sender/token",
            Self::SenderCreate => "/v1/center/sender/create",
            Self::Sender => "/v1/center/sender",
            Self::DomainSearch => "/v1/center/domain/search",
            Self::DomainUpdate => "/v1/center/domain/update",
            Self::Category => "/v1/center/category",
            _ => return None,
        })
    }

    const fn path_of_v3(self) -> Option<&'static str> {
        Some(match self {
            Self::SendPlain => "/kakaoWebhook/v3/bzc/chat/send/plain",
            Self::SendRich => "/kakaoWebhook/v3/bzc/chat/send/rich",
            Self::EndWithBot => "/kakaoWebhook/v3/bzc/chat/endWithBot",
            Self::ImageUpload => "/kakaoWebhook/v3/bzc/image/upload",
            Self::FileUpload => "/kakaoWebhook/v3/bzc/file/upload",
            Self::ChatDeactivate => "/kakaoWebhook/v3/bzc/profile/chat/deactivate",
            Self::Sender => "/kakaoWebhook/v3/bzmc/sender",
            Self::SystemMessages => "/kakaoWebhook/v3/bzmc/sm",
            _ => return None,
        })
    }

    const fn path_of_bizgo(self) -> Option<&'static str> {
        Some(match self {
            Self::SendPlain => "/api/comm/v1/cstalk/plain",
            Self::SendRich => "/api/comm/v1/cstalk/rich",
            Self::ChatEnd => "/api/comm/v1/cstalk/end",
            Self::EndWithBot => "/api/comm/v1/cstalk/endWithBot",
            Self::ImageUpload => "/api/comm/v1/file/cstalk/image",
            Self::FileUpload => "/api/comm/v1/file/cstalk",
            Self::ChatActivate => "/api/comm/v1/center/cstalk/sender/chat/activate",
            Self::ChatDeactivate => "/api/comm/v1/center/cstalk/sender/chat/deactivate",
            Self::SenderActivate => "/api/comm/v1/center/cstalk/sender/activate",
            Self::SenderDeactivate => "/api/comm/v1/center/cstalk/sender/deactivate",
            Self::Session => "/api/comm/v1/center/cstalk/session",
            Self::MessageDelete => "/api/comm/v1/center/cstalk/chat/delete",
            Self::ConsultTimes | Self::SetConsultTimes => "/api/comm/v1/center/cstalk/consult/time",
            _ => return None,
        })
    }

    /// Observed: `chatbot/messages`, in code of partners. Assumed: the others, by the names that HappyTalk passes on.
    const fn path_of_hub(self) -> Option<&'static str> {
        Some(match self {
            Self::ChatWrite => "/chat/write",
            Self::ChatEnd => "/chat/end",
            Self::UserBlock => "/profile/user/block",
            Self::UserUnblock => "/profile/user/unblock",
            Self::ImageUpload => "/image/upload",
            Self::FileUpload => "/file/upload",
            Self::ChatActivate => "/profile/chat/activate",
            Self::ChatDeactivate => "/profile/chat/deactivate",
            Self::BotHistory => "/chatbot/messages",
            _ => return None,
        })
    }

    /// Which values of `code` are success.
    pub(crate) const fn codes(self, dialect: Dialect) -> CodeGroup {
        if matches!(dialect, Dialect::Bizgo) {
            return CodeGroup::Bizgo;
        }
        match self {
            Self::ChatWrite
            | Self::SendPlain
            | Self::SendRich
            | Self::ChatEnd
            | Self::EndWithBot => CodeGroup::Chat,
            Self::UserBlock | Self::UserUnblock => CodeGroup::Block,
            Self::ImageUpload | Self::FileUpload => CodeGroup::Upload,
            Self::BotHistory => CodeGroup::Undocumented,
            _ => CodeGroup::Centre,
        }
    }

    /// The values of `code` that are success in this dialect, each as text: on the wire some are numbers.
    #[must_use]
    pub const fn success_codes(self, dialect: Dialect) -> &'static [&'static str] {
        self.codes(dialect).success_codes()
    }

    /// Whether the refusal says that what was asked for is so already.
    ///
    /// Assumed: an end without a session is the repetition of an end that worked, or came after the customer's.
    pub(crate) const fn was_done_before(self, refusal: Refusal) -> bool {
        match self {
            Self::ChatWrite | Self::SendPlain | Self::SendRich => {
                matches!(refusal, Refusal::Duplicate)
            }
            Self::ChatEnd | Self::EndWithBot => matches!(refusal, Refusal::NoSession),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_somewhere_and_every_path_has_a_method() {
        for endpoint in Endpoint::ALL {
            let paths = Dialect::ALL
                .iter()
                .filter_map(|dialect| endpoint.path(*dialect));
            assert!(paths.count() > 0, "{endpoint}");
            for dialect in Dialect::ALL {
                let (path, method) = (endpoint.path(*dialect), endpoint.method(*dialect));
                assert_eq!(path.is_some(), method.is_some(), "{endpoint} {dialect}");
            }
        }
    }

    #[test]
    fn what_the_second_generation_has_no_page_for_is_where_the_first_has_it() {
        let v3 = |endpoint: Endpoint| endpoint.path(Dialect::HappytalkV3);
        assert_eq!(v3(Endpoint::ChatEnd), Some("/v1/chat/end"));
        assert_eq!(
            v3(Endpoint::EndWithBot),
            Some("/kakaoWebhook/v3/bzc/chat/endWithBot")
        );
        assert_eq!(v3(Endpoint::ChatWrite), None, "it says things its own way");
    }
}
