//! The goals for the engine, each with what was measured and the ratio of the two. The best of many short runs counts:
//! that is what the work costs when nothing else disturbs it.
//!
//! The log is that of `cargo xtask gen-log`: bots, profiles, transfers, failures, after-work, reopenings, scores.
#![expect(clippy::unwrap_used, reason = "a bench stops at what it cannot do")]
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    reason = "a bench reads the clock and tells what it saw"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use happytalk_core::hours;
use happytalk_core::{Line, Stream};
use happytalk_sqi::{Calendar, Dimension, Figures, Options};

#[expect(
    dead_code,
    unused_imports,
    reason = "its tests are those of the chore, which alone asks it in words"
)]
#[path = "../../xtask/src/gen_log.rs"]
mod gen_log;

/// So many conversations fit into the caches together with their lines, as those of a desk at work do.
const LIVE: u64 = 300;
const LONG: u64 = 20_000;
const RUNS: usize = 200;

fn log(conversations: u64) -> String {
    let conversations = conversations.to_string();
    let words = [
        ["--conversations", &conversations],
        ["--seed", "7"],
        ["--days", "1"],
        ["--agents", "20"],
    ];
    let mut out = Vec::new();
    gen_log::write(&gen_log::wish(words.as_flattened()).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn by() -> Options {
    Options::new().with_by([Dimension::Day, Dimension::Agent])
}

fn business() -> Options {
    let week = r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "breaks":[{"from":"12:00","until":"13:00"}]}"#;
    let calendar = hours::Calendar::read(week).unwrap();
    by().with_business(Calendar::of_site("week", calendar))
}

/// The shortest of many runs of `work` on what `prepare` made.
fn best<T, R>(
    runs: usize,
    mut prepare: impl FnMut() -> T,
    mut work: impl FnMut(T) -> R,
) -> Duration {
    let runs = (0..runs).map(|_| {
        let made = prepare();
        let begin = Instant::now();
        let result = work(made);
        let took = begin.elapsed();
        black_box(result);
        took
    });
    runs.min().unwrap()
}

fn tell(goal: &str, what: &str, measured: f64, wanted: Option<f64>, unit: &str) {
    let Some(wanted) = wanted else {
        println!("{goal:4} {what:58} {measured:9.1} {unit}");
        return;
    };
    let ratio = wanted / measured;
    let word = if ratio >= 1.0 { "met" } else { "MISSED" };
    println!("{goal:4} {what:58} {measured:9.1} {unit:5} goal {wanted:7.1}  {ratio:6.2}x  {word}");
}

fn nanos(took: Duration, count: usize) -> f64 {
    took.as_secs_f64() * 1e9 / count as f64
}

fn push(options: &Options, lines: &[Line]) -> f64 {
    let took = best(
        RUNS,
        || Figures::new(options.clone()),
        |mut figures| {
            for line in lines {
                figures.push(line).unwrap();
            }
            figures
        },
    );
    nanos(took, lines.len())
}

fn main() {
    let text = log(LIVE);
    let lines: Vec<Line> = text
        .lines()
        .map(|line| Line::parse(line).unwrap())
        .collect();
    let standard = by().with("service-level", "20s").unwrap();
    for (what, options, goal) in [
        ("a line pushed, by day and agent", by(), Some(80.0)),
        ("the same within working hours", business(), Some(80.0)),
        ("the same with the standard metrics", standard, None),
    ] {
        tell("M4", what, push(&options, &lines), goal, "ns");
    }
    let took = best(
        RUNS,
        || Figures::new(by()),
        |mut figures| {
            figures.read(text.as_bytes()).unwrap();
            figures
        },
    );
    let read = nanos(took, lines.len());
    tell(
        "",
        "a line read from its bytes, and pushed",
        read,
        None,
        "ns",
    );

    late();
}

/// M8: events that come late for a log that is long already, and the cells they change.
fn late() {
    let text = log(LONG);
    let options = by()
        .with_horizon(None)
        .with("service-level", "20s")
        .unwrap();
    let mut whole = Figures::new(options);
    let mut begun: Vec<Line> = Vec::new();
    for line in text.lines().map(|line| Line::parse(line).unwrap()) {
        // Each hundredth conversation comes when all the others are over.
        if matches!(&line.stream, Stream::Conversation(id) if id.as_str().ends_with("00")) {
            begun.push(line);
        } else {
            whole.push(&line).unwrap();
        }
    }
    let took = best(
        10,
        || whole.clone(),
        |mut whole| {
            for line in &begun {
                whole.push(line).unwrap();
            }
            whole
        },
    );
    let late = nanos(took, begun.len()) / 1_000.0;
    tell(
        "M8",
        "a line that comes when the log is over",
        late,
        Some(10.0),
        "us",
    );
    let repeats: Vec<Line> = text
        .lines()
        .step_by(97)
        .map(|line| Line::parse(line).unwrap())
        .collect();
    let mut all = whole.clone();
    for line in &begun {
        all.push(line).unwrap();
    }
    let took = best(
        10,
        || all.clone(),
        |mut all| {
            for line in &repeats {
                all.push(line).unwrap();
            }
            all
        },
    );
    let again = nanos(took, repeats.len()) / 1_000.0;
    tell(
        "M8",
        "a line that repeats one long before",
        again,
        Some(10.0),
        "us",
    );
}
