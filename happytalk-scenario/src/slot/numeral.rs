//! Whole numbers as customers type them: `1,000`, `3만 5천`, 이십삼, 세, 스물다섯.

/// What stands for 1 to 9 in front of 십, 백, 천 and 만.
const DIGITS: [(&str, i64); 11] = [
    ("영", 0),
    ("공", 0),
    ("일", 1),
    ("이", 2),
    ("삼", 3),
    ("사", 4),
    ("오", 5),
    ("육", 6),
    ("칠", 7),
    ("팔", 8),
    ("구", 9),
];

/// Counting words up to 99; those of tens come first in a number.
const TENS: [(&str, i64); 10] = [
    ("열", 10),
    ("스물", 20),
    ("스무", 20),
    ("서른", 30),
    ("마흔", 40),
    ("쉰", 50),
    ("예순", 60),
    ("일흔", 70),
    ("여든", 80),
    ("아흔", 90),
];
const ONES: [(&str, i64); 15] = [
    ("하나", 1),
    ("한", 1),
    ("둘", 2),
    ("두", 2),
    ("셋", 3),
    ("세", 3),
    ("넷", 4),
    ("네", 4),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("여덜", 8),
    ("아홉", 9),
    ("석", 3),
];

const SMALL_UNITS: [(&str, i64); 3] = [("천", 1_000), ("백", 100), ("십", 10)];
const LARGE_UNITS: [(&str, i64); 3] = [
    ("조", 1_000_000_000_000),
    ("억", 100_000_000),
    ("만", 10_000),
];

/// The longest number that is looked at, in bytes.
const BYTES_MAX: usize = 100;

/// The number that `text` is, and nothing beside it; `None` where it is none or over 64 bits. A fraction counts only
/// where it comes to a whole number: 1.5만.
pub(super) fn whole(text: &str) -> Option<i64> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let (minus, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.trim();
    let number = counted(rest).or_else(|| large(rest))?;
    if minus {
        number.checked_neg()
    } else {
        Some(number)
    }
}

/// A counting word: 세, 열두, 스물다섯.
fn counted(text: &str) -> Option<i64> {
    let tens = TENS
        .iter()
        .find_map(|(word, worth)| Some((text.strip_prefix(word)?, *worth)));
    let (rest, tens) = tens.unwrap_or((text, 0));
    if rest.is_empty() {
        return (tens > 0).then_some(tens);
    }
    let ones = ONES.iter().find(|(word, _)| *word == rest.trim())?;
    Some(tens + ones.1)
}

/// Parts of 만, 억 and 조, from the largest down.
fn large(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut any = false;
    for (unit, worth) in LARGE_UNITS {
        let Some((head, tail)) = rest.split_once(unit) else {
            continue;
        };
        let head = head.trim();
        let part = match head.is_empty() {
            // 만 alone is ten thousand.
            true => worth,
            false => small(head)
                .and_then(|n| n.checked_mul(worth))
                .or_else(|| fraction(head, worth))?,
        };
        total = total.checked_add(part)?;
        rest = tail.trim_start();
        any = true;
    }
    match rest.is_empty() {
        true => any.then_some(total),
        false => total.checked_add(small(rest).or_else(|| thousands_of(rest))?),
    }
}

/// `1.5천`.
fn thousands_of(text: &str) -> Option<i64> {
    let (unit, worth) = SMALL_UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    fraction(text.strip_suffix(unit)?.trim(), *worth)
}

/// A number with a fraction times a unit, where that is a whole number.
fn fraction(text: &str, worth: i64) -> Option<i64> {
    let (whole, after) = text.split_once('.')?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(after) || after.len() > 8 {
        return None;
    }
    let scale = 10_i64.checked_pow(u32::try_from(after.len()).ok()?)?;
    let part = after.parse::<i64>().ok()?.checked_mul(worth)?;
    let whole = whole.parse::<i64>().ok()?.checked_mul(worth)?;
    (part % scale == 0)
        .then(|| whole.checked_add(part / scale))
        .flatten()
}

/// Parts of 십, 백 and 천, from the largest down, and what is left: digits, or one word for a digit.
fn small(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut any = false;
    for (unit, worth) in SMALL_UNITS {
        let Some((head, tail)) = rest.split_once(unit) else {
            continue;
        };
        let head = head.trim();
        let count = if head.is_empty() {
            1
        } else {
            unit_count(head)?
        };
        total = total.checked_add(count.checked_mul(worth)?)?;
        rest = tail.trim_start();
        any = true;
    }
    match rest.is_empty() {
        true => any.then_some(total),
        false => total.checked_add(unit_count(rest)?),
    }
}

fn unit_count(text: &str) -> Option<i64> {
    let word = DIGITS.iter().find(|(word, _)| *word == text);
    word.map(|(_, worth)| *worth).or_else(|| digits(text))
}

/// Digits, in groups of three where there are commas.
fn digits(text: &str) -> Option<i64> {
    if text.contains(',') {
        let mut groups = text.split(',');
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
        if !first || groups.any(|group| group.len() != 3) {
            return None;
        }
    }
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if fits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        for (text, number) in [
            ("3", 3),
            ("-3", -3),
            ("−3", -3),
            ("+3", 3),
            ("1,000", 1_000),
            ("이십삼", 23),
            ("백", 100),
            ("천오백", 1_500),
            ("만", 10_000),
            ("만 오천", 15_000),
            ("이만오천", 25_000),
            ("2만5000", 25_000),
            ("3만 5천", 35_000),
            ("백만", 1_000_000),
            ("1억 2천만", 120_000_000),
            ("1.5만", 15_000),
            ("3.5천", 3_500),
            ("세", 3),
            ("하나", 1),
            ("열두", 12),
            ("스무", 20),
            ("스물다섯", 25),
            ("영", 0),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in [
            "",
            "3.5",
            "1.23456만",
            "12,00",
            "구구",
            "만만",
            "가",
            "-",
            "99999999999999999999",
            "99999999999억",
            "오백이천",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
