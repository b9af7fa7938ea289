//! A price book as JSON.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::Won;
use happytalk_core::id::Word;
use happytalk_core::json;
use happytalk_core::time::Date;
use serde::Deserialize;

use super::{Book, ItemNames, Items, Period, PlanPrice, PriceBook};
use crate::error::Error;
use crate::rules::{Rules, RulesJson};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookJson {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    name: Word,
    periods: Vec<PeriodJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodJson {
    from: Option<Date>,
    until: Option<Date>,
    #[serde(default)]
    rules: RulesJson,
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
    #[serde(default)]
    bot_dau_included: u32,
    bot_over_mwon: Option<Won>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemJson {
    price_mwon: Won,
    #[serde(default)]
    also: BTreeSet<Word>,
}

/// Reads a book.
pub(super) fn read(text: &str) -> Result<Book, Error> {
    if text.len() > PriceBook::BYTES_MAX {
        return Err(Error::TooLong {
            bytes: text.len(),
            bytes_max: PriceBook::BYTES_MAX,
        });
    }
    let book: BookJson = json::from_str(text).map_err(Error::Book)?;
    let until = check_periods(&book.periods)?;
    let mut periods: Vec<Period> = Vec::with_capacity(book.periods.len());
    for (index, json) in book.periods.into_iter().enumerate() {
        let before = periods.last().map(|period| period.rules.clone());
        periods.push(period(json, index + 1, &before.unwrap_or_default())?);
    }
    Ok(Book {
        name: book.name.as_str().into(),
        items: ItemNames::of(&mut periods),
        periods,
        until,
    })
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

fn period(json: PeriodJson, number: usize, before: &Rules) -> Result<Period, Error> {
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
        .map(|(name, plan)| {
            let price = PlanPrice {
                fee: in_range(plan.fee_mwon)?,
                bot_dau_included: plan.bot_dau_included,
                bot_over: plan.bot_over_mwon.map(in_range).transpose()?,
            };
            Ok((name, price))
        })
        .collect::<Result<_, _>>()?;
    let items = |list: BTreeMap<Word, ItemJson>| {
        let mut items = Items::default();
        for (name, item) in list {
            let price = in_range(item.price_mwon)?;
            let names = item.also.into_iter().chain([name.clone()]);
            for other in names {
                let named = (name.clone(), price);
                if items.by_name.insert(other, named).is_some() {
                    return Err(Error::BookName { period: number });
                }
            }
        }
        Ok(items)
    };
    Ok(Period {
        from: json.from,
        rules: before
            .with(json.rules)
            .ok_or(Error::BookRules { period: number })?,
        day_case: in_range(json.day_case_mwon)?,
        plans,
        messages: items(json.messages)?,
        add_ons: items(json.add_ons)?,
    })
}
