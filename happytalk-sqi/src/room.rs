//! A conversation that is open, and what is kept of its labels when it is not.

use happytalk_core::Timestamp;

use crate::closed::Closed;
use crate::dimension::Dimension;
use crate::episode::Episode;
use crate::fact::{About, CameWith, Fact, Opening, QueueNow, What};
use crate::label::{Label, Labels};
use crate::lookup::Lookup;
use crate::meter::Matter;

/// One conversation with an open episode.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// The last line that was taken.
    pub(crate) seq: u64,
    pub(crate) last_at: Timestamp,
    /// What the conversation itself says to each dimension asked for, `(none)` where an episode has to say; and behind
    /// them its matter: main category, sub category, queue.
    pub(crate) labels: Vec<Label>,
    pub(crate) episode: Episode,
}

/// None yet.
impl Default for Room {
    fn default() -> Self {
        Self {
            seq: 0,
            last_at: Timestamp::MIN,
            labels: Vec::new(),
            episode: Episode::default(),
        }
    }
}

impl Room {
    /// Becomes the conversation that begins with `opening`.
    pub(crate) fn open(
        &mut self,
        fact: &Fact<'_>,
        opening: &Opening<'_>,
        by: &[Dimension],
        labels: &mut Labels,
    ) {
        let said = by.iter().map(|dimension| match dimension {
            Dimension::Channel => labels.of(opening.channel),
            Dimension::Returning if opening.previous.is_some() => labels.of("returning"),
            Dimension::Returning => labels.of("first"),
            Dimension::Inflow => parameter(&opening.came_with, "inflow", labels),
            Dimension::Parameter(name) => parameter(&opening.came_with, name, labels),
            Dimension::Day
            | Dimension::Hour
            | Dimension::Week
            | Dimension::Month
            | Dimension::Agent
            | Dimension::Category
            | Dimension::Sub
            | Dimension::Group
            | Dimension::Hours
            | Dimension::End => Label::NONE,
        });
        self.labels.clear();
        self.labels.extend(said);
        self.labels.extend([Label::NONE; 3]);
        self.seq = fact.seq;
        self.last_at = fact.at;
        let episode = Episode::opened(fact.at, opening.by_agent, opening.bot);
        self.episode.begin(episode);
        self.set_category(opening.about, by, labels);
    }

    /// Becomes the conversation that was closed and goes on at `at`.
    pub(crate) fn reopen(&mut self, closed: &Closed, sets: &LabelSets, at: Timestamp) {
        self.labels.clear();
        self.labels.extend_from_slice(sets.get(closed.labels));
        self.seq = closed.seq;
        self.last_at = closed.last_at;
        self.episode.begin(Episode::reopened(at, None));
    }

    /// What it is about and where it waits, as it stands.
    pub(crate) fn matter(&self) -> Matter {
        match self.labels.last_chunk() {
            Some([main, sub, queue]) => Matter {
                main: *main,
                sub: *sub,
                queue: *queue,
            },
            None => Matter {
                main: Label::NONE,
                sub: Label::NONE,
                queue: Label::NONE,
            },
        }
    }

    /// Takes what an event says of the matter.
    pub(crate) fn hear(&mut self, what: &What<'_>, by: &[Dimension], labels: &mut Labels) {
        if let Some(about) = what.about() {
            self.set_category(Some(about), by, labels);
        }
        let queue = match what.queue() {
            QueueNow::Unchanged => return,
            QueueNow::Open => Label::NONE,
            QueueNow::Is(queue) => labels.of(queue),
        };
        if let Some(slot) = self.labels.last_mut() {
            *slot = queue;
        }
    }

    fn set_category(&mut self, about: Option<About<'_>>, by: &[Dimension], labels: &mut Labels) {
        let mut label = |word: Option<&str>| word.map_or(Label::NONE, |word| labels.of(word));
        let main_now = label(about.map(|about| about.main));
        let sub_now = label(about.and_then(|about| about.sub));
        for (slot, dimension) in self.labels.iter_mut().zip(by) {
            match dimension {
                Dimension::Category => *slot = main_now,
                Dimension::Sub => *slot = sub_now,
                _ => {}
            }
        }
        if let Some([main, sub, _]) = self.labels.last_chunk_mut() {
            (*main, *sub) = (main_now, sub_now);
        }
    }
}

fn parameter(came_with: &CameWith<'_>, name: &str, labels: &mut Labels) -> Label {
    came_with
        .get(name)
        .map_or(Label::NONE, |value| labels.of(&value))
}

/// Sets of labels by number: most conversations share theirs with others.
#[derive(Debug, Clone, Default)]
pub(crate) struct LabelSets {
    numbers: Lookup<Box<[Label]>, u32>,
    sets: Vec<Box<[Label]>>,
}

impl LabelSets {
    /// The number of a room's set.
    pub(crate) fn number(&mut self, room: &Room) -> u32 {
        match self.numbers.get(room.labels.as_slice()) {
            Some(number) => *number,
            None => {
                // Four billion sets do not fit into any memory.
                let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
                let set: Box<[Label]> = room.labels.as_slice().into();
                self.sets.push(set.clone());
                self.numbers.insert(set, number);
                number
            }
        }
    }

    /// The set of that number.
    pub(crate) fn get(&self, number: u32) -> &[Label] {
        self.sets.get(number as usize).map_or(&[], |labels| labels)
    }
}
