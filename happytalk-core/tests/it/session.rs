//! The session of 상담톡: what opens it, how long it lasts, what ends it. The numbers are those of the platform's rules for
//! the life of a session (3.1).

use happytalk_core::closing::{ClosingRules, Due};
use happytalk_core::conversation::{Command, Phase};
use happytalk_core::event::ChannelEnd;
use happytalk_core::id::SessionId;
use happytalk_core::session::{Session, SessionEnd, SessionEvent, SessionInput, SessionRules};
use happytalk_core::{ChannelName, Timestamp};

use crate::scene::{Scene, answers, opening, says};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn id(text: &str) -> SessionId {
    text.parse().unwrap()
}

/// A session, and a clock that goes on by a second with every input.
struct Stage {
    session: Session,
    now: Timestamp,
}

impl Stage {
    fn new() -> Self {
        Self {
            session: Session::on(&ChannelName::KAKAO_CONSULT),
            now: at("2026-03-01T10:20:00+09:00"),
        }
    }

    fn takes(&mut self, input: SessionInput<'_>) -> Vec<SessionEvent> {
        self.now = self.now.plus(std::time::Duration::from_secs(1));
        let events = self.session.decide(&input, self.now);
        for event in &events {
            self.session.apply(event, self.now);
        }
        events
    }

    fn enters(&mut self, session: &str) -> Vec<SessionEvent> {
        self.takes(SessionInput::Entered(Some(&id(session))))
    }

    fn writes(&mut self, session: &str) -> Vec<SessionEvent> {
        self.takes(SessionInput::Heard(Some(&id(session))))
    }

    fn reported(&mut self, session: &str) -> Vec<SessionEvent> {
        self.takes(SessionInput::Reported(Some(&id(session))))
    }

    fn may_speak(&self) -> bool {
        self.session.may_speak(self.now)
    }
}

fn opened(session: &str) -> SessionEvent {
    SessionEvent::Opened {
        id: Some(id(session)),
    }
}

fn ended(why: SessionEnd) -> SessionEvent {
    SessionEvent::Ended { why }
}

#[test]
fn rule_3_1_1_only_the_customer_opens_a_session() {
    let mut stage = Stage::new();
    assert!(!stage.may_speak());
    assert_eq!(stage.takes(SessionInput::Tick), []);
    assert_eq!(stage.takes(SessionInput::EndedByUs), []);
    assert_eq!(stage.reported("s-1"), []);
    assert!(!stage.may_speak());
    for open in [Stage::enters, Stage::writes] {
        let mut stage = Stage::new();
        assert_eq!(open(&mut stage, "s-1")[0], opened("s-1"));
        assert!(stage.may_speak(), "at once: rule 3.1.2");
    }
}

#[test]
fn rule_3_1_3_each_message_of_the_customer_lengthens_it_and_nothing_else_does() {
    let mut stage = Stage::new();
    stage.writes("s-1");
    let end = stage.session.runs_out_at();
    stage.now = at("2026-03-20T23:59:59+09:00");
    assert_eq!(stage.enters("s-1"), [], "asked for again");
    assert_eq!(stage.session.runs_out_at(), end);
    assert_eq!(stage.writes("s-1"), [SessionEvent::Lengthened]);
    let later = at("2026-04-20T01:00:00+09:00");
    assert_eq!(stage.session.runs_out_at(), Some(later));
}

#[test]
fn rule_3_1_4_the_30_days_begin_at_the_next_full_hour() {
    let rules = SessionRules::KAKAO_CONSULT;
    for (heard, end) in [
        ("2026-03-01T10:00:00.001+09:00", "2026-03-31T11:00:00+09:00"),
        ("2026-03-01T10:59:59.999+09:00", "2026-03-31T11:00:00+09:00"),
        ("2026-03-01T11:00:00+09:00", "2026-03-31T12:00:00+09:00"),
        ("2026-12-31T23:30:00+09:00", "2027-01-31T00:00:00+09:00"),
        ("1969-12-31T23:30:00Z", "1970-01-31T00:00:00Z"),
    ] {
        assert_eq!(rules.runs_out_at(at(heard)), at(end), "{heard}");
    }
    assert_eq!(rules.runs_out_at(Timestamp::MAX), Timestamp::MAX);
}

#[test]
fn rule_3_1_5_a_session_that_ran_out_is_over_also_where_nobody_said_so() {
    let mut stage = Stage::new();
    stage.writes("s-1");
    let end = stage.session.runs_out_at().unwrap();
    let before = end.minus(std::time::Duration::from_millis(1));
    assert!(stage.session.may_speak(before) && !stage.session.may_speak(end));
    let ran_out = [ended(SessionEnd::RanOut)];
    let input = SessionInput::Tick;
    assert_eq!(stage.session.decide(&input, before), []);
    assert_eq!(stage.session.decide(&input, end), ran_out);
    stage.now = end;
    assert_eq!(
        stage.writes("s-2"),
        [ran_out[0].clone(), opened("s-2"), SessionEvent::Lengthened]
    );
}

#[test]
fn a_customer_who_writes_in_a_session_that_should_be_over_shows_that_it_is_not() {
    let mut stage = Stage::new();
    stage.writes("s-1");
    stage.now = stage.session.runs_out_at().unwrap();
    assert!(!stage.may_speak());
    assert_eq!(stage.writes("s-1"), [SessionEvent::Lengthened]);
    assert!(stage.may_speak());
}

#[test]
fn rule_3_1_5_whoever_ends_it_nothing_may_be_said_any_more() {
    for why in [SessionEnd::ByUs, SessionEnd::Platform] {
        let mut stage = Stage::new();
        stage.writes("s-1");
        let events = match why {
            SessionEnd::ByUs => stage.takes(SessionInput::EndedByUs),
            _ => stage.reported("s-1"),
        };
        assert_eq!(events, [ended(why)]);
        assert!(!stage.may_speak());
        assert_eq!(stage.session.runs_out_at(), None);
    }
}

#[test]
fn rule_3_1_6_our_own_end_comes_back_and_ends_nothing_twice() {
    let mut stage = Stage::new();
    stage.writes("s-1");
    stage.takes(SessionInput::EndedByUs);
    assert_eq!(stage.reported("s-1"), [], "the echo");
    stage.writes("s-2");
    assert_eq!(stage.reported("s-1"), [], "the echo, later still");
    assert!(stage.may_speak());
    assert_eq!(stage.reported("s-2"), [ended(SessionEnd::Platform)]);
}

#[test]
fn rule_1_3_a_message_may_come_before_its_reference_and_references_may_repeat() {
    let mut stage = Stage::new();
    let first = [opened("s-1"), SessionEvent::Lengthened];
    assert_eq!(stage.writes("s-1"), first);
    assert_eq!(stage.enters("s-1"), []);
    assert_eq!(stage.enters("s-1"), []);
    stage.takes(SessionInput::EndedByUs);
    assert_eq!(stage.enters("s-1"), [], "late, and opens nothing");
    assert!(!stage.may_speak());
}

#[test]
fn a_customer_in_another_session_left_the_one_before_and_what_still_comes_there_is_late() {
    for enters in [true, false] {
        let mut stage = Stage::new();
        stage.writes("s-1");
        let events = match enters {
            true => stage.enters("s-2"),
            false => stage.writes("s-2"),
        };
        assert_eq!(events[..2], [ended(SessionEnd::LeftBehind), opened("s-2")]);
        assert_eq!(stage.writes("s-1"), []);
        assert_eq!(stage.reported("s-1"), []);
        assert_eq!(stage.session.id(), Some(&id("s-2")));
        assert!(stage.session.is_over(&id("s-1")) && !stage.session.is_over(&id("s-2")));
    }
}

#[test]
fn a_platform_without_names_for_sessions_has_one_at_a_time_that_does_not_run_out() {
    let mut session = Session::on(&ChannelName::NAVER_TALKTALK);
    let now = at("2026-03-01T10:20:00+09:00");
    let opened = SessionEvent::Opened { id: None };
    assert_eq!(
        session.decide(&SessionInput::Heard(None), now),
        [opened.clone(), SessionEvent::Lengthened]
    );
    session.apply(&opened, now);
    assert_eq!(session.decide(&SessionInput::Entered(None), now), []);
    assert!(session.may_speak(Timestamp::MAX));
    let ended = SessionEvent::Ended {
        why: SessionEnd::Platform,
    };
    assert_eq!(session.decide(&SessionInput::Reported(None), now), [ended]);
}

#[test]
fn invariant_e_a_conversation_is_silent_once_its_session_ran_out() {
    let mut scene = Scene::in_progress();
    scene.does(says("m-30"));
    let end = scene.conversation.session_runs_out_at().unwrap();
    assert_eq!(end, SessionRules::KAKAO_CONSULT.runs_out_at(scene.now));
    // An agent who writes every day does not lengthen it.
    let millisecond = std::time::Duration::from_millis(1);
    let answer = answers("kim", "m-31");
    let decided = scene.conversation.decide(&answer, end.minus(millisecond));
    assert_eq!(decided.unwrap().len(), 1);
    let refused = scene.conversation.decide(&answer, end).unwrap_err();
    assert_eq!(refused.code(), "conversation.no_session");
    scene.does(answer);
    assert_eq!(scene.conversation.session_runs_out_at(), Some(end));
}

#[test]
fn domain_5_2_a_session_that_runs_out_is_due_whether_it_is_held_or_not() {
    let mut rules = ClosingRules::new();
    rules.customer_silent = None;
    let mut scene = Scene::in_progress();
    scene.does(Command::Hold {
        by: "kim".parse().unwrap(),
    });
    let end = scene.conversation.session_runs_out_at().unwrap();
    let due = Some((end, Due::EndSession));
    assert_eq!(rules.next(&scene.conversation, None), due);
    scene.now = end;
    scene.does(Command::EndChannel {
        cause: ChannelEnd::Expired,
        session: None,
        after_work: false,
    });
    assert_eq!(scene.phase(), Phase::Closed);
    assert_eq!(rules.next(&scene.conversation, None), None);
}

#[test]
fn a_conversation_of_talktalk_has_no_session_that_runs_out() {
    let mut scene = Scene::new();
    scene.does(Command::Open(opening(ChannelName::NAVER_TALKTALK)));
    assert_eq!(scene.conversation.session_runs_out_at(), None);
}
