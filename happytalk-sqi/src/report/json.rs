//! The report as the JSON of the command line.

use happytalk_core::Timestamp;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{AgentRow, Report, Row, TimeFigure};
use crate::activity;
use crate::options::{Missed, Options};

impl Serialize for TimeFigure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("count", &self.count)?;
        if let Some(spread) = &self.spread {
            map.serialize_entry("sum_ms", &spread.sum_ms)?;
            map.serialize_entry("min_ms", &spread.min_ms)?;
            map.serialize_entry("max_ms", &spread.max_ms)?;
            map.serialize_entry("mean_ms", &spread.mean_ms)?;
            map.serialize_entry("p50_ms", &spread.p50_ms)?;
            map.serialize_entry("p90_ms", &spread.p90_ms)?;
            map.serialize_entry("p99_ms", &spread.p99_ms)?;
        }
        map.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("definition", &self.definition)?;
        map.serialize_entry("zone", &self.zone)?;
        map.serialize_entry("clock", self.clock.as_str())?;
        map.serialize_entry("by", &by)?;
        if let Some((from, until)) = self.period {
            map.serialize_entry("period", &Period { from, until })?;
        }
        map.serialize_entry("quantiles", self.quantiles.as_str())?;
        if self.missed != Missed::Apart {
            map.serialize_entry("missed", self.missed.as_str())?;
        }
        if let Some(business) = &self.business {
            map.serialize_entry("business", business)?;
        }
        map.serialize_entry(
            "rows",
            &Rows {
                by: &by,
                rows: &self.rows,
            },
        )?;
        map.serialize_entry("open", &self.open)?;
        if self.repeated > 0 {
            map.serialize_entry("repeated", &self.repeated)?;
        }
        if self.skewed > 0 {
            map.serialize_entry("skewed", &self.skewed)?;
        }
        if self.rows.iter().any(|row| row.standard.is_some()) || !self.agents.is_empty() {
            let options = Options::new().with_by(self.by.iter().cloned());
            let by: Vec<String> = activity::dimensions(&options)
                .map(ToString::to_string)
                .collect();
            map.serialize_entry(
                "agents",
                &Agents {
                    by: &by,
                    rows: &self.agents,
                },
            )?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Period {
    from: Timestamp,
    until: Timestamp,
}

/// Rows with the names of their keys.
struct Rows<'a> {
    by: &'a [String],
    rows: &'a [Row],
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in self.rows {
            list.serialize_element(&NamedRow { by: self.by, row })?;
        }
        list.end()
    }
}

struct NamedRow<'a> {
    by: &'a [String],
    row: &'a Row,
}

#[derive(Serialize)]
struct Count {
    count: u64,
}

impl Serialize for NamedRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.row;
        let mut map = serializer.serialize_map(None)?;
        for (name, text) in self.by.iter().zip(&row.keys) {
            map.serialize_entry(name, text)?;
        }
        map.serialize_entry("queue_time", &row.queue_time)?;
        map.serialize_entry("abandon_rate", &row.abandon_rate)?;
        map.serialize_entry("first_response", &row.first_response)?;
        map.serialize_entry("agent_wait", &row.agent_wait)?;
        map.serialize_entry("customer_wait", &row.customer_wait)?;
        map.serialize_entry("talk_time", &row.talk_time)?;
        map.serialize_entry("after_work", &row.after_work)?;
        map.serialize_entry("total_time", &row.total_time)?;
        let from_request = &row.first_response_from_request;
        map.serialize_entry("first_response_from_request", from_request)?;
        let from_assignment = &row.first_response_from_assignment;
        map.serialize_entry("first_response_from_assignment", from_assignment)?;
        map.serialize_entry("abandon_wait", &row.abandon_wait)?;
        map.serialize_entry("idle_tail", &row.idle_tail)?;
        map.serialize_entry("transfer_wait", &row.transfer_wait)?;
        map.serialize_entry("missed", &Count { count: row.missed })?;
        if let Some(standard) = &row.standard {
            map.serialize_entry("standard", standard)?;
        }
        map.end()
    }
}

/// Rows of agents with the names of their keys.
struct Agents<'a> {
    by: &'a [String],
    rows: &'a [AgentRow],
}

impl Serialize for Agents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in self.rows {
            list.serialize_element(&NamedAgentRow { by: self.by, row })?;
        }
        list.end()
    }
}

struct NamedAgentRow<'a> {
    by: &'a [String],
    row: &'a AgentRow,
}

impl Serialize for NamedAgentRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.row;
        let mut map = serializer.serialize_map(None)?;
        for (name, text) in self.by.iter().zip(&row.keys) {
            map.serialize_entry(name, text)?;
        }
        map.serialize_entry("agent", &row.agent)?;
        map.serialize_entry("handled", &row.handled)?;
        map.serialize_entry("handling_ms", &row.handling_ms)?;
        map.serialize_entry("busy_ms", &row.busy_ms)?;
        map.serialize_entry("concurrency_adjusted_ms", &row.concurrency_adjusted_ms())?;
        map.serialize_entry("logged_in_ms", &row.logged_in_ms)?;
        map.serialize_entry("paused_ms", &row.paused_ms)?;
        map.serialize_entry("occupancy", &row.occupancy())?;
        map.serialize_entry("slot_utilisation", &row.slot_utilisation())?;
        let statuses: Vec<StatusTime<'_>> = row
            .statuses
            .iter()
            .map(|(status, millis)| StatusTime {
                status,
                ms: *millis,
            })
            .collect();
        map.serialize_entry("statuses", &statuses)?;
        map.end()
    }
}

#[derive(Serialize)]
struct StatusTime<'a> {
    status: &'a str,
    ms: u64,
}
