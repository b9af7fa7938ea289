//! What a fact changes.

use super::{Conversation, Party, PendingOffer, PendingProfile, PendingTransfer, Phase, Side};
use crate::event::{AssignedHow, EndedBy, Event, SuperviseMode, TransferTarget};
use crate::message::Message;
use crate::sealed::Sealable;
use crate::time::Timestamp;

impl Conversation {
    /// Takes `event`, which happened at `at`, as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        self.seq += 1;
        self.last_at = self.last_at.max(at);
        self.session.fold(event, at);
        let before = self.phase;
        match event {
            Event::Opened { .. } | Event::Rejected { .. } | Event::Reopened { .. } => {
                self.apply_beginning(event, at);
            }
            Event::CustomerSaid { .. }
            | Event::BotSaid { .. }
            | Event::AgentSaid { .. }
            | Event::AutoSaid { .. }
            | Event::MessageFailed { .. } => self.apply_message(event, at),
            Event::AgentRequested { .. }
            | Event::Offered { .. }
            | Event::Declined { .. }
            | Event::Assigned { .. }
            | Event::ReturnedToQueue { .. }
            | Event::TransferRequested { .. }
            | Event::TransferEnded { .. }
            | Event::Transferred { .. } => self.apply_ownership(event, at),
            Event::BotEnded { .. } => {
                self.ended_at = Some(at);
                self.close(Phase::BotEnded, at);
            }
            Event::Ended { by, after_work, .. } => {
                self.transfer = None;
                self.offer = None;
                self.profile = None;
                self.supervisors.clear();
                self.ended_at = Some(at);
                self.abandoned =
                    self.talk.answers == 0 && matches!(by, EndedBy::Customer | EndedBy::Channel);
                if *after_work {
                    self.phase = Phase::AfterWork;
                } else {
                    self.close(Phase::Closed, at);
                }
            }
            Event::AfterWorkEnded { .. } => self.close(Phase::Closed, at),
            _ => self.apply_mark(event, at),
        }
        if self.phase != before {
            self.auto_sent.clear();
        }
    }

    fn apply_beginning(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Opened {
                channel,
                account,
                customer,
                opened_by,
                bot,
                category,
                previous,
                title,
                ..
            } => {
                self.party = Some(Party {
                    channel: channel.clone(),
                    account: account.clone(),
                    customer: customer.clone(),
                    opened_by: *opened_by,
                    previous: previous.clone(),
                });
                self.category.clone_from(category);
                self.title.clone_from(title);
                self.bot = *bot;
                // Without a bot a request follows at the same instant; until it does, nobody has it.
                self.phase = if *bot { Phase::Bot } else { Phase::Waiting };
                self.opened_at = at;
                self.talk.begin(at);
            }
            Event::Rejected { is_final: true, .. } => {
                self.requested_at = None;
                self.close(Phase::Rejected, at);
            }
            Event::Rejected {
                is_final: false, ..
            } => {
                self.requested_at = None;
                self.offer = None;
                self.refused = true;
                self.phase = Phase::Bot;
            }
            Event::Reopened { .. } => {
                self.episode += 1;
                self.opened_at = at;
                self.requested_at = Some(at);
                self.ended_at = None;
                self.closed_at = None;
                self.abandoned = false;
                self.refused = false;
                self.rated = false;
                self.talk.begin(at);
                self.phase = if self.phase == Phase::AfterWork {
                    Phase::InProgress
                } else {
                    Phase::Waiting
                };
            }
            _ => {}
        }
    }

    fn apply_message(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::CustomerSaid { message } => {
                self.talk.customer_said(at);
                self.remember(message, Side::Customer);
            }
            Event::AgentSaid { agent, message } => {
                self.talk
                    .agent_said(message.open().map(|message| &message.id), at);
                let side = Side::Agent(agent.clone(), self.episode, self.seq);
                self.remember(message, side);
                if self.phase == Phase::Assigned {
                    self.phase = Phase::InProgress;
                }
            }
            Event::BotSaid { message } => {
                self.talk.silent_since = at;
                self.remember(message, Side::Automatic);
            }
            Event::AutoSaid { kind, message } => {
                if *kind == crate::event::AutoKind::Reminder {
                    self.talk.reminders = self.talk.reminders.saturating_add(1);
                }
                self.auto_sent.insert(*kind);
                self.remember(message, Side::Automatic);
            }
            Event::MessageFailed { message, .. } => {
                let fresh = self.failed.insert(message.clone());
                // One of an episode before was an answer there, and is none here.
                let of_now = matches!(
                    self.messages.get(message),
                    Some(Side::Agent(_, episode, _)) if *episode == self.episode
                );
                if fresh && of_now {
                    self.talk.agent_failed(message, at);
                }
            }
            _ => {}
        }
    }

    fn apply_ownership(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::AgentRequested {
                category, queue, ..
            } => {
                self.phase = Phase::Waiting;
                self.refused = false;
                self.requested_at = self.requested_at.or(Some(at));
                if category.is_some() {
                    self.category.clone_from(category);
                }
                if queue.is_some() {
                    self.queue.clone_from(queue);
                }
            }
            Event::Offered { agent, until } => {
                self.offer = Some(PendingOffer {
                    agent: agent.clone(),
                    until: *until,
                });
            }
            Event::Declined { .. } => self.offer = None,
            Event::Assigned { agent, how, .. } => {
                self.agent = Some(agent.clone());
                self.assigned_at = Some(at);
                self.offer = None;
                self.profile = None;
                self.phase = if *how == AssignedHow::Opener {
                    Phase::InProgress
                } else {
                    Phase::Assigned
                };
            }
            Event::ReturnedToQueue { to, .. } => {
                self.phase = Phase::Waiting;
                self.transfer = None;
                match to {
                    Some(TransferTarget::Queue(queue)) => self.queue = Some(queue.clone()),
                    Some(TransferTarget::Category(category)) => {
                        self.category = Some(category.clone());
                        self.queue = None;
                    }
                    Some(TransferTarget::Agent(_) | TransferTarget::Group(_)) | None => {}
                }
            }
            Event::TransferRequested { from, to } => {
                self.transfer = Some(PendingTransfer {
                    from: from.clone(),
                    to: to.clone(),
                    since: at,
                });
            }
            Event::TransferEnded { .. } => self.transfer = None,
            Event::Transferred { to, .. } => {
                self.agent = Some(to.clone());
                self.assigned_at = Some(at);
                self.transfer = None;
            }
            _ => {}
        }
    }

    fn apply_mark(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Held { .. } => self.held = true,
            Event::Unheld { .. } => {
                self.held = false;
                self.talk.rearm(at);
            }
            Event::CategoryChanged { category, .. } => self.category = Some(category.clone()),
            Event::Tagged { tag, .. } => {
                self.tags.insert(tag.clone());
            }
            Event::Untagged { tag, .. } => {
                self.tags.remove(tag);
            }
            Event::Titled { title, .. } => self.title = Some(title.clone()),
            Event::FlagChanged { kind, set, .. } => {
                if *set {
                    self.flags.insert(kind.clone());
                } else {
                    self.flags.remove(kind);
                }
            }
            // A time that is not ahead takes the alarm off: so it is set down that it rang.
            Event::AlarmSet { for_time, .. } => self.alarm = (*for_time > at).then_some(*for_time),
            Event::ReviewRequested { .. } => self.review_asked = true,
            Event::ReviewAnswered { .. } => self.review_asked = false,
            Event::Supervised { by, mode } => {
                if *mode == SuperviseMode::Left {
                    self.supervisors.remove(by);
                } else {
                    self.supervisors.insert(by.clone(), *mode);
                }
            }
            Event::ProfileRequested {
                fields,
                holds_queue,
            } => {
                self.profile = Some(PendingProfile {
                    fields: fields.clone(),
                    holds_queue: *holds_queue,
                    since: at,
                });
            }
            Event::ProfileCompleted { .. } | Event::ProfileSkipped { .. } => self.profile = None,
            Event::Rated { .. } => self.rated = true,
            Event::Blocked { .. } => self.blocked = true,
            Event::Unblocked { .. } => self.blocked = false,
            Event::CustomerLinked { person } => self.person = Some(person.clone()),
            _ => {}
        }
    }

    fn close(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.transfer = None;
        self.offer = None;
        self.profile = None;
        self.alarm = None;
        self.supervisors.clear();
        self.closed_at = Some(at);
    }

    fn remember(&mut self, message: &Sealable<Message>, side: Side) {
        if let Some(message) = message.open() {
            self.messages.insert(message.id.clone(), side);
        }
    }
}
