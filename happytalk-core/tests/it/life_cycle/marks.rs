//! What is put on a conversation, who looks in, offers, profiles, blocks and taking up again.

use std::time::Duration;

use happytalk_core::conversation::{Command, Ending, Owner, Phase};
use happytalk_core::event::{
    AssignedHow, AutoKind, DeclinedBy, OverCap, ProfileSkip, RejectReason, SuperviseMode,
};
use happytalk_core::{Event, Sealable};

use crate::scene::{
    Scene, agent, answers, assign, end, kinds, message, message_id, says, wants_agent, word,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn offer(scene: &Scene, who: &str) -> Command {
    Command::Offer {
        agent: agent(who),
        until: scene.now.plus(Duration::from_secs(30)),
    }
}

fn block(manager: bool) -> Command {
    Command::Block {
        by: word("kim"),
        manager,
    }
}

fn reopen(within: Duration) -> Command {
    Command::Reopen {
        by: word("customer"),
        session: Some("s-2".parse().unwrap()),
        within,
    }
}

#[test]
fn row_17_what_was_over_goes_on_within_its_time_and_not_a_millisecond_later() {
    for mut scene in [Scene::closed(), {
        let mut scene = Scene::with_bot();
        scene.does(end(Ending::Customer));
        scene
    }] {
        let closed_at = scene.conversation.closed_at().unwrap();
        let within = Duration::from_secs(600);
        scene.now = closed_at.plus(within);
        let late = scene
            .conversation
            .decide(&reopen(within), scene.now.plus(Duration::from_millis(1)));
        assert_eq!(late.unwrap_err().code(), "conversation.too_late");
        let events = scene
            .conversation
            .decide(&reopen(within), scene.now)
            .unwrap();
        scene.takes(&events);
        assert_eq!(kinds(&events), ["reopened"]);
        assert_eq!(scene.phase(), Phase::Waiting);
        assert_eq!(scene.conversation.episode(), 2);
        assert_eq!(scene.conversation.opened_at(), scene.now);
        assert_eq!(scene.conversation.requested_at(), Some(scene.now));
        assert_eq!(scene.conversation.session().unwrap().as_str(), "s-2");
        assert_eq!(scene.does(reopen(within)), [], "it goes on already");
        scene.does(assign("kim"));
        assert_eq!(scene.conversation.owner(), Owner::Agent(&agent("kim")));
    }
}

#[test]
fn row_17_a_blocked_customer_is_not_taken_up_again() {
    let mut scene = Scene::in_progress();
    scene.does(block(false));
    assert_eq!(scene.refuses(reopen(DAY)), "conversation.too_late");
    assert_eq!(
        kinds(&scene.does(Command::Unblock { by: word("lee") })),
        ["unblocked"]
    );
    assert_eq!(scene.does(Command::Unblock { by: word("lee") }), []);
    scene.does(reopen(DAY));
}

#[test]
fn row_18_a_block_ends_it_at_once_wherever_it_stands() {
    let expected: [&[&str]; 5] = [
        &["blocked", "bot_ended"],
        &["blocked", "ended"],
        &["blocked", "ended"],
        &["blocked", "ended"],
        &["blocked", "after_work_ended"],
    ];
    for (mut scene, expected) in Scene::every_live().into_iter().zip(expected) {
        assert_eq!(kinds(&scene.does(block(true))), expected);
        assert!(!scene.phase().is_live());
        assert!(scene.conversation.blocked());
        assert_eq!(scene.refuses(block(true)), "conversation.closed");
    }
    let mut scene = Scene::in_progress();
    scene.does(block(false));
    let json = scene.log.last().unwrap().to_json();
    assert!(
        json.contains(r#""type":"ended","by":"agent","after_work":false"#),
        "{json}"
    );
}

#[test]
fn an_offer_keeps_it_for_one_agent_until_it_is_taken_or_declined() {
    let mut scene = Scene::waiting();
    let to_kim = offer(&scene, "kim");
    assert_eq!(kinds(&scene.does(to_kim.clone())), ["offered"]);
    assert_eq!(scene.does(to_kim), []);
    assert_eq!(scene.phase(), Phase::Waiting);
    assert_eq!(scene.refuses(assign("lee")), "conversation.kept_back");
    let to_lee = offer(&scene, "lee");
    assert_eq!(scene.refuses(to_lee.clone()), "conversation.kept_back");
    let decline = || Command::Decline {
        by: DeclinedBy::Timeout,
    };
    assert_eq!(
        scene.does(decline()),
        [Event::Declined {
            agent: agent("kim"),
            by: DeclinedBy::Timeout
        }]
    );
    assert_eq!(scene.does(decline()), []);
    scene.does(to_lee);
    assert_eq!(kinds(&scene.does(assign("lee"))), ["assigned"]);
    assert_eq!(scene.conversation.offer(), None);
    let mut late = Scene::waiting();
    let past = Command::Offer {
        agent: agent("kim"),
        until: late.now,
    };
    assert_eq!(late.refuses(past), "conversation.no_offer");
    // A manager gives away what is kept for another.
    let for_kim = offer(&late, "kim");
    late.does(for_kim);
    let by_manager = Command::Assign {
        agent: agent("park"),
        how: AssignedHow::Manager,
        over_cap: Some(OverCap::Forced),
    };
    assert_eq!(kinds(&late.does(by_manager)), ["assigned"]);
}

#[test]
fn the_profile_bot_keeps_it_from_the_agents_until_it_is_done_or_gives_up() {
    let ask = || Command::RequestProfile {
        fields: vec![word("name"), word("phone")],
        holds_queue: true,
    };
    let done = || Command::CompleteProfile {
        fields: vec![word("name"), word("phone")],
    };
    let mut scene = Scene::waiting();
    assert_eq!(scene.refuses(done()), "conversation.no_profile");
    assert_eq!(kinds(&scene.does(ask())), ["profile_requested"]);
    assert_eq!(scene.does(ask()), []);
    assert_eq!(scene.refuses(assign("kim")), "conversation.kept_back");
    assert_eq!(kinds(&scene.does(done())), ["profile_completed"]);
    scene.does(assign("kim"));
    let mut scene = Scene::waiting();
    scene.does(ask());
    let skip = Command::SkipProfile {
        fields: vec![word("phone")],
        reason: ProfileSkip::Refused,
    };
    assert_eq!(kinds(&scene.does(skip)), ["profile_skipped"]);
    scene.does(assign("kim"));
    let none = Command::RequestProfile {
        fields: Vec::new(),
        holds_queue: true,
    };
    assert_eq!(Scene::waiting().refuses(none), "conversation.empty");
}

#[test]
fn case_12_14_a_supervisor_who_joins_writes_and_owns_nothing() {
    let look = |mode| Command::Supervise {
        by: word("lead"),
        mode,
    };
    let mut scene = Scene::in_progress();
    assert_eq!(
        scene.refuses(answers("lead", "m-9")),
        "conversation.not_owner"
    );
    for mode in [SuperviseMode::Monitor, SuperviseMode::Whisper] {
        scene.does(look(mode));
        assert_eq!(
            scene.refuses(answers("lead", "m-9")),
            "conversation.not_owner"
        );
    }
    assert_eq!(
        kinds(&scene.does(look(SuperviseMode::Join))),
        ["supervised"]
    );
    assert_eq!(scene.does(look(SuperviseMode::Join)), []);
    assert_eq!(kinds(&scene.does(answers("lead", "m-9"))), ["agent_said"]);
    assert_eq!(scene.agent(), Some("kim"));
    scene.does(look(SuperviseMode::Left));
    assert_eq!(scene.does(look(SuperviseMode::Left)), []);
    assert_eq!(
        scene.refuses(answers("lead", "m-10")),
        "conversation.not_owner"
    );
    // Whoever looked in is gone when it is over.
    scene.does(look(SuperviseMode::Monitor));
    scene.does(end(Ending::Agent));
    assert!(scene.conversation.supervisors().is_empty());
}

#[test]
fn an_alarm_rings_once_and_is_taken_off_by_a_time_that_is_not_ahead() {
    let mut scene = Scene::in_progress();
    let at = scene.now.plus(Duration::from_secs(60));
    let set = |at| Command::SetAlarm {
        at,
        by: word("kim"),
    };
    assert_eq!(kinds(&scene.does(set(at))), ["alarm_set"]);
    assert_eq!(scene.does(set(at)), []);
    assert_eq!(scene.conversation.alarm(), Some(at));
    scene.now = at;
    assert_eq!(kinds(&scene.does(set(at))), ["alarm_set"]);
    assert_eq!(scene.conversation.alarm(), None);
    assert_eq!(scene.does(set(at)), []);
    assert_eq!(Scene::closed().refuses(set(at)), "conversation.closed");
}

#[test]
fn invariant_c_titles_flags_reviews_and_links_come_after_the_end_too() {
    let text = |words: &str| Sealable::Open(words.to_owned());
    for mut scene in [Scene::in_progress(), Scene::closed()] {
        let title = |words: &str| Command::Title {
            title: Sealable::Open(words.to_owned()),
            by: word("kim"),
        };
        assert_eq!(kinds(&scene.does(title("반품"))), ["titled"]);
        assert_eq!(scene.does(title("반품")), []);
        assert_eq!(
            scene.refuses(title(&"가".repeat(101))),
            "conversation.too_long"
        );
        assert_eq!(scene.refuses(title(" ")), "conversation.empty");
        let flag = |set| Command::Flag {
            kind: word("red"),
            set,
            by: word("kim"),
        };
        assert_eq!(scene.does(flag(false)), []);
        assert_eq!(kinds(&scene.does(flag(true))), ["flag_changed"]);
        assert!(scene.conversation.flags().contains(&word("red")));
        assert_eq!(kinds(&scene.does(flag(false))), ["flag_changed"]);
        let link = || Command::Link {
            person: "p-1".parse().unwrap(),
        };
        assert_eq!(kinds(&scene.does(link())), ["customer_linked"]);
        assert_eq!(scene.does(link()), []);
        let answer = || Command::AnswerReview {
            agent: agent("lead"),
            text: Some(text("좋습니다")),
        };
        assert_eq!(scene.refuses(answer()), "conversation.no_review");
        let ask = || Command::RequestReview {
            agent: agent("kim"),
            text: None,
        };
        assert_eq!(kinds(&scene.does(ask())), ["review_requested"]);
        assert_eq!(scene.does(ask()), []);
        assert_eq!(kinds(&scene.does(answer())), ["review_answered"]);
        let note = Command::Note {
            agent: agent("kim"),
            text: text(&"가".repeat(10_001)),
        };
        assert_eq!(scene.refuses(note), "conversation.too_long");
    }
}

#[test]
fn case_12_15_a_rating_counts_for_its_time_once_and_only_where_somebody_answered() {
    let rate = |score| Command::Rate {
        score,
        scale: 5,
        comment: None,
        within: DAY,
    };
    let mut scene = Scene::closed();
    let ended = scene.conversation.ended_at().unwrap();
    let late = ended.plus(DAY).plus(Duration::from_millis(1));
    assert_eq!(
        scene
            .conversation
            .decide(&rate(5), late)
            .unwrap_err()
            .code(),
        "conversation.too_late"
    );
    assert!(scene.conversation.decide(&rate(5), ended.plus(DAY)).is_ok());
    assert_eq!(kinds(&scene.does(rate(4))), ["rated"]);
    assert_eq!(scene.does(rate(1)), [], "the first answer wins");
    let mut abandoned = Scene::waiting();
    abandoned.does(end(Ending::Customer));
    assert_eq!(abandoned.refuses(rate(1)), "conversation.nothing_to_rate");
    let mut blocked = Scene::in_progress();
    blocked.does(block(false));
    assert_eq!(blocked.refuses(rate(1)), "conversation.nothing_to_rate");
}

#[test]
fn case_5_1_a_text_of_ours_goes_out_once_for_each_place_a_conversation_comes_to_stand_in() {
    let says_own = |kind, id: &str| Command::AutoSay {
        kind,
        message: message(id),
    };
    let mut scene = Scene::waiting();
    assert_eq!(
        kinds(&scene.does(says_own(AutoKind::Place, "a-1"))),
        ["auto_said"]
    );
    assert_eq!(scene.does(says_own(AutoKind::Place, "a-2")), []);
    scene.does(assign("kim"));
    assert_eq!(
        kinds(&scene.does(says_own(AutoKind::Place, "a-3"))),
        ["auto_said"]
    );
    for id in ["a-4", "a-5"] {
        assert_eq!(
            kinds(&scene.does(says_own(AutoKind::Reminder, id))),
            ["auto_said"]
        );
    }
    assert_eq!(scene.conversation.reminders(), 2);
}

#[test]
fn what_did_not_reach_the_customer_was_never_said() {
    let mut scene = Scene::in_progress();
    assert_eq!(scene.conversation.answers(), 1);
    scene.does(Command::FailMessage {
        message: message_id("m-2"),
        code: word("x"),
    });
    assert_eq!(scene.conversation.answers(), 0);
    assert_eq!(
        scene.conversation.turn(),
        Some(happytalk_core::conversation::Turn::Customer)
    );
    assert_eq!(scene.conversation.turn_since(), scene.now);
    scene.does(end(Ending::Customer));
    assert!(scene.conversation.abandoned());
    assert_eq!(
        scene.conversation.author_of(&message_id("m-2")),
        Some(&agent("kim"))
    );
}

#[test]
fn only_an_agent_who_wrote_first_opens_and_only_then() {
    let opener = Command::Assign {
        agent: agent("kim"),
        how: AssignedHow::Opener,
        over_cap: None,
    };
    assert_eq!(Scene::waiting().refuses(opener), "conversation.wrong_phase");
    let scene = Scene::opened_by_agent();
    assert_eq!(scene.phase(), Phase::InProgress);
    assert_eq!(scene.conversation.requested_at(), None);
}

#[test]
fn a_customer_goes_on_in_the_session_they_write_in() {
    let mut scene = Scene::after_work();
    scene.does(Command::CustomerSay {
        message: message("m-9"),
        session: Some("s-2".parse().unwrap()),
    });
    assert_eq!(scene.phase(), Phase::InProgress);
    let old = Command::EndChannel {
        cause: happytalk_core::event::ChannelEnd::Expired,
        session: Some("s-1".parse().unwrap()),
        after_work: true,
    };
    assert_eq!(scene.does(old), [], "the end of the session before is late");
}

#[test]
fn a_refused_request_takes_the_offer_with_it() {
    let mut scene = Scene::waiting();
    let to_kim = offer(&scene, "kim");
    scene.does(to_kim);
    scene.does(Command::Reject {
        reason: RejectReason::QueueFull,
    });
    assert_eq!(scene.phase(), Phase::Bot);
    assert_eq!(scene.conversation.offer(), None);
    scene.does(says("m-8"));
    scene.does(wants_agent());
    scene.does(assign("lee"));
}
