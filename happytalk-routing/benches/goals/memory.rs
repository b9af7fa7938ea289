//! What a conversation and an agent weigh: the resident memory of the process, before and after.

use crate::measure::row;
use happytalk_core::ChannelName;
use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId};
use happytalk_routing::{AgentSpec, Input, Queue, Router, Settings};

/// Resident bytes, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

pub(crate) fn print() {
    const CONVERSATIONS: u64 = 400_000;
    const AGENTS: u64 = 40_000;
    let router = || {
        let queue = Queue::new("main".parse().expect("an id"));
        Router::new(Settings::new(queue)).expect("sound settings")
    };
    let now = Timestamp::from_millis(1_700_000_000_000);

    let ids: Vec<ConversationId> = (0..CONVERSATIONS)
        .map(|n| format!("conversation-{n:09}").parse().expect("an id"))
        .collect();
    let mut waits = router();
    let before = resident();
    for id in &ids {
        waits.handle_input(Input::enqueue(id.clone(), ChannelName::WEBCHAT), now);
        while waits.poll_output().is_some() {}
    }
    let after = resident();
    if let (Some(before), Some(after)) = (before, after) {
        let each = format!("{} bytes", after.saturating_sub(before) / CONVERSATIONS);
        row(
            "G13",
            "a waiting conversation, beyond its id",
            &each,
            "≤ 96 bytes",
        );
    }

    let ids: Vec<AgentId> = (0..AGENTS)
        .map(|n| format!("agent-{n:09}").parse().expect("an id"))
        .collect();
    let mut empty = router();
    // One waits that nobody can take, so that every agent has a place on a shelf.
    let heavy = happytalk_routing::Request::new(ChannelName::WEBCHAT).with_weight(9);
    let conversation = "heavy".parse().expect("an id");
    let ask = Input::Enqueue {
        conversation,
        request: heavy,
    };
    empty.handle_input(ask, now);
    let before = resident();
    for id in &ids {
        let agent = id.clone();
        let spec = AgentSpec::new().with_cap(3);
        empty.handle_input(Input::SetAgent { agent, spec }, now);
        empty.handle_input(Input::status(id.clone(), StatusClass::Accepting), now);
        while empty.poll_output().is_some() {}
    }
    let after = resident();
    if let (Some(before), Some(after)) = (before, after) {
        let each = format!("{} bytes", after.saturating_sub(before) / AGENTS);
        row("G13", "an agent, beyond their id", &each, "≤ 256 bytes");
    }
}
