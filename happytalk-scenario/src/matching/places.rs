//! Stage 2: the place in the list.

/// What may follow a place in the list, longer ones first: 2번이요, 두 번째 거요, 1번으로 할게요.
const BEHIND: [&str; 23] = [
    "부탁드립니다",
    "부탁드려요",
    "부탁해요",
    "선택합니다",
    "선택할게요",
    "해주세요",
    "주세요",
    "할게요",
    "할래요",
    "입니다",
    "이에요",
    "이예요",
    "예요",
    "선택",
    "걸로",
    "거로",
    "으로",
    "이요",
    "거",
    "것",
    "꺼",
    "요",
    "로",
];

/// How many of them may follow one another.
const BEHIND_MAX: usize = 4;

pub(super) enum Place {
    From0(usize),
    Last,
}

pub(super) fn place(n1: &str) -> Option<Place> {
    // Nearly nothing that is typed is a place, and this is seen at once.
    let may_be = |c: char| {
        c.is_ascii_digit() || matches!(c, '번' | '째' | '막' | '위' | '래') || enclosed(c).is_some()
    };
    if n1.len() > 60 || !n1.chars().any(may_be) {
        return None;
    }
    // 1 번 is a place, and 1 2 are two numbers.
    let apart = |c: char| c.is_ascii_digit();
    let mut words = n1
        .split(' ')
        .map(|word| (word.starts_with(apart), word.ends_with(apart)));
    let mut before = false;
    if words.any(|(begins, ends)| std::mem::replace(&mut before, ends) && begins) {
        return None;
    }
    let text: String = n1.chars().filter(|c| !c.is_whitespace()).collect();
    let mut text = text.trim_matches(['.', '(', ')', '[', ']', '<', '>', '!', '~', '?']);
    for _ in 0..=BEHIND_MAX {
        if let Some(place) = named(text) {
            return Some(place);
        }
        text = BEHIND.iter().find_map(|behind| text.strip_suffix(behind))?;
    }
    None
}

/// A place and nothing beside it.
fn named(text: &str) -> Option<Place> {
    const ORDINALS: [(&str, usize); 10] = [
        ("첫", 0),
        ("두", 1),
        ("세", 2),
        ("네", 3),
        ("다섯", 4),
        ("여섯", 5),
        ("일곱", 6),
        ("여덟", 7),
        ("아홉", 8),
        ("열", 9),
    ];
    const SHORT: [(&str, usize); 4] = [("첫째", 0), ("둘째", 1), ("셋째", 2), ("넷째", 3)];
    const NUMBERS: [&str; 10] = ["일", "이", "삼", "사", "오", "육", "칠", "팔", "구", "십"];
    let text = ["제일", "가장", "맨"]
        .iter()
        .find_map(|most| text.strip_prefix(most))
        .unwrap_or(text);
    match text {
        "마지막" | "마지막번" | "마지막번째" | "아래" => return Some(Place::Last),
        "위" => return Some(Place::From0(0)),
        _ => {}
    }
    let mut letters = text.chars();
    if let (Some(c), None) = (letters.next(), letters.next())
        && let Some(place) = enclosed(c)
    {
        return Some(Place::From0(place));
    }
    if let Some((_, place)) = SHORT.iter().find(|(word, _)| *word == text) {
        return Some(Place::From0(*place));
    }
    let text = text
        .strip_prefix('#')
        .or_else(|| text.strip_prefix("no."))
        .unwrap_or(text);
    let ordinal = text.strip_suffix("번째").or_else(|| {
        // 다섯째, but 첫째 and 둘째 are words of their own.
        text.strip_suffix('째')
            .filter(|word| word.chars().count() > 1)
    });
    if let Some(word) = ordinal
        && let Some((_, place)) = ORDINALS.iter().find(|(ordinal, _)| *ordinal == word)
    {
        return Some(Place::From0(*place));
    }
    let number = text
        .strip_suffix("번째")
        .or_else(|| text.strip_suffix('번'));
    if let Some(word) = number
        && let Some(place) = NUMBERS.iter().position(|number| *number == word)
    {
        return Some(Place::From0(place));
    }
    let digits = number.unwrap_or(text);
    let fits = (1..=3).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    let number: usize = if fits {
        digits.parse().ok()?
    } else {
        return None;
    };
    number.checked_sub(1).map(Place::From0)
}

/// The place that one letter stands for: ①, ⑴, ⒈, ❶, ➀, ➊, ⓵.
fn enclosed(c: char) -> Option<usize> {
    let first = match c {
        '①'..='⑳' => '①',
        '⑴'..='⒇' => '⑴',
        '⒈'..='⒛' => '⒈',
        '⓵'..='⓾' => '⓵',
        '❶'..='❿' => '❶',
        '➀'..='➉' => '➀',
        '➊'..='➓' => '➊',
        _ => return None,
    };
    usize::try_from(u32::from(c) - u32::from(first)).ok()
}

#[cfg(test)]
mod tests {
    use super::{Place, place};

    /// The place from 1, with 0 for the last.
    fn at(text: &str) -> Option<usize> {
        place(&crate::normal::n1(text)).map(|place| match place {
            Place::From0(place) => place + 1,
            Place::Last => 0,
        })
    }

    #[test]
    fn a_place_is_read_however_it_is_written() {
        for text in [
            "1",
            "１",
            "①",
            "⑴",
            "❶",
            "1️⃣",
            "1.",
            "1)",
            "(1)",
            "#1",
            "No.1",
            "1번",
            "1 번",
            "1번이요",
            "1번으로 할게요",
            "1요",
            "일번",
            "첫 번째",
            "첫째",
            "첫번째 거요",
            "1번째",
            "첫 번째 걸로 해주세요",
            "제일 첫번째",
            "맨 위",
            "1번 선택할게요",
        ] {
            assert_eq!(at(text), Some(1), "{text}");
        }
        assert_eq!(at("둘째"), Some(2));
        assert_eq!(at("이번이요"), Some(2));
        assert_eq!(at("다섯째"), Some(5));
        assert_eq!(at("12번"), Some(12));
        for text in ["마지막", "맨 마지막 거요", "마지막으로 할게요", "제일 아래"]
        {
            assert_eq!(at(text), Some(0), "{text}");
        }
    }

    #[test]
    fn what_only_holds_a_number_is_no_place() {
        for text in [
            "주문한 지 2일 됐어요",
            "2일",
            "2개",
            "1시",
            "0",
            "01",
            "1000",
            "두 번 주문했어요",
            "번",
            "번째",
            "째",
            "첫",
            "이",
            "1 2",
            "10,000",
            "-1",
            "1/2",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
