//! The way a conversation goes while it waits: who may take it at first, and who else as time goes by.

use std::collections::BTreeMap;

use happytalk_core::id::{GroupId, QueueId};

use crate::lookup::{Digest, Lookup, Named};
use crate::settings::{Fallback, Pool, Queue, RuleId, Settings};
use crate::skill::{Need, Requirement};
use crate::slab::{NeedNo, Number, PoolNo, QueueNo, RouteNo, Slab};

/// More different needs, groups and fallbacks than this are refused.
pub(crate) const ROUTES_MAX: usize = 65_536;

/// What decides the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RouteKey {
    pub(crate) queue: QueueNo,
    pub(crate) rules: Vec<RuleId>,
    pub(crate) need: Option<Need>,
    pub(crate) group: Option<GroupId>,
}

/// Who may take it from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Milliseconds since it began to wait.
    pub(crate) after: u64,
    pub(crate) pool: PoolNo,
    pub(crate) need: NeedNo,
}

/// A way, and what leads to it.
#[derive(Debug, Clone)]
struct Route {
    key: RouteKey,
    stages: Vec<Stage>,
}

impl Named for Route {
    type Name = RouteKey;
    fn name(&self) -> &RouteKey {
        &self.key
    }
}

/// Every way that was needed, by number; the first are those of the queues, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Routes {
    routes: Slab<RouteNo, Route>,
    numbers: Lookup<RouteNo>,
    count: usize,
    pools: Vec<Pool>,
    pool_nos: BTreeMap<Pool, PoolNo>,
    needs: Vec<Requirement>,
    need_nos: BTreeMap<Requirement, NeedNo>,
}

fn numbered<N: Number>(place: usize) -> N {
    N::from_place(u32::try_from(place).unwrap_or(u32::MAX))
}

impl Routes {
    pub(crate) fn of(settings: &Settings) -> Self {
        let mut routes = Self::default();
        for place in 0..settings.queues.len() {
            routes.number(settings, Self::plain(numbered(place)));
        }
        routes
    }

    const fn plain(queue: QueueNo) -> RouteKey {
        RouteKey {
            queue,
            rules: Vec::new(),
            need: None,
            group: None,
        }
    }

    /// The way of a queue's own.
    pub(crate) fn of_queue(queue: QueueNo) -> RouteNo {
        numbered(queue.place())
    }

    /// Whether one more would be too many.
    pub(crate) const fn is_full(&self) -> bool {
        self.count >= ROUTES_MAX
    }

    pub(crate) fn has(&self, key: &RouteKey) -> bool {
        self.numbers.get(key, &self.routes).is_some()
    }

    /// The number of a way; that of its queue's own where there is no room for one more.
    pub(crate) fn number(&mut self, settings: &Settings, key: RouteKey) -> RouteNo {
        if let Some(number) = self.numbers.get(&key, &self.routes) {
            return number;
        }
        if self.count >= ROUTES_MAX {
            return Self::of_queue(key.queue);
        }
        let stages = self.stages(settings, &key);
        self.count += 1;
        let digest = Digest::of(&key);
        let number = self.routes.put(Route { key, stages });
        self.numbers.put(digest, number, &self.routes);
        number
    }

    fn stages(&mut self, settings: &Settings, key: &RouteKey) -> Vec<Stage> {
        let Some(queue) = settings.queues.get(key.queue.place()) else {
            return Vec::new();
        };
        let mut wider: Vec<(u64, Pool)> = Vec::new();
        let first = match &key.group {
            Some(group) => Pool::groups([group.clone()]),
            None => {
                overflows(settings, queue, &mut wider);
                fallbacks(settings, &key.rules, &mut wider);
                queue.pool.clone()
            }
        };
        let need = key.need.as_ref().unwrap_or(&queue.need);
        let mut steps: Vec<_> = need.steps.iter().collect();
        steps.sort_by_key(|step| step.after_millis);
        let mut instants: Vec<u64> = wider.iter().map(|(after, _)| *after).collect();
        instants.extend(steps.iter().map(|step| step.after_millis));
        instants.sort_unstable();
        instants.dedup();
        let mut stages = vec![Stage {
            after: 0,
            pool: self.pool_no(&first),
            need: self.need_no(&need.skills),
        }];
        for after in instants {
            let pools = wider.iter().filter(|(at, _)| *at <= after);
            let pool = pools.fold(first.clone(), |pool, (_, more)| pool.or(more));
            let passed = steps.iter().rev().find(|step| step.after_millis <= after);
            let skills = passed.map_or(&need.skills, |step| &step.skills);
            stages.push(Stage {
                after,
                pool: self.pool_no(&pool),
                need: self.need_no(skills),
            });
        }
        stages
    }

    fn pool_no(&mut self, pool: &Pool) -> PoolNo {
        if let Some(no) = self.pool_nos.get(pool) {
            return *no;
        }
        let no = numbered(self.pools.len());
        self.pools.push(pool.clone());
        self.pool_nos.insert(pool.clone(), no);
        no
    }

    fn need_no(&mut self, need: &Requirement) -> NeedNo {
        if let Some(no) = self.need_nos.get(need) {
            return *no;
        }
        let no = numbered(self.needs.len());
        self.needs.push(need.clone());
        self.need_nos.insert(need.clone(), no);
        no
    }

    fn stages_of(&self, route: RouteNo) -> &[Stage] {
        let route = self.routes.get(route);
        route.map_or(&[], |route| &route.stages)
    }

    /// A stage of a way.
    pub(crate) fn stage(&self, route: RouteNo, stage: usize) -> Option<Stage> {
        self.stages_of(route).get(stage).copied()
    }

    /// Whether a way changes with time.
    pub(crate) fn is_staged(&self, route: RouteNo) -> bool {
        self.stages_of(route).len() > 1
    }

    /// The stage of one that has waited this long, all instants up to it counted.
    pub(crate) fn stage_after(&self, route: RouteNo, millis: u64) -> usize {
        self.stages_of(route)
            .partition_point(|stage| stage.after <= millis)
            .saturating_sub(1)
    }

    /// Whoever may take it in the end.
    pub(crate) fn widest(&self, route: RouteNo) -> Option<&Pool> {
        let last = self.stages_of(route).last()?;
        self.pool(last.pool)
    }

    pub(crate) fn pool(&self, no: PoolNo) -> Option<&Pool> {
        self.pools.get(no.place())
    }

    pub(crate) fn need(&self, no: NeedNo) -> Option<&Requirement> {
        self.needs.get(no.place())
    }
}

fn queue_of<'a>(settings: &'a Settings, id: &QueueId) -> Option<&'a Queue> {
    settings.queues.iter().find(|queue| queue.id == *id)
}

/// The queues that help out, one after the other. The chain ends: that was checked.
fn overflows(settings: &Settings, queue: &Queue, wider: &mut Vec<(u64, Pool)>) {
    let mut after = 0_u64;
    let mut queue = queue;
    while let Some(overflow) = &queue.overflow
        && let Some(millis) = overflow.after_millis
        && let Some(next) = queue_of(settings, &overflow.to)
    {
        after = after.saturating_add(millis);
        wider.push((after, next.pool.clone()));
        queue = next;
    }
}

/// What the rule rows fall back on, one after the other.
fn fallbacks(settings: &Settings, rules: &[RuleId], wider: &mut Vec<(u64, Pool)>) {
    let mut after = 0_u64;
    let mut rows = rules
        .iter()
        .filter_map(|id| settings.rules.iter().find(|rule| rule.id == *id));
    let mut row = rows.next();
    while let Some(rule) = row {
        after = after.saturating_add(rule.fallback_after_millis);
        row = rows.next();
        let pool = match &rule.fallback {
            Fallback::Wait => return,
            // Behind the last row that matches stands the default.
            Fallback::NextRow => {
                let next = row.map_or(&settings.default_queue, |next| &next.queue);
                queue_of(settings, next)
            }
            Fallback::DefaultPool => queue_of(settings, &settings.default_queue),
            Fallback::ToGroup(group) => {
                wider.push((after, Pool::groups([group.clone()])));
                return;
            }
        };
        if let Some(queue) = pool {
            wider.push((after, queue.pool.clone()));
        }
        if rule.fallback == Fallback::DefaultPool {
            return;
        }
    }
}

/// The rules that matched, as far as they fall back on each other.
pub(crate) fn trimmed(rules: &[&crate::settings::Rule]) -> Vec<RuleId> {
    let mut kept = Vec::new();
    for rule in rules {
        kept.push(rule.id);
        if rule.fallback != Fallback::NextRow {
            break;
        }
    }
    // A row that falls back on nothing changes nothing about the queue's own way.
    match rules.first() {
        Some(rule) if rule.fallback == Fallback::Wait => Vec::new(),
        _ => kept,
    }
}
