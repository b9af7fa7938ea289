//! The transition table of a consultation (DOMAIN 2.3), row by row.

use happytalk_core::conversation::{Command, Ending, Phase, Turn};
use happytalk_core::event::{
    AfterWorkEndedBy, AssignedHow, AutoKind, BotEndedBy, ChannelEnd, EndRule, OverCap,
    RejectReason, RequestedBy, ReturnCause, TransferEnd, TransferHow, TransferTarget,
};
use happytalk_core::{ChannelName, Event, Sealable};

use crate::scene::{
    Scene, agent, answers, ask_transfer, assign, category, end, give_back, kinds, message,
    message_id, opening, says, transfer, wants_agent, word,
};

fn channel_ends(cause: ChannelEnd) -> Command {
    Command::EndChannel {
        cause,
        session: None,
        after_work: true,
    }
}

#[test]
fn row_01_a_conversation_with_a_bot_begins_with_the_bot() {
    let mut scene = Scene::new();
    assert_eq!(scene.phase(), Phase::New);
    let mut opening = opening(ChannelName::KAKAO_CONSULT);
    opening.bot = true;
    opening.category = Some(category("배송"));
    opening
        .parameters
        .insert("grade".to_owned(), Sealable::Open("VIP".to_owned()));
    opening.previous = Some("c-0".parse().unwrap());
    let events = scene.does(Command::Open(opening));
    assert_eq!(kinds(&events), ["opened"]);
    assert_eq!(scene.phase(), Phase::Bot);
    assert_eq!(scene.agent(), None);
    assert!(scene.conversation.session_open());
    assert_eq!(scene.conversation.category(), Some(&category("배송")));
    let party = scene.conversation.party().unwrap();
    assert_eq!(party.previous.as_ref().unwrap().as_str(), "c-0");
    let json = scene.log[0].to_json();
    assert!(json.contains(r#""parameters":{"grade":"VIP"},"previous":"c-0""#), "{json}");
}

#[test]
fn row_01_a_conversation_without_a_bot_waits_from_the_same_instant() {
    let mut scene = Scene::new();
    let opened = scene.now;
    for command in [
        Command::Open(opening(ChannelName::NAVER_TALKTALK)),
        Command::RequestAgent {
            by: RequestedBy::Customer,
            category: None,
            queue: None,
        },
    ] {
        let events = scene.conversation.decide(&command, opened).unwrap();
        scene.takes(&events);
    }
    assert_eq!(scene.phase(), Phase::Waiting);
    assert_eq!(scene.conversation.requested_at(), Some(opened));
}

#[test]
fn row_02_a_conversation_that_is_turned_away_has_begun_and_is_over() {
    for bot in [true, false] {
        let mut scene = Scene::new();
        let mut opening = opening(ChannelName::KAKAO_CONSULT);
        opening.bot = bot;
        scene.does(Command::Open(opening));
        let events = scene.does(Command::Reject {
            reason: RejectReason::Blocked,
        });
        assert_eq!(
            events,
            [Event::Rejected {
                reason: RejectReason::Blocked,
                is_final: true
            }]
        );
        assert_eq!(scene.phase(), Phase::Rejected);
        assert_eq!(scene.conversation.closed_at(), Some(scene.now));
        assert!(!scene.conversation.session_open());
        assert!(!scene.conversation.abandoned());
        assert_eq!(kinds_of_log(&scene), ["opened", "rejected"]);
    }
}

fn kinds_of_log(scene: &Scene) -> Vec<&str> {
    scene.log.iter().map(|line| line.event.kind()).collect()
}

#[test]
fn row_03_a_request_for_a_person_makes_it_wait() {
    for by in [
        RequestedBy::Button,
        RequestedBy::Fallback,
        RequestedBy::Keyword,
        RequestedBy::Schedule,
        RequestedBy::Flow,
    ] {
        let mut scene = Scene::with_bot();
        let events = scene.does(Command::RequestAgent {
            by,
            category: Some(category("배송")),
            queue: Some("delivery".parse().unwrap()),
        });
        assert_eq!(kinds(&events), ["agent_requested"]);
        assert_eq!(scene.phase(), Phase::Waiting);
        assert_eq!(scene.conversation.requested_at(), Some(scene.now));
        assert_eq!(scene.conversation.category(), Some(&category("배송")));
        assert_eq!(scene.conversation.queue().unwrap().as_str(), "delivery");
    }
}

#[test]
fn row_03_a_second_request_does_not_move_the_first() {
    let mut scene = Scene::waiting();
    let first = scene.now;
    assert_eq!(scene.does(wants_agent()), []);
    assert_eq!(scene.conversation.requested_at(), Some(first));
}

#[test]
fn row_03_a_refused_request_leaves_the_bot_going_on() {
    let mut scene = Scene::waiting();
    let events = scene.does(Command::Reject {
        reason: RejectReason::OffHours,
    });
    assert_eq!(
        events,
        [Event::Rejected {
            reason: RejectReason::OffHours,
            is_final: false
        }]
    );
    assert_eq!(scene.phase(), Phase::Bot);
    assert!(scene.conversation.session_open());
    // The refused request is not the one that counts.
    assert_eq!(scene.conversation.requested_at(), None);
    scene.does(wants_agent());
    assert_eq!(scene.conversation.requested_at(), Some(scene.now));
    assert_eq!(scene.phase(), Phase::Waiting);
}

#[test]
fn row_03_a_refused_request_without_a_bot_is_the_end() {
    let mut scene = Scene::new();
    scene.does(Command::Open(opening(ChannelName::KAKAO_CONSULT)));
    scene.does(wants_agent());
    scene.does(Command::Reject {
        reason: RejectReason::QueueFull,
    });
    assert_eq!(scene.phase(), Phase::Rejected);
}

#[test]
fn rows_03_to_09_a_customer_who_writes_changes_no_state() {
    for mut scene in Scene::every_live() {
        if scene.phase() == Phase::AfterWork {
            continue;
        }
        let before = scene.phase();
        let events = scene.does(says("m-77"));
        assert_eq!(kinds(&events), ["customer_said"]);
        assert_eq!(scene.phase(), before);
    }
}

#[test]
fn row_05_a_waiting_conversation_comes_to_its_agent() {
    for (how, over_cap) in [
        (AssignedHow::Auto, None),
        (AssignedHow::Pick, Some(OverCap::Pick)),
        (AssignedHow::Manager, Some(OverCap::Forced)),
        (AssignedHow::Sticky, None),
    ] {
        let mut scene = Scene::waiting();
        let events = scene.does(Command::Assign {
            agent: agent("kim"),
            how,
            over_cap,
        });
        assert_eq!(
            events,
            [Event::Assigned {
                agent: agent("kim"),
                how,
                over_cap
            }]
        );
        assert_eq!(scene.phase(), Phase::Assigned);
        assert_eq!(scene.agent(), Some("kim"));
    }
}

#[test]
fn row_05_the_first_of_two_agents_has_it() {
    let mut scene = Scene::assigned();
    assert_eq!(scene.refuses(assign("lee")), "conversation.already_taken");
    assert_eq!(scene.does(assign("kim")), []);
    scene.does(answers("kim", "m-2"));
    assert_eq!(scene.refuses(assign("lee")), "conversation.already_taken");
}

#[test]
fn row_05_nobody_takes_a_conversation_from_the_bot() {
    assert_eq!(
        Scene::with_bot().refuses(assign("kim")),
        "conversation.wrong_phase"
    );
}

#[test]
fn row_06_an_agent_who_does_not_answer_in_time_loses_it_to_the_queue() {
    let mut scene = Scene::assigned();
    let asked = scene.conversation.requested_at();
    let events = scene.does(give_back(ReturnCause::AcceptTimeout));
    assert_eq!(
        events,
        [Event::ReturnedToQueue {
            agent: agent("kim"),
            cause: ReturnCause::AcceptTimeout,
            to: None
        }]
    );
    assert_eq!(scene.phase(), Phase::Waiting);
    // The customer keeps their place: the request is still the first one.
    assert_eq!(scene.conversation.requested_at(), asked);
    scene.does(assign("lee"));
    assert_eq!(scene.agent(), Some("lee"));
    assert_eq!(scene.refuses(answers("kim", "m-9")), "conversation.not_owner");
}

#[test]
fn row_07_the_first_answer_puts_it_in_progress() {
    let mut scene = Scene::assigned();
    assert_eq!(scene.conversation.turn(), None);
    let events = scene.does(answers("kim", "m-2"));
    assert_eq!(kinds(&events), ["agent_said"]);
    assert_eq!(scene.phase(), Phase::InProgress);
    assert_eq!(scene.conversation.turn(), Some(Turn::Agent));
}

#[test]
fn row_07_a_greeting_is_no_answer() {
    let mut scene = Scene::assigned();
    scene.does(Command::AutoSay {
        kind: AutoKind::Greeting,
        message: message("m-2"),
    });
    assert_eq!(scene.phase(), Phase::Assigned);
}

#[test]
fn row_07_first_means_first_since_this_assignment() {
    let mut scene = Scene::in_progress();
    scene.does(give_back(ReturnCause::Withdrawn));
    assert_eq!(scene.phase(), Phase::Waiting);
    scene.does(assign("lee"));
    assert_eq!(scene.phase(), Phase::Assigned);
    scene.does(answers("lee", "m-3"));
    assert_eq!(scene.phase(), Phase::InProgress);
}

#[test]
fn row_07_only_the_agent_who_has_it_answers() {
    let mut scene = Scene::assigned();
    assert_eq!(scene.refuses(answers("lee", "m-2")), "conversation.not_owner");
    let mut scene = Scene::waiting();
    assert_eq!(scene.refuses(answers("kim", "m-2")), "conversation.wrong_phase");
}

#[test]
fn rows_08_and_09_the_latest_message_says_whose_turn_it_is() {
    let mut scene = Scene::in_progress();
    scene.does(says("m-3"));
    assert_eq!(scene.conversation.turn(), Some(Turn::Customer));
    scene.does(says("m-4"));
    assert_eq!(scene.conversation.turn(), Some(Turn::Customer));
    scene.does(answers("kim", "m-5"));
    assert_eq!(scene.conversation.turn(), Some(Turn::Agent));
    scene.does(Command::AutoSay {
        kind: AutoKind::Reminder,
        message: message("m-6"),
    });
    assert_eq!(scene.conversation.turn(), Some(Turn::Agent));
}

#[test]
fn row_10_a_transfer_pends_until_somebody_answers() {
    for mut scene in [Scene::assigned(), Scene::in_progress()] {
        let before = scene.phase();
        assert_eq!(
            kinds(&scene.does(ask_transfer("kim", "lee"))),
            ["transfer_requested"]
        );
        assert_eq!(scene.phase(), before);
        assert_eq!(scene.agent(), Some("kim"));
        let pending = scene.conversation.transfer().unwrap();
        assert_eq!(pending.from, agent("kim"));
        assert_eq!(pending.to, TransferTarget::Agent(agent("lee")));
        assert_eq!(pending.since, scene.now);
        assert_eq!(scene.does(ask_transfer("kim", "lee")), []);
        assert_eq!(
            scene.refuses(ask_transfer("kim", "park")),
            "conversation.transfer_pending"
        );
    }
}

#[test]
fn row_10_a_transfer_goes_to_somebody_else_and_comes_from_the_owner() {
    let mut scene = Scene::in_progress();
    assert_eq!(
        scene.refuses(ask_transfer("kim", "kim")),
        "conversation.same_agent"
    );
    assert_eq!(
        scene.refuses(ask_transfer("lee", "park")),
        "conversation.not_owner"
    );
    assert_eq!(
        Scene::waiting().refuses(ask_transfer("kim", "lee")),
        "conversation.wrong_phase"
    );
}

#[test]
fn row_11_an_accepted_transfer_gives_the_room_to_the_other_agent() {
    for mut scene in [Scene::assigned(), Scene::in_progress()] {
        let before = scene.phase();
        scene.does(ask_transfer("kim", "lee"));
        let events = scene.does(transfer("lee", TransferHow::Accepted));
        assert_eq!(
            events,
            [Event::Transferred {
                from: agent("kim"),
                to: agent("lee"),
                how: TransferHow::Accepted
            }]
        );
        assert_eq!(scene.phase(), before);
        assert_eq!(scene.agent(), Some("lee"));
        assert_eq!(scene.conversation.transfer(), None);
        assert_eq!(scene.refuses(answers("kim", "m-8")), "conversation.not_owner");
        scene.does(answers("lee", "m-8"));
    }
}

#[test]
fn row_11_only_who_was_asked_can_accept() {
    let mut scene = Scene::in_progress();
    let lee = transfer("lee", TransferHow::Accepted);
    assert_eq!(scene.refuses(lee.clone()), "conversation.no_transfer");
    scene.does(ask_transfer("kim", "park"));
    assert_eq!(scene.refuses(lee.clone()), "conversation.no_transfer");
    scene.does(Command::EndTransfer {
        why: TransferEnd::Cancelled,
    });
    scene.does(Command::RequestTransfer {
        from: agent("kim"),
        to: TransferTarget::Group("returns".parse().unwrap()),
    });
    scene.does(lee);
    assert_eq!(scene.agent(), Some("lee"));
}

#[test]
fn row_12_a_transfer_that_comes_to_nothing_leaves_it_with_its_agent() {
    for why in [
        TransferEnd::Refused,
        TransferEnd::Cancelled,
        TransferEnd::Expired,
    ] {
        let mut scene = Scene::in_progress();
        scene.does(ask_transfer("kim", "lee"));
        let ends = Command::EndTransfer { why };
        assert_eq!(scene.does(ends.clone()), [Event::TransferEnded { why }]);
        assert_eq!(scene.conversation.transfer(), None);
        assert_eq!(scene.agent(), Some("kim"));
        assert_eq!(scene.phase(), Phase::InProgress);
        assert_eq!(scene.does(ends), []);
        scene.does(ask_transfer("kim", "park"));
    }
}

#[test]
fn row_13_a_forced_transfer_asks_nobody() {
    for how in [TransferHow::Forced, TransferHow::TakenOver] {
        for mut scene in [Scene::assigned(), Scene::in_progress()] {
            let before = scene.phase();
            scene.does(ask_transfer("kim", "park"));
            scene.does(transfer("lee", how));
            assert_eq!(scene.phase(), before);
            assert_eq!(scene.agent(), Some("lee"));
            assert_eq!(scene.conversation.transfer(), None);
            assert_eq!(scene.refuses(transfer("lee", how)), "conversation.same_agent");
        }
    }
}

#[test]
fn rows_10_to_13_a_transfer_to_a_queue_waits_there() {
    let mut scene = Scene::in_progress();
    let to = TransferTarget::Queue("returns".parse().unwrap());
    scene.does(Command::RequestTransfer {
        from: agent("kim"),
        to: to.clone(),
    });
    scene.does(Command::ReturnToQueue {
        cause: ReturnCause::Transfer,
        to: Some(to),
    });
    assert_eq!(scene.phase(), Phase::Waiting);
    assert_eq!(scene.conversation.queue().unwrap().as_str(), "returns");
    assert_eq!(scene.conversation.transfer(), None);
    scene.does(assign("lee"));
    scene.does(give_back(ReturnCause::Offline));
    assert_eq!(scene.conversation.queue().unwrap().as_str(), "returns");
}

#[test]
fn rows_10_to_13_a_transfer_to_a_category_is_distributed_again() {
    let mut scene = Scene::waiting();
    scene.does(assign("kim"));
    scene.does(Command::ReturnToQueue {
        cause: ReturnCause::Transfer,
        to: Some(TransferTarget::Category(category("반품"))),
    });
    assert_eq!(scene.conversation.category(), Some(&category("반품")));
    assert_eq!(scene.conversation.queue(), None);
    assert_eq!(scene.phase(), Phase::Waiting);
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
        assert_eq!(Scene::in_progress().refuses(ends), "conversation.wrong_phase");
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
    assert!(scene.conversation.abandoned(), "nobody answered this episode");
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
    assert_eq!(scene.refuses(answers("kim", "m-9")), "conversation.wrong_phase");
}

#[test]
fn row_20_a_hold_changes_no_state() {
    let hold = || Command::Hold { by: word("kim") };
    let unhold = || Command::Unhold { by: word("kim") };
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
    let error = scene.conversation.decide(&says("m-3"), earlier).unwrap_err();
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

#[test]
fn invariant_e_on_kakao_only_the_customer_writes_first() {
    let opens = |channel| {
        let mut opening = opening(channel);
        opening.opened_by = happytalk_core::event::OpenedBy::Agent;
        Command::Open(opening)
    };
    assert_eq!(
        Scene::new().refuses(opens(ChannelName::KAKAO_CONSULT)),
        "conversation.agent_cannot_open"
    );
    let mut scene = Scene::opened_by_agent();
    assert_eq!(kinds_of_log(&scene), ["opened", "assigned"]);
    assert_eq!(scene.phase(), Phase::InProgress);
    assert_eq!(scene.conversation.requested_at(), None);
    scene.does(answers("kim", "m-1"));
}

#[test]
fn a_message_that_comes_twice_is_said_once() {
    let mut scene = Scene::with_bot();
    assert_eq!(scene.does(says("m-1")), []);
    let bot = Command::BotSay {
        message: message("m-2"),
    };
    assert_eq!(kinds(&scene.does(bot.clone())), ["bot_said"]);
    assert_eq!(scene.does(bot), []);
    let mut scene = Scene::in_progress();
    assert_eq!(scene.does(answers("kim", "m-2")), []);
    let mut scene = Scene::after_work();
    assert_eq!(scene.does(says("m-1")), [], "a repetition reopens nothing");
    assert_eq!(scene.phase(), Phase::AfterWork);
}

#[test]
fn the_bot_is_silent_once_an_agent_has_it() {
    let speaks = || Command::BotSay {
        message: message("m-70"),
    };
    for mut scene in [Scene::assigned(), Scene::in_progress(), Scene::after_work()] {
        assert_eq!(scene.refuses(speaks()), "conversation.wrong_phase");
    }
}
