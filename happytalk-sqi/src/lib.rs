#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod bucket;
mod cell;
mod dimension;
mod episode;
mod error;
mod figures;
mod label;
mod lookup;
mod options;
mod reader;
mod record;
mod report;
mod samples;
mod settled;
mod table;

pub use dimension::Dimension;
pub use error::Error;
pub use figures::Figures;
pub use happytalk_core::Language;
pub use options::{Clock, Options, Quantiles};
pub use reader::{LogReader, read_log};
pub use report::{Rate, Report, Row, Spread, TimeFigure};
