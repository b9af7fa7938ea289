//! What somebody should be told.

use happytalk_core::{Timestamp, Won};

use crate::ledger::LedgerEvent;

/// Something to tell the site's owner. [`Notice::key`] names it once and for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A debit took the balance to a level or below it. Once a crossing: again only after the balance was above.
    LowBalance {
        /// When.
        at: Timestamp,
        /// Which part of last month's use, in per cent; 0 is zero.
        percent: u8,
        /// What the balance was then.
        balance: Won,
        /// The entry that did it.
        entry: u64,
    },
    /// A fee is not covered (유예): the site is suspended when the grace is over.
    Grace {
        /// Since when.
        at: Timestamp,
        /// The fees that fell due then.
        amount: Won,
        /// Until when.
        until: Timestamp,
    },
    /// The grace is over (이용 정지).
    Suspended {
        /// When.
        at: Timestamp,
    },
    /// What the site was suspended for is paid.
    Resumed {
        /// When.
        at: Timestamp,
    },
}

impl Notice {
    /// When it came about.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::LowBalance { at, .. }
            | Self::Grace { at, .. }
            | Self::Suspended { at }
            | Self::Resumed { at } => *at,
        }
    }

    /// The key under which it should be sent, so that a repeated one is sent once.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::LowBalance { percent, entry, .. } => format!("low_balance/{percent}/{entry}"),
            Self::Grace { at, .. } => format!("grace/{}", at.as_millis()),
            Self::Suspended { at } => format!("suspended/{}", at.as_millis()),
            Self::Resumed { at } => format!("resumed/{}", at.as_millis()),
        }
    }

    pub(crate) fn of(event: &LedgerEvent) -> Option<Self> {
        Some(match event {
            LedgerEvent::BalanceLow {
                at,
                percent,
                balance,
                entry,
            } => Self::LowBalance {
                at: *at,
                percent: *percent,
                balance: *balance,
                entry: *entry,
            },
            LedgerEvent::FeeDue(due) => Self::Grace {
                at: due.since,
                amount: due.amount,
                until: due.grace_until,
            },
            LedgerEvent::Suspended { at } => Self::Suspended { at: *at },
            LedgerEvent::Resumed { at } => Self::Resumed { at: *at },
            _ => return None,
        })
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::LowBalance { percent: one, .. }, Self::LowBalance { percent: two, .. }) => {
                one == two
            }
            (Self::Grace { .. }, Self::Grace { .. })
            | (Self::Suspended { .. }, Self::Suspended { .. })
            | (Self::Resumed { .. }, Self::Resumed { .. }) => true,
            _ => false,
        }
    }
}

/// Notices that nobody has taken yet, at most one a kind, each with its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notices(Vec<(u64, Notice)>);

impl Notices {
    pub(crate) fn add(&mut self, number: u64, mut notice: Notice) {
        if let Notice::Grace { at, amount, .. } = &mut notice {
            // Accounts and add-ons fall due together.
            let both = self.waiting_since(*at).checked_add(*amount);
            *amount = both.unwrap_or(*amount);
        }
        self.0.retain(|(_, kept)| !kept.is_like(&notice));
        self.0.push((number, notice));
    }

    fn waiting_since(&self, since: Timestamp) -> Won {
        let kept = self.0.iter().find_map(|(_, kept)| match kept {
            Notice::Grace { at, amount, .. } if *at == since => Some(*amount),
            _ => None,
        });
        kept.unwrap_or(Won::ZERO)
    }

    /// Forgets those up to a number.
    pub(crate) fn forget(&mut self, count: u64) {
        self.0.retain(|(number, _)| *number > count);
    }

    pub(crate) fn take(&mut self) -> Vec<Notice> {
        let taken = std::mem::take(&mut self.0).into_iter();
        taken.map(|(_, notice)| notice).collect()
    }
}
