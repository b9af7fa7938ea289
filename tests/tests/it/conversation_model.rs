//! Random commands to a conversation and to a slow, obvious one beside it, which keeps nothing but the list of what
//! happened and works everything out of it anew. Both must say the same; and one that is given the events alone must
//! be equal.

mod obvious;
mod random;

use std::collections::BTreeMap;
use std::time::Duration;

use happytalk::core::conversation::Phase;
use happytalk::core::event::{EndedBy, Event};
use happytalk::core::{Conversation, Timestamp};

use self::obvious::{Obvious, Said};
use self::random::Random;

/// How many commands are tried.
const COMMANDS: u64 = 1_000_000;
/// After so many commands another conversation begins.
const OF_ONE: u64 = 60;

/// What must be so of an event whoever decided it.
fn holds(event: &Event, before: Phase) {
    if let Event::Ended { by, after_work, .. } = event
        && *after_work
    {
        assert!(before == Phase::InProgress && *by != EndedBy::Auto);
    }
}

#[test]
fn a_million_random_commands_agree_with_the_obvious_conversation() {
    let mut random = Random(20_260_115);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for round in 0..COMMANDS.div_ceil(OF_ONE) {
        let (mut conversation, mut obvious) = (Conversation::new(), Obvious::default());
        let mut replayed = Conversation::new();
        let mut now = Timestamp::from_millis(1_700_000_000_000);
        for step in 0..OF_ONE {
            now = now.plus(Duration::from_millis(random.below(4) * 1_000));
            let command = if step == 0 {
                random.opening()
            } else {
                random.command(now)
            };
            let decided = conversation.decide(&command, now);
            let said = match &decided {
                Ok(events) => Ok(events.iter().map(Event::kind).collect::<Vec<_>>()),
                Err(error) => Err(error.code()),
            };
            let expected: Said = obvious.decide(&command, now);
            assert_eq!(
                said, expected,
                "round {round}, step {step}: {command:?} after {:?}",
                obvious.log
            );
            match &said {
                Ok(kinds) => {
                    for kind in kinds {
                        *seen.entry((*kind).to_owned()).or_default() += 1;
                    }
                }
                Err(code) => *seen.entry((*code).to_owned()).or_default() += 1,
            }
            for event in decided.unwrap_or_default() {
                holds(&event, conversation.phase());
                conversation.apply(&event, now);
                replayed.apply(&event, now);
                obvious.log.push((event, now));
            }
            assert_eq!(conversation.phase(), obvious.phase());
            assert_eq!(conversation.agent().cloned(), obvious.agent());
            assert_eq!(conversation.closed_at(), obvious.over_since());
            assert_eq!(
                usize::try_from(conversation.answers()).unwrap(),
                obvious.answers()
            );
        }
        assert_eq!(conversation, replayed);
    }
    // Luck that never comes to a rule proves nothing of it.
    for rule in [
        "rejected",
        "reopened",
        "blocked",
        "unblocked",
        "transferred",
        "offered",
        "profile_requested",
        "rated",
        "conversation.kept_back",
        "conversation.too_late",
        "conversation.no_session",
        "conversation.transfer_pending",
        "conversation.no_transfer",
    ] {
        let count = seen.get(rule).copied().unwrap_or(0);
        assert!(count >= 10, "{rule}: {count} of {seen:?}");
    }
}
