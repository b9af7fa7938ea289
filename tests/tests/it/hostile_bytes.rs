//! Every surface takes any bytes.

use std::fs;
use std::path::Path;
use std::time::Duration;

use arbtest::arbtest;
use happytalk_tests::fuzz;

/// Bytes at random, and every fixture of the crates with a few bytes changed.
fn feed(surface: fn(&[u8]), seeds: &[&str]) {
    let corpus: Vec<Vec<u8>> = seeds
        .iter()
        .flat_map(|folder| files(Path::new(folder)))
        .collect();
    assert!(
        seeds.is_empty() || !corpus.is_empty(),
        "the fixtures are where they were"
    );
    for bytes in &corpus {
        surface(bytes);
    }
    arbtest(|source| {
        let mut bytes = match corpus.len() {
            0 => Vec::new(),
            many => source.choose(&corpus[..many])?.clone(),
        };
        if bytes.is_empty() || source.ratio(1, 4)? {
            bytes = source.arbitrary()?;
        } else {
            for _ in 0..source.int_in_range(1..=4)? {
                let at = source.choose_index(bytes.len().max(1))?;
                match source.int_in_range(0..=2)? {
                    0 if at < bytes.len() => bytes[at] = source.arbitrary()?,
                    1 => bytes.truncate(at),
                    _ => bytes.insert(at.min(bytes.len()), source.arbitrary()?),
                }
            }
        }
        surface(&bytes);
        Ok(())
    })
    .budget(budget());
}

/// How long each surface is fed: 0.4 s, or the milliseconds in `HAPPYTALK_FUZZ_MILLIS`.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a random run should be is said from outside"
)]
fn budget() -> Duration {
    let millis = std::env::var("HAPPYTALK_FUZZ_MILLIS");
    Duration::from_millis(millis.map_or(400, |millis| millis.parse().unwrap()))
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| {
                ["json", "jsonl", "ics", "txt"]
                    .iter()
                    .any(|it| ending == *it)
            }) {
                found.extend(fs::read(path));
            }
        }
    }
    found
}

#[test]
fn kakao_takes_any_webhook() {
    let seeds = &[
        "happytalk-cli/tests/fixtures/decode/kakao",
        "happytalk-cli/tests/fixtures/decode/kakao_bizgo",
    ];
    feed(fuzz::kakao_receive, seeds);
}

#[test]
fn kakao_takes_any_answer_any_bubble_and_any_picture() {
    feed(fuzz::kakao_answer, &["happytalk-cli/tests/fixtures/encode"]);
    feed(fuzz::kakao_bubble, &["happytalk-kakao/tests/fixtures"]);
    feed(fuzz::kakao_picture, &[]);
}

#[test]
fn naver_takes_any_webhook() {
    feed(fuzz::naver_receive, &["happytalk-naver/tests/fixtures"]);
}

#[test]
fn naver_says_what_it_may_and_its_sandbox_takes_anything() {
    feed(
        fuzz::naver_message,
        &[
            "happytalk-naver/tests/fixtures/message",
            "happytalk-naver/tests/fixtures/menu",
        ],
    );
    feed(fuzz::naver_sandbox, &["happytalk-naver/tests/fixtures"]);
}

#[test]
fn the_scenario_loader_takes_any_document() {
    feed(
        fuzz::scenario_load,
        &[
            "happytalk-scenario/scenarios",
            "happytalk-scenario/tests/fixtures",
        ],
    );
}

#[test]
fn the_scenario_formatter_writes_any_document_once_for_good() {
    feed(
        fuzz::scenario_written,
        &[
            "happytalk-scenario/scenarios",
            "happytalk-scenario/tests/fixtures",
        ],
    );
}

#[test]
fn a_bot_takes_any_words_at_any_question() {
    feed(fuzz::scenario_text, &["tests/seeds/scenario_text"]);
}

#[test]
fn a_bot_takes_any_state_and_any_words() {
    feed(fuzz::scenario_state, &["tests/seeds/scenario_state"]);
}

#[test]
fn the_log_reader_takes_any_line() {
    feed(fuzz::log_line, &["happytalk-core/tests/fixtures"]);
}

#[test]
fn the_ledger_takes_any_book_and_any_command() {
    feed(
        fuzz::price_book,
        &[
            "happytalk-billing/prices",
            "happytalk-billing/tests/fixtures/book",
        ],
    );
    feed(fuzz::site_line, &["happytalk-billing/tests/fixtures/site"]);
}

#[test]
fn the_hours_take_any_calendar_and_any_holiday_file() {
    let seeds = &["happytalk-cli/tests/fixtures/hours"];
    feed(fuzz::calendar, seeds);
    feed(fuzz::holidays, seeds);
}

#[test]
fn the_router_takes_any_commands() {
    feed(fuzz::router_commands, &["happytalk-routing/tests/fixtures"]);
}

#[test]
fn the_figures_take_any_log_and_any_partial_result() {
    feed(fuzz::sqi_log, &["happytalk-cli/tests/fixtures/sqi"]);
    feed(fuzz::sqi_partial, &[]);
}
