//! The JSON of the command line, as READINGS 2 has it.

use crate::examples::day;
use crate::script::{conversation, report};

#[test]
fn the_json_has_its_keys_in_their_order() {
    let mut lines = conversation(
        "d",
        "11:05:00 opened
         11:05:00 requested
         11:05:04 ended channel left",
    );
    lines.extend(conversation("e", "12:00:00 opened bot"));
    assert_eq!(
        report("day,agent", &lines).to_json(),
        concat!(
            r#"{"definition":1,"zone":"Asia/Seoul","clock":"closing","by":["day","agent"],"quantiles":"linear","rows":["#,
            r#"{"day":"2024-05-13","agent":"(none)","queue_time":{"count":0},"abandon_rate":{"count":1,"of":1},"#,
            r#""first_response":{"count":0},"agent_wait":{"count":0},"customer_wait":{"count":0},"talk_time":{"count":0},"#,
            r#""after_work":{"count":0},"total_time":{"count":0},"first_response_from_request":{"count":0},"#,
            r#""first_response_from_assignment":{"count":0},"#,
            r#""abandon_wait":{"count":1,"sum_ms":4000,"min_ms":4000,"max_ms":4000,"mean_ms":4000,"p50_ms":4000,"p90_ms":4000,"p99_ms":4000},"#,
            r#""idle_tail":{"count":0},"transfer_wait":{"count":0},"missed":{"count":0}}],"open":1}"#,
        )
    );
}

#[test]
fn the_worked_day_prints_the_queue_time_of_the_example() {
    let json = report("day", &day()).to_json();
    assert!(
        json.contains(r#""queue_time":{"count":4,"sum_ms":95000,"min_ms":5000,"max_ms":40000,"mean_ms":23750,"p50_ms":25000,"p90_ms":37000,"p99_ms":39700}"#),
        "{json}"
    );
}

#[test]
fn a_log_of_nothing_has_no_rows() {
    assert_eq!(
        report("", &[]).to_json(),
        r#"{"definition":1,"zone":"Asia/Seoul","clock":"closing","by":[],"quantiles":"linear","rows":[],"open":0}"#
    );
}
