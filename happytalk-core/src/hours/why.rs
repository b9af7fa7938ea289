//! Why it is open or closed.

use crate::id::Word;
use crate::time::Timestamp;

use super::clock_time::DAY;
use super::schedule::Schedule;

/// Why it is open, or closed, at an instant.
///
/// For an `hours` node of a scenario, the first two are its `open`, [`Why::Break`] its `lunch`, [`Why::Holiday`] its
/// `holiday`, and the others its `closed`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must decide on each")]
pub enum Why {
    /// Open: inside a window.
    InHours,
    /// Open: the manual switch is on.
    SwitchedOn,
    /// Closed: outside every window of a working day.
    OffHours,
    /// Closed: a break (점심시간) within a window.
    Break {
        /// What the break is called.
        name: Option<Word>,
    },
    /// Closed: a whole day off (휴무일), or the hours after it that its window would have run into.
    Holiday {
        /// What the day is called.
        name: Option<Word>,
    },
    /// Closed: the manual switch is off.
    SwitchedOff,
}

impl Why {
    /// The word for programs: `in_hours`, `switched_on`, `off_hours`, `break`, `holiday` or `switched_off`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InHours => "in_hours",
            Self::SwitchedOn => "switched_on",
            Self::OffHours => "off_hours",
            Self::Break { .. } => "break",
            Self::Holiday { .. } => "holiday",
            Self::SwitchedOff => "switched_off",
        }
    }

    /// Whether it is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::InHours | Self::SwitchedOn => true,
            Self::OffHours | Self::Break { .. } | Self::Holiday { .. } | Self::SwitchedOff => false,
        }
    }

    /// What the break or the holiday is called.
    #[must_use]
    pub const fn name(&self) -> Option<&Word> {
        match self {
            Self::Break { name } | Self::Holiday { name } => name.as_ref(),
            Self::InHours | Self::SwitchedOn | Self::OffHours | Self::SwitchedOff => None,
        }
    }
}

impl Schedule {
    /// Why it is open or closed at `time`. Never one of the two kinds of the manual switch, which a schedule alone does
    /// not know.
    #[must_use]
    pub fn why(&self, time: Timestamp) -> Why {
        if self.is_open(time) {
            return Why::InHours;
        }
        let wall = self.zone.wall(time);
        let (today, before) = (wall.date, wall.date.plus_days(-1));
        let minute = u16::try_from(wall.millis_of_day / 60_000).unwrap_or(0);
        // The same minute, as the windows of the day before count it.
        let later = minute.saturating_add(DAY);
        let mut running = self
            .windows_of(today)
            .map(|piece| piece.holds(minute))
            .chain(self.windows_of(before).map(|piece| piece.holds(later)));
        if running.any(|holds| holds) {
            let mut breaks = self.breaks_of(today);
            let pause = breaks.find(|pause| pause.window.piece().holds(minute));
            let pause = pause.or_else(|| {
                let mut earlier = self.breaks_of(before);
                earlier.find(|pause| pause.window.piece().holds(later))
            });
            if let Some(pause) = pause {
                let name = pause.name.clone();
                return Why::Break { name };
            }
        }
        let holiday = |date| self.special.get(&date).filter(|day| day.is_holiday());
        let holiday = holiday(today).or_else(|| {
            let off = holiday(before)?;
            let mut tails = self.weekly_of(before);
            tails.any(|piece| piece.holds(later)).then_some(off)
        });
        match holiday {
            Some(day) => Why::Holiday {
                name: day.name.clone(),
            },
            None => Why::OffHours,
        }
    }
}
