//! What comes back from an older version of the scenario.

use happytalk_core::content::Content;
use happytalk_core::id::NodeId;

use super::Trace;
use super::run::Run;
use crate::document::{Exit, Node, Target};

impl<'r> Run<'r> {
    /// Brings the state to this version of the scenario; nothing where it is of this version.
    pub(super) fn upgrade(&mut self) -> bool {
        let (from, to) = (self.state.version, self.flow.version());
        if from == to {
            return false;
        }
        self.state.version = to;
        let mut steps: Vec<_> = self.flow.document.migrate.iter().collect();
        steps.sort_by_key(|step| step.from);
        let mut renamed = false;
        for step in steps.into_iter().filter(|step| step.from >= from) {
            let name = |id: &NodeId| step.nodes.get(id.as_str())?.parse::<NodeId>().ok();
            for id in self.state.trail.iter_mut().chain(self.state.at.as_mut()) {
                if let Some(new) = name(id) {
                    *id = new;
                    renamed = true;
                }
            }
            for (old, new) in &step.vars {
                if let Some(value) = self.state.slots.remove(old) {
                    self.state.slots.insert(new.clone(), value);
                }
            }
            for (name, value) in &step.defaults {
                let var = self.flow.document.vars.get(name);
                let kept = self.state.slots.get(name);
                let fits = kept.is_some_and(|kept| var.is_some_and(|var| var.kind.holds(kept)));
                if !fits && var.is_some_and(|var| var.kind.holds(value)) {
                    self.state.slots.insert(name.clone(), value.clone());
                }
            }
        }
        let vars = &self.flow.document.vars;
        self.state.slots.retain(|name, value| {
            vars.get(name)
                .is_some_and(|var| value.is_null() || var.kind.holds(value))
        });
        let flow = self.flow;
        self.state
            .trail
            .retain(|id| flow.node(id).is_some_and(Node::waits));
        renamed
    }

    /// The node a waiting customer is at, in this version; `None` when something had to be shown instead.
    pub(super) fn upgraded(&mut self) -> Option<&'r Node> {
        let before = self.state.version;
        let flow = self.flow;
        let renamed = before != flow.version() && self.upgrade();
        let guess = self.state.at_place.0;
        let at = self.state.at.as_ref();
        let node = at.and_then(|at| flow.node_near(at, guess));
        let Some(node) = node.filter(|node| node.waits()) else {
            self.lost();
            return None;
        };
        if before == flow.version() {
            return Some(node);
        }
        if self.state.contract == Some(flow.contract(node)) {
            self.note(Trace::Upgraded { how: "same" });
            return Some(node);
        }
        let how = if renamed { "renamed" } else { "shown_again" };
        self.note(Trace::Upgraded { how });
        self.state.tries = 0;
        self.state.confirm = None;
        if let Some(Exit::Form(_)) = &node.exit {
            // Its questions are not those of before.
            self.go(&Target::Node(node.id.clone()));
            return None;
        }
        let shown = self.shown(node, false);
        self.say(&node.id, shown);
        self.wait_at(node);
        None
    }

    /// The node is gone: on to the nearest one the customer waited at that is still there, or to the start.
    pub(super) fn lost(&mut self) {
        let flow = self.flow;
        let waits = |id: &&NodeId| flow.node(id).is_some_and(Node::waits);
        let ancestor = self.state.trail.iter().rev().find(waits).cloned();
        self.state.wait = None;
        match ancestor {
            Some(id) => {
                self.note(Trace::Upgraded { how: "ancestor" });
                self.go(&Target::Node(id));
            }
            None => {
                self.note(Trace::Upgraded { how: "restarted" });
                if let (Some(start), Ok(words)) = (flow.start(), &flow.document.limits.restart_say)
                {
                    let text = self.render(words);
                    self.say(&start.id, vec![Content::text(text)]);
                }
                self.go(&Target::Home);
            }
        }
    }
}
