//! Timing, and the rows it is printed in.

use std::time::Instant;

/// Nanoseconds that the processor gave this process, where the system tells; else those of the wall. Other work on the
/// machine is in the second and not in the first.
pub(crate) fn spent(began: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat");
    let told = told.ok().and_then(|it| it.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| began.elapsed().as_nanos() as f64)
}

/// The middle one of five measurements.
pub(crate) fn middle(run: impl FnMut(u32) -> f64) -> f64 {
    let mut runs: Vec<f64> = (0..5).map(run).collect();
    runs.sort_by(f64::total_cmp);
    runs[2]
}

/// Nanoseconds that `go` takes.
pub(crate) fn once(go: impl FnOnce()) -> f64 {
    let began = Instant::now();
    let before = spent(began);
    go();
    match spent(began) - before {
        // Too short for the scheduler to have noted anything.
        0.0 => began.elapsed().as_nanos() as f64,
        spent => spent,
    }
}

/// Nanoseconds of one go: the median of five runs of `goes`.
pub(crate) fn median(goes: u32, mut go: impl FnMut()) -> f64 {
    middle(|_| once(|| (0..goes).for_each(|_| go()))) / f64::from(goes)
}

/// Nanoseconds of which each second measurement, and 99 of 100, are no longer than.
pub(crate) fn quantiles(mut took: Vec<u128>) -> (f64, f64) {
    took.sort_unstable();
    let part = |hundredths: usize| took[took.len() * hundredths / 100] as f64;
    (part(50), part(99))
}

pub(crate) fn row(goal: &str, what: &str, got: &str, wanted: &str) {
    println!("{goal:<4} {what:<62} {got:>22}   goal {wanted}");
}

pub(crate) fn micros(nanos: f64) -> String {
    format!("{:.2} µs", nanos / 1000.0)
}

/// A figure and what part of its goal it is.
pub(crate) fn against(goal: &str, what: &str, nanos: f64, goal_nanos: f64) {
    let got = format!("{} = {:.0} %", micros(nanos), nanos * 100.0 / goal_nanos);
    row(goal, what, &got, &format!("≤ {}", micros(goal_nanos)));
}

/// What a peer takes, and how often our cycle fits into it.
pub(crate) fn times(goal: &str, what: &str, nanos: f64, ours: f64, wanted: f64) {
    let got = format!("{} = × {:.0}", micros(nanos), nanos / ours);
    row(goal, what, &got, &format!("≥ × {wanted}"));
}
