//! What holds of a conversation whatever is asked of it, in whatever order.

use std::collections::BTreeSet;
use std::time::Duration;

use happytalk_core::conversation::{Command, Owner, Phase};
use happytalk_core::event::SuperviseMode;
use happytalk_core::id::AgentId;
use happytalk_core::{Conversation, Event, Line, Message, Sealable, Timestamp};
use proptest::prelude::any;
use proptest::test_runner::TestCaseError;
use proptest::{collection, prop_assert, prop_assert_eq, proptest};

use crate::random_commands::{commands, events, openings};
use crate::scene::Scene;

/// The state diagram (DOMAIN 2.2) with the additions of its design: where one command may lead.
fn may_lead(before: Phase, after: Phase) -> bool {
    use Phase::{AfterWork, Assigned, Bot, BotEnded, Closed, InProgress, New, Rejected, Waiting};
    before == after
        || match before {
            New => matches!(after, Bot | Waiting),
            Bot => matches!(after, Waiting | BotEnded | Rejected),
            Waiting => matches!(after, Assigned | Closed | Bot | Rejected),
            Assigned => matches!(after, Waiting | InProgress | Closed),
            InProgress => matches!(after, Waiting | AfterWork | Closed),
            AfterWork => matches!(after, InProgress | Closed),
            Closed | BotEnded | Rejected => after == Waiting,
        }
}

/// What a conversation that is over still takes (invariant c).
fn is_note(event: &Event) -> bool {
    matches!(
        event,
        Event::Noted { .. }
            | Event::Tagged { .. }
            | Event::Untagged { .. }
            | Event::CategoryChanged { .. }
            | Event::Rated { .. }
            | Event::Converted { .. }
            | Event::MessageFailed { .. }
            | Event::Titled { .. }
            | Event::FlagChanged { .. }
            | Event::CustomerLinked { .. }
            | Event::ReviewRequested { .. }
            | Event::ReviewAnswered { .. }
            | Event::Unblocked { .. }
            | Event::Reopened { .. }
    )
}

fn said_by_us(event: &Event) -> Option<&Message> {
    match event {
        Event::BotSaid { message }
        | Event::AutoSaid { message, .. }
        | Event::AgentSaid { message, .. } => message.open(),
        _ => None,
    }
}

/// What must be so wherever a conversation stands.
fn stands(conversation: &Conversation) -> Result<(), TestCaseError> {
    let phase = conversation.phase();
    let talks = matches!(
        phase,
        Phase::Bot | Phase::Waiting | Phase::Assigned | Phase::InProgress
    );
    prop_assert_eq!(conversation.session_open(), talks, "{:?}", phase);
    if matches!(
        phase,
        Phase::Assigned | Phase::InProgress | Phase::AfterWork
    ) {
        prop_assert!(
            conversation.agent().is_some(),
            "{:?} without an agent",
            phase
        );
    }
    if matches!(phase, Phase::Bot | Phase::BotEnded | Phase::Rejected) {
        prop_assert!(conversation.agent().is_none(), "{:?} with an agent", phase);
    }
    if conversation.transfer().is_some() {
        prop_assert!(matches!(phase, Phase::Assigned | Phase::InProgress));
        prop_assert_eq!(
            conversation.transfer().map(|pending| &pending.from),
            conversation.agent()
        );
    }
    prop_assert_eq!(
        conversation.closed_at().is_some(),
        !phase.is_live() && phase != Phase::New
    );
    let owner = match conversation.owner() {
        Owner::Bot => phase == Phase::Bot,
        Owner::Queue => phase == Phase::Waiting,
        Owner::Agent(agent) => {
            matches!(
                phase,
                Phase::Assigned | Phase::InProgress | Phase::AfterWork
            ) && conversation.agent() == Some(agent)
        }
        Owner::Nobody => phase == Phase::New || !phase.is_live(),
    };
    prop_assert!(owner, "{:?} in {:?}", conversation.owner(), phase);
    if conversation.offer().is_some() {
        prop_assert_eq!(phase, Phase::Waiting);
    }
    prop_assert!(conversation.supervisors().is_empty() || phase.is_live());
    prop_assert!(conversation.alarm().is_none() || phase.is_live());
    prop_assert_eq!(conversation.turn().is_some(), phase == Phase::InProgress);
    prop_assert_eq!(conversation.party().is_some(), phase != Phase::New);
    // Also in after-work: an agent whose only answer never arrived, or none in this episode, still writes it up.
    if conversation.abandoned() {
        prop_assert!(matches!(phase, Phase::AfterWork | Phase::Closed));
    }
    Ok(())
}

/// One command: what it does, and what it must not do.
fn step(scene: &mut Scene, command: &Command, pause: u16) -> Result<(), TestCaseError> {
    scene.now = scene.now.plus(Duration::from_millis(u64::from(pause)));
    let before = scene.conversation.clone();
    let decided = scene.conversation.decide(command, scene.now);
    prop_assert_eq!(&scene.conversation, &before);
    let Ok(events) = decided else { return Ok(()) };
    let mut owner = before.agent().cloned();
    let mut talking = before.session_open();
    for event in &events {
        prop_assert!(
            before.phase().is_live() || before.phase() == Phase::New || is_note(event),
            "{} after {:?}",
            event.kind(),
            before.phase()
        );
        talking |= matches!(event, Event::Reopened { .. });
        prop_assert!(
            talking || said_by_us(event).is_none(),
            "{} outside a session",
            event.kind()
        );
        match event {
            Event::AgentSaid { agent, .. } => {
                let joins = before.supervisors().iter().any(|(by, mode)| {
                    by.as_str() == agent.as_str() && *mode == SuperviseMode::Join
                });
                prop_assert!(joins || Some(agent) == owner.as_ref());
            }
            Event::ReturnedToQueue { agent, .. } => {
                prop_assert_eq!(Some(agent), owner.as_ref());
            }
            Event::Transferred { from, to, .. } => {
                prop_assert_eq!(Some(from), owner.as_ref());
                prop_assert!(from != to);
                owner = Some(to.clone());
            }
            Event::Assigned { agent, .. } => {
                prop_assert_eq!(before.phase(), Phase::Waiting);
                owner = Some(agent.clone());
            }
            _ => {}
        }
    }
    scene.takes(&events);
    let after = &scene.conversation;
    prop_assert!(
        may_lead(before.phase(), after.phase()),
        "{} led from {:?} to {:?}",
        command.name(),
        before.phase(),
        after.phase()
    );
    prop_assert_eq!(
        after.agent().map(AgentId::as_str),
        owner.as_ref().map(AgentId::as_str)
    );
    prop_assert_eq!(after.seq(), u64::try_from(scene.log.len()).unwrap());
    if !events.is_empty() {
        prop_assert_eq!(after.last_at(), scene.now);
    }
    stands(after)
}

/// Each time it is true once more: a memo, an offer that was taken, a node that the bot came to, a word it did not
/// understand. These have no id by which a repetition could be told.
fn is_true_again(command: &Command) -> bool {
    matches!(
        command,
        Command::Note { .. }
            | Command::Convert { .. }
            | Command::BotEnter { .. }
            | Command::BotMiss { .. }
            | Command::Wake { .. }
            // Once its time has come, to set it again takes it off.
            | Command::SetAlarm { .. }
    )
}

proptest! {
    #[test]
    fn any_commands_lead_only_where_the_diagram_allows(
        opening in openings(),
        commands in collection::vec((commands(), any::<u16>()), 0..60),
    ) {
        let mut scene = Scene::new();
        step(&mut scene, &opening, 0)?;
        for (command, pause) in &commands {
            step(&mut scene, command, *pause)?;
        }
    }

    #[test]
    fn a_command_that_was_done_is_not_done_again(
        opening in openings(),
        commands in collection::vec((commands(), any::<u16>()), 0..60),
        later in any::<u16>(),
    ) {
        let mut scene = Scene::new();
        step(&mut scene, &opening, 0)?;
        for (command, pause) in &commands {
            step(&mut scene, command, *pause)?;
            if is_true_again(command) {
                continue;
            }
            let now = scene.now.plus(Duration::from_millis(u64::from(later)));
            let again = scene.conversation.decide(command, now);
            prop_assert!(
                again.as_ref().map_or(true, Vec::is_empty),
                "{} twice: {:?}",
                command.name(),
                again
            );
        }
    }

    #[test]
    fn no_message_is_said_twice(
        opening in openings(),
        commands in collection::vec((commands(), any::<u16>()), 0..80),
    ) {
        let mut scene = Scene::new();
        step(&mut scene, &opening, 0)?;
        for (command, pause) in &commands {
            step(&mut scene, command, *pause)?;
        }
        let mut said = BTreeSet::new();
        for line in &scene.log {
            let message = match &line.event {
                Event::CustomerSaid { message } => message.open(),
                event => said_by_us(event),
            };
            if let Some(message) = message {
                prop_assert!(said.insert(message.id.clone()), "{:?}", message.id);
            }
        }
    }

    #[test]
    fn a_conversation_read_from_its_log_is_the_one_that_lived(
        opening in openings(),
        commands in collection::vec((commands(), any::<u16>()), 0..60),
    ) {
        let mut scene = Scene::new();
        step(&mut scene, &opening, 0)?;
        for (command, pause) in &commands {
            step(&mut scene, command, *pause)?;
        }
        let mut restored = Conversation::new();
        for (index, line) in scene.log.iter().enumerate() {
            let read = Line::parse(&line.to_json()).unwrap();
            prop_assert_eq!(&read, line);
            prop_assert_eq!(read.seq, u64::try_from(index).unwrap() + 1);
            restored.apply(&read.event, read.at);
        }
        prop_assert_eq!(restored, scene.conversation);
    }

    #[test]
    fn any_events_are_taken_without_a_panic(
        events in collection::vec((events(), any::<i64>()), 0..80),
        commands in collection::vec(commands(), 1..10),
    ) {
        let mut conversation = Conversation::new();
        for (index, (event, at)) in events.iter().enumerate() {
            conversation.apply(event, Timestamp::from_millis(*at));
            prop_assert_eq!(conversation.seq(), u64::try_from(index).unwrap() + 1);
        }
        let latest = events.iter().map(|(_, at)| Timestamp::from_millis(*at)).max();
        prop_assert_eq!(conversation.last_at(), latest.unwrap_or(Timestamp::MIN));
        for command in &commands {
            // Whatever it is by now, it decides something or refuses.
            let decided = conversation.decide(command, conversation.last_at());
            prop_assert!(decided.is_ok() || decided.is_err());
        }
    }

    #[test]
    fn an_event_of_the_past_does_not_turn_the_clock_back(
        opening in openings(),
        commands in collection::vec((commands(), 1_u16..1_000), 1..20),
    ) {
        let mut scene = Scene::new();
        step(&mut scene, &opening, 1)?;
        for (command, pause) in &commands {
            step(&mut scene, command, *pause)?;
        }
        let earlier = scene.conversation.last_at().minus(Duration::from_millis(1));
        for (command, _) in &commands {
            if scene.conversation.phase() != Phase::New {
                let error = scene.conversation.decide(command, earlier).unwrap_err();
                prop_assert_eq!(error.code(), "conversation.time_went_back");
            }
        }
    }
}

#[test]
fn a_message_that_is_closed_is_taken_too() {
    let erased = Line::parse(
        r#"{"conversation":"c","seq":1,"at":1,"type":"agent_said","agent":"kim","message":{"erased":true}}"#,
    )
    .unwrap();
    let Event::AgentSaid { message, .. } = &erased.event else {
        panic!("not what was read")
    };
    assert!(matches!(message, Sealable::Closed(_)));
    let mut scene = Scene::assigned();
    scene.takes(&[erased.event]);
    assert_eq!(scene.phase(), Phase::InProgress);
}
