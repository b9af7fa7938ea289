//! What stands beside a handover (핸드오버).

use happytalk_core::inbound::Private;
use happytalk_core::json;
use serde::Deserialize;

use crate::wire::lenient::{Object, Scalar};

/// What the metadata of a handover says, where it can be read: which agent ended the consultation, and whether it ended
/// by itself.
///
/// The metadata is text that holds JSON, once with single quotes in the platform's own sample, and sometimes neither; what
/// cannot be read says nothing, and is no error.
///
/// ```
/// use happytalk_naver::room::HandoverNote;
///
/// let note = HandoverNote::read(r#"{"managerNickname":"파트너닉네임","autoEnd":false}"#);
/// assert_eq!(note.manager_nickname.ok_or("no name")?.as_str(), "파트너닉네임");
/// assert_eq!(HandoverNote::read("{'autoEnd': true}").auto_end, Some(true));
/// assert_eq!(HandoverNote::read("끝"), HandoverNote::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandoverNote {
    /// The agent (상담원 닉네임).
    pub manager_nickname: Option<Private>,
    /// Whether nobody pressed 상담 완료하기.
    pub auto_end: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Metadata<'a> {
    #[serde(borrow)]
    manager_nickname: Scalar<'a>,
    #[serde(borrow)]
    auto_end: Scalar<'a>,
}

impl HandoverNote {
    /// Reads the metadata of a [`HandedOver`](happytalk_core::InboundKind::HandedOver).
    #[must_use]
    pub fn read(metadata: &str) -> Self {
        Self::of_json(metadata)
            .or_else(|| Self::of_json(&metadata.replace('\'', "\"")))
            .unwrap_or_default()
    }

    fn of_json(text: &str) -> Option<Self> {
        let Object(metadata) = json::from_str::<Object<Metadata<'_>>>(text).ok()?;
        let auto_end = if metadata.auto_end.is_true() {
            Some(true)
        } else {
            metadata.auto_end.is("false").then_some(false)
        };
        Some(Self {
            manager_nickname: metadata.manager_nickname.private(),
            auto_end,
        })
    }
}
