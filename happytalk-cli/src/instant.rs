//! Times as arguments.

use happytalk_core::Timestamp;
use happytalk_core::time::{Date, Zone};

use crate::failure::Failure;

/// A time as an argument: RFC 3339, or milliseconds since the epoch.
pub(crate) fn instant(option: &str, text: &str) -> Result<Timestamp, Failure> {
    let millis = text.parse::<i64>().ok();
    let time = match millis {
        Some(millis) => {
            Some(Timestamp::from_millis(millis)).filter(|time| time.as_millis() == millis)
        }
        None => text.parse().ok(),
    };
    time.ok_or_else(|| {
        Failure::usage(format!(
            "bad value of `{option}`. expected=`a time such as 2026-01-12T10:00:00+09:00, or milliseconds since 1970`"
        ))
    })
}

/// A time as an argument that may be a day of `zone`, which is where it begins.
pub(crate) fn day_or_instant(option: &str, text: &str, zone: &Zone) -> Result<Timestamp, Failure> {
    match text.parse::<Date>() {
        Ok(day) => Ok(zone.start_of(day)),
        Err(_) => instant(option, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_an_instant_or_milliseconds() {
        let read = |text: &str| instant("--at", text).map(Timestamp::as_millis).ok();
        assert_eq!(read("2026-01-12T10:00:00+09:00"), Some(1_768_179_600_000));
        assert_eq!(read("1768179600000"), Some(1_768_179_600_000));
        assert_eq!(read("-5"), Some(-5));
        assert_eq!(read("9223372036854775807"), None);
        assert_eq!(read("2026-01-12"), None);
    }

    #[test]
    fn a_day_begins_where_the_zone_says() {
        let read = |text: &str, zone: &str| {
            let zone = Zone::named(zone).unwrap();
            day_or_instant("--from", text, &zone)
                .map(Timestamp::as_millis)
                .ok()
        };
        assert_eq!(read("2024-05-13", "Asia/Seoul"), Some(1_715_526_000_000));
        assert_eq!(read("2024-05-13", "UTC"), Some(1_715_558_400_000));
        assert_eq!(read("1715558400000", "Asia/Seoul"), Some(1_715_558_400_000));
        assert_eq!(read("2024-02-30", "UTC"), None);
    }
}
