//! When silence closes a conversation (DOMAIN 5.2), to the millisecond.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::closing::{ClosingRules, Due, OpenTime, RuleClock};
use happytalk_core::conversation::Command;
use happytalk_core::event::{AutoKind, EndRule, TransferEnd};
use happytalk_core::hours::{Asker, Calendar, SiteHours};

use crate::scene::{Scene, answers, ask_transfer, assign, message, says, wants_agent, word};

const MINUTE: Duration = Duration::from_secs(60);

fn rules() -> ClosingRules {
    let mut rules = ClosingRules::new();
    rules.agent_late = Some(20 * MINUTE);
    rules
}

fn due(scene: &Scene, rules: &ClosingRules) -> Option<(Timestamp, Due)> {
    // When the platform's session runs out is 30 days away and told in `session`.
    let due = rules.next(&scene.conversation, None);
    due.filter(|(_, due)| *due != Due::EndSession)
}

fn reminder(id: &str) -> Command {
    Command::AutoSay {
        kind: AutoKind::Reminder,
        message: message(id),
    }
}

#[test]
fn the_customer_is_silent_from_the_last_message_of_the_agent() {
    let mut scene = Scene::in_progress();
    let close = |at: Timestamp| Some((at.plus(30 * MINUTE), Due::Close(EndRule::CustomerSilent)));
    assert_eq!(due(&scene, &rules()), close(scene.now));
    // A second message of the same side starts it again.
    scene.does(answers("kim", "m-3"));
    assert_eq!(due(&scene, &rules()), close(scene.now));
}

#[test]
fn the_agent_is_late_from_the_first_message_of_the_customer() {
    let mut scene = Scene::in_progress();
    scene.does(says("m-3"));
    let since = scene.now;
    scene.does(says("m-4"));
    // A second message of the same side does not start it again.
    let late = Some((since.plus(20 * MINUTE), Due::Close(EndRule::AgentLate)));
    assert_eq!(due(&scene, &rules()), late);
    let mut off = rules();
    off.agent_late = None;
    assert_eq!(due(&scene, &off), None);
}

#[test]
fn before_the_first_answer_an_agent_is_late_from_when_they_got_it() {
    let mut scene = Scene::waiting();
    assert_eq!(due(&scene, &rules()), None, "nobody has it");
    scene.now = scene.now.plus(60 * MINUTE);
    scene.does(assign("kim"));
    let late = Some((scene.now.plus(20 * MINUTE), Due::Close(EndRule::AgentLate)));
    assert_eq!(due(&scene, &rules()), late);
}

#[test]
fn what_is_held_is_never_closed_and_released_it_counts_from_then() {
    let mut scene = Scene::in_progress();
    scene.does(Command::Hold { by: word("kim") });
    assert_eq!(due(&scene, &rules()), None);
    scene.now = scene.now.plus(600 * MINUTE);
    scene.does(Command::Unhold {
        by: word("kim"),
        over_cap: None,
    });
    let close = Some((
        scene.now.plus(30 * MINUTE),
        Due::Close(EndRule::CustomerSilent),
    ));
    assert_eq!(due(&scene, &rules()), close);
}

#[test]
fn two_reminders_at_one_and_two_thirds_and_then_the_end() {
    let mut scene = Scene::in_progress();
    let since = scene.now;
    let mut rules = rules();
    rules.reminders = true;
    let remind = |minutes| {
        Some((
            since.plus(minutes * MINUTE),
            Due::Remind(AutoKind::Reminder),
        ))
    };
    assert_eq!(due(&scene, &rules), remind(10));
    scene.does(reminder("a-1"));
    assert_eq!(due(&scene, &rules), remind(20));
    scene.does(reminder("a-2"));
    let close = Some((since.plus(30 * MINUTE), Due::Close(EndRule::CustomerSilent)));
    assert_eq!(due(&scene, &rules), close);
    // The customer writes: the next rule begins to count, and its reminders with it.
    scene.does(says("m-9"));
    let since = scene.now;
    let third = 20 * MINUTE / 3;
    assert_eq!(
        due(&scene, &rules),
        Some((since.plus(third), Due::Remind(AutoKind::Reminder)))
    );
}

#[test]
fn an_end_is_announced_once() {
    let mut scene = Scene::in_progress();
    let since = scene.now;
    let mut rules = rules();
    rules.closing_notice = Some(5 * MINUTE);
    let notice = Some((
        since.plus(25 * MINUTE),
        Due::Remind(AutoKind::ClosingNotice),
    ));
    assert_eq!(due(&scene, &rules), notice);
    scene.does(Command::AutoSay {
        kind: AutoKind::ClosingNotice,
        message: message("a-1"),
    });
    let close = Some((since.plus(30 * MINUTE), Due::Close(EndRule::CustomerSilent)));
    assert_eq!(due(&scene, &rules), close);
}

#[test]
fn the_bot_is_idle_after_half_an_hour_of_nobody() {
    let mut scene = Scene::with_bot();
    scene.does(Command::BotSay {
        message: message("b-1"),
    });
    let idle = Some((
        scene.now.plus(30 * MINUTE),
        Due::Close(EndRule::CustomerSilent),
    ));
    assert_eq!(due(&scene, &rules()), idle);
}

#[test]
fn a_profile_that_holds_the_queue_is_waited_for_half_an_hour() {
    let mut scene = Scene::waiting();
    scene.does(Command::RequestProfile {
        fields: vec![word("name")],
        holds_queue: true,
    });
    let end = Some((
        scene.now.plus(30 * MINUTE),
        Due::Close(EndRule::ProfileNotFilled),
    ));
    assert_eq!(due(&scene, &rules()), end);
    let mut rules = rules();
    rules.queue_timeout = Some(10 * MINUTE);
    let asked = scene.conversation.requested_at().unwrap();
    let end = Some((asked.plus(10 * MINUTE), Due::Close(EndRule::QueueTimeout)));
    assert_eq!(due(&scene, &rules), end, "whichever comes first");
}

#[test]
fn transfers_after_work_and_alarms_have_their_own_time() {
    let mut scene = Scene::in_progress();
    scene.does(ask_transfer("kim", "lee"));
    let asked = scene.now;
    assert_eq!(
        due(&scene, &rules()),
        Some((asked.plus(5 * MINUTE), Due::ExpireTransfer))
    );
    scene.does(Command::SetAlarm {
        at: asked.plus(MINUTE),
        by: word("kim"),
    });
    assert_eq!(
        due(&scene, &rules()),
        Some((asked.plus(MINUTE), Due::Alarm))
    );
    scene.does(Command::EndTransfer {
        why: TransferEnd::Expired,
    });
    let scene = Scene::after_work();
    assert_eq!(
        due(&scene, &rules()),
        Some((scene.now.plus(10 * MINUTE), Due::EndAfterWork))
    );
    assert_eq!(due(&Scene::closed(), &rules()), None);
}

#[test]
fn on_business_time_a_rule_counts_open_hours_only() {
    let calendar = r#"{"zone": "Asia/Seoul", "weekly": [{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}]}"#;
    let site = SiteHours::new(Calendar::read(calendar).unwrap());
    let hours = site.hours(Asker::anybody());
    let friday: Timestamp = "2024-05-10T17:50:00+09:00".parse().unwrap();
    let monday: Timestamp = "2024-05-13T09:20:00+09:00".parse().unwrap();
    assert_eq!(hours.after_open(friday, 30 * MINUTE), monday);
    assert_eq!(hours.after_open(friday, Duration::ZERO), friday);
    assert_eq!(
        hours.after_open(friday, 10 * MINUTE),
        friday.plus(10 * MINUTE),
        "the end of a window is still its"
    );
    let mut scene = Scene::new();
    scene.now = friday.minus(Duration::from_secs(5));
    let mut opening = crate::scene::opening(happytalk_core::ChannelName::KAKAO_CONSULT);
    opening.bot = true;
    for command in [
        Command::Open(opening),
        says("m-1"),
        wants_agent(),
        assign("kim"),
        answers("kim", "m-2"),
    ] {
        scene.does(command);
    }
    assert_eq!(scene.now, friday);
    let mut rules = rules();
    rules.clock = RuleClock::Business;
    assert_eq!(
        rules.next(&scene.conversation, Some(&hours)),
        Some((monday, Due::Close(EndRule::CustomerSilent)))
    );
}

#[test]
fn rules_are_held_to_their_ranges() {
    let millis = Duration::from_millis;
    let with = |set: fn(&mut ClosingRules, Duration), span| {
        let mut rules = ClosingRules::new();
        set(&mut rules, span);
        rules.check().map_err(|error| error.rule)
    };
    let silent: fn(&mut ClosingRules, Duration) = |rules, span| rules.customer_silent = Some(span);
    let late: fn(&mut ClosingRules, Duration) = |rules, span| rules.agent_late = Some(span);
    assert_eq!(with(silent, MINUTE), Ok(()));
    assert_eq!(with(silent, MINUTE - millis(1)), Err("customer_silent"));
    assert_eq!(with(silent, 7 * 24 * 60 * MINUTE), Ok(()));
    assert_eq!(
        with(silent, 7 * 24 * 60 * MINUTE + millis(1)),
        Err("customer_silent")
    );
    assert_eq!(with(late, 10 * MINUTE), Ok(()));
    assert_eq!(with(late, 15 * MINUTE), Err("agent_late"), "steps of ten");
    assert_eq!(with(late, (7 * 24 * 60 - 10) * MINUTE), Ok(()));
    assert_eq!(with(late, 7 * 24 * 60 * MINUTE), Err("agent_late"));
    let idle: fn(&mut ClosingRules, Duration) = |rules, span| rules.bot_idle = Some(span);
    assert_eq!(with(idle, Duration::ZERO), Err("bot_idle"));
}
