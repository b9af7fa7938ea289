//! The calendar document: what is refused, where, and under which code.

use happytalk_core::hours::{Calendar, CalendarFault};

fn refused(json: &str) -> (&'static str, String) {
    let error = Calendar::read(json).expect_err(json);
    (error.code(), error.pointer().to_owned())
}

/// A calendar with `more` beside its zone and one row.
fn with(more: &str) -> String {
    format!(
        r#"{{"zone":"Asia/Seoul","weekly":[{{"days":[1],"from":"09:00","until":"18:00"}}],{more}}}"#
    )
}

#[test]
fn each_fault_has_its_code_and_its_place() {
    let row = |row: &str| format!(r#"{{"zone":"Asia/Seoul","weekly":[{row}]}}"#);
    for (json, code, pointer) in [
        ("{", "calendar.json", ""),
        (
            r#"{"zone":"Asia/Seoul","weekly":[]} x"#,
            "calendar.json",
            "",
        ),
        (r#"{"weekly":[]}"#, "calendar.json", ""),
        (
            &row(r#"{"days":1,"from":"09:00","until":"18:00"}"#),
            "calendar.json",
            "/weekly/0/days",
        ),
        (
            &row(r#"{"days":[1],"form":"09:00"}"#),
            "calendar.json",
            "/weekly/0/form",
        ),
        (
            &row(r#"{"days":[1],"from":9}"#),
            "calendar.json",
            "/weekly/0/from",
        ),
        (&with(r#""weeky":1"#), "calendar.json", "/weeky"),
        (
            r#"{"zone":"Seoul","weekly":[]}"#,
            "calendar.unknown_zone",
            "/zone",
        ),
        (
            &row(r#"{"days":[1],"from":"9:00","until":"18:00"}"#),
            "calendar.not_a_time",
            "/weekly/0/from",
        ),
        (
            &row(r#"{"days":[1],"from":"09:00","until":"25:00"}"#),
            "calendar.not_a_time",
            "/weekly/0/until",
        ),
        (
            &row(r#"{"days":[1]}"#),
            "calendar.not_a_window",
            "/weekly/0",
        ),
        (
            &row(r#"{"days":[1],"from":"09:00","until":"18:00","all_day":true}"#),
            "calendar.not_a_window",
            "/weekly/0",
        ),
        (
            &row(r#"{"days":[1],"from":"24:00","until":"18:00"}"#),
            "calendar.not_a_window",
            "/weekly/0",
        ),
        (
            &row(r#"{"days":[1,8],"all_day":true}"#),
            "calendar.not_a_day",
            "/weekly/0/days/1",
        ),
        (
            &row(r#"{"days":[],"all_day":true}"#),
            "calendar.no_days",
            "/weekly/0/days",
        ),
        (
            &with(r#""special":[{"date":"2026-02-30"}]"#),
            "calendar.not_a_date",
            "/special/0/date",
        ),
        (
            &with(r#""special":[{"date":"2026-02-17"},{"date":"2026-02-17"}]"#),
            "calendar.date_twice",
            "/special/1/date",
        ),
        (
            &with(r#""special":[{"date":"2026-02-17","breaks":[{"from":"1","until":"02:00"}]}]"#),
            "calendar.not_a_time",
            "/special/0/breaks/0/from",
        ),
        (
            &with(r#""breaks":[{"from":"12:00","until":"13:00","name":""}]"#),
            "calendar.bad_name",
            "/breaks/0/name",
        ),
        (
            &with(r#""schedules":[{"name":"a"},{"name":"a"}]"#),
            "calendar.name_twice",
            "/schedules/1/name",
        ),
        (
            &with(r#""schedules":[{"name":"site"}]"#),
            "calendar.name_twice",
            "/schedules/0/name",
        ),
        (
            &with(
                r#""schedules":[{"name":"a","for":[{"group":"g"}]},{"name":"b","for":[{"queue":"g"},{"group":"g"}]}]"#,
            ),
            "calendar.scope_twice",
            "/schedules/1/for/1",
        ),
        (
            &with(r#""schedules":[{"name":"a","for":[{"category":{"main":"반품","sub":""}}]}]"#),
            "calendar.bad_name",
            "/schedules/0/for/0/category/sub",
        ),
        (
            &with(r#""schedules":[{"name":"a","for":[{"team":"g"}]}]"#),
            "calendar.json",
            "/schedules/0/for/0",
        ),
        (
            &with(r#""agent_breaks":{"a/b~c":[{"from":"12:00","until":"x"}]}"#),
            "calendar.not_a_time",
            "/agent_breaks/a~1b~0c/0/until",
        ),
    ] {
        assert_eq!(refused(json), (code, pointer.to_owned()), "{json}");
    }
}

#[test]
fn lists_have_limits() {
    let many = |count: usize, one: &str| vec![one; count].join(",");
    let rows = many(Calendar::ROWS_MAX + 1, r#"{"days":[1],"all_day":true}"#);
    let rows = format!(r#"{{"zone":"Asia/Seoul","weekly":[{rows}]}}"#);
    assert_eq!(refused(&rows), ("calendar.too_many", "/weekly".to_owned()));
    let teams: Vec<String> = (0..=Calendar::SCHEDULES_MAX)
        .map(|index| format!(r#"{{"name":"t{index}"}}"#))
        .collect();
    let teams = with(&format!(r#""schedules":[{}]"#, teams.join(",")));
    assert_eq!(
        refused(&teams),
        ("calendar.too_many", "/schedules".to_owned())
    );
    let long = with(&format!(
        r#""$schema":"{}""#,
        "x".repeat(Calendar::BYTES_MAX)
    ));
    assert_eq!(refused(&long), ("calendar.too_long", String::new()));
}

#[test]
fn an_error_says_the_place_and_the_reason_in_one_line() {
    let error = Calendar::read(r#"{"zone":"Seoul","weekly":[]}"#).unwrap_err();
    assert_eq!(error.to_string(), "unknown time zone. pointer=`/zone`");
    let error = Calendar::read("{\n\"zone\":1}").unwrap_err();
    let CalendarFault::Json(at) = error.fault() else {
        panic!("{error}")
    };
    assert_eq!((at.line(), error.pointer()), (2, "/zone"));
    assert_eq!(error.to_string(), "expected a string. pointer=`/zone`");
}

#[test]
fn a_document_is_written_as_it_is_described() {
    let json = r#"{"zone":"Asia/Seoul","intake":true,"weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"},{"days":[6],"all_day":true,"on":false}],"breaks":[{"from":"12:00","until":"13:00","name":"점심시간"}],"special":[{"date":"2026-02-17","name":"설날"},{"date":"2026-02-19","windows":[{"from":"10:00","until":"15:00"}],"breaks":[]}],"schedules":[{"name":"야간","for":[{"group":"night"},{"queue":"q"},{"category":{"main":"반품","sub":"환불"}}],"weekly":[{"days":[5],"from":"22:00","until":"06:00"}],"special":[]}],"agent_breaks":{"kim":[{"from":"15:00","until":"15:20","days":[1]}]}}"#;
    assert_eq!(Calendar::read(json).unwrap().to_json(), json);
    let commented = json.replacen('{', r#"{"$schema":"calendar.json","#, 1);
    assert_eq!(Calendar::read(&commented).unwrap().to_json(), json);
}
