//! The entries of the ledger.

mod content;

use std::borrow::Borrow;
use std::fmt;
use std::slice;
use std::sync::Arc;

use happytalk_core::id::{ConversationId, GroupId, MessageId, Word};
use happytalk_core::{ChannelName, Timestamp, Won};
use serde::Serialize;

use crate::digest::Digest;
use crate::error::Error;
pub(crate) use content::Content;

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
    /// 챗봇 초과 이용료: a customer's day with a bot beyond what the plan includes.
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
    /// 예약: set aside for messages that are to be sent.
    Reserve,
    /// 예약 해제: out of what was set aside, to be spent or free again.
    Release,
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
            Self::Reserve => "reserve",
            Self::Release => "release",
        }
    }

    /// What stands for it in a hash. Never used for another.
    const fn code(self) -> u8 {
        match self {
            Self::TopUp => 1,
            Self::FreeGrant => 2,
            Self::AccountFee => 3,
            Self::DayCase => 4,
            Self::BotOver => 5,
            Self::Message => 6,
            Self::MessageRefund => 7,
            Self::Adjustment => 8,
            Self::Refund => 9,
            Self::Expire => 10,
            Self::Reserve => 11,
            Self::Release => 12,
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
            Self::Reserve | Self::Release => LedgerAccount::Reserved,
        }
    }

    /// Whether it is what a site uses, or a correction of that.
    #[must_use]
    pub const fn is_use(self) -> bool {
        matches!(
            self,
            Self::AccountFee | Self::DayCase | Self::BotOver | Self::Message | Self::MessageRefund
        )
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
    /// Set aside out of the wallet.
    Reserved,
    /// Kept of paid cash that was paid out.
    RefundFees,
}

impl LedgerAccount {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Wallet,
        Self::Payments,
        Self::Vat,
        Self::Promotions,
        Self::AccountFees,
        Self::DayCases,
        Self::BotTraffic,
        Self::Messages,
        Self::Adjustments,
        Self::Reserved,
        Self::RefundFees,
    ];

    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Wallet => 0,
            Self::Payments => 1,
            Self::Vat => 2,
            Self::Promotions => 3,
            Self::AccountFees => 4,
            Self::DayCases => 5,
            Self::BotTraffic => 6,
            Self::Messages => 7,
            Self::Adjustments => 8,
            Self::Reserved => 9,
            Self::RefundFees => 10,
        }
    }
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

    /// What stands for its kind and for having an end in a hash.
    fn code(&self) -> u8 {
        let ends = u8::from(self.expires_at < Timestamp::MAX);
        let kind = match self.kind {
            LotKind::Free => 0,
            LotKind::Paid => 2,
            LotKind::Owed => 4,
        };
        kind | ends
    }

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

    /// The same part, the other way; `None` when it does not fit.
    pub(crate) fn turned(self) -> Option<Self> {
        let amount = self.amount.checked_neg()?;
        Some(Self { amount, ..self })
    }
}

/// The moves of an entry. Most have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves(MovesKept);

#[derive(Debug, Clone, PartialEq, Eq)]
enum MovesKept {
    One([Move; 1]),
    Many(Box<[Move]>),
}

impl Moves {
    /// All of them.
    #[must_use]
    pub const fn as_slice(&self) -> &[Move] {
        match &self.0 {
            MovesKept::One(one) => one,
            MovesKept::Many(many) => many,
        }
    }

    /// One after the other.
    pub fn iter(&self) -> slice::Iter<'_, Move> {
        self.as_slice().iter()
    }

    /// What they come to.
    #[must_use]
    pub fn sum(&self) -> Option<Won> {
        self.iter()
            .try_fold(Won::ZERO, |sum, part| sum.checked_add(part.amount))
    }
}

impl<'a> IntoIterator for &'a Moves {
    type Item = &'a Move;
    type IntoIter = slice::Iter<'a, Move>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Vec<Move>> for Moves {
    fn from(moves: Vec<Move>) -> Self {
        Self(match <[Move; 1]>::try_from(moves) {
            Ok(one) => MovesKept::One(one),
            Err(many) => MovesKept::Many(many.into()),
        })
    }
}

impl From<Move> for Moves {
    fn from(one: Move) -> Self {
        Self(MovesKept::One([one]))
    }
}

/// The key of an entry: the command's own, or one that the ledger made, such as `day_case/…/<date>`,
/// `account_fee/<month>`, `expire/…`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    pub(crate) fn made(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Word> for Key {
    fn from(key: &Word) -> Self {
        Self(key.clone().into())
    }
}

/// The key that an entry will be booked under.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyRef<'a> {
    Command(&'a Word),
    Made(&'a Key),
}

impl<'a> KeyRef<'a> {
    pub(crate) fn to_key(self) -> Key {
        match self {
            Self::Command(word) => word.into(),
            Self::Made(key) => key.clone(),
        }
    }

    pub(crate) fn as_str(self) -> &'a str {
        match self {
            Self::Command(word) => word.as_str(),
            Self::Made(key) => key.as_str(),
        }
    }
}

impl<'a> From<&'a Key> for KeyRef<'a> {
    fn from(key: &'a Key) -> Self {
        Self::Made(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.as_str())
    }
}

/// Where something was used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// In which conversation.
    pub conversation: ConversationId,
    /// On which platform.
    pub channel: ChannelName,
    /// The group of the agent who spoke; `None` where a bot did.
    pub group: Option<GroupId>,
}

impl Place {
    /// A place no agent spoke in.
    #[must_use]
    pub const fn new(conversation: ConversationId, channel: ChannelName) -> Self {
        Self {
            conversation,
            channel,
            group: None,
        }
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
    /// The VAT that was paid beside a top-up, or went back beside a refund (negative); zero elsewhere.
    pub vat: Won,
    /// What was kept of a refund; zero elsewhere.
    pub fee: Won,
    /// The key it is booked under.
    pub key: Key,
    /// The book's own name of what was charged: a plan, an add-on, a kind of message.
    pub item: Option<Word>,
    /// The conversation that caused it, its platform, and the group of the agent who spoke.
    pub place: Option<Arc<Place>>,
    /// The message that caused it.
    pub message: Option<MessageId>,
    /// The reservation it was set aside in, or spent out of.
    pub reservation: Option<Word>,
    /// The entry this one gives back.
    pub gives_back: Option<u64>,
    /// The price book it was priced with.
    pub price_book: Arc<str>,
    /// The lots it moved; their sum is `amount`.
    pub moves: Moves,
    /// The digest of the entry before it and of all of the above: changing one entry changes every later hash.
    pub hash: Digest,
}

impl Entry {
    /// The account on the other side.
    #[must_use]
    pub const fn contra(&self) -> LedgerAccount {
        self.kind.contra()
    }

    /// The conversation that caused it.
    #[must_use]
    pub fn conversation(&self) -> Option<&ConversationId> {
        self.place.as_deref().map(|place| &place.conversation)
    }

    /// The platform it was used on.
    #[must_use]
    pub fn channel(&self) -> Option<&ChannelName> {
        self.place.as_deref().map(|place| &place.channel)
    }

    /// The group of the agent whose words caused it.
    #[must_use]
    pub fn group(&self) -> Option<&GroupId> {
        self.place.as_deref()?.group.as_ref()
    }

    /// Whether it takes the charge of a day-case back: the charge was counted, so neither counts.
    pub(crate) const fn takes_case_back(&self) -> bool {
        matches!(self.kind, EntryKind::DayCase) && self.gives_back.is_some()
    }

    /// Both sides, in thousandths of a won; their sum is zero.
    #[must_use]
    pub fn postings(&self) -> [(LedgerAccount, i128); 4] {
        postings(self.kind, self.amount, self.vat, self.fee)
    }

    /// The hash of this entry behind one with the hash `before`, or [`Digest::GENESIS`].
    ///
    /// Of the key of a day-case and of bot traffic it covers the day alone: the rest stands for the customer, and is not
    /// the same once they are erased from the log. The conversation is covered.
    #[must_use]
    pub fn hash_behind(&self, before: &Digest) -> Digest {
        Content::of(self).hash_behind(before)
    }
}

/// Both sides of an entry, in thousandths of a won; their sum is zero.
pub(crate) fn postings(
    kind: EntryKind,
    amount: Won,
    vat: Won,
    fee: Won,
) -> [(LedgerAccount, i128); 4] {
    let [amount, vat, fee] = [amount, vat, fee].map(|sum| i128::from(sum.as_millis()));
    [
        (LedgerAccount::Wallet, amount),
        (kind.contra(), -amount - vat - fee),
        (LedgerAccount::Vat, vat),
        (LedgerAccount::RefundFees, fee),
    ]
}

/// Checks entries from the first on: their numbers and their order in time, both sides of each, the running balance, the lots and the
/// hash chain. Gives the hash of the last. Takes the entries of a ledger or of a statement.
///
/// # Errors
/// [`Error::Chain`] with the first entry that is not what was booked.
pub fn verify<E: Borrow<Entry>>(entries: impl IntoIterator<Item = E>) -> Result<Digest, Error> {
    let mut hash = Digest::GENESIS;
    let mut balance = Won::ZERO;
    let mut at = Timestamp::MIN;
    for (number, entry) in (1..).zip(entries) {
        let entry = entry.borrow();
        let sum: i128 = entry.postings().iter().map(|(_, amount)| amount).sum();
        let after = balance.checked_add(entry.amount);
        hash = entry.hash_behind(&hash);
        let holds = entry.id == number
            && entry.at >= at
            && sum == 0
            && after == Some(entry.balance)
            && entry.moves.sum() == Some(entry.amount)
            && entry.hash == hash;
        if !holds {
            return Err(Error::Chain { entry: number });
        }
        (balance, at) = (entry.balance, entry.at);
    }
    Ok(hash)
}
