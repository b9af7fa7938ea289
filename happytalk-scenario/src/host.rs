//! What a host knows that a document cannot: its services, queues, calendars, channels and other scenarios.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::document::Document;

/// What a channel carries. `None` is no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ChannelLimits {
    /// Messages between two inputs of the customer.
    pub outputs_max: Option<u32>,
    /// Buttons and quick replies of one message.
    pub buttons_max: Option<u32>,
    /// Buttons of one card.
    pub card_buttons_max: Option<u32>,
    /// Characters of one text.
    pub text_chars_max: Option<u32>,
    /// Characters of a button's label.
    pub label_chars_max: Option<u32>,
}

impl ChannelLimits {
    /// No limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What Kakao's chatbot answers carry: 3 messages a turn, 10 quick replies, 3 buttons a card, 1,000 characters a
    /// text, 14 characters a label.
    #[must_use]
    pub const fn kakao() -> Self {
        Self {
            outputs_max: Some(3),
            buttons_max: Some(10),
            card_buttons_max: Some(3),
            text_chars_max: Some(1_000),
            label_chars_max: Some(14),
        }
    }
}

/// What the host has, to check documents against. What is `None` is not checked.
///
/// As JSON: `{"calls": [..], "queues": [..], "calendars": [..], "scenarios": {"faq": [12]}, "channels": {"kakao_consult":
/// {"outputs_max": 3, ..}}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Catalogue {
    /// The services a `call` may name (R4).
    pub calls: Option<BTreeSet<String>>,
    /// The queues a hand-off may name (R7).
    pub queues: Option<BTreeSet<String>>,
    /// The calendars an `hours` node may name (R7).
    pub calendars: Option<BTreeSet<String>>,
    /// The scenarios a `sub` may run, with their versions (R3).
    pub scenarios: Option<BTreeMap<String, BTreeSet<u32>>>,
    /// What runs what: for each scenario the ones it runs itself, to find a scenario that comes back to itself (G8).
    pub runs: BTreeMap<String, BTreeSet<String>>,
    /// The channels the site has (R7), with what each carries (T1 to T4, errors then rather than warnings).
    pub channels: Option<BTreeMap<String, ChannelLimits>>,
}

impl Catalogue {
    /// A catalogue of nothing, which checks nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// [`Error::CatalogueNotUnderstood`](crate::Error::CatalogueNotUnderstood) where it is no JSON of that shape.
    pub fn from_json(text: &str) -> Result<Self, crate::Error> {
        happytalk_core::json::from_slice(text.as_bytes())
            .map_err(crate::Error::CatalogueNotUnderstood)
    }
}

/// What a document is checked against beside itself.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Against<'a> {
    /// What the host has; without it R3, R4 and R7 look at the document alone.
    pub catalogue: Option<&'a Catalogue>,
    /// The version that customers are in now; without it V1 to V5 are not made.
    pub previous: Option<&'a Document>,
    /// The text of that version, for V1.
    pub previous_text: Option<&'a str>,
}

impl<'a> Against<'a> {
    /// The document alone.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            catalogue: None,
            previous: None,
            previous_text: None,
        }
    }

    /// What the host has.
    #[must_use]
    pub const fn with_catalogue(mut self, catalogue: &'a Catalogue) -> Self {
        self.catalogue = Some(catalogue);
        self
    }

    /// The version before, read, and its text.
    #[must_use]
    pub const fn with_previous(mut self, document: &'a Document, text: &'a str) -> Self {
        self.previous = Some(document);
        self.previous_text = Some(text);
        self
    }
}
