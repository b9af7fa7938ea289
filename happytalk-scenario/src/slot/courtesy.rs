//! What stands around an answer and is no part of it: 010-1234-5678**이에요**, **저는** 홍길동**입니다**.

/// Behind an answer, longer ones first.
const BEHIND: [&str; 16] = [
    "이라고합니다",
    "이라고 합니다",
    "라고합니다",
    "라고 합니다",
    "부탁드려요",
    "해주세요",
    "할게요",
    "주세요",
    "입니다",
    "이에요",
    "이예요",
    "이고요",
    "예요",
    "에요",
    "이요",
    "요",
];

/// What `read` makes of `text`, or of `text` without the polite words behind it.
pub(super) fn without<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = text.trim_end_matches(['.', '!', '~', '?', ' ']);
    read(text).or_else(|| {
        BEHIND
            .iter()
            .find_map(|words| read(text.strip_suffix(words)?.trim_end()))
    })
}

/// A name without the words around it. Whoever is called 이요 gives more than that, so that one letter is not left over.
pub(super) fn bare_name(text: &str) -> &str {
    const BEFORE: [&str; 6] = [
        "제 이름은 ",
        "내 이름은 ",
        "이름은 ",
        "성함은 ",
        "저는 ",
        "나는 ",
    ];
    let text = text.trim_end_matches(['.', '!', '~', ' ']);
    let text = BEFORE
        .iter()
        .find_map(|words| text.strip_prefix(words))
        .unwrap_or(text);
    // A name may well end with 요 alone.
    let mut behind = BEHIND.iter().filter(|words| words.chars().count() > 1);
    let bare = behind.find_map(|words| text.strip_suffix(words));
    bare.map(str::trim_end)
        .filter(|bare| bare.chars().count() > 1)
        .unwrap_or(text)
}
