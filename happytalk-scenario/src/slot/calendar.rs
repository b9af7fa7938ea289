//! Dates and times of the day as customers type them.

use happytalk_core::time::Date;

/// The whole numbers in `text`, in order, and nothing where one does not fit.
fn numbers(text: &str) -> Option<Vec<i16>> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().ok())
        .collect()
}

/// `2026-01-05`, `2026.1.5`, `20260105`, `26/1/5`, `2026년 1월 5일`, `1월 5일` (of this year), 어제, 오늘, 내일, 모레.
pub(super) fn date(text: &str, today: Date) -> Option<Date> {
    match text {
        "그저께" => return Some(today.plus_days(-2)),
        "어제" => return Some(today.plus_days(-1)),
        "오늘" => return Some(today),
        "내일" => return Some(today.plus_days(1)),
        "모레" => return Some(today.plus_days(2)),
        _ => {}
    }
    let written = |c: char| c.is_ascii_digit() || c == ' ' || "-./년월일".contains(c);
    if !text.chars().all(written) {
        return None;
    }
    if text.len() == 8 && text.chars().all(|c| c.is_ascii_digit()) {
        let part = |range| text.get(range).and_then(|digits: &str| digits.parse().ok());
        let month = text.get(4..6)?.parse().ok()?;
        let day = text.get(6..8)?.parse().ok()?;
        return Date::new(part(0..4)?, month, day);
    }
    let (year, month, day) = match numbers(text)?.as_slice() {
        [month, day] => (today.year(), *month, *day),
        [year @ 0..=99, month, day] => (2000 + year, *month, *day),
        [year @ 1900..=2999, month, day] => (*year, *month, *day),
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// A day of birth: as [`date`], or six digits (`900105`), from 1900-01-01 to today.
pub(super) fn birth(text: &str, today: Date) -> Option<Date> {
    let born = if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |range| text.get(range).and_then(|digits: &str| digits.parse().ok());
        let year: i16 = part(0..2)?;
        let (month, day) = (text.get(2..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?);
        // Two digits are of this century only where that day has been.
        let this = Date::new(2000 + year, month, day).filter(|born| *born <= today);
        this.or_else(|| Date::new(1900 + year, month, day))?
    } else {
        // A day without its year is no day of birth, and neither is 어제.
        if text.chars().filter(char::is_ascii_digit).count() < 4 || !names_a_year(text) {
            return None;
        }
        date(text, today)?
    };
    (born.year() >= 1900 && born <= today).then_some(born)
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

/// `14:30`, `오후 2시 30분`, `2시 반`, `정오`; stored as `HH:MM`.
pub(super) fn time(text: &str) -> Option<String> {
    match text {
        "정오" => return Some("12:00".to_owned()),
        "자정" => return Some("00:00".to_owned()),
        _ => {}
    }
    let (rest, afternoon) = match (text.strip_prefix("오전"), text.strip_prefix("오후")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (text, None),
    };
    let rest = rest.trim().replace("반", "30분");
    let written = |c: char| c.is_ascii_digit() || c == ' ' || ":시분".contains(c);
    if !rest.chars().all(written) || !rest.contains([':', '시']) {
        return None;
    }
    let (hour, minute) = match numbers(&rest)?.as_slice() {
        [hour] => (*hour, 0),
        [hour, minute] => (*hour, *minute),
        _ => return None,
    };
    let hour = match (afternoon, hour) {
        (Some(false), 12) => 0,
        (Some(true), 1..=11) => hour + 12,
        (Some(false), 0..=11) | (Some(true), 12) | (None, 0..=23) => hour,
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
            "2026년 1월 5일",
            "1월 5일",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-01-05"), "{text}");
        }
        assert_eq!(read("내일").as_deref(), Some("2026-01-13"));
        assert_eq!(read("2026-02-30"), None);
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
        assert_eq!(read("19900302").as_deref(), Some("1990-03-02"));
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
        assert_eq!(read("25:00"), "");
        assert_eq!(read("오후 13시"), "");
        assert_eq!(read("두시"), "");
    }
}
