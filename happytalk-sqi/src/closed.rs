//! The conversations that are closed, as little of each as has to be kept: to know a repeat when it comes, and to take
//! what still happens afterwards.

use std::collections::VecDeque;
use std::time::Duration;

use happytalk_core::Timestamp;
use hashbrown::HashTable;

use crate::lookup;

/// What is kept of a closed conversation, beside its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    /// Its last line.
    pub(crate) seq: u64,
    pub(crate) last_at: Timestamp,
    /// Which set of labels it has.
    pub(crate) labels: u32,
    /// Where its last episode counts as closed, and what the customer said of it; only for the standard metrics.
    pub(crate) after: After,
}

/// What may still change after the close.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) cell: Option<u32>,
    pub(crate) rated: Option<(u8, u8)>,
    pub(crate) surveyed: bool,
}

/// How many parts a horizon is kept in: what is beyond it is dropped a part at a time.
const PARTS: u32 = 8;

/// A part is full when its ids have this many bytes.
const IDS_BYTES_MAX: usize = 1 << 31;

/// Closed conversations by id, for as long as the horizon says.
#[derive(Debug, Clone)]
pub(crate) struct ClosedRooms {
    horizon: Option<Duration>,
    /// The oldest first.
    parts: VecDeque<Part>,
    /// Whether anything was ever dropped.
    dropped: bool,
}

#[derive(Clone)]
struct Part {
    since: Timestamp,
    newest: Timestamp,
    ids: String,
    places: HashTable<u32>,
    rooms: Vec<Room>,
    /// What may still change: as many as there are rooms, or none where nobody asked.
    after: Vec<After>,
}

/// 24 bytes a conversation, and those of its id.
#[derive(Debug, Clone, Copy)]
struct Room {
    last_at: Timestamp,
    id_from: u32,
    seq: u32,
    labels: u32,
    id_bytes: u8,
}

impl ClosedRooms {
    pub(crate) const fn new(horizon: Option<Duration>) -> Self {
        Self {
            horizon,
            parts: VecDeque::new(),
            dropped: false,
        }
    }

    /// Whether a conversation that is not here may have been, and was forgotten.
    pub(crate) const fn has_forgotten(&self) -> bool {
        self.dropped
    }

    /// The instant before which nothing is known any more, when the log has come to `latest`.
    pub(crate) fn known_since(&self, latest: Timestamp) -> Timestamp {
        self.horizon
            .map_or(Timestamp::MIN, |horizon| latest.minus(horizon))
    }

    /// The one called `id`, which hashes to `hash`.
    pub(crate) fn get(&self, id: &str, hash: u64) -> Option<Closed> {
        self.parts.iter().rev().find_map(|part| part.get(id, hash))
    }

    /// Takes it out.
    pub(crate) fn take(&mut self, id: &str, hash: u64) -> Option<Closed> {
        self.parts
            .iter_mut()
            .rev()
            .find_map(|part| part.take(id, hash))
    }

    /// Replaces one that is there.
    pub(crate) fn set(&mut self, id: &str, hash: u64, closed: Closed) {
        for part in self.parts.iter_mut().rev() {
            if part.set(id, hash, closed) {
                return;
            }
        }
    }

    /// Adds one that is not there, when the log has come to `latest`.
    pub(crate) fn add(&mut self, id: &str, hash: u64, closed: Closed, latest: Timestamp) {
        self.forget(latest);
        let is_full = self.parts.back().is_none_or(|part| {
            let is_long = self
                .horizon
                .is_some_and(|horizon| latest.since(part.since) > horizon / PARTS);
            is_long || part.ids.len() >= IDS_BYTES_MAX
        });
        if is_full {
            // Nothing is added to the one before any more.
            if let Some(part) = self.parts.back_mut() {
                part.shrink();
            }
            self.parts.push_back(Part::since(latest));
        }
        if let Some(part) = self.parts.back_mut() {
            part.add(id, hash, closed);
        }
    }

    /// Drops the parts in which everything is beyond the horizon.
    fn forget(&mut self, latest: Timestamp) {
        let known_since = self.known_since(latest);
        while self
            .parts
            .front()
            .is_some_and(|part| part.newest < known_since)
        {
            self.parts.pop_front();
            self.dropped = true;
        }
    }
}

impl Part {
    const fn since(since: Timestamp) -> Self {
        Self {
            since,
            newest: Timestamp::MIN,
            ids: String::new(),
            places: HashTable::new(),
            rooms: Vec::new(),
            after: Vec::new(),
        }
    }

    fn id<'a>(ids: &'a str, rooms: &[Room], place: u32) -> Option<&'a str> {
        let room = rooms.get(place as usize)?;
        let from = room.id_from as usize;
        ids.get(from..from + usize::from(room.id_bytes))
    }

    fn find(&self, id: &str, hash: u64) -> Option<usize> {
        self.places
            .find(hash, |place| {
                Self::id(&self.ids, &self.rooms, *place) == Some(id)
            })
            .map(|place| *place as usize)
    }

    fn get(&self, id: &str, hash: u64) -> Option<Closed> {
        let place = self.find(id, hash)?;
        let room = self.rooms.get(place)?;
        Some(Closed {
            seq: u64::from(room.seq),
            last_at: room.last_at,
            labels: room.labels,
            after: self.after.get(place).copied().unwrap_or_default(),
        })
    }

    fn take(&mut self, id: &str, hash: u64) -> Option<Closed> {
        let closed = self.get(id, hash)?;
        let Self {
            ids, rooms, places, ..
        } = self;
        let found = places.find_entry(hash, |place| Self::id(ids, rooms, *place) == Some(id));
        if let Ok(entry) = found {
            entry.remove();
        }
        Some(closed)
    }

    fn set(&mut self, id: &str, hash: u64, closed: Closed) -> bool {
        let Some(place) = self.find(id, hash) else {
            return false;
        };
        if let Some(room) = self.rooms.get_mut(place) {
            room.seq = four_bytes(closed.seq);
            room.last_at = closed.last_at;
            room.labels = closed.labels;
        }
        self.set_after(place, closed.after);
        self.newest = self.newest.max(closed.last_at);
        true
    }

    fn add(&mut self, id: &str, hash: u64, closed: Closed) {
        let place = self.rooms.len();
        self.rooms.push(Room {
            last_at: closed.last_at,
            id_from: u32::try_from(self.ids.len()).unwrap_or(u32::MAX),
            seq: four_bytes(closed.seq),
            labels: closed.labels,
            // An id of the log has at most 128 bytes.
            id_bytes: u8::try_from(id.len()).unwrap_or(u8::MAX),
        });
        self.ids.push_str(id);
        self.set_after(place, closed.after);
        self.newest = self.newest.max(closed.last_at);
        let Self {
            ids, rooms, places, ..
        } = self;
        let rehash = |place: &u32| lookup::hash(Self::id(ids, rooms, *place).unwrap_or_default());
        places.insert_unique(hash, u32::try_from(place).unwrap_or(u32::MAX), rehash);
    }

    /// Gives back the room for more.
    fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.rooms.shrink_to_fit();
        self.after.shrink_to_fit();
    }

    fn set_after(&mut self, place: usize, after: After) {
        if after == After::default() && self.after.len() <= place {
            return;
        }
        if self.after.len() <= place {
            self.after.resize(place + 1, After::default());
        }
        if let Some(slot) = self.after.get_mut(place) {
            *slot = after;
        }
    }
}

/// The number of a line; there are no four billion in one conversation, each of which was read.
fn four_bytes(seq: u64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}

/// Ids name conversations.
impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("rooms", &self.rooms.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::hash;

    fn closed(seq: u64, at: i64) -> Closed {
        Closed {
            seq,
            last_at: Timestamp::from_millis(at),
            labels: 0,
            after: After::default(),
        }
    }

    #[test]
    fn a_closed_conversation_is_known_until_the_horizon_and_then_forgotten() {
        let mut rooms = ClosedRooms::new(Some(Duration::from_millis(800)));
        for number in 0..1_000_i64 {
            let at = number * 10;
            let id = format!("c-{number}");
            rooms.add(&id, hash(&id), closed(3, at), Timestamp::from_millis(at));
        }
        assert!(rooms.has_forgotten() && rooms.parts.len() <= 10);
        assert!(rooms.get("c-0", hash("c-0")).is_none());
        for number in 919..1_000 {
            let id = format!("c-{number}");
            assert_eq!(rooms.get(&id, hash(&id)).unwrap().seq, 3, "{number}");
        }
        let mut rooms = ClosedRooms::new(None);
        for number in 0..1_000_i64 {
            let at = Timestamp::from_millis(number * 86_400_000);
            let id = format!("c-{number}");
            rooms.add(&id, hash(&id), closed(3, number), at);
        }
        assert!(
            rooms.get("c-0", hash("c-0")).is_some()
                && !rooms.has_forgotten()
                && rooms.parts.len() == 1
        );
    }

    #[test]
    fn what_is_taken_out_and_put_in_again_is_there_once() {
        let mut rooms = ClosedRooms::new(None);
        let at = Timestamp::EPOCH;
        let c = hash("c");
        rooms.add("c", c, closed(3, 0), at);
        rooms.set("c", c, closed(4, 5));
        assert_eq!(rooms.take("c", c).unwrap().seq, 4);
        assert!(rooms.take("c", c).is_none() && rooms.get("c", c).is_none());
        rooms.add("c", c, closed(9, 7), at);
        assert_eq!(rooms.get("c", c).unwrap().seq, 9);
        assert_eq!(rooms.parts.front().unwrap().places.len(), 1);
    }
}
