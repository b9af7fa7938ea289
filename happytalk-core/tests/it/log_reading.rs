//! The log reader takes any bytes: a line or an error with a place, never a panic.

use happytalk_core::log::{self, LineError};
use happytalk_core::{Event, Inbound, Line, Outbound, json};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::{collection, prop_assert, prop_assert_eq, proptest};

use crate::golden_log::EVERY_TYPE;

#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Put(Index, Vec<u8>),
    Take(Index, usize),
    Swap(Index, Index),
}

fn damages() -> impl Strategy<Value = Damage> {
    let pieces = select(vec![
        b"{".to_vec(),
        b"}".to_vec(),
        b"[".to_vec(),
        b"\"".to_vec(),
        b",".to_vec(),
        b":".to_vec(),
        b"null".to_vec(),
        b"-1".to_vec(),
        b"1e999".to_vec(),
        b"\\u0000".to_vec(),
        b"\\ud800".to_vec(),
        b"{\"sealed\":\"x\"}".to_vec(),
        b"{\"erased\":true}".to_vec(),
        b"\"agent\":\"x\",".to_vec(),
        b"\xff".to_vec(),
    ]);
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (
            any::<Index>(),
            prop_oneof![pieces, collection::vec(any::<u8>(), 1..4)]
        )
            .prop_map(|(at, bytes)| Damage::Put(at, bytes)),
        (any::<Index>(), 1_usize..12).prop_map(|(at, many)| Damage::Take(at, many)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Swap(a, b)),
    ]
}

fn damage(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    match damage {
        Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Damage::Put(at, piece) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, piece.iter().copied());
        }
        Damage::Take(at, many) => {
            let at = at.index(bytes.len());
            bytes.drain(at..(at + many).min(bytes.len()));
        }
        Damage::Swap(a, b) => {
            let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
            bytes.swap(a, b);
        }
    }
}

/// What is read is written so that it is read again, as the same.
fn settles(text: &str) -> Result<(), String> {
    match Line::parse(text) {
        Ok(line) => {
            let json = line.to_json();
            match Line::parse(&json) {
                Ok(again) if again == line && again.to_json() == json => Ok(()),
                other => Err(format!("{text} became {json}, which is {other:?}")),
            }
        }
        Err(LineError::Json { column, .. }) if column > text.len() + 1 => {
            Err(format!("column {column} is not in {text}"))
        }
        Err(_) => Ok(()),
    }
}

proptest! {
    #[test]
    fn any_bytes_are_lines_or_errors(bytes in collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(settles(&text), Ok(()));
        for (number, line) in log::lines(&text) {
            prop_assert!(number > 0 && (line.is_ok() || line.is_err()));
        }
        let _ = Inbound::parse(&text);
        prop_assert!(json::from_slice::<Outbound>(&bytes).is_err());
    }

    #[test]
    fn a_damaged_line_is_a_line_or_an_error(
        line in any::<Index>(),
        damages in collection::vec(damages(), 1..5),
    ) {
        let lines: Vec<&str> = EVERY_TYPE.lines().collect();
        let mut bytes = lines[line.index(lines.len())].as_bytes().to_vec();
        for each in &damages {
            damage(&mut bytes, each);
        }
        prop_assert_eq!(settles(&String::from_utf8_lossy(&bytes)), Ok(()));
    }

    #[test]
    fn two_lines_run_together_are_an_error(a in any::<Index>(), b in any::<Index>()) {
        let lines: Vec<&str> = EVERY_TYPE.lines().collect();
        let text = format!("{}{}", lines[a.index(lines.len())], lines[b.index(lines.len())]);
        prop_assert_eq!(Line::parse(&text).unwrap_err().code(), "log.json");
    }
}

#[test]
fn a_line_may_have_a_mebibyte_and_no_more() {
    let line = |text: &str| {
        format!(
            r#"{{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":"{text}"}}"#
        )
    };
    let room = Line::BYTES_MAX - line("").len();
    assert_eq!(Line::BYTES_MAX, 1_048_576);
    assert!(Line::parse(&line(&"x".repeat(room))).is_ok());
    assert!(Line::parse(&(line(&"x".repeat(room)) + "\r\n")).is_ok());
    assert!(matches!(
        Line::parse(&line(&"x".repeat(room + 1))),
        Err(LineError::TooLong { bytes, .. }) if bytes == Line::BYTES_MAX + 1
    ));
}

#[test]
fn deep_nesting_is_read_or_refused_and_never_overflows() {
    for depth in [10, 127, 128, 129, 100_000] {
        let nest = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        for text in [
            format!(r#"{{"conversation":"c","seq":1,"at":1,"type":"later","deep":{nest}}}"#),
            format!(
                r#"{{"conversation":"c","seq":1,"at":1,"type":"held","by":"kim","deep":{nest}}}"#
            ),
            format!(
                r#"{{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":{nest}}}"#
            ),
            format!(
                r#"{{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":[{nest},{{"sealed":"x"}}]}}"#
            ),
            nest.clone(),
        ] {
            assert_eq!(settles(&text), Ok(()));
        }
    }
}

#[test]
fn blank_lines_are_passed_over_and_numbers_are_those_of_the_file() {
    let held = r#"{"conversation":"c","seq":1,"at":1,"type":"held","by":"kim"}"#;
    let text = format!("\n{held}\r\n   \n\nnot a line\n{held}");
    let read: Vec<(usize, bool)> = log::lines(&text)
        .map(|(number, line)| (number, line.is_ok()))
        .collect();
    assert_eq!(read, [(2, true), (5, false), (6, true)]);
}

#[test]
fn an_error_names_the_byte_at_which_a_person_finds_it() {
    let error = |text: &str| match Line::parse(text) {
        Err(LineError::Json { column, reason, .. }) => (column, reason.into_string()),
        other => panic!("{other:?}"),
    };
    let text = r#"{"conversation":"c","seq":1,"at":1.5,"type":"held","by":"kim"}"#;
    assert_eq!(error(text), (36, "expected a whole number".to_owned()));
    let text = r#"{"conversation":"c","seq":-1,"at":1,"type":"held","by":"kim"}"#;
    assert_eq!(
        error(text),
        (
            28,
            "expected a whole number that is not negative".to_owned()
        )
    );
    let text = r#"{"conversation":"c","seq":1,"at":1,"type":"held"}"#;
    assert_eq!(error(text), (text.len(), "missing field `by`".to_owned()));
}

#[test]
fn a_type_on_a_stream_that_is_not_its_own_is_kept_as_it_stands() {
    for text in [
        r#"{"agent":"kim","seq":1,"at":1,"type":"assigned","how":"auto"}"#,
        r#"{"agent":"kim","seq":1,"at":1,"type":"noted","text":"x"}"#,
        r#"{"agent":"kim","seq":1,"at":1,"type":"settings_set","kind":"routing","version":1,"hash":"h"}"#,
        r#"{"conversation":"c","agent":"kim","seq":1,"at":1,"type":"agent_removed"}"#,
        r#"{"conversation":"c","site":"s","seq":1,"at":1,"type":"hours_overridden","open":true,"until":1}"#,
    ] {
        let line = Line::parse(text).unwrap();
        assert!(matches!(line.event, Event::Unknown(_)), "{text}");
        assert_eq!(line.to_json(), text);
    }
}
