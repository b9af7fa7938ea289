//! `scenario fmt`, `schema`, `graph`, `paths`, `diff` and `test`, and what `check` is given beside documents.

use std::path::Path;

use serde_json::Value;

use crate::fixture::text;
use crate::prompt::{FIXTURES, command_in, happytalk, happytalk_on, run};

const GOOD: &str = "talk/delivery.json";
const DANGLING: &str = "talk/dangling.json";
const UNTRUE: &str = "talk/untrue_test.json";

/// A folder of its own for what a test writes.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn in_folder(folder: &Path, line: &str) -> crate::prompt::Ended {
    let mut command = command_in(folder);
    command.args(line.split_whitespace());
    run(command, b"")
}

#[test]
fn fmt_writes_a_document_once_and_then_finds_nothing_to_do() {
    let written = happytalk(&format!("scenario fmt {GOOD}")).fine();
    assert_eq!(happytalk_on("scenario fmt -", &written).fine(), written);
    let folder = folder("fmt");
    std::fs::copy(Path::new(FIXTURES).join(GOOD), folder.join("a.json")).unwrap();
    assert_eq!(
        in_folder(&folder, "scenario fmt --check a.json").found(),
        "a.json\n"
    );
    assert_eq!(in_folder(&folder, "scenario fmt --write a.json").fine(), "");
    assert_eq!(in_folder(&folder, "scenario fmt --check a.json").fine(), "");
    assert_eq!(
        std::fs::read_to_string(folder.join("a.json")).unwrap(),
        written
    );
    assert!(
        happytalk_on("scenario fmt -", "{")
            .found()
            .contains("error S1")
    );
    assert!(
        happytalk(&format!("scenario fmt {GOOD} {DANGLING}"))
            .refused()
            .contains("--write")
    );
}

#[test]
fn schema_is_json_and_names_the_format() {
    let schema: Value = serde_json::from_str(&happytalk("scenario schema").fine()).unwrap();
    assert_eq!(schema["properties"]["format"]["const"], 1);
}

#[test]
fn graph_and_paths_tell_what_leads_where() {
    let dot = happytalk(&format!("scenario graph {GOOD}")).fine();
    assert!(
        dot.starts_with("digraph scenario {") && dot.contains("\"main\" -> "),
        "{dot}"
    );
    let mermaid = happytalk(&format!("scenario graph {GOOD} --format mermaid")).fine();
    assert!(mermaid.starts_with("flowchart LR\n"), "{mermaid}");
    let map = happytalk(&format!("scenario graph {GOOD} --format json")).fine();
    let map: Value = serde_json::from_str(&map).unwrap();
    assert_eq!(map["start"], "main");
    let paths = happytalk(&format!("scenario paths {GOOD} --format json")).fine();
    let first: Value = serde_json::from_str(paths.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["to"], &first["presses"]),
        (&Value::from("main"), &Value::from(0))
    );
    assert!(
        happytalk(&format!("scenario paths {GOOD}"))
            .fine()
            .contains("presses")
    );
    assert!(
        happytalk(&format!("scenario graph {DANGLING}"))
            .found()
            .contains("R2")
    );
}

#[test]
fn diff_tells_what_customers_see_again() {
    let folder = folder("diff");
    let old = text(GOOD);
    let new = old
        .replace("\"version\": 1", "\"version\": 2")
        .replace("\"version\":1", "\"version\":2");
    std::fs::write(folder.join("old.json"), &old).unwrap();
    std::fs::write(folder.join("new.json"), &new).unwrap();
    let told = in_folder(&folder, "scenario diff old.json new.json").fine();
    assert!(
        told.contains("unchanged") && told.ends_with("0 of 0 sessions see a step again\n"),
        "{told}"
    );
    let json = in_folder(&folder, "scenario diff old.json new.json --format json").fine();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["see_again"], 0);
    std::fs::write(folder.join("states.jsonl"), "no state\n").unwrap();
    let refused = in_folder(
        &folder,
        "scenario diff old.json new.json --sessions states.jsonl",
    );
    assert!(refused.refused().starts_with("states.jsonl:1:1: "));
}

#[test]
fn test_counts_what_passed() {
    let told = happytalk(&format!("scenario test {GOOD}")).fine();
    assert!(told.contains("tests passed"), "{told}");
    let failed = happytalk(&format!("scenario test {UNTRUE} --format json")).found();
    let failed: Value = serde_json::from_str(&failed).unwrap();
    assert_eq!(failed["diagnostics"][0]["code"], "X1");
    assert!(failed["passed"].as_u64() < failed["tests"].as_u64());
}

#[test]
fn check_knows_the_host_and_the_version_before() {
    let folder = folder("check");
    std::fs::copy(Path::new(FIXTURES).join(GOOD), folder.join("a.json")).unwrap();
    std::fs::write(folder.join("host.json"), r#"{"queues":[],"calls":[]}"#).unwrap();
    let found = in_folder(
        &folder,
        "scenario check a.json --catalogue host.json --format json",
    )
    .found();
    assert!(
        found.contains("\"R7\"") && found.contains("\"R4\""),
        "{found}"
    );
    let edited = text(GOOD).replacen("\"say\"", "\"_x\": 1, \"say\"", 1);
    std::fs::write(folder.join("b.json"), edited).unwrap();
    let same = in_folder(
        &folder,
        "scenario check b.json --previous a.json --format json",
    )
    .fine();
    assert!(!same.contains("\"V1\""), "{same}");
    std::fs::write(folder.join("host.json"), "{").unwrap();
    let refused = in_folder(&folder, "scenario check a.json --catalogue host.json");
    assert!(refused.refused().starts_with("host.json:1:"));
    let sarif = happytalk(&format!("scenario check {DANGLING} --format sarif")).found();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(
        (&sarif["version"], &result["ruleId"]),
        (&Value::from("2.1.0"), &Value::from("R2"))
    );
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert!(region["startLine"].as_u64() > Some(1), "{region}");
}
