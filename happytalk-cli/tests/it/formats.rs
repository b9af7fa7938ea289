//! docs/formats.md: every block parses and fits its schema, and every command prints what the page says.

use std::collections::BTreeSet;

use happytalk_core::launcher::Launcher;
use happytalk_core::parameters::ParameterRules;
use happytalk_core::{Inbound, Line, Outbound};
use happytalk_routing::Settings;
use serde_json::Value;

use crate::page::{Block, blocks, folder, run_examples};
use crate::prompt::{command_in, run};
use crate::schema::Schemas;

const PAGE: &str = "docs/formats.md";

/// The one block of the page that holds `kind`.
#[track_caller]
fn block(kind: &str) -> Block {
    let mut found = blocks(PAGE)
        .into_iter()
        .filter(|block| block.kind() == Some(kind));
    let block = found.next().unwrap();
    assert!(found.next().is_none(), "two blocks are called {kind}");
    block
}

/// The values of a block: one, or one a line.
fn values(block: &Block) -> Vec<Value> {
    let read: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&block.text)
        .into_iter()
        .collect();
    let values = read.unwrap_or_else(|why| panic!("{PAGE}:{}: {why}", block.line));
    assert!(!values.is_empty(), "{PAGE}:{}", block.line);
    values
}

/// JSON without the white space between its parts, each part where it was.
fn compact(text: &str) -> String {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let keep = |c: &char| {
        let keeps = is_quoted || !c.is_whitespace();
        is_quoted ^= *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        keeps
    };
    text.chars().filter(keep).collect()
}

/// What a command prints in the folder of the page's blocks.
#[track_caller]
fn printed(name: &str, line: &str) -> String {
    let mut command = command_in(&folder(name));
    command.args(line.split_whitespace());
    run(command, b"").fine()
}

#[test]
fn every_block_of_json_parses_and_fits_the_schema_of_its_name() {
    let schemas = Schemas::parse(&block("schema").text);
    let mut held: Vec<String> = Vec::new();
    for block in blocks(PAGE) {
        let Some(kind) = block.kind() else { continue };
        assert!(!kind.is_empty(), "{PAGE}:{}: json of what?", block.line);
        for value in values(&block) {
            if schemas.has(kind) {
                schemas
                    .check(kind, &value)
                    .unwrap_or_else(|why| panic!("{PAGE}:{}: {why}", block.line));
                held.push(kind.to_owned());
            }
        }
    }
    for kind in [
        "log",
        "content",
        "inbound",
        "outbound",
        "talk",
        "bubbles",
        "request",
        "diagnostics",
        "commands",
        "routed",
        "router_settings",
        "sqi",
        "site",
        "book",
        "bill",
        "calendar",
        "hours",
        "transcript",
        "launcher",
        "parameter_rules",
    ] {
        assert!(
            held.iter().any(|held| held == kind),
            "no block is held against {kind}"
        );
    }
}

#[test]
fn no_schema_takes_everything() {
    let schemas = Schemas::parse(&block("schema").text);
    for name in schemas.names() {
        assert!(
            schemas.check(name, &serde_json::json!([[]])).is_err(),
            "{name}"
        );
    }
}

#[test]
fn a_member_of_another_kind_does_not_fit() {
    let schemas = Schemas::parse(&block("schema").text);
    for (kind, pointer) in [
        ("log", "/at"),
        ("content", "/0/quick_replies/0/action"),
        ("inbound", "/content"),
        ("outbound", "/action/type"),
        ("bubbles", "/bubble/auto_answer"),
        ("diagnostics", "/diagnostics/0/message/en"),
        ("sqi", "/rows/0/queue_time/p50_ms"),
        ("site", "/auto_top_up/threshold_won"),
        ("book", "/periods/0/plans/free"),
        ("bill", "/totals/day_case/count"),
        ("calendar", "/schedules/1/for/0/category"),
        ("calendar", "/weekly/2/days/0"),
        ("hours", "/business_ms"),
        ("transcript", "/handover/path/0/node"),
        ("launcher", "/channels/0/label"),
        ("parameter_rules", "/chars_max/extra"),
        ("router_settings", "/queues/0/overflow/when_full"),
        ("router_settings", "/rules/0/fallback/to_group"),
        ("router_settings", "/priority/slack/millis_per_point"),
        ("router_settings", "/on_logout"),
        ("router_settings", "/rate/count"),
    ] {
        let mut value = values(&block(kind)).swap_remove(0);
        schemas.check(kind, &value).unwrap();
        *value.pointer_mut(pointer).unwrap() = Value::from(vec![7]);
        assert!(schemas.check(kind, &value).is_err(), "{kind}{pointer}");
    }
}

#[test]
fn the_lines_of_the_log_are_read_and_written_back_as_they_stand() {
    for line in block("log").text.lines() {
        assert_eq!(Line::parse(line).unwrap().to_json(), line);
    }
}

#[test]
fn the_log_has_a_row_of_the_table_for_each_of_its_types() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats.md"))
        .unwrap();
    for line in values(&block("log")) {
        let row = format!("| `{}` | ", line["type"].as_str().unwrap());
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn the_inbound_and_outbound_of_the_page_are_read_and_written_back_as_they_stand() {
    for line in block("inbound").text.lines() {
        assert_eq!(Inbound::parse(line).unwrap().to_json(), line);
    }
    for line in block("outbound").text.lines() {
        let outbound: Outbound = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&outbound).unwrap(), line);
    }
    let content = compact(&block("content").text);
    let outbound = format!(
        r#"{{"id":"m-1","account":"a","customer":"c","action":{{"type":"say","content":{content}}}}}"#
    );
    let read: Outbound = serde_json::from_str(&outbound).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), outbound);
}

#[test]
fn encode_prints_the_requests_of_the_page() {
    let command = {
        let mut command = command_in(&folder("formats-encode"));
        command.args(["encode", "naver"]);
        command
    };
    let out = run(command, block("outbound").text.as_bytes()).fine();
    assert_eq!(out, block("request").text);
}

#[test]
fn encode_takes_what_talktalk_alone_has_as_the_page_writes_it() {
    let mut command = command_in(&folder("formats-talk"));
    command.args(["encode", "naver"]);
    let wanted = block("talk").text;
    let out = run(command, wanted.as_bytes()).fine();
    assert_eq!(out.lines().count(), wanted.lines().count());
}

#[test]
fn check_prints_the_diagnostic_of_the_page_where_a_button_of_the_document_goes_nowhere() {
    let document = block("scenario").text;
    let broken = document.replacen(r#""to":"ask_order""#, r#""to":"ask_ordr""#, 1);
    assert_ne!(broken, document);
    let mut command = command_in(&folder("formats-check"));
    command.args(["scenario", "check", "-", "--format", "json"]);
    let out = run(command, broken.as_bytes()).found();
    assert_eq!(compact(&out), compact(&block("diagnostics").text));
}

#[test]
fn the_document_of_the_page_is_clean_and_its_tests_hold() {
    printed(
        "formats-scenario",
        "scenario check scenario.json --deny warnings",
    );
}

#[test]
fn the_figures_of_the_page_are_those_of_its_log() {
    let out = printed("formats-sqi", "sqi log.jsonl --by day,agent --format json");
    assert_eq!(compact(&out), compact(&block("sqi").text));
}

#[test]
fn whatever_is_asked_of_the_figures_fits_their_schema() {
    let schemas = Schemas::parse(&block("schema").text);
    let log = crate::fixture::text("sqi/day.jsonl");
    for options in [
        "--by hour,agent --service-level 20s",
        "--from 2024-05-13 --until 2024-05-14 --missed abandoned --quantiles sketch",
        "--by hours --business sqi/hours.json",
    ] {
        let asked = format!("sqi - --format json {options}");
        let out = crate::prompt::happytalk_on(&asked, format!("{log}\n{log}")).fine();
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(schemas.check("sqi", &report), Ok(()), "{options}");
        assert!(report["repeated"].is_u64(), "{out}");
    }
}

#[test]
fn the_bill_of_the_page_is_that_of_its_log_and_its_site_file() {
    let out = printed(
        "formats-bill",
        "bill log.jsonl --site site.jsonl --format json",
    );
    assert_eq!(compact(&out), compact(&block("bill").text));
}

#[test]
fn the_transcript_of_the_page_is_that_of_its_log() {
    let line = "transcript log.jsonl --conversation c-17 --format json";
    assert_eq!(
        compact(&block("transcript").text),
        compact(&printed("transcript", line))
    );
}

#[test]
fn the_launcher_and_the_parameter_rules_of_the_page_are_read() {
    let launcher = Launcher::read(&block("launcher").text).unwrap();
    assert_eq!(launcher.entries().len(), 2);
    let rules: Result<ParameterRules, _> = serde_json::from_str(&block("parameter_rules").text);
    assert!(!rules.unwrap().categories.is_empty());
}

#[test]
fn the_routers_settings_of_the_page_name_every_setting_and_are_read() {
    let text = block("router_settings").text;
    let settings: Settings = serde_json::from_str(&text).unwrap();
    assert_eq!(settings.check(), Ok(()));
    let names = |value: &Value| -> BTreeSet<String> {
        let members = value.as_object().unwrap();
        members.keys().cloned().collect()
    };
    let schema: Value = serde_json::from_str(&block("schema").text).unwrap();
    let schema = |name: &str| names(&schema["$defs"][name]["properties"]);
    let page: Value = serde_json::from_str(&text).unwrap();
    let read = serde_json::to_value(&settings).unwrap();
    for (name, pointer) in [
        ("router_settings", ""),
        ("router_queue", "/queues/0"),
        ("router_rule", "/rules/0"),
    ] {
        let written = names(read.pointer(pointer).unwrap());
        assert_eq!(written, schema(name), "{name}");
        assert_eq!(written, names(page.pointer(pointer).unwrap()), "{name}");
    }
    // What the page says is what was read, but for what it leaves out of the second queue and the second row.
    for (name, value) in page.as_object().unwrap() {
        if !["queues", "rules"].contains(&name.as_str()) {
            assert_eq!(&read[name], value, "{name}");
        }
    }
    assert_eq!(read["queues"][0]["overflow"], page["queues"][0]["overflow"]);
    assert_eq!(read["rules"][0], page["rules"][0]);
}

#[test]
fn the_price_book_of_the_page_is_one() {
    let out = printed(
        "formats-book",
        "bill log.jsonl --site site.jsonl --prices book.json --format json",
    );
    assert!(out.starts_with(r#"{"price_book":"2026-01""#), "{out}");
}

#[test]
fn the_answer_of_the_page_is_that_of_its_calendar() {
    let out = printed(
        "formats-hours",
        "hours calendar.json --at 2026-02-13T18:50:00+09:00 --until 2026-02-16T09:05:00+09:00 --format json",
    );
    assert_eq!(compact(&out), compact(&block("hours").text));
}

#[cfg(unix)]
#[test]
fn every_example_of_the_page_prints_what_stands_there() {
    assert!(run_examples(PAGE, "formats-examples") >= 7);
}

#[cfg(unix)]
#[test]
fn every_example_of_the_readme_prints_what_stands_there() {
    assert!(run_examples("happytalk-cli/README.md", "readme-examples") >= 8);
}

#[cfg(unix)]
#[test]
fn every_example_of_the_guides_prints_what_stands_there() {
    for (page, name) in [
        ("docs/writing-scenarios.md", "guide-examples"),
        ("docs/writing-scenarios.ko.md", "guide-examples-ko"),
    ] {
        assert!(run_examples(page, name) >= 10, "{page}");
    }
}
