//! What is put on a conversation: notes, tags, flags, an alarm, a rating; and who looks in.

use std::time::Duration;

use super::super::{
    CATEGORY_EXTRA_CHARS_MAX, Command, Conversation, NOTE_CHARS_MAX, Phase, TITLE_CHARS_MAX,
};
use super::check_text;
use crate::error::Error;
use crate::event::{Event, SuperviseMode};
use crate::sealed::Sealable;
use crate::time::Timestamp;

impl Conversation {
    /// What it takes while it is live and when it is over (invariant c).
    pub(super) fn mark(&self, command: &Command) -> Result<Vec<Event>, Error> {
        let event = match command {
            Command::Categorise { category, by } => {
                if let Some(extra) = &category.extra {
                    check_text("category.extra", extra.as_str(), CATEGORY_EXTRA_CHARS_MAX)?;
                }
                (self.category.as_ref() != Some(category)).then(|| Event::CategoryChanged {
                    category: category.clone(),
                    by: by.clone(),
                })
            }
            Command::Tag { tag, by } => (!self.tags.contains(tag)).then(|| Event::Tagged {
                tag: tag.clone(),
                by: by.clone(),
            }),
            Command::Untag { tag, by } => self.tags.contains(tag).then(|| Event::Untagged {
                tag: tag.clone(),
                by: by.clone(),
            }),
            Command::Note { agent, text } => {
                if let Some(text) = text.open() {
                    check_text("note", text, NOTE_CHARS_MAX)?;
                }
                Some(Event::Noted {
                    agent: agent.clone(),
                    text: text.clone(),
                })
            }
            Command::Title { title, by } => {
                if let Some(title) = title.open() {
                    check_text("title", title, TITLE_CHARS_MAX)?;
                }
                (self.title.as_ref() != Some(title)).then(|| Event::Titled {
                    title: title.clone(),
                    by: by.clone(),
                })
            }
            Command::Flag { kind, set, by } => {
                (self.flags.contains(kind) != *set).then(|| Event::FlagChanged {
                    kind: kind.clone(),
                    set: *set,
                    by: by.clone(),
                })
            }
            Command::Convert { offer, amount_won } => Some(Event::Converted {
                offer: offer.clone(),
                amount_won: *amount_won,
            }),
            Command::Link { person } => {
                let person = Sealable::Open(person.clone());
                (self.person.as_ref() != Some(&person)).then_some(Event::CustomerLinked { person })
            }
            Command::Unblock { by } => self.blocked.then(|| Event::Unblocked { by: by.clone() }),
            Command::RequestReview { agent, text } => {
                check_review(text.as_ref())?;
                (!self.review_asked).then(|| Event::ReviewRequested {
                    agent: agent.clone(),
                    text: text.clone(),
                })
            }
            Command::AnswerReview { agent, text } => {
                check_review(text.as_ref())?;
                if !self.review_asked {
                    return Err(Error::NoReview);
                }
                Some(Event::ReviewAnswered {
                    agent: agent.clone(),
                    text: text.clone(),
                })
            }
            _ => return Err(self.wrong_phase(command)),
        };
        Ok(event.into_iter().collect())
    }

    pub(super) fn decide_live_mark(
        &self,
        command: &Command,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        let event = match command {
            Command::Hold { by } => (!self.held).then(|| Event::Held { by: by.clone() }),
            Command::Unhold { by, over_cap } => self.held.then(|| Event::Unheld {
                by: by.clone(),
                over_cap: *over_cap,
            }),
            Command::Wake { over_cap } => {
                self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
                Some(Event::Woken {
                    over_cap: *over_cap,
                })
            }
            Command::SetAlarm { at, by } => {
                let wanted = (*at > now).then_some(*at);
                // What rang, or was taken off, is set down with the time it was set for.
                (self.alarm != wanted).then(|| Event::AlarmSet {
                    for_time: *at,
                    by: by.clone(),
                })
            }
            Command::Supervise { by, mode } => {
                let now = self.supervisors.get(by).copied();
                let wanted = (*mode != SuperviseMode::Left).then_some(*mode);
                (now != wanted).then(|| Event::Supervised {
                    by: by.clone(),
                    mode: *mode,
                })
            }
            _ => return Err(self.wrong_phase(command)),
        };
        Ok(event.into_iter().collect())
    }

    /// The first answer counts, within `within` after the end of a talk that an agent answered in.
    pub(super) fn rate(
        &self,
        (score, scale): (u8, u8),
        comment: Option<&Sealable<String>>,
        within: Duration,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        if !matches!(scale, 5 | 10) || score > scale {
            return Err(Error::BadScore { score, scale });
        }
        if self.rated {
            return Ok(Vec::new());
        }
        if self.talk.answers == 0 || self.blocked {
            return Err(Error::NothingToRate);
        }
        if self.ended_at.is_some_and(|ended| now.since(ended) > within) {
            return Err(Error::TooLate {
                command: "rate",
                within_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX),
            });
        }
        Ok(vec![Event::Rated {
            score,
            scale,
            comment: comment.cloned(),
        }])
    }
}

fn check_review(text: Option<&Sealable<String>>) -> Result<(), Error> {
    text.and_then(Sealable::open)
        .map_or(Ok(()), |text| check_text("review", text, NOTE_CHARS_MAX))
}
