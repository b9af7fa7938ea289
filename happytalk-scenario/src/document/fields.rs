//! Takes the members of an object one by one and reports what does not belong.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::document::TEXT_CHARS_MAX;
use crate::tree::{Place, Tree};

/// What was found while reading.
pub(super) type Found = Vec<Diagnostic>;

/// An object of the document, and where it stands.
pub(super) struct Fields<'t> {
    members: &'t [(String, Tree)],
    pub(super) pointer: Place<'t>,
}

/// What is a wrong value in one place (S3): the format says what may stand there.
fn misfit(pointer: Place<'_>, is: &Tree, wanted: (&str, &str)) -> Diagnostic {
    let (ko, en) = is.kind();
    Diagnostic::error(
        "S3",
        pointer,
        format!("{ko}이(가) 있습니다. {}이(가) 와야 합니다.", wanted.0),
        format!("{en} stands here where {} belongs", wanted.1),
        format!("write {}", wanted.1),
    )
}

impl<'t> Fields<'t> {
    /// The members of `tree`, of which only those named in `known` belong there.
    pub(super) fn new(
        tree: &'t Tree,
        pointer: Place<'t>,
        known: &[&str],
        found: &mut Found,
    ) -> Option<Self> {
        let fields = Self::open(tree, pointer, found)?;
        for (name, _) in fields.members {
            if known.contains(&name.as_str()) {
                continue;
            }
            let (ko, hint) = match nearest(name, known) {
                Some(meant) => (
                    format!("알 수 없는 필드 '{name}'입니다. '{meant}'을(를) 뜻하셨나요?"),
                    format!("did you mean '{meant}'?"),
                ),
                None => (
                    format!("알 수 없는 필드 '{name}'입니다."),
                    format!("the fields here are: {}", known.join(", ")),
                ),
            };
            found.push(Diagnostic::error(
                "S3",
                fields.at(name),
                ko,
                format!("unknown field '{name}'"),
                hint,
            ));
        }
        Some(fields)
    }

    /// The members of `tree`, whatever their names.
    pub(super) fn open(tree: &'t Tree, pointer: Place<'t>, found: &mut Found) -> Option<Self> {
        match tree {
            Tree::Object(members) => Some(Self { members, pointer }),
            other => {
                found.push(misfit(pointer, other, ("객체", "an object")));
                None
            }
        }
    }

    pub(super) const fn at<'a>(&'a self, name: &'a str) -> Place<'a> {
        Place::Member(&self.pointer, name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&'t Tree> {
        let member = self.members.iter().find(|(key, _)| key == name);
        member.map(|(_, value)| value)
    }

    /// All members, repeated ones too.
    pub(super) fn each(&self) -> impl Iterator<Item = (&'t str, &'t Tree, Place<'_>)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_str(), value, self.at(name)))
    }

    /// Reports that `name` should be there.
    pub(super) fn missing(&self, name: &str, found: &mut Found) {
        found.push(Diagnostic::error(
            "S3",
            self.pointer,
            format!("필수 필드 '{name}'이(가) 없습니다."),
            format!("the field '{name}' is missing"),
            format!("add '{name}'"),
        ));
    }

    /// Reports that `name` cannot stand beside `other`.
    pub(super) fn clash(&self, name: &str, other: &str, hint: &str, found: &mut Found) {
        found.push(Diagnostic::error(
            "S3",
            self.at(name),
            format!("'{other}'와(과) '{name}'을(를) 함께 쓸 수 없습니다."),
            format!("'{name}' cannot stand beside '{other}'"),
            hint,
        ));
    }

    pub(super) fn text(&self, name: &str, found: &mut Found) -> Option<&'t str> {
        self.get(name)
            .and_then(|tree| text(tree, self.at(name), found))
    }

    pub(super) fn need_text(&self, name: &str, found: &mut Found) -> Option<&'t str> {
        if !self.has(name) {
            self.missing(name, found);
        }
        self.text(name, found)
    }

    pub(super) fn flag(&self, name: &str, found: &mut Found) -> bool {
        match self.get(name) {
            None => false,
            Some(Tree::Bool(yes)) => *yes,
            Some(other) => {
                let wanted = ("true 또는 false", "true or false");
                found.push(misfit(self.at(name), other, wanted));
                false
            }
        }
    }

    pub(super) fn int(&self, name: &str, found: &mut Found) -> Option<i64> {
        match self.get(name)? {
            Tree::Int(number) => Some(*number),
            other => {
                found.push(misfit(self.at(name), other, ("정수", "a whole number")));
                None
            }
        }
    }

    /// A whole number from `min` to `max`.
    pub(super) fn count(&self, name: &str, min: u32, max: u32, found: &mut Found) -> Option<u32> {
        let number = self.int(name, found)?;
        match u32::try_from(number) {
            Ok(count) if (min..=max).contains(&count) => Some(count),
            _ => {
                found.push(Diagnostic::error(
                    "S6",
                    self.at(name),
                    format!("{min} 이상 {max} 이하여야 합니다."),
                    format!("must be from {min} to {max}"),
                    format!("write a number from {min} to {max}"),
                ));
                None
            }
        }
    }

    pub(super) fn list<'a>(
        &'a self,
        name: &'a str,
        found: &mut Found,
    ) -> Vec<(&'t Tree, Place<'a>)> {
        let place = |item| Place::MemberItem(&self.pointer, name, item);
        self.get(name)
            .map(|tree| items(tree, self.at(name), place, found))
            .unwrap_or_default()
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self, name: &str, found: &mut Found) -> Vec<String> {
        match self.get(name) {
            None => Vec::new(),
            Some(Tree::Text(one)) => vec![one.clone()],
            Some(_) => self
                .list(name, found)
                .into_iter()
                .filter_map(|(item, pointer)| text(item, pointer, found).map(str::to_owned))
                .collect(),
        }
    }
}

pub(super) fn text<'t>(tree: &'t Tree, pointer: Place<'_>, found: &mut Found) -> Option<&'t str> {
    match tree {
        Tree::Text(text) => {
            if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX {
                found.push(Diagnostic::error(
                    "S6",
                    pointer,
                    format!("텍스트가 {TEXT_CHARS_MAX}자를 넘습니다."),
                    format!("the text has more than {TEXT_CHARS_MAX} characters"),
                    "shorten it or split it over several nodes",
                ));
            }
            Some(text)
        }
        other => {
            found.push(misfit(pointer, other, ("문자열", "a text")));
            None
        }
    }
}

pub(super) fn list<'t>(
    tree: &'t Tree,
    pointer: &'t Place<'t>,
    found: &mut Found,
) -> Vec<(&'t Tree, Place<'t>)> {
    items(tree, *pointer, |item| Place::Item(pointer, item), found)
}

/// The items of a list that stands at `pointer`, each with its place.
fn items<'t, 'p>(
    tree: &'t Tree,
    pointer: Place<'_>,
    place: impl Fn(usize) -> Place<'p>,
    found: &mut Found,
) -> Vec<(&'t Tree, Place<'p>)> {
    match tree {
        Tree::List(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (item, place(at)))
            .collect(),
        other => {
            found.push(misfit(pointer, other, ("목록", "a list")));
            Vec::new()
        }
    }
}

/// A slug: a small letter, then up to 39 more of `[a-z0-9_]`, and of those in `extra`.
pub(super) fn is_slug(text: &str, extra: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || extra.contains(c))
}

/// Reports a name that is no slug (S5).
pub(super) fn check_slug(text: &str, extra: &str, pointer: impl fmt::Display, found: &mut Found) {
    if !is_slug(text, extra) {
        found.push(Diagnostic::error(
            "S5",
            pointer,
            format!("잘못된 id '{text}'입니다. 영문 소문자로 시작하고 소문자·숫자·_{extra}만 40자까지 쓸 수 있습니다."),
            format!("'{text}' is no id: a small letter, then small letters, digits, _{extra}, 40 at most"),
            "rename it, such as ask_order",
        ));
    }
}

/// The known name that is spelt most like `name`, where one is near.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|known| (distance(name, known), *known));
    let (far, meant) = near.min_by_key(|(far, _)| *far)?;
    let allowed = match name.chars().count() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    (far <= allowed).then_some(meant)
}

/// Edits between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut before = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let here = (before + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            before = *cell;
            *cell = here;
            left = here;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_field_is_guessed() {
        assert_eq!(nearest("buttns", &["say", "buttons"]), Some("buttons"));
        assert_eq!(nearest("lable", &["label", "to"]), Some("label"));
        assert_eq!(nearest("colour", &["label", "to"]), None);
    }

    #[test]
    fn a_slug_is_small_letters_digits_and_underscores() {
        assert!(is_slug("ask_order2", ""));
        assert!(is_slug("order.lookup", "."));
        assert!(!is_slug("order.lookup", ""));
        assert!(!is_slug("Ask", ""));
        assert!(!is_slug("2nd", ""));
        assert!(!is_slug("", ""));
        assert!(!is_slug(&"a".repeat(41), ""));
    }
}
