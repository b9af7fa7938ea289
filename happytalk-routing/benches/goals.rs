//! The goals of cost, printed with their ratios: `cargo bench -p happytalk-routing --bench goals`.
//!
//! Each figure is the median of five runs. Where PostgreSQL can be started (`initdb`, `pg_ctl` and `pgbench` are found and
//! a user to run them as), the statements an integrator would write are measured in the same job; Redis likewise. What
//! is compared is the cost of deciding: a database also keeps what it is told.

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
#[path = "goals/memory.rs"]
mod memory;
#[path = "goals/naive.rs"]
mod naive;
#[path = "goals/postgres.rs"]
mod postgres;

use std::hint::black_box;
use std::time::Instant;

use centre::Centre;
use happytalk_routing::{Input, Mode, Requirement, Router, Strategy};

/// Nanoseconds that the processor gave this process, where the system tells; else those of the wall. Other work on the
/// machine is in the second and not in the first.
fn spent(began: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat");
    let told = told.ok().and_then(|it| it.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| began.elapsed().as_nanos() as f64)
}

/// Nanoseconds of one go: the median of five runs of `goes`.
fn median(goes: u32, mut go: impl FnMut()) -> f64 {
    let mut runs: Vec<f64> = (0..5)
        .map(|_| {
            let began = Instant::now();
            let before = spent(began);
            for _ in 0..goes {
                go();
            }
            (spent(began) - before) / f64::from(goes)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[2]
}

/// Nanoseconds that 99 of 100 goes do not exceed.
fn p99(goes: usize, mut go: impl FnMut()) -> f64 {
    let mut took: Vec<u128> = (0..goes)
        .map(|_| {
            let began = Instant::now();
            go();
            began.elapsed().as_nanos()
        })
        .collect();
    took.sort_unstable();
    took[goes * 99 / 100] as f64
}

fn row(goal: &str, what: &str, got: &str, wanted: &str) {
    println!("{goal:<4} {what:<62} {got:>22}   goal {wanted}");
}

fn micros(nanos: f64) -> String {
    format!("{:.2} µs", nanos / 1000.0)
}

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!(
        "medians of five runs, one thread; processor time of this process, the peers in wall time\n"
    );
    let mut centre = Centre::new(Strategy::LeastActive, 1_000, 100_000);
    let cycle = median(100_000, || black_box(&mut centre).cycle());
    row(
        "G1",
        "cycle, 1,000 agents, 100,000 waiting",
        &micros(cycle),
        "≤ 1.0 µs",
    );
    let tail = p99(100_000, || black_box(&mut centre).cycle());
    row(
        "G1",
        "the same, p99 (a clock reading included)",
        &micros(tail),
        "≤ 3 µs",
    );

    peers(cycle);

    let mut grown = Vec::new();
    for agents in [100, 1_000, 10_000] {
        let mut centre = Centre::new(Strategy::LeastActive, agents, 100_000);
        let nanos = median(100_000, || black_box(&mut centre).cycle());
        row("G5", &format!("cycle, {agents} agents"), &micros(nanos), "");
        grown.push(nanos);
    }
    let growth = format!("× {:.2}", grown[2] / grown[0]);
    row("G5", "growth from 100 to 10,000 agents", &growth, "≤ × 2.5");

    let (mut skilled, agents) = Centre::skilled(10_000, 64);
    let nanos = median(20_000, || black_box(&mut skilled).cycle());
    row(
        "G6",
        "cycle, 64 skills, 10 % match, 10,000 agents",
        &micros(nanos),
        "≤ 3 µs",
    );
    let needs: Vec<_> = (0..64)
        .map(|n| Requirement::of(centre::skill(n), 1))
        .collect();
    let mut turn = 0;
    let scan = median(2_000, || {
        turn = (turn + 1) % needs.len();
        black_box(agents.scan(&needs[turn]));
    });
    let ratio = format!("{} = × {:.0}", micros(scan), scan / nanos);
    row("G6", "a linear scan for the skill alone", &ratio, "≥ × 12");

    for (waiting, agents, slots, wanted) in
        [(100, 100, 1, "≤ 200 µs"), (100_000, 1_000, 100, "≤ 150 ms")]
    {
        let full = Centre::waiting(waiting, agents, slots);
        let mut runs: Vec<f64> = (0..5)
            .map(|_| {
                let mut router = full.router.clone();
                let began = Instant::now();
                let before = spent(began);
                router.handle_input(Input::SetMode { mode: Mode::Auto }, full.now);
                match spent(began) - before {
                    // Too short for the scheduler to have noted anything.
                    0.0 => began.elapsed().as_nanos() as f64,
                    spent => spent,
                }
            })
            .collect();
        runs.sort_by(f64::total_cmp);
        let what = format!("{waiting} given to {agents} agents in one call");
        row("G7", &what, &micros(runs[2]), wanted);
    }

    let waits = Centre::waiting(1_000, 1_000, 1);
    let conversation = centre::conversation(999);
    let explain = median(500, || {
        black_box(waits.router.explain(&conversation));
    });
    row(
        "G12",
        "explain one choice among 1,000 agents",
        &micros(explain),
        "≤ 50 µs",
    );
    let why = median(500, || {
        black_box(waits.router.why(&conversation));
    });
    row("G12", "why it waits, 1,000 agents", &micros(why), "≤ 20 µs");

    memory::print(row);
    let kept = Centre::new(Strategy::LeastActive, 1_000, 100_000);
    let snapshot = kept.router.snapshot();
    let settings = kept.router.settings().clone();
    let mut runs: Vec<f64> = (0..5)
        .map(|_| {
            let (settings, snapshot) = (settings.clone(), snapshot.clone());
            let began = Instant::now();
            let before = spent(began);
            black_box(Router::restore(settings, snapshot).expect("its own snapshot"));
            spent(began) - before
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    let millis = format!("{:.1} ms", runs[2] / 1e6);
    row(
        "G13",
        "restore 100,000 conversations and 1,000 agents",
        &millis,
        "≤ 50 ms",
    );
    println!(
        "\nG9, G10: no agent over a limit, nothing given twice or lost, turns within one of each other, from eight threads"
    );
    println!(
        "and in the model run: `cargo test -p happytalk-routing` (ROUTING_STEPS=10000000 for ten million)."
    );
}

fn peers(cycle: f64) {
    let mut agents = naive::Agents::new(1_000);
    let scan = median(2_000, || black_box(&mut agents).minimum());
    let sort = median(500, || black_box(&mut agents).sort());
    let ratio = |nanos: f64| format!("{} = × {:.0}", micros(nanos), nanos / cycle);
    row(
        "G4",
        "filter and minimum over 1,000 agents (in Rust)",
        &ratio(scan),
        "≥ × 15 of JavaScript's",
    );
    row(
        "G4",
        "filter and sort over 1,000 agents (in Rust)",
        &ratio(sort),
        "≥ × 130 of JavaScript's",
    );
    match postgres::measure() {
        Ok(measured) => {
            row(
                "G1",
                "PostgreSQL, one tuned statement, load kept",
                &ratio(measured.tuned),
                "≥ × 200",
            );
            row(
                "G2",
                "PostgreSQL, load counted, SKIP LOCKED",
                &ratio(measured.counting),
                "≥ × 4,000",
            );
        }
        Err(why) => println!("G1, G2 against PostgreSQL: skipped, {why}"),
    }
    println!("G3 against Redis: skipped, no redis-server is installed");
}
