//! Keeping the lines as conversations come and go, and finding who is next and with whom.

use std::cmp::Ordering;
use std::mem;

use happytalk_core::ChannelName;
use happytalk_core::id::AgentId;

use super::{CHANNELS_MAX, Router, numbered};
use crate::cap::{Ask, House};
use crate::conversation::Conversation;
use crate::line::{Head, Line, LineKey, Order, Shelf};
use crate::ranked::Ranked;
use crate::route::Routes;
use crate::settings::Settings;
use crate::slab::{AgentNo, ChannelNo, ConversationNo, LineNo, Number, QueueNo, RouteNo, Slab};

/// Which of two conversations of equal keys comes first.
pub(super) fn by_place<'a>(
    settings: &'a Settings,
    conversations: &'a Slab<ConversationNo, Conversation>,
) -> impl Fn(ConversationNo, ConversationNo) -> Ordering + 'a {
    |a, b| {
        let place = |no| {
            let it = conversations.get(no)?;
            let queue = settings.queues.get(it.queue.place())?;
            Some((it.place(settings.priority, queue), &it.id))
        };
        place(a).cmp(&place(b))
    }
}

impl Router {
    pub(super) fn house(&self) -> House<'_> {
        House {
            settings: &self.settings,
            channels: &self.channels,
            excludes: &self.excludes,
        }
    }

    /// What a conversation asks at a stage of its way; `None` only for numbers that name nothing.
    pub(super) fn ask(
        &self,
        (queue_no, channel_no, weight): (QueueNo, ChannelNo, u32),
        (route, stage): (RouteNo, usize),
    ) -> Option<Ask<'_>> {
        let stage = self.routes.stage(route, stage)?;
        Some(Ask {
            queue_no,
            queue: self.settings.queues.get(queue_no.place())?,
            pool: self.routes.pool(stage.pool)?,
            need: self.routes.need(stage.need)?,
            channel_no,
            channel: self.channels.get(channel_no.place())?,
            weight,
        })
    }

    pub(super) fn route_of(&self, it: &Conversation) -> RouteNo {
        let own = || Routes::of_queue(it.queue);
        it.extra().route.unwrap_or_else(own)
    }

    pub(super) fn ask_of(&self, it: &Conversation) -> Option<Ask<'_>> {
        let way = (self.route_of(it), it.extra().stage);
        self.ask((it.queue, it.channel, it.weight), way)
    }

    pub(super) fn order_of(&self, queue: QueueNo) -> Order {
        let settings = self.settings.queues.get(queue.place());
        settings.map_or(Order::Load, |it| Order::of(it.strategy, queue))
    }

    /// The number of a channel; that of the last one where there are too many.
    pub(super) fn channel_no(&mut self, channel: &ChannelName) -> ChannelNo {
        if let Some(no) = self.channel_nos.get(channel) {
            return *no;
        }
        if self.channels.len() >= CHANNELS_MAX {
            return numbered(CHANNELS_MAX - 1);
        }
        let no = numbered(self.channels.len());
        self.channels.push(channel.clone());
        self.channel_nos.insert(channel.clone(), no);
        for (on, others) in &self.settings.excludes {
            let on = self.channel_nos.get(on);
            for other in others.iter().filter_map(|it| self.channel_nos.get(it)) {
                let pair = on.map(|on| (*on, *other));
                self.excludes
                    .extend(pair.filter(|(on, other)| *on == no || *other == no));
            }
        }
        no
    }

    /// What a conversation has in common with others that wait.
    pub(super) fn line_key(&self, it: &Conversation) -> LineKey {
        let mut key = LineKey {
            queue: it.queue,
            channel: it.channel,
            weight: it.weight,
            route: self.route_of(it),
            stage: 0,
            closed: false,
            came_back: false,
            only: None,
            tried: Vec::new(),
            never: Vec::new(),
            offered: Vec::new(),
        };
        if let Some(extra) = it.extra.as_deref() {
            key.stage = extra.stage;
            key.came_back = extra.returns > 0;
            key.closed = extra.held_back
                || extra.delayed
                || extra.silent
                || self.is_parked(it)
                || self.is_offered_enough(it);
            let number = |agent: &AgentId| self.agent_number(agent);
            if extra.sticks {
                let last = extra.terms.sticky.as_ref();
                key.only = last.and_then(|(agent, _)| number(agent));
                key.closed |= key.only.is_none();
            }
            key.tried.clone_from(&extra.tried);
            key.never = extra.terms.barred.iter().filter_map(number).collect();
            key.never.sort_unstable();
            key.offered = extra.offers.iter().map(|offer| offer.agent).collect();
            key.offered.sort_unstable();
        }
        key
    }

    fn line_no(&mut self, key: LineKey) -> Option<LineNo> {
        if let Some(no) = self.line_nos.get(&key) {
            return Some(*no);
        }
        let shelf = self.shelf_key(&key)?;
        let shelf = self.shelf_no(shelf);
        let queue = key.queue;
        let no = self.lines.put(Line {
            key: key.clone(),
            shelf,
            waiting: Ranked::default(),
            head: None,
        });
        if let Some(shelf) = self.shelves.get_mut(shelf) {
            shelf.lines = shelf.lines.saturating_add(1);
        }
        self.line_nos.insert(key, no);
        self.queues.get_mut(queue.place())?.lines.insert(no);
        Some(no)
    }

    /// The line a conversation belongs in.
    fn line_of(&mut self, no: ConversationNo) -> Option<LineNo> {
        let it = self.conversations.get(no)?;
        let is_plain = it.extra.is_none() && it.weight == 1;
        let (queue, channel) = (it.queue.place(), it.channel.place());
        if is_plain
            && let Some(desk) = self.queues.get(queue)
            && let Some(Some(line)) = desk.plain.get(channel)
        {
            return Some(*line);
        }
        let line = self.line_no(self.line_key(it))?;
        if is_plain && let Some(desk) = self.queues.get_mut(queue) {
            if channel >= desk.plain.len() {
                desk.plain.resize(channel + 1, None);
            }
            if let Some(plain) = desk.plain.get_mut(channel) {
                *plain = Some(line);
            }
        }
        Some(line)
    }

    /// Puts a conversation that waits into its line.
    #[inline]
    pub(super) fn join(&mut self, no: ConversationNo) {
        let Some(line_no) = self.line_of(no) else {
            return;
        };
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let Some(queue) = self.settings.queues.get(it.queue.place()) else {
            return;
        };
        let (queue_no, packed) = (it.queue, it.packed(self.settings.priority, queue));
        let mut is_first = false;
        if let Some(line) = self.lines.get_mut(line_no) {
            let tie = by_place(&self.settings, &self.conversations);
            line.waiting.put(packed, no, tie);
            is_first = line.waiting.first() == Some((packed, no));
            self.waiting = self.waiting.saturating_add(1);
            if let Some(desk) = self.queues.get_mut(queue_no.place()) {
                desk.waiting = desk.waiting.saturating_add(1);
            }
        }
        if let Some(it) = self.conversations.get_mut(no) {
            it.line = line_no;
        }
        if is_first {
            self.tell_shelf(line_no);
        }
    }

    /// Takes a conversation that waits out of its line.
    #[inline]
    pub(super) fn leave(&mut self, no: ConversationNo) {
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let Some(queue) = self.settings.queues.get(it.queue.place()) else {
            return;
        };
        let (line_no, queue_no) = (it.line, it.queue);
        let packed = it.packed(self.settings.priority, queue);
        let (mut done, mut was_first) = (false, false);
        if let Some(line) = self.lines.get_mut(line_no) {
            let tie = by_place(&self.settings, &self.conversations);
            if line.waiting.take(packed, no, tie) {
                was_first = line.head.is_some_and(|head| head.conversation == no);
                done = line.waiting.is_empty() && !line.key.is_kept();
                self.waiting = self.waiting.saturating_sub(1);
                if let Some(desk) = self.queues.get_mut(queue_no.place()) {
                    desk.waiting = desk.waiting.saturating_sub(1);
                }
            }
        }
        if was_first {
            self.tell_shelf(line_no);
        }
        if done {
            self.drop_line(line_no);
        }
    }

    /// Lines of what came back, of weights that are rare, or of one agent are as many as there are ways to be so: they
    /// are not kept when they are empty, nor is a shelf that only such lines have.
    fn drop_line(&mut self, line_no: LineNo) {
        let Some(line) = self.lines.take(line_no) else {
            return;
        };
        self.line_nos.remove(&line.key);
        if let Some(desk) = self.queues.get_mut(line.key.queue.place()) {
            desk.lines.remove(&line_no);
        }
        let Some(shelf) = self.shelves.get_mut(line.shelf) else {
            return;
        };
        shelf.lines = shelf.lines.saturating_sub(1);
        if shelf.lines > 0 || shelf.key.is_kept() {
            return;
        }
        let key = shelf.key;
        self.shelf_nos.remove(&key);
        self.ready.set(line.shelf, false);
        self.shelves.take(line.shelf);
        let agents = match key.only {
            Some(agent) => vec![agent],
            None => self.agents.numbers(),
        };
        for no in agents {
            if let Some(agent) = self.agents.get_mut(no) {
                let mut posts = mem::take(&mut agent.posts).into_vec();
                posts.retain(|post| post.shelf != line.shelf);
                agent.posts = posts.into_boxed_slice();
            }
        }
    }

    /// Makes the shelf's heads agree with the line.
    fn tell_shelf(&mut self, line_no: LineNo) {
        let Some(line) = self.lines.get_mut(line_no) else {
            return;
        };
        let first = match line.key.closed {
            true => None,
            false => line.waiting.first(),
        };
        if first.map(|(_, no)| no) == line.head.map(|head| head.conversation) {
            return;
        }
        let queue = self.settings.queues.get(line.key.queue.place());
        let tier = queue.map_or(0, |queue| queue.tier);
        let head = first.map(|(packed, conversation)| Head {
            tier,
            packed,
            conversation,
            line: line_no,
        });
        if let Some((_, no)) = first {
            self.up_next = [Some(no), line.waiting.hint_of_second()];
        }
        let Some(shelf) = self.shelves.get_mut(line.shelf) else {
            return;
        };
        if let ([only], Some(head)) = (shelf.heads.as_mut_slice(), head)
            && only.line == line_no
        {
            *only = head;
            line.head = Some(head);
            return;
        }
        match shelf.heads.as_slice() {
            [only] if only.line == line_no => shelf.heads.clear(),
            _ if line.head.is_some() => shelf.heads.retain(|old| old.line != line_no),
            _ => {}
        }
        if let Some(head) = head {
            let tie = by_place(&self.settings, &self.conversations);
            let before = |other: &Head| other.order(&head, &tie).is_lt();
            let at = shelf.heads.partition_point(before);
            shelf.heads.insert(at, head);
        }
        line.head = head;
        self.ready.set(line.shelf, shelf.is_ready());
    }

    /// The conversation to be served next and its agent, whoever waits first across all queues.
    #[inline]
    pub(super) fn next_pair(&self) -> Option<(ConversationNo, AgentNo)> {
        if self.ready.is_empty() {
            return None;
        }
        if let Some(only) = self.ready.only() {
            let shelf = self.shelves.get(only)?;
            let pair = |head: &Head| Some((head.conversation, self.choice(shelf, head.line)?));
            return shelf.heads.iter().find_map(pair);
        }
        let tie = by_place(&self.settings, &self.conversations);
        let mut best: Option<(Head, AgentNo)> = None;
        for shelf_no in self.ready.iter() {
            let Some(shelf) = self.shelves.get(shelf_no) else {
                continue;
            };
            for head in &shelf.heads {
                if best.is_some_and(|(first, _)| first.order(head, &tie).is_le()) {
                    break;
                }
                if let Some(agent) = self.choice(shelf, head.line) {
                    best = Some((*head, agent));
                    break;
                }
            }
        }
        best.map(|(head, agent)| (head.conversation, agent))
    }

    /// Whom the shelf gives to the conversations of a line.
    #[inline]
    pub(super) fn choice(&self, shelf: &Shelf, line: LineNo) -> Option<AgentNo> {
        let line = self.lines.get(line)?;
        let (tried, never) = (&line.key.tried, &line.key.never);
        let offered = &line.key.offered;
        if tried.is_empty() && never.is_empty() && offered.is_empty() {
            return shelf.free.first().map(|(_, agent)| agent);
        }
        let mut free = shelf.free.iter().map(|(_, agent)| agent);
        let again = self.all_tried(shelf, tried, never);
        free.find(|agent| {
            (again || !tried.contains(agent)) && !never.contains(agent) && !offered.contains(agent)
        })
    }

    /// Whether everybody who is eligible had it, so that it may go back to one of them.
    pub(super) fn all_tried(&self, shelf: &Shelf, tried: &[AgentNo], never: &[AgentNo]) -> bool {
        let eligible = |no: &AgentNo| {
            let agent = self.agents.get(*no);
            let mut posts = agent.into_iter().flat_map(|agent| agent.posts.iter());
            posts.any(|post| {
                post.eligible && self.shelves.get(post.shelf).map(|it| it.key) == Some(shelf.key)
            })
        };
        let out = never.iter().filter(|no| eligible(no)).count();
        let had = tried
            .iter()
            .filter(|no| !never.contains(no) && eligible(no));
        u32::try_from(had.count() + out).unwrap_or(u32::MAX) >= shelf.eligible
    }

    /// The shelf a waiting conversation is served from.
    pub(super) fn shelf_of(&self, no: ConversationNo) -> Option<&Shelf> {
        let line = self.lines.get(self.conversations.get(no)?.line)?;
        self.shelves.get(line.shelf)
    }
}
