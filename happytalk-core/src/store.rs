//! The port to where the log is kept.

use std::fmt;

use async_trait::async_trait;

use crate::customer::{HistoryPage, HistoryQuery};
use crate::effect::Effect;
use crate::id::{ConversationId, EffectId, SiteId};
use crate::log::Line;

/// What one transaction writes: all of it, or nothing. `Debug` shows how much, not what: it is personal.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Batch {
    /// How many lines the site's log has before these. A store with another number refuses with
    /// [`StoreErrorKind::Conflict`]: somebody else writes this site.
    pub after: u64,
    /// The facts, in order.
    pub lines: Vec<Line>,
    /// What to do once they are written.
    pub effects: Vec<Effect>,
    /// Effects that are done and need not be kept.
    pub settled: Vec<EffectId>,
    /// Messages of platforms that were taken, for [`Stored::seen`]: an opaque key each.
    pub seen: Vec<String>,
    /// Where the bot stands in a conversation: opaque bytes, personal data; `None` once it is over. Deleted with
    /// the conversation.
    pub states: Vec<(ConversationId, Option<Vec<u8>>)>,
}

impl Batch {
    /// A transaction after the first `after` lines.
    #[must_use]
    pub fn after(after: u64) -> Self {
        Self {
            after,
            ..Self::default()
        }
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.effects.is_empty()
            && self.settled.is_empty()
            && self.seen.is_empty()
            && self.states.is_empty()
    }
}

/// What a store holds of a site. `Debug` shows how much, not what: it is personal.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// The whole log in the order it was written.
    pub lines: Vec<Line>,
    /// Effects that are not settled, in the order they were written.
    pub effects: Vec<Effect>,
    /// The keys of messages that were taken, in the order they were written; those of 45 days or more.
    pub seen: Vec<String>,
    /// Where the bot stands, of each conversation that is with it.
    pub states: Vec<(ConversationId, Vec<u8>)>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("after", &self.after)
            .field("lines", &self.lines.len())
            .field("effects", &self.effects.len())
            .field("settled", &self.settled.len())
            .field("seen", &self.seen.len())
            .field("states", &self.states.len())
            .finish()
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("lines", &self.lines.len())
            .field("effects", &self.effects.len())
            .field("seen", &self.seen.len())
            .field("states", &self.states.len())
            .finish()
    }
}

/// Why a store did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The log is longer or shorter than [`Batch::after`] says; nothing was written. A store that tries again by itself
    /// does not say this of what its own first try may have written, but [`StoreErrorKind::Unavailable`].
    Conflict,
    /// Nothing was written, or it is not known whether: load again to see.
    Unavailable,
    /// What the batch says cannot be written, now or ever: a character or a size that the database does not hold. Nothing
    /// was written. A centre then commits what was in the batch one by one, and turns away what is refused alone.
    Refused,
}

/// A store failed.
#[derive(Debug, thiserror::Error)]
#[error("store failed. kind=`{kind:?}`")]
#[non_exhaustive]
pub struct StoreError {
    /// How.
    pub kind: StoreErrorKind,
    /// What the database says.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// A failure of that kind.
    #[must_use]
    pub const fn new(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            StoreErrorKind::Conflict => "store.conflict",
            StoreErrorKind::Unavailable => "store.unavailable",
            StoreErrorKind::Refused => "store.refused",
        }
    }
}

/// Where the log, the effects and the bot's states of sites are kept.
///
/// # Contract
/// - [`Store::commit`] is one transaction. What it wrote, [`Store::load`] gives back, from any process.
/// - It holds whatever people write: any length that a platform lets through, and any character, U+0000 among them, which
///   PostgreSQL takes in `bytea` and not in `text` or `jsonb`. What it cannot hold is [`StoreErrorKind::Refused`].
/// - Both come to an end: a database that does not answer is [`StoreErrorKind::Unavailable`] after a while. Or the host
///   gives up and drops the future; then it is not known whether a commit was written.
/// - A commit that failed, or that nobody waited for, writes nothing after a later `load` of the site has read: a lock
///   on the site's row, taken by both, or the check of [`Batch::after`] inside the transaction.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Writes `batch`, all of it or nothing.
    async fn commit(&self, site: &SiteId, batch: &Batch) -> Result<(), StoreError>;

    /// Everything that was written of `site`.
    async fn load(&self, site: &SiteId) -> Result<Stored, StoreError>;
}

/// The conversations of before, for a screen that shows them (상담 이력). A store of its own or a view of the log:
/// [`HistoryIndex`](crate::customer::HistoryIndex) says what the answer is.
#[async_trait]
pub trait History: fmt::Debug + Send + Sync {
    /// The page of `site`'s history that `query` asks for.
    async fn find(&self, site: &SiteId, query: &HistoryQuery) -> Result<HistoryPage, StoreError>;
}
