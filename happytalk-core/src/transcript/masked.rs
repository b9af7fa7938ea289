//! Events with their texts masked, and cut down to what an audience may read.

use std::borrow::Cow;

use super::{Audience, Mask, View};
use crate::content::{Button, ButtonAction, ButtonTargets, Card, Content, Media, Text};
use crate::event::{Category, Event, Parameters, TransferTarget};
use crate::id::{AgentId, CustomerId, Word};
use crate::message::Message;
use crate::sealed::Sealable;

/// What a customer knows an agent as who has no name for them.
const SOME_AGENT: &str = "상담사";

/// The masking function, and for whom.
#[derive(Clone, Copy)]
pub(super) struct Masking<'a> {
    pub(super) view: &'a View,
    pub(super) mask: Mask<'a>,
}

impl Masking<'_> {
    fn for_customer(&self) -> bool {
        self.view.audience == Audience::Customer
    }

    fn text(&self, text: &str) -> String {
        (self.mask)(text).into_owned()
    }

    fn optional(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// What is closed stays so, without the sealed bytes.
    fn open<T>(value: &Sealable<T>, masked: impl FnOnce(&T) -> T) -> Sealable<T> {
        match value {
            Sealable::Open(value) => Sealable::Open(masked(value)),
            Sealable::Closed(closed) => Sealable::Closed(closed.without_content()),
        }
    }

    pub(super) fn sealable(&self, text: &Sealable<String>) -> Sealable<String> {
        Self::open(text, |text| self.text(text))
    }

    pub(super) fn parameters(&self, all: &Sealable<Parameters>) -> Sealable<Parameters> {
        Self::open(all, |all| {
            let masked = |(name, value): (&String, _)| (self.text(name), self.sealable(value));
            all.iter().map(masked).collect()
        })
    }

    pub(super) fn customer(&self, customer: &Sealable<CustomerId>) -> Sealable<CustomerId> {
        Self::open(customer, |id| {
            let masked = self.text(id.as_str());
            masked.parse().unwrap_or_else(|_| id.clone())
        })
    }

    /// 소분류 is free text; the others are the site's own words.
    pub(super) fn category(&self, category: &Category) -> Category {
        let mut masked = category.clone();
        let extra = category.extra.as_ref();
        masked.extra = extra.and_then(|extra| self.text(extra.as_str()).parse().ok());
        masked
    }

    fn target(&self, target: &TransferTarget) -> TransferTarget {
        match target {
            TransferTarget::Category(category) => TransferTarget::Category(self.category(category)),
            other => other.clone(),
        }
    }

    fn agent(&self, agent: &AgentId) -> AgentId {
        if !self.for_customer() {
            return agent.clone();
        }
        let name = self.view.agent_names.get(agent).map(String::as_str);
        let name = name.unwrap_or(SOME_AGENT);
        name.parse().unwrap_or_else(|_| AgentId::bot())
    }

    /// The event as the audience may read it; `None` where it may not.
    pub(super) fn event(&self, event: &Event) -> Option<Event> {
        if self.for_customer() {
            return self.event_for_customer(event);
        }
        Some(match event {
            Event::Unknown(_) if self.view.audience != Audience::Export => return None,
            Event::CustomerSaid { message } => Event::CustomerSaid {
                message: self.message(message),
            },
            Event::BotSaid { message } => Event::BotSaid {
                message: self.message(message),
            },
            Event::AgentSaid { agent, message } => Event::AgentSaid {
                agent: agent.clone(),
                message: self.message(message),
            },
            Event::AutoSaid { kind, message } => Event::AutoSaid {
                kind: *kind,
                message: self.message(message),
            },
            Event::Noted { agent, text } => Event::Noted {
                agent: agent.clone(),
                text: self.sealable(text),
            },
            Event::Titled { title, by } => Event::Titled {
                title: self.sealable(title),
                by: by.clone(),
            },
            Event::ReviewRequested { agent, text } => Event::ReviewRequested {
                agent: agent.clone(),
                text: text.as_ref().map(|text| self.sealable(text)),
            },
            Event::ReviewAnswered { agent, text } => Event::ReviewAnswered {
                agent: agent.clone(),
                text: text.as_ref().map(|text| self.sealable(text)),
            },
            Event::Rated {
                score,
                scale,
                comment,
            } => Event::Rated {
                score: *score,
                scale: *scale,
                comment: comment.as_ref().map(|comment| self.sealable(comment)),
            },
            Event::CategoryChanged { category, by } => Event::CategoryChanged {
                category: self.category(category),
                by: by.clone(),
            },
            Event::AgentRequested {
                by,
                category,
                queue,
            } => Event::AgentRequested {
                by: *by,
                category: category.as_ref().map(|category| self.category(category)),
                queue: queue.clone(),
            },
            Event::ReturnedToQueue { agent, cause, to } => Event::ReturnedToQueue {
                agent: agent.clone(),
                cause: *cause,
                to: to.as_ref().map(|to| self.target(to)),
            },
            Event::TransferRequested { from, to } => Event::TransferRequested {
                from: from.clone(),
                to: self.target(to),
            },
            Event::CustomerLinked { person } => Event::CustomerLinked {
                person: Self::open(person, |person| {
                    let masked = self.text(person.as_str());
                    masked.parse().unwrap_or_else(|_| person.clone())
                }),
            },
            other => other.clone(),
        })
    }

    /// A list of what a customer may read: what is not on it is not shown.
    fn event_for_customer(&self, event: &Event) -> Option<Event> {
        let side = |by: &Word| {
            Word::fixed(if by.as_str() == "customer" {
                "customer"
            } else {
                "agent"
            })
        };
        Some(match event {
            Event::CustomerSaid { message } => Event::CustomerSaid {
                message: self.message(message),
            },
            Event::BotSaid { message } => Event::BotSaid {
                message: self.message(message),
            },
            Event::AgentSaid { agent, message } => Event::AgentSaid {
                agent: self.agent(agent),
                message: self.message(message),
            },
            Event::AutoSaid { kind, message } => Event::AutoSaid {
                kind: *kind,
                message: self.message(message),
            },
            Event::BotEnded { by } => Event::BotEnded { by: *by },
            Event::Ended { by, .. } => Event::Ended {
                by: *by,
                after_work: false,
                rule: None,
                cause: None,
            },
            Event::Reopened { by, .. } => Event::Reopened {
                by: side(by),
                session: None,
            },
            Event::Rated {
                score,
                scale,
                comment,
            } => Event::Rated {
                score: *score,
                scale: *scale,
                comment: comment.as_ref().map(|comment| self.sealable(comment)),
            },
            _ => return None,
        })
    }

    fn message(&self, message: &Sealable<Message>) -> Sealable<Message> {
        Self::open(message, |message| {
            let content = Self::open(&message.content, |parts| {
                parts.iter().map(|part| self.content(part)).collect()
            });
            let mut masked = Message::new(message.id.clone(), Vec::new());
            masked.content = content;
            if !self.for_customer() {
                masked.provider_id = message.provider_id.clone();
                masked.input = message.input.clone();
                masked.postback = message.postback.as_ref().map(|token| self.sealable(token));
            }
            masked
        })
    }

    fn content(&self, part: &Content) -> Content {
        match part {
            Content::Text(text) => {
                let mut masked = Text::new(self.text(&text.text));
                masked.full_text_url = self.optional(text.full_text_url.as_ref());
                masked.quick_replies = self.buttons(&text.quick_replies);
                Content::Text(masked)
            }
            Content::Image(media) => Content::Image(self.media(media)),
            Content::Video(media) => Content::Video(self.media(media)),
            Content::Audio(media) => Content::Audio(self.media(media)),
            Content::File(media) => Content::File(self.media(media)),
            Content::Sticker => Content::Sticker,
            Content::Location => Content::Location,
            Content::Card(card) => Content::Card(self.card(card)),
            Content::Carousel { cards } => Content::Carousel {
                cards: cards.iter().map(|card| self.card(card)).collect(),
            },
        }
    }

    fn media(&self, media: &Media) -> Media {
        let mut masked = Media::new(self.text(&media.url));
        masked.comment = self.optional(media.comment.as_ref());
        masked.name = self.optional(media.name.as_ref());
        masked.size = media.size;
        masked
    }

    fn card(&self, card: &Card) -> Card {
        let mut masked = Card::new();
        masked.title = self.optional(card.title.as_ref());
        masked.text = self.optional(card.text.as_ref());
        masked.image = self.optional(card.image.as_ref());
        masked.buttons = self.buttons(&card.buttons);
        masked.quick_replies = self.buttons(&card.quick_replies);
        masked
    }

    fn buttons(&self, buttons: &[Button]) -> Vec<Button> {
        let one = |button: &Button| {
            let links = matches!(
                button.action,
                ButtonAction::Url | ButtonAction::App | ButtonAction::Phone
            );
            let value = if links || !self.for_customer() {
                Cow::Owned(self.text(&button.value))
            } else {
                Cow::Borrowed("")
            };
            let mut masked = Button::new(self.text(&button.label), button.action, value);
            masked.targets = button.targets.as_ref().map(|targets| ButtonTargets {
                web: self.optional(targets.web.as_ref()),
                pc: self.optional(targets.pc.as_ref()),
                ios: self.optional(targets.ios.as_ref()),
                android: self.optional(targets.android.as_ref()),
            });
            masked
        };
        buttons.iter().map(one).collect()
    }
}
