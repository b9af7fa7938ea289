//! The statement for people.

use std::fmt::Write;

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;

use happytalk_core::Language;

use super::Statement;
use crate::entry::EntryKind;

impl EntryKind {
    /// What people call it.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Korean, Self::TopUp) => "충전",
            (Language::Korean, Self::FreeGrant) => "무상 지급",
            (Language::Korean, Self::AccountFee) => "월 이용료",
            (Language::Korean, Self::DayCase) => "상담톡 이용",
            (Language::Korean, Self::BotOver) => "챗봇 초과 이용",
            (Language::Korean, Self::Message) => "메시지 발송",
            (Language::Korean, Self::MessageRefund) => "메시지 환급",
            (Language::Korean, Self::Adjustment) => "조정",
            (Language::Korean, Self::Refund) => "환불",
            (Language::Korean, Self::Expire) => "소멸",
            (Language::Korean, Self::Reserve) => "예약",
            (Language::Korean, Self::Release) => "예약 해제",
            (Language::English, Self::TopUp) => "Top-up",
            (Language::English, Self::FreeGrant) => "Free grant",
            (Language::English, Self::AccountFee) => "Account fee",
            (Language::English, Self::DayCase) => "Day-case",
            (Language::English, Self::BotOver) => "Bot traffic",
            (Language::English, Self::Message) => "Message",
            (Language::English, Self::MessageRefund) => "Message refund",
            (Language::English, Self::Adjustment) => "Adjustment",
            (Language::English, Self::Refund) => "Refund",
            (Language::English, Self::Expire) => "Expiry",
            (Language::English, Self::Reserve) => "Reservation",
            (Language::English, Self::Release) => "Release",
        }
    }
}

/// The word in the language.
pub(super) const fn words(
    language: Language,
    korean: &'static str,
    english: &'static str,
) -> &'static str {
    match language {
        Language::Korean => korean,
        Language::English => english,
    }
}

#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Right,
}

/// Columns as wide as their widest cell, two spaces apart.
pub(super) fn columns(rows: &[Vec<String>], aligns: &[Align]) -> String {
    let width_of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..aligns.len()).map(width_of).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, align), column) in row.iter().zip(aligns).zip(&widths) {
            let space = " ".repeat(column.saturating_sub(width(cell)));
            match align {
                Align::Left => line.extend([cell, space.as_str(), "  "]),
                Align::Right => line.extend([space.as_str(), cell, "  "]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// How many columns a terminal gives the text: Hangul, ideographs and full-width forms take two.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

pub(super) fn clock(at: Timestamp, zone: &Zone) -> String {
    let wall = zone.wall(at);
    let (hour, minute, second) = (wall.hour(), wall.minute(), wall.second());
    format!("{} {hour:02}:{minute:02}:{second:02}", wall.date)
}

pub(super) fn table(statement: &Statement, zone: &Zone, language: Language) -> String {
    let words = |korean, english| words(language, korean, english);
    let mut entries = vec![vec![
        words("번호", "No.").to_owned(),
        words("일시", "Time").to_owned(),
        words("구분", "Kind").to_owned(),
        words("금액", "Amount").to_owned(),
        words("잔액", "Balance").to_owned(),
        words("상담방", "Conversation").to_owned(),
    ]];
    for entry in &statement.entries {
        let conversation = entry.conversation();
        entries.push(vec![
            entry.id.to_string(),
            clock(entry.at, zone),
            entry.kind.label(language).to_owned(),
            entry.amount.to_string(),
            entry.balance.to_string(),
            conversation.map_or_else(String::new, |id| id.as_str().to_owned()),
        ]);
    }
    let mut totals = vec![vec![
        words("구분", "Kind").to_owned(),
        words("건수", "Count").to_owned(),
        words("금액", "Amount").to_owned(),
    ]];
    for (kind, total) in &statement.totals {
        totals.push(vec![
            kind.label(language).to_owned(),
            total.count.to_string(),
            total.amount.to_string(),
        ]);
    }
    let mut text = format!(
        "{} · {} {}\n\n",
        words("톡캐시 명세", "TalkCash statement"),
        words("요금표", "price book"),
        statement.price_book
    );
    text.push_str(&columns(
        &entries,
        &[
            Align::Right,
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Left,
        ],
    ));
    text.push('\n');
    text.push_str(&columns(
        &totals,
        &[Align::Left, Align::Right, Align::Right],
    ));
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "\n{}  {} {}",
        words("잔액", "Balance"),
        statement.balance,
        words("원", "won")
    );
    if !statement.refused.is_empty() {
        let _ = writeln!(
            text,
            "{}  {}",
            words("잔액 부족으로 거절", "Refused for want of cash"),
            statement.refused.len()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_columns_stand_under_each_other() {
        let rows = [
            vec!["충전".to_owned(), "1".to_owned()],
            vec!["sms".to_owned(), "23".to_owned()],
        ];
        assert_eq!(
            columns(&rows, &[Align::Left, Align::Right]),
            "충전   1\nsms   23\n"
        );
    }
}
