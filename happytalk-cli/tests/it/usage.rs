//! The command line itself: help, and what is wrong with how a command was asked for.

use crate::prompt::happytalk;

#[test]
fn the_help_names_every_command_the_exit_codes_and_examples() {
    let help = happytalk("--help").fine();
    for word in [
        "decode",
        "encode",
        "scenario",
        "sqi",
        "bill",
        "hours",
        "transcript",
        "Exit codes:",
        "Examples:",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn every_command_has_a_help_with_an_example() {
    for command in [
        "decode",
        "decode kakao",
        "decode naver",
        "encode",
        "scenario check",
        "scenario play",
        "sqi",
        "bill",
        "hours",
        "transcript",
    ] {
        let help = happytalk(&format!("{command} --help")).fine();
        assert!(help.contains("Example"), "{command}: {help}");
        assert!(
            help.contains(&format!("happytalk {command}")),
            "{command}: {help}"
        );
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let version = concat!("happytalk ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(happytalk("--version").fine(), version);
}

#[test]
fn a_command_that_is_missing_or_not_known_is_told_in_one_line() {
    for (line, why) in [
        ("", "a command is missing"),
        ("decode", "a command is missing"),
        ("scenario", "a command is missing"),
        ("teleport", "unknown command `teleport`"),
        ("scenario teleport", "unknown command `teleport`"),
        ("decode line", "unknown command `line`"),
        ("decode kakao", "missing argument `<KIND>`"),
        ("scenario play", "missing argument `<FILE>`"),
        ("sqi", "missing argument `<LOG>`"),
        ("bill", "missing argument `<LOG>`"),
    ] {
        happytalk(line).says(&format!("happytalk: {why} (see `happytalk --help`)"));
    }
}

#[test]
fn an_option_that_is_not_right_is_told_in_one_line() {
    for (line, why) in [
        ("sqi log.jsonl --colour red", "unknown option `--colour`"),
        (
            "sqi log.jsonl --format",
            "bad or missing value of `--format <FORMAT>`",
        ),
        (
            "sqi log.jsonl --format xlsx",
            "bad or missing value of `--format <FORMAT>`",
        ),
        (
            "sqi log.jsonl --by day --by agent",
            "option given twice `--by <WORDS>`",
        ),
        ("sqi log.jsonl other.jsonl", "too many arguments"),
        (
            "scenario check a.json --deny everything",
            "bad or missing value of `--deny <LEVEL>`",
        ),
    ] {
        let refused = happytalk(line);
        let told = refused.refused();
        assert!(
            told.starts_with(&format!("happytalk: {why}")),
            "{line}: {told}"
        );
        assert!(
            told.ends_with(" (see `happytalk --help`)"),
            "{line}: {told}"
        );
        assert_eq!(refused.out, "");
    }
}
