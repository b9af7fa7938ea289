//! What agents' own limits make the shelves tell apart.

use std::collections::BTreeMap;

use happytalk_core::ChannelName;
use happytalk_core::id::QueueId;

use crate::agent::Own;

/// How many agents have limits of their own by queue and by channel. Where nobody has, shelves need not tell the
/// queues or the channels apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    pub(super) queues: BTreeMap<QueueId, u32>,
    pub(super) channels: BTreeMap<ChannelName, u32>,
    /// Agents who do not take every channel.
    pub(super) choosy: u32,
}

impl Limits {
    /// Counts an agent in; whether that is the first of a kind.
    pub(super) fn add(&mut self, own: &Own) -> bool {
        let mut first = false;
        for queue in own.queue_caps.keys() {
            let count = self.queues.entry(queue.clone()).or_default();
            first |= *count == 0;
            *count += 1;
        }
        for channel in own.channel_caps.keys() {
            let count = self.channels.entry(channel.clone()).or_default();
            first |= *count == 0;
            *count += 1;
        }
        if own.channels.is_some() {
            first |= self.choosy == 0;
            self.choosy += 1;
        }
        first
    }

    /// Counts an agent out. A kind that nobody is left of stays told apart until the next rebuilding: that is never
    /// wrong, only more work.
    pub(super) fn take(&mut self, own: &Own) {
        for queue in own.queue_caps.keys() {
            if let Some(count) = self.queues.get_mut(queue) {
                *count = count.saturating_sub(1);
            }
        }
        for channel in own.channel_caps.keys() {
            if let Some(count) = self.channels.get_mut(channel) {
                *count = count.saturating_sub(1);
            }
        }
        if own.channels.is_some() {
            self.choosy = self.choosy.saturating_sub(1);
        }
    }
}

pub(super) fn positive<K: Ord>(counts: &BTreeMap<K, u32>, key: &K) -> bool {
    counts.get(key).is_some_and(|count| *count > 0)
}
