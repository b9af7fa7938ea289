//! Rows 5 to 13: a person has it, answers, and hands it on.

use happytalk_core::Event;
use happytalk_core::conversation::{Command, Phase, Turn};
use happytalk_core::event::{
    AssignedHow, AutoKind, OverCap, ReturnCause, TransferEnd, TransferHow, TransferTarget,
};

use crate::scene::{
    Scene, agent, answers, ask_transfer, assign, category, give_back, kinds, message, says,
    transfer,
};

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
    assert_eq!(
        scene.refuses(answers("kim", "m-9")),
        "conversation.not_owner"
    );
}

#[test]
fn row_06_an_agent_who_has_answered_is_not_late() {
    let mut scene = Scene::in_progress();
    assert_eq!(
        scene.refuses(give_back(ReturnCause::AcceptTimeout)),
        "conversation.wrong_phase"
    );
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
    assert_eq!(
        scene.refuses(answers("lee", "m-2")),
        "conversation.not_owner"
    );
    let mut scene = Scene::waiting();
    assert_eq!(
        scene.refuses(answers("kim", "m-2")),
        "conversation.wrong_phase"
    );
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
        assert_eq!(
            scene.refuses(answers("kim", "m-8")),
            "conversation.not_owner"
        );
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
            assert_eq!(
                scene.refuses(transfer("lee", how)),
                "conversation.same_agent"
            );
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
