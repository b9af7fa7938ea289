//! Random commands against a naive ledger: the same verdict, the same entries, the same balance after each; sums zero, a
//! replay equal, and nothing done twice.
//!
//! 100,000 commands in the normal run. More with the number of commands in `HAPPYTALK_BILLING_COMMANDS`:
//!
//! ```sh
//! HAPPYTALK_BILLING_COMMANDS=10000000 cargo test --release -p happytalk-billing --test it model
//! ```

mod naive;

use happytalk_billing::{
    Account, Error, PriceBook, SiteCommand, SiteLine, Terms, VatTerms, verify,
};
use happytalk_core::time::Zone;
use happytalk_core::{Line, Timestamp, Won};

use naive::{DAY, Naive};

/// Commands of one ledger; a failure names its seed.
const COMMANDS: u64 = 500;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, many: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % many
    }

    fn number(&mut self, many: u64) -> i64 {
        i64::try_from(self.below(many)).unwrap()
    }

    fn id(&mut self, many: u64) -> u32 {
        u32::try_from(self.below(many)).unwrap()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(u64::try_from(all.len()).unwrap())).unwrap()]
    }

    fn time(&mut self, now: i64) -> Option<i64> {
        (self.below(2) == 0).then(|| now + self.number(20) * DAY / 2 - DAY)
    }
}

/// What was given to the ledger, to be given again.
enum Given {
    Site(SiteLine),
    Log(Vec<Line>),
}

fn give(account: &mut Account, given: &Given) -> Result<(), Error> {
    match given {
        Given::Site(line) => account.book(line),
        Given::Log(lines) => lines.iter().try_for_each(|line| account.observe(line)),
    }
}

fn won(won: i64) -> Won {
    Won::from_won(won).unwrap()
}

/// A command for both: what is given to the ledger, and whether the model takes it.
fn command(chance: &mut Chance, model: &mut Naive, key: &str, number: u64) -> (Given, bool) {
    let now = model.now;
    let instant = |at: Option<i64>| at.map(Timestamp::from_millis);
    let name = |prefix: &str, id: u32| format!("{prefix}{id}").parse().unwrap();
    let (command, taken) = match chance.below(20) {
        0 | 1 => {
            let amount = chance.number(300_000) + 1;
            let vat = chance.one_of(&[VatTerms::Included, VatTerms::Excluded]);
            model.top_up(amount, vat == VatTerms::Included);
            (
                SiteCommand::TopUp {
                    amount: won(amount),
                    vat,
                },
                true,
            )
        }
        2 => {
            let (amount, expires) = (chance.number(5_000) + 1, chance.time(now));
            let command = SiteCommand::Granted {
                amount: won(amount),
                expires_at: instant(expires),
            };
            (command, model.grant(amount, expires))
        }
        3 => {
            let plan = chance.one_of(&["free", "starter", "pro"]);
            let accounts = chance.id(4);
            model.set_plan(plan, i64::from(accounts));
            let command = SiteCommand::PlanSet {
                plan: plan.parse().unwrap(),
                accounts,
                trial_until: None,
                add_ons: std::collections::BTreeSet::new(),
            };
            (command, true)
        }
        4 => {
            let amount = chance.number(100_000) + 1;
            (
                SiteCommand::Refunded {
                    amount: won(amount),
                },
                model.refund(amount),
            )
        }
        5 => {
            let amount = chance.one_of(&[-1, 1]) * (chance.number(3_000) + 1);
            model.adjust(amount);
            let at = now;
            let line = format!(
                r#"{{"type":"adjusted","at":{at},"key":"{key}","amount_won":{amount},"reason":"r"}}"#
            );
            return (Given::Site(SiteLine::parse(&line).unwrap()), true);
        }
        6 => {
            let (id, amount, expires) = (chance.id(60), chance.number(100) + 1, chance.time(now));
            let command = SiteCommand::Reserved {
                id: name("r", id),
                amount: won(amount),
                expires_at: instant(expires),
            };
            (command, model.reserve(id, amount, expires))
        }
        7 => {
            let id = chance.id(60);
            (
                SiteCommand::Released { id: name("r", id) },
                model.release(id),
            )
        }
        8..=10 => {
            let customer = chance.id(40);
            model.day_case(customer);
            let at = now;
            let lines = [
                format!(
                    r#"{{"conversation":"c-{number}","seq":1,"at":{at},"type":"opened","channel":"kakao_consult","account":"s","customer":"K{customer}","opened_by":"customer","bot":false}}"#
                ),
                format!(
                    r#"{{"conversation":"c-{number}","seq":2,"at":{at},"type":"profile_requested","fields":[],"holds_queue":false}}"#
                ),
            ];
            let lines = lines.iter().map(|line| Line::parse(line).unwrap());
            return (Given::Log(lines.collect()), true);
        }
        11..=13 => {
            let id = chance.id(80);
            let command = SiteCommand::MessageFailed {
                id: format!("m{id}").parse().unwrap(),
            };
            (command, model.fail(id))
        }
        _ => {
            let (id, kind) = (chance.id(80), chance.one_of(&["sms", "alimtalk"]));
            let reservation = (chance.below(3) == 0).then(|| chance.id(60));
            let command = SiteCommand::MessageSent {
                id: format!("m{id}").parse().unwrap(),
                kind: kind.parse().unwrap(),
                reservation: reservation.map(|id| name("r", id)),
            };
            (command, model.send(id, kind, reservation))
        }
    };
    let line = SiteLine::new(Timestamp::from_millis(now), key.parse().unwrap(), command);
    (Given::Site(line), taken)
}

fn agree(account: &Account, model: &Naive, seen: &mut usize, of: &str) {
    let ledger = account.ledger();
    assert!(ledger.is_balanced(), "{of}");
    let entries = ledger.entries().skip(*seen);
    let ours = entries.map(|entry| (entry.kind.as_str(), entry.amount.as_millis()));
    let ours: Vec<_> = ours.collect();
    assert_eq!(ours, model.entries[*seen..], "{of}");
    assert_eq!(ledger.balance().as_millis(), model.balance(), "{of}");
    assert_eq!(ledger.reserved().as_millis(), model.reserved(), "{of}");
    *seen = model.entries.len();
}

fn play(seed: u64) {
    let mut chance = Chance(seed);
    let terms = chance.one_of(&[Terms::Prepaid, Terms::Prepaid, Terms::OnInvoice]);
    let new = || Account::on_terms(PriceBook::shipped(), Zone::default(), terms);
    // A day between 1989 and 2099, and steps from nothing to weeks.
    let start = chance.number(40_000) * DAY + 20 * 365 * DAY;
    let step = chance.one_of(&[1, 60_000, 3_600_000, DAY, 10 * DAY]);
    let mut model = Naive::new(terms == Terms::OnInvoice, start);
    let mut account = new();
    let (mut given, mut seen) = (Vec::new(), 0);
    for number in 0..COMMANDS {
        let of = format!("seed {seed}, command {number}");
        let later = model.now + chance.number(u64::try_from(step).unwrap() * 2);
        model.tick(later);
        account.advance(Timestamp::from_millis(later)).unwrap();
        agree(&account, &model, &mut seen, &of);
        let (one, taken) = command(&mut chance, &mut model, &format!("k-{number}"), number);
        let result = give(&mut account, &one);
        assert_eq!(result.is_ok(), taken, "{of}: {result:?}");
        // What went back to a lot that has expired meanwhile expires with it.
        let now = model.now;
        model.tick(now);
        agree(&account, &model, &mut seen, &of);
        let again = chance.below(10);
        if taken && again == 0 {
            give(&mut account, &one).unwrap();
        }
        if let (Given::Site(line), true, 1) = (&one, taken, again) {
            let amount = Won::from_millis(77);
            let other = SiteLine::new(line.at, line.key.clone(), SiteCommand::Refunded { amount });
            assert_eq!(account.book(&other), Err(Error::Conflict), "{of}");
        }
        agree(&account, &model, &mut seen, &of);
        given.extend(taken.then_some((later, one)));
    }
    assert_eq!(
        verify(account.ledger().entries()),
        Ok(account.ledger().head()),
        "seed {seed}"
    );
    // Replayed from what was taken, each given twice.
    let mut replayed = new();
    for (at, one) in &given {
        replayed.advance(Timestamp::from_millis(*at)).unwrap();
        give(&mut replayed, one).unwrap();
        give(&mut replayed, one).unwrap();
    }
    replayed.advance(account.now()).unwrap();
    assert_eq!(replayed.ledger(), account.ledger(), "seed {seed}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a random run should be is said from outside"
)]
fn commands_wanted() -> u64 {
    let number = std::env::var("HAPPYTALK_BILLING_COMMANDS");
    number.map_or(100_000, |number| number.parse().unwrap())
}

#[test]
fn the_ledger_does_what_a_naive_one_does() {
    for seed in 0..commands_wanted().div_ceil(COMMANDS) {
        play(seed);
    }
}
