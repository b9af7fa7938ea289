//! The names of days, hours, weeks and months in a zone.

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;

use crate::dimension::Dimension;

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
    fn a_week_begins_on_monday_and_may_be_of_the_next_year() {
        let week = |at| name(&Dimension::Week, "Asia/Seoul", at);
        assert_eq!(week("2024-05-13T00:00:00+09:00"), "2024-W20");
        assert_eq!(week("2024-05-12T23:59:59.999+09:00"), "2024-W19");
        assert_eq!(week("2024-12-30T00:00:00+09:00"), "2025-W01");
    }
}
