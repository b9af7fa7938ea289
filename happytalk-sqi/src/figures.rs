//! The engine: lines in, cells of figures out.

use std::fmt;
use std::io::BufRead;

use happytalk_core::event::Event;
use happytalk_core::hours::Overrides;
use happytalk_core::{Line, Timestamp};

use crate::bucket::Buckets;
use crate::cell::Cells;
use crate::closed::{After, Closed, ClosedRooms};
use crate::episode::{Episode, Step};
use crate::error::Error;
use crate::fact::{Fact, Place, QueueNow, What};
use crate::label::{Label, Labels};
use crate::lookup::{self, Lookup};
use crate::meter::Meter;
use crate::open_rooms::OpenRooms;
use crate::options::Options;
use crate::reader::read_facts;
use crate::record::{Recorder, Scratch};
use crate::report::Report;
use crate::room::{LabelSets, Room};
use crate::settled::Settled;
use crate::standing::Standing;

/// The figures of a log, kept up to date line by line.
///
/// Takes the lines of each stream in the order of their `seq`; how streams are mixed matters only to
/// [`Dimension::Group`](crate::Dimension::Group), and to what the [horizon](Options::horizon) has forgotten. Keeps the
/// events of open conversations; of a closed one its values (four bytes each, or less with
/// [`Quantiles::Sketch`](crate::Quantiles::Sketch)), and within the horizon its id and the number of its last line.
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
    pub(crate) options: Options,
    pub(crate) labels: Labels,
    buckets: Buckets,
    rooms: OpenRooms,
    closed: ClosedRooms,
    label_sets: LabelSets,
    agents: Lookup<Box<str>, u64>,
    sites: Lookup<Box<str>, u64>,
    groups: Lookup<Label, Label>,
    /// What the manual switch of the hours did.
    switched: Overrides,
    pub(crate) cells: Cells,
    scratch: Scratch,
    /// What times are measured by.
    business: Meter,
    /// What rows in and out of hours ask.
    hours: Meter,
    /// For the standard metrics alone.
    pub(crate) standing: Option<Box<Standing>>,
    pub(crate) latest: Timestamp,
    pub(crate) skewed: u64,
    repeated: u64,
}

/// Why a line was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Gap { expected: u64 },
    Opened,
    TooLate,
}

impl Refusal {
    /// The error about that line.
    pub(crate) fn of(self, line: &Line) -> Error {
        let (stream, seq) = (line.stream.clone(), line.seq);
        match self {
            Self::Gap { expected } => Error::Gap {
                stream,
                expected,
                found: seq,
            },
            Self::Opened => Error::Opened { stream, seq },
            Self::TooLate => Error::TooLate { stream, seq },
        }
    }
}

impl Figures {
    /// Figures of nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            labels: Labels::new(),
            buckets: Buckets::default(),
            rooms: OpenRooms::default(),
            closed: ClosedRooms::new(options.horizon),
            label_sets: LabelSets::default(),
            agents: Lookup::default(),
            sites: Lookup::default(),
            groups: Lookup::default(),
            switched: Overrides::none(),
            cells: Cells::default(),
            scratch: Scratch::default(),
            business: Meter::new(options.business.as_ref()),
            hours: Meter::new(options.calendar()),
            standing: options.standard.is_some().then(Box::default),
            latest: Timestamp::MIN,
            skewed: 0,
            repeated: 0,
            options,
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
    /// not begin with `opened`, or has it twice, [`Error::TooLate`] where the line is of a conversation that the
    /// [horizon](Options::horizon) has left behind. The line is not taken then.
    pub fn push(&mut self, line: &Line) -> Result<(), Error> {
        self.take(&Fact::from(line))
            .map_err(|refusal| refusal.of(line))
    }

    /// Reads a log of JSON lines to its end and takes each of them. Quicker than [`read_log`](crate::read_log) and
    /// [`Figures::push`]: of fields that no figure looks at it asks nothing but that they are JSON.
    ///
    /// # Errors
    /// As [`LogReader`](crate::LogReader), and [`Error::Misplaced`] around what [`Figures::push`] says. What came
    /// before the faulty line is taken.
    pub fn read(&mut self, log: impl BufRead) -> Result<(), Error> {
        self.read_watched(log, |_| ())
    }

    /// As [`Figures::read`], and tells `watch` after each part of the log how many bytes of it were read so far.
    ///
    /// # Errors
    /// As [`Figures::read`].
    pub fn read_watched(&mut self, log: impl BufRead, watch: impl FnMut(u64)) -> Result<(), Error> {
        read_facts(log, watch, |fact| self.take(fact), Refusal::of)
    }

    /// The figures as they stand.
    #[must_use]
    pub fn report(&self) -> Report {
        let repeats = self
            .standing
            .as_ref()
            .zip(self.options.standard.as_ref())
            .map(|(standing, standard)| standing.repeats(standard))
            .unwrap_or_default();
        let rows = (0_u32..)
            .zip(self.cells.iter())
            .map(|(place, (row, cell))| {
                let texts = row.iter().map(|label| self.labels.text(*label).to_owned());
                let repeats = repeats.get(&place).copied().unwrap_or(0);
                crate::report::Row::new(texts.collect(), cell, &self.options, repeats)
            });
        let mut report = Report::new(&self.options, rows.collect());
        report.open = self.rooms.count();
        report.repeated = self.repeated;
        report.skewed = self.skewed;
        if let Some(standing) = &self.standing {
            report.agents = standing.agent_rows(&self.labels, &self.options, self.latest);
        }
        report
    }

    /// How many conversations are open.
    pub(crate) fn open(&self) -> u64 {
        self.rooms.count()
    }

    pub(crate) fn take(&mut self, fact: &Fact<'_>) -> Result<(), Refusal> {
        match fact.place {
            Place::Conversation(id) => self.take_of_conversation(id, fact)?,
            Place::Agent(id) => {
                if follows(self.agents.get(id).copied(), fact.seq)? {
                    put(&mut self.agents, id, fact.seq);
                    self.take_of_agent(id, fact);
                } else {
                    self.repeated += 1;
                }
            }
            Place::Site(id) => {
                if follows(self.sites.get(id).copied(), fact.seq)? {
                    put(&mut self.sites, id, fact.seq);
                    if let What::HoursOverridden { open, until } = fact.what {
                        let event = Event::HoursOverridden { open, until };
                        self.switched.apply(&event, fact.at);
                        self.business.forget();
                        self.hours.forget();
                    }
                } else {
                    self.repeated += 1;
                }
            }
        }
        self.latest = self.latest.max(fact.at);
        Ok(())
    }

    fn take_of_agent(&mut self, id: &str, fact: &Fact<'_>) {
        let agent = self.labels.of(id);
        if let What::AgentSet { group, .. } = fact.what {
            match group {
                Some(group) => {
                    let group = self.labels.of(group);
                    self.groups.insert(agent, group);
                }
                None => {
                    self.groups.remove(&agent);
                }
            }
        }
        if let Some(standing) = &mut self.standing {
            standing.take_of_agent(agent, fact, &mut self.labels);
        }
    }

    fn take_of_conversation(&mut self, id: &str, fact: &Fact<'_>) -> Result<(), Refusal> {
        let name = Name {
            id,
            hash: lookup::hash(id),
        };
        let Some(place) = self.rooms.find(id, name.hash) else {
            return match self.closed.get(id, name.hash) {
                Some(closed) => self.take_after_close(name, closed, fact),
                None => self.open_room(name, fact),
            };
        };
        let Some(room) = self.rooms.at(place) else {
            return Ok(());
        };
        if !follows(Some(room.seq), fact.seq)? {
            self.repeated += 1;
            return Ok(());
        }
        if matches!(fact.what, What::Opened(_)) {
            return Err(Refusal::Opened);
        }
        room.seq = fact.seq;
        self.skewed += u64::from(fact.at < room.last_at);
        let at = fact.at.max(room.last_at);
        room.last_at = at;
        room.hear(&fact.what, &self.options.by, &mut self.labels);
        if fact.what.about().is_some()
            && let Some(standing) = &mut self.standing
        {
            standing.change_main(id, room.matter().main);
        }
        let line = (id, fact.seq);
        if room.episode.apply(&fact.what, at, line, &mut self.labels) == Step::Closed {
            self.close(name, place, fact, at);
        }
        Ok(())
    }

    /// The episode of the conversation at `place` closed at `at`.
    fn close(&mut self, name: Name<'_>, place: u32, fact: &Fact<'_>, at: Timestamp) {
        let Some(room) = self.rooms.at(place) else {
            return;
        };
        let mut after = After::default();
        if let Some(settled) = Settled::of(&room.episode, at) {
            let mut recorder = Recorder {
                options: &self.options,
                labels: &mut self.labels,
                buckets: &mut self.buckets,
                groups: &self.groups,
                switched: &self.switched,
                business: &mut self.business,
                hours: &mut self.hours,
                cells: &mut self.cells,
                scratch: &mut self.scratch,
            };
            after.cell = recorder.record(room, &settled);
            after.rated = room.episode.rated;
            after.surveyed = room.episode.surveyed || room.episode.rated.is_some();
        }
        if let Some(standing) = &mut self.standing {
            let buckets = &mut self.buckets;
            standing.close(
                room,
                name.id,
                at,
                after.cell,
                &self.options,
                buckets,
                &mut self.labels,
            );
        }
        if matches!(fact.what, What::Reopened) {
            let owner = room.episode.owner;
            room.episode.begin(Episode::reopened(at, owner));
            if let Some(standing) = &mut self.standing {
                standing.open(name.id, room);
            }
            return;
        }
        let closed = Closed {
            seq: room.seq,
            last_at: room.last_at,
            labels: self.label_sets.number(room),
            after,
        };
        self.rooms.remove(place);
        let latest = self.latest.max(at);
        self.closed.add(name.id, name.hash, closed, latest);
    }

    fn take_after_close(
        &mut self,
        name: Name<'_>,
        mut closed: Closed,
        fact: &Fact<'_>,
    ) -> Result<(), Refusal> {
        if closed.last_at < self.closed.known_since(self.latest) {
            return Err(Refusal::TooLate);
        }
        if !follows(Some(closed.seq), fact.seq)? {
            self.repeated += 1;
            return Ok(());
        }
        if matches!(fact.what, What::Opened(_)) {
            return Err(Refusal::Opened);
        }
        closed.seq = fact.seq;
        self.skewed += u64::from(fact.at < closed.last_at);
        let at = fact.at.max(closed.last_at);
        closed.last_at = at;
        match &fact.what {
            What::Reopened => {
                self.closed.take(name.id, name.hash);
                let place = self.rooms.add(name.id, name.hash);
                if let Some(room) = self.rooms.at(place) {
                    room.reopen(&closed, &self.label_sets, at);
                    if let Some(standing) = &mut self.standing {
                        standing.open(name.id, room);
                    }
                }
                return Ok(());
            }
            What::Rated { score, scale } => self.rate(&mut closed.after, (*score, *scale)),
            What::Surveyed => self.survey(&mut closed.after),
            what => {
                if what.about().is_some() || what.queue() != QueueNow::Unchanged {
                    let mut room = Room::default();
                    room.reopen(&closed, &self.label_sets, at);
                    room.hear(what, &self.options.by, &mut self.labels);
                    closed.labels = self.label_sets.number(&room);
                }
            }
        }
        self.closed.set(name.id, name.hash, closed);
        Ok(())
    }

    /// A score that came after the close. Of several the first counts; whoever scored was asked.
    fn rate(&mut self, after: &mut After, rated: (u8, u8)) {
        if after.rated.is_some() {
            return;
        }
        self.survey(after);
        let Some(cell) = after.cell.and_then(|cell| self.cells.at(cell)) else {
            return;
        };
        if let Some(slot) = cell.counts.rated(rated) {
            *slot += 1;
        }
        after.rated = Some(rated);
    }

    fn survey(&mut self, after: &mut After) {
        if let Some(cell) = after.cell.and_then(|cell| self.cells.at(cell)) {
            cell.counts.surveyed += u64::from(!after.surveyed);
            after.surveyed = true;
        }
    }

    fn open_room(&mut self, name: Name<'_>, fact: &Fact<'_>) -> Result<(), Refusal> {
        let is_late = fact.at < self.closed.known_since(self.latest);
        if is_late || (fact.seq > 1 && self.closed.has_forgotten()) {
            return Err(Refusal::TooLate);
        }
        follows(None, fact.seq)?;
        let What::Opened(opening) = &fact.what else {
            return Err(Refusal::Opened);
        };
        let place = self.rooms.add(name.id, name.hash);
        if let Some(room) = self.rooms.at(place) {
            room.open(fact, opening, &self.options.by, &mut self.labels);
            if let Some(standing) = &mut self.standing {
                standing.came_after(name.id, opening.previous);
                standing.open(name.id, room);
            }
        }
        Ok(())
    }
}

/// A conversation's id, and what it hashes to.
#[derive(Clone, Copy)]
struct Name<'a> {
    id: &'a str,
    hash: u64,
}

/// Labels may hold a customer's parameters.
impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures")
            .field("options", &self.options)
            .field("open", &self.rooms.count())
            .field("repeated", &self.repeated)
            .field("skewed", &self.skewed)
            .finish_non_exhaustive()
    }
}

/// Whether `seq` is the next after `last`; false where it was taken before.
fn follows(last: Option<u64>, seq: u64) -> Result<bool, Refusal> {
    let last = last.unwrap_or(0);
    if seq > last && seq - last == 1 {
        return Ok(true);
    }
    if seq <= last && seq > 0 {
        return Ok(false);
    }
    Err(Refusal::Gap {
        expected: last.saturating_add(1),
    })
}

fn put(table: &mut Lookup<Box<str>, u64>, key: &str, seq: u64) {
    match table.get_mut(key) {
        Some(last) => *last = seq,
        None => table.insert(key.into(), seq),
    }
}
