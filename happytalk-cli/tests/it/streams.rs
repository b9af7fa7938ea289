//! Files that cannot be read, and readers that go away.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};

use crate::fixture::text;
use crate::prompt::{command, happytalk, happytalk_on, run};

/// Each command that reads files, with `{}` where a file stands.
const READERS: [&str; 7] = [
    "sqi {}",
    "bill {}",
    "bill sqi/day.jsonl --site {}",
    "bill sqi/day.jsonl --prices {}",
    "scenario check {}",
    "scenario play {}",
    "scenario check talk/delivery.json {}",
];

#[test]
fn a_file_that_is_not_there_is_told_by_its_name() {
    for reader in READERS {
        let refused = happytalk(&reader.replace("{}", "nowhere/at-all.json"));
        let line = refused.refused();
        assert!(
            line.starts_with("nowhere/at-all.json: could not be read: "),
            "{line}"
        );
    }
}

#[test]
fn a_folder_is_no_file() {
    for reader in READERS {
        let refused = happytalk(&reader.replace("{}", "talk"));
        let line = refused.refused();
        assert!(line.starts_with("talk: could not be read: "), "{line}");
    }
}

#[test]
fn a_name_with_a_line_break_in_it_makes_no_second_line() {
    let mut command = command();
    command.args(["sqi", "no\nsuch\u{1b}[31m file"]);
    let ended = run(command, b"");
    assert!(
        ended
            .refused()
            .starts_with("no such [31m file: could not be read: "),
        "{ended:?}"
    );
}

#[test]
fn a_byte_order_mark_before_a_file_is_passed_over() {
    let book = r#"{"name":"ours","periods":[{"day_case_mwon":1,"plans":{}}]}"#;
    for (line, input) in [
        ("sqi -", text("sqi/day.jsonl")),
        ("bill -", text("sqi/day.jsonl")),
        ("bill sqi/day.jsonl --site -", text("bill/cases_site.jsonl")),
        ("bill sqi/day.jsonl --prices -", book.to_owned()),
        ("scenario check -", text("talk/delivery.json")),
    ] {
        let marked = happytalk_on(line, format!("\u{FEFF}{input}")).fine();
        assert_eq!(marked, happytalk_on(line, input).fine(), "{line}");
    }
}

/// A command whose output nobody reads.
fn unread(line: &str) -> (Child, ChildStdin) {
    let mut command = command();
    let mut child = command.args(line.split_whitespace()).spawn().unwrap();
    drop(child.stdout.take());
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

#[test]
fn a_reader_that_has_read_enough_ends_a_command_without_a_word() {
    let say = text("encode/naver/text.json");
    for (line, input) in [
        ("decode naver", text("decode/naver/leave.json")),
        ("encode naver", say.repeat(2_000)),
        ("scenario check talk/delivery.json", String::new()),
        ("scenario play talk/delivery.json", "택배\n".repeat(500)),
        ("sqi - --by agent", text("sqi/day.jsonl")),
        ("bill - --format json", text("sqi/day.jsonl")),
        ("--help", String::new()),
    ] {
        let (child, mut stdin) = unread(line);
        // It may end before it has read everything.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        assert_eq!(ended(child), (Some(0), String::new()), "{line}");
    }
}

#[test]
fn what_was_found_stays_found_though_nobody_reads_it() {
    let (child, _stdin) = unread("scenario check talk/dangling.json");
    assert_eq!(ended(child), (Some(1), String::new()));
}

/// The exit code, and what stands on standard error.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut err = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut err).unwrap();
    (child.wait().unwrap().code(), err)
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_told() {
    let mut command = command();
    let full = File::options().write(true).open("/dev/full").unwrap();
    command
        .args(["sqi", "sqi/day.jsonl"])
        .stdout(Stdio::from(full));
    let ended = run(command, b"");
    assert!(
        ended
            .refused()
            .starts_with("stdout: could not be written: "),
        "{ended:?}"
    );
}
