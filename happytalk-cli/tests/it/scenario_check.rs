//! `scenario check`: what is wrong with documents.

use serde_json::Value;

use crate::fixture::text;
use crate::prompt::{happytalk, happytalk_on};

const GOOD: &str = "talk/delivery.json";
const WARNED: &str = "talk/nobody_gets_there.json";
const DANGLING: &str = "talk/dangling.json";
const UNTRUE: &str = "talk/untrue_test.json";

/// The code, the severity and the pointer of each diagnostic of one line of `--format json`.
fn found(line: &str) -> Vec<[String; 3]> {
    let line: Value = serde_json::from_str(line).unwrap();
    let diagnostics = line["diagnostics"].as_array().unwrap();
    let member = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    let found = diagnostics.iter().map(|one| {
        for words in [&one["message"]["ko"], &one["message"]["en"], &one["hint"]] {
            assert!(!words.as_str().unwrap().is_empty(), "{one}");
        }
        ["code", "severity", "pointer"].map(|name| member(one, name))
    });
    found.collect()
}

/// As [`found`], without hints.
fn faults(line: &str) -> Vec<[String; 3]> {
    let mut found = found(line);
    found.retain(|[_, severity, _]| severity != "info");
    found
}

fn row(code: &str, severity: &str, pointer: &str) -> [String; 3] {
    [code, severity, pointer].map(str::to_owned)
}

#[test]
fn a_good_document_has_no_diagnostics_and_exits_with_0() {
    let out = happytalk(&format!(
        "scenario check {GOOD} --format json --deny warnings"
    ))
    .fine();
    assert_eq!(faults(&out), Vec::<[String; 3]>::new());
    let hints = found(&out);
    assert!(hints.contains(&row("G7", "info", "/nodes")), "{hints:?}");
    let out = happytalk(&format!("scenario check {GOOD}")).fine();
    assert_eq!(out, format!("{GOOD}: 오류 0건, 경고 0건\n"));
}

#[test]
fn an_error_exits_with_1_and_stands_where_it_is() {
    let out = happytalk(&format!("scenario check {DANGLING} --format json")).found();
    assert_eq!(
        found(&out),
        [row("R2", "error", "/nodes/main/buttons/0/to")]
    );
    let out = happytalk(&format!("scenario check {UNTRUE} --format json")).found();
    assert_eq!(faults(&out), [row("X1", "error", "/tests/0/turns/1")]);
}

#[test]
fn a_warning_exits_with_1_only_where_warnings_are_denied() {
    let check = format!("scenario check {WARNED} --format json");
    let out = happytalk(&check).fine();
    assert_eq!(faults(&out), [row("G1", "warning", "/nodes/island")]);
    assert_eq!(happytalk(&format!("{check} --deny warnings")).found(), out);
}

#[test]
fn people_read_the_place_the_code_and_what_to_do_in_either_language() {
    let english = happytalk(&format!("scenario check {DANGLING} --lang en")).found();
    let first = format!(
        "{DANGLING}#/nodes/main/buttons/0/to: error R2: the target 'ask_ordr' does not exist\n    \
         → did you mean 'ask_order'?\n"
    );
    assert!(english.starts_with(&first), "{english}");
    let korean = happytalk(&format!("scenario check {DANGLING}")).found();
    assert!(
        korean.contains("error R2: 대상 노드 'ask_ordr'"),
        "{korean}"
    );
    assert!(korean.ends_with("오류 1건, 경고 0건\n"), "{korean}");
}

#[test]
fn several_documents_are_a_line_each_with_their_names_and_the_worst_decides() {
    let out = happytalk(&format!(
        "scenario check {GOOD} {DANGLING} {WARNED} --format json"
    ))
    .found();
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let files: Vec<_> = lines
        .iter()
        .map(|line| line["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, [GOOD, DANGLING, WARNED]);
    let counts: Vec<_> = out.lines().map(|line| faults(line).len()).collect();
    assert_eq!(counts, [0, 1, 1]);
}

#[test]
fn a_document_may_come_from_standard_input() {
    let out = happytalk_on("scenario check - --format json", text(DANGLING)).found();
    assert_eq!(
        out,
        happytalk(&format!("scenario check {DANGLING} --format json")).found()
    );
}

#[test]
fn what_is_no_json_is_a_diagnostic_that_says_where() {
    let out = happytalk_on("scenario check - --lang en", "{\"format\": 1,\n garbage}").found();
    assert!(out.starts_with("stdin#: error S1: "), "{out}");
    assert!(out.contains("line 2"), "{out}");
    let out = happytalk("scenario check - --format json").found();
    assert_eq!(found(&out), [row("S1", "error", "")]);
}

#[test]
fn what_cannot_be_read_exits_with_2_after_what_was_good() {
    let refused = happytalk(&format!(
        "scenario check {GOOD} talk/nowhere.json --lang en"
    ));
    assert_eq!(refused.out, format!("{GOOD}: 0 errors, 0 warnings\n"));
    assert!(
        refused
            .refused()
            .starts_with("talk/nowhere.json: could not be read: "),
        "{refused:?}"
    );
    let refused = happytalk_on("scenario check -", b"{\n\"id\": \"\xFF\"}");
    refused.says("stdin:2:8: input is not UTF-8");
}

#[test]
fn without_a_document_there_is_nothing_to_check() {
    happytalk("scenario check")
        .says("happytalk: missing argument `<FILE>...` (see `happytalk --help`)");
}

#[test]
fn the_flows_that_ship_are_clean_and_written_the_one_way() {
    for name in ["exchange-return", "profile-bot"] {
        let shipped = format!("../../../happytalk-scenario/scenarios/{name}.json");
        happytalk(&format!("scenario check {shipped} --deny warnings")).fine();
        happytalk(&format!("scenario fmt --check {shipped}")).fine();
    }
}
