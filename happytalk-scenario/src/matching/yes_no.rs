//! Yes and no, as people say them.

use crate::normal;

/// Yes or no; `None` where it is neither.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    const YES: [&str; 20] = [
        "네",
        "예",
        "넵",
        "넹",
        "네네",
        "예스",
        "응",
        "웅",
        "어",
        "ㅇ",
        "ㅇㅇ",
        "yes",
        "y",
        "ok",
        "오케이",
        "맞아",
        "맞습니다",
        "좋아",
        "그래",
        "동의",
    ];
    const NO: [&str; 15] = [
        "아니요",
        "아니오",
        "아뇨",
        "아니",
        "아닙니다",
        "노",
        "no",
        "n",
        "ㄴ",
        "ㄴㄴ",
        "싫어",
        "안돼",
        "틀려",
        "동의하지않음",
        "동의안함",
    ];
    let n2 = normal::n2_of(text);
    let mut text = &*n2;
    for _ in 0..2 {
        if YES.contains(&text) {
            return Some(true);
        }
        if NO.contains(&text) {
            return Some(false);
        }
        let endings = ["합니다", "해요", "요", "함"];
        text = endings
            .iter()
            .find_map(|ending| text.strip_suffix(ending))?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_told_apart() {
        for yes in ["네", "네!", "네네", "맞아요", "동의합니다", "OK", "ㅇㅇ"] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in ["아니요", "아뇨", "아닙니다", "ㄴㄴ", "동의하지 않음"] {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        assert_eq!(yes_or_no("글쎄요"), None);
        assert_eq!(yes_or_no("요"), None);
    }
}
