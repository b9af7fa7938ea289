//! Goal B1: ledger commands a second, beside SQLite doing the same transfers in the same run.
//!
//! ```sh
//! cargo run --release --manifest-path happytalk-billing/benches/beside-sqlite/Cargo.toml
//! ```
//!
//! Both get the same commands as values, one after the other: top-ups, messages (one of 20 fails and comes back) and one
//! repetition in 20. Both answer for the same promises: a key is taken once and its body compared, cash leaves the
//! first lot that holds any, both sides of every entry are summed, and the balance stands in the entry. The ledger
//! also chains the hashes of its entries; SQLite is not asked to. At the end both must have the same balance and the
//! same number of entries.
//!
//! What is measured is the time the process had on a processor (`/proc/self/schedstat`), in the kernel too, so that
//! others on the machine do not count, nor does waiting for a disk; where that file is not there, the time on the wall.

mod sqlite;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use happytalk_billing::{Account, PriceBook, SiteCommand, SiteLine};
use happytalk_core::time::Zone;
use sqlite::Synchronous::{Full, Normal};

/// How many commands a round has; the ledger's speed at this size is what is compared.
const COMMANDS: usize = 200_000;
/// How many of them SQLite does with a commit each; its speed does not hang on the number.
const COMMITTED: usize = 20_000;
/// And how many where each commit waits for the disk.
const WRITTEN: usize = 2_000;
const ROUNDS: usize = 5;
/// 2024-05-13 09:00 in Seoul.
const START: i64 = 1_715_558_400_000;

/// What keys and ids look like.
#[derive(Clone, Copy)]
enum Names {
    /// One after the other: `key-17`.
    Numbered,
    /// 32 hexadecimal digits, in no order, as many systems make them.
    Scattered,
}

impl Names {
    fn name(self, kind: &str, number: usize) -> String {
        match self {
            Self::Numbered => format!("{kind}-{number}"),
            Self::Scattered => {
                let seed = u64::try_from(number).expect("few") * 4 + u64::from(kind == "key");
                format!("{:016x}{:016x}", mixed(seed), mixed(seed + 2))
            }
        }
    }
}

/// The number with that place in SplitMix64.
fn mixed(place: u64) -> u64 {
    let z = place.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn commands(count: usize, names: Names) -> Vec<SiteLine> {
    let message = |number: usize| names.name("m", number);
    let mut lines: Vec<SiteLine> = Vec::with_capacity(count);
    let mut sent = 0_usize;
    for number in 0..count {
        let fields = match number % 20 {
            _ if number % 1_000 == 0 => {
                r#""type":"top_up","amount_won":20000,"vat":"excluded""#.to_owned()
            }
            7 => format!(r#""type":"message_failed","id":"{}""#, message(sent - 1)),
            13 => {
                let again = lines[number - 5].clone();
                lines.push(again);
                continue;
            }
            _ => {
                sent += 1;
                format!(
                    r#""type":"message_sent","id":"{}","kind":"alimtalk""#,
                    message(sent - 1)
                )
            }
        };
        let at = START + i64::try_from(number).expect("few");
        let key = names.name("key", number);
        let line = format!(r#"{{"at":{at},"key":"{key}",{fields}}}"#);
        lines.push(SiteLine::parse(&line).expect("a command"));
    }
    lines
}

/// The time spent so far.
fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let wall = START.elapsed();
    let schedule = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = schedule
        .as_deref()
        .and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or(wall, Duration::from_nanos)
}

/// The time, the balance in thousandths, and the number of entries.
type Outcome = (Duration, i64, usize);

fn ledger(lines: &[SiteLine]) -> Outcome {
    let mut account = Account::new(PriceBook::shipped(), Zone::default());
    let start = spent();
    for line in lines {
        account.book(line).expect("a command that is booked");
    }
    let time = spent().saturating_sub(start);
    let entries = account.ledger().entries();
    assert!(account.ledger().is_balanced());
    (time, account.balance().as_millis(), entries.len())
}

fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The ledger alone, again and again, for a profiler: `-- ledger 20 10000` is 20 rounds of 10,000 commands. The word
/// `scattered`, here or for the whole comparison, takes names in no order.
fn ledger_alone(rounds: usize, count: usize, names: Names) {
    let all = commands(count, names);
    // The system counts in ticks of some milliseconds: a short round alone says little, all of them together do.
    let time = (0..rounds).map(|_| ledger(&all).0).sum();
    println!(
        "{rounds} rounds of {count}: ledger {:.0}/s",
        rate(all.len() * rounds, time)
    );
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|other| other == word);
    let names = if has("scattered") {
        Names::Scattered
    } else {
        Names::Numbered
    };
    if has("ledger") {
        let mut numbers = words.iter().filter_map(|word| word.parse().ok());
        let rounds = numbers.next().unwrap_or(ROUNDS);
        return ledger_alone(rounds, numbers.next().unwrap_or(COMMANDS), names);
    }
    let all = commands(COMMANDS, names);
    let few = commands(COMMITTED, names);
    let fewer = commands(WRITTEN, names);
    for line in &all {
        // The mixture is what the comparison is of.
        assert!(!matches!(line.command, SiteCommand::PlanSet { .. }));
    }
    let (mut ours, mut batched, mut committed, mut written) = (vec![], vec![], vec![], vec![]);
    let (mut by_batch, mut by_commit, mut by_write, mut on_the_wall) =
        (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let (time, balance, entries) = ledger(&all);
        let us = rate(all.len(), time);
        let (time, other_balance, other_entries) = sqlite::run(&all, 1_000, Normal);
        assert_eq!((balance, entries), (other_balance, other_entries));
        let batch = rate(all.len(), time);
        let (_, balance, entries) = ledger(&few);
        let (time, other_balance, other_entries) = sqlite::run(&few, 1, Normal);
        assert_eq!((balance, entries), (other_balance, other_entries));
        let commit = rate(few.len(), time);
        let (_, balance, entries) = ledger(&fewer);
        let wall = Instant::now();
        let (time, other_balance, other_entries) = sqlite::run(&fewer, 1, Full);
        let wall = rate(fewer.len(), wall.elapsed());
        assert_eq!((balance, entries), (other_balance, other_entries));
        let write = rate(fewer.len(), time);
        println!(
            "ledger {us:>9.0}/s   SQLite batched {batch:>7.0}/s   per commit {commit:>6.0}/s   on the disk {write:>6.0}/s ({wall:.0}/s on the wall)"
        );
        ours.push(us);
        batched.push(batch);
        committed.push(commit);
        written.push(write);
        on_the_wall.push(wall);
        by_batch.push(us / batch);
        by_commit.push(us / commit);
        by_write.push(us / write);
    }
    println!(
        "medians of {ROUNDS} rounds: ledger {:.0}/s, SQLite {:.0}/s batched ({:.1} times), {:.0}/s with a commit each ({:.1} times), \
         {:.0}/s with each commit on the disk ({:.1} times; {:.0}/s on the wall)",
        median(ours),
        median(batched),
        median(by_batch),
        median(committed),
        median(by_commit),
        median(written),
        median(by_write),
        median(on_the_wall),
    );
}
