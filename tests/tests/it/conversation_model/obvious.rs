//! The obvious conversation.

use happytalk::core::conversation::{Command, Ending, Phase};
use happytalk::core::event::{
    AssignedHow, AutoKind, Event, OpenedBy, ReturnCause, SuperviseMode, TransferHow, TransferTarget,
};
use happytalk::core::id::{AgentId, MessageId, SessionId};
use happytalk::core::{ChannelName, Message, Timestamp};

/// What happened, and when: nothing else is kept.
#[derive(Default)]
pub(super) struct Obvious {
    pub(super) log: Vec<(Event, Timestamp)>,
}

pub(super) type Said = Result<Vec<&'static str>, &'static str>;

impl Obvious {
    /// The latest event for which `wanted` says something, from the end of the log.
    fn last<T>(&self, wanted: impl Fn(&Event, Timestamp) -> Option<T>) -> Option<T> {
        self.log
            .iter()
            .rev()
            .find_map(|(event, at)| wanted(event, *at))
    }

    pub(super) fn phase(&self) -> Phase {
        let mut phase = Phase::New;
        for (event, _) in &self.log {
            phase = match event {
                Event::Opened { bot: true, .. }
                | Event::Rejected {
                    is_final: false, ..
                } => Phase::Bot,
                Event::Opened { .. } | Event::AgentRequested { .. } => Phase::Waiting,
                Event::ReturnedToQueue { .. } => Phase::Waiting,
                Event::Rejected { .. } => Phase::Rejected,
                Event::BotEnded { .. } => Phase::BotEnded,
                Event::Assigned {
                    how: AssignedHow::Opener,
                    ..
                } => Phase::InProgress,
                Event::Assigned { .. } => Phase::Assigned,
                Event::AgentSaid { .. } if phase == Phase::Assigned => Phase::InProgress,
                Event::Ended {
                    after_work: true, ..
                } => Phase::AfterWork,
                Event::Ended { .. } | Event::AfterWorkEnded { .. } => Phase::Closed,
                Event::Reopened { .. } if phase == Phase::AfterWork => Phase::InProgress,
                Event::Reopened { .. } => Phase::Waiting,
                _ => phase,
            };
        }
        phase
    }

    pub(super) fn agent(&self) -> Option<AgentId> {
        self.last(|event, _| match event {
            Event::Assigned { agent, .. } => Some(agent.clone()),
            Event::Transferred { to, .. } => Some(to.clone()),
            _ => None,
        })
    }

    fn said(&self, id: &MessageId) -> bool {
        self.log.iter().any(|(event, _)| match event {
            Event::CustomerSaid { message }
            | Event::BotSaid { message }
            | Event::AgentSaid { message, .. }
            | Event::AutoSaid { message, .. } => message.open().unwrap().id == *id,
            _ => false,
        })
    }

    fn failed(&self, id: &MessageId) -> bool {
        self.log.iter().any(
            |(event, _)| matches!(event, Event::MessageFailed { message, .. } if message == id),
        )
    }

    /// Where the episode begins.
    fn episode(&self) -> usize {
        let began = |(event, _): &(Event, Timestamp)| {
            matches!(event, Event::Opened { .. } | Event::Reopened { .. })
        };
        self.log.iter().rposition(began).unwrap_or(0)
    }

    pub(super) fn answers(&self) -> usize {
        self.log[self.episode()..]
            .iter()
            .filter(|(event, _)| match event {
                Event::AgentSaid { message, .. } => !self.failed(&message.open().unwrap().id),
                _ => false,
            })
            .count()
    }

    fn asked(&self) -> bool {
        let mut asked = false;
        for (event, _) in &self.log {
            match event {
                Event::AgentRequested { .. } | Event::Reopened { .. } => asked = true,
                Event::Rejected { .. } => asked = false,
                _ => {}
            }
        }
        asked
    }

    /// What is said with one event and unsaid with others, the later wins.
    fn open<T>(&self, says: impl Fn(&Event) -> Option<Option<T>>) -> Option<T> {
        self.last(|event, _| says(event)).flatten()
    }

    fn transfer(&self) -> Option<(AgentId, TransferTarget)> {
        self.open(|event| match event {
            Event::TransferRequested { from, to } => Some(Some((from.clone(), to.clone()))),
            Event::TransferEnded { .. }
            | Event::Transferred { .. }
            | Event::ReturnedToQueue { .. }
            | Event::Ended { .. } => Some(None),
            _ => None,
        })
    }

    fn offer(&self) -> Option<(AgentId, Timestamp)> {
        self.open(|event| match event {
            Event::Offered { agent, until } => Some(Some((agent.clone(), *until))),
            Event::Declined { .. }
            | Event::Assigned { .. }
            | Event::Rejected { .. }
            | Event::Ended { .. } => Some(None),
            _ => None,
        })
    }

    fn profile(&self) -> Option<bool> {
        self.open(|event| match event {
            Event::ProfileRequested { holds_queue, .. } => Some(Some(*holds_queue)),
            Event::ProfileCompleted { .. }
            | Event::ProfileSkipped { .. }
            | Event::Assigned { .. }
            | Event::Rejected { is_final: true, .. }
            | Event::BotEnded { .. }
            | Event::Ended { .. } => Some(None),
            _ => None,
        })
    }

    fn held(&self) -> bool {
        self.open(|event| match event {
            Event::Held { .. } => Some(Some(())),
            Event::Unheld { .. } => Some(None),
            _ => None,
        })
        .is_some()
    }

    fn blocked(&self) -> bool {
        self.open(|event| match event {
            Event::Blocked { .. } => Some(Some(())),
            Event::Unblocked { .. } => Some(None),
            _ => None,
        })
        .is_some()
    }

    fn looks(&self, who: &str) -> Option<SuperviseMode> {
        self.open(|event| match event {
            Event::Supervised { by, mode } if by.as_str() == who => {
                Some((*mode != SuperviseMode::Left).then_some(*mode))
            }
            Event::Ended { .. } | Event::BotEnded { .. } | Event::AfterWorkEnded { .. } => {
                Some(None)
            }
            Event::Rejected { is_final: true, .. } => Some(None),
            _ => None,
        })
    }

    fn session(&self) -> Option<SessionId> {
        self.last(|event, _| match event {
            Event::Opened { session, .. } => Some(session.clone()),
            Event::Reopened {
                session: Some(session),
                ..
            } => Some(Some(session.clone())),
            _ => None,
        })
        .flatten()
    }

    /// When it was over, where it is.
    pub(super) fn over_since(&self) -> Option<Timestamp> {
        if self.phase().is_live() {
            return None;
        }
        self.last(|event, at| {
            matches!(
                event,
                Event::Ended { .. }
                    | Event::AfterWorkEnded { .. }
                    | Event::BotEnded { .. }
                    | Event::Rejected { is_final: true, .. }
            )
            .then_some(at)
        })
    }

    /// When the talk of this episode ended.
    fn ended_at(&self) -> Option<Timestamp> {
        self.log[self.episode()..]
            .iter()
            .rev()
            .find(|(event, _)| matches!(event, Event::Ended { .. } | Event::BotEnded { .. }))
            .map(|(_, at)| *at)
    }

    fn sent_here(&self, wanted: AutoKind) -> bool {
        // Replays the log and notes where the phase changed.
        let mut before = Obvious::default();
        let mut phase = Phase::New;
        let mut sent = false;
        for (event, at) in &self.log {
            if let Event::AutoSaid { kind, .. } = event {
                sent |= *kind == wanted;
            }
            before.log.push((event.clone(), *at));
            let now = before.phase();
            if now != phase {
                sent = false;
                phase = now;
            }
        }
        sent
    }

    fn is_asked_by_agent(&self) -> bool {
        self.log.iter().any(|(event, _)| {
            matches!(
                event,
                Event::Opened {
                    opened_by: OpenedBy::Agent,
                    ..
                }
            )
        })
    }

    pub(super) fn decide(&self, command: &Command, now: Timestamp) -> Said {
        let phase = self.phase();
        if let Command::Open(opening) = command {
            if phase != Phase::New {
                return Err("conversation.already_open");
            }
            let on_kakao = opening.channel == ChannelName::KAKAO_CONSULT;
            if opening.opened_by == OpenedBy::Agent && on_kakao {
                return Err("conversation.agent_cannot_open");
            }
            return Ok(vec!["opened"]);
        }
        if phase == Phase::New {
            return Err("conversation.not_open");
        }
        if let Some(said) = self.decide_always(command, phase, now) {
            return said;
        }
        if !phase.is_live() {
            return Err("conversation.closed");
        }
        self.decide_live(command, phase, now)
    }

    /// What one that is over takes too.
    fn decide_always(&self, command: &Command, phase: Phase, now: Timestamp) -> Option<Said> {
        let once = |event, done: bool| Ok(if done { vec![] } else { vec![event] });
        let review = self
            .open(|event| match event {
                Event::ReviewRequested { .. } => Some(Some(())),
                Event::ReviewAnswered { .. } => Some(None),
                _ => None,
            })
            .is_some();
        Some(match command {
            Command::Categorise { category, .. } => {
                let known = self.last(|event, _| match event {
                    Event::CategoryChanged { category, .. } => Some(category.clone()),
                    _ => None,
                });
                once("category_changed", known.as_ref() == Some(category))
            }
            Command::Title { title, .. } => {
                let known = self.last(|event, _| match event {
                    Event::Titled { title, .. } => Some(title.clone()),
                    _ => None,
                });
                once("titled", known.as_ref() == Some(title))
            }
            Command::Unblock { .. } => once("unblocked", !self.blocked()),
            Command::RequestReview { .. } => once("review_requested", review),
            Command::AnswerReview { .. } if !review => Err("conversation.no_review"),
            Command::AnswerReview { .. } => Ok(vec!["review_answered"]),
            Command::FailMessage { message, .. } => once(
                "message_failed",
                !self.said(message) || self.failed(message),
            ),
            Command::Rate { within, .. } => {
                let rated = self.log[self.episode()..]
                    .iter()
                    .any(|(event, _)| matches!(event, Event::Rated { .. }));
                if rated {
                    Ok(vec![])
                } else if self.answers() == 0 || self.blocked() {
                    Err("conversation.nothing_to_rate")
                } else if self.ended_at().is_some_and(|at| now.since(at) > *within) {
                    Err("conversation.too_late")
                } else {
                    Ok(vec!["rated"])
                }
            }
            Command::Reopen { within, .. } => match self.over_since() {
                None => Ok(vec![]),
                Some(at) if self.blocked() || now.since(at) > *within => {
                    Err("conversation.too_late")
                }
                Some(_) => Ok(vec!["reopened"]),
            },
            Command::EndAfterWork { .. } => match phase {
                Phase::AfterWork => Ok(vec!["after_work_ended"]),
                Phase::Closed => Ok(vec![]),
                _ => Err("conversation.wrong_phase"),
            },
            _ => return None,
        })
    }

    fn decide_live(&self, command: &Command, phase: Phase, now: Timestamp) -> Said {
        const WRONG: &str = "conversation.wrong_phase";
        let talks = matches!(phase, Phase::Assigned | Phase::InProgress);
        let agent = self.agent();
        let open = phase != Phase::AfterWork;
        let says = |message: &Message, event| {
            if self.said(&message.id) {
                Ok(vec![])
            } else if !open {
                Err("conversation.no_session")
            } else {
                Ok(vec![event])
            }
        };
        match command {
            Command::CustomerSay { message, .. } if self.said(&message.id) => Ok(vec![]),
            Command::CustomerSay { .. } if phase == Phase::AfterWork => {
                Ok(vec!["reopened", "customer_said"])
            }
            Command::CustomerSay { .. } => Ok(vec!["customer_said"]),
            Command::BotSay { message } if matches!(phase, Phase::Bot | Phase::Waiting) => {
                says(message, "bot_said")
            }
            Command::AutoSay { kind, message } => {
                if *kind != AutoKind::Reminder && self.sent_here(*kind) {
                    return Ok(vec![]);
                }
                says(message, "auto_said")
            }
            Command::AgentSay {
                agent: who,
                message,
            } if talks => {
                let joined = self.looks(who.as_str()) == Some(SuperviseMode::Join);
                if agent.as_ref() != Some(who) && !joined {
                    return Err("conversation.not_owner");
                }
                says(message, "agent_said")
            }
            Command::Reject { .. } if matches!(phase, Phase::Bot | Phase::Waiting) => {
                let refused = self
                    .open(|event| match event {
                        Event::Rejected {
                            is_final: false, ..
                        } => Some(Some(())),
                        Event::AgentRequested { .. } | Event::Reopened { .. } => Some(None),
                        _ => None,
                    })
                    .is_some();
                if agent.is_some() {
                    Err(WRONG)
                } else if refused {
                    Ok(vec![])
                } else {
                    Ok(vec!["rejected"])
                }
            }
            Command::RequestAgent { .. } => match phase {
                Phase::Waiting if self.asked() => Ok(vec![]),
                Phase::Bot | Phase::Waiting => Ok(vec!["agent_requested"]),
                _ => Err(WRONG),
            },
            Command::RequestProfile { holds_queue, .. }
                if matches!(phase, Phase::Bot | Phase::Waiting) =>
            {
                let same = self.profile() == Some(*holds_queue);
                Ok(if same {
                    vec![]
                } else {
                    vec!["profile_requested"]
                })
            }
            Command::SkipProfile { .. } => match self.profile() {
                Some(_) => Ok(vec!["profile_skipped"]),
                None => Err("conversation.no_profile"),
            },
            Command::Offer { agent, until } if phase == Phase::Waiting => {
                if self.profile() == Some(true) {
                    return Err("conversation.kept_back");
                }
                if *until <= now {
                    return Err("conversation.no_offer");
                }
                match self.offer() {
                    Some(same) if same == (agent.clone(), *until) => Ok(vec![]),
                    Some(_) => Err("conversation.kept_back"),
                    None => Ok(vec!["offered"]),
                }
            }
            Command::Decline { .. } => Ok(match self.offer() {
                Some(_) => vec!["declined"],
                None => vec![],
            }),
            Command::Assign {
                agent: who, how, ..
            } => match phase {
                Phase::Waiting if *how == AssignedHow::Opener => {
                    if self.is_asked_by_agent() && agent.is_none() && !self.asked() {
                        Ok(vec!["assigned"])
                    } else {
                        Err(WRONG)
                    }
                }
                Phase::Waiting => {
                    let other = self.offer().is_some_and(|(for_whom, _)| for_whom != *who);
                    let kept = other || self.profile() == Some(true);
                    if kept && *how != AssignedHow::Manager {
                        Err("conversation.kept_back")
                    } else {
                        Ok(vec!["assigned"])
                    }
                }
                _ if talks && agent.as_ref() == Some(who) => Ok(vec![]),
                _ if talks => Err("conversation.already_taken"),
                _ => Err(WRONG),
            },
            Command::ReturnToQueue { cause, .. } if talks => {
                if *cause == ReturnCause::AcceptTimeout && phase != Phase::Assigned {
                    Err(WRONG)
                } else {
                    Ok(vec!["returned_to_queue"])
                }
            }
            Command::RequestTransfer { from, to } if talks => {
                if agent.as_ref() != Some(from) {
                    return Err("conversation.not_owner");
                }
                if *to == TransferTarget::Agent(from.clone()) {
                    return Err("conversation.same_agent");
                }
                match self.transfer() {
                    Some((_, pending)) if pending == *to => Ok(vec![]),
                    Some(_) => Err("conversation.transfer_pending"),
                    None => Ok(vec!["transfer_requested"]),
                }
            }
            Command::EndTransfer { .. } => Ok(match self.transfer() {
                Some(_) => vec!["transfer_ended"],
                None => vec![],
            }),
            Command::Transfer { to, how } if talks => {
                if agent.as_ref() == Some(to) {
                    return Err("conversation.same_agent");
                }
                let asked = self
                    .transfer()
                    .is_some_and(|(_, pending)| pending == TransferTarget::Agent(to.clone()));
                if *how == TransferHow::Accepted && !asked {
                    Err("conversation.no_transfer")
                } else {
                    Ok(vec!["transferred"])
                }
            }
            Command::Hold { .. } => Ok(if self.held() { vec![] } else { vec!["held"] }),
            Command::Unhold { .. } => Ok(if self.held() { vec!["unheld"] } else { vec![] }),
            Command::SetAlarm { at, .. } => {
                let set = self.last(|event, set| match event {
                    Event::AlarmSet { for_time, .. } => {
                        Some((*for_time > set).then_some(*for_time))
                    }
                    Event::BotEnded { .. } | Event::AfterWorkEnded { .. } => Some(None),
                    Event::Ended {
                        after_work: false, ..
                    } => Some(None),
                    Event::Rejected { is_final: true, .. } => Some(None),
                    _ => None,
                });
                let wanted = (*at > now).then_some(*at);
                let same = set.flatten() == wanted;
                Ok(if same { vec![] } else { vec!["alarm_set"] })
            }
            Command::Supervise { by, mode } => {
                let wanted = (*mode != SuperviseMode::Left).then_some(*mode);
                let same = self.looks(by.as_str()) == wanted;
                Ok(if same { vec![] } else { vec!["supervised"] })
            }
            Command::EndBot { .. } if phase == Phase::Bot => Ok(vec!["bot_ended"]),
            Command::End { by, .. } => Ok(end(phase, matches!(by, Ending::Rule(_)))),
            Command::EndChannel { session, .. } => {
                let other = matches!(
                    (session, self.session()),
                    (Some(ended), Some(ours)) if *ended != ours
                );
                Ok(if other { vec![] } else { end(phase, false) })
            }
            Command::Block { .. } => Ok(match phase {
                Phase::AfterWork => vec!["blocked", "after_work_ended"],
                phase => [vec!["blocked"], end(phase, false)].concat(),
            }),
            _ => Err(WRONG),
        }
    }
}

fn end(phase: Phase, by_rule: bool) -> Vec<&'static str> {
    match phase {
        Phase::Bot => vec!["bot_ended"],
        Phase::AfterWork if by_rule => vec!["after_work_ended"],
        Phase::AfterWork => vec![],
        _ => vec!["ended"],
    }
}
