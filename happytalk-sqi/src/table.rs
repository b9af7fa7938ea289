//! The report for people.

use happytalk_core::Language;

use crate::dimension::Dimension;
use crate::report::{Rate, Report, Row, TimeFigure};

/// What stands for no value, which is not zero.
const NO_VALUE: &str = "-";

impl Report {
    /// The eight indicators as rows of texts, the head first: times are means as `HH:MM:SS`, cut to the second;
    /// the rate is in percent with two decimals, rounded half up; no value is `-`.
    #[must_use]
    pub fn to_table(&self, language: Language) -> Vec<Vec<String>> {
        let mut table = vec![self.head(language)];
        table.extend(self.rows.iter().map(body));
        table
    }

    pub(crate) fn head(&self, language: Language) -> Vec<String> {
        let indicators = match language {
            Language::Korean => [
                "배정 대기시간",
                "응대 전 이탈률",
                "방 생성 후 최초 응대 시간",
                "상담사 대기",
                "고객 대기",
                "총 대화시간",
                "상담 후 처리",
                "총 상담시간",
            ],
            Language::English => [
                "Queue time",
                "Abandoned before answer",
                "First response from opening",
                "Agent wait",
                "Customer wait",
                "Talk time",
                "After-work",
                "Total time",
            ],
        };
        let keys = self.by.iter().map(|dimension| name(dimension, language));
        keys.chain(indicators.map(str::to_owned)).collect()
    }
}

fn name(dimension: &Dimension, language: Language) -> String {
    let (korean, english) = match dimension {
        Dimension::Day => ("일자", "Day"),
        Dimension::Hour => ("시간", "Hour"),
        Dimension::Week => ("주", "Week"),
        Dimension::Month => ("월", "Month"),
        Dimension::Agent => ("상담사", "Agent"),
        Dimension::Channel => ("채널", "Channel"),
        Dimension::Category => ("대분류", "Category"),
        Dimension::Sub => ("중분류", "Subcategory"),
        Dimension::Group => ("상담 그룹", "Group"),
        Dimension::End => ("종료 구분", "Ended by"),
        Dimension::Returning => ("재방문", "Returning"),
        Dimension::Inflow => ("유입 경로", "Inflow"),
        Dimension::Hours => ("운영시간", "Working hours"),
        Dimension::Parameter(name) => (&**name, &**name),
    };
    match language {
        Language::Korean => korean,
        Language::English => english,
    }
    .to_owned()
}

fn body(row: &Row) -> Vec<String> {
    let figures = [
        time(row.queue_time),
        percent(row.abandon_rate).map(|rate| format!("{rate} %")),
        time(row.first_response),
        time(row.agent_wait),
        time(row.customer_wait),
        time(row.talk_time),
        time(row.after_work),
        time(row.total_time),
    ];
    let figures = figures.map(|figure| figure.unwrap_or_else(|| NO_VALUE.to_owned()));
    row.keys.iter().cloned().chain(figures).collect()
}

/// The mean as `HH:MM:SS`, cut to the second.
pub(crate) fn time(figure: TimeFigure) -> Option<String> {
    figure.spread.map(|spread| {
        let seconds = spread.mean_ms / 1_000;
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
    })
}

/// A rate in percent with two decimals, rounded half up.
pub(crate) fn percent(rate: Rate) -> Option<String> {
    rate.basis_points()
        .map(|points| format!("{}.{:02}", points / 100, points % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_half_up_to_two_decimals() {
        let shown = |count, of| percent(Rate::new(count, of)).unwrap_or_default();
        assert_eq!(shown(2, 5), "40.00");
        assert_eq!(shown(1, 4), "25.00");
        assert_eq!(shown(2, 3), "66.67");
        assert_eq!(shown(1, 20_000), "0.01");
        assert_eq!(shown(1, 20_001), "0.00");
        assert_eq!(shown(7, 7), "100.00");
        assert_eq!(shown(0, 0), "");
    }
}
