//! The shifts of an agent as a schedule.

use crate::event::Shift;
use crate::time::Zone;

use super::clock_time::{ClockTime, Days, Window};
use super::error::{CalendarError, CalendarFault};
use super::schedule::{Schedule, WeeklyRow};

/// The schedule of an agent with these shifts; around the clock where there is no list of them.
pub(super) fn schedule(zone: Zone, shifts: Option<&[Shift]>) -> Result<Schedule, CalendarError> {
    let mut schedule = Schedule::new(zone);
    match shifts {
        None => schedule
            .weekly
            .push(WeeklyRow::new(Days::ALL, Window::ALL_DAY)),
        Some(shifts) => {
            for (index, shift) in shifts.iter().enumerate() {
                schedule.weekly.push(row(shift, index)?);
            }
        }
    }
    Ok(schedule)
}

impl Schedule {
    /// When somebody with these shifts is at work; never where there are none of them.
    ///
    /// # Errors
    /// [`CalendarFault::NotADay`], [`CalendarFault::NotATime`] and [`CalendarFault::NotAWindow`], the place being that in
    /// the list of shifts.
    pub fn of_shifts(zone: Zone, shifts: &[Shift]) -> Result<Self, CalendarError> {
        schedule(zone, Some(shifts)).map(Self::settled)
    }
}

fn row(shift: &Shift, index: usize) -> Result<WeeklyRow, CalendarError> {
    let fault = |member, fault| CalendarError::new(format!("/{index}/{member}"), fault);
    let time = |member, text: &str| {
        let time = text.parse::<ClockTime>();
        time.map_err(|_| fault(member, CalendarFault::NotATime))
    };
    let days = Days::one(shift.day).ok_or_else(|| fault("day", CalendarFault::NotADay))?;
    let from = time("from", shift.from.as_str())?;
    let until = time("until", shift.until.as_str())?;
    let window =
        Window::new(from, until).ok_or_else(|| fault("from", CalendarFault::NotAWindow))?;
    Ok(WeeklyRow::new(days, window))
}
