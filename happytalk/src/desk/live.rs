//! A conversation the desk holds, with its bot and its clocks.

use std::sync::Arc;
use std::time::Duration;

use happytalk_core::conversation::{Conversation, Phase, Turn};
use happytalk_core::event::Event;
use happytalk_core::time::Timestamp;
use happytalk_scenario::{Compiled, State};

use super::settings::Settings;

/// Where the bot stands.
#[derive(Debug, Clone)]
pub(super) struct BotSession {
    pub(super) flow: Arc<Compiled>,
    pub(super) state: State,
}

impl PartialEq for BotSession {
    fn eq(&self, other: &Self) -> bool {
        self.flow.id() == other.flow.id() && self.state.to_bytes() == other.state.to_bytes()
    }
}

/// A conversation the desk holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Live {
    pub(super) conversation: Conversation,
    pub(super) bot: Option<BotSession>,
    /// The last message of anybody, or when it was released from a hold: what the closing rules count from.
    pub(super) counted_from: Timestamp,
    /// The first message of the side whose turn it is: what the rule for a late agent counts from.
    pub(super) turn_since: Timestamp,
    pub(super) ended_at: Timestamp,
}

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    BotIdle,
    CustomerSilent,
    AgentLate,
    AfterWork,
    Transfer,
}

impl Live {
    pub(super) const fn new() -> Self {
        Self {
            conversation: Conversation::new(),
            bot: None,
            counted_from: Timestamp::MIN,
            turn_since: Timestamp::MIN,
            ended_at: Timestamp::MIN,
        }
    }

    pub(super) fn apply(&mut self, event: &Event, at: Timestamp) {
        let turn_before = self.conversation.turn();
        self.conversation.apply(event, at);
        match event {
            Event::Opened { .. } | Event::BotSaid { .. } => self.counted_from = at,
            Event::CustomerSaid { .. } | Event::AgentSaid { .. } => {
                self.counted_from = at;
                if self.conversation.turn() != turn_before {
                    self.turn_since = at;
                }
            }
            Event::Unheld { .. } | Event::Reopened { .. } => {
                self.counted_from = at;
                self.turn_since = at;
            }
            Event::Ended { .. } => self.ended_at = at,
            _ => {}
        }
        if self.conversation.phase() != Phase::Bot && !self.conversation.phase().is_live() {
            self.bot = None;
        }
    }

    /// What is due next, and when.
    pub(super) fn deadline(&self, settings: &Settings) -> Option<(Timestamp, Due)> {
        let transfer = self
            .conversation
            .transfer()
            .map(|pending| (pending.since.plus(settings.transfer_expires), Due::Transfer));
        let after =
            |span: Option<Duration>, from: Timestamp, due| span.map(|span| (from.plus(span), due));
        let closing = match self.conversation.phase() {
            Phase::AfterWork => after(settings.after_work, self.ended_at, Due::AfterWork),
            _ if self.conversation.held() => None,
            Phase::Bot => Some((self.counted_from.plus(settings.bot_idle), Due::BotIdle)),
            Phase::InProgress => match self.conversation.turn() {
                Some(Turn::Agent) => after(
                    settings.customer_silent,
                    self.counted_from,
                    Due::CustomerSilent,
                ),
                Some(Turn::Customer) => after(settings.agent_late, self.turn_since, Due::AgentLate),
                None => None,
            },
            _ => None,
        };
        closing.into_iter().chain(transfer).min()
    }
}
