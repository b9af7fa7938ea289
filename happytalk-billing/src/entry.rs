//! The entries of the ledger.

use std::fmt;
use std::sync::Arc;

use happytalk_core::id::{ConversationId, MessageId};
use happytalk_core::{Timestamp, Won};
use serde::Serialize;

/// What an entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryKind {
    /// 충전: cash that was paid in.
    TopUp,
    /// 무상 캐시 지급: cash that was given.
    FreeGrant,
    /// 월 이용료: accounts and monthly add-ons; positive where an upgrade credits what was left of the old fee.
    AccountFee,
    /// 상담톡 건별 과금: one customer's day, or one session; positive where a charge is taken back.
    DayCase,
    /// 챗봇 초과 이용료. Nothing books it yet.
    BotOver,
    /// 메시지 발송.
    Message,
    /// 메시지 환급: a message failed.
    MessageRefund,
    /// 조정.
    Adjustment,
    /// 환불: paid cash that went back to the site's owner.
    Refund,
    /// 소멸: free cash whose time was up.
    Expire,
}

impl EntryKind {
    /// The name in the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TopUp => "top_up",
            Self::FreeGrant => "free_grant",
            Self::AccountFee => "account_fee",
            Self::DayCase => "day_case",
            Self::BotOver => "bot_over",
            Self::Message => "message",
            Self::MessageRefund => "message_refund",
            Self::Adjustment => "adjustment",
            Self::Refund => "refund",
            Self::Expire => "expire",
        }
    }

    /// The account on the other side of such an entry.
    #[must_use]
    pub const fn contra(self) -> LedgerAccount {
        match self {
            Self::TopUp | Self::Refund => LedgerAccount::Payments,
            Self::FreeGrant | Self::Expire => LedgerAccount::Promotions,
            Self::AccountFee => LedgerAccount::AccountFees,
            Self::DayCase => LedgerAccount::DayCases,
            Self::BotOver => LedgerAccount::BotTraffic,
            Self::Message | Self::MessageRefund => LedgerAccount::Messages,
            Self::Adjustment => LedgerAccount::Adjustments,
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An account of the double entry. The sums of all of them are zero together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LedgerAccount {
    /// The site's TalkCash: what a statement shows.
    Wallet,
    /// What came in and went out as real money.
    Payments,
    /// VAT owed on top-ups.
    Vat,
    /// Cash that was given, less what expired.
    Promotions,
    /// Earned with accounts and add-ons.
    AccountFees,
    /// Earned with day-cases.
    DayCases,
    /// Earned with bot traffic above the plan.
    BotTraffic,
    /// Earned with messages.
    Messages,
    /// Corrections.
    Adjustments,
}

/// What kind of cash a lot holds, in the order in which it is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LotKind {
    /// Given. Spent first, the earliest expiry before the others; never paid out.
    Free,
    /// Paid in. Spent next, first in first out.
    Paid,
    /// What the site owes; holds nothing or less. Paid back before any other lot is filled.
    Owed,
}

/// A part of the balance with one origin. The order of lots is the order in which they are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Lot {
    /// What kind of cash it is.
    pub kind: LotKind,
    /// When it expires; [`Timestamp::MAX`] is never.
    pub expires_at: Timestamp,
    /// The entry that brought it; 0 for what is owed.
    pub entry: u64,
}

impl Lot {
    pub(crate) const OWED: Self = Self {
        kind: LotKind::Owed,
        expires_at: Timestamp::MAX,
        entry: 0,
    };

    pub(crate) const fn paid(entry: u64) -> Self {
        Self {
            kind: LotKind::Paid,
            expires_at: Timestamp::MAX,
            entry,
        }
    }

    pub(crate) fn free(entry: u64, expires_at: Option<Timestamp>) -> Self {
        Self {
            kind: LotKind::Free,
            expires_at: expires_at.unwrap_or(Timestamp::MAX),
            entry,
        }
    }
}

/// How an entry moves one lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Move {
    /// Which.
    pub lot: Lot,
    /// By how much; negative when it is spent.
    pub amount: Won,
}

impl Move {
    pub(crate) const fn new(lot: Lot, amount: Won) -> Self {
        Self { lot, amount }
    }
}

/// One booking on the site's balance. Never changed and never removed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its number, from 1 in the order of booking.
    pub id: u64,
    /// When it was booked; never before the entry before it.
    pub at: Timestamp,
    /// What for.
    pub kind: EntryKind,
    /// By how much the balance changed; negative when it fell.
    pub amount: Won,
    /// The balance afterwards.
    pub balance: Won,
    /// The VAT that was paid beside a top-up; zero elsewhere.
    pub vat: Won,
    /// The key it is booked under: the command's own, or `day_case/…/<date>`, `account_fee/<month>`, `expire/…`.
    pub key: Box<str>,
    /// The conversation that caused it.
    pub conversation: Option<ConversationId>,
    /// The message that caused it.
    pub message: Option<MessageId>,
    /// The entry this one gives back.
    pub gives_back: Option<u64>,
    /// The price book it was priced with.
    pub price_book: Arc<str>,
    /// The lots it moved; their sum is `amount`.
    pub moves: Vec<Move>,
}

impl Entry {
    /// The account on the other side.
    #[must_use]
    pub const fn contra(&self) -> LedgerAccount {
        self.kind.contra()
    }

    /// Both sides, in thousandths of a won; their sum is zero.
    #[must_use]
    pub fn postings(&self) -> [(LedgerAccount, i128); 3] {
        let amount = i128::from(self.amount.as_millis());
        let vat = i128::from(self.vat.as_millis());
        [
            (LedgerAccount::Wallet, amount),
            (self.contra(), -amount - vat),
            (LedgerAccount::Vat, vat),
        ]
    }
}
