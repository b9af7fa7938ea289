//! A statement by month, day, kind, item, channel and agent group.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use happytalk_core::id::{GroupId, Word};
use happytalk_core::time::Zone;
use happytalk_core::{ChannelName, Language, Won};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::csv::{Cell, Csv};
use super::table::{Align, columns, words};
use super::{Statement, month_of};
use crate::entry::{Entry, EntryKind};
use crate::error::Error;

/// What rows are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum By {
    /// The calendar month of the booking, in the site's zone.
    Month,
    /// Its calendar day.
    Day,
    /// What for.
    Kind,
    /// Which plan, add-on or kind of message.
    Item,
    /// The platform it was used on.
    Channel,
    /// The group of the agent whose words caused it.
    Group,
}

impl By {
    /// What stands in a row that has no value of this.
    pub const NONE: &'static str = "(none)";

    /// The name in the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Day => "day",
            Self::Kind => "kind",
            Self::Item => "item",
            Self::Channel => "channel",
            Self::Group => "group",
        }
    }

    const fn label(self, language: Language) -> &'static str {
        let (korean, english) = match self {
            Self::Month => ("월", "Month"),
            Self::Day => ("일자", "Day"),
            Self::Kind => ("구분", "Kind"),
            Self::Item => ("품목", "Item"),
            Self::Channel => ("채널", "Channel"),
            Self::Group => ("상담 그룹", "Group"),
        };
        words(language, korean, english)
    }
}

impl FromStr for By {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let all = [
            Self::Month,
            Self::Day,
            Self::Kind,
            Self::Item,
            Self::Channel,
            Self::Group,
        ];
        all.into_iter()
            .find(|by| by.as_str() == text)
            .ok_or(Error::By)
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One value of a row. Rows are in the order of their values: kinds as on a statement, texts as texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Kind(EntryKind),
    Text(Arc<str>),
}

impl Value {
    fn as_str(&self) -> &str {
        match self {
            Self::Kind(kind) => kind.as_str(),
            Self::Text(text) => text,
        }
    }

    fn shown(&self, language: Language) -> &str {
        match self {
            Self::Kind(kind) => kind.label(language),
            Self::Text(text) => text,
        }
    }
}

/// The entries of a statement by something, added up. The rows come to the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The name of the price book.
    pub price_book: Arc<str>,
    /// What rows are made by.
    pub by: Vec<By>,
    /// In the order of their values.
    pub rows: Vec<Row>,
    /// The balance.
    pub balance: Won,
    zone: Zone,
}

/// A row of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    values: Vec<Value>,
    /// How many entries; taking a day-case back takes one off, also where that is another row's.
    pub count: i64,
    /// Their sum.
    pub amount: Won,
}

impl Row {
    /// What the row is of, in the order of [`Report::by`].
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(Value::as_str)
    }
}

fn value_of(by: By, entry: &Entry, zone: &Zone) -> Value {
    let text = match by {
        By::Kind => return Value::Kind(entry.kind),
        By::Month => Some(month_of(zone.date(entry.at))),
        By::Day => Some(zone.date(entry.at).to_string()),
        By::Item => entry
            .item
            .as_ref()
            .map(|item| Word::as_str(item).to_owned()),
        By::Channel => {
            let channel = entry.channel();
            channel.map(|channel| ChannelName::as_str(channel).to_owned())
        }
        By::Group => {
            let group = entry.group();
            group.map(|group| GroupId::as_str(group).to_owned())
        }
    };
    Value::Text(text.unwrap_or_else(|| By::NONE.to_owned()).into())
}

impl Statement {
    /// The entries added up by something; by nothing, all in one row. What is named twice counts once.
    #[must_use]
    pub fn by(&self, by: &[By]) -> Report {
        let by: Vec<By> = by.iter().fold(Vec::new(), |mut by, one| {
            if !by.contains(one) {
                by.push(*one);
            }
            by
        });
        let mut rows: BTreeMap<Vec<Value>, (i64, i64)> = BTreeMap::new();
        for entry in &self.entries {
            let values = by.iter().map(|by| value_of(*by, entry, &self.zone));
            let (count, amount) = rows.entry(values.collect()).or_default();
            *count += if entry.takes_case_back() { -1 } else { 1 };
            *amount = amount.saturating_add(entry.amount.as_millis());
        }
        let rows = rows.into_iter().map(|(values, (count, amount))| Row {
            values,
            count,
            amount: Won::from_millis(amount),
        });
        Report {
            price_book: Arc::clone(&self.price_book),
            by,
            rows: rows.collect(),
            balance: self.balance,
            zone: self.zone.clone(),
        }
    }
}

struct Rows<'a>(&'a Report);

struct RowJson<'a>(&'a [By], &'a Row);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&RowJson(&self.0.by, row))?;
        }
        rows.end()
    }
}

impl Serialize for RowJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        for (by, value) in self.0.iter().zip(self.1.values()) {
            row.serialize_entry(by.as_str(), value)?;
        }
        row.serialize_entry("count", &self.1.count)?;
        row.serialize_entry("amount_mwon", &self.1.amount)?;
        row.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by: Vec<&str> = self.by.iter().map(|by| by.as_str()).collect();
        let mut report = serializer.serialize_map(None)?;
        report.serialize_entry("price_book", &*self.price_book)?;
        report.serialize_entry("zone", self.zone.name())?;
        report.serialize_entry("by", &by)?;
        report.serialize_entry("rows", &Rows(self))?;
        report.serialize_entry("balance_mwon", &self.balance)?;
        report.end()
    }
}

impl Report {
    /// The rows as one line of JSON: `price_book`, `zone`, `by`, `rows`, `balance_mwon`.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The rows as comma-separated values, amounts in won, the JSON's names in the head.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::default();
        let names = self.by.iter().map(|by| by.as_str());
        let names = names.chain(["count", "amount_won"]);
        csv.line(names.map(Cell::Text));
        for row in &self.rows {
            let values = row.values().map(Cell::Text);
            csv.line(values.chain([Cell::Count(row.count), Cell::Won(row.amount)]));
        }
        csv.finish()
    }

    /// The rows as a table, amounts in won.
    #[must_use]
    pub fn to_table(&self, language: Language) -> String {
        let names = self.by.iter().map(|by| by.label(language));
        let head = names.chain([
            words(language, "건수", "Count"),
            words(language, "금액", "Amount"),
        ]);
        let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
        for row in &self.rows {
            let values = row
                .values
                .iter()
                .map(|value| value.shown(language).to_owned());
            rows.push(
                values
                    .chain([row.count.to_string(), row.amount.to_string()])
                    .collect(),
            );
        }
        let left = self.by.iter().map(|_| Align::Left);
        let aligns: Vec<Align> = left.chain([Align::Right, Align::Right]).collect();
        let balance = words(language, "잔액", "Balance");
        let won = words(language, "원", "won");
        format!(
            "{}\n{balance}  {} {won}\n",
            columns(&rows, &aligns),
            self.balance
        )
    }
}
