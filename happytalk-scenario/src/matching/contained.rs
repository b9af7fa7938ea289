//! Stage 5: the words stand somewhere in the text.

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Answer, Entry, Matcher, Stage};
use crate::table::hash;

struct Hit {
    start: usize,
    end: usize,
    choice: usize,
}

pub(super) fn find(matcher: &Matcher, n1: &str, n2: &str, shown: &dyn Fn(usize) -> bool) -> Answer {
    let hits = hits(matcher, n1, n2, shown);
    let mut choices: Vec<usize> = hits.iter().map(|hit| hit.choice).collect();
    choices.sort_unstable();
    choices.dedup();
    let meant = match choices.as_slice() {
        [] => return Answer::None,
        [_] => hits.last(),
        // Of several the one after the last contrast is meant: 교환 말고 반품.
        _ => after_contrast(n2, &hits),
    };
    match meant {
        Some(hit) if is_negated(n2, hit) => Answer::Likely(hit.choice, Stage::Contained),
        Some(hit) => Answer::Exact(hit.choice, Stage::Contained),
        None => Answer::Ambiguous(choices, Stage::Contained),
    }
}

/// The words that may stand anywhere in a text.
pub(super) struct Words {
    /// Their entries; the automaton knows them by their places here.
    entries: Vec<u32>,
    /// Only where there are many; few are quicker to try one by one.
    automaton: Option<AhoCorasick>,
    /// How long they are, in bytes, longest first, each length once.
    lengths: Vec<usize>,
}

/// From how many words on an automaton is built.
const AUTOMATON_FROM: usize = 24;

impl Words {
    pub(super) fn new(all: &[Entry]) -> Self {
        let places = (0_u32..).zip(all);
        let entries: Vec<u32> = places
            .filter(|(_, entry)| entry.within)
            .map(|(place, _)| place)
            .collect();
        let texts = || all.iter().filter(|entry| entry.within).map(Entry::n2);
        let automaton = (entries.len() >= AUTOMATON_FROM).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(texts())
        });
        let mut lengths = Vec::new();
        if automaton.is_some() {
            lengths = texts().map(str::len).collect();
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        Self {
            automaton: automaton.and_then(Result::ok),
            lengths,
            entries,
        }
    }

    fn entry<'m>(&self, matcher: &'m Matcher, word: usize) -> Option<&'m Entry> {
        let place = usize::try_from(*self.entries.get(word)?).ok()?;
        matcher.entries.get(place)
    }

    /// The longest word that is shown and with which `rest` begins.
    fn longest<'m>(
        &self,
        matcher: &'m Matcher,
        rest: &str,
        shown: &dyn Fn(usize) -> bool,
    ) -> Option<&'m Entry> {
        let fits = |entry: &&Entry| entry.within && shown(entry.choice);
        if self.automaton.is_none() {
            let all = (0..self.entries.len()).filter_map(|word| self.entry(matcher, word));
            // Of two that are alike the first one.
            return all
                .filter(|entry| rest.starts_with(entry.n2()) && fits(entry))
                .reduce(|best, entry| {
                    if entry.n2().len() > best.n2().len() {
                        entry
                    } else {
                        best
                    }
                });
        }
        self.lengths.iter().find_map(|length| {
            let word = rest.get(..*length)?;
            let found = matcher.by_n2.find(hash(word.as_bytes()), |place| {
                let entry = matcher.entries.get(place);
                entry.is_some_and(|entry| entry.n2() == word && fits(&entry))
            });
            matcher.entries.get(found?)
        })
    }
}

/// Leftmost, then longest, without overlap.
fn hits(matcher: &Matcher, n1: &str, n2: &str, shown: &dyn Fn(usize) -> bool) -> Vec<Hit> {
    let words = &matcher.words;
    let mut hits = Vec::new();
    let mut keep = |start: usize, end: usize, entry: &Entry| {
        if stands_alone(n1, n2, start, end) {
            hits.push(Hit {
                start,
                end,
                choice: entry.choice,
            });
        }
    };
    // The automaton knows nothing of hidden choices, and a hidden one may cover a shown one.
    if let Some(automaton) = &words.automaton
        && (0..matcher.choices).all(shown)
    {
        for found in automaton.find_iter(n2) {
            if let Some(entry) = words.entry(matcher, found.pattern().as_usize()) {
                keep(found.start(), found.end(), entry);
            }
        }
        return hits;
    }
    let mut at = 0;
    while let Some(rest) = n2.get(at..).filter(|rest| !rest.is_empty()) {
        match words.longest(matcher, rest, shown) {
            Some(entry) => {
                keep(at, at + entry.n2().len(), entry);
                at += entry.n2().len();
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    hits
}

/// Whether a Latin word is not the inside of a longer one: `no` is not in `know`.
fn stands_alone(n1: &str, n2: &str, start: usize, end: usize) -> bool {
    let Some(word) = n2.get(start..end) else {
        return false;
    };
    let latin = |c: char| c.is_ascii_alphanumeric();
    let (first, last) = (word.chars().next(), word.chars().next_back());
    if !first.is_some_and(latin) && !last.is_some_and(latin) {
        return true;
    }
    // N2 has lost the spaces, so the boundary is looked up in N1.
    let (from, to) = (place_in_n1(n1, n2, start), place_in_n1(n1, n2, end));
    let before = n1.get(..from).and_then(|text| text.chars().next_back());
    let after_last = n1.get(..to).map_or(0, |text| {
        text.trim_end_matches(|c: char| !c.is_alphanumeric()).len()
    });
    let after = n1.get(after_last..).and_then(|text| text.chars().next());
    let goes_on = |inner: Option<char>, outer: Option<char>| {
        inner.is_some_and(latin) && outer.is_some_and(latin)
    };
    !goes_on(first, before) && !goes_on(last, after)
}

/// The byte of `n1` at which the letter stands that begins at `at` in `n2`.
fn place_in_n1(n1: &str, n2: &str, at: usize) -> usize {
    let letters = n2.get(..at).map_or(0, |before| before.chars().count());
    let mut kept = n1.char_indices().filter(|(_, c)| c.is_alphanumeric());
    kept.nth(letters).map_or(n1.len(), |(place, _)| place)
}

fn after_contrast<'h>(n2: &str, hits: &'h [Hit]) -> Option<&'h Hit> {
    const CONTRASTS: [&str; 5] = ["말고", "대신", "아니라", "아니고", "아닌"];
    let (first, last) = (hits.first()?, hits.last()?);
    let between = n2.get(first.end..last.start)?;
    let turn = CONTRASTS
        .iter()
        .filter_map(|word| between.rfind(word))
        .max()?;
    let mut right = hits.iter().filter(|hit| hit.start > first.end + turn);
    let meant = right.next()?;
    right.all(|hit| hit.choice == meant.choice).then_some(meant)
}

/// Whether a negation stands within four syllables behind the words, or right before them.
fn is_negated(n2: &str, hit: &Hit) -> bool {
    const BEHIND: [&str; 14] = [
        "안",
        "않",
        "못",
        "말고",
        "말아",
        "말자",
        "말래",
        "하지마",
        "지마",
        "취소",
        "아니",
        "싫",
        "됐어",
        "필요없",
    ];
    /// Begin like a negation and are none.
    const HARMLESS: [&str; 3] = ["안내", "안녕", "안심"];
    let behind = n2.get(hit.end..).unwrap_or("");
    let mut places = behind.char_indices().map(|(place, _)| place).take(4);
    let negated = places.any(|place| {
        let rest = behind.get(place..).unwrap_or("");
        BEHIND.iter().any(|word| rest.starts_with(word))
            && !HARMLESS.iter().any(|word| rest.starts_with(word))
    });
    let before = n2.get(..hit.start).unwrap_or("");
    negated || before == "안" || before == "못" || before.ends_with("안돼")
}
