//! Saying why, off the hot path.

use happytalk_core::ChannelName;
use happytalk_core::id::{ConversationId, QueueId};

use super::Router;
use crate::agent::Agent;
use crate::cap::{self, Ask, Ineligible};
use crate::conversation::Seat;
use crate::explanation::{Candidate, Explanation};
use crate::line::Rank;
use crate::slab::{AgentNo, ChannelNo, ConversationNo, Number};

impl Router {
    /// Every agent, as a conversation of weight 1 would find them that came into this queue now: first who may take it
    /// in the order they would be chosen, then the others with the first reason why not. Empty where no queue has
    /// this id.
    ///
    /// Looks at every agent: ask before [`Input::Enqueue`](crate::Input::Enqueue) to see why somebody was chosen, or let
    /// [`Settings::explain`](crate::Settings::explain) put it beside each choice.
    #[must_use]
    pub fn candidates(&self, queue: &QueueId, channel: &ChannelName) -> Vec<Candidate> {
        let Some(queue_no) = self.queue_nos.get(queue).copied() else {
            return Vec::new();
        };
        let Some(settings) = self.settings.queues.get(queue_no.place()) else {
            return Vec::new();
        };
        // No agent has anything of a channel that was never seen, as none has of the number after the last.
        let unseen = || ChannelNo::from_place(u32::MAX);
        let channel_no = self.channel_nos.get(channel).copied();
        let ask = Ask {
            queue_no,
            queue: settings,
            channel_no: channel_no.unwrap_or_else(unseen),
            channel,
            weight: 1,
        };
        self.judged_all(ask, &[])
    }

    /// Why a conversation still waits, or who is about to get it: its place and every agent with the first reason
    /// against them. `None` when it does not wait.
    #[must_use]
    pub fn explain(&self, conversation: &ConversationId) -> Option<Explanation> {
        self.explain_no(self.number(conversation)?)
    }

    pub(super) fn explain_no(&self, no: ConversationNo) -> Option<Explanation> {
        let conversation = self.conversations.get(no)?;
        if conversation.seat != Seat::Waiting {
            return None;
        }
        let ask = self.ask_of(conversation)?;
        Some(Explanation {
            queue: ask.queue.id.clone(),
            strategy: ask.queue.strategy,
            place: self.place_no(no)?,
            candidates: self.judged_all(ask, &conversation.tried),
        })
    }

    fn judged_all(&self, ask: Ask<'_>, tried: &[AgentNo]) -> Vec<Candidate> {
        let may_again = self
            .agents
            .iter()
            .filter(|(_, agent)| cap::would_take(agent, ask).is_ok())
            .all(|(no, _)| tried.contains(&no));
        let turns = self.turns_of(ask.queue_no);
        let mut judged: Vec<_> = self
            .agents
            .iter()
            .map(|(no, agent)| {
                let eligible = match cap::would_take(agent, ask) {
                    Ok(()) if tried.contains(&no) && !may_again => Err(Ineligible::Tried),
                    Ok(()) => match cap::reached(&self.settings, agent, ask) {
                        Some(level) => Err(Ineligible::Cap(level)),
                        None => Ok(()),
                    },
                    Err(why) => Err(why),
                };
                let key = (eligible.is_err(), Rank::new(agent, turns));
                (key, self.candidate(agent, eligible))
            })
            .collect();
        judged.sort_by(|(a, _), (b, _)| a.cmp(b));
        judged.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn candidate(&self, agent: &Agent, eligible: Result<(), Ineligible>) -> Candidate {
        Candidate {
            agent: agent.id.as_ref().clone(),
            load: u32::try_from(agent.load).unwrap_or(u32::MAX),
            cap: cap::lowest(&self.settings, agent),
            last_assigned_at: agent.last_assigned_at,
            eligible,
        }
    }
}
