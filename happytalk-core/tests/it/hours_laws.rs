//! Laws of working hours, against a model that looks at one minute after the other.

use happytalk_core::Timestamp;
use happytalk_core::event::Event;
use happytalk_core::hours::{
    Break, Calendar, ClockTime, Days, Hours, Overrides, Schedule, SpecialDay, TeamSchedule,
    WeeklyRow, Window,
};
use happytalk_core::time::{Date, Zone};
use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{option, prop_assert, prop_assert_eq, proptest};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Days in which the clocks of New York and of Lord Howe (by half an hour) change.
fn first_days() -> impl Strategy<Value = Date> {
    let days = [
        "2026-03-05",
        "2026-04-02",
        "2026-10-01",
        "2026-10-29",
        "2028-02-26",
    ];
    select(days.map(|day| day.parse::<Date>().unwrap()).to_vec())
}

fn zones() -> impl Strategy<Value = Zone> {
    let names = [
        "Asia/Seoul",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
    ];
    select(names.map(|name| Zone::named(name).unwrap()).to_vec())
}

/// Times of the day that no change of these clocks skips or repeats: those are told by examples.
fn clock_times() -> impl Strategy<Value = ClockTime> {
    let quarters = prop_oneof![0_u8..=2, 15_u8..=96];
    quarters.prop_map(|quarter| ClockTime::new(quarter / 4, quarter % 4 * 15).unwrap())
}

fn windows() -> impl Strategy<Value = Window> {
    (clock_times(), clock_times()).prop_filter_map("begins before 24:00", |(from, until)| {
        Window::new(from, until)
    })
}

fn days_of_week() -> impl Strategy<Value = Days> {
    vec(1_u8..=7, 1..7).prop_map(|numbers| {
        let first = Days::one(numbers[0]).unwrap();
        numbers
            .iter()
            .fold(first, |days, day| days.with(*day).unwrap())
    })
}

fn breaks() -> impl Strategy<Value = Vec<Break>> {
    let pause = (windows(), days_of_week());
    vec(
        pause.prop_map(|(window, days)| Break::new(window).on(days)),
        0..3,
    )
}

fn special_days() -> impl Strategy<Value = SpecialDay> {
    let plain = vec(windows(), 0..3).prop_map(SpecialDay::changed);
    let breaks = breaks().prop_map(|breaks| {
        let breaks = breaks.into_iter();
        breaks
            .map(|pause| Break::new(pause.window))
            .collect::<Vec<_>>()
    });
    (plain, option::of(breaks)).prop_map(|(day, breaks)| match breaks {
        Some(breaks) => day.with_breaks(breaks),
        None => day,
    })
}

/// A schedule, and the first of the days in which it has special ones.
fn schedules() -> impl Strategy<Value = (Schedule, Date)> {
    let rows = (days_of_week(), windows(), any::<bool>());
    let special = btree_map(0_i32..8, special_days(), 0..4);
    (zones(), first_days(), vec(rows, 0..4), breaks(), special).prop_map(
        |(zone, first, rows, breaks, special)| {
            let mut schedule = Schedule::new(zone);
            for (days, window, on) in rows {
                let row = WeeklyRow::new(days, window);
                schedule = schedule.with_row(if on { row } else { row.switched_off() });
            }
            for pause in breaks {
                schedule = schedule.with_break(pause);
            }
            for (day, entry) in special {
                schedule = schedule.with_special(first.plus_days(day), entry);
            }
            (schedule, first)
        },
    )
}

/// An instant within eight days from the first, to the millisecond or at a quarter of an hour.
fn instants() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..8 * DAY,
        (0..8 * 96_i64).prop_map(|quarter| quarter * 15 * MINUTE)
    ]
}

/// Whether a window or a break of the day holds the minute; `later` counts it from the day before.
fn holds(window: Window, minute: u16, later: bool) -> bool {
    let (from, until) = (window.from.minutes(), window.until.minutes());
    let until = if until <= from { until + 1_440 } else { until };
    let minute = if later { minute + 1_440 } else { minute };
    from <= minute && minute < until
}

/// The rules as they are written, for one instant.
fn model(schedule: &Schedule, time: Timestamp) -> bool {
    let wall = schedule.zone().wall(time);
    let minute = u16::try_from(wall.millis_of_day / 60_000).unwrap();
    let mut open = false;
    let mut paused = false;
    for later in [false, true] {
        let date = if later {
            wall.date.plus_days(-1)
        } else {
            wall.date
        };
        let special = schedule.special().get(&date);
        match special {
            Some(day) => {
                open |= day
                    .windows
                    .iter()
                    .any(|window| holds(*window, minute, later));
            }
            None => {
                let rows = schedule.weekly().iter();
                let mut rows = rows.filter(|row| row.on && row.days.holds(date));
                open |= rows.any(|row| holds(row.window, minute, later));
            }
        }
        match special.and_then(|day| day.breaks.as_ref()) {
            Some(own) => {
                paused |= own.iter().any(|pause| holds(pause.window, minute, later));
            }
            None => {
                let breaks = schedule.breaks().iter();
                let mut breaks = breaks.filter(|pause| pause.days.holds(date));
                paused |= breaks.any(|pause| holds(pause.window, minute, later));
            }
        }
    }
    open && !paused
}

fn after(begin: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(begin.as_millis() + millis)
}

/// The open milliseconds as a sum over minutes, of which only the first and the last may be parts.
fn sum_over_minutes(open: impl Fn(Timestamp) -> bool, from: Timestamp, until: Timestamp) -> u64 {
    let mut sum = 0;
    let mut time = from.as_millis();
    while time < until.as_millis() {
        let next = (time.div_euclid(MINUTE) * MINUTE + MINUTE).min(until.as_millis());
        if open(Timestamp::from_millis(time)) {
            sum += u64::try_from(next - time).unwrap();
        }
        time = next;
    }
    sum
}

proptest! {
    #[test]
    fn it_is_open_when_a_window_and_no_break_holds_the_wall_time(
        (schedule, first) in schedules(),
        times in vec(instants(), 200),
    ) {
        let begin = schedule.zone().start_of(first);
        for millis in times {
            let time = after(begin, millis);
            let expected = model(&schedule, time);
            prop_assert_eq!(schedule.is_open(time), expected, "{}", time);
            prop_assert_eq!(schedule.why(time).is_open(), expected, "{}", time);
        }
    }

    #[test]
    fn business_time_is_the_sum_of_the_open_minutes(
        (schedule, first) in schedules(),
        (a, b) in (instants(), instants()),
    ) {
        let begin = schedule.zone().start_of(first);
        let (a, b) = (after(begin, a.min(b)), after(begin, a.max(b)));
        let naive = sum_over_minutes(|time| model(&schedule, time), a, b);
        prop_assert_eq!(schedule.business_ms(a, b), naive);
    }

    #[test]
    fn business_time_adds_up(
        (schedule, first) in schedules(),
        mut times in vec(-400 * DAY..400 * DAY, 3),
    ) {
        times.sort_unstable();
        let begin = schedule.zone().start_of(first);
        let [a, b, c] = [0, 1, 2].map(|index| after(begin, times[index]));
        prop_assert_eq!(
            schedule.business_ms(a, c),
            schedule.business_ms(a, b) + schedule.business_ms(b, c)
        );
        prop_assert!(u128::from(schedule.business_ms(a, c)) <= c.since(a).as_millis());
    }

    #[test]
    fn next_open_is_open_and_nothing_earlier_is(
        (schedule, first) in schedules(),
        millis in instants(),
    ) {
        let time = after(schedule.zone().start_of(first), millis);
        match schedule.next_open(time) {
            Some(next) => {
                prop_assert!(time <= next && schedule.is_open(next));
                prop_assert_eq!(schedule.business_ms(time, next), 0);
            }
            None => prop_assert_eq!(schedule.business_ms(time, after(time, 3_000 * DAY)), 0),
        }
    }

    #[test]
    fn nothing_changes_before_the_next_change(
        (schedule, first) in schedules(),
        millis in instants(),
    ) {
        let time = after(schedule.zone().start_of(first), millis);
        let open = schedule.is_open(time);
        let change = schedule.next_change(time);
        let end = change.unwrap_or_else(|| after(time, 3_000 * DAY));
        prop_assert!(end > time);
        let passed = u64::try_from(end.since(time).as_millis()).unwrap();
        let expected = if open { passed } else { 0 };
        prop_assert_eq!(schedule.business_ms(time, end), expected);
        if change.is_some() {
            prop_assert_eq!(schedule.is_open(end), !open);
        }
    }

    #[test]
    fn the_switch_lasts_to_the_end_or_the_start_of_a_window(
        (schedule, first) in schedules(),
        millis in instants(),
    ) {
        let now = after(schedule.zone().start_of(first), millis);
        let (on, off) = (schedule.switch_until(true, now), schedule.switch_until(false, now));
        prop_assert!(now < on && now < off);
        let before = |time: Timestamp| after(time, -1);
        let passes = schedule.next_change(now).is_some();
        if passes && schedule.next_open(now).is_some_and(|open| schedule.next_change(open).is_some()) {
            prop_assert!(schedule.is_open(before(on)) && !schedule.is_open(on));
        }
        if passes && !schedule.is_open(now) {
            prop_assert_eq!(Some(off), schedule.next_open(now));
        }
    }

    #[test]
    fn the_switch_counts_before_the_schedule(
        (schedule, first) in schedules(),
        turns in vec((instants(), instants(), any::<bool>()), 0..4),
        (a, b) in (instants(), instants()),
    ) {
        let begin = schedule.zone().start_of(first);
        let mut turns = turns;
        turns.sort_unstable();
        let mut overrides = Overrides::none();
        for (at, length, open) in &turns {
            let until = after(begin, at + length / 8);
            overrides.apply(&Event::HoursOverridden { open: *open, until }, after(begin, *at));
        }
        // The last turn that began counts, while it lasts.
        let switched = |time: Timestamp| {
            let began = turns.iter().rfind(|(at, _, _)| after(begin, *at) <= time);
            began.filter(|(at, length, _)| time < after(begin, at + length / 8))
        };
        let expected = |time| switched(time).map_or_else(|| model(&schedule, time), |turn| turn.2);
        let hours = Hours::new(&schedule, &overrides);
        let (a, b) = (after(begin, a.min(b)), after(begin, a.max(b)));
        prop_assert_eq!(hours.is_open(a), expected(a));
        prop_assert_eq!(hours.why(a).is_open(), expected(a));
        let mut edges: Vec<Timestamp> = turns
            .iter()
            .flat_map(|(at, length, _)| [*at, at + length / 8])
            .map(|edge| after(begin, edge))
            .chain([a, b])
            .filter(|edge| (a..=b).contains(edge))
            .collect();
        edges.sort_unstable();
        let parts = edges.windows(2);
        let naive: u64 = parts.map(|pair| sum_over_minutes(expected, pair[0], pair[1])).sum();
        prop_assert_eq!(hours.business_ms(a, b), naive);
        let change = hours.next_change(a);
        let end = change.unwrap_or_else(|| after(a, 100 * DAY));
        let passed = u64::try_from(end.since(a).as_millis()).unwrap();
        prop_assert_eq!(hours.business_ms(a, end), if expected(a) { passed } else { 0 });
        prop_assert!(change.is_none_or(|change| change > a && hours.is_open(change) != hours.is_open(a)));
        prop_assert_eq!(hours.next_open(a), if hours.is_open(a) { Some(a) } else { change });
    }

    #[test]
    fn a_table_says_what_the_hours_say(
        (schedule, first) in schedules(),
        turn in (instants(), instants(), any::<bool>()),
        (from, until) in (instants(), instants()),
        spans in vec((instants(), instants()), 20),
    ) {
        let begin = schedule.zone().start_of(first);
        let mut overrides = Overrides::none();
        let end = after(begin, turn.0 + turn.1 / 4);
        overrides.apply(&Event::HoursOverridden { open: turn.2, until: end }, after(begin, turn.0));
        let hours = Hours::new(&schedule, &overrides);
        let (from, until) = (after(begin, from.min(until)), after(begin, from.max(until)));
        let table = hours.table(from, until);
        for (a, b) in spans {
            let (a, b) = (after(begin, a), after(begin, b));
            let held = b <= a || (from <= a && b <= until);
            prop_assert_eq!(table.business_ms(a, b), held.then(|| hours.business_ms(a, b)));
            let held = from <= a && a < until;
            prop_assert_eq!(table.is_open(a), held.then(|| hours.is_open(a)));
        }
        let whole = hours.business_ms(from, until);
        prop_assert_eq!(table.business_ms(from, until), Some(whole));
    }

    #[test]
    fn a_calendar_that_is_written_is_read_back(
        (schedule, _) in schedules(),
        (other, _) in schedules(),
        intake in any::<bool>(),
        agent in breaks(),
        own in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let mut team = TeamSchedule::new("야간 1팀".parse().unwrap());
        team.zone = Some(other.zone().clone());
        team.weekly = own.0.then(|| other.weekly().to_vec());
        team.breaks = own.1.then(|| other.breaks().to_vec());
        team.special = own.2.then(|| other.special().clone());
        let calendar = Calendar::new(schedule.with_intake(intake))
            .with_team(team)
            .unwrap()
            .with_agent_breaks("kim/~1".parse().unwrap(), agent);
        let json = calendar.to_json();
        prop_assert_eq!(&Calendar::read(&json).unwrap(), &calendar);
        prop_assert_eq!(&serde_json::from_str::<Calendar>(&json).unwrap(), &calendar);
        prop_assert_eq!(serde_json::to_string(&calendar).unwrap(), json);
    }

    #[test]
    fn any_instant_has_an_answer(
        (schedule, _) in schedules(),
        time in prop_oneof![
            any::<i64>().prop_map(Timestamp::from_millis),
            Just(Timestamp::MIN),
            Just(Timestamp::MAX),
        ],
    ) {
        let open = schedule.is_open(time);
        prop_assert_eq!(schedule.why(time).is_open(), open);
        prop_assert_eq!(schedule.next_open(time) == Some(time), open);
        prop_assert!(schedule.next_change(time).is_none_or(|change| change > time));
        let _ = (schedule.switch_until(true, time), schedule.switch_until(false, time));
    }
}
