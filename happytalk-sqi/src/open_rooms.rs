//! The conversations that are open, by id. What one of them needed is given to the next when it closes: a log of many
//! conversations asks for no more memory than those that are open at once.

use std::fmt;

use hashbrown::HashTable;

use crate::room::Room;

/// Open conversations by id.
#[derive(Clone, Default)]
pub(crate) struct OpenRooms {
    places: HashTable<u32>,
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Clone, Default)]
struct Slot {
    id: String,
    hash: u64,
    room: Room,
}

impl OpenRooms {
    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.places.len() as u64
    }

    /// Where the conversation called `id` is, which hashes to `hash`.
    pub(crate) fn find(&self, id: &str, hash: u64) -> Option<u32> {
        self.places
            .find(hash, |place| {
                self.slots
                    .get(*place as usize)
                    .is_some_and(|slot| slot.id == id)
            })
            .copied()
    }

    pub(crate) fn at(&mut self, place: u32) -> Option<&mut Room> {
        self.slots
            .get_mut(place as usize)
            .map(|slot| &mut slot.room)
    }

    /// A place for a conversation called `id`, which has none; what is there is of one that closed.
    pub(crate) fn add(&mut self, id: &str, hash: u64) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            // Four billion conversations do not fit into any memory.
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(slot) = self.slots.get_mut(place as usize) {
            slot.id.clear();
            slot.id.push_str(id);
            slot.hash = hash;
        }
        let Self { places, slots, .. } = self;
        let rehash = |place: &u32| slots.get(*place as usize).map_or(0, |slot| slot.hash);
        places.insert_unique(hash, place, rehash);
        place
    }

    /// Takes the one at `place` out.
    pub(crate) fn remove(&mut self, place: u32) {
        let Some(slot) = self.slots.get(place as usize) else {
            return;
        };
        if let Ok(found) = self.places.find_entry(slot.hash, |known| *known == place) {
            found.remove();
            self.free.push(place);
        }
    }
}

/// Ids name conversations.
impl fmt::Debug for OpenRooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenRooms({})", self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::hash;

    #[test]
    fn a_place_is_given_again_and_every_open_one_is_found() {
        let mut rooms = OpenRooms::default();
        let name = |number: u64| format!("c-{number}");
        for number in 0..1_000_u64 {
            let id = name(number);
            let place = rooms.add(&id, hash(&id));
            rooms.at(place).unwrap().seq = number;
            if number >= 10 {
                let old = name(number - 10);
                let place = rooms.find(&old, hash(&old)).unwrap();
                assert_eq!(rooms.at(place).unwrap().seq, number - 10);
                rooms.remove(place);
                assert_eq!(rooms.find(&old, hash(&old)), None);
            }
        }
        assert_eq!((rooms.count(), rooms.slots.len()), (10, 11));
    }
}
