//! When a conversation is closed, reminded of, or gives up waiting, because time passed (DOMAIN 5.2).
//!
//! [`ClosingRules::next`] names the next instant at which something is due and what it is; at that very millisecond,
//! and not one before, the host acts. Everything is read off the [`Conversation`], so that a conversation restored
//! from its log is due at the same instants.

use std::time::Duration;

use crate::conversation::{Conversation, Phase, Turn};
use crate::event::{AutoKind, EndRule};
use crate::hours::Hours;
use crate::time::Timestamp;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When silence closes a conversation, and what comes before. Each field has the trade's default; [`ClosingRules::check`]
/// says whether a site's own are within their ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosingRules {
    /// With the bot, nobody wrote for this long: [`EndRule::CustomerSilent`], which ends the bot's part as idle.
    /// `None`: never. Default: 30 minutes.
    pub bot_idle: Option<Duration>,
    /// The last message is the agent's and this old. From 1 minute to 7 days; `None`: never. Default: 30 minutes.
    /// Every message of the agent starts it again.
    pub customer_silent: Option<Duration>,
    /// The last message is the customer's and this old. From 10 minutes to 6 days 23 hours 50 minutes in steps of
    /// 10 minutes; `None`: never. Default: `None`. A second message of the customer does not start it again.
    pub agent_late: Option<Duration>,
    /// The profile bot holds the conversation back for this long. `None`: without end. Default: 30 minutes.
    pub profile_not_filled: Option<Duration>,
    /// Nobody took it for this long since a person was asked for. `None`: it waits. Default: `None`.
    pub queue_timeout: Option<Duration>,
    /// An agent may write a conversation up (후처리) for this long; `None`: there is no after-work.
    /// Default: 10 minutes.
    pub after_work: Option<Duration>,
    /// A transfer waits this long for its answer. Default: 5 minutes.
    pub transfer_expires: Duration,
    /// Whether reminders go out at one and at two thirds of the silence. Default: no.
    pub reminders: bool,
    /// How long before a closing for silence it is announced; `None`: it is not. Default: `None`.
    pub closing_notice: Option<Duration>,
    /// Which time counts. Default: all of it.
    pub clock: RuleClock,
}

/// Which time counts against a closing rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleClock {
    /// All time.
    #[default]
    Raw,
    /// Working hours only, as the [`OpenTime`] that is given to [`ClosingRules::next`] knows them.
    Business,
}

/// Working hours, as far as a closing rule needs them.
pub trait OpenTime {
    /// The instant at which `span` of open time has passed since `from`; [`Timestamp::MAX`] where that never comes.
    fn after_open(&self, from: Timestamp, span: Duration) -> Timestamp;
}

impl OpenTime for Hours<'_> {
    fn after_open(&self, from: Timestamp, span: Duration) -> Timestamp {
        let mut left = span;
        let mut at = from;
        for _ in 0..OPENINGS_MAX {
            let Some(open) = self.next_open(at) else {
                return Timestamp::MAX;
            };
            let Some(close) = self.next_change(open) else {
                return open.plus(left);
            };
            let there = close.since(open);
            if left <= there {
                return open.plus(left);
            }
            left -= there;
            at = close;
        }
        Timestamp::MAX
    }
}

/// The most openings that one rule looks ahead over: years of working days.
const OPENINGS_MAX: u32 = 4_000;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Due {
    /// The conversation ends by this rule; with the bot, as idle.
    Close(EndRule),
    /// One of the texts that come before a closing goes out: a reminder or the announcement.
    Remind(AutoKind),
    /// After-work is over.
    EndAfterWork,
    /// The transfer was not answered.
    ExpireTransfer,
    /// The alarm rings.
    Alarm,
    /// The platform's session runs out (상담톡: 30 days after the customer's last message), whether it is held or not.
    EndSession,
}

/// Why closing rules are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("closing rule is out of range. rule=`{rule}` millis=`{millis}`")]
#[non_exhaustive]
pub struct ClosingError {
    /// Which field.
    pub rule: &'static str,
    /// What it was set to.
    pub millis: u128,
}

impl ClosingError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "closing.out_of_range"
    }
}

impl Default for ClosingRules {
    fn default() -> Self {
        Self {
            bot_idle: Some(30 * MINUTE),
            customer_silent: Some(30 * MINUTE),
            agent_late: None,
            profile_not_filled: Some(30 * MINUTE),
            queue_timeout: None,
            after_work: Some(10 * MINUTE),
            transfer_expires: 5 * MINUTE,
            reminders: false,
            closing_notice: None,
            clock: RuleClock::Raw,
        }
    }
}

impl ClosingRules {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether every rule is within its range.
    ///
    /// # Errors
    /// [`ClosingError`] names the first that is not: those with a range of their own, and any that is 0.
    pub fn check(&self) -> Result<(), ClosingError> {
        let refuse = |rule, span: Duration| ClosingError {
            rule,
            millis: span.as_millis(),
        };
        if let Some(span) = self.customer_silent
            && (span < MINUTE || span > 7 * DAY)
        {
            return Err(refuse("customer_silent", span));
        }
        if let Some(span) = self.agent_late {
            let step = (10 * MINUTE).as_millis();
            let in_steps = span.as_millis().is_multiple_of(step);
            if span < 10 * MINUTE || span > 7 * DAY - 10 * MINUTE || !in_steps {
                return Err(refuse("agent_late", span));
            }
        }
        let others = [
            ("bot_idle", self.bot_idle),
            ("profile_not_filled", self.profile_not_filled),
            ("queue_timeout", self.queue_timeout),
            ("after_work", self.after_work),
            ("transfer_expires", Some(self.transfer_expires)),
            ("closing_notice", self.closing_notice),
        ];
        for (rule, span) in others {
            if let Some(span) = span.filter(|span| span.as_millis() == 0) {
                return Err(refuse(rule, span));
            }
        }
        Ok(())
    }

    /// What is due next in `conversation`, and when; `None` while nothing is. An instant that has passed is due now.
    ///
    /// A conversation that is held (종료보류) is neither closed nor reminded of. `hours` counts only where
    /// [`ClosingRules::clock`] is [`RuleClock::Business`]; without it all time counts.
    #[must_use]
    pub fn next(
        &self,
        conversation: &Conversation,
        hours: Option<&dyn OpenTime>,
    ) -> Option<(Timestamp, Due)> {
        let transfer = conversation.transfer().map(|pending| {
            (
                pending.since.plus(self.transfer_expires),
                Due::ExpireTransfer,
            )
        });
        let alarm = conversation.alarm().map(|at| (at, Due::Alarm));
        let after_work = (conversation.phase() == Phase::AfterWork)
            .then(|| {
                let since = conversation.ended_at()?;
                Some((since.plus(self.after_work?), Due::EndAfterWork))
            })
            .flatten();
        let session = conversation
            .session_runs_out_at()
            .map(|at| (at, Due::EndSession));
        let closing = (!conversation.held())
            .then(|| self.closing(conversation, hours))
            .flatten();
        [transfer, alarm, after_work, session, closing]
            .into_iter()
            .flatten()
            .min()
    }

    /// The rule that counts now, since when, and whether the customer is reminded before it closes.
    fn rule(&self, conversation: &Conversation) -> Option<(Timestamp, Duration, EndRule, bool)> {
        match conversation.phase() {
            Phase::Bot => Some((
                conversation.silent_since(),
                self.bot_idle?,
                EndRule::CustomerSilent,
                false,
            )),
            Phase::Waiting => {
                let profile = conversation
                    .profile()
                    .filter(|pending| pending.holds_queue)
                    .and_then(|pending| {
                        let limit = self.profile_not_filled?;
                        Some((pending.since, limit, EndRule::ProfileNotFilled, false))
                    });
                let queue = conversation.requested_at().and_then(|since| {
                    Some((since, self.queue_timeout?, EndRule::QueueTimeout, false))
                });
                [profile, queue]
                    .into_iter()
                    .flatten()
                    .min_by_key(|(since, limit, ..)| since.plus(*limit))
            }
            Phase::Assigned | Phase::InProgress => match conversation.turn() {
                Some(Turn::Agent) => Some((
                    conversation.silent_since(),
                    self.customer_silent?,
                    EndRule::CustomerSilent,
                    true,
                )),
                // Before the first answer too: the last message is the customer's. Nobody is late before they
                // have it.
                Some(Turn::Customer) | None => Some((
                    match conversation.assigned_at() {
                        Some(assigned)
                            if conversation.answers() == 0
                                || conversation.phase() == Phase::Assigned =>
                        {
                            assigned.max(conversation.turn_since())
                        }
                        _ => conversation.turn_since(),
                    },
                    self.agent_late?,
                    EndRule::AgentLate,
                    true,
                )),
            },
            _ => None,
        }
    }

    fn closing(
        &self,
        conversation: &Conversation,
        hours: Option<&dyn OpenTime>,
    ) -> Option<(Timestamp, Due)> {
        let (since, limit, rule, reminded) = self.rule(conversation)?;
        let at = |span| match (self.clock, hours) {
            (RuleClock::Business, Some(hours)) => hours.after_open(since, span),
            _ => since.plus(span),
        };
        let close = (at(limit), Due::Close(rule));
        let third = match conversation.reminders() {
            0 => Some(limit / 3),
            1 => Some(limit * 2 / 3),
            _ => None,
        };
        let reminder = third
            .filter(|_| self.reminders && reminded)
            .map(|span| (at(span), Due::Remind(AutoKind::Reminder)));
        let notice = self
            .closing_notice
            .filter(|_| reminded && !conversation.was_sent(AutoKind::ClosingNotice))
            .and_then(|before| limit.checked_sub(before))
            .filter(|span| !span.is_zero())
            .map(|span| (at(span), Due::Remind(AutoKind::ClosingNotice)));
        [reminder, notice, Some(close)]
            .into_iter()
            .flatten()
            .min_by_key(|(at, due)| (*at, matches!(due, Due::Close(_))))
    }
}
