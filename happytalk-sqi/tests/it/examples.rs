//! The worked examples of DOMAIN 6.4 to 6.7, to the millisecond.

use std::time::Duration;

use happytalk_sqi::{Language, Options, Row, TimeFigure};

use crate::script::{conversation, figures, report, row, total};

pub(crate) const A: &str = "
    10:00:00 opened bot
    10:00:00 bot
    10:01:30 requested
    10:02:10 assigned A1
    10:02:11 auto
    10:02:50 agent A1
    10:03:20 customer
    10:03:50 customer
    10:04:40 agent A1
    10:04:50 agent A1
    10:06:10 customer
    10:06:30 agent A1
    10:06:50 ended agent then-work
    10:08:20 worked";
pub(crate) const B: &str = "
    14:00:00 opened
    14:00:00 requested
    14:00:05 assigned A1
    14:00:35 agent A1
    14:01:05 customer
    14:02:05 agent A1
    14:02:10 asks A1 A2
    14:02:40 transferred A1 A2 accepted
    14:03:10 agent A2
    14:03:40 customer
    14:04:00 agent A2
    14:04:10 ended customer then-work
    14:05:10 worked";
pub(crate) const C: &str = "
    11:00:00 opened
    11:00:00 requested
    11:00:20 assigned A1
    11:01:00 ended channel left";
pub(crate) const D: &str = "
    11:05:00 opened
    11:05:00 requested
    11:05:04 ended channel left";
pub(crate) const E: &str = "
    14:59:00 opened
    14:59:00 requested
    14:59:30 assigned A1
    15:00:00 agent A1
    15:01:00 customer
    15:02:00 agent A1
    15:32:00 ended auto customer_silent";

/// The one value of a time, in seconds to the millisecond.
fn one(figure: TimeFigure) -> Option<u128> {
    assert!(figure.count <= 1);
    figure.spread.map(|spread| spread.sum_ms)
}

/// The eight in their order, the rate as its count; and what they are made of.
fn eight(row: &Row) -> [Option<u128>; 8] {
    [
        one(row.queue_time),
        Some(row.abandon_rate.count.into()),
        one(row.first_response),
        one(row.agent_wait),
        one(row.customer_wait),
        one(row.talk_time),
        one(row.after_work),
        one(row.total_time),
    ]
}

fn seconds(values: [u128; 8]) -> [Option<u128>; 8] {
    let mut values = values.map(|value| Some(value * 1000));
    values[1] = values[1].map(|rate| rate / 1000);
    values
}

/// All five on one day.
pub(crate) fn day() -> Vec<String> {
    [("a", A), ("c", C), ("d", D), ("b", B), ("e", E)]
        .iter()
        .flat_map(|(id, story)| conversation(id, story))
        .collect()
}

#[test]
fn example_6_4_a_bot_then_agent() {
    let row = total(A);
    assert_eq!(eight(&row), seconds([40, 0, 170, 140, 100, 240, 90, 330]));
    assert_eq!(one(row.first_response_from_request), Some(80_000));
    assert_eq!(one(row.first_response_from_assignment), Some(40_000));
    assert_eq!((one(row.idle_tail), one(row.abandon_wait)), (Some(0), None));
    assert_eq!(row.abandon_rate.of, 1);
}

#[test]
fn example_6_5_b_a_transfer_in_total() {
    let row = total(B);
    assert_eq!(eight(&row), seconds([5, 0, 35, 135, 80, 215, 60, 275]));
    assert_eq!(one(row.transfer_wait), Some(60_000));
}

#[test]
fn example_6_5_b_a_transfer_split_by_agent() {
    let report = report("agent", &conversation("b", B));
    let first = row(&report, "A1");
    let expected = [
        Some(5),
        Some(0),
        Some(35),
        Some(65),
        Some(60),
        Some(125),
        None,
        Some(125),
    ];
    let mut expected = expected.map(|value: Option<u128>| value.map(|value| value * 1000));
    assert_eq!(eight(first), expected);
    assert_eq!((first.abandon_rate.of, one(first.transfer_wait)), (0, None));
    let second = row(&report, "A2");
    expected = [
        None,
        Some(0),
        None,
        Some(70),
        Some(20),
        Some(90),
        Some(60),
        Some(150),
    ];
    expected = expected.map(|value| value.map(|value| value * 1000));
    assert_eq!(eight(second), expected);
    assert_eq!(
        (second.abandon_rate.of, one(second.transfer_wait)),
        (1, Some(60_000))
    );
}

#[test]
fn example_6_6_c_abandoned_while_assigned() {
    let row = total(C);
    let mut expected = [None; 8];
    expected[0] = Some(20_000);
    expected[1] = Some(1);
    assert_eq!(eight(&row), expected);
    assert_eq!(one(row.abandon_wait), Some(60_000));
    assert_eq!((row.idle_tail.count, row.missed), (0, 0));
}

#[test]
fn example_6_6_d_a_short_abandonment() {
    let row = total(D);
    let mut expected = [None; 8];
    expected[1] = Some(1);
    assert_eq!(eight(&row), expected);
    let lines = conversation("d", D);
    for (millis, rows) in [(3_999, 1), (4_000, 0), (5_000, 0)] {
        let options = Options::new().with_short_abandon(Duration::from_millis(millis));
        let report = figures(options, &lines).report();
        assert_eq!(report.rows.len(), rows, "{millis}");
    }
}

#[test]
fn example_6_6_e_closed_by_the_customer_silent_rule() {
    let row = total(E);
    assert_eq!(eight(&row), seconds([30, 0, 60, 60, 60, 120, 0, 120]));
    assert_eq!(one(row.idle_tail), Some(1_800_000));
}

#[test]
fn example_6_6_f_off_hours_raw() {
    // Friday 18:50 to Monday 09:00: the Monday of these stories is three days after that Friday.
    let mut lines = conversation(
        "f",
        "18:50:00 opened
         18:50:00 requested
         09:00:00 assigned A1
         09:05:00 agent A1
         09:06:00 ended agent",
    );
    for line in &mut lines[..2] {
        let friday = crate::script::clock("18:50:00") - 3 * 86_400_000;
        *line = line.replace(
            &crate::script::clock("18:50:00").to_string(),
            &friday.to_string(),
        );
    }
    let report = report("day", &lines);
    let row = row(&report, "2024-05-13");
    assert_eq!(one(row.queue_time), Some(223_800_000));
    assert_eq!(one(row.first_response), Some(224_100_000));
}

#[test]
fn example_6_7_the_daily_aggregate() {
    let report = report("day", &day());
    let row = row(&report, "2024-05-13");
    let sum = |figure: TimeFigure| (figure.spread.unwrap().sum_ms / 1000, figure.count);
    assert_eq!(sum(row.queue_time), (40 + 5 + 20 + 30, 4));
    assert_eq!(sum(row.first_response), (170 + 35 + 60, 3));
    assert_eq!(sum(row.first_response_from_request), (80 + 35 + 60, 3));
    assert_eq!(sum(row.agent_wait), (140 + 135 + 60, 3));
    assert_eq!(sum(row.customer_wait), (100 + 80 + 60, 3));
    assert_eq!(sum(row.talk_time), (240 + 215 + 120, 3));
    assert_eq!(sum(row.after_work), (90 + 60, 3));
    assert_eq!(sum(row.total_time), (330 + 275 + 120, 3));
    let mean = |figure: TimeFigure| figure.spread.unwrap().mean_ms;
    assert_eq!(mean(row.queue_time), 23_750);
    assert_eq!(mean(row.first_response), 88_333);
    assert_eq!(mean(row.first_response_from_request), 58_333);
    assert_eq!(mean(row.agent_wait), 111_667);
    assert_eq!(mean(row.talk_time), 191_667);
    assert_eq!(mean(row.total_time), 241_667);
    assert_eq!((row.abandon_rate.count, row.abandon_rate.of), (2, 5));
}

#[test]
fn example_6_7_as_people_see_it() {
    let shown = report("day", &day()).to_table(Language::Korean);
    assert_eq!(
        shown,
        [
            [
                "일자",
                "배정 대기시간",
                "응대 전 이탈률",
                "방 생성 후 최초 응대 시간",
                "상담사 대기",
                "고객 대기",
                "총 대화시간",
                "상담 후 처리",
                "총 상담시간"
            ],
            [
                "2024-05-13",
                "00:00:23",
                "40.00 %",
                "00:01:28",
                "00:01:51",
                "00:01:20",
                "00:03:11",
                "00:00:50",
                "00:04:01"
            ],
        ]
    );
    let options = Options::new().with_short_abandon(Duration::from_secs(5));
    let shown = figures(options, &day())
        .report()
        .to_table(Language::English);
    assert_eq!(shown[0][1], "Abandoned before answer");
    assert_eq!(shown[1][1], "25.00 %");
}
