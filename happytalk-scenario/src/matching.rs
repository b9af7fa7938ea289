//! Which choice a customer means by what they typed. Pure, without a dictionary, the same every time.

mod contained;
mod places;
mod repair;

use aho_corasick::{AhoCorasick, MatchKind};

use places::{Place, place};
pub(crate) use repair::slip;

use crate::normal;

/// Which way of comparing decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the stages of the matcher are numbered and fixed"
)]
pub enum Stage {
    /// 0: the button's own token, or its id.
    Token,
    /// 1: the same text but for case, width, composition and white space at its ends.
    Normal,
    /// 2: the place in the list: `1`, `①`, `1번`, `첫 번째`, `마지막`.
    Index,
    /// 3: the same text but for white space, punctuation and emoji.
    Spacing,
    /// 4: the same text but for an ending: `교환이요`.
    Ending,
    /// 5: the words stand somewhere in what was typed.
    Contained,
    /// 6: typed with the keyboard in the other language: `ryghks`.
    Keyboard,
    /// 7: initial consonants alone: `ㄱㅎ`.
    Initials,
    /// 8: one or two slips of the finger.
    Typo,
}

impl Stage {
    /// The number of the stage, from 0.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name of the stage, for metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Normal => "normal",
            Self::Index => "index",
            Self::Spacing => "spacing",
            Self::Ending => "ending",
            Self::Contained => "contained",
            Self::Keyboard => "keyboard",
            Self::Initials => "initials",
            Self::Typo => "typo",
        }
    }
}

/// How sure the matcher is; choices are places in the list it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// This one.
    Exact(usize, Stage),
    /// Probably this one: ask first.
    Likely(usize, Stage),
    /// One of these: ask which.
    Ambiguous(Vec<usize>, Stage),
    /// None of them.
    None,
}

/// How far a text may be from a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The whole text is the label, or the label with an ending.
    Whole,
    /// As [`Reach::Whole`], and the place in the list.
    Listed,
    /// The words anywhere in the text as well, and mistyped ones.
    Anywhere,
}

/// What one choice is called.
pub(crate) struct Name<'a> {
    /// What stands on it.
    pub(crate) label: &'a str,
    /// What else it is called exactly: its id, its value.
    pub(crate) exact: Vec<&'a str>,
    /// Words that mean it, wherever they stand.
    pub(crate) words: Vec<&'a str>,
}

struct Entry {
    n1: String,
    n2: String,
    choice: usize,
    /// Whether the text may stand somewhere in a sentence.
    within: bool,
    is_label: bool,
}

/// The choices of one scope, ready to be matched.
pub(crate) struct Matcher {
    entries: Vec<Entry>,
    choices: usize,
    /// Only where there are many words; few are quicker to try one by one.
    automaton: Option<AhoCorasick>,
}

/// From how many words on an automaton is built.
const AUTOMATON_FROM: usize = 24;

/// The longest text that is looked through for words, in bytes of N2.
const SEARCH_BYTES_MAX: usize = 4_000;

impl Matcher {
    pub(crate) fn new(names: &[Name<'_>]) -> Self {
        let mut entries = Vec::new();
        for (choice, name) in names.iter().enumerate() {
            let labels = [(name.label, true, true)].into_iter();
            let exact = name.exact.iter().map(|text| (*text, false, false));
            let words = name.words.iter().map(|text| (*text, true, false));
            for (text, within, is_label) in labels.chain(exact).chain(words) {
                let n1 = normal::n1(text);
                let n2 = normal::n2(&n1);
                if n1.is_empty() {
                    continue;
                }
                let long_enough =
                    n2.chars().nth(1).is_some() && !n2.bytes().all(|b| b.is_ascii_digit());
                entries.push(Entry {
                    within: within && long_enough,
                    n1,
                    n2,
                    choice,
                    is_label,
                });
            }
        }
        let within: Vec<_> = entries.iter().filter(|entry| entry.within).collect();
        let automaton = (within.len() >= AUTOMATON_FROM).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(within.iter().map(|entry| entry.n2.as_bytes()))
        });
        Self {
            automaton: automaton.and_then(Result::ok),
            entries,
            choices: names.len(),
        }
    }

    /// What `text` means, among the choices that `shown` lets through.
    pub(crate) fn find(&self, text: &str, reach: Reach, shown: &dyn Fn(usize) -> bool) -> Answer {
        let n1 = normal::n1(text);
        if n1.is_empty() || self.entries.is_empty() {
            return Answer::None;
        }
        let answer = self.first_stages(&n1, reach, shown);
        if answer != Answer::None || reach != Reach::Anywhere {
            return answer;
        }
        repair::find(self, text, &n1, reach, shown)
    }

    /// Stages 1 to 5.
    fn first_stages(&self, n1: &str, reach: Reach, shown: &dyn Fn(usize) -> bool) -> Answer {
        let mut visible = self.entries.iter().filter(|entry| shown(entry.choice));
        if let Some(entry) = visible.find(|entry| entry.n1 == n1) {
            return Answer::Exact(entry.choice, Stage::Normal);
        }
        if reach != Reach::Whole
            && let Some(choice) = self.by_place(n1, shown)
        {
            return Answer::Exact(choice, Stage::Index);
        }
        let n2 = normal::n2(n1);
        if let Some(choice) = self.equal(&n2, shown) {
            return Answer::Exact(choice, Stage::Spacing);
        }
        if let Some(choice) = self.without_ending(&n2, shown) {
            return Answer::Exact(choice, Stage::Ending);
        }
        if reach == Reach::Anywhere && n2.len() <= SEARCH_BYTES_MAX {
            return contained::find(self, n1, &n2, shown);
        }
        Answer::None
    }

    fn equal(&self, n2: &str, shown: &dyn Fn(usize) -> bool) -> Option<usize> {
        if n2.is_empty() {
            return None;
        }
        let mut visible = self.entries.iter().filter(|entry| shown(entry.choice));
        visible
            .find(|entry| entry.n2 == n2)
            .map(|entry| entry.choice)
    }

    fn without_ending(&self, n2: &str, shown: &dyn Fn(usize) -> bool) -> Option<usize> {
        let mut tried = vec![n2];
        // Endings follow one another: 교환·을·하고싶어요. Three are enough for any sentence.
        for _ in 0..3 {
            let mut shorter = Vec::new();
            for text in tried {
                for ending in ENDINGS {
                    if let Some(rest) = text.strip_suffix(ending)
                        && !rest.is_empty()
                    {
                        if let Some(choice) = self.equal(rest, shown) {
                            return Some(choice);
                        }
                        if !shorter.contains(&rest) {
                            shorter.push(rest);
                        }
                    }
                }
            }
            tried = shorter;
        }
        None
    }

    /// The whole text names a place in the list, from the first one shown.
    fn by_place(&self, n1: &str, shown: &dyn Fn(usize) -> bool) -> Option<usize> {
        let place = place(n1)?;
        let mut visible = (0..self.choices).filter(|choice| shown(*choice));
        match place {
            Place::Last => visible.last(),
            Place::From0(place) => visible.nth(place),
        }
    }
}

/// What may follow a label or a word at the end of a text, longest first where one holds another.
const ENDINGS: [&str; 56] = [
    "부탁드리겠습니다",
    "부탁드립니다",
    "해주시겠어요",
    "하고싶습니다",
    "하고싶은데요",
    "부탁드려요",
    "부탁합니다",
    "하고싶어요",
    "하고싶은데",
    "하려고합니다",
    "해주십시오",
    "해주실래요",
    "하겠습니다",
    "하려고해요",
    "부탁해요",
    "하고싶어",
    "하려고요",
    "하려구요",
    "해주세요",
    "해줄래요",
    "할게요",
    "할래요",
    "할께요",
    "해줘요",
    "원합니다",
    "합니다",
    "입니다",
    "이에요",
    "하려고",
    "주세요",
    "원해요",
    "해줘",
    "할게",
    "할래",
    "할께",
    "해요",
    "예요",
    "에요",
    "이요",
    "이여",
    "이야",
    "으로요",
    "으로",
    "요",
    "염",
    "욤",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "로",
    "좀",
    "해",
    "도",
];

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
    let n2 = normal::n2(&normal::n1(text));
    let mut text = n2.as_str();
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
    use unicode_normalization::UnicodeNormalization;

    fn menu() -> Matcher {
        named(&[("교환", "ex"), ("반품", "re"), ("처음으로", "home")])
    }

    fn named(labels: &[(&str, &str)]) -> Matcher {
        let names: Vec<_> = labels
            .iter()
            .map(|(label, id)| Name {
                label,
                exact: vec![id],
                words: Vec::new(),
            })
            .collect();
        Matcher::new(&names)
    }

    fn find(text: &str) -> Answer {
        menu().find(text, Reach::Anywhere, &|_| true)
    }

    #[test]
    fn cases_2_to_5_the_same_word_is_taken_however_it_is_typed() {
        let nfd: String = "교환".nfd().collect();
        assert_eq!(find(&nfd), Answer::Exact(0, Stage::Normal));
        assert_eq!(find("  교환 \n"), Answer::Exact(0, Stage::Normal));
        assert_eq!(find("처음 으로"), Answer::Exact(2, Stage::Spacing));
        for text in [
            "교환이요",
            "교환 해주세요",
            "교환해주세요",
            "교환을 하고 싶어요",
        ] {
            assert_eq!(find(text), Answer::Exact(0, Stage::Ending), "{text}");
        }
        let order = named(&[("주문 조회", "order")]);
        assert_eq!(
            order.find("주문조회", Reach::Anywhere, &|_| true),
            Answer::Exact(0, Stage::Spacing)
        );
    }

    #[test]
    fn case_8_a_part_of_a_label_is_not_the_label() {
        let english = named(&[("Just a few tests", "a")]);
        assert_eq!(
            english.find("tests", Reach::Anywhere, &|_| true),
            Answer::None
        );
    }

    #[test]
    fn case_9_a_place_is_taken_only_when_it_is_the_whole_text() {
        for text in ["1", "１", "①", "1번", "첫 번째", "1."] {
            assert_eq!(find(text), Answer::Exact(0, Stage::Index), "{text}");
        }
        assert_eq!(find("마지막"), Answer::Exact(2, Stage::Index));
        assert_eq!(find("4"), Answer::None);
        assert_eq!(find("0"), Answer::None);
        assert_eq!(find("주문한 지 2일 됐어요"), Answer::None);
    }

    #[test]
    fn case_11_of_two_words_the_meant_one_is_taken_or_asked_for() {
        assert_eq!(find("교환 말고 반품"), Answer::Exact(1, Stage::Contained));
        assert_eq!(
            find("교환이 아니라 반품이요"),
            Answer::Exact(1, Stage::Contained)
        );
        assert_eq!(
            find("교환 반품"),
            Answer::Ambiguous(vec![0, 1], Stage::Contained)
        );
        assert_eq!(find("교환 안 할래요"), Answer::Likely(0, Stage::Contained));
        assert_eq!(
            find("이거 교환 되나요?"),
            Answer::Exact(0, Stage::Contained)
        );
    }

    #[test]
    fn case_13_the_wrong_keyboard_is_read_as_the_right_one() {
        assert_eq!(find("ryghks"), Answer::Exact(0, Stage::Keyboard));
        let apple = named(&[("apple", "a"), ("사과", "b")]);
        assert_eq!(
            apple.find("apple", Reach::Anywhere, &|_| true),
            Answer::Exact(0, Stage::Normal)
        );
        assert_eq!(
            apple.find("메ㅔㅣㄷ", Reach::Anywhere, &|_| true),
            Answer::Exact(0, Stage::Keyboard)
        );
    }

    #[test]
    fn cases_14_and_15_slips_are_asked_about_and_initials_taken_when_unique() {
        assert_eq!(find("교한"), Answer::Likely(0, Stage::Typo));
        assert_eq!(find("ㄱㅎ"), Answer::Exact(0, Stage::Initials));
        let two = named(&[("교환", "a"), ("가후", "b")]);
        assert_eq!(
            two.find("ㄱㅎ", Reach::Anywhere, &|_| true),
            Answer::Ambiguous(vec![0, 1], Stage::Initials)
        );
    }

    #[test]
    fn a_hidden_choice_is_not_there() {
        let shown = |choice: usize| choice != 0;
        assert_eq!(menu().find("교환", Reach::Anywhere, &shown), Answer::None);
        assert_eq!(
            menu().find("1", Reach::Anywhere, &shown),
            Answer::Exact(1, Stage::Index)
        );
    }

    #[test]
    fn latin_words_are_found_only_as_words() {
        let no = named(&[("no", "a"), ("yes", "b")]);
        assert_eq!(
            no.find("i don't know", Reach::Anywhere, &|_| true),
            Answer::None
        );
        assert_eq!(
            no.find("well, yes!", Reach::Anywhere, &|_| true),
            Answer::Exact(1, Stage::Contained)
        );
    }

    #[test]
    fn many_words_are_found_as_few_are() {
        let words: Vec<String> = (0..40).map(|n| format!("낱말{n}번")).collect();
        let names: Vec<_> = words
            .iter()
            .map(|label| Name {
                label,
                exact: Vec::new(),
                words: Vec::new(),
            })
            .collect();
        let many = Matcher::new(&names);
        assert!(many.automaton.is_some());
        assert_eq!(
            many.find("저는 낱말 17번 주세요", Reach::Anywhere, &|_| true),
            Answer::Exact(17, Stage::Contained)
        );
    }

    #[test]
    fn case_17_nothing_typed_makes_it_panic() {
        let long = "교환".repeat(5_000);
        let texts = [
            "dkdlvhs16",
            "ㄱ1🙂",
            "\u{202E}abc",
            "ㅋㅋㅋㅋ",
            "",
            " ",
            "🙂",
            "ㅃㅞㄹㄱㅅ",
            &long,
        ];
        for text in texts {
            let _ = find(text);
        }
        assert_eq!(find("🙂"), Answer::None);
    }

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
