//! Logs written as a person would tell them.

use happytalk_core::Line;
use happytalk_sqi::{Figures, Options, Report, Row};
use serde_json::{Map, Value, json};

/// 2024-05-13, a Monday, 00:00 in Seoul.
pub(crate) const MONDAY: i64 = 1_715_526_000_000;

/// The instant the wall clock of Seoul shows `HH:MM:SS` or `HH:MM:SS.mmm` on that Monday.
pub(crate) fn clock(text: &str) -> i64 {
    let (text, millis) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<i64> = text.split(':').map(|part| part.parse().unwrap()).collect();
    MONDAY + ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + millis.parse::<i64>().unwrap()
}

/// The fields of an event told in a few words.
fn fields(words: &[&str], seq: usize) -> Value {
    let message = |id: Option<&&str>| {
        let id = id.map_or(format!("m-{seq}"), |id| (*id).to_owned());
        json!({"id": id, "content": [{"type": "text", "text": "…"}]})
    };
    let by_agent = words.get(2).is_none_or(|word| *word != "customer");
    match words[0] {
        "opened" => {
            let mut event = json!({"type": "opened", "channel": "webchat", "account": "a", "customer": "u",
                "opened_by": "customer", "bot": false});
            for word in &words[1..] {
                match word.split_once('=') {
                    None if *word == "bot" => event["bot"] = json!(true),
                    None if *word == "by-agent" => event["opened_by"] = json!("agent"),
                    Some(("channel", name)) => event["channel"] = json!(name),
                    Some(("previous", id)) => event["previous"] = json!(id),
                    Some(("main", main)) => event["category"] = json!({"main": main}),
                    Some((name, value)) => event["parameters"][name] = json!(value),
                    None => panic!("{word}"),
                }
            }
            event
        }
        "requested" => json!({"type": "agent_requested", "by": "button"}),
        "rejected" => {
            json!({"type": "rejected", "reason": "queue_full", "final": words[1..] == ["final"]})
        }
        "assigned" => {
            let how = if words.get(2) == Some(&"opener") {
                "opener"
            } else {
                "auto"
            };
            json!({"type": "assigned", "agent": words[1], "how": how})
        }
        "survey" => json!({"type": "auto_said", "kind": "survey", "message": message(None)}),
        "rated" => {
            let number = |index: usize| words[index].parse::<u8>().unwrap();
            json!({"type": "rated", "score": number(1), "scale": number(2)})
        }
        "auto" => json!({"type": "auto_said", "kind": "greeting", "message": message(None)}),
        "bot" => json!({"type": "bot_said", "message": message(None)}),
        "agent" => {
            json!({"type": "agent_said", "agent": words[1], "message": message(words.get(2))})
        }
        "customer" => json!({"type": "customer_said", "message": message(words.get(1))}),
        "failed" => json!({"type": "message_failed", "message": words[1], "code": "timeout"}),
        "asks" => {
            json!({"type": "transfer_requested", "from": words[1], "to": {"agent": words[2]}})
        }
        "keeps" => json!({"type": "transfer_ended", "why": "refused"}),
        "transferred" => {
            json!({"type": "transferred", "from": words[1], "to": words[2], "how": words[3]})
        }
        "returned" => {
            let mut event =
                json!({"type": "returned_to_queue", "agent": words[1], "cause": words[2]});
            if let Some(main) = words.get(3) {
                event["to"] = json!({"category": {"main": main}});
            }
            event
        }
        "profile" => {
            json!({"type": "profile_requested", "fields": ["phone"], "holds_queue": words[1..] == ["holds"]})
        }
        "profile-done" => json!({"type": "profile_completed", "fields": ["phone"]}),
        "profile-skipped" => {
            json!({"type": "profile_skipped", "fields": ["phone"], "reason": "refused"})
        }
        "category" => {
            json!({"type": "category_changed", "category": {"main": words[1], "sub": words[2]}, "by": "kim"})
        }
        "bot-ended" => json!({"type": "bot_ended", "by": words[1]}),
        "ended" => {
            let mut event = json!({"type": "ended", "by": words[1], "after_work": false});
            for word in &words[2..] {
                match *word {
                    "then-work" => event["after_work"] = json!(true),
                    word if words[1] == "auto" => event["rule"] = json!(word),
                    word => event["cause"] = json!(word),
                }
            }
            event
        }
        "worked" => {
            json!({"type": "after_work_ended", "by": if by_agent { "agent" } else { "limit" }})
        }
        "reopened" => json!({"type": "reopened", "by": "customer"}),
        "unknown" => json!({"type": "teleported", "where": "elsewhere"}),
        word => panic!("{word}"),
    }
}

/// A line of the log as JSON.
pub(crate) fn line(stream: (&str, &str), seq: usize, at: i64, event: Value) -> String {
    let mut whole = Map::new();
    whole.insert(stream.0.to_owned(), json!(stream.1));
    whole.insert("seq".to_owned(), json!(seq));
    whole.insert("at".to_owned(), json!(at));
    whole.extend(event.as_object().unwrap().clone());
    Value::Object(whole).to_string()
}

/// The lines of one conversation: each a time and what happened then.
pub(crate) fn conversation(id: &str, story: &str) -> Vec<String> {
    let told = story.lines().map(str::trim).filter(|line| !line.is_empty());
    told.enumerate()
        .map(|(index, told)| {
            let words: Vec<&str> = told.split_whitespace().collect();
            let event = fields(&words[1..], index + 1);
            line(("conversation", id), index + 1, clock(words[0]), event)
        })
        .collect()
}

pub(crate) fn figures(options: Options, lines: &[String]) -> Figures {
    let mut figures = Figures::new(options);
    for line in lines {
        figures.push(&Line::parse(line).unwrap()).unwrap();
    }
    figures
}

/// The report by the words of `by`; none of them for the total.
pub(crate) fn report(by: &str, lines: &[String]) -> Report {
    let options = if by.is_empty() {
        Options::new()
    } else {
        Options::new().with("by", by).unwrap()
    };
    figures(options, lines).report()
}

/// The one row of a story, in total.
pub(crate) fn total(story: &str) -> Row {
    let mut report = report("", &conversation("c", story));
    assert_eq!(report.rows.len(), 1, "{report:?}");
    report.rows.remove(0)
}

/// The row whose keys are these words.
pub(crate) fn row<'a>(report: &'a Report, keys: &str) -> &'a Row {
    let found = report.rows.iter().find(|row| row.keys.join(",") == keys);
    found.unwrap_or_else(|| panic!("no row {keys}"))
}
