//! The bill of a log.

use std::collections::BTreeMap;

use happytalk_core::time::Zone;
use happytalk_core::{Line, Stream, Timestamp};

use crate::account::{Account, failures};
use crate::error::Error;
use crate::ledger::Terms;
use crate::price_book::PriceBook;
use crate::site_line::{SiteCommand, SiteLine};
use crate::statement::{Refusal, Statement};

/// The bill of a site in `Asia/Seoul`; see [`bill_in`].
///
/// # Errors
/// As [`bill_in`].
pub fn bill(
    log: impl Iterator<Item = Line>,
    site: impl Iterator<Item = SiteLine>,
    book: PriceBook,
    at: Option<Timestamp>,
) -> Result<Statement, Error> {
    bill_in(Zone::default(), log, site, book, at)
}

/// One thing of either file, in the order in which it is booked.
enum Item<'a> {
    Site(usize, &'a SiteLine),
    Log(&'a Line),
}

/// The bill of a site in `zone`: its log and its site file merged in the order of time, and fees up to `at`, by default
/// the latest time of both. Lines after `at` are left out.
///
/// At one instant, what falls due by itself comes first, then the site file, then the log, each in its own order. The
/// log is known whole, so a message that failed before its conversation closed is not charged at all; an [`Account`],
/// which cannot know, charges it and takes the charge back, to the same totals.
///
/// A site into which nothing was ever paid or granted is read as one on invoice ([`Terms::OnInvoice`]).
/// A command refused for want of cash stands in [`Statement::refused`], and the bill goes on.
///
/// # Errors
/// [`Error::AtLine`] with the first line of the site file that cannot be booked, and what [`Account::observe`] refuses.
pub fn bill_in(
    zone: Zone,
    log: impl Iterator<Item = Line>,
    site: impl Iterator<Item = SiteLine>,
    book: PriceBook,
    at: Option<Timestamp>,
) -> Result<Statement, Error> {
    let log: Vec<Line> = log.collect();
    let site: Vec<SiteLine> = site.collect();
    let latest = log
        .iter()
        .map(|line| line.at)
        .chain(site.iter().map(|line| line.at))
        .max();
    let Some(end) = at.or(latest) else {
        return Ok(Account::new(book, zone).statement());
    };

    let mut items: Vec<(Timestamp, Item<'_>)> = Vec::with_capacity(log.len() + site.len());
    for (index, line) in site.iter().enumerate() {
        items.push((line.at, Item::Site(index + 1, line)));
    }
    // A clock that stepped back does not put a stream's lines out of their order.
    let mut latest_of: BTreeMap<&Stream, Timestamp> = BTreeMap::new();
    for line in log.iter().filter(|line| line.at <= end) {
        let latest = latest_of.entry(&line.stream).or_insert(line.at);
        *latest = line.at.max(*latest);
        items.push((*latest, Item::Log(line)));
    }
    items.retain(|(at, _)| *at <= end);
    // Stable: what happens at one instant keeps the order above.
    items.sort_by_key(|(at, _)| *at);

    let lines: Vec<&Line> = items
        .iter()
        .filter_map(|(_, item)| match item {
            Item::Log(line) => Some(*line),
            Item::Site(..) => None,
        })
        .collect();
    let terms = if is_paid_into(&site, &log)? {
        Terms::Prepaid
    } else {
        Terms::OnInvoice
    };
    let failures = failures(&lines, &book, &zone);
    let mut account = Account::on_terms(book, zone, terms).knowing(failures);
    let mut refused = Vec::new();
    for (at, item) in items {
        let done = match item {
            Item::Log(line) => account.observe(line),
            Item::Site(number, line) => account.book(line).map_err(|source| Error::AtLine {
                number,
                source: Box::new(source),
            }),
        };
        match done {
            Err(error) if error.wants_cash() => {
                let line = match item {
                    Item::Site(_, line) => Some(line.clone()),
                    Item::Log(line) => SiteLine::from_log(line)?,
                };
                refused.extend(line.map(|line| Refusal::new(at, line.key, error.code())));
            }
            other => other?,
        }
    }
    account.advance(end)?;
    Ok(account.statement().with_refused(refused))
}

fn is_paid_into(site: &[SiteLine], log: &[Line]) -> Result<bool, Error> {
    let brings = |line: &SiteLine| {
        matches!(
            line.command,
            SiteCommand::TopUp { .. } | SiteCommand::Granted { .. }
        )
    };
    if site.iter().any(brings) {
        return Ok(true);
    }
    for line in log {
        if SiteLine::from_log(line)?.as_ref().is_some_and(brings) {
            return Ok(true);
        }
    }
    Ok(false)
}
