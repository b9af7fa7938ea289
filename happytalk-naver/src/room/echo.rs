//! Recognising one's own words when they come back.
//!
//! The answer to a send names no message, so an echo is known by what it says. Pictures are not compared, since the
//! platform keeps a copy whose address may be its own, nor quick replies, which are gone once anything follows.

use happytalk_core::content::{Button, Card};
use happytalk_core::inbound::InboundKind;
use happytalk_core::{Content, Outbound};

use crate::message::{Message, SendOptions};
use crate::wire::event::Event;
use crate::wire::event::button::QUICK_REPLY_LABEL_MAX;
use crate::wire::webhook;

/// One mark for each echo that `outbound` will cause; none where it says nothing, or cannot be sent.
pub(super) fn marks_of(outbound: &Outbound) -> Vec<u64> {
    // The way over the wire is the one that the echo takes, so that both are read alike.
    let events = Event::list(outbound, SendOptions::new()).unwrap_or_default();
    events.iter().filter_map(mark_of_event).collect()
}

/// The mark of the echo that `message` will cause; none where it says nothing, or cannot be sent.
pub(super) fn marks_of_message(message: &Message) -> Vec<u64> {
    let anybody = "user".parse().ok();
    let event = anybody.as_ref().and_then(|anybody| {
        // The longest label that any settings allow on a row.
        Event::of_message(anybody, message, QUICK_REPLY_LABEL_MAX).ok()
    });
    event.iter().filter_map(mark_of_event).collect()
}

fn mark_of_event(event: &Event<'_>) -> Option<u64> {
    let inbound = webhook::read(&event.to_body(), usize::MAX, None).ok()?;
    match inbound.what {
        InboundKind::Message { content, .. } => Some(mark(&content)),
        _ => None,
    }
}

/// The mark of an echo; nothing where it says nothing.
pub(super) fn mark_of(what: &InboundKind) -> Option<u64> {
    match what {
        InboundKind::Echo { content, .. } if !content.is_empty() => Some(mark(content)),
        _ => None,
    }
}

fn mark(content: &[Content]) -> u64 {
    let mut mark = Mark::new();
    for part in content {
        mark.text(part.kind());
        match part {
            Content::Text(text) => {
                mark.text(&text.text);
            }
            Content::Card(card) => mark.card(card),
            Content::Carousel { cards } => cards.iter().for_each(|card| mark.card(card)),
            _ => {}
        }
    }
    mark.0
}

/// FNV-1a, 64 bits: nobody but the platform and ourselves says what is compared.
struct Mark(u64);

impl Mark {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn text(&mut self, text: &str) {
        // No text holds the byte that ends it.
        for byte in text.trim().bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn buttons(&mut self, buttons: &[Button]) {
        for button in buttons {
            self.text(&button.label);
            self.text(&button.value);
        }
    }

    fn card(&mut self, card: &Card) {
        self.text(card.title.as_deref().unwrap_or_default());
        self.text(card.text.as_deref().unwrap_or_default());
        self.buttons(&card.buttons);
    }
}
