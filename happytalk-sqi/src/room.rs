//! A conversation that is open, and what is kept of its labels when it is not.

use happytalk_core::Timestamp;

use crate::closed::Closed;
use crate::dimension::Dimension;
use crate::episode::Episode;
use crate::fact::{About, CameWith, Fact, Opening};
use crate::label::{Label, Labels};
use crate::lookup::Lookup;

/// One conversation with an open episode.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// The last line that was taken.
    pub(crate) seq: u64,
    pub(crate) last_at: Timestamp,
    /// What the conversation itself says to each dimension asked for, `(none)` where an episode has to say; and behind
    /// them its main category.
    pub(crate) labels: Box<[Label]>,
    pub(crate) episode: Box<Episode>,
}

impl Room {
    pub(crate) fn opened(
        fact: &Fact<'_>,
        episode: Episode,
        opening: &Opening<'_>,
        by: &[Dimension],
        labels: &mut Labels,
    ) -> Self {
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
        let mut said: Vec<Label> = said.collect();
        said.push(Label::NONE);
        Self {
            seq: fact.seq,
            last_at: fact.at,
            labels: said.into_boxed_slice(),
            episode: Box::new(episode),
        }
    }

    /// Its main category as it stands.
    pub(crate) fn main(&self) -> Label {
        self.labels.last().copied().unwrap_or(Label::NONE)
    }

    pub(crate) fn set_category(
        &mut self,
        about: Option<About<'_>>,
        by: &[Dimension],
        labels: &mut Labels,
    ) {
        let mut label = |word: Option<&str>| word.map_or(Label::NONE, |word| labels.of(word));
        let main = label(about.map(|about| about.main));
        let sub = label(about.and_then(|about| about.sub));
        for (slot, dimension) in self.labels.iter_mut().zip(by) {
            match dimension {
                Dimension::Category => *slot = main,
                Dimension::Sub => *slot = sub,
                _ => {}
            }
        }
        if let Some(slot) = self.labels.last_mut() {
            *slot = main;
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
        match self.numbers.get(&*room.labels) {
            Some(number) => *number,
            None => {
                // Four billion sets do not fit into any memory.
                let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
                self.sets.push(room.labels.clone());
                self.numbers.insert(room.labels.clone(), number);
                number
            }
        }
    }

    /// The room of a closed conversation, its episode still to be told.
    pub(crate) fn room(&self, closed: &Closed) -> Room {
        let labels = self.sets.get(closed.labels as usize).cloned();
        Room {
            seq: closed.seq,
            last_at: closed.last_at,
            labels: labels.unwrap_or_default(),
            episode: Box::new(Episode::reopened(closed.last_at, None)),
        }
    }
}
