//! Stages 6 to 8: what was mistyped. They run only after the others found nothing.

use super::{Answer, Matcher, Reach, Stage};
use crate::hangul;
use crate::normal;

/// The longest text in which a slip is looked for, in keystrokes.
const KEYSTROKES_MAX: usize = 24;

pub(super) fn find(
    matcher: &Matcher,
    text: &str,
    n1: &str,
    reach: Reach,
    shown: &dyn Fn(usize) -> bool,
) -> Answer {
    let answer = keyboard(matcher, text, n1, reach, shown);
    if answer != Answer::None {
        return answer;
    }
    let n2 = normal::n2(n1);
    let answer = initials(matcher, &n2, shown);
    if answer != Answer::None {
        return answer;
    }
    typo(matcher, &n2, shown)
}

fn keyboard(
    matcher: &Matcher,
    text: &str,
    n1: &str,
    reach: Reach,
    shown: &dyn Fn(usize) -> bool,
) -> Answer {
    // Long texts are sentences, and nobody types a long one blind.
    if n1.len() > 200 {
        return Answer::None;
    }
    let letters = n1.chars().filter(|c| c.is_alphabetic()).count();
    let latin = n1.chars().filter(char::is_ascii_alphabetic).count();
    let turned = if latin >= 2 && latin * 2 > letters {
        let composed = hangul::from_latin(&normal::plain(text));
        let single = |c: char| matches!(c, 'ㄱ'..='ㅣ');
        if composed.chars().any(single) {
            return Answer::None;
        }
        composed
    } else if latin == 0
        && letters > 0
        && n1
            .chars()
            .any(|c| hangul::is_syllable(c) || matches!(c, 'ㄱ'..='ㅣ'))
    {
        hangul::to_latin(n1)
    } else {
        return Answer::None;
    };
    match matcher.first_stages(&normal::n1(&turned), reach, shown) {
        Answer::Exact(choice, _) => Answer::Exact(choice, Stage::Keyboard),
        Answer::Likely(choice, _) => Answer::Likely(choice, Stage::Keyboard),
        Answer::Ambiguous(choices, _) => Answer::Ambiguous(choices, Stage::Keyboard),
        Answer::None => Answer::None,
    }
}

fn one_or_several(mut choices: Vec<usize>, stage: Stage) -> Answer {
    choices.sort_unstable();
    choices.dedup();
    match choices.as_slice() {
        [] => Answer::None,
        [one] => Answer::Exact(*one, stage),
        _ => Answer::Ambiguous(choices, stage),
    }
}

fn initials(matcher: &Matcher, n2: &str, shown: &dyn Fn(usize) -> bool) -> Answer {
    if n2.chars().nth(1).is_none() || !n2.chars().all(hangul::is_lone_consonant) {
        return Answer::None;
    }
    let labels = matcher
        .entries
        .iter()
        .filter(|entry| entry.is_label && shown(entry.choice));
    let same = labels.filter(|entry| entry.n2.chars().map(hangul::initial).eq(n2.chars()));
    one_or_several(same.map(|entry| entry.choice).collect(), Stage::Initials)
}

fn typo(matcher: &Matcher, n2: &str, shown: &dyn Fn(usize) -> bool) -> Answer {
    // A keystroke is at least one byte of three, so a longer text cannot be short enough.
    if n2.len() > KEYSTROKES_MAX * 3 {
        return Answer::None;
    }
    let typed = hangul::keystrokes(n2);
    if typed.len() > KEYSTROKES_MAX {
        return Answer::None;
    }
    let mut near = Vec::new();
    for entry in matcher
        .entries
        .iter()
        .filter(|entry| entry.within && shown(entry.choice))
    {
        let meant = hangul::keystrokes(&entry.n2);
        let allowed = match meant.len() {
            0..=3 => continue,
            4..=8 => 2,
            _ => 4,
        };
        if meant.len().abs_diff(typed.len()) * 2 <= allowed && slip(&typed, &meant) <= allowed {
            near.push(entry.choice);
        }
    }
    match one_or_several(near, Stage::Typo) {
        Answer::Exact(choice, stage) => Answer::Likely(choice, stage),
        other => other,
    }
}

/// Letters that the Shift key alone tells apart.
const SHIFTED: [(char, char); 7] = [
    ('ㅂ', 'ㅃ'),
    ('ㅈ', 'ㅉ'),
    ('ㄷ', 'ㄸ'),
    ('ㄱ', 'ㄲ'),
    ('ㅅ', 'ㅆ'),
    ('ㅐ', 'ㅒ'),
    ('ㅔ', 'ㅖ'),
];

/// The distance of two rows of keystrokes in half slips: a wrong, missing, extra or swapped key is 2, Shift is 1.
pub(crate) fn slip(a: &[char], b: &[char]) -> usize {
    let cost = |x: char, y: char| match x == y {
        true => 0,
        false if SHIFTED.contains(&(x, y)) || SHIFTED.contains(&(y, x)) => 1,
        false => 2,
    };
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).map(|place| place * 2).collect();
    let mut last = None;
    for (i, &x) in a.iter().enumerate() {
        let mut next = vec![(i + 1) * 2];
        for (j, &y) in b.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + cost(x, y))
                .min(at(&row, j + 1) + 2)
                .min(at(&next, j) + 2);
            if let (Some(last), Some(j0)) = (last, j.checked_sub(1))
                && last == y
                && b.get(j0) == Some(&x)
            {
                best = best.min(at(&before, j0) + 2);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_in_keystrokes() {
        let far = |a: &str, b: &str| slip(&hangul::keystrokes(a), &hangul::keystrokes(b));
        assert_eq!(far("교한", "교환"), 2);
        assert_eq!(far("하빈다", "합니다"), 2);
        assert_eq!(far("교한", "교한"), 0);
        assert_eq!(far("까방", "가방"), 1);
        assert_eq!(far("", "가"), 4);
    }
}
