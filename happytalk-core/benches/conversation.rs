//! One command of a conversation, decided and applied, and a conversation of 200 events made anew out of them.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use happytalk_core::conversation::{Command, Opening};
use happytalk_core::event::{AssignedHow, RequestedBy};
use happytalk_core::id::AgentId;
use happytalk_core::{ChannelName, Content, Conversation, Event, Message, Timestamp};

/// A talk that goes to and fro until it has as many events.
#[expect(
    clippy::expect_used,
    reason = "a bench stops where its own commands are refused"
)]
fn talk(events_max: usize) -> (Conversation, Vec<(Event, Timestamp)>) {
    let agent: AgentId = "kim".parse().expect("an id");
    let opening = Opening::by_customer(
        ChannelName::KAKAO_CONSULT,
        "account".parse().expect("an id"),
        "customer".parse().expect("an id"),
    );
    let mut commands = vec![
        Command::Open(opening),
        Command::RequestAgent {
            by: RequestedBy::Customer,
            category: None,
            queue: None,
        },
        Command::Assign {
            agent: agent.clone(),
            how: AssignedHow::Auto,
            over_cap: None,
        },
    ];
    for number in commands.len()..events_max {
        commands.push(said(&agent, number));
    }
    let mut conversation = Conversation::new();
    let mut log = Vec::new();
    for (second, command) in (0..).zip(&commands) {
        let at = Timestamp::from_millis(1_715_562_000_000 + second * 1_000);
        for event in conversation.decide(command, at).expect("it is allowed") {
            conversation.apply(&event, at);
            log.push((event, at));
        }
    }
    (conversation, log)
}

#[expect(clippy::expect_used, reason = "the ids are valid")]
fn said(agent: &AgentId, number: usize) -> Command {
    let id = format!("c-17-{number}").parse().expect("an id");
    let message = Message::new(id, vec![Content::text("네, 확인해 드리겠습니다.")]);
    if number.is_multiple_of(2) {
        Command::CustomerSay {
            message,
            session: None,
        }
    } else {
        Command::AgentSay {
            agent: agent.clone(),
            message,
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "a bench stops where its own commands are refused"
)]
fn bench(c: &mut Criterion) {
    let agent: AgentId = "kim".parse().expect("an id");
    for length in [20, 200] {
        let (conversation, log) = talk(length);
        let next = said(&agent, length);
        let at = Timestamp::from_millis(1_715_570_000_000);
        c.bench_function(&format!("decide and apply after {length} events"), |b| {
            b.iter_batched_ref(
                || conversation.clone(),
                |conversation| {
                    let events = conversation.decide(&next, at).expect("it is allowed");
                    for event in &events {
                        conversation.apply(event, at);
                    }
                    black_box(events)
                },
                BatchSize::SmallInput,
            );
        });
        c.bench_function(&format!("restore {length} events"), |b| {
            b.iter(|| {
                let mut conversation = Conversation::new();
                for (event, at) in &log {
                    conversation.apply(event, *at);
                }
                black_box(conversation)
            });
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
