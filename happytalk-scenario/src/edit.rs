//! What an edit means for the customers who are inside.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::NodeId;
use serde::Serialize;

use crate::compiled::Compiled;
use crate::document::Node;
use crate::state::{Phase, State};

/// What becomes of a customer who waits at a node of the older version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
#[non_exhaustive]
pub enum Fate {
    /// They notice nothing.
    Unchanged,
    /// They see the step again, once.
    Reshown,
    /// The step is called otherwise now; they see it again.
    Moved {
        /// Its name in the newer version.
        to: NodeId,
        /// Whether what they depend on is the same, so that they notice nothing.
        unnoticed: bool,
    },
    /// The step is gone: they go back to the last step before it that is still there, or to the start.
    Lost,
}

/// The fate of one node at which customers wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NodeFate {
    /// The node, as the older version calls it.
    pub node: NodeId,
    /// What becomes of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// How many of the given sessions wait there.
    pub waiting: u64,
}

/// What an edit means, node by node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// The older version.
    pub from: u32,
    /// The newer version.
    pub to: u32,
    /// The nodes of the older version at which customers wait, in the author's order.
    pub nodes: Vec<NodeFate>,
    /// Nodes at which customers wait that only the newer version has.
    pub added: Vec<NodeId>,
    /// How many of the given sessions see a step again, or another one.
    pub see_again: u64,
    /// How many of the given sessions are of this scenario and still alive.
    pub sessions: u64,
}

impl Compiled {
    /// What becomes of customers when `newer` takes the place of this version, and how many of the given sessions see
    /// a step again.
    #[must_use]
    pub fn diff<'s>(&self, newer: &Self, sessions: impl IntoIterator<Item = &'s State>) -> Diff {
        let mut waiting: BTreeMap<&NodeId, u64> = BTreeMap::new();
        let mut alive = 0;
        let sessions = sessions.into_iter();
        let ours = sessions.filter(|state| state.inner.root().0 == self.id());
        for state in ours.filter(|state| state.inner.phase != Phase::Ended) {
            alive += 1;
            // Who is in another scenario waits at the node that runs it, as far as this one goes.
            let at = match state.inner.below.first() {
                Some(frame) => Some(&frame.at),
                None if state.inner.phase == Phase::Waiting => state.inner.at.as_ref(),
                None => None,
            };
            if let Some(at) = at {
                *waiting.entry(at).or_default() += 1;
            }
        }
        let mut known = BTreeSet::new();
        let mut nodes = Vec::new();
        for node in self.document.nodes.iter().filter(|node| node.waits()) {
            let (fate, name) = self.fate(node, newer);
            known.insert(name);
            nodes.push(NodeFate {
                waiting: waiting.get(&node.id).copied().unwrap_or(0),
                node: node.id.clone(),
                fate,
            });
        }
        let news = newer.document.nodes.iter().filter(|node| node.waits());
        let added = news
            .filter(|node| !known.contains(&node.id))
            .map(|node| node.id.clone());
        let notices = |fate: &Fate| match fate {
            Fate::Unchanged => false,
            Fate::Moved { unnoticed, .. } => !unnoticed,
            Fate::Reshown | Fate::Lost => true,
        };
        Diff {
            from: self.version(),
            to: newer.version(),
            added: added.collect(),
            see_again: nodes
                .iter()
                .filter(|node| notices(&node.fate))
                .map(|node| node.waiting)
                .sum(),
            nodes,
            sessions: alive,
        }
    }

    fn fate(&self, node: &Node, newer: &Self) -> (Fate, NodeId) {
        let mut steps: Vec<_> = newer.document.migrate.iter().collect();
        steps.sort_by_key(|step| step.from);
        let steps = steps.into_iter().filter(|step| step.from >= self.version());
        let name = steps.fold(node.id.clone(), |name, step| {
            let new = step.nodes.get(name.as_str());
            new.and_then(|new| new.parse().ok()).unwrap_or(name)
        });
        let Some(new) = newer.node(&name).filter(|new| new.waits()) else {
            return (Fate::Lost, name);
        };
        let same_version = self.version() == newer.version();
        let same = same_version || self.contract(node) == newer.contract(new);
        let fate = match (name == node.id, same) {
            (true, true) => Fate::Unchanged,
            (true, false) => Fate::Reshown,
            (false, unnoticed) => Fate::Moved {
                to: name.clone(),
                unnoticed,
            },
        };
        (fate, name)
    }
}

/// What a host does with customers who are inside when a newer version is released.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host that keeps old versions decides on each"
)]
pub enum Policy {
    /// They go on in the newer version, where they are.
    #[default]
    Follow,
    /// They end in the version they began in; the host keeps it.
    Pin,
    /// They begin again with the next thing they say.
    Restart,
}

/// The versions of a scenario that a host keeps, and which of them goes on with a customer.
#[derive(Debug, Clone)]
pub struct Versions {
    newest: std::sync::Arc<Compiled>,
    older: BTreeMap<u32, std::sync::Arc<Compiled>>,
    policy: Policy,
}

impl Versions {
    /// The newest version alone.
    #[must_use]
    pub const fn new(newest: std::sync::Arc<Compiled>, policy: Policy) -> Self {
        Self {
            newest,
            older: BTreeMap::new(),
            policy,
        }
    }

    /// Releases a newer version; the one before is kept for those who are pinned to it.
    pub fn release(&mut self, newer: std::sync::Arc<Compiled>) {
        let before = std::mem::replace(&mut self.newest, newer);
        self.older.insert(before.version(), before);
    }

    /// The newest version: the one that new customers begin in.
    #[must_use]
    pub const fn newest(&self) -> &std::sync::Arc<Compiled> {
        &self.newest
    }

    /// The version that goes on with a customer; with [`Policy::Restart`] a state of an older version is made new. A
    /// version that is no longer kept is followed by the newest.
    pub fn for_session(&self, state: &mut State) -> &std::sync::Arc<Compiled> {
        let (_, version) = state.scenario();
        match self.policy {
            Policy::Pin if version != self.newest.version() => {
                self.older.get(&version).unwrap_or(&self.newest)
            }
            Policy::Restart if version != self.newest.version() => {
                let turn = state.inner.turn;
                *state = State::new(&self.newest);
                state.inner.turn = turn;
                &self.newest
            }
            Policy::Follow | Policy::Pin | Policy::Restart => &self.newest,
        }
    }

    /// Forgets the older versions that none of these sessions is in any more; gives how many are still kept.
    pub fn forget_unused<'s>(&mut self, sessions: impl IntoIterator<Item = &'s State>) -> usize {
        let used: BTreeSet<u32> = sessions
            .into_iter()
            .map(|state| state.scenario().1)
            .collect();
        self.older.retain(|version, _| used.contains(version));
        self.older.len()
    }
}
