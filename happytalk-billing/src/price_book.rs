//! The price book (요금표): every figure of a charge, as data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use happytalk_core::id::Word;
use happytalk_core::json;
use happytalk_core::time::Date;
use happytalk_core::{Rounding, Won};
use serde::Deserialize;

use crate::error::Error;

/// How VAT (부가세, 10 %) is rounded. One rounding a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VatRule {
    /// Down to the won (원 미만 절사). The default.
    #[default]
    FloorWon,
    /// To the nearest won, a half up.
    HalfUpWon,
    /// Down to ten won (10원 미만 절사).
    #[serde(rename = "floor_10_won")]
    Floor10Won,
}

impl VatRule {
    /// The VAT on top of `supply` (공급가액). `None` when it does not fit.
    #[must_use]
    pub fn on_top(self, supply: Won) -> Option<Won> {
        self.share(supply, 100)
    }

    /// The VAT inside of `paid`. `None` when it does not fit.
    #[must_use]
    pub fn inside(self, paid: Won) -> Option<Won> {
        self.share(paid, 110)
    }

    fn share(self, amount: Won, whole: u32) -> Option<Won> {
        match self {
            Self::FloorWon => amount.share(10, whole, Rounding::Floor),
            Self::HalfUpWon => amount.share(10, whole, Rounding::HalfUp),
            Self::Floor10Won => amount
                .share(1, whole, Rounding::Floor)
                .and_then(|tenth| tenth.checked_mul(10)),
        }
    }
}

/// Prices by date, VAT excluded. Cheap to clone.
///
/// The JSON: `name`, `vat` (`floor_won`, `half_up_won`, `floor_10_won`) and `periods`. A period has
/// `from` and `until` (dates of the site's zone, `until` not included; the first may leave `from` out, `until` is by
/// default where the next begins), `day_case_mwon`, `plans` {name: {`fee_mwon`}}, and `messages` and `add_ons`
/// {name: {`price_mwon` · `also` [other names]}}. A member that is not known is an error: a price nobody charges
/// is worse than a book that is refused.
#[derive(Clone, PartialEq, Eq)]
pub struct PriceBook(Arc<Book>);

#[derive(Debug, PartialEq, Eq)]
struct Book {
    name: Arc<str>,
    vat: VatRule,
    /// In order of time, without a gap.
    periods: Vec<Period>,
    /// Where the last period ends, not included.
    until: Option<Date>,
}

#[derive(Debug, PartialEq, Eq)]
struct Period {
    from: Option<Date>,
    day_case: Won,
    plans: BTreeMap<Word, Won>,
    messages: Items,
    add_ons: Items,
}

/// Prices by the item's own name, and that name by every name it goes by.
#[derive(Debug, PartialEq, Eq)]
struct Items {
    prices: BTreeMap<Word, Won>,
    names: BTreeMap<Word, Word>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookJson {
    name: Word,
    #[serde(default)]
    vat: VatRule,
    periods: Vec<PeriodJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodJson {
    from: Option<Date>,
    until: Option<Date>,
    day_case_mwon: Won,
    plans: BTreeMap<Word, PlanJson>,
    #[serde(default)]
    messages: BTreeMap<Word, ItemJson>,
    #[serde(default)]
    add_ons: BTreeMap<Word, ItemJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanJson {
    fee_mwon: Won,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemJson {
    price_mwon: Won,
    #[serde(default)]
    also: BTreeSet<Word>,
}

impl PriceBook {
    /// The most a single price may be: 1,000,000,000 won.
    pub const PRICE_MAX: Won = Won::from_millis(1_000_000_000_000);

    /// The book that comes with the crate, `2021-01`: day-case 100, AlimTalk 8, SMS 10, accounts
    /// 0 / 35,000 / 85,000 (free, starter, pro), 상담콜 39,000 a month. Of all times.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads the file; a book without periods prices nothing.
        Self::parse(include_str!("../prices/2021-01.json")).unwrap_or_else(|_| {
            Self(Arc::new(Book {
                name: "2021-01".into(),
                vat: VatRule::default(),
                periods: Vec::new(),
                until: None,
            }))
        })
    }

    /// Reads a book.
    ///
    /// # Errors
    /// [`Error::Book`], [`Error::BookPeriods`], [`Error::BookPrice`], [`Error::BookName`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let book: BookJson = json::from_str(text).map_err(Error::Book)?;
        let until = check_periods(&book.periods)?;
        let periods = book
            .periods
            .into_iter()
            .enumerate()
            .map(|(index, period)| Period::read(period, index + 1))
            .collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Book {
            name: book.name.as_str().into(),
            vat: book.vat,
            periods,
            until,
        })))
    }

    /// Its name, which every entry and statement carries.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How VAT is rounded.
    #[must_use]
    pub fn vat_rule(&self) -> VatRule {
        self.0.vat
    }

    /// What a Kakao day-case costs on `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`].
    pub fn day_case(&self, date: Date) -> Result<Won, Error> {
        Ok(self.period(date)?.day_case)
    }

    /// What one account of `plan` costs a month, by the prices of `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn account_fee(&self, plan: &Word, date: Date) -> Result<Won, Error> {
        let fee = self.period(date)?.plans.get(plan);
        fee.copied().ok_or(Error::NotInBook { list: "plans" })
    }

    /// What one message of `kind` costs on `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn message(&self, kind: &Word, date: Date) -> Result<Won, Error> {
        let item = self.period(date)?.messages.find(kind);
        item.map(|(_, price)| price)
            .ok_or(Error::NotInBook { list: "messages" })
    }

    /// The book's own name of an add-on, and what it costs a month by the prices of `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn add_on(&self, name: &Word, date: Date) -> Result<(&Word, Won), Error> {
        let item = self.period(date)?.add_ons.find(name);
        item.ok_or(Error::NotInBook { list: "add_ons" })
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.0.name)
    }

    fn period(&self, date: Date) -> Result<&Period, Error> {
        let book = &*self.0;
        if book.until.is_some_and(|until| date >= until) {
            return Err(Error::NoPrices);
        }
        let started = |period: &&Period| period.from.is_none_or(|from| from <= date);
        book.periods
            .iter()
            .rev()
            .find(started)
            .ok_or(Error::NoPrices)
    }
}

/// Each period begins where the one before ends. Gives the end of the last.
fn check_periods(periods: &[PeriodJson]) -> Result<Option<Date>, Error> {
    if periods.is_empty() {
        return Err(Error::BookPeriods { period: 1 });
    }
    let mut end = None;
    let mut begun: Option<Date> = None;
    for (index, period) in periods.iter().enumerate() {
        let wrong = Error::BookPeriods { period: index + 1 };
        if index > 0 && period.from.is_none() {
            return Err(wrong);
        }
        let meets = end.is_none() || end == period.from;
        let after = begun.is_none() || period.from > begun;
        let lasts = match (period.from, period.until) {
            (Some(from), Some(until)) => until > from,
            _ => true,
        };
        if !(meets && after && lasts) {
            return Err(wrong);
        }
        begun = period.from;
        end = period.until;
    }
    Ok(end)
}

impl Period {
    fn read(json: PeriodJson, number: usize) -> Result<Self, Error> {
        let in_range = |price: Won| {
            if price < Won::ZERO || price > PriceBook::PRICE_MAX {
                Err(Error::BookPrice { period: number })
            } else {
                Ok(price)
            }
        };
        let plans = json
            .plans
            .into_iter()
            .map(|(name, plan)| Ok((name, in_range(plan.fee_mwon)?)))
            .collect::<Result<_, _>>()?;
        let items = |list: BTreeMap<Word, ItemJson>| {
            let mut items = Items {
                prices: BTreeMap::new(),
                names: BTreeMap::new(),
            };
            for (name, item) in list {
                let names = item.also.into_iter().chain([name.clone()]);
                for other in names {
                    if items.names.insert(other, name.clone()).is_some() {
                        return Err(Error::BookName { period: number });
                    }
                }
                items.prices.insert(name, in_range(item.price_mwon)?);
            }
            Ok(items)
        };
        Ok(Self {
            from: json.from,
            day_case: in_range(json.day_case_mwon)?,
            plans,
            messages: items(json.messages)?,
            add_ons: items(json.add_ons)?,
        })
    }
}

impl Items {
    fn find(&self, name: &Word) -> Option<(&Word, Won)> {
        let (name, price) = self.prices.get_key_value(self.names.get(name)?)?;
        Some((name, *price))
    }
}

impl fmt::Debug for PriceBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PriceBook({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won(won: i64) -> Won {
        Won::from_won(won).unwrap()
    }

    fn word(text: &str) -> Word {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A book of periods that differ in their dates alone.
    fn book(periods: &[(&str, &str)]) -> Result<PriceBook, Error> {
        let date = |name: &str, date: &str| match date {
            "" => String::new(),
            date => format!(r#""{name}":"{date}","#),
        };
        let periods: Vec<String> = periods
            .iter()
            .map(|(from, until)| {
                let dates = date("from", from) + &date("until", until);
                format!(r#"{{{dates}"day_case_mwon":100000,"plans":{{}}}}"#)
            })
            .collect();
        PriceBook::parse(&format!(
            r#"{{"name":"b","periods":[{}]}}"#,
            periods.join(",")
        ))
    }

    #[test]
    fn case_16_11_the_shipped_book_carries_the_known_prices() {
        let book = PriceBook::shipped();
        let date = day("2024-05-13");
        assert_eq!(book.name(), "2021-01");
        assert_eq!(book.day_case(date), Ok(won(100)));
        for (plan, fee) in [("free", 0), ("starter", 35_000), ("pro", 85_000)] {
            assert_eq!(book.account_fee(&word(plan), date), Ok(won(fee)));
        }
        assert_eq!(book.message(&word("alimtalk"), date), Ok(won(8)));
        assert_eq!(book.message(&word("알림톡"), date), Ok(won(8)));
        assert_eq!(book.message(&word("sms"), date), Ok(won(10)));
        assert_eq!(
            book.add_on(&word("상담콜"), date),
            Ok((&word("consult_call"), won(39_000)))
        );
        assert_eq!(
            book.message(&word("lms"), date),
            Err(Error::NotInBook { list: "messages" })
        );
    }

    #[test]
    fn vat_is_cut_to_the_won_unless_the_book_says_otherwise() {
        assert_eq!(VatRule::FloorWon.inside(won(110_000)), Some(won(10_000)));
        assert_eq!(VatRule::FloorWon.inside(won(100_000)), Some(won(9_090)));
        assert_eq!(VatRule::HalfUpWon.inside(won(100_000)), Some(won(9_091)));
        assert_eq!(VatRule::Floor10Won.on_top(won(12_345)), Some(won(1_230)));
        assert_eq!(VatRule::FloorWon.on_top(won(12_345)), Some(won(1_234)));
    }

    #[test]
    fn a_book_with_a_gap_or_an_overlap_is_refused() {
        let gap = book(&[("2024-01-01", "2024-02-01"), ("2024-02-02", "")]);
        assert_eq!(gap, Err(Error::BookPeriods { period: 2 }));
        let overlap = book(&[("2024-01-01", "2024-02-01"), ("2024-01-31", "")]);
        assert_eq!(overlap, Err(Error::BookPeriods { period: 2 }));
        let backwards = book(&[("2024-02-01", ""), ("2024-01-01", "")]);
        assert_eq!(backwards, Err(Error::BookPeriods { period: 2 }));
        assert_eq!(book(&[]), Err(Error::BookPeriods { period: 1 }));
        let whole = book(&[("", "2024-02-01"), ("2024-02-01", "2025-01-01")]).unwrap();
        assert_eq!(whole.day_case(day("1999-01-01")), Ok(won(100)));
        assert_eq!(whole.day_case(day("2024-12-31")), Ok(won(100)));
        assert_eq!(whole.day_case(day("2025-01-01")), Err(Error::NoPrices));
    }

    #[test]
    fn a_book_with_a_price_it_cannot_charge_is_refused() {
        let unknown =
            r#"{"name":"b","periods":[{"day_case_mwon":1,"plans":{},"bot_over_mwon":2}]}"#;
        assert_eq!(
            PriceBook::parse(unknown).unwrap_err().code(),
            "billing.book"
        );
        let negative = r#"{"name":"b","periods":[{"day_case_mwon":-1,"plans":{}}]}"#;
        assert_eq!(
            PriceBook::parse(negative),
            Err(Error::BookPrice { period: 1 })
        );
        let twice = r#"{"name":"b","periods":[{"day_case_mwon":1,"plans":{},"messages":
            {"a":{"price_mwon":1,"also":["c"]},"b":{"price_mwon":2,"also":["c"]}}}]}"#;
        assert_eq!(PriceBook::parse(twice), Err(Error::BookName { period: 1 }));
    }
}
