//! Which choice a customer means by what they typed. Pure, without a dictionary, the same every time.

mod asked;
mod contained;
mod endings;
mod near;
mod offered;
mod places;
mod repair;
mod yes_no;

use contained::Words;
use near::Near;
use places::{Place, place};

use crate::normal;
use crate::table::{Table, hash};

pub(crate) use asked::{Reach, Typed};
pub(crate) use near::is_within;
pub(crate) use offered::{listed, yes_or_no_offered};
pub use repair::keyboard_repaired;
pub(crate) use yes_no::yes_or_no;

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
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever asks has to say what happens in each of the four cases"
)]
pub enum Answer {
    /// This one.
    Exact(usize, Stage),
    /// Probably this one: ask first.
    Likely(usize, Stage),
    /// One of these: ask which.
    Ambiguous(Vec<usize>, Stage),
    /// None of them.
    None,
}

/// What one choice is called.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Name<'a> {
    /// What stands on it.
    pub label: &'a str,
    /// What else it is called exactly: its id, its value.
    pub exact: Vec<&'a str>,
    /// Words that mean it, wherever they stand.
    pub words: Vec<&'a str>,
}

impl<'a> Name<'a> {
    /// A choice with that label.
    #[must_use]
    pub const fn new(label: &'a str) -> Self {
        Self {
            label,
            exact: Vec::new(),
            words: Vec::new(),
        }
    }

    /// With words that mean it, wherever they stand.
    #[must_use]
    pub fn with_words(mut self, words: impl IntoIterator<Item = &'a str>) -> Self {
        self.words.extend(words);
        self
    }
}

struct Entry {
    n1: Box<str>,
    /// `None` where it is `n1`.
    n2: Option<Box<str>>,
    choice: usize,
    /// Whether the N1 of `n1` is `n1`, as it nearly always is.
    is_settled: bool,
    /// Whether the text may stand somewhere in a sentence.
    within: bool,
    is_label: bool,
}

impl Entry {
    fn n2(&self) -> &str {
        self.n2.as_deref().unwrap_or(&self.n1)
    }

    /// N1, where the N1 of that is the same again; else nothing that anybody types.
    fn settled(&self) -> &str {
        if self.is_settled { &self.n1 } else { "" }
    }
}

/// A few choices or ten thousand keywords, ready to be looked for in what customers type.
///
/// The stages of [`Stage`] are gone through one after the other until one of them finds something. Pure: no model, no
/// dictionary, the same answer every time.
///
/// ```
/// use happytalk_scenario::{Answer, Matcher, Name, Stage};
///
/// let menu = Matcher::new(&[Name::new("교환").with_words(["바꿔"]), Name::new("반품")]);
/// assert_eq!(menu.find("교환해주세요"), Answer::Exact(0, Stage::Ending));
/// assert_eq!(menu.find("교환 말고 반품"), Answer::Exact(1, Stage::Contained));
/// assert_eq!(menu.find("ryghks"), Answer::Exact(0, Stage::Keyboard));
/// assert_eq!(menu.find("교한"), Answer::Likely(0, Stage::Typo));
/// ```
pub struct Matcher {
    entries: Vec<Entry>,
    choices: usize,
    /// Entries by N1 and by N2, where there are many.
    by_n1: Table,
    by_n2: Table,
    words: Words,
    /// Whether a word could be typed with the keyboard in Korean by mistake.
    has_latin: bool,
    /// Whether a choice may be named by its place in the list.
    has_places: bool,
    near: Near,
}

/// From how many entries on they are looked up rather than gone through.
const TABLE_FROM: usize = 12;

/// The longest text that is looked through for words, in bytes of N2.
const SEARCH_BYTES_MAX: usize = 4_000;

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Matcher")
            .field("choices", &self.choices)
            .field("names", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl Matcher {
    /// Makes the choices ready. What is a name of two choices belongs to the first.
    #[must_use]
    pub fn new(names: &[Name<'_>]) -> Self {
        let mut entries = Vec::new();
        for (choice, name) in names.iter().enumerate() {
            let labels = [(name.label, true, true)].into_iter();
            let exact = name.exact.iter().map(|text| (*text, false, false));
            let words = name.words.iter().map(|text| (*text, true, false));
            for (text, within, is_label) in labels.chain(exact).chain(words) {
                let n1 = normal::n1(text);
                if n1.is_empty() {
                    continue;
                }
                let n2 = normal::n2(&n1);
                let long_enough =
                    n2.chars().nth(1).is_some() && !n2.bytes().all(|b| b.is_ascii_digit());
                entries.push(Entry {
                    within: within && long_enough,
                    n2: (n2 != n1).then(|| n2.as_ref().into()),
                    is_settled: normal::n1(&n1) == n1,
                    n1: n1.as_ref().into(),
                    choice,
                    is_label,
                });
            }
        }
        let (mut by_n1, mut by_n2) = (Table::default(), Table::default());
        if entries.len() >= TABLE_FROM {
            by_n1 = Table::with_room(entries.len());
            by_n2 = Table::with_room(entries.len());
            for (place, entry) in entries.iter().enumerate() {
                by_n1.insert(hash(entry.n1.as_bytes()), place);
                by_n2.insert(hash(entry.n2().as_bytes()), place);
            }
        }
        let latin = |entry: &Entry| entry.n2().bytes().any(|b| b.is_ascii_alphabetic());
        Self {
            words: Words::new(&entries),
            near: Near::new(&entries),
            has_latin: entries.iter().any(latin),
            has_places: true,
            choices: names.len(),
            by_n1,
            by_n2,
            entries,
        }
    }

    /// Choices that stand in no list that people see, so that a number means none of them.
    #[must_use]
    pub const fn without_places(mut self) -> Self {
        self.has_places = false;
        self
    }

    /// What `text` means.
    #[must_use]
    pub fn find(&self, text: &str) -> Answer {
        self.find_shown(&Typed::new(text), Reach::ANYWHERE, &|_| true)
    }

    /// What was typed means, among the choices that `shown` lets through.
    pub(crate) fn find_shown(
        &self,
        typed: &Typed<'_>,
        reach: Reach,
        shown: &dyn Fn(usize) -> bool,
    ) -> Answer {
        let n1 = typed.n1();
        if n1.is_empty() || self.entries.is_empty() {
            return Answer::None;
        }
        let answer = self.first_stages(n1, reach, shown);
        if answer != Answer::None || !reach.beyond {
            return answer;
        }
        repair::find(self, typed.text(), n1, shown)
    }

    /// The choice that `text` is a name of as it stands: what stage 1 finds, without making the text comparable first. A
    /// name whose N1 has another N1 is left to stage 1.
    pub(crate) fn named(&self, text: &str, shown: impl Fn(usize) -> bool) -> Option<usize> {
        if text.is_empty() {
            return None;
        }
        self.equal(&self.by_n1, text, Entry::settled, &shown)
    }

    /// Stages 1 to 5.
    fn first_stages(&self, n1: &str, reach: Reach, shown: &dyn Fn(usize) -> bool) -> Answer {
        if reach.whole
            && let Some(choice) = self.equal(&self.by_n1, n1, |entry| &entry.n1, shown)
        {
            return Answer::Exact(choice, Stage::Normal);
        }
        if reach.listed
            && self.has_places
            && let Some(choice) = self.by_place(n1, shown)
        {
            return Answer::Exact(choice, Stage::Index);
        }
        let n2: &str = &normal::n2(n1);
        if n2.is_empty() {
            return Answer::None;
        }
        if reach.whole {
            if let Some(choice) = self.equal(&self.by_n2, n2, Entry::n2, shown) {
                return Answer::Exact(choice, Stage::Spacing);
            }
            if let Some(choice) = self.without_ending(n2, shown) {
                return Answer::Exact(choice, Stage::Ending);
            }
        }
        if reach.beyond && n2.len() <= SEARCH_BYTES_MAX {
            return contained::find(self, n1, n2, shown);
        }
        Answer::None
    }

    /// The first choice that is shown of which a name is `text`.
    fn equal(
        &self,
        table: &Table,
        text: &str,
        of: impl Fn(&Entry) -> &str,
        shown: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let is = |entry: &Entry| of(entry) == text && shown(entry.choice);
        let found = if self.entries.len() < TABLE_FROM {
            self.entries.iter().find(|entry| is(entry))
        } else {
            let found = table.find(hash(text.as_bytes()), |place| {
                self.entries.get(place).is_some_and(is)
            });
            found.and_then(|place| self.entries.get(place))
        };
        found.map(|entry| entry.choice)
    }

    /// Endings follow one another: 교환·을·하고싶어요. Three are enough for any sentence.
    fn without_ending(&self, n2: &str, shown: &dyn Fn(usize) -> bool) -> Option<usize> {
        const DEEPEST: usize = 3;
        let mut rests = vec![n2];
        let (mut from, mut deep) = (0, 0);
        while deep < DEEPEST && from < rests.len() {
            let to = rests.len();
            for place in from..to {
                let Some(&text) = rests.get(place) else { break };
                let last = text.chars().next_back()?;
                for ending in endings::of(last) {
                    let Some(rest) = text.strip_suffix(ending).filter(|rest| !rest.is_empty())
                    else {
                        continue;
                    };
                    if let Some(choice) = self.equal(&self.by_n2, rest, Entry::n2, shown) {
                        return Some(choice);
                    }
                    if !rests.contains(&rest) {
                        rests.push(rest);
                    }
                }
            }
            from = to;
            deep += 1;
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
                exact: vec![id],
                ..Name::new(label)
            })
            .collect();
        Matcher::new(&names)
    }

    fn find(text: &str) -> Answer {
        menu().find(text)
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
        assert_eq!(order.find("주문조회"), Answer::Exact(0, Stage::Spacing));
    }

    #[test]
    fn case_8_a_part_of_a_label_is_not_the_label() {
        let english = named(&[("Just a few tests", "a")]);
        assert_eq!(english.find("tests"), Answer::None);
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
        for text in [
            "교환 안 할래요",
            "교환하지 마세요",
            "교환은 됐어요",
            "교환 필요 없어요",
        ] {
            assert_eq!(find(text), Answer::Likely(0, Stage::Contained), "{text}");
        }
        assert_eq!(
            find("이거 교환 되나요?"),
            Answer::Exact(0, Stage::Contained)
        );
    }

    #[test]
    fn case_13_the_wrong_keyboard_is_read_as_the_right_one() {
        assert_eq!(find("ryghks"), Answer::Exact(0, Stage::Keyboard));
        let apple = named(&[("apple", "a"), ("사과", "b")]);
        assert_eq!(apple.find("apple"), Answer::Exact(0, Stage::Normal));
        assert_eq!(apple.find("메ㅔㅣㄷ"), Answer::Exact(0, Stage::Keyboard));
    }

    #[test]
    fn cases_14_and_15_slips_are_asked_about_and_initials_taken_when_unique() {
        assert_eq!(find("교한"), Answer::Likely(0, Stage::Typo));
        assert_eq!(find("ㄱㅎ"), Answer::Exact(0, Stage::Initials));
        let two = named(&[("교환", "a"), ("가후", "b")]);
        assert_eq!(
            two.find("ㄱㅎ"),
            Answer::Ambiguous(vec![0, 1], Stage::Initials)
        );
    }

    #[test]
    fn a_name_as_it_stands_is_what_the_first_stage_finds() {
        let names = named(&[
            ("교환", "ex"),
            ("1번 반품", "re"),
            ("Ａs", "as"),
            ("a\u{200B}\u{301}", "é"),
        ]);
        let texts = [
            "교환",
            "1번 반품",
            "ex",
            "as",
            "Ａs",
            "a\u{301}",
            "교환 ",
            "",
            "é",
        ];
        let as_it_stands = |text: &str| names.named(text, |_| true);
        for text in texts {
            if let Some(choice) = as_it_stands(text) {
                assert_eq!(
                    names.find(text),
                    Answer::Exact(choice, Stage::Normal),
                    "{text}"
                );
            }
        }
        let found: Vec<_> = texts
            .into_iter()
            .filter(|text| as_it_stands(text).is_some())
            .collect();
        assert_eq!(found, ["교환", "1번 반품", "ex", "as", "é"]);
        assert_eq!(names.named("교환", |choice| choice != 0), None);
    }

    #[test]
    fn a_hidden_choice_is_not_there() {
        let shown = |choice: usize| choice != 0;
        assert_eq!(
            menu().find_shown(&Typed::new("교환"), Reach::ANYWHERE, &shown),
            Answer::None
        );
        assert_eq!(
            menu().find_shown(&Typed::new("1"), Reach::ANYWHERE, &shown),
            Answer::Exact(1, Stage::Index)
        );
    }

    #[test]
    fn latin_words_are_found_only_as_words() {
        let no = named(&[("no", "a"), ("yes", "b")]);
        assert_eq!(no.find("i don't know"), Answer::None);
        assert_eq!(no.find("well, yes!"), Answer::Exact(1, Stage::Contained));
    }

    #[test]
    fn many_words_are_found_as_few_are() {
        let words: Vec<String> = (0..40).map(|n| format!("낱말{n}번")).collect();
        let names: Vec<_> = words.iter().map(|label| Name::new(label)).collect();
        let many = Matcher::new(&names);
        assert_eq!(
            many.find("저는 낱말 17번 주세요"),
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
}
