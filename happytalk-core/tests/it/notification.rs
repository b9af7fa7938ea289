//! DOMAIN 12.13: who is notified, and when.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::notification::{NotificationRules, Occasion, Silence, Verdict, Viewer};

const MINUTE: Duration = Duration::from_secs(60);

fn at(minutes: u32) -> Timestamp {
    Timestamp::EPOCH.plus(MINUTE * minutes)
}

#[test]
fn rule_12_13_a_new_conversation_notifies_only_inside_hours() {
    let rules = NotificationRules::new();
    let decide = |viewer| rules.decide(Occasion::Received, viewer, at(0));
    assert_eq!(decide(Viewer::new().inside_hours()), Verdict::Notify);
    assert_eq!(decide(Viewer::new()), Verdict::Silent(Silence::OffHours));
}

#[test]
fn rule_12_13_a_message_in_a_running_conversation_notifies_at_any_time() {
    let rules = NotificationRules::new();
    for viewer in [Viewer::new(), Viewer::new().inside_hours()] {
        let decided = rules.decide(Occasion::Message, viewer, at(0));
        assert_eq!(decided, Verdict::Notify);
    }
}

#[test]
fn rule_12_13_nothing_notifies_while_the_room_is_open_on_screen() {
    let rules = NotificationRules::new();
    let (since, alerted) = (at(0), None);
    for occasion in [
        Occasion::Received,
        Occasion::Message,
        Occasion::ReceivedUnanswered { since, alerted },
        Occasion::MessageUnanswered { since, alerted },
    ] {
        let looking = Viewer::new().inside_hours().with_room_on_screen();
        let silent = Verdict::Silent(Silence::OnScreen);
        assert_eq!(rules.decide(occasion, looking, at(60)), silent);
        let off = Viewer::new().inside_hours().with_notifications_off();
        let silent = Verdict::Silent(Silence::SwitchedOff);
        assert_eq!(rules.decide(occasion, off, at(60)), silent);
    }
}

#[test]
fn rule_12_13_an_alert_goes_out_when_nobody_answers_at_the_very_millisecond() {
    let rules = NotificationRules::new();
    let viewer = Viewer::new().inside_hours();
    let unanswered = Occasion::ReceivedUnanswered {
        since: at(10),
        alerted: None,
    };
    let early = at(15).minus(Duration::from_millis(1));
    assert_eq!(rules.next_alert(at(10), None), Some(at(15)));
    assert_eq!(
        rules.decide(unanswered, viewer, early),
        Verdict::Silent(Silence::NotYet)
    );
    assert_eq!(rules.decide(unanswered, viewer, at(15)), Verdict::Notify);
    assert_eq!(
        rules.decide(unanswered, Viewer::new(), at(15)),
        Verdict::Silent(Silence::OffHours)
    );
    let running = Occasion::MessageUnanswered {
        since: at(10),
        alerted: None,
    };
    assert_eq!(
        rules.decide(running, Viewer::new(), at(15)),
        Verdict::Notify
    );
}

#[test]
fn an_alert_repeats_only_where_the_rules_say_so_and_starts_again_with_the_next_wait() {
    let mut rules = NotificationRules::new();
    let alerted = |since| Occasion::MessageUnanswered {
        since,
        alerted: Some(at(5)),
    };
    let decide =
        |rules: &NotificationRules, since, now| rules.decide(alerted(since), Viewer::new(), now);
    let silent = Verdict::Silent(Silence::NoAlert);
    assert_eq!(decide(&rules, at(0), at(99)), silent);
    assert_eq!(decide(&rules, at(6), at(11)), Verdict::Notify);
    rules.again_after = Some(MINUTE * 10);
    let early = Verdict::Silent(Silence::NotYet);
    assert_eq!(decide(&rules, at(0), at(14)), early);
    assert_eq!(decide(&rules, at(0), at(15)), Verdict::Notify);
    rules.unanswered_after = None;
    assert_eq!(decide(&rules, at(0), at(99)), silent);
}

#[test]
fn each_silence_has_its_word() {
    let all = [
        (Silence::OffHours, "off_hours"),
        (Silence::OnScreen, "on_screen"),
        (Silence::SwitchedOff, "switched_off"),
        (Silence::NotYet, "not_yet"),
        (Silence::NoAlert, "no_alert"),
    ];
    for (silence, word) in all {
        assert_eq!(silence.as_str(), word);
    }
}
