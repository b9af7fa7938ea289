//! The report for people.

use happytalk_core::Language;

use crate::compare::Comparison;
use crate::dimension::Dimension;
use crate::report::{Rate, Report, Row, TimeFigure};

/// What stands for no value, which is not zero.
pub(crate) const NO_VALUE: &str = "-";

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
        let keys = self.by.iter().map(|dimension| name(dimension, language));
        keys.chain(indicators(language).map(str::to_owned))
            .collect()
    }
}

impl Comparison {
    /// The comparison as rows of texts, the head first: a row for each figure, before, after and the change. No
    /// change is 0, nothing to compare with is `-`.
    #[must_use]
    pub fn to_table(&self, language: Language) -> Vec<Vec<String>> {
        let (figure, before, after, change) = match language {
            Language::Korean => ("지표", "이전", "이후", "변화"),
            Language::English => ("Figure", "Before", "After", "Change"),
        };
        let keys = self.by.iter().map(|dimension| name(dimension, language));
        let heads = [figure, before, after, change].map(str::to_owned);
        let mut table = vec![keys.chain(heads).collect()];
        for row in &self.rows {
            let rate = row.abandon_rate;
            let shown =
                |rate: Rate| percent(rate).map_or_else(no_value, |rate| format!("{rate} %"));
            let change = rate.change_basis_points.map_or_else(no_value, |points| {
                let size = points.unsigned_abs();
                format!("{}{}.{:02} %p", sign(points), size / 100, size % 100)
            });
            let figures = [
                "queue_time",
                "",
                "first_response",
                "agent_wait",
                "customer_wait",
                "talk_time",
                "after_work",
                "total_time",
            ];
            for (figure, shown_name) in figures.iter().zip(indicators(language)) {
                let told = if figure.is_empty() {
                    [shown(rate.before), shown(rate.after), change.clone()]
                } else {
                    let Some((_, change)) = row.times.iter().find(|(name, _)| name == figure)
                    else {
                        continue;
                    };
                    let wall = |millis: Option<u64>| millis.map_or_else(no_value, clock);
                    [
                        wall(change.before_ms),
                        wall(change.after_ms),
                        change.change_ms.map_or_else(no_value, |millis| {
                            format!("{}{}", sign(millis), clock(millis.unsigned_abs()))
                        }),
                    ]
                };
                let keys = row.keys.iter().cloned();
                table.push(keys.chain([shown_name.to_owned()]).chain(told).collect());
            }
        }
        table
    }
}

fn no_value() -> String {
    NO_VALUE.to_owned()
}

const fn sign(change: i64) -> &'static str {
    match change {
        1.. => "+",
        0 => "",
        _ => "-",
    }
}

/// The eight by name.
pub(crate) const fn indicators(language: Language) -> [&'static str; 8] {
    match language {
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
    }
}

/// `HH:MM:SS`, cut to the second.
pub(crate) fn clock(millis: u64) -> String {
    let seconds = millis / 1_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

pub(crate) fn name(dimension: &Dimension, language: Language) -> String {
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
    figure.spread.map(|spread| clock(spread.mean_ms))
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
