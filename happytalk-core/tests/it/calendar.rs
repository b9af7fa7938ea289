//! Laws of time: instants, days, and what the clocks of a zone show.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::time::{Date, WallTime, Zone};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, proptest};

fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        any::<i64>(),
        // 1900 to 2100, where zones change their clocks.
        -2_208_988_800_000_i64..4_102_444_800_000,
        -1_000_000_i64..1_000_000,
    ]
    .prop_map(Timestamp::from_millis)
}

fn days() -> impl Strategy<Value = Date> {
    (0_i16..=9999, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("a day the calendar has", |(year, month, day)| {
            Date::new(year, month, day)
        })
}

fn zones() -> impl Strategy<Value = &'static str> {
    select(vec![
        "Asia/Seoul",
        "UTC",
        "America/New_York",
        "Europe/Dublin",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
    ])
}

proptest! {
    #[test]
    fn an_instant_that_is_printed_is_read_back(time in instants()) {
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        let json = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(&json, &time.as_millis().to_string());
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), time);
    }

    #[test]
    fn a_number_outside_the_calendar_is_refused_and_never_moved(millis in any::<i64>()) {
        let within = (Timestamp::MIN.as_millis()..=Timestamp::MAX.as_millis()).contains(&millis);
        let read = serde_json::from_str::<Timestamp>(&millis.to_string());
        prop_assert_eq!(read.is_ok(), within);
        let nearest = Timestamp::from_millis(millis);
        prop_assert!(Timestamp::MIN <= nearest && nearest <= Timestamp::MAX);
        prop_assert_eq!(nearest.as_millis() == millis, within);
    }

    #[test]
    fn later_by_a_span_is_that_span_later(time in instants(), millis in any::<u32>()) {
        let span = Duration::from_millis(u64::from(millis));
        let later = time.plus(span);
        if later < Timestamp::MAX {
            prop_assert_eq!(later.since(time), span);
            prop_assert_eq!(later.minus(span), time);
        }
        prop_assert_eq!(time.since(time.plus(Duration::from_millis(1))), Duration::ZERO);
    }

    #[test]
    fn no_span_leads_out_of_the_calendar(time in instants(), seconds in any::<u64>(), nanos in 0_u32..1_000_000_000) {
        let span = Duration::new(seconds, nanos);
        prop_assert!(time.plus(span) >= time && time.plus(span) <= Timestamp::MAX);
        prop_assert!(time.minus(span) <= time && time.minus(span) >= Timestamp::MIN);
    }

    #[test]
    fn any_text_is_an_instant_or_is_not(text in any::<String>()) {
        if let Ok(time) = text.parse::<Timestamp>() {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    #[test]
    fn a_day_that_is_printed_is_read_back(day in days()) {
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert_eq!(Date::new(day.year(), day.month(), day.day()), Some(day));
        let json = serde_json::to_string(&day).unwrap();
        prop_assert_eq!(serde_json::from_str::<Date>(&json).unwrap(), day);
    }

    #[test]
    fn only_a_date_is_a_date(text in "[0-9TZ:+-]{8,12}") {
        if let Ok(day) = text.parse::<Date>() {
            prop_assert_eq!(day.to_string(), text);
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_does(day in days(), many in -100_000_i32..100_000) {
        let other = day.plus_days(many);
        if (1..9999).contains(&other.year()) {
            prop_assert_eq!(other.days_since(day), many);
            prop_assert_eq!(day.days_since(other), -many);
            prop_assert_eq!(other.plus_days(-many), day);
            prop_assert_eq!(other > day, many > 0);
        }
        let next = day.plus_days(7);
        if next.year() < 9999 {
            prop_assert_eq!(next.weekday(), day.weekday());
            prop_assert!(next.iso_week() > day.iso_week());
        }
    }

    #[test]
    fn a_month_has_the_days_between_its_first_and_the_next(day in days()) {
        let (first, next) = (day.first_of_month(), day.first_of_next_month());
        prop_assert_eq!(first.day(), 1);
        prop_assert!(first <= day);
        if (day.year(), day.month()) < (9999, 12) {
            prop_assert_eq!(next.day(), 1);
            prop_assert!(day < next);
            prop_assert_eq!(next.days_since(first), i32::from(day.days_in_month()));
        }
    }

    #[test]
    fn the_wall_clock_leads_back_to_the_first_instant_that_shows_it(time in instants(), zone in zones()) {
        let zone = Zone::named(zone).unwrap();
        let wall = zone.wall(time);
        prop_assert_eq!(wall.date, zone.date(time));
        prop_assert!(wall.millis_of_day < 86_400_000);
        let first = zone.instant(wall);
        prop_assert!(first <= time);
        prop_assert_eq!(zone.wall(first), wall);
        // Clocks go back by hours, but for a day that a country skips or repeats.
        prop_assert!(time.since(first) <= Duration::from_secs(24 * 3600));
    }

    #[test]
    fn a_day_begins_before_all_its_instants(time in instants(), zone in zones()) {
        let zone = Zone::named(zone).unwrap();
        let day = zone.date(time);
        let begin = zone.start_of(day);
        prop_assert!(begin <= time);
        prop_assert_eq!(zone.date(begin), day);
        prop_assert!(time.since(begin) < Duration::from_secs(50 * 3600));
    }

    #[test]
    fn a_wall_time_stays_on_its_day(day in days(), millis in any::<u32>()) {
        let wall = WallTime::new(day, millis);
        prop_assert_eq!(wall.millis_of_day, millis.min(86_399_999));
        prop_assert!(wall.hour() < 24 && wall.minute() < 60 && wall.second() < 60);
        let shown = (wall.hour() * 60 + wall.minute()) * 60 + wall.second();
        prop_assert_eq!(shown, wall.millis_of_day / 1_000);
    }

    #[test]
    fn any_text_is_a_zone_or_is_not(text in "[A-Za-z/_+0-9-]{0,24}") {
        if let Ok(zone) = Zone::named(&text) {
            prop_assert_eq!(Zone::named(zone.name()), Ok(zone));
        }
    }
}

#[test]
fn a_skipped_hour_is_as_much_later_and_a_repeated_one_is_the_first() {
    let zone = Zone::named("America/New_York").unwrap();
    let skipped = WallTime::new("2024-03-10".parse().unwrap(), 2 * 3_600_000 + 1_800_000);
    assert_eq!(
        zone.instant(skipped).to_string(),
        "2024-03-10T07:30:00.000Z"
    );
    let twice = WallTime::new("2024-11-03".parse().unwrap(), 3_600_000 + 1_800_000);
    assert_eq!(zone.instant(twice).to_string(), "2024-11-03T05:30:00.000Z");
}

#[test]
fn a_zone_without_a_name_is_seoul() {
    assert_eq!(Zone::default(), Zone::named("Asia/Seoul").unwrap());
    assert!(Zone::named("Mars/Olympus").is_err());
}
