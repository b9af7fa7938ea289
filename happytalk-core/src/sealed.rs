//! Values that may be sealed for one customer, or erased.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A personal value of the log: readable, or closed.
///
/// Closed is `{"sealed":"…"}` (encrypted with the customer's key), `{"erased":true}`, or a value that holds
/// one of these somewhere inside. A closed value is kept and written back exactly as it stands.
/// `Debug` shows neither.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "a value can be read or it cannot")]
pub enum Sealable<T> {
    /// It can be read.
    Open(T),
    /// It cannot.
    Closed(Closed),
}

/// The JSON of a closed value, as it stands in the log.
#[derive(Clone)]
pub struct Closed(Box<RawValue>);

impl Closed {
    /// The JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    /// Whether what it held is gone for good: there is nothing in it that a key could open.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        !self.0.get().contains("\"sealed\"")
    }

    /// The same without what is sealed: `{"sealed":"…"}` or `{"erased":true}`.
    pub(crate) fn without_content(&self) -> Self {
        let json = if self.is_erased() {
            r#"{"erased":true}"#
        } else {
            r#"{"sealed":"…"}"#
        };
        // Both are JSON; what is kept otherwise is what stood there.
        serde_json::from_str(json).map_or_else(|_| self.clone(), Self)
    }
}

impl<T> Sealable<T> {
    /// The value, where it can be read.
    #[must_use]
    pub const fn open(&self) -> Option<&T> {
        match self {
            Self::Open(value) => Some(value),
            Self::Closed(_) => None,
        }
    }

    /// The value, where it can be read.
    #[must_use]
    pub fn into_open(self) -> Option<T> {
        match self {
            Self::Open(value) => Some(value),
            Self::Closed(_) => None,
        }
    }
}

impl<T> From<T> for Sealable<T> {
    fn from(value: T) -> Self {
        Self::Open(value)
    }
}

impl<T: PartialEq> PartialEq for Sealable<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open(a), Self::Open(b)) => a == b,
            (Self::Closed(a), Self::Closed(b)) => a.as_json() == b.as_json(),
            (Self::Open(_), Self::Closed(_)) | (Self::Closed(_), Self::Open(_)) => false,
        }
    }
}

impl<T: Eq> Eq for Sealable<T> {}

impl<T> fmt::Debug for Sealable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closed(..)")
    }
}

impl<T: Serialize> Serialize for Sealable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open(value) => value.serialize(serializer),
            Self::Closed(closed) => closed.0.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Sealable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let may_be_closed = raw.get().contains("\"sealed\"") || raw.get().contains("\"erased\"");
        if may_be_closed && is_closed(raw.get()) {
            return Ok(Self::Closed(Closed(raw)));
        }
        match serde_json::from_str(raw.get()) {
            Ok(value) => Ok(Self::Open(value)),
            Err(_) if may_be_closed && holds_closed(raw.get()) => Ok(Self::Closed(Closed(raw))),
            Err(error) => Err(serde::de::Error::custom(
                crate::json::JsonError::from(&error).reason(),
            )),
        }
    }
}

/// What a closed value looks like. More members may come, so others are passed over.
#[derive(Deserialize)]
struct ClosedShape {
    #[serde(default)]
    sealed: Option<String>,
    #[serde(default)]
    erased: Option<bool>,
}

fn is_closed(json: &str) -> bool {
    json.starts_with('{')
        && serde_json::from_str::<ClosedShape>(json)
            .is_ok_and(|shape| shape.sealed.is_some() || shape.erased == Some(true))
}

fn holds_closed(json: &str) -> bool {
    fn inside(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Array(items) => items.iter().any(inside),
            serde_json::Value::Object(members) => {
                members
                    .get("sealed")
                    .is_some_and(serde_json::Value::is_string)
                    || members.get("erased").and_then(serde_json::Value::as_bool) == Some(true)
                    || members.values().any(inside)
            }
            _ => false,
        }
    }
    serde_json::from_str(json).is_ok_and(|value| inside(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(json: &str) -> Sealable<Vec<String>> {
        let value: Sealable<Vec<String>> = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        value
    }

    #[test]
    fn closed_values_are_written_back_as_they_stand() {
        assert!(same(r#"{"sealed":"b64==","z":1,"a":2}"#).open().is_none());
        assert!(same(r#"{"erased":true}"#).open().is_none());
        assert!(same(r#"["hello",{"sealed":"x"}]"#).open().is_none());
        assert_eq!(same(r#"["\"sealed\""]"#).open().unwrap(), &["\"sealed\""]);
    }

    #[test]
    fn a_wrong_value_is_not_a_closed_one() {
        assert!(serde_json::from_str::<Sealable<Vec<String>>>(r#"{"seal":"x"}"#).is_err());
        assert!(serde_json::from_str::<Sealable<Vec<String>>>("7").is_err());
    }
}
