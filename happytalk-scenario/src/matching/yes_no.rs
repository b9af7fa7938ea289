//! Yes and no, as people say them.

use super::repair::keyboard_repaired;
use crate::normal;

const YES: [&str; 62] = [
    "네",
    "넵",
    "넹",
    "넴",
    "녜",
    "네에",
    "네엡",
    "예",
    "옙",
    "예스",
    "응",
    "웅",
    "엉",
    "어",
    "ㅇ",
    "ㅇㅋ",
    "yes",
    "yep",
    "yeah",
    "y",
    "ok",
    "okay",
    "오케이",
    "오케",
    "오키",
    "맞아",
    "맞아요",
    "맞습니다",
    "맞음",
    "맞네요",
    "맞는데요",
    "좋아",
    "좋아요",
    "좋습니다",
    "좋네요",
    "그래",
    "그래요",
    "그렇습니다",
    "그렇죠",
    "그럼",
    "그럼요",
    "그럴게요",
    "당연하죠",
    "당연히",
    "물론",
    "물론이죠",
    "물론입니다",
    "동의",
    "동의함",
    "동의해요",
    "동의합니다",
    "동의할게요",
    "할게요",
    "할래요",
    "합니다",
    "해주세요",
    "진행해주세요",
    "진행할게요",
    "부탁해요",
    "부탁드려요",
    "부탁드립니다",
    "원해요",
];
const NO: [&str; 55] = [
    "아니",
    "아니요",
    "아니오",
    "아니여",
    "아녀",
    "아뇨",
    "아니야",
    "아니에요",
    "아니예요",
    "아녜요",
    "아닌데요",
    "아닙니다",
    "아니거든요",
    "노",
    "노노",
    "no",
    "nope",
    "n",
    "ㄴ",
    "싫어",
    "싫어요",
    "싫습니다",
    "싫은데요",
    "안돼",
    "안돼요",
    "안됩니다",
    "틀려",
    "틀려요",
    "틀립니다",
    "틀렸어요",
    "틀렸습니다",
    "틀린데요",
    "달라요",
    "다릅니다",
    "안해",
    "안해요",
    "안할래요",
    "안할게요",
    "안합니다",
    "하지않을게요",
    "하지않겠습니다",
    "동의하지않음",
    "동의하지않아요",
    "동의하지않습니다",
    "동의하지않을게요",
    "동의안함",
    "동의안해",
    "동의안해요",
    "동의안합니다",
    "동의못해요",
    "동의못합니다",
    "비동의",
    "미동의",
    "거절",
    "거절합니다",
];
/// What is said beside a yes or a no and means neither.
const BESIDE: [&str; 9] = [
    "감사합니다",
    "감사해요",
    "고마워요",
    "고맙습니다",
    "괜찮아요",
    "괜찮습니다",
    "됐어요",
    "됐습니다",
    "그냥",
];

/// The longest text that is looked at, in bytes.
const BYTES_MAX: usize = 100;

/// Yes or no; `None` where it is neither, or both.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let said = normal::n2_of(text);
    one_way(&said).or_else(|| one_way(&normal::n2_of(&keyboard_repaired(text)?)))
}

fn one_way(mut rest: &str) -> Option<bool> {
    let mut meant = None;
    while !rest.is_empty() {
        let longest = |words: &[&str]| {
            let fitting = words.iter().filter(|word| rest.starts_with(**word));
            fitting.map(|word| word.len()).max().unwrap_or(0)
        };
        let (yes, no, beside) = (longest(&YES), longest(&NO), longest(&BESIDE));
        let word = yes.max(no).max(beside);
        // Nothing is said beside an answer that was not given yet.
        if word == 0 || word == beside && beside > yes.max(no) && meant.is_none() {
            return None;
        }
        if beside < word {
            let is_yes = yes > no;
            if meant.is_some_and(|before| before != is_yes) {
                return None;
            }
            meant = Some(is_yes);
        }
        rest = rest.get(word..)?;
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_told_apart() {
        for yes in [
            "네",
            "네!",
            "네네",
            "네네네",
            "맞아요",
            "동의합니다",
            "OK",
            "ㅇㅇ",
            "ㅇㅋ",
            "네 맞습니다",
            "네, 동의해요",
            "좋습니다",
            "그럼요",
            "네 감사합니다",
            "sp",
            "ＹＥＳ",
            "응응",
        ] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in [
            "아니요",
            "아뇨",
            "아닙니다",
            "ㄴㄴ",
            "동의하지 않음",
            "동의하지 않습니다",
            "동의 안 해요",
            "아니에요",
            "아니요 괜찮아요",
            "틀렸어요",
            "싫습니다",
            "안 할래요",
            "dksldy",
        ] {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        for neither in [
            "글쎄요",
            "요",
            "",
            "네 아니요",
            "괜찮아요",
            "네이버",
            "예약",
            "어디",
            "노트북",
            "1",
        ] {
            assert_eq!(yes_or_no(neither), None, "{neither}");
        }
    }
}
