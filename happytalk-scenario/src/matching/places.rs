//! Stage 2: the place in the list.

/// What may follow a place in the list: 2번이요, 두 번째 거요, 1번으로 할게요.
fn without_tail(text: &str) -> &str {
    const TAILS: [&str; 22] = [
        "으로부탁드려요",
        "으로해주세요",
        "로해주세요",
        "으로할게요",
        "로할게요",
        "부탁드려요",
        "선택할게요",
        "이에요",
        "입니다",
        "할게요",
        "할래요",
        "걸로요",
        "으로요",
        "걸로",
        "거로",
        "으로",
        "이요",
        "거요",
        "것",
        "거",
        "요",
        "로",
    ];
    let place = |rest: &&str| rest.ends_with(['번', '째']) || rest.ends_with("마지막");
    let mut rests = TAILS.iter().filter_map(|tail| text.strip_suffix(tail));
    rests.find(place).unwrap_or(text)
}

pub(super) enum Place {
    From0(usize),
    Last,
}

pub(super) fn place(n1: &str) -> Option<Place> {
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
    // Nearly nothing that is typed is a place, and this is seen at once.
    let may_be = |c: char| c.is_ascii_digit() || matches!(c, '①'..='⑳' | '번' | '막');
    if n1.len() > 60 || !n1.chars().any(may_be) {
        return None;
    }
    let text: String = n1.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_end_matches(['.', ')', '!', '~']);
    let text = without_tail(text);
    if matches!(
        text,
        "마지막" | "마지막거" | "마지막것" | "맨마지막" | "맨마지막거"
    ) {
        return Some(Place::Last);
    }
    let mut letters = text.chars();
    if let (Some(c @ '①'..='⑳'), None) = (letters.next(), letters.next()) {
        let place = u32::from(c) - u32::from('①');
        return usize::try_from(place).ok().map(Place::From0);
    }
    let counted = text
        .strip_suffix("번째")
        .or_else(|| text.strip_suffix("번"))
        .unwrap_or(text);
    let is_ordinal = text.ends_with("번째");
    if is_ordinal && let Some((_, place)) = ORDINALS.iter().find(|(word, _)| *word == counted) {
        return Some(Place::From0(*place));
    }
    let digits = !counted.is_empty()
        && counted.len() <= 3
        && counted.bytes().all(|byte| byte.is_ascii_digit())
        && !counted.starts_with('0');
    let number: usize = if digits {
        counted.parse().ok()?
    } else {
        return None;
    };
    number.checked_sub(1).map(Place::From0)
}
