//! The names of days, hours, weeks and months in a zone.

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;

use crate::dimension::Dimension;
use crate::label::{Label, Labels};
use crate::lookup::Lookup;

/// A quarter of an hour, which is what the offsets of zones are multiples of: nearly always all of it is in one bucket.
const SLOT_MS: i64 = 900_000;

/// The labels of buckets, each looked up in the calendar once a quarter of an hour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buckets(Lookup<(u8, i64), Label>);

impl Buckets {
    /// The label of the bucket `at` falls into; `(none)` where `dimension` is none of time.
    pub(crate) fn label(
        &mut self,
        dimension: &Dimension,
        zone: &Zone,
        at: Timestamp,
        labels: &mut Labels,
    ) -> Label {
        let Some(kind) = kind(dimension) else {
            return Label::NONE;
        };
        let slot = at.as_millis().div_euclid(SLOT_MS);
        if let Some(label) = self.0.get(&(kind, slot)) {
            return *label;
        }
        let text = name(dimension, zone, at);
        let label = labels.of(&text);
        let starts = Timestamp::from_millis(slot * SLOT_MS);
        let ends = Timestamp::from_millis(slot * SLOT_MS + SLOT_MS - 1);
        let is_whole = [starts, ends]
            .iter()
            .all(|end| name(dimension, zone, *end) == text);
        if is_whole {
            self.0.insert((kind, slot), label);
        }
        label
    }
}

const fn kind(dimension: &Dimension) -> Option<u8> {
    match dimension {
        Dimension::Day => Some(0),
        Dimension::Hour => Some(1),
        Dimension::Week => Some(2),
        Dimension::Month => Some(3),
        Dimension::Agent
        | Dimension::Channel
        | Dimension::Category
        | Dimension::Sub
        | Dimension::Group
        | Dimension::End
        | Dimension::Returning
        | Dimension::Inflow
        | Dimension::Hours
        | Dimension::Parameter(_) => None,
    }
}

/// Whether rows by `dimension` are rows of a stretch of time.
pub(crate) const fn is_of_time(dimension: &Dimension) -> bool {
    kind(dimension).is_some()
}

/// The name of the bucket `at` falls into; empty where `dimension` is none of time.
pub(crate) fn name(dimension: &Dimension, zone: &Zone, at: Timestamp) -> String {
    let wall = zone.wall(at);
    let date = wall.date;
    match dimension {
        Dimension::Day => date.to_string(),
        Dimension::Hour => format!("{date}T{:02}", wall.hour()),
        Dimension::Week => {
            let (year, week) = date.iso_week();
            format!("{year:04}-W{week:02}")
        }
        Dimension::Month => format!("{:04}-{:02}", date.year(), date.month()),
        Dimension::Agent
        | Dimension::Channel
        | Dimension::Category
        | Dimension::Sub
        | Dimension::Group
        | Dimension::End
        | Dimension::Returning
        | Dimension::Inflow
        | Dimension::Hours
        | Dimension::Parameter(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(dimension: &Dimension, zone: &str, at: &str) -> String {
        super::name(dimension, &Zone::named(zone).unwrap(), at.parse().unwrap())
    }

    #[test]
    fn a_bucket_is_of_the_zone_and_not_of_utc() {
        let at = "2024-12-29T15:00:00Z";
        assert_eq!(name(&Dimension::Day, "Asia/Seoul", at), "2024-12-30");
        assert_eq!(name(&Dimension::Day, "UTC", at), "2024-12-29");
        assert_eq!(name(&Dimension::Hour, "Asia/Seoul", at), "2024-12-30T00");
        assert_eq!(name(&Dimension::Hour, "Asia/Kolkata", at), "2024-12-29T20");
        assert_eq!(name(&Dimension::Month, "Asia/Seoul", at), "2024-12");
    }

    #[test]
    fn a_slot_that_a_bucket_ends_in_is_looked_up_each_time() {
        // Liberia was 44 minutes and 30 seconds behind until 1972.
        let zone = Zone::named("Africa/Monrovia").unwrap();
        let (mut labels, mut buckets) = (Labels::new(), Buckets::default());
        for second in 0..7_200 {
            let at = Timestamp::from_millis(1_000 * (864_000 + second));
            let label = buckets.label(&Dimension::Hour, &zone, at, &mut labels);
            assert_eq!(labels.text(label), super::name(&Dimension::Hour, &zone, at));
        }
    }

    #[test]
    fn a_week_begins_on_monday_and_may_be_of_the_next_year() {
        let week = |at| name(&Dimension::Week, "Asia/Seoul", at);
        assert_eq!(week("2024-05-13T00:00:00+09:00"), "2024-W20");
        assert_eq!(week("2024-05-12T23:59:59.999+09:00"), "2024-W19");
        assert_eq!(week("2024-12-30T00:00:00+09:00"), "2025-W01");
    }
}
