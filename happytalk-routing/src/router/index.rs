//! Keeping lines and shelves as agents and conversations change.

use std::collections::BTreeMap;
use std::mem;

use happytalk_core::ChannelName;
use happytalk_core::event::StatusClass;
use happytalk_core::id::QueueId;

use super::{Router, numbered};
use crate::agent::{Agent, AgentSpec};
use crate::cap::{self, Ask};
use crate::conversation::{Conversation, Seat};
use crate::line::{Line, LineKey, Post, Rank, Shelf, ShelfKey, WaitKey};
use crate::settings::{Settings, Strategy};
use crate::slab::{AgentNo, ChannelNo, ConversationNo, LineNo, Number, QueueNo, ShelfNo};

/// How many agents have limits of their own by queue and by channel. Where nobody has, shelves need not tell the
/// queues or the channels apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    queues: BTreeMap<QueueId, u32>,
    channels: BTreeMap<ChannelName, u32>,
    /// Agents who do not take every channel.
    choosy: u32,
}

impl Limits {
    /// Counts an agent in; whether that is the first of a kind.
    fn add(&mut self, spec: &AgentSpec) -> bool {
        let mut first = false;
        for queue in spec.caps.queues.keys() {
            let count = self.queues.entry(queue.clone()).or_default();
            first |= *count == 0;
            *count += 1;
        }
        for channel in spec.caps.channels.keys() {
            let count = self.channels.entry(channel.clone()).or_default();
            first |= *count == 0;
            *count += 1;
        }
        if spec.channels.is_some() {
            first |= self.choosy == 0;
            self.choosy += 1;
        }
        first
    }

    /// Counts an agent out. A kind that nobody is left of stays told apart until the next rebuilding: that is never
    /// wrong, only more work.
    fn take(&mut self, spec: &AgentSpec) {
        for queue in spec.caps.queues.keys() {
            if let Some(count) = self.queues.get_mut(queue) {
                *count = count.saturating_sub(1);
            }
        }
        for channel in spec.caps.channels.keys() {
            if let Some(count) = self.channels.get_mut(channel) {
                *count = count.saturating_sub(1);
            }
        }
        if spec.channels.is_some() {
            self.choosy = self.choosy.saturating_sub(1);
        }
    }
}

fn positive<K: Ord>(counts: &BTreeMap<K, u32>, key: &K) -> bool {
    counts.get(key).is_some_and(|count| *count > 0)
}

/// What the shelf asks of an agent: whether they are eligible, and whether they are free too.
fn judged(
    settings: &Settings,
    channels: &[ChannelName],
    key: ShelfKey,
    agent: &Agent,
) -> (bool, bool) {
    if agent.class != StatusClass::Accepting {
        return (false, false);
    }
    let mut free = cap::total_cap(settings, agent, key.weight).is_none();
    if let Some(no) = key.channel
        && let Some(channel) = channels.get(no.place())
    {
        if !agent.spec.takes(channel) {
            return (false, false);
        }
        free = free && !cap::channel_cap_reached(settings, agent, no, channel, key.weight);
    }
    if let Some(no) = key.queue
        && let Some(queue) = settings.queues.get(no.place())
    {
        free = free && !cap::queue_cap_reached(agent, no, queue, key.weight);
    }
    (true, free)
}

impl Router {
    /// What a conversation asks; `None` only for numbers that name nothing.
    pub(super) fn ask(
        &self,
        queue_no: QueueNo,
        channel_no: ChannelNo,
        weight: u32,
    ) -> Option<Ask<'_>> {
        Some(Ask {
            queue_no,
            queue: self.settings.queues.get(queue_no.place())?,
            channel_no,
            channel: self.channels.get(channel_no.place())?,
            weight,
        })
    }

    pub(super) fn ask_of(&self, conversation: &Conversation) -> Option<Ask<'_>> {
        self.ask(
            conversation.queue,
            conversation.channel,
            conversation.weight,
        )
    }

    /// The queue whose turns decide, where it is a sequential one.
    pub(super) fn turns_of(&self, queue: QueueNo) -> Option<QueueNo> {
        let settings = self.settings.queues.get(queue.place())?;
        match settings.strategy {
            Strategy::Sequential => Some(queue),
            Strategy::LeastActive => None,
        }
    }

    pub(super) fn channel_no(&mut self, channel: &ChannelName) -> ChannelNo {
        if let Some(no) = self.channel_nos.get(channel) {
            return *no;
        }
        let no = numbered(self.channels.len());
        self.channels.push(channel.clone());
        self.channel_nos.insert(channel.clone(), no);
        no
    }

    fn shelf_key(&self, queue: QueueNo, channel: ChannelNo, weight: u32) -> Option<ShelfKey> {
        let settings = self.settings.queues.get(queue.place())?;
        let name = self.channels.get(channel.place())?;
        let by_queue = settings.cap.is_some() || positive(&self.limits.queues, &settings.id);
        let by_channel = self.limits.choosy > 0
            || self.settings.caps.channels.contains_key(name)
            || positive(&self.limits.channels, name);
        Some(ShelfKey {
            pool: self.queues.get(queue.place())?.pool,
            turns: self.turns_of(queue),
            queue: by_queue.then_some(queue),
            channel: by_channel.then_some(channel),
            weight,
        })
    }

    fn shelf_no(&mut self, key: ShelfKey) -> ShelfNo {
        if let Some(no) = self.shelf_nos.get(&key) {
            return *no;
        }
        let no: ShelfNo = numbered(self.shelves.len());
        self.shelves.push(Shelf::new(key));
        self.shelf_nos.insert(key, no);
        for agent in self.agents.numbers() {
            self.post(agent, no);
            self.refresh(agent);
        }
        no
    }

    /// Lets an agent stand on a shelf, if its pool holds them.
    fn post(&mut self, agent: AgentNo, no: ShelfNo) {
        if let Some(shelf) = self.shelves.get(no.place())
            && let Some(pool) = self.pools.get(shelf.key.pool.place())
            && let Some(agent) = self.agents.get_mut(agent)
            && pool.holds(&agent.id, agent.spec.group.as_ref())
        {
            agent.posts.push(Post {
                shelf: no,
                rank: None,
                eligible: false,
            });
        }
    }

    /// Puts an agent where they belong on each shelf.
    pub(super) fn refresh(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        let mut posts = mem::take(&mut agent.posts);
        for post in &mut posts {
            let Some(shelf) = self.shelves.get_mut(post.shelf.place()) else {
                continue;
            };
            let (eligible, free) = judged(&self.settings, &self.channels, shelf.key, agent);
            let rank = free.then(|| Rank::new(agent, shelf.key.turns));
            if eligible != post.eligible {
                shelf.eligible = match eligible {
                    true => shelf.eligible.saturating_add(1),
                    false => shelf.eligible.saturating_sub(1),
                };
                post.eligible = eligible;
            }
            if rank != post.rank {
                if let Some(old) = &post.rank {
                    shelf.free.remove(old);
                }
                if let Some(rank) = &rank {
                    shelf.free.insert(rank.clone(), no);
                }
                post.rank = rank;
                match shelf.is_ready() {
                    true => self.ready.insert(post.shelf),
                    false => self.ready.remove(&post.shelf),
                };
            }
        }
        agent.posts = posts;
    }

    /// Takes an agent off every shelf.
    pub(super) fn unpost(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        for post in mem::take(&mut agent.posts) {
            let Some(shelf) = self.shelves.get_mut(post.shelf.place()) else {
                continue;
            };
            if post.eligible {
                shelf.eligible = shelf.eligible.saturating_sub(1);
            }
            if let Some(rank) = &post.rank {
                shelf.free.remove(rank);
                if !shelf.is_ready() {
                    self.ready.remove(&post.shelf);
                }
            }
        }
        self.limits.take(&agent.spec);
    }

    /// Puts an agent, whose spec was just set, on the shelves of the pools that hold them.
    pub(super) fn post_everywhere(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get(no) else {
            return;
        };
        if self.limits.add(&agent.spec) {
            self.rebuild();
            return;
        }
        for shelf in 0..self.shelves.len() {
            self.post(no, numbered(shelf));
        }
        self.refresh(no);
    }

    /// Builds every shelf and line again, because shelves must tell apart what they did not.
    fn rebuild(&mut self) {
        self.shelves.clear();
        self.shelf_nos.clear();
        self.lines = Default::default();
        self.line_nos.clear();
        self.ready.clear();
        self.waiting = 0;
        for desk in &mut self.queues {
            desk.lines.clear();
            desk.waiting = 0;
        }
        for no in self.agents.numbers() {
            if let Some(agent) = self.agents.get_mut(no) {
                agent.posts.clear();
            }
        }
        for no in self.conversations.numbers() {
            if self.conversations.get(no).map(|it| it.seat) == Some(Seat::Waiting) {
                self.join(no);
            }
        }
    }

    fn line_no(&mut self, key: &LineKey) -> Option<LineNo> {
        if let Some(no) = self.line_nos.get(key) {
            return Some(*no);
        }
        let shelf = self.shelf_key(key.queue, key.channel, key.weight)?;
        let shelf = self.shelf_no(shelf);
        let no = self.lines.put(Line {
            key: key.clone(),
            shelf,
            waiting: BTreeMap::new(),
            head: None,
        });
        self.line_nos.insert(key.clone(), no);
        self.queues.get_mut(key.queue.place())?.lines.insert(no);
        Some(no)
    }

    /// Puts a conversation that waits into its line.
    pub(super) fn join(&mut self, no: ConversationNo) {
        let Some((key, place)) = self.standing(no) else {
            return;
        };
        let Some(line_no) = self.line_no(&key) else {
            return;
        };
        if let Some(line) = self.lines.get_mut(line_no)
            && line.waiting.insert(place, no).is_none()
        {
            self.waiting = self.waiting.saturating_add(1);
            if let Some(desk) = self.queues.get_mut(key.queue.place()) {
                desk.waiting = desk.waiting.saturating_add(1);
            }
        }
        self.tell_shelf(line_no);
    }

    /// Takes a conversation that waits out of its line.
    pub(super) fn leave(&mut self, no: ConversationNo) {
        let Some((key, place)) = self.standing(no) else {
            return;
        };
        let Some(line_no) = self.line_nos.get(&key).copied() else {
            return;
        };
        let mut done = false;
        if let Some(line) = self.lines.get_mut(line_no)
            && line.waiting.remove(&place).is_some()
        {
            done = line.waiting.is_empty() && !key.tried.is_empty();
            self.waiting = self.waiting.saturating_sub(1);
            if let Some(desk) = self.queues.get_mut(key.queue.place()) {
                desk.waiting = desk.waiting.saturating_sub(1);
            }
        }
        self.tell_shelf(line_no);
        if done {
            // Lines of conversations that came back are as many as there are ways to come back: they are not kept.
            self.lines.take(line_no);
            self.line_nos.remove(&key);
            if let Some(desk) = self.queues.get_mut(key.queue.place()) {
                desk.lines.remove(&line_no);
            }
        }
    }

    /// Which line a conversation stands in, and where in it.
    pub(super) fn standing(&self, no: ConversationNo) -> Option<(LineKey, WaitKey)> {
        let conversation = self.conversations.get(no)?;
        let key = LineKey {
            queue: conversation.queue,
            channel: conversation.channel,
            weight: conversation.weight,
            tried: conversation.tried.clone(),
        };
        Some((key, conversation.key(self.settings.priority)))
    }

    /// Makes the shelf's heads agree with the line.
    fn tell_shelf(&mut self, line_no: LineNo) {
        let Some(line) = self.lines.get_mut(line_no) else {
            return;
        };
        let head = line.waiting.first_key_value().map(|(key, _)| key);
        if head == line.head.as_ref() {
            return;
        }
        let head = head.cloned();
        let Some(shelf) = self.shelves.get_mut(line.shelf.place()) else {
            return;
        };
        if let Some(old) = &line.head {
            shelf.heads.remove(old);
        }
        if let Some(head) = &head {
            shelf.heads.insert(head.clone(), line_no);
        }
        line.head = head;
        match shelf.is_ready() {
            true => self.ready.insert(line.shelf),
            false => self.ready.remove(&line.shelf),
        };
    }

    /// The conversation to be served next and its agent, whoever waits first across all queues.
    pub(super) fn next_pair(&self) -> Option<(ConversationNo, AgentNo)> {
        let mut best = None;
        for shelf_no in &self.ready {
            let Some(shelf) = self.shelves.get(shelf_no.place()) else {
                continue;
            };
            for (key, line_no) in &shelf.heads {
                if best.as_ref().is_some_and(|(first, _, _)| *first <= key) {
                    break;
                }
                let Some(line) = self.lines.get(*line_no) else {
                    continue;
                };
                if let Some(agent) = self.choice(shelf, &line.key.tried)
                    && let Some((_, conversation)) = line.waiting.first_key_value()
                {
                    best = Some((key, *conversation, agent));
                    break;
                }
            }
        }
        best.map(|(_, conversation, agent)| (conversation, agent))
    }

    /// Whom the shelf gives to a conversation that came back from `tried`.
    pub(super) fn choice(&self, shelf: &Shelf, tried: &[AgentNo]) -> Option<AgentNo> {
        let mut free = shelf.free.values();
        if tried.is_empty() || self.all_tried(shelf, tried) {
            return free.next().copied();
        }
        free.find(|agent| !tried.contains(agent)).copied()
    }

    /// Whether everybody who is eligible had it, so that it may go back to one of them.
    fn all_tried(&self, shelf: &Shelf, tried: &[AgentNo]) -> bool {
        let had_it = tried.iter().filter(|agent| {
            let agent = self.agents.get(**agent);
            let posts = agent.map(|agent| agent.posts.as_slice());
            posts.unwrap_or_default().iter().any(|post| {
                post.eligible
                    && self.shelves.get(post.shelf.place()).map(|it| it.key) == Some(shelf.key)
            })
        });
        u32::try_from(had_it.count()).unwrap_or(u32::MAX) >= shelf.eligible
    }

    /// The shelf a waiting conversation is served from.
    pub(super) fn shelf_of(&self, no: ConversationNo) -> Option<&Shelf> {
        let (key, _) = self.standing(no)?;
        let line = self.lines.get(*self.line_nos.get(&key)?)?;
        self.shelves.get(line.shelf.place())
    }

    /// The waiting conversations that came back from somebody and that this agent's pools serve.
    pub(super) fn returned_to_pools_of(&self, no: AgentNo) -> Vec<ConversationNo> {
        let Some(agent) = self.agents.get(no) else {
            return Vec::new();
        };
        let lines = self.lines.iter().filter(|(_, line)| {
            let desk = self.queues.get(line.key.queue.place());
            let pool = desk.and_then(|desk| self.pools.get(desk.pool.place()));
            !line.key.tried.is_empty()
                && pool.is_some_and(|pool| pool.holds(&agent.id, agent.spec.group.as_ref()))
        });
        lines
            .flat_map(|(_, line)| line.waiting.values().copied())
            .collect()
    }
}
