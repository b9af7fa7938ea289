//! When two routers are the same, and what always holds of one.

use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_core::{ChannelName, Timestamp};

use super::Router;
use crate::conversation::{Conversation, Owner};
use crate::slab::Number;
#[cfg(debug_assertions)]
use crate::{cap, conversation::Seat, slab::ConversationNo};

/// Above this many agents and conversations the whole is not counted again after each input.
#[cfg(debug_assertions)]
const CHECKED_MAX: usize = 64;

/// A conversation without the numbers of this router.
type Plain<'a> = (
    &'a ConversationId,
    Option<&'a QueueId>,
    Option<&'a ChannelName>,
    (i32, u32, Timestamp, bool),
    Vec<&'a AgentId>,
    Option<Owner<'a>>,
);

impl PartialEq for Router {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings
            && self.mode == other.mode
            && self.turns == other.turns
            && self.revision == other.revision
            && self.agent_nos.keys().eq(other.agent_nos.keys())
            && self
                .agent_nos
                .values()
                .zip(other.agent_nos.values())
                .all(|(a, b)| match (self.agents.get(*a), other.agents.get(*b)) {
                    (Some(a), Some(b)) => {
                        a.spec == b.spec
                            && a.class == b.class
                            && a.load == b.load
                            && a.last_assigned_at == b.last_assigned_at
                            && self.settings.queues.iter().all(|queue| {
                                let no = |router: &Self| router.queue_nos.get(&queue.id).copied();
                                no(self).map(|no| a.turn(no)) == no(other).map(|no| b.turn(no))
                            })
                    }
                    _ => false,
                })
            && self.plain() == other.plain()
    }
}

impl Eq for Router {}

impl Router {
    fn plain(&self) -> Vec<Plain<'_>> {
        let mut plain: Vec<_> = self
            .conversations
            .iter()
            .map(|(_, it)| self.plain_one(it))
            .collect();
        plain.sort_by(|a, b| a.0.cmp(b.0));
        plain
    }

    fn plain_one<'a>(&'a self, it: &'a Conversation) -> Plain<'a> {
        let tried = it.tried.iter().filter_map(|no| self.agents.get(*no));
        let mut tried: Vec<_> = tried.map(|agent| agent.id.as_ref()).collect();
        tried.sort();
        (
            it.id.as_ref(),
            self.queue_name(it.queue),
            self.channels.get(it.channel.place()),
            (it.priority, it.weight, it.enqueued_at, it.held),
            tried,
            self.owner(&it.id),
        )
    }

    /// Stops a debug build in which an invariant is broken.
    pub(super) fn assert_sound(&self) {
        #[cfg(debug_assertions)]
        {
            if self.agents.len() + self.conversations.len() <= CHECKED_MAX {
                debug_assert_eq!(self.broken(), None, "an invariant of routing is broken");
            }
            if self.gives_out() && self.settings.assignments_max.is_none() {
                debug_assert_eq!(
                    self.next_pair(),
                    None,
                    "I5: somebody may take one that waits"
                );
            }
        }
    }

    /// The invariant that does not hold, of those of ROUTING 2.5 that a single state can show.
    #[cfg(debug_assertions)]
    fn broken(&self) -> Option<&'static str> {
        for (no, agent) in self.agents.iter() {
            let mine = self.conversations.iter();
            let mine: Vec<_> = mine.filter(|(_, it)| it.seat.agent() == Some(no)).collect();
            if mine.len() != agent.conversations.len()
                || !mine.iter().all(|(no, _)| agent.conversations.contains(no))
            {
                return Some("I2: what an agent has is what names them as owner");
            }
            let counted = mine.iter().filter(|(_, it)| self.occupies(it));
            let load: u64 = counted.map(|(_, it)| u64::from(it.weight)).sum();
            if load != agent.load {
                return Some("I3: load is the recount");
            }
        }
        let standing: usize = self.lines.iter().map(|(_, line)| line.waiting.len()).sum();
        let mut waiting = 0;
        for (no, it) in self.conversations.iter() {
            let in_lines = self.lines.iter();
            let in_lines = in_lines.filter(|(_, line)| line.waiting.values().any(|it| *it == no));
            let expected = usize::from(it.seat == Seat::Waiting);
            waiting += expected;
            if in_lines.count() != expected {
                return Some("I4: one that waits is in one line, and no other is in any");
            }
            if it
                .seat
                .agent()
                .is_some_and(|no| self.agents.get(no).is_none())
            {
                return Some("I2: the owner exists");
            }
        }
        if waiting != standing || usize::try_from(self.waiting) != Ok(waiting) {
            return Some("I4: the count of the waiting is the recount");
        }
        for queue in &self.settings.queues {
            let waiting = self.waiting(&queue.id);
            let places = waiting.iter().map(|it| self.place(it));
            if !places.eq((1..).map(Some).take(waiting.len())) {
                return Some("I6: places count from 1 without gaps");
            }
        }
        for (no, it) in self.conversations.iter() {
            if it.seat == Seat::Waiting && !self.is_on_the_right_shelf(no, it) {
                return Some("a shelf holds exactly the agents who may take one");
            }
        }
        None
    }

    #[cfg(debug_assertions)]
    fn is_on_the_right_shelf(&self, no: ConversationNo, it: &Conversation) -> bool {
        let (Some(ask), Some(shelf)) = (self.ask_of(it), self.shelf_of(no)) else {
            return false;
        };
        let mut eligible = 0;
        let all_stand = self.agents.iter().all(|(no, agent)| {
            let would_take = cap::would_take(agent, ask).is_ok();
            eligible += u32::from(would_take);
            let free = would_take && cap::reached(&self.settings, agent, ask).is_none();
            shelf.free.values().any(|it| *it == no) == free
        });
        all_stand && shelf.eligible == eligible
    }
}
