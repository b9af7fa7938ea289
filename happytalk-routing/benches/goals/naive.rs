//! What a program does that goes through its agents each time.

pub(crate) struct Agents(Vec<Agent>);

#[derive(Clone)]
struct Agent {
    id: String,
    load: u32,
    cap: u32,
    last: u64,
}

impl Agents {
    pub(crate) fn new(count: u32) -> Self {
        let agent = |n: u32| Agent {
            id: format!("agent-{n:05}"),
            load: n * 7 % 4,
            cap: 3,
            last: u64::from(n * 7919 % 1000),
        };
        Self((0..count).map(agent).collect())
    }

    /// Filter and minimum.
    pub(crate) fn minimum(&mut self) {
        let free = self.0.iter_mut().filter(|agent| agent.load < agent.cap);
        if let Some(agent) = free.min_by_key(|agent| (agent.load, agent.last, agent.id.clone())) {
            agent.last += 1000;
        }
    }

    /// Filter and sort.
    pub(crate) fn sort(&mut self) {
        let mut free: Vec<_> = self.0.iter_mut().filter(|it| it.load < it.cap).collect();
        free.sort_by(|a, b| (a.load, a.last, &a.id).cmp(&(b.load, b.last, &b.id)));
        if let Some(agent) = free.first_mut() {
            agent.last += 1000;
        }
    }
}
