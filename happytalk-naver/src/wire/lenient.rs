//! Reading what the platform sends without failing on what is missing, `null` or of another shape than documented.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use happytalk_core::inbound::Private;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// An object. An array in its place is an error, and not an object without names.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneObject<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneObject<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer
            .deserialize_map(OneObject(PhantomData))
            .map(Object)
    }
}

/// Ways to take a value that is not of the expected shape for one that is not there.
macro_rules! passes_over {
    ($($shape:ident)*) => { $( passes_over!(@ $shape); )* };
    (@ unit) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ bool) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ number) => {
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ text) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ list) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (@ object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

/// An object, or nothing where anything else stands.
#[derive(Debug)]
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnObject<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for AnObject<T> {
            type Value = Maybe<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Maybe<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Maybe(Some(value)))
            }
            passes_over!(unit bool number text list);
        }
        deserializer.deserialize_any(AnObject(PhantomData))
    }
}

/// The objects of a list, or none where anything else stands.
#[derive(Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AList<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for AList<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(Maybe(item)) = list.next_element()? {
                    items.extend(item);
                }
                Ok(List(items))
            }
            passes_over!(unit bool number text object);
        }
        deserializer.deserialize_any(AList(PhantomData))
    }
}

/// A text, a number or a yes or no, as text; or nothing where anything else stands. A text without escapes stays where
/// it is.
#[derive(Debug, Default)]
pub(crate) struct Scalar<'a>(pub(crate) Option<Cow<'a, str>>);

impl<'a> Scalar<'a> {
    /// The text, unless it is empty.
    pub(crate) fn filled(self) -> Option<Cow<'a, str>> {
        self.0.filter(|text| !text.is_empty())
    }

    /// The text as one's own, unless it is empty.
    pub(crate) fn owned(self) -> Option<String> {
        self.filled().map(Cow::into_owned)
    }

    /// The text as one that may be personal, unless it is empty.
    pub(crate) fn private(self) -> Option<Private> {
        self.owned().map(Private::from)
    }

    /// Whether it is there and not empty.
    pub(crate) fn is_filled(&self) -> bool {
        self.0.as_ref().is_some_and(|text| !text.is_empty())
    }

    /// Whether it says yes.
    pub(crate) fn is_true(&self) -> bool {
        self.is("true")
    }

    /// Whether it is this word, in capitals or not.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AScalar;
        impl<'de> Visitor<'de> for AScalar {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_string<E>(self, text: String) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(text))))
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Scalar<'de>, E> {
                let word = if yes { "true" } else { "false" };
                Ok(Scalar(Some(Cow::Borrowed(word))))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }
            passes_over!(unit list object);
        }
        deserializer.deserialize_any(AScalar)
    }
}

/// The texts of a list, or none where anything else stands.
#[derive(Debug, Default)]
pub(crate) struct Scalars(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Scalars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Scalars;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalars, A::Error> {
                let mut texts = Vec::new();
                while let Some(Scalar(text)) = list.next_element()? {
                    texts.extend(text.map(Cow::into_owned));
                }
                Ok(Scalars(texts))
            }
            passes_over!(unit bool number text object);
        }
        deserializer.deserialize_any(Texts)
    }
}

/// A value whose shape is open: all the texts in it, by their names joined with a dot.
#[derive(Debug, Default)]
pub(crate) struct Open(serde_json::Value);

impl Open {
    /// Adds what is in it to `texts`, under `name`.
    pub(crate) fn put(self, name: &str, texts: &mut BTreeMap<String, Private>) {
        put(self.0, name, texts);
    }
}

/// Recursion is as deep as the JSON, which the reader limits to 128.
fn put(value: serde_json::Value, name: &str, texts: &mut BTreeMap<String, Private>) {
    use serde_json::Value;
    let text = match value {
        Value::Null => return,
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                put(item, &format!("{name}.{index}"), texts);
            }
            return;
        }
        Value::Object(members) => {
            for (key, member) in members {
                put(member, &format!("{name}.{key}"), texts);
            }
            return;
        }
    };
    texts.insert(name.to_owned(), Private::from(text));
}

impl<'de> Deserialize<'de> for Open {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Sample<'a> {
        #[serde(borrow)]
        text: Scalar<'a>,
        #[serde(borrow)]
        inner: Maybe<Inner<'a>>,
        #[serde(borrow)]
        list: List<Inner<'a>>,
        names: Scalars,
    }

    #[derive(Debug, Deserialize, Default)]
    #[serde(default)]
    struct Inner<'a> {
        #[serde(borrow)]
        number: Scalar<'a>,
    }

    #[test]
    fn any_shape_in_any_place_reads_as_nothing_and_never_fails() {
        for odd in [
            "null",
            "true",
            "7",
            "-7",
            "1.5",
            "\"x\"",
            "[[],{},null]",
            "{\"a\":{}}",
        ] {
            let json = format!(
                "{{\"text\":{odd},\"inner\":{odd},\"list\":{odd},\"names\":{odd},\"z\":1}}"
            );
            let Object(sample) = serde_json::from_str::<Object<Sample<'_>>>(&json).unwrap();
            assert!(
                sample.inner.0.is_none_or(|inner| inner.number.0.is_none()),
                "{odd}"
            );
            assert!(sample.list.0.iter().all(|inner| inner.number.0.is_none()));
            assert!(sample.names.0.is_empty());
        }
    }

    #[test]
    fn a_number_and_a_yes_are_texts_too() {
        let json = r#"{"text":9007199254740993,"inner":{"number":true},"list":[{"number":"1"},7,{"number":2}],"names":["a",1]}"#;
        let Object(sample) = serde_json::from_str::<Object<Sample<'_>>>(json).unwrap();
        assert_eq!(sample.text.0.as_deref(), Some("9007199254740993"));
        assert!(sample.inner.0.unwrap().number.is_true());
        let numbers = sample.list.0.into_iter().filter_map(|inner| inner.number.0);
        assert_eq!(numbers.collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(sample.names.0, ["a", "1"]);
    }

    #[test]
    fn a_list_is_no_object() {
        assert!(serde_json::from_str::<Object<Sample<'_>>>("[\"positional\"]").is_err());
    }
}
