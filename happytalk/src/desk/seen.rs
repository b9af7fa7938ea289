//! Which messages of platforms were taken, so that a repeated delivery does nothing, and which sessions they said are over.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::id::{AccountId, CustomerId, ProviderId, SessionId};
use happytalk_core::time::Timestamp;

/// How long a message is remembered.
const KEPT: Duration = Duration::from_secs(45 * 24 * 60 * 60);

/// The messages that were taken in the last 45 days.
#[derive(Clone, Default)]
pub(super) struct Seen {
    keys: BTreeSet<String>,
    oldest_first: VecDeque<(Timestamp, String)>,
}

/// Those that were taken count, not when: of some the log does not tell.
impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys
    }
}

/// One message of one platform, account and customer: some platforms number them by room.
pub(super) fn key(
    channel: &ChannelName,
    account: &AccountId,
    customer: &CustomerId,
    id: &ProviderId,
) -> String {
    [
        channel.as_str(),
        account.as_str(),
        customer.as_str(),
        id.as_str(),
    ]
    .join("\u{1f}")
}

/// That a platform said of a customer's session that it is over.
pub(super) fn session_key(
    channel: &ChannelName,
    account: &AccountId,
    customer: &CustomerId,
    session: &SessionId,
) -> String {
    [
        channel.as_str(),
        account.as_str(),
        customer.as_str(),
        session.as_str(),
        "session_ended",
    ]
    .join("\u{1f}")
}

impl Seen {
    pub(super) fn contains(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    pub(super) fn insert(&mut self, key: String, at: Timestamp) {
        while let Some((taken, _)) = self.oldest_first.front()
            && at.since(*taken) >= KEPT
        {
            if let Some((_, old)) = self.oldest_first.pop_front() {
                self.keys.remove(&old);
            }
        }
        if self.keys.insert(key.clone()) {
            self.oldest_first.push_back((at, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_remembered_for_45_days() {
        let mut seen = Seen::default();
        let start = Timestamp::EPOCH;
        seen.insert("a".to_owned(), start);
        seen.insert("b".to_owned(), start.plus(KEPT - Duration::from_millis(1)));
        assert!(seen.contains("a"));
        seen.insert("c".to_owned(), start.plus(KEPT));
        assert!(!seen.contains("a") && seen.contains("b") && seen.contains("c"));
    }
}
