//! What a conversation and an agent weigh: the resident memory of the process, before and after.

use crate::measure::row;
use happytalk_core::ChannelName;
use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId};
use happytalk_routing::{AgentSpec, Input, Mode, Queue, Router, Settings};

/// Resident bytes, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

const CONVERSATIONS: u64 = 400_000;
const AGENTS: u64 = 40_000;

/// Each is weighed in a process of its own, where nothing was freed before that could be used again.
pub(crate) fn print() {
    let this = std::env::current_exe().expect("the path of this program");
    let weighed = |what: &str| {
        let said = std::process::Command::new(&this).arg(what).output().ok()?;
        String::from_utf8(said.stdout).ok()
    };
    let conversation = weighed("weigh=conversation").filter(|it| !it.is_empty());
    let agent = weighed("weigh=agent").filter(|it| !it.is_empty());
    match (conversation, agent) {
        (Some(conversation), Some(agent)) => {
            let what = "a waiting conversation, beyond its id";
            row("G13", what, &format!("{conversation} bytes"), "≤ 96 bytes");
            let what = "an agent who stands in one line, beyond their id";
            row("G13", what, &format!("{agent} bytes"), "≤ 256 bytes");
        }
        _ => println!("G13, memory: skipped, the system does not tell"),
    }
}

/// Weighs one of the two, where this process was asked to, and prints the bytes of each.
pub(crate) fn weigh(what: &str) {
    let bytes = match what {
        "weigh=conversation" => conversation(),
        _ => agent(),
    };
    if let Some(bytes) = bytes {
        print!("{bytes}");
    }
}

fn router() -> (Router, Timestamp) {
    let queue = Queue::new("main".parse().expect("an id"));
    let router = Router::new(Settings::new(queue)).expect("sound settings");
    (router, Timestamp::from_millis(1_700_000_000_000))
}

fn conversation() -> Option<u64> {
    let ids: Vec<ConversationId> = (0..CONVERSATIONS)
        .map(|n| format!("conversation-{n:09}").parse().expect("an id"))
        .collect();
    let (mut router, now) = router();
    let before = resident()?;
    for id in &ids {
        router.handle_input(Input::enqueue(id.clone(), ChannelName::WEBCHAT), now);
        while router.poll_output().is_some() {}
    }
    Some(resident()?.saturating_sub(before) / CONVERSATIONS)
}

fn agent() -> Option<u64> {
    let ids: Vec<AgentId> = (0..AGENTS)
        .map(|n| format!("agent-{n:09}").parse().expect("an id"))
        .collect();
    let (mut router, now) = router();
    // One waits, and nothing is given out, so that every agent stands in line and is free.
    router.handle_input(Input::SetMode { mode: Mode::Manual }, now);
    let one = "one".parse().expect("an id");
    router.handle_input(Input::enqueue(one, ChannelName::WEBCHAT), now);
    let before = resident()?;
    for id in &ids {
        let agent = id.clone();
        let spec = AgentSpec::new().with_cap(3);
        router.handle_input(Input::SetAgent { agent, spec }, now);
        router.handle_input(Input::status(id.clone(), StatusClass::Accepting), now);
        while router.poll_output().is_some() {}
    }
    Some(resident()?.saturating_sub(before) / AGENTS)
}
