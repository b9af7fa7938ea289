//! Keeping the shelves as agents change: who stands where, and who is free there.

use std::cmp::Ordering;
use std::mem;

use super::Router;
use super::limits::positive;
use crate::agent::Agent;
use crate::cap::{self, House};
use crate::conversation::Seat;
use crate::line::{LineKey, Order, Post, Rank, Shelf, ShelfKey};
use crate::slab::{AgentNo, ChannelNo, Number, ShelfNo, Slab};

/// What the shelf asks of an agent who stands on it: whether they are eligible, and whether they are free too.
#[inline]
fn judged(house: House<'_>, key: &ShelfKey, agent: &Agent) -> (bool, bool) {
    if !agent.accepts || !agent.on_shift {
        return (false, false);
    }
    let settings = house.settings;
    let slots = agent.slots(key.weight);
    let mut free = agent.waking == 0 && agent.has_room_for(slots) && !agent.rated;
    if let Some(no) = key.channel {
        let (takes, has_room) = judged_by_channel(house, no, agent, slots);
        if !takes {
            return (false, false);
        }
        free &= has_room;
    }
    if let Some(no) = key.queue
        && let Some(queue) = settings.queues.get(no.place())
    {
        free = free && !cap::queue_cap_reached(agent, no, queue, slots);
    }
    (true, free)
}

/// Whether an agent takes the channel, and whether that many slots more are within its limits and nothing excludes it.
#[inline(never)]
fn judged_by_channel(house: House<'_>, no: ChannelNo, agent: &Agent, slots: u64) -> (bool, bool) {
    let Some(channel) = house.channels.get(no.place()) else {
        return (true, true);
    };
    let reached = || cap::channel_cap_reached(house.settings, agent, no, channel, slots);
    let free = !cap::excluded(house, agent, no) && !reached();
    (agent.takes(channel), free)
}

/// Which of two agents of equal rank comes first.
fn by_id(agents: &Slab<AgentNo, Agent>) -> impl Fn(AgentNo, AgentNo) -> Ordering {
    |a, b| {
        let id = |no| agents.get(no).map(|agent| &agent.id);
        id(a).cmp(&id(b))
    }
}

impl Router {
    pub(super) fn shelf_key(&self, key: &LineKey) -> Option<ShelfKey> {
        let settings = self.settings.queues.get(key.queue.place())?;
        let name = self.channels.get(key.channel.place())?;
        let stage = self.routes.stage(key.route, key.stage)?;
        let by_queue = settings.cap.is_some() || positive(&self.limits.queues, &settings.id);
        let by_channel = self.limits.choosy > 0
            || self.settings.caps.channels.contains_key(name)
            || positive(&self.limits.channels, name)
            || self
                .settings
                .excludes
                .values()
                .any(|others| others.contains(name));
        Some(ShelfKey {
            pool: stage.pool,
            need: stage.need,
            order: self.order_of(key.queue),
            queue: by_queue.then_some(key.queue),
            channel: by_channel.then_some(key.channel),
            weight: key.weight,
            only: key.only,
        })
    }

    pub(super) fn shelf_no(&mut self, key: ShelfKey) -> ShelfNo {
        if let Some(no) = self.shelf_nos.get(&key) {
            return *no;
        }
        let no = self.shelves.put(Shelf::new(key));
        self.shelf_nos.insert(key, no);
        let agents = match key.only {
            Some(agent) => vec![agent],
            None => self.agents.numbers(),
        };
        for agent in agents {
            if self.post(agent, no) {
                self.refresh(agent);
            }
        }
        no
    }

    /// Lets an agent stand on a shelf, if they serve its pool and can do what is asked there.
    fn post(&mut self, no: AgentNo, shelf_no: ShelfNo) -> bool {
        let Some(key) = self.shelves.get(shelf_no).map(|shelf| shelf.key) else {
            return false;
        };
        let (Some(pool), Some(need)) = (self.routes.pool(key.pool), self.routes.need(key.need))
        else {
            return false;
        };
        let Some(agent) = self.agents.get_mut(no) else {
            return false;
        };
        let stands = key.only.is_none_or(|only| only == no)
            && pool.holds(&agent.id, agent.group.as_ref())
            && need.is_met_by(&agent.own().skills);
        if stands {
            let mut posts = mem::take(&mut agent.posts).into_vec();
            posts.reserve_exact(1);
            posts.push(Post::on(shelf_no));
            agent.posts = posts.into_boxed_slice();
        }
        stands
    }

    /// Puts an agent where they belong on each shelf.
    pub(super) fn refresh(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        let mut posts = mem::take(&mut agent.posts);
        let Some(agent) = self.agents.get(no) else {
            return;
        };
        let house = House {
            settings: &self.settings,
            channels: &self.channels,
            excludes: &self.excludes,
        };
        for post in &mut posts {
            let Some(shelf) = self.shelves.get_mut(post.shelf) else {
                continue;
            };
            let (eligible, free) = judged(house, &shelf.key, agent);
            if eligible != post.eligible {
                shelf.eligible = match eligible {
                    true => shelf.eligible.saturating_add(1),
                    false => shelf.eligible.saturating_sub(1),
                };
                post.eligible = eligible;
            }
            let was = post.free.then_some(post.rank);
            let is = free.then(|| {
                let scored = match shelf.key.order {
                    Order::Score(queue) => self.settings.queues.get(queue.place()),
                    _ => None,
                };
                Rank::new(agent, shelf.key.order, scored)
            });
            if was == is {
                continue;
            }
            if let Some(rank) = was {
                shelf.free.take(rank, no, by_id(&self.agents));
            }
            if let Some(rank) = is {
                shelf.free.put(rank, no, by_id(&self.agents));
                post.rank = rank;
            }
            post.free = free;
            self.ready.set(post.shelf, shelf.is_ready());
        }
        if let Some(agent) = self.agents.get_mut(no) {
            agent.posts = posts;
        }
    }

    /// Takes an agent off every shelf.
    pub(super) fn unpost(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        let posts = mem::take(&mut agent.posts);
        self.limits.take(agent.own());
        for post in posts {
            let Some(shelf) = self.shelves.get_mut(post.shelf) else {
                continue;
            };
            if post.eligible {
                shelf.eligible = shelf.eligible.saturating_sub(1);
            }
            if post.free {
                shelf.free.take(post.rank, no, by_id(&self.agents));
                self.ready.set(post.shelf, shelf.is_ready());
            }
        }
    }

    /// Puts an agent, whose spec was just set, on the shelves of the pools that hold them.
    pub(super) fn post_everywhere(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get(no) else {
            return;
        };
        if self.limits.add(agent.own()) {
            self.rebuild();
            return;
        }
        for shelf in self.shelves.numbers() {
            self.post(no, shelf);
        }
        self.refresh(no);
    }

    /// Builds every shelf and line again, because shelves must tell apart what they did not.
    fn rebuild(&mut self) {
        self.shelves = Slab::default();
        self.shelf_nos.clear();
        self.lines = Slab::default();
        self.line_nos.clear();
        self.ready.clear();
        self.waiting = 0;
        for desk in &mut self.queues {
            desk.lines.clear();
            desk.plain.clear();
            desk.waiting = 0;
        }
        for no in self.agents.numbers() {
            if let Some(agent) = self.agents.get_mut(no) {
                agent.posts = Box::default();
            }
        }
        for no in self.conversations.numbers() {
            if self.conversations.get(no).map(|it| it.seat) == Some(Seat::Waiting) {
                self.join(no);
            }
        }
    }
}
