//! Rows 14 to 20: it ends, is written up, goes on, and takes notes; and the order of time.

use happytalk_core::conversation::{Command, Ending, Phase, Turn};
use happytalk_core::event::{
    AfterWorkEndedBy, AutoKind, BotEndedBy, ChannelEnd, EndRule, RejectReason, ReturnCause,
};
use happytalk_core::{Event, Sealable};

use crate::scene::{
    Scene, agent, answers, assign, category, end, give_back, kinds, message, message_id, says,
    wants_agent, word,
};

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

fn channel_ends(cause: ChannelEnd) -> Command {
    Command::EndChannel {
        cause,
        session: None,
        after_work: true,
    }
}

#[test]
fn row_14_the_end_of_a_talk_is_written_up_when_after_work_is_on() {
    for by in [
        Ending::Agent,
        Ending::Customer,
        Ending::Manager,
        Ending::Channel(ChannelEnd::Left),
    ] {
        let mut scene = Scene::in_progress();
        assert_eq!(kinds(&scene.does(end(by))), ["ended"]);
        assert_eq!(scene.phase(), Phase::AfterWork);
        assert_eq!(scene.agent(), Some("kim"));
        assert_eq!(scene.conversation.closed_at(), None);
        assert!(!scene.conversation.session_open());
        assert!(!scene.conversation.abandoned());

        let mut scene = Scene::in_progress();
        scene.does(Command::End {
            by,
            after_work: false,
        });
        assert_eq!(scene.phase(), Phase::Closed);
        assert_eq!(scene.conversation.closed_at(), Some(scene.now));
    }
}

#[test]
fn row_14_a_rule_ends_it_without_after_work_and_names_itself() {
    for rule in [
        EndRule::CustomerSilent,
        EndRule::AgentLate,
        EndRule::ProfileNotFilled,
        EndRule::QueueTimeout,
    ] {
        let mut scene = Scene::in_progress();
        scene.does(end(Ending::Rule(rule)));
        assert_eq!(scene.phase(), Phase::Closed);
        let json = scene.log.last().unwrap().to_json();
        let ended = format!(
            r#""type":"ended","by":"auto","after_work":false,"rule":"{}"}}"#,
            rule.as_str()
        );
        assert!(json.ends_with(&ended), "{json}");
    }
}

#[test]
fn row_14_an_end_while_the_bot_talks_is_an_end_of_the_bot() {
    for (by, bot_ended) in [
        (Ending::Agent, BotEndedBy::Agent),
        (Ending::Customer, BotEndedBy::Customer),
        (Ending::Manager, BotEndedBy::Manager),
        (Ending::Rule(EndRule::CustomerSilent), BotEndedBy::Idle),
        (Ending::Channel(ChannelEnd::Expired), BotEndedBy::Channel),
    ] {
        let mut scene = Scene::with_bot();
        assert_eq!(scene.does(end(by)), [Event::BotEnded { by: bot_ended }]);
        assert_eq!(scene.phase(), Phase::BotEnded);
        assert!(!scene.conversation.abandoned());
    }
    for by in [BotEndedBy::Goal, BotEndedBy::Flow] {
        let mut scene = Scene::with_bot();
        scene.does(Command::EndBot { by });
        assert_eq!(scene.phase(), Phase::BotEnded);
        assert_eq!(
            Scene::waiting().refuses(Command::EndBot { by }),
            "conversation.wrong_phase"
        );
    }
}

#[test]
fn row_15_a_customer_who_gives_up_before_the_first_answer_has_abandoned_it() {
    for by in [Ending::Customer, Ending::Channel(ChannelEnd::Left)] {
        for mut scene in [Scene::waiting(), Scene::assigned()] {
            scene.does(end(by));
            // There is nothing to write up.
            assert_eq!(scene.phase(), Phase::Closed);
            assert!(scene.conversation.abandoned());
        }
    }
}

#[test]
fn row_15_an_end_of_ours_before_the_first_answer_is_not_abandoned() {
    for by in [
        Ending::Agent,
        Ending::Manager,
        Ending::Rule(EndRule::QueueTimeout),
    ] {
        for mut scene in [Scene::waiting(), Scene::assigned()] {
            scene.does(end(by));
            assert_eq!(scene.phase(), Phase::Closed);
            assert!(!scene.conversation.abandoned());
        }
    }
}

#[test]
fn row_15_an_answer_that_never_arrived_is_no_answer() {
    let failed = Command::FailMessage {
        message: message_id("m-2"),
        code: word("kakao.no_session"),
    };
    let mut scene = Scene::in_progress();
    scene.does(failed.clone());
    scene.does(end(Ending::Customer));
    assert!(scene.conversation.abandoned());
    // Known only after the close, it changes nothing.
    let mut scene = Scene::in_progress();
    scene.does(end(Ending::Customer));
    scene.does(failed);
    assert!(!scene.conversation.abandoned());
}

#[test]
fn row_15_an_answer_of_an_agent_before_counts_although_it_waits_again() {
    let mut scene = Scene::in_progress();
    scene.does(give_back(ReturnCause::Withdrawn));
    scene.does(end(Ending::Customer));
    assert_eq!(scene.phase(), Phase::Closed);
    assert!(!scene.conversation.abandoned());
}

#[test]
fn row_16_after_work_ends_by_the_agent_or_the_limit() {
    for by in [AfterWorkEndedBy::Agent, AfterWorkEndedBy::Limit] {
        let mut scene = Scene::after_work();
        let ends = Command::EndAfterWork { by };
        assert_eq!(scene.does(ends.clone()), [Event::AfterWorkEnded { by }]);
        assert_eq!(scene.phase(), Phase::Closed);
        assert_eq!(scene.conversation.closed_at(), Some(scene.now));
        assert_eq!(scene.does(ends.clone()), []);
        assert_eq!(
            Scene::in_progress().refuses(ends),
            "conversation.wrong_phase"
        );
    }
}

#[test]
fn row_16_a_customer_who_writes_during_after_work_goes_on_with_the_same_agent() {
    let mut scene = Scene::after_work();
    let events = scene.does(says("m-3"));
    assert_eq!(kinds(&events), ["reopened", "customer_said"]);
    assert_eq!(scene.phase(), Phase::InProgress);
    assert_eq!(scene.agent(), Some("kim"));
    assert_eq!(scene.conversation.episode(), 2);
    assert_eq!(scene.conversation.turn(), Some(Turn::Customer));
    assert_eq!(scene.conversation.requested_at(), Some(scene.now));
    assert!(scene.conversation.session_open());
    scene.does(answers("kim", "m-4"));
    scene.does(end(Ending::Agent));
    assert_eq!(scene.phase(), Phase::AfterWork);
}

#[test]
fn row_17_a_customer_who_writes_to_a_closed_conversation_gets_another() {
    let mut scenes = vec![Scene::closed()];
    let mut bot_ended = Scene::with_bot();
    bot_ended.does(end(Ending::Customer));
    scenes.push(bot_ended);
    let mut rejected = Scene::with_bot();
    rejected.does(Command::Reject {
        reason: RejectReason::SiteSuspended,
    });
    scenes.push(rejected);
    for mut scene in scenes {
        assert!(!scene.phase().is_live());
        assert_eq!(scene.refuses(says("m-50")), "conversation.closed");
        assert_eq!(scene.conversation.episode(), 1);
    }
}

#[test]
fn row_17_a_reopened_conversation_waits_in_its_next_episode() {
    let mut scene = Scene::closed();
    scene.takes(&[Event::Reopened {
        by: word("customer"),
        session: Some("s-2".parse().unwrap()),
    }]);
    assert_eq!(scene.phase(), Phase::Waiting);
    assert_eq!(scene.conversation.episode(), 2);
    assert_eq!(scene.conversation.session().unwrap().as_str(), "s-2");
    assert_eq!(scene.conversation.requested_at(), Some(scene.now));
    assert_eq!(scene.conversation.closed_at(), None);
    assert!(scene.conversation.session_open());
    // The last agent is known, so that the router can ask them first.
    assert_eq!(scene.agent(), Some("kim"));
    scene.does(end(Ending::Customer));
    assert!(
        scene.conversation.abandoned(),
        "nobody answered this episode"
    );
}

#[test]
fn row_18_a_block_is_followed_by_the_end() {
    for mut scene in [Scene::waiting(), Scene::assigned(), Scene::in_progress()] {
        let before = scene.phase();
        scene.takes(&[Event::Blocked { by: word("kim") }]);
        assert_eq!(scene.phase(), before);
        scene.does(Command::End {
            by: Ending::Agent,
            after_work: false,
        });
        assert_eq!(scene.phase(), Phase::Closed);
        assert!(!scene.conversation.abandoned());
    }
}

#[test]
fn row_19_the_platforms_end_is_an_end_in_every_state() {
    let ends = [
        ("bot_ended", Phase::BotEnded),
        ("ended", Phase::Closed),
        ("ended", Phase::Closed),
        ("ended", Phase::AfterWork),
    ];
    for (mut scene, (kind, phase)) in Scene::every_live().into_iter().zip(ends) {
        let events = scene.does(channel_ends(ChannelEnd::Expired));
        assert_eq!(kinds(&events), [kind]);
        assert_eq!(scene.phase(), phase);
        assert!(!scene.conversation.session_open());
    }
    // The talk is over already; that the customer leaves too is no second end.
    assert_eq!(Scene::after_work().does(channel_ends(ChannelEnd::Left)), []);
}

#[test]
fn row_19_the_end_of_another_session_is_passed_over() {
    let ends = |session: &str| Command::EndChannel {
        cause: ChannelEnd::Unknown,
        session: Some(session.parse().unwrap()),
        after_work: false,
    };
    for mut scene in Scene::every_live() {
        assert_eq!(scene.does(ends("s-0")), []);
    }
    let mut scene = Scene::in_progress();
    scene.does(ends("s-1"));
    assert_eq!(scene.phase(), Phase::Closed);
}

#[test]
fn row_19_nothing_is_said_after_the_platforms_end() {
    let mut scene = Scene::in_progress();
    scene.does(channel_ends(ChannelEnd::Left));
    let survey = Command::AutoSay {
        kind: AutoKind::Survey,
        message: message("m-9"),
    };
    assert_eq!(scene.refuses(survey), "conversation.no_session");
    assert_eq!(
        scene.refuses(answers("kim", "m-9")),
        "conversation.wrong_phase"
    );
}

#[test]
fn row_20_a_hold_changes_no_state() {
    let hold = || Command::Hold { by: word("kim") };
    let unhold = || Command::Unhold {
        by: word("kim"),
        over_cap: None,
    };
    for mut scene in Scene::every_live() {
        let before = scene.phase();
        assert_eq!(scene.does(unhold()), []);
        assert_eq!(kinds(&scene.does(hold())), ["held"]);
        assert!(scene.conversation.held());
        assert_eq!(scene.does(hold()), []);
        assert_eq!(kinds(&scene.does(unhold())), ["unheld"]);
        assert!(!scene.conversation.held());
        assert_eq!(scene.phase(), before);
    }
}

#[test]
fn invariant_a_a_command_from_the_past_is_refused() {
    let scene = Scene::in_progress();
    let earlier = scene.now.minus(std::time::Duration::from_millis(1));
    let error = scene
        .conversation
        .decide(&says("m-3"), earlier)
        .unwrap_err();
    assert_eq!(error.code(), "conversation.time_went_back");
    assert!(scene.conversation.decide(&says("m-3"), scene.now).is_ok());
}

#[test]
fn invariant_c_what_is_over_still_takes_notes_tags_categories_and_a_rating() {
    let mut scene = Scene::closed();
    let closed_at = scene.conversation.closed_at();
    for (command, kind) in [
        (
            Command::Note {
                agent: agent("kim"),
                text: Sealable::Open("메모".to_owned()),
            },
            "noted",
        ),
        (
            Command::Tag {
                tag: "환불".parse().unwrap(),
                by: word("kim"),
            },
            "tagged",
        ),
        (
            Command::Untag {
                tag: "환불".parse().unwrap(),
                by: word("kim"),
            },
            "untagged",
        ),
        (
            Command::Categorise {
                category: category("환불"),
                by: word("kim"),
            },
            "category_changed",
        ),
        (
            Command::Rate {
                score: 5,
                scale: 5,
                comment: None,
                within: DAY,
            },
            "rated",
        ),
        (
            Command::Convert {
                offer: word("coupon"),
                amount_won: 1_000,
            },
            "converted",
        ),
        (
            Command::FailMessage {
                message: message_id("m-2"),
                code: word("x"),
            },
            "message_failed",
        ),
    ] {
        assert_eq!(kinds(&scene.does(command)), [kind]);
        assert_eq!(scene.phase(), Phase::Closed);
        assert_eq!(scene.conversation.closed_at(), closed_at);
    }
    for command in [
        says("m-60"),
        answers("kim", "m-60"),
        wants_agent(),
        assign("lee"),
        end(Ending::Agent),
        channel_ends(ChannelEnd::Left),
        Command::Hold { by: word("kim") },
        Command::Reject {
            reason: RejectReason::QueueFull,
        },
        Command::AutoSay {
            kind: AutoKind::Closing,
            message: message("m-60"),
        },
    ] {
        assert_eq!(scene.refuses(command), "conversation.closed");
    }
}
