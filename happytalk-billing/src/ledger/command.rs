//! What a ledger is asked, and what it decides.

use std::sync::Arc;

use happytalk_core::id::Word;
use happytalk_core::time::Date;
use happytalk_core::{Timestamp, Won};

use crate::digest::Fingerprint;
use crate::entry::{Entry, Key, Place};
use crate::plan::Plan;
use crate::settings::Settings;
use crate::site_line::SiteLine;

/// When a site pays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Terms {
    /// 선불: from the balance; what it does not cover waits, fails, or suspends the site. The default.
    #[default]
    Prepaid,
    /// 후불: everything is booked, the balance below zero is what is owed, and nothing is held up.
    OnInvoice,
}

/// Where a site stands with its account fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Everything is paid.
    Active,
    /// A fee is not covered. Full service until then.
    Grace {
        /// When the days of grace are over; seven by default.
        until: Timestamp,
    },
    /// The grace is over: no new conversations, no sends; history stays readable. A top-up ends it.
    Suspended,
}

/// A fee that the balance did not cover when it fell due. It is tried again with every credit, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// The key it will be booked under.
    pub key: Key,
    /// The plan or the add-on.
    pub item: Word,
    /// How much.
    pub amount: Won,
    /// Since when.
    pub since: Timestamp,
    /// When its grace ends.
    pub grace_until: Timestamp,
}

/// What the ledger can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// A command of the site.
    Site(SiteLine),
    /// A chargeable word on 상담톡: charges once a key.
    DayCase {
        /// Which case.
        key: Key,
        /// The charging day, which prices it.
        day: Date,
        /// Where it was said.
        place: Arc<Place>,
    },
    /// Takes the charge of a case back: nothing that was said for it arrived.
    VoidDayCase {
        /// Which case.
        key: Key,
    },
    /// A customer's day with a bot: counts once a key, and is charged beyond what the plan includes.
    BotDay {
        /// Which customer and day.
        key: Key,
        /// The day, which prices it and whose month it counts in.
        day: Date,
        /// Where the bot spoke.
        place: Arc<Place>,
    },
    /// Books the one thing that is due first: an expiry, a suspension, a trial's end, or a month's fees.
    FallDue,
}

/// What tells the body of a site's command from every other under the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Its first entry says all that it said: no other body could have led to it. So it is with messages, which are
    /// most of what a site commands, and which need no digest beside their entries.
    AsBooked,
    /// A digest of it.
    Digest(Fingerprint),
}

/// What the ledger decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerEvent {
    /// A site's command was taken under its key.
    Recorded {
        /// The key.
        key: Key,
        /// What tells its body from any other.
        body: Body,
        /// How many of the entries that follow it led to.
        entries: u32,
    },
    /// An entry was booked.
    Booked(Entry),
    /// The site has this plan.
    PlanChanged(Plan),
    /// The settings are these.
    SettingsChanged(Settings),
    /// A fee fell due that the balance does not cover.
    FeeDue(Due),
    /// The oldest due fee was booked.
    FeeSettled,
    /// The grace of a fee is over.
    Suspended {
        /// When.
        at: Timestamp,
    },
    /// What the site was suspended for is paid.
    Resumed {
        /// When.
        at: Timestamp,
    },
    /// A reservation was opened; its cash is the next entry.
    ReservationMade {
        /// Its name.
        id: Word,
        /// When what is left of it is released.
        expires_at: Timestamp,
    },
    /// A reservation is over.
    ReservationClosed {
        /// Its name.
        id: Word,
    },
    /// A customer's day with a bot was counted.
    BotDayCounted {
        /// Which.
        key: Key,
        /// The first day of its month.
        month: Date,
    },
    /// A debit took the balance to a level or below.
    BalanceLow {
        /// When.
        at: Timestamp,
        /// Which part of last month's use, in per cent; 0 is zero.
        percent: u8,
        /// What the balance was then.
        balance: Won,
        /// The entry that did it.
        entry: u64,
    },
    /// The balance is above a level again.
    BalanceRecovered {
        /// Which.
        percent: u8,
    },
    /// The balance is at the threshold of the automatic top-up, or does not cover a fee.
    TopUpWanted {
        /// When.
        at: Timestamp,
        /// How much, VAT not counted.
        amount: Won,
    },
}
