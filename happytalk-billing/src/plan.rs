//! The plan of a site, and what a change of it costs in the running month (DOMAIN 11.4).

use std::collections::BTreeSet;

use happytalk_core::id::Word;
use happytalk_core::time::{Date, Zone};
use happytalk_core::{Rounding, Timestamp, Won};

use crate::error::Error;
use crate::price_book::PriceBook;
use crate::rules::Proration;

/// What is paid for in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cover {
    /// A plan of the price book.
    pub plan: Word,
    /// How many accounts.
    pub accounts: u32,
    /// Monthly items, by the book's own names.
    pub add_ons: BTreeSet<Word>,
}

/// The plan of a site: what this month covers, and what the next will.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// What is paid for in this month; nothing less until it is over.
    pub cover: Cover,
    /// What the next month's 1st will charge.
    pub next: Cover,
    /// The 1st of this month.
    pub month: Date,
    /// When the next month begins; `None` at the end of the calendar.
    pub next_month_at: Option<Timestamp>,
    /// Until when nothing is charged (무료 체험).
    pub trial_until: Option<Timestamp>,
    /// By the prices of which day the accounts of this month were charged.
    pub priced_on: Date,
}

/// A charge, or a credit when negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) amount: Won,
    /// The plan or the add-on.
    pub(crate) item: Word,
    pub(crate) is_add_on: bool,
}

impl Charge {
    fn plan(item: &Word, amount: Won) -> Self {
        Self {
            amount,
            item: item.clone(),
            is_add_on: false,
        }
    }

    fn add_on(item: &Word, amount: Won) -> Self {
        Self {
            is_add_on: true,
            ..Self::plan(item, amount)
        }
    }
}

impl Plan {
    /// The most accounts a site may pay for.
    pub const ACCOUNTS_MAX: u32 = 100_000;

    /// The plan in a month, charged on its 1st.
    pub(crate) fn new(cover: Cover, next: Cover, month: Date, zone: &Zone) -> Self {
        let following = month.first_of_next_month();
        Self {
            cover,
            next,
            month,
            // The calendar ends; there the last day stands for the month that is not there.
            next_month_at: (following.day() == 1).then(|| zone.start_of(following)),
            trial_until: None,
            priced_on: month,
        }
    }

    /// This plan in its next month.
    pub(crate) fn next_month(&self, zone: &Zone) -> Self {
        Self {
            trial_until: self.trial_until,
            ..Self::new(
                self.next.clone(),
                self.next.clone(),
                self.month.first_of_next_month(),
                zone,
            )
        }
    }

    /// What the accounts and each add-on of a whole month cost, by the prices of `date`.
    pub(crate) fn monthly(
        cover: &Cover,
        book: &PriceBook,
        date: Date,
    ) -> Result<Vec<Charge>, Error> {
        part_of_month(cover, book, date, date.first_of_month())
    }

    /// What is left of the month of `date`, that day included.
    pub(crate) fn rest_of_month(
        cover: &Cover,
        book: &PriceBook,
        date: Date,
    ) -> Result<Vec<Charge>, Error> {
        part_of_month(cover, book, date, date)
    }

    /// What a change to `wanted` on `date` costs at once, and what the month covers after it.
    ///
    /// More accounts and add-ons, and a dearer plan, hold at once; fewer and a cheaper one from the next 1st. The day is
    /// that by whose prices the month is charged from there on.
    pub(crate) fn change(
        &self,
        wanted: &Cover,
        book: &PriceBook,
        date: Date,
    ) -> Result<(Vec<Charge>, Cover, Date), Error> {
        let fee = |plan: &Word| book.account_fee(plan, date);
        let old = &self.cover;
        let (old_fee, new_fee) = (fee(&old.plan)?, fee(&wanted.plan)?);
        let rule = book.rules(date).proration;
        let mut charges = Vec::new();
        let mut cover = old.clone();
        let mut priced_on = self.priced_on;
        if new_fee > old_fee {
            // The accounts that move up are credited; those that go are paid for until the month is over.
            let moved = old.accounts.min(wanted.accounts);
            // What was charged is credited, whatever it costs by now.
            let paid_fee = book.account_fee(&old.plan, priced_on).unwrap_or(old_fee);
            priced_on = date;
            let unused = prorated(rule, paid_fee, moved, date)?;
            let credit = unused.checked_neg().ok_or(Error::Overflow)?;
            charges.push(Charge::plan(&old.plan, credit));
            let fee = prorated(rule, new_fee, wanted.accounts, date)?;
            charges.push(Charge::plan(&wanted.plan, fee));
            cover.plan = wanted.plan.clone();
            cover.accounts = wanted.accounts;
        } else {
            let added = wanted.accounts.saturating_sub(old.accounts);
            let fee = prorated(rule, old_fee, added, date)?;
            charges.push(Charge::plan(&old.plan, fee));
            cover.accounts = old.accounts.max(wanted.accounts);
        }
        for name in wanted.add_ons.difference(&old.add_ons) {
            let (name, price) = book.add_on(name, date)?;
            charges.push(Charge::add_on(name, prorated(rule, price, 1, date)?));
            cover.add_ons.insert(name.clone());
        }
        charges.retain(|charge| charge.amount != Won::ZERO);
        Ok((charges, cover, priced_on))
    }
}

fn part_of_month(
    cover: &Cover,
    book: &PriceBook,
    date: Date,
    from: Date,
) -> Result<Vec<Charge>, Error> {
    let fee = book.account_fee(&cover.plan, date)?;
    let rule = book.rules(date).proration;
    let accounts = prorated(rule, fee, cover.accounts, from)?;
    let mut charges = vec![Charge::plan(&cover.plan, accounts)];
    for name in &cover.add_ons {
        let (name, price) = book.add_on(name, date)?;
        charges.push(Charge::add_on(name, prorated(rule, price, 1, from)?));
    }
    charges.retain(|charge| charge.amount != Won::ZERO);
    Ok(charges)
}

/// The share of the days from `from`, that day included, in its month; one rounding for all accounts.
fn prorated(rule: Proration, fee: Won, accounts: u32, from: Date) -> Result<Won, Error> {
    let whole = fee
        .checked_mul(i64::from(accounts))
        .ok_or(Error::Overflow)?;
    let days = u32::try_from(from.days_in_month()).unwrap_or(0);
    let gone = u32::try_from(from.day()).unwrap_or(1).saturating_sub(1);
    let left = days.saturating_sub(gone);
    let rounding = match rule {
        // A whole month is not a share: a book may price it finer than the won.
        _ if left == days => return Ok(whole),
        Proration::WholeMonth => return Ok(whole),
        Proration::FloorDays => Rounding::Floor,
        Proration::HalfUpDays => Rounding::HalfUp,
    };
    whole.share(left, days, rounding).ok_or(Error::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won(won: i64) -> Won {
        Won::from_won(won).unwrap()
    }

    fn cover(plan: &str, accounts: u32) -> Cover {
        Cover {
            plan: plan.parse().unwrap(),
            accounts,
            add_ons: BTreeSet::new(),
        }
    }

    fn change(old: &Cover, wanted: &Cover, date: &str) -> (Vec<i64>, Cover) {
        let date: Date = date.parse().unwrap();
        let plan = Plan::new(
            old.clone(),
            old.clone(),
            date.first_of_month(),
            &Zone::default(),
        );
        let (charges, cover, _) = plan.change(wanted, &PriceBook::shipped(), date).unwrap();
        let charges = charges
            .iter()
            .map(|charge| charge.amount.to_won(Rounding::Floor))
            .collect();
        (charges, cover)
    }

    #[test]
    fn case_11_4_an_account_added_on_17_june_pays_14_of_30_days() {
        let (charges, now) = change(&cover("pro", 10), &cover("pro", 11), "2024-06-17");
        assert_eq!(charges, [39_666]);
        assert_eq!(now, cover("pro", 11));
    }

    #[test]
    fn case_11_4_fewer_accounts_cost_and_return_nothing_in_the_running_month() {
        let (charges, now) = change(&cover("pro", 10), &cover("pro", 6), "2024-06-07");
        assert_eq!(charges, [0; 0]);
        assert_eq!(now, cover("pro", 10));
    }

    #[test]
    fn an_upgrade_credits_what_is_left_of_the_old_fee() {
        let (charges, now) = change(&cover("starter", 1), &cover("pro", 1), "2024-06-16");
        assert_eq!(charges, [-17_500, 42_500]);
        assert_eq!(now, cover("pro", 1));
    }

    #[test]
    fn accounts_that_go_with_an_upgrade_are_not_returned() {
        let (charges, _) = change(&cover("starter", 10), &cover("pro", 4), "2024-06-16");
        assert_eq!(charges, [-70_000, 170_000]);
    }

    #[test]
    fn a_downgrade_waits_for_the_first() {
        let (charges, now) = change(&cover("pro", 2), &cover("starter", 2), "2024-06-16");
        assert_eq!(charges, [0; 0]);
        assert_eq!(now, cover("pro", 2));
    }

    #[test]
    fn the_parts_of_a_month_are_never_more_than_the_month() {
        let fee = won(85_000);
        for day in 1..=29_i8 {
            let date = Date::new(2024, 2, day).unwrap();
            let part = prorated(Proration::FloorDays, fee, 1, date).unwrap();
            let exact = i64::from(30 - day) * 85_000 / 29;
            assert_eq!(part.to_won(Rounding::Floor), exact, "{day}");
        }
    }

    #[test]
    fn a_book_may_round_a_part_up_or_charge_the_month() {
        let date = "2024-06-17".parse().unwrap();
        let half_up = prorated(Proration::HalfUpDays, won(85_000), 1, date);
        assert_eq!(half_up, Ok(won(39_667)));
        let whole = prorated(Proration::WholeMonth, won(85_000), 2, date);
        assert_eq!(whole, Ok(won(170_000)));
    }
}
