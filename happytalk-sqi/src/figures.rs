//! The engine: lines in, cells of figures out.

use std::fmt;
use std::io::BufRead;

use happytalk_core::event::{Category, Event, Parameters, TransferTarget};
use happytalk_core::id::{AgentId, ConversationId, SiteId};
use happytalk_core::{Line, Sealable, Stream, Timestamp};

use crate::cell::Cells;
use crate::dimension::Dimension;
use crate::episode::{Episode, Step};
use crate::error::Error;
use crate::label::{Label, Labels};
use crate::lookup::Lookup;
use crate::options::Options;
use crate::reader::read_log;
use crate::record::Recorder;
use crate::report::{Report, Row};
use crate::settled::Settled;

/// The figures of a log, kept up to date line by line.
///
/// Takes the lines of each stream in the order of their `seq`; how streams are mixed matters only to
/// [`Dimension::Group`]. Keeps the events of open conversations; of a closed one its values (four bytes each), the
/// number of its last line and its dimensions.
///
/// ```
/// use happytalk_core::Line;
/// use happytalk_sqi::{Figures, Options};
///
/// let mut figures = Figures::new(Options::new());
/// for text in [
///     r#"{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":false}"#,
///     r#"{"conversation":"c","seq":2,"at":4000,"type":"assigned","agent":"kim","how":"auto"}"#,
///     r#"{"conversation":"c","seq":3,"at":9000,"type":"ended","by":"customer","after_work":false}"#,
/// ] {
///     figures.push(&Line::parse(text)?)?;
/// }
/// let report = figures.report();
/// assert_eq!(report.rows[0].queue_time.spread.unwrap().mean_ms, 4000);
/// assert_eq!((report.rows[0].abandon_rate.count, report.rows[0].abandon_rate.of), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Figures {
    options: Options,
    labels: Labels,
    rooms: Lookup<ConversationId, Room>,
    agents: Lookup<AgentId, u64>,
    sites: Lookup<SiteId, u64>,
    groups: Lookup<Label, Label>,
    cells: Cells,
    open: u64,
    repeated: u64,
    skewed: u64,
}

/// One conversation.
#[derive(Debug, Clone)]
struct Room {
    /// The last line that was taken.
    seq: u64,
    last_at: Timestamp,
    /// What the conversation itself says to each dimension asked for; `(none)` where an episode has to say.
    labels: Box<[Label]>,
    /// The episode that is open, if any.
    episode: Option<Box<Episode>>,
}

impl Figures {
    /// Figures of nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            labels: Labels::new(),
            rooms: Lookup::default(),
            agents: Lookup::default(),
            sites: Lookup::default(),
            groups: Lookup::default(),
            cells: Cells::default(),
            open: 0,
            repeated: 0,
            skewed: 0,
        }
    }

    /// What was asked for.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Takes one line. A line whose `seq` was taken before in its stream is counted as repeated and changes nothing
    /// else; an event of a kind that is not known is passed over. A line before the one before it in its
    /// conversation is taken to be at the same instant, and counted as skewed.
    ///
    /// # Errors
    /// [`Error::Gap`] where a line of its stream is missing before it, [`Error::Opened`] where a conversation does
    /// not begin with `opened`, or has it twice. The line is not taken then.
    pub fn push(&mut self, line: &Line) -> Result<(), Error> {
        match &line.stream {
            Stream::Conversation(id) => self.push_conversation(id, line),
            Stream::Agent(id) => {
                if follows(self.agents.get(id).copied(), line)? {
                    put(&mut self.agents, id, line.seq);
                    if let Event::AgentSet { group, .. } = &line.event {
                        let agent = self.labels.of(id.as_str());
                        match group {
                            Some(group) => {
                                let group = self.labels.of(group.as_str());
                                self.groups.insert(agent, group);
                            }
                            None => self.groups.remove(&agent),
                        }
                    }
                } else {
                    self.repeated += 1;
                }
                Ok(())
            }
            Stream::Site(id) => {
                if follows(self.sites.get(id).copied(), line)? {
                    put(&mut self.sites, id, line.seq);
                } else {
                    self.repeated += 1;
                }
                Ok(())
            }
        }
    }

    /// Reads a log of JSON lines to its end and takes each of them.
    ///
    /// # Errors
    /// As [`LogReader`](crate::LogReader), and [`Error::Misplaced`] around what [`Figures::push`] says. What came
    /// before the faulty line is taken.
    pub fn read(&mut self, log: impl BufRead) -> Result<(), Error> {
        let mut reader = read_log(log);
        while let Some(line) = reader.next() {
            self.push(&line?).map_err(|error| Error::Misplaced {
                line: reader.line_number(),
                source: Box::new(error),
            })?;
        }
        Ok(())
    }

    /// The figures as they stand.
    #[must_use]
    pub fn report(&self) -> Report {
        let rows = self.cells.iter().map(|(row, cell)| {
            let texts = row.iter().map(|label| self.labels.text(*label).to_owned());
            Row::new(texts.collect(), cell)
        });
        let mut report = Report::new(&self.options, rows.collect());
        report.open = self.open;
        report.repeated = self.repeated;
        report.skewed = self.skewed;
        report
    }

    fn push_conversation(&mut self, id: &ConversationId, line: &Line) -> Result<(), Error> {
        let Some(room) = self.rooms.get_mut(id) else {
            return self.open_room(id, line);
        };
        if !follows(Some(room.seq), line)? {
            self.repeated += 1;
            return Ok(());
        }
        if matches!(line.event, Event::Opened { .. }) {
            return Err(opened(line));
        }
        room.seq = line.seq;
        if line.at < room.last_at {
            self.skewed += 1;
        }
        let at = line.at.max(room.last_at);
        room.last_at = at;
        if let Some(category) = new_category(&line.event) {
            set_category(
                &mut room.labels,
                &self.options.by,
                Some(category),
                &mut self.labels,
            );
        }
        let closed = match &mut room.episode {
            Some(episode) => {
                let step = episode.apply(&line.event, at, &mut self.labels);
                match step {
                    Step::Open => None,
                    Step::Closed => room.episode.take(),
                }
            }
            None => None,
        };
        let reopened = matches!(line.event, Event::Reopened { .. }) && room.episode.is_none();
        if reopened {
            let owner = closed.as_ref().and_then(|episode| episode.owner);
            room.episode = Some(Box::new(Episode::reopened(at, owner)));
            self.open += 1;
        }
        if let Some(episode) = closed {
            self.open -= 1;
            if let Some(settled) = Settled::of(&episode, at) {
                Recorder {
                    options: &self.options,
                    labels: &mut self.labels,
                    groups: &self.groups,
                    cells: &mut self.cells,
                }
                .record(&room.labels, &settled);
            }
        }
        Ok(())
    }

    fn open_room(&mut self, id: &ConversationId, line: &Line) -> Result<(), Error> {
        follows(None, line)?;
        let Event::Opened {
            channel,
            opened_by,
            bot,
            category,
            parameters,
            previous,
            ..
        } = &line.event
        else {
            return Err(opened(line));
        };
        let parameters = parameters.as_ref().and_then(Sealable::open);
        let mut labels = Vec::with_capacity(self.options.by.len());
        for dimension in &self.options.by {
            labels.push(match dimension {
                Dimension::Channel => self.labels.of(channel.as_str()),
                Dimension::Returning if previous.is_some() => self.labels.of("returning"),
                Dimension::Returning => self.labels.of("first"),
                Dimension::Inflow => parameter(parameters, "inflow", &mut self.labels),
                Dimension::Parameter(name) => parameter(parameters, name, &mut self.labels),
                Dimension::Day
                | Dimension::Hour
                | Dimension::Week
                | Dimension::Month
                | Dimension::Agent
                | Dimension::Category
                | Dimension::Sub
                | Dimension::Group
                | Dimension::End => Label::NONE,
            });
        }
        set_category(
            &mut labels,
            &self.options.by,
            category.as_ref(),
            &mut self.labels,
        );
        let room = Room {
            seq: line.seq,
            last_at: line.at,
            labels: labels.into_boxed_slice(),
            episode: Some(Box::new(Episode::opened(line.at, *opened_by, *bot))),
        };
        self.rooms.insert(id.clone(), room);
        self.open += 1;
        Ok(())
    }
}

/// Labels may hold a customer's parameters.
impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures")
            .field("options", &self.options)
            .field("open", &self.open)
            .field("repeated", &self.repeated)
            .field("skewed", &self.skewed)
            .finish_non_exhaustive()
    }
}

/// Whether the line is the next of its stream; false where it was taken before.
fn follows(last: Option<u64>, line: &Line) -> Result<bool, Error> {
    let last = last.unwrap_or(0);
    if line.seq > last && line.seq - last == 1 {
        return Ok(true);
    }
    if line.seq <= last && line.seq > 0 {
        return Ok(false);
    }
    Err(Error::Gap {
        stream: line.stream.clone(),
        expected: last.saturating_add(1),
        found: line.seq,
    })
}

fn opened(line: &Line) -> Error {
    Error::Opened {
        stream: line.stream.clone(),
        seq: line.seq,
    }
}

fn put<K: Clone + std::hash::Hash + Eq>(table: &mut Lookup<K, u64>, key: &K, seq: u64) {
    match table.get_mut(key) {
        Some(last) => *last = seq,
        None => table.insert(key.clone(), seq),
    }
}

fn parameter(parameters: Option<&Parameters>, name: &str, labels: &mut Labels) -> Label {
    parameters
        .and_then(|parameters| parameters.get(name))
        .and_then(Sealable::open)
        .map_or(Label::NONE, |value| labels.of(value))
}

/// The category an event gives a conversation.
const fn new_category(event: &Event) -> Option<&Category> {
    match event {
        Event::CategoryChanged { category, .. }
        | Event::ReturnedToQueue {
            to: Some(TransferTarget::Category(category)),
            ..
        } => Some(category),
        Event::AgentRequested { category, .. } => category.as_ref(),
        _ => None,
    }
}

fn set_category(
    slots: &mut [Label],
    by: &[Dimension],
    category: Option<&Category>,
    labels: &mut Labels,
) {
    for (slot, dimension) in slots.iter_mut().zip(by) {
        let word = match dimension {
            Dimension::Category => category.map(|category| &category.main),
            Dimension::Sub => category.and_then(|category| category.sub.as_ref()),
            _ => continue,
        };
        *slot = word.map_or(Label::NONE, |word| labels.of(word.as_str()));
    }
}
