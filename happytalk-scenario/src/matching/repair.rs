//! Stages 6 to 8: what was mistyped. They run only after the others found nothing.

use super::{Answer, Matcher, Reach, Stage};
use crate::hangul;
use crate::normal;

pub(super) fn find(
    matcher: &Matcher,
    text: &str,
    n1: &str,
    shown: &dyn Fn(usize) -> bool,
) -> Answer {
    let answer = keyboard(matcher, text, n1, shown);
    if answer != Answer::None {
        return answer;
    }
    let n2: &str = &normal::n2(n1);
    let answer = initials(matcher, n2, shown);
    if answer != Answer::None {
        return answer;
    }
    typo(matcher, n2, shown)
}

fn keyboard(matcher: &Matcher, text: &str, n1: &str, shown: &dyn Fn(usize) -> bool) -> Answer {
    let Some(turned) = turned(text, n1, matcher.has_latin) else {
        return Answer::None;
    };
    let n1 = normal::n1(&turned);
    match matcher.first_stages(&n1, Reach::ANYWHERE, shown) {
        Answer::Exact(choice, _) => Answer::Exact(choice, Stage::Keyboard),
        Answer::Likely(choice, _) => Answer::Likely(choice, Stage::Keyboard),
        Answer::Ambiguous(choices, _) => Answer::Ambiguous(choices, Stage::Keyboard),
        Answer::None => Answer::None,
    }
}

/// What the text would be, typed with the keyboard in the other language; `None` where that is not worth a look.
fn turned(text: &str, n1: &str, to_latin: bool) -> Option<String> {
    // Long texts are sentences, and nobody types a long one blind.
    if n1.len() > 200 {
        return None;
    }
    let (mut letters, mut latin, mut hangul) = (0_usize, 0_usize, 0_usize);
    for c in n1.chars() {
        latin += usize::from(c.is_ascii_alphabetic());
        hangul += usize::from(hangul::is_syllable(c) || matches!(c, 'ㄱ'..='ㅣ'));
        letters += usize::from(c.is_alphabetic());
    }
    if latin >= 2 && latin * 2 > letters {
        // Of plain letters nothing but the ends has to be made plain.
        let composed = match text.is_ascii() {
            true => hangul::from_latin(text.trim()),
            false => hangul::from_latin(&normal::plain(text)),
        };
        let is_whole = !composed.chars().any(|c| matches!(c, 'ㄱ'..='ㅣ'));
        return is_whole.then_some(composed);
    }
    (to_latin && latin == 0 && hangul > 0).then(|| hangul::to_latin(n1))
}

/// What a word typed with the keyboard in the wrong language was meant to be: `ryghks` is 교환. `None` where it makes no
/// whole syllables, or is not Latin to more than half.
#[must_use]
pub fn keyboard_repaired(text: &str) -> Option<String> {
    turned(text, &normal::n1(text), false)
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
    let same = labels.filter(|entry| entry.n2().chars().map(hangul::initial).eq(n2.chars()));
    one_or_several(same.map(|entry| entry.choice).collect(), Stage::Initials)
}

fn typo(matcher: &Matcher, n2: &str, shown: &dyn Fn(usize) -> bool) -> Answer {
    let mut choices = Vec::new();
    matcher.near.each(n2, &mut |place| {
        if let Some(entry) = matcher
            .entries
            .get(place)
            .filter(|entry| shown(entry.choice))
        {
            choices.push(entry.choice);
        }
    });
    match one_or_several(choices, Stage::Typo) {
        Answer::Exact(choice, stage) => Answer::Likely(choice, stage),
        other => other,
    }
}
