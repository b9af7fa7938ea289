//! Fields whose type the documents and the samples do not agree on.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::str::FromStr;

use happytalk_core::Timestamp;
use happytalk_core::id::IdError;
use happytalk_core::inbound::Private;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Text, or a whole number as its digits: never through a float, which cannot hold a 64-bit serial number.
pub(crate) struct Token(pub(crate) String);

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TokenVisitor;
        impl Visitor<'_> for TokenVisitor {
            type Value = Token;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number of 64 bits")
            }
            fn visit_str<E>(self, text: &str) -> Result<Token, E> {
                Ok(Token(text.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Token, E> {
                Ok(Token(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Token, E> {
                Ok(Token(number.to_string()))
            }
        }
        deserializer.deserialize_any(TokenVisitor)
    }
}

/// The same as the id it should be, made at once: an id is shared text, and this is its only copy.
pub(crate) struct Id<T>(pub(crate) Result<T, IdError>);

impl<'de, T: FromStr<Err = IdError>> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor<T>(PhantomData<T>);
        impl<T: FromStr<Err = IdError>> Visitor<'_> for IdVisitor<T> {
            type Value = Id<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number of 64 bits")
            }
            fn visit_str<E>(self, text: &str) -> Result<Id<T>, E> {
                Ok(Id(text.parse()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Id<T>, E> {
                Ok(Id(Digits::of(number).as_str().parse()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Id<T>, E> {
                Ok(Id(Digits::of(number).as_str().parse()))
            }
        }
        deserializer.deserialize_any(IdVisitor(PhantomData))
    }
}

/// The digits of a whole number of 64 bits, which are 20 at the most, a sign among them.
#[derive(Default)]
struct Digits {
    bytes: [u8; 20],
    used: usize,
}

impl Digits {
    fn of(number: impl fmt::Display) -> Self {
        let mut digits = Self::default();
        // There is room for all of them.
        let _ = write!(digits, "{number}");
        digits
    }

    fn as_str(&self) -> &str {
        let used = self.bytes.get(..self.used).unwrap_or_default();
        std::str::from_utf8(used).unwrap_or_default()
    }
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used.saturating_add(text.len());
        let room = self.bytes.get_mut(self.used..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

/// Text that may be absent, or anything else as its JSON: whatever stands there is no reason to lose an event.
#[derive(Default)]
pub(crate) struct Loose(Option<String>);

impl Loose {
    /// The text as it stands, also when it is empty.
    pub(crate) fn into_option(self) -> Option<String> {
        self.0
    }

    /// The text, where there is some.
    pub(crate) fn non_empty(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }
}

impl From<String> for Loose {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LooseVisitor;
        impl<'de> Visitor<'de> for LooseVisitor {
            type Value = Loose;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_unit<E>(self) -> Result<Loose, E> {
                Ok(Loose(None))
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Loose, E> {
                Ok(Loose(Some(yes.to_string())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose(Some(number.to_string())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose(Some(number.to_string())))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Loose, E> {
                Ok(Loose(
                    serde_json::Number::from_f64(number).map(|number| number.to_string()),
                ))
            }
            fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose(Some(text.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Loose, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<serde_json::Value>()? {
                    list.push(item);
                }
                Ok(Loose(Some(serde_json::Value::Array(list).to_string())))
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Loose, A::Error> {
                let value = serde_json::Value::deserialize(MapAccessDeserializer::new(members))?;
                Ok(Loose(Some(value.to_string())))
            }
        }
        deserializer.deserialize_any(LooseVisitor)
    }
}

/// Milliseconds since the epoch, as a number or as its digits; `None` for anything else, for which the host's own
/// clock serves.
#[derive(Default)]
pub(crate) struct Millis(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Loose::deserialize(deserializer)?.0;
        let millis = text.and_then(|text| text.parse::<i64>().ok());
        Ok(Self(millis.and_then(|millis| {
            let time = Timestamp::from_millis(millis);
            (time.as_millis() == millis).then_some(time)
        })))
    }
}

/// One piece of what a customer sent.
pub(crate) enum Item {
    /// Words, or, in an event about media, their URL.
    Words(String),
    /// `{url}`, `{url, comment}` or `{comment}`.
    Part {
        /// Where the media are.
        url: Option<String>,
        /// What was said.
        comment: Option<String>,
    },
}

/// A list of [`Item`]s, or one by itself. What is neither text nor such an object is passed over.
///
/// Most have one, which stands here without an allocation of its own.
#[derive(Default)]
pub(crate) struct Items {
    first: Option<Item>,
    others: Vec<Item>,
}

impl Items {
    const fn one(item: Option<Item>) -> Self {
        Self {
            first: item,
            others: Vec::new(),
        }
    }

    fn push(&mut self, item: Item) {
        if self.first.is_none() {
            self.first = Some(item);
        } else {
            self.others.push(item);
        }
    }

    /// Each, in its order.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = Item> {
        self.first.into_iter().chain(self.others)
    }
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    url: Loose,
    #[serde(default)]
    comment: Loose,
}

fn part<'de, A: MapAccess<'de>>(members: A) -> Result<Option<Item>, A::Error> {
    let part = Part::deserialize(MapAccessDeserializer::new(members))?;
    let (url, comment) = (part.url.non_empty(), part.comment.into_option());
    Ok((url.is_some() || comment.is_some()).then_some(Item::Part { url, comment }))
}

/// One [`Item`], where it is one.
struct Piece(Option<Item>);

impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PieceVisitor;
        impl<'de> Visitor<'de> for PieceVisitor {
            type Value = Piece;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or an object")
            }
            fn visit_str<E>(self, text: &str) -> Result<Piece, E> {
                Ok(Piece(Some(Item::Words(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Piece, A::Error> {
                part(members).map(Piece)
            }
            fn visit_unit<E>(self) -> Result<Piece, E> {
                Ok(Piece(None))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Piece, E> {
                Ok(Piece(None))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Piece, E> {
                Ok(Piece(Some(Item::Words(number.to_string()))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Piece, E> {
                Ok(Piece(Some(Item::Words(number.to_string()))))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Piece, E> {
                Ok(Piece(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Piece, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Piece(None))
            }
        }
        deserializer.deserialize_any(PieceVisitor)
    }
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;
        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Items;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, text or an object")
            }
            fn visit_unit<E>(self) -> Result<Items, E> {
                Ok(Items::default())
            }
            fn visit_str<E>(self, text: &str) -> Result<Items, E> {
                Ok(Items::one(Some(Item::Words(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Items, A::Error> {
                part(members).map(Items::one)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut pieces: A) -> Result<Items, A::Error> {
                let mut items = Items::default();
                while let Some(Piece(item)) = pieces.next_element()? {
                    if let Some(item) = item {
                        items.push(item);
                    }
                }
                Ok(items)
            }
        }
        deserializer.deserialize_any(ItemsVisitor)
    }
}

/// An object read as `T`, text as the `T` that [`FromWords`] makes of it, and anything else as nothing.
pub(crate) struct Nested<T>(pub(crate) T);

impl<T: Default> Default for Nested<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

/// What text means where an object should stand.
pub(crate) trait FromWords: Default {
    /// The object that `words` stand for.
    fn from_words(words: &str) -> Self;
}

impl<'de, T: Deserialize<'de> + FromWords> Deserialize<'de> for Nested<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NestedVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + FromWords> Visitor<'de> for NestedVisitor<T> {
            type Value = Nested<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or text")
            }
            fn visit_unit<E>(self) -> Result<Nested<T>, E> {
                Ok(Nested::default())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Nested<T>, E> {
                Ok(Nested::default())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Nested<T>, E> {
                Ok(Nested::default())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Nested<T>, E> {
                Ok(Nested::default())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Nested<T>, E> {
                Ok(Nested::default())
            }
            fn visit_str<E>(self, words: &str) -> Result<Nested<T>, E> {
                Ok(Nested(T::from_words(words)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Nested<T>, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Nested::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Nested<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Nested)
            }
        }
        deserializer.deserialize_any(NestedVisitor(PhantomData))
    }
}

/// The members of an object that say something, text by name; nothing of anything else.
#[derive(Default)]
pub(crate) struct Members(pub(crate) BTreeMap<String, Private>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_unit<E>(self) -> Result<Members, E> {
                Ok(Members::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
                let mut all = BTreeMap::new();
                while let Some((name, value)) = members.next_entry::<String, Loose>()? {
                    if let Some(text) = value.non_empty() {
                        all.insert(name, Private::from(text));
                    }
                }
                Ok(Members(all))
            }
        }
        deserializer.deserialize_any(MembersVisitor)
    }
}
