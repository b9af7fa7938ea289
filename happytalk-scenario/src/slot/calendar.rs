//! Dates and times of the day as customers type them.

use happytalk_core::time::Date;

use super::numeral;
use crate::normal;

/// The whole numbers in `text`, in order, and nothing where one does not fit.
fn numbers(text: &str) -> Option<Vec<i16>> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().ok())
        .collect()
}

/// A number from 1 to 12 in words, as hours are said: 두, 열한.
fn hour_word(text: &str) -> Option<i16> {
    let hour = numeral::whole(text)?;
    i16::try_from(hour)
        .ok()
        .filter(|hour| (1..=12).contains(hour))
}

/// `2026-01-05`, `2026.1.5`, `20260105`, `260105`, `26/1/5`, `2026년 1월 5일`, `1월 5일` (of this year), 어제, 오늘, 내일, 모레;
/// with the day of the week behind it or not.
pub(super) fn date(text: &str, today: Date) -> Option<Date> {
    written_date(without_weekday(text), today, |year| 2000 + year)
}

/// The same, with what a year of two digits is.
fn written_date(text: &str, today: Date, century: impl Fn(i16) -> i16) -> Option<Date> {
    let from_today = match text {
        "그저께" | "그제" => Some(-2),
        "어제" => Some(-1),
        "오늘" => Some(0),
        "내일" => Some(1),
        "모레" | "내일모레" | "내일 모레" => Some(2),
        "글피" => Some(3),
        _ => None,
    };
    if let Some(days) = from_today {
        return Some(today.plus_days(days));
    }
    let written =
        |c: char| c.is_ascii_digit() || c == ' ' || "./년월일".contains(c) || normal::is_dash(c);
    if !text.chars().all(written) {
        return None;
    }
    let number = |text: &str| text.parse::<i16>().ok();
    let part = |range| text.get(range).and_then(number);
    let all_digits = text.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = if all_digits && text.len() == 8 {
        (part(0..4)?, part(4..6)?, part(6..8)?)
    } else if all_digits && text.len() == 6 {
        (century(part(0..2)?), part(2..4)?, part(4..6)?)
    } else {
        match numbers(text)?.as_slice() {
            [month, day] => (today.year(), *month, *day),
            [year @ 0..=99, month, day] => (century(*year), *month, *day),
            [year @ 1900..=2999, month, day] => (*year, *month, *day),
            _ => return None,
        }
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// `2026-01-05(월)`, `1월 5일 월요일`: the day of the week follows from the date.
fn without_weekday(text: &str) -> &str {
    let text = text.trim_end();
    let day = |c: char| "월화수목금토일".contains(c);
    let head = match text.strip_suffix(')') {
        Some(inner) => inner
            .strip_suffix("요일")
            .unwrap_or(inner)
            .strip_suffix(day),
        None => text
            .strip_suffix("요일")
            .and_then(|inner| inner.strip_suffix(day)),
    };
    let head = head.map(|head| head.trim_end_matches(['(', ' ']));
    head.filter(|head| !head.is_empty()).unwrap_or(text)
}

/// A day of birth: as [`date`], from 1900-01-01 to today, with or without 생.
pub(super) fn birth(text: &str, today: Date) -> Option<Date> {
    let text = text.strip_suffix("생").unwrap_or(text).trim_end();
    // A day without its year is no day of birth, and neither is 어제.
    if text.chars().filter(char::is_ascii_digit).count() < 4 || !names_a_year(text) {
        return None;
    }
    let has_been = |born: &Date| *born <= today;
    // Two digits are of this century only where that day has been.
    let this = written_date(text, today, |year| 2000 + year).filter(has_been);
    let born = this.or_else(|| written_date(text, today, |year| 1900 + year))?;
    (born.year() >= 1900 && has_been(&born)).then_some(born)
}

fn names_a_year(text: &str) -> bool {
    let pieces = text.split(|c: char| !c.is_ascii_digit());
    let count = pieces.filter(|digits| !digits.is_empty()).count();
    count == 3 || count == 1
}

/// How many birthdays somebody born on that day has had.
pub(super) fn years(born: Date, today: Date) -> i16 {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had)
}

/// Which half of the day a word in front of a time means.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
    /// 낮: around noon.
    Day,
    /// 밤: the evening, and midnight.
    Night,
}

/// `14:30`, `오후 2시 30분`, 두 시 반, `밤 10시`, `2:30 PM`, 정오; stored as `HH:MM`.
pub(super) fn time(text: &str) -> Option<String> {
    const HALVES: [(&str, Half); 9] = [
        ("오전", Half::Morning),
        ("새벽", Half::Morning),
        ("아침", Half::Morning),
        ("am", Half::Morning),
        ("오후", Half::Afternoon),
        ("저녁", Half::Afternoon),
        ("pm", Half::Afternoon),
        ("낮", Half::Day),
        ("밤", Half::Night),
    ];
    match text {
        "정오" => return Some("12:00".to_owned()),
        "자정" => return Some("00:00".to_owned()),
        _ => {}
    }
    let lower = text.to_ascii_lowercase();
    let text = lower.strip_suffix("쯤").unwrap_or(&lower).trim();
    let mut before = HALVES.iter();
    let named = before.find_map(|(word, half)| Some((text.strip_prefix(word)?, Some(*half))));
    let mut behind = HALVES.iter().filter(|(word, _)| word.is_ascii());
    let named = named
        .or_else(|| behind.find_map(|(word, half)| Some((text.strip_suffix(word)?, Some(*half)))));
    let (rest, half) = named.unwrap_or((text, None));
    let rest = rest.trim().replace('반', "30분");
    let in_words = rest.split_once('시').and_then(|(hour, minutes)| {
        let hour = hour_word(hour.trim())?;
        Some(format!("{hour}시{minutes}"))
    });
    let rest = in_words.unwrap_or(rest);
    let written = |c: char| c.is_ascii_digit() || c == ' ' || ":시분".contains(c);
    if !rest.chars().all(written) || !rest.contains([':', '시']) {
        return None;
    }
    let (hour, minute) = match numbers(&rest)?.as_slice() {
        [hour] => (*hour, 0),
        [hour, minute] => (*hour, *minute),
        _ => return None,
    };
    let hour = match (half, hour) {
        (Some(Half::Morning | Half::Night), 12) => 0,
        (Some(Half::Afternoon | Half::Day), 12) => 12,
        (Some(Half::Afternoon), 1..=11)
        | (Some(Half::Day), 1..=5)
        | (Some(Half::Night), 6..=11) => hour + 12,
        (Some(Half::Morning), 0..=11)
        | (Some(Half::Day), 10..=11)
        | (Some(Half::Night), 1..=5)
        | (None, 0..=23) => hour,
        _ => return None,
    };
    (0..=59)
        .contains(&minute)
        .then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let today: Date = "2026-01-12".parse().unwrap();
        let read = |text: &str| date(text, today).map(|date| date.to_string());
        for text in [
            "2026-01-05",
            "2026.1.5",
            "20260105",
            "26/1/5",
            "260105",
            "2026–01–05",
            "2026-01-05(월)",
            "2026년 1월 5일 월요일",
            "2026년 1월 5일",
            "1월 5일",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-01-05"), "{text}");
        }
        assert_eq!(read("내일").as_deref(), Some("2026-01-13"));
        assert_eq!(read("내일모레").as_deref(), Some("2026-01-14"));
        assert_eq!(read("2026-02-30"), None);
        assert_eq!(read("월요일"), None);
        assert_eq!(read("99999-1-1"), None);
        assert_eq!(read("5일쯤"), None);
    }

    #[test]
    fn a_day_of_birth_has_its_year_and_has_been() {
        let today: Date = "2026-01-12".parse().unwrap();
        let read = |text: &str| birth(text, today).map(|date| date.to_string());
        assert_eq!(read("1990년 3월 2일").as_deref(), Some("1990-03-02"));
        assert_eq!(read("900302").as_deref(), Some("1990-03-02"));
        assert_eq!(read("200302").as_deref(), Some("2020-03-02"));
        for text in [
            "19900302",
            "90.03.02",
            "90년 3월 2일",
            "90-3-2",
            "1990년 3월 2일생",
        ] {
            assert_eq!(read(text).as_deref(), Some("1990-03-02"), "{text}");
        }
        for text in [
            "3월 2일",
            "어제",
            "1899-12-31",
            "2026-01-13",
            "1990-02-30",
            "3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let on = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(years(on("2012-01-13"), today), 13);
        assert_eq!(years(on("2012-01-12"), today), 14);
    }

    #[test]
    fn a_time_of_the_day_is_read_as_people_say_it() {
        let read = |text: &str| time(text).unwrap_or_default();
        assert_eq!(read("14:30"), "14:30");
        assert_eq!(read("오후 2시 30분"), "14:30");
        assert_eq!(read("오후 2시 반"), "14:30");
        assert_eq!(read("오전 12시"), "00:00");
        assert_eq!(read("정오"), "12:00");
        for (text, stored) in [
            ("두시", "02:00"),
            ("오후 두 시 반", "14:30"),
            ("열한시 5분", "11:05"),
            ("밤 10시", "22:00"),
            ("밤 12시", "00:00"),
            ("저녁 7시", "19:00"),
            ("새벽 2시", "02:00"),
            ("낮 12시", "12:00"),
            ("2:30 PM", "14:30"),
            ("오후 2시쯤", "14:00"),
        ] {
            assert_eq!(read(text), stored, "{text}");
        }
        for text in [
            "25:00",
            "24:00",
            "오후 13시",
            "열세시",
            "한 시간",
            "시",
            "10분",
        ] {
            assert_eq!(read(text), "", "{text}");
        }
    }
}
