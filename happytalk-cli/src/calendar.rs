//! A calendar of working hours out of a file.

use std::path::Path;

use happytalk_core::hours::{Calendar, CalendarError, CalendarFault};

use crate::failure::{Failure, Place};
use crate::source::Source;

/// The calendar in the file at `path`, and what faults call that file by.
pub(crate) fn read(path: &Path) -> Result<(String, Calendar), Failure> {
    let (name, text) = Source::open(path)?.text(Calendar::BYTES_MAX)?;
    match Calendar::read(&text) {
        Ok(calendar) => Ok((name, calendar)),
        Err(error) => Err(fault(&name, &error)),
    }
}

/// What is wrong with the calendar in the file called `name`.
pub(crate) fn fault(name: &str, error: &CalendarError) -> Failure {
    match error.fault() {
        CalendarFault::Json(at) => {
            let line = u64::try_from(at.line()).unwrap_or(u64::MAX);
            Failure::at(name, Place::new(line, at.column()), error)
        }
        _ => Failure::of(name, error),
    }
}
