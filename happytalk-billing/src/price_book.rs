//! The price book (요금표): every figure of a charge, and the rules by which it is applied, as data.

mod document;
mod item_names;

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU8;
use std::sync::Arc;

use happytalk_core::Won;
use happytalk_core::id::Word;
use happytalk_core::time::Date;

use crate::error::Error;
use crate::rules::Rules;
use item_names::ItemNames;

/// Prices and rules by date. Cheap to clone.
///
/// The JSON: `name` and `periods`. A period has `from` and `until` (dates of the site's zone, `until` not included; the
/// first may leave `from` out, `until` is by default where the next begins), [`rules`](Rules), `day_case_mwon`, `plans`
/// {name: {`fee_mwon` · `bot_dau_included` `bot_over_mwon`}}, and `messages` and `add_ons` {name: {`price_mwon` ·
/// `also` [other names]}}. A member that is not known is an error: a price nobody charges is worse than a book that is
/// refused. [`PriceBook::SCHEMA`] is its JSON Schema.
#[derive(Clone, PartialEq, Eq)]
pub struct PriceBook(Arc<Book>);

#[derive(Debug, PartialEq, Eq)]
struct Book {
    name: Arc<str>,
    /// In order of time, without a gap.
    periods: Vec<Period>,
    items: ItemNames,
    /// Where the last period ends, not included.
    until: Option<Date>,
}

#[derive(Debug, PartialEq, Eq)]
struct Period {
    from: Option<Date>,
    rules: Rules,
    day_case: Won,
    plans: BTreeMap<Word, PlanPrice>,
    messages: Items,
    add_ons: Items,
}

#[derive(Debug, PartialEq, Eq)]
struct PlanPrice {
    fee: Won,
    bot_dau_included: u32,
    /// `None` where bot traffic costs nothing.
    bot_over: Option<Won>,
}

/// Every name an item goes by, with its own name and its price.
#[derive(Debug, Default, PartialEq, Eq)]
struct Items {
    by_name: BTreeMap<Word, (Word, Won)>,
}

/// What bot traffic costs under a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BotPrice {
    /// How many customer-days of a calendar month the plan includes.
    pub included: u32,
    /// What each one beyond costs.
    pub over: Won,
}

impl PriceBook {
    /// The most a single price may be: 1,000,000,000 won.
    pub const PRICE_MAX: Won = Won::from_millis(1_000_000_000_000);

    /// The most bytes a book may have: 4 MiB.
    pub const BYTES_MAX: usize = 4 << 20;

    /// The JSON Schema (draft 2020-12) of a price book. Beside it, periods must follow each other without a gap, and
    /// an item's names must be its own.
    pub const SCHEMA: &'static str = include_str!("../prices/price-book.schema.json");

    /// The book that comes with the crate, `2021-01`: day-case 100, AlimTalk 8, SMS 10, accounts
    /// 0 / 35,000 / 85,000 (free, starter, pro), 상담콜 39,000 a month. Of all times, by the default rules.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads the file; a book without periods prices nothing.
        Self::parse(include_str!("../prices/2021-01.json")).unwrap_or_else(|_| {
            Self(Arc::new(Book {
                name: "2021-01".into(),
                periods: Vec::new(),
                items: ItemNames::default(),
                until: None,
            }))
        })
    }

    /// Reads a book.
    ///
    /// # Errors
    /// [`Error::TooLong`], [`Error::Book`], [`Error::BookPeriods`], [`Error::BookRules`], [`Error::BookPrice`],
    /// [`Error::BookName`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        document::read(text).map(|book| Self(Arc::new(book)))
    }

    /// Its name, which every entry and statement carries.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The rules on `date`; outside of the book's periods those of the nearest.
    #[must_use]
    pub fn rules(&self, date: Date) -> &Rules {
        static NONE: std::sync::LazyLock<Rules> = std::sync::LazyLock::new(Rules::default);
        let periods = &self.0.periods;
        let nearest = periods.iter().rev().find(|period| period.has_begun(date));
        let nearest = nearest.or_else(|| periods.first());
        nearest.map_or(&NONE, |period| &period.rules)
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
        Ok(self.plan(plan, date)?.fee)
    }

    /// What bot traffic costs under `plan`, by the prices of `date`; `None` where it costs nothing.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn bot_traffic(&self, plan: &Word, date: Date) -> Result<Option<BotPrice>, Error> {
        let plan = self.plan(plan, date)?;
        Ok(plan.bot_over.map(|over| BotPrice {
            included: plan.bot_dau_included,
            over,
        }))
    }

    /// Whether bot traffic costs anything under any plan at any time.
    #[must_use]
    pub fn prices_bot_traffic(&self) -> bool {
        let mut plans = self
            .0
            .periods
            .iter()
            .flat_map(|period| period.plans.values());
        plans.any(|plan| plan.bot_over.is_some())
    }

    /// The book's own name of a kind of message, and what one costs on `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn message(&self, kind: &Word, date: Date) -> Result<(&Word, Won), Error> {
        let item = self.period(date)?.messages.find(kind);
        item.ok_or(Error::NotInBook { list: "messages" })
    }

    /// The book's own name of an add-on, and what it costs a month by the prices of `date`.
    ///
    /// # Errors
    /// [`Error::NoPrices`], [`Error::NotInBook`].
    pub fn add_on(&self, name: &Word, date: Date) -> Result<(&Word, Won), Error> {
        let item = self.period(date)?.add_ons.find(name);
        item.ok_or(Error::NotInBook { list: "add_ons" })
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// The number of an item's own name; `None` where the book has none for it.
    pub(crate) fn item_number(&self, name: &Word) -> Option<NonZeroU8> {
        self.0.items.number(name)
    }

    /// The item's own name with that number.
    pub(crate) fn item_name(&self, number: NonZeroU8) -> Option<&Word> {
        self.0.items.name(number)
    }

    fn plan(&self, plan: &Word, date: Date) -> Result<&PlanPrice, Error> {
        let price = self.period(date)?.plans.get(plan);
        price.ok_or(Error::NotInBook { list: "plans" })
    }

    fn period(&self, date: Date) -> Result<&Period, Error> {
        let book = &*self.0;
        if book.until.is_some_and(|until| date >= until) {
            return Err(Error::NoPrices);
        }
        let begun = |period: &&Period| period.has_begun(date);
        book.periods.iter().rev().find(begun).ok_or(Error::NoPrices)
    }
}

impl Period {
    fn has_begun(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date)
    }
}

impl Items {
    fn find(&self, name: &Word) -> Option<(&Word, Won)> {
        self.by_name.get(name).map(|(name, price)| (name, *price))
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
    use crate::rules::{TaxBase, VatRule};

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
        for (asked, kind, price) in [
            ("alimtalk", "alimtalk", 8),
            ("알림톡", "alimtalk", 8),
            ("AlimTalk", "alimtalk", 8),
            ("SMS", "sms", 10),
            ("sms", "sms", 10),
        ] {
            assert_eq!(
                book.message(&word(asked), date),
                Ok((&word(kind), won(price)))
            );
        }
        assert!(!book.prices_bot_traffic());
        assert_eq!(book.rules(date), &Rules::default());
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
            r#"{"name":"b","periods":[{"day_case_mwon":1,"plans":{},"bot_price_mwon":2}]}"#;
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
        let rules =
            r#"{"name":"b","periods":[{"day_case_mwon":1,"plans":{},"rules":{"grace_days":400}}]}"#;
        assert_eq!(PriceBook::parse(rules), Err(Error::BookRules { period: 1 }));
    }

    #[test]
    fn a_period_changes_the_rules_it_names_and_keeps_the_others() {
        let book = PriceBook::parse(
            r#"{"name":"b","periods":[
            {"until":"2025-08-01","day_case_mwon":1,"plans":{},"rules":{"tax_base":"consumption","vat":"half_up_won"}},
            {"from":"2025-08-01","day_case_mwon":1,"plans":{},"rules":{"tax_base":"top_up"}}]}"#,
        )
        .unwrap();
        let (before, after) = (book.rules(day("2025-07-31")), book.rules(day("2025-08-01")));
        assert_eq!(
            (before.tax_base, before.vat),
            (TaxBase::Consumption, VatRule::HalfUpWon)
        );
        assert_eq!(
            (after.tax_base, after.vat),
            (TaxBase::TopUp, VatRule::HalfUpWon)
        );
    }

    #[test]
    fn bot_traffic_costs_what_the_plan_says() {
        let book = PriceBook::parse(
            r#"{"name":"b","periods":[{"day_case_mwon":1,"plans":{"free":{"fee_mwon":0},
            "pro":{"fee_mwon":1,"bot_dau_included":5,"bot_over_mwon":180000}}}]}"#,
        )
        .unwrap();
        let date = day("2024-05-13");
        assert!(book.prices_bot_traffic());
        assert_eq!(book.bot_traffic(&word("free"), date), Ok(None));
        let price = book.bot_traffic(&word("pro"), date).unwrap().unwrap();
        assert_eq!((price.included, price.over), (5, won(180)));
    }
}
