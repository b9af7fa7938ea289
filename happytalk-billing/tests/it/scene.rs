//! A log and a site file, written line by line.

use std::collections::BTreeMap;

use happytalk_billing::{Account, EntryKind, Error, PriceBook, SiteLine, Statement, Terms, bill};
use happytalk_core::time::Zone;
use happytalk_core::{Line, Timestamp, Won};

/// A time of Seoul, such as `2024-05-13 10:00:00`.
pub(crate) fn kst(text: &str) -> Timestamp {
    format!("{}+09:00", text.replace(' ', "T")).parse().unwrap()
}

pub(crate) fn won(won: i64) -> Won {
    Won::from_won(won).unwrap()
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Scene {
    seqs: BTreeMap<String, u64>,
    pub(crate) log: Vec<Line>,
    pub(crate) site: Vec<SiteLine>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A line of a conversation: `fields` begins with its type.
    pub(crate) fn says(&mut self, conversation: &str, at: &str, fields: &str) -> &mut Self {
        let seq = self.seqs.entry(conversation.to_owned()).or_insert(0);
        *seq += 1;
        let at = kst(at).as_millis();
        let text =
            format!(r#"{{"conversation":"{conversation}","seq":{seq},"at":{at},"type":{fields}}}"#);
        self.log.push(Line::parse(&text).unwrap());
        self
    }

    pub(crate) fn opens_on(
        &mut self,
        channel: &str,
        conversation: &str,
        customer: &str,
        at: &str,
    ) -> &mut Self {
        let fields = format!(
            r#""opened","channel":"{channel}","account":"sender-1","customer":{customer},"opened_by":"customer","bot":false"#
        );
        self.says(conversation, at, &fields)
    }

    pub(crate) fn opens(&mut self, conversation: &str, customer: &str, at: &str) -> &mut Self {
        let customer = format!(r#""{customer}""#);
        self.opens_on("kakao_consult", conversation, &customer, at)
    }

    pub(crate) fn answers(&mut self, conversation: &str, message: &str, at: &str) -> &mut Self {
        let fields = format!(
            r#""agent_said","agent":"kim","message":{{"id":"{message}","content":[{{"type":"text","text":"안녕하세요"}}]}}"#
        );
        self.says(conversation, at, &fields)
    }

    pub(crate) fn fails(&mut self, conversation: &str, message: &str, at: &str) -> &mut Self {
        let fields = format!(r#""message_failed","message":"{message}","code":"kakao.no_session""#);
        self.says(conversation, at, &fields)
    }

    pub(crate) fn ends(&mut self, conversation: &str, at: &str) -> &mut Self {
        self.says(
            conversation,
            at,
            r#""ended","by":"agent","after_work":false"#,
        )
    }

    /// A line of the site file; the key is made from its place.
    pub(crate) fn site(&mut self, at: &str, fields: &str) -> &mut Self {
        let key = format!("k-{}", self.site.len() + 1);
        let at = kst(at).as_millis();
        let text = format!(r#"{{"at":{at},"key":"{key}","type":{fields}}}"#);
        self.site.push(SiteLine::parse(&text).unwrap());
        self
    }

    pub(crate) fn bill_at(&self, at: Option<&str>) -> Result<Statement, Error> {
        bill(
            self.log.iter().cloned(),
            self.site.iter().cloned(),
            PriceBook::shipped(),
            at.map(kst),
        )
    }

    pub(crate) fn bill(&self) -> Statement {
        self.bill_at(None).unwrap()
    }

    /// A live account that saw each line as it came.
    pub(crate) fn live(&self, terms: Terms) -> Account {
        let mut account = Account::on_terms(PriceBook::shipped(), Zone::default(), terms);
        let mut lines: Vec<(Timestamp, Result<&SiteLine, &Line>)> = Vec::new();
        lines.extend(self.site.iter().map(|line| (line.at, Ok(line))));
        lines.extend(self.log.iter().map(|line| (line.at, Err(line))));
        lines.sort_by_key(|(at, _)| *at);
        for (_, line) in lines {
            match line {
                Ok(line) => account.book(line).unwrap(),
                Err(line) => account.observe(line).unwrap(),
            }
        }
        account
    }
}

/// Kind, amount in won and balance in won of every entry.
pub(crate) fn rows(statement: &Statement) -> Vec<(EntryKind, String, String)> {
    let entries = statement.entries.iter();
    entries
        .map(|entry| {
            let (amount, balance) = (entry.amount.to_string(), entry.balance.to_string());
            (entry.kind, amount, balance)
        })
        .collect()
}

/// What was booked of one kind on one day of Seoul, in won.
pub(crate) fn on_day(statement: &Statement, kind: EntryKind, day: &str) -> i64 {
    let zone = Zone::default();
    let of_day = statement
        .entries
        .iter()
        .filter(|entry| entry.kind == kind && zone.date(entry.at).to_string() == day);
    of_day.map(|entry| entry.amount.as_millis()).sum::<i64>() / 1_000
}

/// Kind, amount in won and the balance after it.
pub(crate) fn row(kind: EntryKind, amount: &str, balance: &str) -> (EntryKind, String, String) {
    (kind, amount.to_owned(), balance.to_owned())
}
