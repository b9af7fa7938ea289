//! A live account that is given one line after the other.

use happytalk_billing::{Account, EntryKind, Error, PriceBook, Terms};
use happytalk_core::Line;
use happytalk_core::time::Zone;

use crate::scene::kst;

#[derive(Debug)]
pub(crate) struct Till {
    pub(crate) account: Account,
    lines: u32,
    seqs: std::collections::BTreeMap<String, u64>,
}

impl Till {
    pub(crate) fn new(book: &str, terms: Terms) -> Self {
        let book = match book {
            "" => PriceBook::shipped(),
            json => PriceBook::parse(json).unwrap(),
        };
        Self {
            account: Account::on_terms(book, Zone::default(), terms),
            lines: 0,
            seqs: std::collections::BTreeMap::new(),
        }
    }

    pub(crate) fn prepaid() -> Self {
        Self::new("", Terms::Prepaid)
    }

    /// Books a line of the site file under a key of its own; `fields` begins with its type.
    pub(crate) fn book(&mut self, at: &str, fields: &str) -> Result<(), Error> {
        self.lines += 1;
        let (at, key) = (kst(at).as_millis(), self.lines);
        let line = format!(r#"{{"at":{at},"key":"k-{key}","type":{fields}}}"#);
        self.account.command(&line)
    }

    pub(crate) fn top_up(&mut self, at: &str, won: i64) {
        let fields = format!(r#""top_up","amount_won":{won},"vat":"excluded""#);
        self.book(at, &fields).unwrap();
    }

    /// A line of the log: `stream` is a conversation's name.
    pub(crate) fn says(&mut self, conversation: &str, at: &str, fields: &str) {
        let seq = self.seqs.entry(conversation.to_owned()).or_insert(0);
        *seq += 1;
        let at = kst(at).as_millis();
        let text =
            format!(r#"{{"conversation":"{conversation}","seq":{seq},"at":{at},"type":{fields}}}"#);
        self.account.observe(&Line::parse(&text).unwrap()).unwrap();
    }

    /// Kind and amount in won of every entry from the `from`th on, counted from 1.
    pub(crate) fn rows(&self, from: usize) -> Vec<(EntryKind, String)> {
        let entries = self.account.ledger().entries().skip(from - 1);
        let row = |entry: happytalk_billing::Entry| (entry.kind, entry.amount.to_string());
        entries.map(row).collect()
    }
}
