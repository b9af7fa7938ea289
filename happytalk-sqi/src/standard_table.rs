//! The standard metrics and what agents did, for people.

use happytalk_core::Language;

use crate::bucket;
use crate::report::{AgentRow, Rate, Report, Row, StandardRow};
use crate::table::{NO_VALUE, clock, name, percent};

impl Report {
    /// The standard metrics as rows of texts, the head first: rates in percent with two decimals, times as `HH:MM:SS`,
    /// no value `-`. The head alone where they were not asked for.
    #[must_use]
    pub fn to_standard_table(&self, language: Language) -> Vec<Vec<String>> {
        let keys = self.by.iter().map(|dimension| name(dimension, language));
        let mut table = vec![keys.chain(standard_heads(language)).collect()];
        table.extend(self.rows.iter().filter_map(|row| {
            let values = standard_values(row)?;
            let values = values.map(|value| value.unwrap_or_else(|| NO_VALUE.to_owned()));
            Some(row.keys.iter().cloned().chain(values).collect())
        }));
        table
    }

    /// What agents did with their time as rows of texts, the head first; the head alone where it was not asked for.
    #[must_use]
    pub fn to_agent_table(&self, language: Language) -> Vec<Vec<String>> {
        let of_time = self.by.iter().filter(|by| bucket::is_of_time(by));
        let keys = of_time.map(|dimension| name(dimension, language));
        let heads = match language {
            Language::Korean => [
                "상담사",
                "처리 건수",
                "상담 점유율",
                "슬롯 사용률",
                "건당 처리 시간",
                "로그인 시간",
                "일시중지 시간",
                "상태별 시간",
            ],
            Language::English => [
                "Agent",
                "Handled",
                "Occupancy",
                "Slots in use",
                "Handling time each",
                "Logged in",
                "Paused",
                "Time in each status",
            ],
        };
        let mut table = vec![keys.chain(heads.map(str::to_owned)).collect()];
        table.extend(self.agents.iter().map(agent));
        table
    }
}

fn agent(row: &AgentRow) -> Vec<String> {
    let no_value = || NO_VALUE.to_owned();
    let rate = |rate: Rate| percent(rate).map_or_else(no_value, |rate| format!("{rate} %"));
    let statuses: Vec<String> = row
        .statuses
        .iter()
        .map(|(status, millis)| format!("{status} {}", clock(*millis)))
        .collect();
    let values = [
        row.agent.clone(),
        row.handled.to_string(),
        rate(row.occupancy()),
        rate(row.slot_utilisation()),
        row.concurrency_adjusted_ms().map_or_else(no_value, clock),
        clock(row.logged_in_ms),
        clock(row.paused_ms),
        statuses.join(", "),
    ];
    row.keys.iter().cloned().chain(values).collect()
}

/// How many columns the standard metrics have.
const COLUMNS: usize = 18;

/// The heads of the standard metrics; SL1 to SL4 are on the customer's clock, from the request.
pub(crate) fn standard_heads(language: Language) -> [String; COLUMNS] {
    match language {
        Language::Korean => [
            "인입 건수",
            "짧은 이탈 건수",
            "SL1",
            "SL2",
            "SL3",
            "SL4",
            "배정 후 SL1",
            "ASA",
            "AHT",
            "이관 받은 건수",
            "이관 보낸 건수",
            "이관율",
            "재개율",
            "미응대율",
            "FCR",
            "CSAT",
            "NPS",
            "평가 응답률",
        ],
        Language::English => [
            "Offered",
            "Short abandons",
            "SL1",
            "SL2",
            "SL3",
            "SL4",
            "SL1 from assignment",
            "ASA",
            "AHT",
            "Transfers in",
            "Transfers out",
            "Transfer rate",
            "Reopen rate",
            "Missed rate",
            "FCR",
            "CSAT",
            "NPS",
            "Response rate",
        ],
    }
    .map(str::to_owned)
}

/// The values of a row under those heads; `None` where they were not asked for.
pub(crate) fn standard_values(row: &Row) -> Option<[Option<String>; COLUMNS]> {
    let StandardRow {
        offered,
        short_abandoned,
        service_level,
        asa_ms,
        aht_ms,
        transfers_in,
        transfers_out,
        transfer_rate,
        reopen_rate,
        missed_rate,
        first_contact,
        csat,
        nps,
        response_rate,
        ..
    } = row.standard.as_ref()?;
    let shown = |rate: &Rate| percent(*rate).map(|rate| format!("{rate}%"));
    let (customer, agent) = (&service_level.customer, &service_level.agent);
    Some([
        Some(offered.to_string()),
        Some(short_abandoned.to_string()),
        shown(&customer.sl1),
        shown(&customer.sl2),
        shown(&customer.sl3),
        shown(&customer.sl4),
        shown(&agent.sl1),
        asa_ms.map(clock),
        aht_ms.map(clock),
        Some(transfers_in.to_string()),
        Some(transfers_out.to_string()),
        shown(transfer_rate),
        shown(reopen_rate),
        shown(missed_rate),
        shown(first_contact),
        shown(csat),
        nps.score_hundredths.map(points),
        shown(response_rate),
    ])
}

/// A score of hundredths with its sign and two decimals.
fn points(hundredths: i64) -> String {
    let size = hundredths.unsigned_abs();
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figures, Options};

    #[test]
    fn the_standard_metrics_have_columns_of_their_own_where_they_were_asked_for() {
        let log = r#"{"agent":"kim","seq":1,"at":0,"type":"agent_status","status":"상담가능","class":"accepting"}
{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":false}
{"conversation":"c","seq":2,"at":4500,"type":"assigned","agent":"kim","how":"auto"}
{"conversation":"c","seq":3,"at":9000,"type":"agent_said","agent":"kim","message":{"id":"m","content":[]}}
{"conversation":"c","seq":4,"at":18000,"type":"ended","by":"agent","after_work":false}
{"conversation":"c","seq":5,"at":19000,"type":"rated","score":3,"scale":10}"#;
        let options = Options::new().with("by", "day").unwrap();
        let mut plain = Figures::new(options.clone());
        plain.read(log.as_bytes()).unwrap();
        assert_eq!(plain.report().to_standard_table(Language::Korean).len(), 1);
        assert_eq!(plain.report().to_agent_table(Language::Korean).len(), 1);
        let mut figures = Figures::new(options.with("service-level", "10s").unwrap());
        figures.read(log.as_bytes()).unwrap();
        let report = figures.report();
        let table = report.to_standard_table(Language::English);
        assert_eq!(
            table[1].join("|"),
            "1970-01-01|1|0|100.00%|100.00%|100.00%|100.00%|100.00%|00:00:09|00:00:09|0|0|0.00%|0.00%|0.00%|100.00%|-|-100.00|100.00%"
        );
        assert!(table.iter().all(|row| row.len() == COLUMNS + 1));
        let agents = report.to_agent_table(Language::Korean);
        assert_eq!(
            agents[1].join("|"),
            "1970-01-01|kim|1|71.05 %|-|00:00:13|00:00:19|00:00:00|상담가능 00:00:19"
        );
        assert_eq!(agents[0].len(), agents[1].len());
        let csv = report.to_csv(Language::Korean);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert!(lines[0].ends_with(",FCR,CSAT,NPS,평가 응답률"), "{csv}");
        assert!(lines[1].ends_with(",100.00%,,-100.00,100.00%"), "{csv}");
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }
}
