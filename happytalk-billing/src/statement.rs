//! The statement: the site's side of the ledger, for programs and for people.

mod csv;
mod report;
mod table;
mod tax;

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::{ConversationId, GroupId, Word};
use happytalk_core::time::{Date, Zone};
use happytalk_core::{ChannelName, Language, Timestamp, Won};
use serde::Serialize;

use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::ledger::{Ledger, Terms};
use crate::price_book::PriceBook;
use csv::{Cell, Csv};
pub use report::{By, Report, Row};
pub use tax::{TaxDocument, TaxLine};

/// How often a kind was booked, and for how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Total {
    /// How many entries; a day-case that was taken back does not count, nor does its taking back.
    pub count: u64,
    /// Their sum.
    #[serde(rename = "amount_mwon")]
    pub amount: Won,
}

/// A command that was refused for want of cash, or is about a message or a reservation that was: nothing was booked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// Its key.
    pub key: Word,
    /// The error's code, such as `billing.insufficient_cash`.
    pub code: &'static str,
}

impl Refusal {
    pub(crate) const fn new(at: Timestamp, key: Word, code: &'static str) -> Self {
        Self { at, key, code }
    }
}

/// The entries of a site, their totals by kind, and the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The name of the price book.
    pub price_book: Arc<str>,
    /// Every entry, in the order of booking.
    pub entries: Vec<Entry>,
    /// By kind; a kind that was not booked, or only taken back, is not there.
    pub totals: BTreeMap<EntryKind, Total>,
    /// The balance.
    pub balance: Won,
    /// What was refused for want of cash, and what followed from that.
    pub refused: Vec<Refusal>,
    zone: Zone,
    book: PriceBook,
    terms: Terms,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    price_book: &'a str,
    entries: Vec<EntryJson<'a>>,
    totals: &'a BTreeMap<EntryKind, Total>,
    balance_mwon: Won,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    refused: &'a [Refusal],
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<Digest>,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    id: u64,
    at: Timestamp,
    kind: EntryKind,
    amount_mwon: Won,
    balance_mwon: Won,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<&'a ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<Digest>,
}

impl Statement {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        let mut totals: BTreeMap<EntryKind, Total> = BTreeMap::new();
        let entries: Vec<Entry> = ledger.entries().collect();
        for entry in &entries {
            let total = totals.entry(entry.kind).or_default();
            // The charge it takes back was counted.
            total.count = if entry.takes_case_back() {
                total.count.saturating_sub(1)
            } else {
                total.count.saturating_add(1)
            };
            let amount = total.amount.as_millis();
            total.amount = Won::from_millis(amount.saturating_add(entry.amount.as_millis()));
        }
        totals.retain(|_, total| total.count > 0);
        Self {
            price_book: Arc::clone(ledger.book().shared_name()),
            entries,
            totals,
            balance: ledger.balance(),
            refused: Vec::new(),
            zone: ledger.zone().clone(),
            book: ledger.book().clone(),
            terms: ledger.terms(),
        }
    }

    pub(crate) fn with_refused(mut self, refused: Vec<Refusal>) -> Self {
        self.refused = refused;
        self
    }

    /// The hash of the last entry, which stands for all of them.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.entries
            .last()
            .map_or(Digest::GENESIS, |last| last.hash)
    }

    /// The statement as one line of JSON: `price_book`, `entries`, `totals`, `balance_mwon`, and `refused` where
    /// something was. Amounts are thousandths of a won, debits negative.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.json(false)
    }

    /// As [`Statement::to_json`], with the `hash` of each entry and the `head` of the chain.
    #[must_use]
    pub fn to_json_with_hashes(&self) -> String {
        self.json(true)
    }

    fn json(&self, with_hashes: bool) -> String {
        let entry = |entry| EntryJson::new(entry, with_hashes);
        let json = StatementJson {
            price_book: &self.price_book,
            entries: self.entries.iter().map(entry).collect(),
            totals: &self.totals,
            balance_mwon: self.balance,
            refused: &self.refused,
            head: with_hashes.then(|| self.head()),
        };
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(&json).unwrap_or_default()
    }

    /// The entries as comma-separated values, times in the site's zone, amounts in won.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::default();
        let head = [
            "id",
            "at",
            "kind",
            "item",
            "amount_won",
            "balance_won",
            "vat_won",
            "fee_won",
            "key",
            "conversation",
            "channel",
            "group",
            "hash",
        ];
        csv.line(head.map(Cell::Text));
        for entry in &self.entries {
            let (id, at) = (entry.id.to_string(), table::clock(entry.at, &self.zone));
            let hash = entry.hash.to_string();
            csv.line([
                Cell::Text(&id),
                Cell::Text(&at),
                Cell::Text(entry.kind.as_str()),
                Cell::Text(entry.item.as_ref().map_or("", Word::as_str)),
                Cell::Won(entry.amount),
                Cell::Won(entry.balance),
                Cell::Won(entry.vat),
                Cell::Won(entry.fee),
                Cell::Text(entry.key.as_str()),
                Cell::Text(entry.conversation().map_or("", ConversationId::as_str)),
                Cell::Text(entry.channel().map_or("", ChannelName::as_str)),
                Cell::Text(entry.group().map_or("", GroupId::as_str)),
                Cell::Text(&hash),
            ]);
        }
        csv.finish()
    }

    /// The statement as a table, times in the site's zone, amounts in won.
    #[must_use]
    pub fn to_table(&self, language: Language) -> String {
        table::table(self, &self.zone, language)
    }
}

impl<'a> EntryJson<'a> {
    fn new(entry: &'a Entry, with_hash: bool) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            amount_mwon: entry.amount,
            balance_mwon: entry.balance,
            key: entry.key.as_str(),
            conversation: entry.conversation(),
            hash: with_hash.then_some(entry.hash),
        }
    }
}

fn month_of(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}
