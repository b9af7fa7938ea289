//! When two routers are the same, and what always holds of one.

use super::Router;
#[cfg(debug_assertions)]
use crate::{
    cap,
    conversation::{Conversation, Seat},
    slab::ConversationNo,
};

/// Above this many agents and conversations the whole is not counted again after each input.
#[cfg(debug_assertions)]
const CHECKED_MAX: usize = 64;

impl PartialEq for Router {
    fn eq(&self, other: &Self) -> bool {
        if self.settings != other.settings {
            return false;
        }
        let now = self.now.max(other.now);
        let at_that_time = |router: &Self| match router.turns_due.first() {
            Some((due, _)) if *due <= now => {
                let mut later = router.clone();
                later.pass_time(now);
                later.snapshot()
            }
            _ => {
                let mut snapshot = router.snapshot();
                snapshot.now = now;
                snapshot
            }
        };
        at_that_time(self) == at_that_time(other)
    }
}

impl Eq for Router {}

impl Router {
    /// Stops a debug build in which an invariant is broken.
    pub(super) fn assert_sound(&self) {
        #[cfg(debug_assertions)]
        {
            if self.agents.len() + self.conversations.len() <= CHECKED_MAX {
                debug_assert_eq!(self.broken(), None, "an invariant of routing is broken");
            }
            if self.gives_out() && self.left != Some(0) {
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
                || !mine
                    .iter()
                    .all(|(no, _)| agent.conversations.iter().any(|it| it.conversation == *no))
            {
                return Some("I2: what an agent has is what names them as owner");
            }
            let counted = mine.iter().filter(|(_, it)| self.occupies(it));
            let load: u64 = counted.map(|(_, it)| agent.slots(it.weight)).sum();
            let offers = self.conversations.iter().filter(|(_, it)| {
                let mut offers = it.extra().offers.iter();
                it.seat == Seat::Waiting && offers.any(|offer| offer.agent == no)
            });
            let offered: u64 = offers.map(|(_, it)| agent.slots(it.weight)).sum();
            if load + offered != agent.load {
                return Some("I3: load is the recount");
            }
        }
        let standing: usize = self
            .lines
            .iter()
            .map(|(_, line)| line.waiting.count())
            .sum();
        let mut waiting = 0;
        for (no, it) in self.conversations.iter() {
            let in_lines = self.lines.iter();
            let in_lines = in_lines.filter(|(_, line)| line.waiting.iter().any(|(_, it)| it == no));
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
        if !self.conversations.iter().all(|(_, it)| {
            let offers = &it.extra().offers;
            offers.iter().all(|offer| {
                it.seat == Seat::Waiting && it.extra().call_at.is_some_and(|at| at <= offer.until)
            })
        }) {
            return Some("I8: no reservation without a deadline");
        }
        for (no, it) in self.conversations.iter() {
            let offers = &it.extra().offers;
            if offers
                .iter()
                .any(|offer| it.extra().tried.contains(&offer.agent))
            {
                return Some("I9: whoever declined is not asked again");
            }
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
        let line = self.lines.get(it.line);
        if line.map(|line| &line.key) != Some(&self.line_key(it)) {
            return false;
        }
        let mut eligible = 0;
        let all_stand = self.agents.iter().all(|(no, agent)| {
            let meant = shelf.key.only.is_none_or(|only| only == no);
            let would_take = meant && cap::would_take(agent, ask).is_ok();
            eligible += u32::from(would_take);
            let free = would_take
                && cap::held_up(self.house(), agent, ask).is_none()
                && cap::reached(&self.settings, agent, ask).is_none();
            shelf.free.iter().any(|(_, it)| it == no) == free
        });
        all_stand && shelf.eligible == eligible
    }
}
