#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod activity;
mod bucket;
mod cell;
mod closed;
mod compare;
mod contacts;
mod csv;
mod dimension;
mod episode;
mod error;
mod explain;
mod fact;
mod figures;
#[cfg(feature = "gzip")]
mod gzip;
mod label;
mod lookup;
mod meter;
mod open_rooms;
mod options;
mod partial;
mod reader;
mod record;
mod report;
mod room;
mod samples;
mod scan;
mod settled;
mod sketch;
mod span;
mod standard_table;
mod standing;
mod table;

pub use compare::{Change, Comparison, RateChange, RowChange};
pub use dimension::Dimension;
pub use error::Error;
pub use explain::{Absence, EpisodeExplanation, Explanation, FigureExplanation, Part, explain};
pub use figures::Figures;
#[cfg(feature = "gzip")]
pub use gzip::{Unpacked, unpacked};
pub use happytalk_core::Language;
pub use options::{Clock, Missed, Options, Quantiles, Standard};
pub use partial::Partial;
pub use reader::{LogReader, read_log};
pub use report::{
    AgentRow, Interval, Nps, Rate, Report, Row, ServiceLevel, ServiceLevels, Spread, StandardRow,
    TimeFigure,
};
pub use span::{Calendar, WorkingTime};
