//! The platform's own addresses, with the time in which each was in use.

use std::net::IpAddr;

use happytalk_core::source::SourceRange;
use happytalk_core::{Secret, Timestamp};

/// A range of the platform's addresses, and when it is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlatformRange {
    /// The range, such as `211.249.40.0/27`.
    pub range: &'static str,
    /// From when on, where that is known.
    pub since: Option<Timestamp>,
    /// Until when, where that is over.
    pub until: Option<Timestamp>,
}

const fn always(range: &'static str) -> PlatformRange {
    PlatformRange {
        range,
        since: None,
        until: None,
    }
}

/// From where webhooks come, as far as is known.
///
/// Source: <https://github.com/navertalk/chatbot-api> README "Webhook 요구 사항" and its history (read 2026-11-21). When a
/// range came into use is not written there; when one went is.
pub const PLATFORM_RANGES: [PlatformRange; 4] = [
    always("211.249.40.0/27"),
    always("211.249.68.0/27"),
    always("220.230.168.0/27"),
    PlatformRange {
        range: "117.52.141.192/27",
        since: None,
        // 2021-06-23 in Seoul.
        until: Some(Timestamp::from_millis(1_624_374_000_000)),
    },
];

/// From where a webhook may come. The host puts the [`IpAddr`] of the caller into the request's
/// [extensions](http::Request::extensions_mut); unless any will do, a call without one is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AllowedSources {
    /// From anywhere: a proxy in front, or the secret route, is enough.
    #[default]
    Any,
    /// From the addresses that [`PLATFORM_RANGES`] has for the time of the call.
    Platform,
    /// From these addresses, such as a relay of one's own.
    These(Vec<SourceRange>),
}

impl AllowedSources {
    /// Whether a webhook that comes `now` from `address` may.
    #[must_use]
    pub fn allows(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        match (self, address) {
            (Self::Any, _) => true,
            (Self::Platform | Self::These(_), None) => false,
            (Self::These(ranges), Some(address)) => {
                ranges.iter().any(|range| range.contains(address))
            }
            (Self::Platform, Some(address)) => PLATFORM_RANGES.iter().any(|one| {
                let in_use = one.since.is_none_or(|since| since <= now)
                    && one.until.is_none_or(|until| now < until);
                let range = one.range.parse::<SourceRange>();
                in_use && range.is_ok_and(|range| range.contains(address))
            }),
        }
    }
}

/// The fewest characters of a route's secret segment.
pub(crate) const ROUTE_CHARS_MIN: usize = 16;

/// Whether `path` ends in the secret segment. Takes as long for a near miss as for a far one.
pub(crate) fn ends_in(path: &str, segment: &Secret) -> bool {
    let given = path.trim_end_matches('/').rsplit('/').next();
    let (given, wanted) = (
        given.unwrap_or_default().as_bytes(),
        segment.expose().as_bytes(),
    );
    let differing = given
        .iter()
        .zip(wanted)
        .fold(0, |differing, (a, b)| differing | (a ^ b));
    given.len() == wanted.len() && std::hint::black_box(differing) == 0
}

/// The form that the platform documents for a customer's id: 22 characters of the base64url alphabet.
pub(crate) fn has_the_form_of_a_user(user: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    user.len() == 22 && user.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_addresses_depend_on_the_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let from = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let today = at("2026-11-21T00:00:00+09:00");
        let sources = AllowedSources::Platform;
        for (address, allowed) in [
            ("211.249.40.0", true),
            ("211.249.40.31", true),
            ("211.249.40.32", false),
            ("211.249.68.7", true),
            ("220.230.168.30", true),
            ("::ffff:220.230.168.30", true),
            ("117.52.141.200", false),
            ("203.0.113.9", false),
        ] {
            assert_eq!(sources.allows(from(address), today), allowed, "{address}");
        }
        let old = from("117.52.141.200");
        assert!(sources.allows(old, at("2021-06-22T23:59:59+09:00")));
        assert!(!sources.allows(old, at("2021-06-23T00:00:00+09:00")));
        assert!(!sources.allows(None, today));
        assert!(AllowedSources::Any.allows(None, today));
    }

    #[test]
    fn every_range_of_the_table_is_one() {
        for one in PLATFORM_RANGES {
            assert!(one.range.parse::<SourceRange>().is_ok(), "{}", one.range);
        }
    }

    #[test]
    fn a_route_ends_in_its_secret_or_is_another() {
        let secret = Secret::new("p7Rw4ZkY1cQx9LmT");
        for (path, is_ours) in [
            ("/naver/p7Rw4ZkY1cQx9LmT", true),
            ("/p7Rw4ZkY1cQx9LmT/", true),
            ("/naver/p7Rw4ZkY1cQx9LmU", false),
            ("/naver/p7Rw4ZkY1cQx9Lm", false),
            ("/naver/p7Rw4ZkY1cQx9LmTT", false),
            ("/p7Rw4ZkY1cQx9LmT/else", false),
            ("/", false),
            ("", false),
        ] {
            assert_eq!(ends_in(path, &secret), is_ours, "{path}");
        }
    }

    #[test]
    fn a_user_has_22_characters_of_the_alphabet() {
        assert!(has_the_form_of_a_user("al-2eGuGr5WQOnco1_V-FQ"));
        for other in [
            "",
            "u",
            "al-2eGuGr5WQOnco1_V-F",
            "al-2eGuGr5WQOnco1_V-FQQ",
            "al-2eGuGr5WQOnco1_V-F=",
            "al-2eGuGr5WQOnco1_V-고",
        ] {
            assert!(!has_the_form_of_a_user(other), "{other}");
        }
    }
}
