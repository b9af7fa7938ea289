//! A part of the figures that can be kept, sent and merged with others.

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::json::JsonError;
use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Change};
use crate::cell::{COUNT_MAX, Cell};
use crate::contacts::{Chain, Contact, Contacts, repeats};
use crate::error::Error;
use crate::figures::Figures;
use crate::options::{Options, Quantiles};
use crate::report::{Report, Row};
use crate::standing::sorted;

/// What a part of a log comes to: to be merged with that of other parts, in any order, to the same bits.
///
/// Each part holds whole conversations, and each conversation is in one part. The streams of agents and sites may be in
/// one part or in several; rows by group need those of the agents in each part that has their conversations, working
/// hours need those of the site there, and occupancy needs those of the agents in one at least.
///
/// ```
/// use happytalk_sqi::{Figures, Options, Partial};
///
/// let options = Options::new();
/// let (mut monday, mut tuesday) = (Figures::new(options.clone()), Figures::new(options.clone()));
/// monday.read(r#"{"conversation":"a","seq":1,"at":0,"type":"opened","channel":"webchat","account":"s","customer":"u","opened_by":"customer","bot":true}"#.as_bytes())?;
/// tuesday.read(r#"{"conversation":"b","seq":1,"at":9,"type":"opened","channel":"webchat","account":"s","customer":"v","opened_by":"customer","bot":true}"#.as_bytes())?;
///
/// let sent = tuesday.partial().to_json(); // as bytes, from another machine
/// let mut whole = monday.partial();
/// whole.merge(&Partial::parse(&sent, &options)?)?;
/// assert_eq!(whole.report().open, 2);
/// # Ok::<(), happytalk_sqi::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Partial {
    options: Options,
    parts: Parts,
}

/// What is added up, in an order that is that of the values alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    definition: u32,
    /// What it was asked for: parts of another question are refused.
    asked: String,
    open: u64,
    skewed: u64,
    latest: Option<Timestamp>,
    #[serde(with = "pairs")]
    cells: BTreeMap<Vec<String>, Cell>,
    agents: BTreeMap<String, Activity<String>>,
    contacts: Contacts<Vec<String>, String>,
}

impl Partial {
    fn new(options: &Options) -> Self {
        Self {
            options: options.clone(),
            parts: Parts {
                definition: Report::DEFINITION,
                asked: asked(options),
                open: 0,
                skewed: 0,
                latest: None,
                cells: BTreeMap::new(),
                agents: BTreeMap::new(),
                contacts: BTreeMap::new(),
            },
        }
    }

    /// Reads what [`Partial::to_json`] wrote, under the same options.
    ///
    /// # Errors
    /// [`Error::Partial`] where it is no such text, [`Error::Mismatch`] where it was made under other options or
    /// another definition.
    pub fn parse(json: &str, options: &Options) -> Result<Self, Error> {
        let parts: Parts = serde_json::from_str(json).map_err(|error| Error::Partial {
            column: JsonError::from(&error).column().max(1),
        })?;
        let new = Self::new(options);
        if parts.asked != new.parts.asked || parts.definition != new.parts.definition {
            return Err(Error::Mismatch);
        }
        let keys = options.by.len();
        let is_sound = parts
            .cells
            .iter()
            .all(|(row, cell)| row.len() == keys && cell.is_sound(options.quantiles));
        let is_sound = is_sound
            && parts.open <= COUNT_MAX
            && parts.skewed <= COUNT_MAX
            && parts.agents.values().all(Activity::is_sound);
        if !is_sound {
            return Err(Error::Partial { column: 1 });
        }
        Ok(Self { parts, ..new })
    }

    /// As JSON: the same text for the same figures, however they came about. Holds the keys of rows, and with the
    /// standard metrics the ids of conversations and agents.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail.
        serde_json::to_string(&self.parts).unwrap_or_default()
    }

    /// Adds what another part has. Nothing is recognised as counted twice: that is up to who splits the log.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where the other was made under other options; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let (parts, new) = (&mut self.parts, &other.parts);
        if parts.asked != new.asked {
            return Err(Error::Mismatch);
        }
        parts.open += new.open;
        parts.skewed += new.skewed;
        parts.latest = parts.latest.max(new.latest);
        for (row, cell) in &new.cells {
            let quantiles = self.options.quantiles;
            let sum = parts.cells.entry(row.clone()).or_default();
            sum.merge(cell, quantiles);
            sum.sort();
        }
        for (agent, activity) in &new.agents {
            parts
                .agents
                .entry(agent.clone())
                .or_default()
                .merge(activity);
        }
        for (id, chain) in &new.contacts {
            parts.contacts.insert(id.clone(), chain.clone());
        }
        Ok(())
    }

    /// The figures of all that was merged. Knows nothing of repeats, which each part left out for itself.
    #[must_use]
    pub fn report(&self) -> Report {
        let parts = &self.parts;
        let repeats = self
            .options
            .standard
            .as_ref()
            .map(|standard| repeats(&parts.contacts, standard.settled_after))
            .unwrap_or_default();
        let rows = parts.cells.iter().map(|(keys, cell)| {
            let repeats = repeats.get(keys).copied().unwrap_or(0);
            Row::new(keys.clone(), cell, &self.options, repeats)
        });
        let mut report = Report::new(&self.options, rows.collect());
        report.open = parts.open;
        report.skewed = parts.skewed;
        if let Some(latest) = parts.latest {
            let agents = parts.agents.iter().flat_map(|(agent, activity)| {
                activity.rows(agent, &self.options, latest, String::as_str)
            });
            report.agents = sorted(agents.collect());
        }
        report
    }
}

impl Figures {
    /// The figures as they stand, to be merged with those of other parts of the log.
    #[must_use]
    pub fn partial(&self) -> Partial {
        let mut partial = Partial::new(&self.options);
        let text = |label| self.labels.text(label).to_owned();
        let parts = &mut partial.parts;
        parts.open = self.open();
        parts.skewed = self.skewed;
        parts.latest = (self.latest > Timestamp::MIN).then_some(self.latest);
        for (row, cell) in self.cells.iter() {
            let mut cell = cell.clone();
            cell.sort();
            parts
                .cells
                .insert(row.iter().map(|label| text(*label)).collect(), cell);
        }
        if let Some(standing) = &self.standing {
            for (agent, activity) in &standing.agents {
                let activity = named(activity, text);
                parts.agents.insert(text(*agent), activity);
            }
            for (id, chain) in &standing.contacts {
                let row = |cell: u32| {
                    self.cells
                        .row(cell)
                        .map(|row| row.iter().map(|label| text(*label)).collect())
                };
                let contacts = chain.contacts.iter().map(|contact| Contact {
                    row: contact.row.and_then(row),
                    main: text(contact.main),
                    opened_ms: contact.opened_ms,
                    closed_ms: contact.closed_ms,
                });
                let chain = Chain {
                    previous: chain.previous.clone(),
                    contacts: contacts.collect(),
                };
                parts.contacts.insert(id.clone(), chain);
            }
        }
        partial
    }
}

/// The same with the texts of labels in place of them.
fn named<S: Ord + Copy>(activity: &Activity<S>, text: impl Fn(S) -> String) -> Activity<String> {
    Activity {
        seq: activity.seq,
        changes: activity
            .changes
            .iter()
            .map(|change| Change {
                at_ms: change.at_ms,
                status: change.status.map(&text),
                class: change.class,
                cap: change.cap,
            })
            .collect(),
        handling: activity.handling.clone(),
        handled: activity
            .handled
            .iter()
            .map(|(keys, count)| (keys.iter().map(|key| text(*key)).collect(), *count))
            .collect(),
    }
}

/// What options ask for, as far as figures depend on it.
fn asked(options: &Options) -> String {
    let by: Vec<String> = options.by.iter().map(ToString::to_string).collect();
    let name = |calendar: &Option<crate::span::Calendar>| {
        calendar
            .as_ref()
            .map_or_else(String::new, |calendar| calendar.name().to_owned())
    };
    let standard = options
        .standard
        .as_ref()
        .map_or_else(String::new, |standard| {
            format!(
                "{} {}",
                standard.within.as_millis(),
                standard.settled_after.as_millis()
            )
        });
    let quantiles = match options.quantiles {
        Quantiles::Exact => "exact",
        Quantiles::Sketch => "sketch",
    };
    [
        by.join(","),
        options.zone.name().to_owned(),
        options.clock.to_string(),
        quantiles.to_owned(),
        options.short_abandon.as_millis().to_string(),
        options.period.map_or_else(String::new, |(from, until)| {
            format!("{} {}", from.as_millis(), until.as_millis())
        }),
        name(&options.business),
        name(&options.hours),
        standard,
    ]
    .join("\n")
}

/// Keys and ids may be personal.
impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial")
            .field("rows", &self.parts.cells.len())
            .field("open", &self.parts.open)
            .finish_non_exhaustive()
    }
}

/// A map whose keys are no texts, as a list of pairs.
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K, V, S>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error>
    where
        K: Serialize,
        V: Serialize,
        S: Serializer,
    {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let pairs = Vec::<(K, V)>::deserialize(deserializer)?;
        let count = pairs.len();
        let map: BTreeMap<K, V> = pairs.into_iter().collect();
        if map.len() != count {
            return Err(D::Error::custom("a key is there twice"));
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_partial_result_is_refused() {
        let options = Options::new().with("by", "day").unwrap();
        let blank = Figures::new(options.clone()).partial().to_json();
        assert_eq!(Partial::parse(&blank, &options).unwrap().to_json(), blank);
        let sketch = options.clone().with("quantiles", "sketch").unwrap();
        for (text, options, code) in [
            ("", &options, "sqi.partial"),
            ("{}", &options, "sqi.partial"),
            (blank.as_str(), &sketch, "sqi.mismatch"),
            (
                &blank.replace("\"definition\":1", "\"definition\":2"),
                &options,
                "sqi.mismatch",
            ),
        ] {
            assert_eq!(Partial::parse(text, options).unwrap_err().code(), code);
        }
        let mut one = Figures::new(options).partial();
        let error = one.merge(&Figures::new(sketch).partial()).unwrap_err();
        assert_eq!(error.code(), "sqi.mismatch");
    }
}
