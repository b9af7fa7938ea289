//! Stage 5: the words stand somewhere in the text.

use super::{Answer, Entry, Matcher, Stage};

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

/// Leftmost, then longest, without overlap.
fn hits(matcher: &Matcher, n1: &str, n2: &str, shown: &dyn Fn(usize) -> bool) -> Vec<Hit> {
    let within: Vec<&Entry> = matcher
        .entries
        .iter()
        .filter(|entry| entry.within)
        .collect();
    let all_shown = within.iter().all(|entry| shown(entry.choice));
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
    if let (Some(automaton), true) = (&matcher.automaton, all_shown) {
        for found in automaton.find_iter(n2) {
            if let Some(entry) = within.get(found.pattern().as_usize()) {
                keep(found.start(), found.end(), entry);
            }
        }
        return hits;
    }
    let mut at = 0;
    while let Some(rest) = n2.get(at..).filter(|rest| !rest.is_empty()) {
        let longest = within
            .iter()
            .filter(|entry| shown(entry.choice) && rest.starts_with(&entry.n2))
            .max_by_key(|entry| entry.n2.len());
        match longest {
            Some(entry) => {
                keep(at, at + entry.n2.len(), entry);
                at += entry.n2.len();
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
    const BEHIND: [&str; 7] = ["안", "않", "못", "말고", "취소", "아니", "싫"];
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
