//! The bill of a log.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::{MessageId, Word};
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
pub fn bill<L: Borrow<Line>, S: Borrow<SiteLine>>(
    log: impl Iterator<Item = L>,
    site: impl Iterator<Item = S>,
    book: PriceBook,
    at: Option<Timestamp>,
) -> Result<Statement, Error> {
    bill_in(Zone::default(), log, site, book, at)
}

/// One thing of either file, in the order in which it is booked.
#[derive(Clone, Copy)]
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
/// Lines may be lent or given: a log that is kept for something else is not copied.
///
/// A site into which nothing was ever paid or granted is read as one on invoice ([`Terms::OnInvoice`]).
/// A command refused for want of cash stands in [`Statement::refused`], and the bill goes on; so does what is told later
/// of such a message or reservation, for which nothing was ever booked.
///
/// # Errors
/// [`Error::AtLine`] with the first line of the site file that cannot be booked, and what [`Account::observe`] refuses.
pub fn bill_in<L: Borrow<Line>, S: Borrow<SiteLine>>(
    zone: Zone,
    log: impl Iterator<Item = L>,
    site: impl Iterator<Item = S>,
    book: PriceBook,
    at: Option<Timestamp>,
) -> Result<Statement, Error> {
    let log: Vec<L> = log.collect();
    let log: Vec<&Line> = log.iter().map(Borrow::borrow).collect();
    let site: Vec<S> = site.collect();
    let site: Vec<&SiteLine> = site.iter().map(Borrow::borrow).collect();
    let latest = log
        .iter()
        .map(|line| line.at)
        .chain(site.iter().map(|line| line.at))
        .max();
    let Some(end) = at.or(latest) else {
        return Ok(Account::new(book, zone).statement());
    };

    let mut items: Vec<(Timestamp, Item<'_>)> = Vec::with_capacity(log.len() + site.len());
    for (index, line) in site.iter().copied().enumerate() {
        items.push((line.at, Item::Site(index + 1, line)));
    }
    // A clock that stepped back does not put a stream's lines out of their order.
    let mut latest_of: BTreeMap<&Stream, Timestamp> = BTreeMap::new();
    for line in log.iter().copied().filter(|line| line.at <= end) {
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
    let mut unpaid = Unpaid::default();
    for (at, item) in items {
        let done = match item {
            Item::Log(line) => account.observe(line),
            Item::Site(_, line) => account.book(line),
        };
        let Err(error) = done else { continue };
        let line = match item {
            Item::Site(_, line) => Some(line.clone()),
            Item::Log(line) => SiteLine::from_log(line)?,
        };
        match (line, item) {
            (Some(line), _) if unpaid.takes(&line, &error) => {
                refused.push(Refusal::new(at, line.key, error.code()));
            }
            (_, Item::Log(_)) => return Err(error),
            (_, Item::Site(number, _)) => {
                let source = Box::new(error);
                return Err(Error::AtLine { number, source });
            }
        }
    }
    account.advance(end)?;
    Ok(account.statement().with_refused(refused))
}

/// What was refused for want of cash.
#[derive(Debug, Default)]
struct Unpaid {
    messages: BTreeSet<MessageId>,
    reservations: BTreeSet<Word>,
}

impl Unpaid {
    /// Whether a refusal is for want of cash, or follows from one that was.
    fn takes(&mut self, line: &SiteLine, error: &Error) -> bool {
        let follows = match (&line.command, error) {
            (SiteCommand::MessageFailed { id }, Error::UnknownMessage) => {
                self.messages.contains(id)
            }
            (
                SiteCommand::MessageSent {
                    reservation: Some(id),
                    ..
                }
                | SiteCommand::Released { id },
                Error::UnknownReservation,
            ) => self.reservations.contains(id),
            _ => false,
        };
        let takes = follows || error.wants_cash();
        match &line.command {
            SiteCommand::MessageSent { id, .. } if takes => {
                self.messages.insert(id.clone());
            }
            SiteCommand::Reserved { id, .. } if takes => {
                self.reservations.insert(id.clone());
            }
            _ => {}
        }
        takes
    }
}

fn is_paid_into(site: &[&SiteLine], log: &[&Line]) -> Result<bool, Error> {
    let brings = |line: &&SiteLine| {
        matches!(
            line.command,
            SiteCommand::TopUp { .. } | SiteCommand::Granted { .. }
        )
    };
    if site.iter().any(brings) {
        return Ok(true);
    }
    for line in log {
        if SiteLine::from_log(line)?
            .as_ref()
            .is_some_and(|line| brings(&line))
        {
            return Ok(true);
        }
    }
    Ok(false)
}
