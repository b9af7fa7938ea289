//! The report for a spreadsheet.

use happytalk_core::Language;

use crate::report::{Report, Row};
use crate::standard_table::{standard_heads, standard_values};
use crate::table::{percent, time};

impl Report {
    /// The rows as CSV for a spreadsheet: UTF-8 with a byte order mark, lines that end in CRLF, the head in `language`.
    ///
    /// The eight indicators first, then how many were asked for and answered, then what goes with them, then the standard
    /// metrics where they were asked for. Times are means
    /// as `HH:MM:SS`, cut to the second; a rate is in percent with two decimals; no value is an empty cell. A key that a
    /// spreadsheet would run as a formula stands behind an apostrophe.
    #[must_use]
    pub fn to_csv(&self, language: Language) -> String {
        let mut csv = String::from("\u{feff}");
        let mut head = self.head(language);
        head.extend(more(language).map(str::to_owned));
        if self.rows.iter().any(|row| row.standard.is_some()) {
            head.extend(standard_heads(language));
        }
        line(&mut csv, head.iter().map(String::as_str));
        for row in &self.rows {
            let mut figures = figures(row);
            let standard = standard_values(row).into_iter().flatten();
            figures.extend(standard.map(Option::unwrap_or_default));
            let keys = row.keys.iter().map(String::as_str);
            line(&mut csv, keys.chain(figures.iter().map(String::as_str)));
        }
        csv
    }
}

const fn more(language: Language) -> [&'static str; 9] {
    match language {
        Language::Korean => [
            "상담 요청 건수",
            "응대 건수",
            "이탈 건수",
            "요청 후 최초 응대 시간",
            "배정 후 최초 응대 시간",
            "이탈 대기시간",
            "무응답 종료 대기",
            "이관 대기시간",
            "미응대 종료 건수",
        ],
        Language::English => [
            "Requests",
            "Answered",
            "Abandoned",
            "First response from request",
            "First response from assignment",
            "Abandon wait",
            "Idle tail",
            "Transfer wait",
            "Missed",
        ],
    }
}

fn figures(row: &Row) -> Vec<String> {
    vec![
        time(row.queue_time),
        percent(row.abandon_rate).map(|rate| format!("{rate}%")),
        time(row.first_response),
        time(row.agent_wait),
        time(row.customer_wait),
        time(row.talk_time),
        time(row.after_work),
        time(row.total_time),
        Some(row.abandon_rate.of.to_string()),
        Some(row.first_response.count.to_string()),
        Some(row.abandon_rate.count.to_string()),
        time(row.first_response_from_request),
        time(row.first_response_from_assignment),
        time(row.abandon_wait),
        time(row.idle_tail),
        time(row.transfer_wait),
        Some(row.missed.to_string()),
    ]
    .into_iter()
    .map(Option::unwrap_or_default)
    .collect()
}

fn line<'a>(csv: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            csv.push(',');
        }
        push_cell(csv, cell);
    }
    csv.push_str("\r\n");
}

fn push_cell(csv: &mut String, cell: &str) {
    let is_formula = cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
    ]) && !is_negative(cell);
    let is_quoted = is_formula || cell.contains([',', '"', '\r', '\n']);
    if !is_quoted {
        csv.push_str(cell);
        return;
    }
    csv.push('"');
    if is_formula {
        csv.push('\'');
    }
    csv.push_str(&cell.replace('"', "\"\""));
    csv.push('"');
}

/// A number below zero, which is none of a customer's formulas: digits and a point alone.
fn is_negative(cell: &str) -> bool {
    cell.strip_prefix('-').is_some_and(|number| {
        number.starts_with(|first: char| first.is_ascii_digit())
            && number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figures, Options};

    #[test]
    fn a_key_is_never_run_as_a_formula() {
        let shown = |cell: &str| {
            let mut csv = String::new();
            push_cell(&mut csv, cell);
            csv
        };
        assert_eq!(shown("환불"), "환불");
        assert_eq!(shown("a,b"), "\"a,b\"");
        assert_eq!(shown("say \"hi\""), "\"say \"\"hi\"\"\"");
        for start in ["=", "+", "-", "@", "\t", "\0", "＝"] {
            assert_eq!(shown(&format!("{start}1+1")), format!("\"'{start}1+1\""));
        }
        assert_eq!(
            (shown("-33.33"), shown("--1")),
            ("-33.33".into(), "\"'--1\"".into())
        );
    }

    #[test]
    fn a_spreadsheet_gets_a_mark_a_head_and_a_row() {
        let log = r#"{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":false,"parameters":{"campaign":"=cmd|' /C calc'!A0"}}
{"conversation":"c","seq":2,"at":4500,"type":"assigned","agent":"kim","how":"auto"}
{"conversation":"c","seq":3,"at":9000,"type":"ended","by":"customer","after_work":false}"#;
        let mut figures =
            Figures::new(Options::new().with("by", "day,parameter:campaign").unwrap());
        figures.read(log.as_bytes()).unwrap();
        let csv = figures.report().to_csv(Language::Korean);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert!(
            lines[0].starts_with("\u{feff}일자,campaign,배정 대기시간,응대 전 이탈률,"),
            "{csv}"
        );
        assert_eq!(
            lines[1],
            "1970-01-01,\"'=cmd|' /C calc'!A0\",00:00:04,100.00%,,,,,,,1,0,1,,,00:00:09,,,0"
        );
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        assert_eq!((lines.len(), lines[2]), (3, ""));
    }
}
