//! The languages people read.

/// The language of what is shown to people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a caller offers the languages there are"
)]
pub enum Language {
    /// 한국어.
    #[default]
    Korean,
    /// English.
    English,
}
