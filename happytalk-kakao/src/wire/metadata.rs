//! `reference` and `last_reference`: what the button that asked for the consultation carried.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21). Its table calls both
//! texts where its sample shows objects; both are read.

use std::collections::BTreeMap;

use happytalk_core::inbound::Private;
use serde::Deserialize;

use super::lenient::{FromWords, Loose};

/// The members of either object.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    extra: Loose,
    /// What `extra` was called before August 2019.
    text: Loose,
    #[serde(rename = "lastText")]
    last_text: Loose,
    #[serde(rename = "lastTextDate")]
    last_text_date: Loose,
    #[serde(rename = "appUserId")]
    app_user_id: Loose,
    bot: Loose,
    bot_event: Loose,
    created_at: Loose,
}

impl FromWords for Metadata {
    fn from_words(words: &str) -> Self {
        Self {
            extra: Loose::from(words.to_owned()),
            ..Self::default()
        }
    }
}

impl Metadata {
    /// Takes `bot` out: `"true"`, `"false"` or `"auto"`, a text on the wire.
    pub(crate) fn take_bot(&mut self) -> Option<String> {
        std::mem::take(&mut self.bot).non_empty()
    }

    /// Puts each member that says something into `parameters`, its name after `prefix`.
    pub(crate) fn fill(self, prefix: &str, parameters: &mut BTreeMap<String, Private>) {
        if let Some(app_user_id) = self.app_user_id.non_empty() {
            // The same number as the event's own field of that name, which goes first.
            parameters
                .entry("app_user_id".to_owned())
                .or_insert_with(|| Private::from(app_user_id));
        }
        for (name, value) in [
            ("extra", self.extra),
            ("text", self.text),
            ("lastText", self.last_text),
            ("lastTextDate", self.last_text_date),
            ("bot", self.bot),
            ("bot_event", self.bot_event),
            ("created_at", self.created_at),
        ] {
            if let Some(text) = value.non_empty() {
                parameters.insert(format!("{prefix}{name}"), Private::from(text));
            }
        }
    }
}

/// What stands in `last_reference` has this before its name.
pub(crate) const LAST_REFERENCE: &str = "last_reference.";
