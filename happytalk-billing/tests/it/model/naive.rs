//! A ledger as one would write it down first: lists that are searched from the front, the calendar of Seoul by hand,
//! nothing shared with the crate but the prices.

use std::collections::{BTreeMap, BTreeSet};

pub(crate) const DAY: i64 = 86_400_000;
const NEVER: i64 = i64::MAX;

/// Milliseconds of Seoul's wall clock since 1970, of an instant after 1988.
fn wall(at: i64) -> i64 {
    at + 9 * 3_600_000
}

pub(crate) fn day_of(at: i64) -> i64 {
    wall(at).div_euclid(DAY)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of a day number, by counting.
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let (mut year, mut month, mut left) = (1970, 1, day);
    loop {
        let days = if is_leap(year) { 366 } else { 365 };
        if left < days {
            break;
        }
        left -= days;
        year += 1;
    }
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

/// When the month after that of `at` begins.
pub(crate) fn next_month(at: i64) -> i64 {
    let (year, month, day) = civil(day_of(at));
    let first = day_of(at) - (day - 1) + days_in(year, month);
    first * DAY - 9 * 3_600_000
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lot {
    /// 0 is free, 1 is paid.
    class: u8,
    expires: i64,
    entry: usize,
    held: i64,
}

/// A part of an amount: a lot (`None` is on credit), and how much.
type Part = (Option<(u8, i64, usize)>, i64);

#[derive(Debug, Clone)]
struct Charge {
    kind: &'static str,
    parts: Vec<Part>,
    reservation: Option<u32>,
    open: bool,
}

#[derive(Debug, Clone)]
struct Held {
    parts: Vec<Part>,
    expires: i64,
}

#[derive(Debug, Clone)]
struct Plan {
    name: &'static str,
    accounts: i64,
    next: (&'static str, i64),
    month_ends: i64,
}

#[derive(Debug)]
pub(crate) struct Naive {
    on_invoice: bool,
    pub(crate) now: i64,
    lots: Vec<Lot>,
    owed: i64,
    /// Kind and amount in thousandths.
    pub(crate) entries: Vec<(&'static str, i64)>,
    cases: BTreeSet<(u32, i64)>,
    sent: BTreeMap<u32, Vec<Charge>>,
    held: BTreeMap<u32, Held>,
    held_once: BTreeSet<u32>,
    plan: Option<Plan>,
    /// Plan, amount and end of grace.
    dues: Vec<(&'static str, i64, i64)>,
    /// What each fee took, or gave back (below zero): the month's end, the plan, the lot.
    fees: Vec<(i64, &'static str, Part)>,
}

pub(crate) fn fee_of(plan: &str) -> i64 {
    match plan {
        "starter" => 35_000_000,
        "pro" => 85_000_000,
        _ => 0,
    }
}

fn price_of(kind: &str) -> i64 {
    if kind == "sms" { 10_000 } else { 8_000 }
}

/// The days from that of `at` on, in its month, in whole won.
fn part_of_month(fee: i64, accounts: i64, at: i64) -> i64 {
    let (year, month, day) = civil(day_of(at));
    let days = days_in(year, month);
    if day == 1 {
        return fee * accounts;
    }
    let whole = i128::from(fee) * i128::from(accounts) * i128::from(days - day + 1);
    i64::try_from(whole / i128::from(days) / 1_000).unwrap() * 1_000
}

impl Naive {
    pub(crate) fn new(on_invoice: bool, now: i64) -> Self {
        Self {
            on_invoice,
            now,
            lots: Vec::new(),
            owed: 0,
            entries: Vec::new(),
            cases: BTreeSet::new(),
            sent: BTreeMap::new(),
            held: BTreeMap::new(),
            held_once: BTreeSet::new(),
            plan: None,
            dues: Vec::new(),
            fees: Vec::new(),
        }
    }

    pub(crate) fn balance(&self) -> i64 {
        self.lots.iter().map(|lot| lot.held).sum::<i64>() - self.owed
    }

    pub(crate) fn reserved(&self) -> i64 {
        let parts = self.held.values().flat_map(|held| &held.parts);
        parts.map(|(_, amount)| amount).sum()
    }

    fn put(&mut self, lot: (u8, i64, usize), amount: i64) {
        let same = |kept: &&mut Lot| (kept.class, kept.expires, kept.entry) == lot;
        match self.lots.iter_mut().find(same) {
            Some(kept) => kept.held += amount,
            None => self.lots.push(Lot {
                class: lot.0,
                expires: lot.1,
                entry: lot.2,
                held: amount,
            }),
        }
        self.lots.retain(|lot| lot.held != 0);
        self.lots
            .sort_by_key(|lot| (lot.class, lot.expires, lot.entry));
    }

    /// Debts first, then each part into its lot, the rest into a paid lot of this entry.
    fn take_in(&mut self, kind: &'static str, amount: i64, into: &[Part]) {
        self.take_in_or(kind, amount, into, 1);
    }

    /// As `take_in`, the rest into a lot of `class`. Gives what went into lots.
    fn take_in_or(
        &mut self,
        kind: &'static str,
        amount: i64,
        into: &[Part],
        class: u8,
    ) -> Vec<Part> {
        self.entries.push((kind, amount));
        let entry = self.entries.len();
        let debt = self.owed.min(amount);
        self.owed -= debt;
        let mut left = amount - debt;
        let mut parts = Vec::new();
        for (lot, part) in into {
            if let Some(lot) = lot {
                let part = left.min(*part);
                self.put(*lot, part);
                parts.push((Some(*lot), part));
                left -= part;
            }
        }
        if left > 0 {
            self.put((class, NEVER, entry), left);
            parts.push((Some((class, NEVER, entry)), left));
        }
        parts
    }

    /// What came back to a lot that is over goes with it.
    fn expire(&mut self) {
        while let Some(lot) = self.lots.first()
            && lot.class == 0
            && lot.expires <= self.now
        {
            self.entries.push(("expire", -lot.held));
            self.lots.remove(0);
        }
    }

    fn pay_fee(&mut self, plan: &'static str, amount: i64) {
        let parts = self.spend("account_fee", amount, false);
        let month = next_month(self.now);
        self.fees
            .extend(parts.into_iter().map(|part| (month, plan, part)));
    }

    /// What is left of a plan's fees of this month goes back to where they came from.
    fn credit_fee(&mut self, plan: &'static str, amount: i64) {
        let month = next_month(self.now);
        let mut taken: BTreeMap<(u8, i64, usize), i64> = BTreeMap::new();
        for (of, name, (lot, part)) in &self.fees {
            if let Some(lot) = lot
                && (*of, *name) == (month, plan)
            {
                *taken.entry(*lot).or_insert(0) += part;
            }
        }
        let into: Vec<Part> = taken
            .into_iter()
            .rev()
            .filter(|(lot, part)| *part > 0 && lot.1 > self.now)
            .map(|(lot, part)| (Some(lot), part))
            .collect();
        let back = self.take_in_or("account_fee", amount, &into, 0);
        let back = back
            .into_iter()
            .map(|(lot, part)| (month, plan, (lot, -part)));
        self.fees.extend(back);
        self.settle();
    }

    fn spend(&mut self, kind: &'static str, amount: i64, paid_alone: bool) -> Vec<Part> {
        self.entries.push((kind, -amount));
        let mut left = amount;
        let mut parts = Vec::new();
        for lot in &mut self.lots {
            if paid_alone && lot.class == 0 {
                continue;
            }
            let part = left.min(lot.held);
            if part > 0 {
                lot.held -= part;
                left -= part;
                parts.push((Some((lot.class, lot.expires, lot.entry)), part));
            }
        }
        self.lots.retain(|lot| lot.held != 0);
        if left > 0 {
            self.owed += left;
            parts.push((None, left));
        }
        parts
    }

    fn settle(&mut self) {
        while let Some((plan, amount, _)) = self.dues.first().copied() {
            if self.balance() < amount {
                break;
            }
            self.pay_fee(plan, amount);
            self.dues.remove(0);
        }
    }

    fn fee(&mut self, plan: &'static str, amount: i64, waits: &mut bool) {
        if amount == 0 {
            return;
        }
        if self.on_invoice || !*waits && self.balance() >= amount {
            self.pay_fee(plan, amount);
        } else {
            *waits = true;
            self.dues.push((plan, amount, self.now + 7 * DAY));
        }
    }

    pub(crate) fn is_suspended(&self) -> bool {
        self.dues
            .first()
            .is_some_and(|(.., until)| *until <= self.now)
    }

    /// Lets everything fall due up to `to`.
    pub(crate) fn tick(&mut self, to: i64) {
        loop {
            let held = self
                .held
                .iter()
                .map(|(id, held)| (held.expires, *id))
                .min_by_key(|(at, id)| (*at, id.to_string()));
            let lot = self
                .lots
                .iter()
                .map(|lot| lot.expires)
                .min()
                .unwrap_or(NEVER);
            let month = self.plan.as_ref().map_or(NEVER, |plan| plan.month_ends);
            let held_at = held.map_or(NEVER, |(at, _)| at);
            let first = held_at.min(lot).min(month);
            if first > to || first == NEVER {
                break;
            }
            self.now = self.now.max(first);
            if held_at == first {
                self.release(held.unwrap().1);
            } else if lot == first {
                // The front of the list: free cash that expires first.
                let amount = self.lots[0].held;
                self.lots.remove(0);
                self.entries.push(("expire", -amount));
            } else {
                let plan = self.plan.as_mut().unwrap();
                (plan.name, plan.accounts) = plan.next;
                plan.month_ends = next_month(first);
                let (name, amount) = (plan.name, fee_of(plan.name) * plan.accounts);
                let mut waits = !self.dues.is_empty();
                self.fee(name, amount, &mut waits);
            }
        }
        self.now = self.now.max(to);
    }

    pub(crate) fn top_up(&mut self, won: i64, included: bool) {
        let supply = if included { won - won * 10 / 110 } else { won };
        self.take_in("top_up", supply * 1_000, &[]);
        self.settle();
    }

    pub(crate) fn grant(&mut self, won: i64, expires: Option<i64>) -> bool {
        if expires.is_some_and(|expires| expires <= self.now) {
            return false;
        }
        let entry = self.entries.len() + 1;
        let lot = Some((0, expires.unwrap_or(NEVER), entry));
        self.take_in("free_grant", won * 1_000, &[(lot, won * 1_000)]);
        self.settle();
        true
    }

    pub(crate) fn adjust(&mut self, won: i64) {
        if won > 0 {
            self.take_in("adjustment", won * 1_000, &[]);
            self.settle();
        } else {
            self.spend("adjustment", -won * 1_000, false);
        }
    }

    pub(crate) fn refund(&mut self, won: i64) -> bool {
        let paid = self.lots.iter().filter(|lot| lot.class == 1);
        if won * 1_000 > paid.map(|lot| lot.held).sum() {
            return false;
        }
        self.spend("refund", won * 1_000, true);
        true
    }

    pub(crate) fn send(&mut self, id: u32, kind: &'static str, reservation: Option<u32>) -> bool {
        let sent = self.sent.get(&id).map_or(&[][..], Vec::as_slice);
        if self.is_suspended() || sent.iter().any(|sent| sent.open && sent.kind == kind) {
            return false;
        }
        let price = price_of(kind);
        let parts = match reservation {
            Some(name) => {
                let Some(held) = self.held.get_mut(&name) else {
                    return false;
                };
                if held.parts.iter().map(|(_, amount)| amount).sum::<i64>() < price {
                    return false;
                }
                let mut left = price;
                let mut parts = Vec::new();
                for (lot, amount) in &mut held.parts {
                    let part = left.min(*amount);
                    if part > 0 {
                        *amount -= part;
                        left -= part;
                        parts.push((*lot, part));
                    }
                }
                held.parts.retain(|(_, amount)| *amount > 0);
                self.entries.push(("release", price));
                self.entries.push(("message", -price));
                parts
            }
            None if !self.on_invoice && self.balance() < price => return false,
            None => self.spend("message", price, false),
        };
        self.sent.entry(id).or_default().push(Charge {
            kind,
            parts,
            reservation,
            open: true,
        });
        true
    }

    pub(crate) fn fail(&mut self, id: u32) -> bool {
        let Some(sent) = self.sent.get_mut(&id) else {
            return false;
        };
        let Some(charge) = sent.iter_mut().find(|charge| charge.open) else {
            return true;
        };
        charge.open = false;
        let charge = charge.clone();
        let amount = charge.parts.iter().map(|(_, amount)| amount).sum();
        if let Some(held) = charge.reservation.and_then(|name| self.held.get_mut(&name)) {
            self.entries.push(("message_refund", amount));
            self.entries.push(("reserve", -amount));
            for (lot, part) in charge.parts {
                match held.parts.iter_mut().find(|(kept, _)| *kept == lot) {
                    Some((_, kept)) => *kept += part,
                    None => held.parts.push((lot, part)),
                }
            }
        } else {
            self.take_in("message_refund", amount, &charge.parts);
            self.expire();
            self.settle();
        }
        true
    }

    pub(crate) fn reserve(&mut self, id: u32, won: i64, expires: Option<i64>) -> bool {
        let covered = self.on_invoice || self.balance() >= won * 1_000;
        let late = expires.is_some_and(|expires| expires <= self.now);
        if self.is_suspended() || late || !covered || !self.held_once.insert(id) {
            return false;
        }
        let parts = self.spend("reserve", won * 1_000, false);
        let expires = expires.unwrap_or(self.now + 3 * DAY);
        self.held.insert(id, Held { parts, expires });
        true
    }

    pub(crate) fn release(&mut self, id: u32) -> bool {
        if let Some(held) = self.held.remove(&id) {
            let amount = held.parts.iter().map(|(_, amount)| amount).sum();
            if amount > 0 {
                self.take_in("release", amount, &held.parts);
            }
            self.expire();
            self.settle();
        }
        self.held_once.contains(&id)
    }

    pub(crate) fn day_case(&mut self, customer: u32) {
        if self.cases.insert((customer, day_of(self.now))) {
            self.spend("day_case", 100_000, false);
        }
    }

    pub(crate) fn set_plan(&mut self, name: &'static str, accounts: i64) {
        let mut waits = !self.dues.is_empty();
        let month_ends = next_month(self.now);
        let next = (name, accounts);
        let (old, old_accounts) = match &self.plan {
            Some(plan) => (plan.name, plan.accounts),
            None => {
                self.plan = Some(Plan {
                    name,
                    accounts,
                    next,
                    month_ends,
                });
                let fee = part_of_month(fee_of(name), accounts, self.now);
                self.fee(name, fee, &mut waits);
                return;
            }
        };
        let (cover, covered) = if fee_of(name) > fee_of(old) {
            let unused = part_of_month(fee_of(old), old_accounts.min(accounts), self.now);
            if unused > 0 {
                self.credit_fee(old, unused);
                waits = !self.dues.is_empty();
            }
            let fee = part_of_month(fee_of(name), accounts, self.now);
            self.fee(name, fee, &mut waits);
            (name, accounts)
        } else {
            let added = (accounts - old_accounts).max(0);
            let fee = part_of_month(fee_of(old), added, self.now);
            self.fee(old, fee, &mut waits);
            (old, old_accounts.max(accounts))
        };
        self.plan = Some(Plan {
            name: cover,
            accounts: covered,
            next,
            month_ends,
        });
    }
}
