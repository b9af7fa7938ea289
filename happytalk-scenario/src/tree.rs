//! JSON as it stands in a document: members in order, repeated ones still there.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor};

use crate::diagnostic::{Diagnostic, escape};

/// A JSON value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a fraction, or one that does not fit 64 bits.
    Decimal,
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Tree {
    pub(crate) const fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("null", "null"),
            Self::Bool(_) => ("참/거짓", "a boolean"),
            Self::Int(_) => ("정수", "a whole number"),
            Self::Decimal => (
                "소수이거나 너무 큰 수",
                "a number that is not whole or too large",
            ),
            Self::Text(_) => ("문자열", "a text"),
            Self::List(_) => ("목록", "a list"),
            Self::Object(_) => ("객체", "an object"),
        }
    }

    /// Puts the members of every object in the order of their names.
    pub(crate) fn sort(&mut self) {
        match self {
            Self::Object(members) => {
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                for (_, value) in members {
                    value.sort();
                }
            }
            Self::List(items) => items.iter_mut().for_each(Self::sort),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Decimal | Self::Text(_) => {}
        }
    }

    /// A hash of it, the same on every run.
    pub(crate) fn print(&self) -> u64 {
        let mut hasher = crate::table::Sum::default();
        std::hash::Hash::hash(self, &mut hasher);
        std::hash::Hasher::finish(&hasher)
    }

    /// The plain value; `None` where a number is not whole.
    pub(crate) fn to_value(&self) -> Option<happytalk_core::Value> {
        use happytalk_core::Value;
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(yes) => Value::Bool(*yes),
            Self::Int(number) => Value::Int(*number),
            Self::Decimal => return None,
            Self::Text(text) => Value::Text(text.clone()),
            Self::List(items) => {
                Value::List(items.iter().map(Self::to_value).collect::<Option<_>>()?)
            }
            Self::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| Some((name.clone(), value.to_value()?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// Takes comments out (`$schema`, and keys that begin with `_`) and reports keys that stand twice (S4).
    pub(crate) fn strip(&mut self, found: &mut Vec<Diagnostic>) {
        self.strip_at(&Place::Top, found);
    }

    fn strip_at(&mut self, here: &Place<'_>, found: &mut Vec<Diagnostic>) {
        match self {
            Self::Object(members) => {
                members.retain(|(name, _)| name != "$schema" && !name.starts_with('_'));
                for (name, value) in members.iter_mut() {
                    value.strip_at(&Place::Member(here, name), found);
                }
                // In few members a repeated one is seen by looking; many are put in order.
                let mut seen = BTreeSet::new();
                let few = members.len() <= 12;
                let mut is_repeated = false;
                for (at, (name, _)) in members.iter().enumerate() {
                    let again = match few {
                        true => members.iter().take(at).any(|(before, _)| before == name),
                        false => !seen.insert(name),
                    };
                    is_repeated |= again;
                    if again {
                        found.push(Diagnostic::error(
                            "S4",
                            Place::Member(here, name).to_string(),
                            format!("키 '{name}'이(가) 같은 객체에 두 번 나옵니다."),
                            format!("the key '{name}' stands twice in the same object"),
                            "keep one of them",
                        ));
                    }
                }
                if is_repeated {
                    // The last of a name is the one that is looked at further.
                    let mut later = BTreeSet::new();
                    members.reverse();
                    members.retain(|(name, _)| later.insert(name.clone()));
                    members.reverse();
                }
            }
            Self::List(items) => {
                for (place, item) in items.iter_mut().enumerate() {
                    if matches!(item, Self::Object(_) | Self::List(_)) {
                        item.strip_at(&Place::Item(here, place), found);
                    }
                }
            }
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Decimal | Self::Text(_) => {}
        }
    }
}

/// Where a value stands, written as a JSON pointer only where somebody has to be told.
#[derive(Clone, Copy)]
pub(crate) enum Place<'p> {
    Top,
    Member(&'p Self, &'p str),
    Item(&'p Self, usize),
    /// An item of a member that is a list.
    MemberItem(&'p Self, &'p str, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(around, name) => write!(f, "{around}/{}", escape(name)),
            Self::Item(around, place) => write!(f, "{around}/{place}"),
            Self::MemberItem(around, name, place) => {
                write!(f, "{around}/{}/{place}", escape(name))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Tree;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Tree, E> {
                Ok(Tree::Bool(yes))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
                Ok(Tree::Int(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
                Ok(i64::try_from(number).map_or(Tree::Decimal, Tree::Int))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
                Ok(Tree::Decimal)
            }
            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.to_owned()))
            }
            fn visit_string<E>(self, text: String) -> Result<Tree, E> {
                Ok(Tree::Text(text))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Tree::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
                let mut object = Vec::new();
                while let Some(member) = members.next_entry()? {
                    object.push(member);
                }
                Ok(Tree::Object(object))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_repeated_keys_are_found_with_their_place() {
        let json = r#"{"$schema":"x","_note":{"a":1,"a":2},"n":[{"k":1,"k":2}],"f":1.5}"#;
        let mut tree: Tree = serde_json::from_str(json).unwrap();
        let mut found = Vec::new();
        tree.strip(&mut found);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].pointer.as_str()), ("S4", "/n/0/k"));
        let Tree::Object(members) = tree else {
            panic!("an object stays one")
        };
        let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["n", "f"]);
    }
}
