//! The session beside a slow, obvious one, which keeps everything that ever happened and goes through all of it.

use std::time::Duration;

use happytalk_core::id::SessionId;
use happytalk_core::session::{Session, SessionEvent, SessionInput};
use happytalk_core::{ChannelName, Timestamp};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Deed {
    /// The customer asks for a consultation in the session of this number; 0 is the newest there is.
    Enters(usize),
    Writes(usize),
    Reported(usize),
    WeEnd,
    Tick,
    /// The customer begins another session by pressing the button (or by writing).
    Begins(bool),
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, u64)>> {
    let deed = prop_oneof![
        (0_usize..3).prop_map(Deed::Enters),
        (0_usize..3).prop_map(Deed::Writes),
        (0_usize..3).prop_map(Deed::Reported),
        Just(Deed::WeEnd),
        Just(Deed::Tick),
        any::<bool>().prop_map(Deed::Begins),
    ];
    let pause = prop_oneof![0_u64..5_000, 0_u64..40 * 24 * 3_600_000];
    proptest::collection::vec((deed, pause), 1..40)
}

/// All sessions there were, newest last.
#[derive(Default)]
struct Obvious {
    sessions: Vec<(usize, Vec<Timestamp>, bool)>,
}

impl Obvious {
    /// 30 days after the hour that follows the last message or the beginning, counted hour by hour from below.
    fn end_of(heard: &[Timestamp]) -> Timestamp {
        let last = heard.last().unwrap().as_millis();
        let hours = last / 3_600_000 + 1;
        Timestamp::from_millis((hours + 30 * 24) * 3_600_000)
    }

    fn may_speak(&self, now: Timestamp) -> bool {
        let open = self.sessions.last().filter(|(.., is_over)| !is_over);
        open.is_some_and(|(_, heard, _)| now < Self::end_of(heard))
    }

    fn is_last(&self, number: usize) -> bool {
        self.sessions.last().is_some_and(|last| last.0 == number)
    }

    fn comes(&mut self, number: usize, wrote: bool, now: Timestamp) {
        // The machine remembers the last two; from further back nothing comes in these deeds.
        if self.is_last(number) {
            let (_, heard, is_over) = self.sessions.last_mut().unwrap();
            if wrote && !*is_over {
                heard.push(now);
            }
        } else if !self.sessions.iter().any(|session| session.0 == number) {
            if let Some(last) = self.sessions.last_mut() {
                last.2 = true;
            }
            self.sessions.push((number, vec![now], false));
        }
    }

    fn ends(&mut self, number: Option<usize>, only_if_over: bool, now: Timestamp) {
        if let Some((last, heard, is_over)) = self.sessions.last_mut()
            && number.is_none_or(|number| number == *last)
            && (!only_if_over || now >= Self::end_of(heard))
        {
            *is_over = true;
        }
    }
}

fn name(number: usize) -> SessionId {
    format!("s-{number}").parse().unwrap()
}

proptest! {
    #[test]
    fn the_machine_says_what_the_whole_story_says(deeds in deeds()) {
        let mut session = Session::on(&ChannelName::KAKAO_CONSULT);
        let mut obvious = Obvious::default();
        let mut now: Timestamp = "2026-03-01T10:20:00+09:00".parse().unwrap();
        let mut newest = 2_usize;
        for (deed, pause) in deeds {
            now = now.plus(Duration::from_millis(pause));
            // Nothing comes from before the session before: the platform gives up on an event long before that.
            let back = |by: usize| newest - by.min(usize::from(obvious.sessions.len() > 1));
            let (number, wrote) = match deed {
                Deed::Enters(by) | Deed::Reported(by) => (back(by), false),
                Deed::Writes(by) => (back(by), true),
                Deed::Begins(wrote) => { newest += 1; (newest, wrote) }
                Deed::WeEnd | Deed::Tick => (newest, false),
            };
            let named = name(number);
            let input = match deed {
                Deed::Reported(_) => SessionInput::Reported(Some(&named)),
                Deed::WeEnd => SessionInput::EndedByUs,
                Deed::Tick => SessionInput::Tick,
                _ if wrote => SessionInput::Heard(Some(&named)),
                _ => SessionInput::Entered(Some(&named)),
            };
            let before = session.clone();
            let events = session.decide(&input, now);
            prop_assert_eq!(&session, &before);
            for event in &events {
                session.apply(event, now);
            }
            match deed {
                Deed::Enters(_) | Deed::Writes(_) | Deed::Begins(_) => obvious.comes(number, wrote, now),
                Deed::Reported(_) => obvious.ends(Some(number), false, now),
                Deed::WeEnd => obvious.ends(None, false, now),
                Deed::Tick => obvious.ends(None, true, now),
            }
            prop_assert_eq!(session.may_speak(now), obvious.may_speak(now), "{:?} at {}", deed, now);
            // What repeats does nothing twice; only a message counts again.
            let again: Vec<_> = session.decide(&input, now).into_iter().filter(|event| *event != SessionEvent::Lengthened).collect();
            prop_assert_eq!(again, []);
        }
    }

    #[test]
    fn any_facts_are_taken(ids in proptest::collection::vec(proptest::option::of(0_usize..3), 0..20), kinds in any::<u64>()) {
        let mut session = Session::new();
        for (index, id) in ids.into_iter().enumerate() {
            let event = match kinds >> (index * 2) & 3 {
                0 => SessionEvent::Opened { id: id.map(name) },
                1 => SessionEvent::Lengthened,
                _ => SessionEvent::Ended { why: happytalk_core::session::SessionEnd::ByUs },
            };
            session.apply(&event, Timestamp::from_millis(i64::try_from(index).unwrap()));
            let open = matches!(event, SessionEvent::Opened { .. });
            prop_assert!(!open || session.is_open());
        }
    }
}
