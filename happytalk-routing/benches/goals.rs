//! The goals of cost, printed with their ratios: `cargo bench -p happytalk-routing --bench goals`, or after `--` the goals
//! that are meant, `G1 G5`.
//!
//! Each figure is the median of five runs. The statements an integrator would write are measured in the same job: in a
//! PostgreSQL and a Redis that are started for it, and in node, each where it is installed. What is compared is the cost
//! of deciding: a database also keeps what it is told.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a bench reads a clock, prints, and stops where its own ids or settings are wrong"
)]

#[path = "goals/centre.rs"]
mod centre;
#[path = "goals/measure.rs"]
mod measure;
#[path = "goals/memory.rs"]
mod memory;
#[path = "goals/node.rs"]
mod node;
#[path = "goals/postgres.rs"]
mod postgres;
#[path = "goals/redis.rs"]
mod redis;

use std::hint::black_box;
use std::time::Instant;

use centre::Centre;
use happytalk_routing::{Input, Mode, Requirement, Router, Strategy};
use measure::{against, median, micros, middle, once, quantiles, row, times};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    if let Some(what) = args.iter().find(|arg| arg.starts_with("weigh=")) {
        return memory::weigh(what);
    }
    if let Some(goes) = args.iter().find_map(|arg| arg.strip_prefix("cycles=")) {
        let centre = match args.iter().any(|arg| arg == "room") {
            true => Centre::with_room(),
            false => Centre::new(Strategy::LeastActive, 1_000, 100_000),
        };
        return counted(centre, goes.parse().expect("a number"));
    }
    args.retain(|arg| arg.starts_with('G'));
    let asked = |goals: &[&str]| {
        args.is_empty() || goals.iter().any(|goal| args.iter().any(|it| it == goal))
    };
    println!(
        "medians of five runs, one thread; processor time of this process and of node, databases in wall time\n"
    );
    if asked(&["G1", "G2", "G3", "G4"]) {
        let cycle = cycle();
        if asked(&["G2", "G3", "G4"]) {
            peers(cycle);
        }
    }
    if asked(&["G5"]) {
        growth();
    }
    if asked(&["G6"]) {
        skills();
    }
    if asked(&["G7"]) {
        drains();
    }
    if asked(&["G12"]) {
        explanations();
    }
    if asked(&["G13"]) {
        memory::print();
        restore();
    }
    println!(
        "\nG9, G10: no agent over a limit, nothing given twice or lost, turns within one of each other, from eight threads"
    );
    println!(
        "and in the model run: `cargo test -p happytalk-routing` (ROUTING_STEPS=10000000 for ten million)."
    );
}

/// Cycles alone, for whoever counts instructions: `valgrind --tool=callgrind --toggle-collect='*Centre*cycle*'`.
/// With `cycles=20000` in the full centre, with `cycles=20000 room` in that where all have room.
fn counted(mut centre: Centre, goes: u32) {
    centre.name(goes);
    (0..goes).for_each(|_| black_box(&mut centre).cycle());
}

/// Nanoseconds of a cycle in this centre, those who ask being named before.
fn cycles(centre: &mut Centre, goes: u32) -> f64 {
    let run = |_| {
        centre.name(goes);
        once(|| (0..goes).for_each(|_| black_box(&mut *centre).cycle()))
    };
    middle(run) / f64::from(goes)
}

fn cycle() -> f64 {
    let mut centre = Centre::new(Strategy::LeastActive, 1_000, 100_000);
    let cycle = cycles(&mut centre, 100_000);
    against("G1", "cycle, 1,000 agents, 100,000 waiting", cycle, 1000.0);
    let goes = 200_000;
    centre.name(goes);
    let took = (0..goes).map(|_| {
        let began = Instant::now();
        black_box(&mut centre).cycle();
        began.elapsed().as_nanos()
    });
    let (half, tail) = quantiles(took.collect());
    row(
        "G1",
        "the same on the wall, p50 (a clock reading included)",
        &micros(half),
        "-",
    );
    against("G1", "the same on the wall, p99", tail, 3000.0);
    cycle
}

fn peers(cycle: f64) {
    match postgres::measure() {
        Ok(it) => {
            let tuned = "PostgreSQL, one tuned statement, load kept";
            times("G1", tuned, it.tuned, cycle, 200.0);
            let counting = "PostgreSQL, load counted at once, an index for it";
            times("G2", counting, it.counting, cycle, 4000.0);
            let each = "PostgreSQL, load counted for each, usual indexes";
            times("G2", each, it.counting_each, cycle, 4000.0);
        }
        Err(why) => println!("G1, G2 against PostgreSQL: skipped, {why}"),
    }
    match redis::measure() {
        Ok(nanos) => times("G3", "Redis, one atomic script", nanos, cycle, 25.0),
        Err(why) => println!("G3 against Redis: skipped, {why}"),
    }
    match node::measure() {
        Ok(it) => {
            // In a full centre there is little to filter and nothing to sort: both are measured where all have room.
            let own = cycles(&mut Centre::with_room(), 100_000);
            let what = "cycle, 1,000 agents who have room, nobody waits";
            row("G4", what, &micros(own), "-");
            let minimum = "JavaScript there, filter and minimum";
            times("G4", minimum, it.minimum, own, 15.0);
            let sort = "JavaScript there, filter and sort";
            times("G4", sort, it.sort, own, 130.0);
        }
        Err(why) => println!("G4 against JavaScript: skipped, {why}"),
    }
}

fn growth() {
    let mut grown = Vec::new();
    for agents in [100, 1_000, 10_000] {
        let mut centre = Centre::new(Strategy::LeastActive, agents, 100_000);
        let nanos = cycles(&mut centre, 100_000);
        row(
            "G5",
            &format!("cycle, {agents} agents"),
            &micros(nanos),
            "-",
        );
        grown.push(nanos);
    }
    let growth = format!("× {:.2}", grown[2] / grown[0]);
    row("G5", "growth from 100 to 10,000 agents", &growth, "≤ × 2.5");
}

fn skills() {
    let (mut skilled, agents) = Centre::skilled(10_000, 64);
    let nanos = cycles(&mut skilled, 20_000);
    against(
        "G6",
        "cycle, 64 skills, 10 % match, 10,000 agents",
        nanos,
        3000.0,
    );
    let needs: Vec<_> = (0..64)
        .map(|n| Requirement::of(centre::skill(n), 1))
        .collect();
    let mut turn = 0;
    let scan = median(2_000, || {
        turn = (turn + 1) % needs.len();
        black_box(agents.scan(&needs[turn]));
    });
    times("G6", "a linear scan for the skill alone", scan, nanos, 12.0);
}

fn drains() {
    for (waiting, agents, slots, wanted) in [(100, 100, 1, 200e3), (100_000, 1_000, 100, 150e6)] {
        let full = Centre::waiting(waiting, agents, slots);
        let nanos = middle(|_| {
            let mut router = full.router.clone();
            let mode = Input::SetMode { mode: Mode::Auto };
            once(|| router.handle_input(mode, full.now))
        });
        let what = format!("{waiting} given to {agents} agents in one call");
        against("G7", &what, nanos, wanted);
        if waiting == 100 {
            // Rocket.Chat's queue worker serves one each five seconds.
            times(
                "G7",
                "a queue worker that serves one in 5 s",
                500e9,
                nanos,
                1e6,
            );
        }
    }
}

fn explanations() {
    let waits = Centre::waiting(1_000, 1_000, 1);
    let conversation = centre::conversation(999);
    let explain = median(500, || {
        black_box(waits.router.explain(&conversation));
    });
    against(
        "G12",
        "explain one choice among 1,000 agents",
        explain,
        50e3,
    );
    let why = median(500, || {
        black_box(waits.router.why(&conversation));
    });
    against("G12", "why it waits, 1,000 agents", why, 20e3);
}

fn restore() {
    let kept = Centre::new(Strategy::LeastActive, 1_000, 100_000);
    let snapshot = kept.router.snapshot();
    let settings = kept.router.settings().clone();
    let nanos = middle(|_| {
        let (settings, snapshot) = (settings.clone(), snapshot.clone());
        let mut restored = None;
        let nanos = once(|| restored = Router::restore(settings, snapshot).ok());
        assert!(restored.is_some_and(|it| it.waiting_total() == 100_000));
        nanos
    });
    against(
        "G13",
        "restore 100,000 conversations and 1,000 agents",
        nanos,
        50e6,
    );
}
