//! One table for an enum whose JSON is a flat object with a `type`.

/// Writes an enum, its `kind()`, and how its fields are written and read, from one table.
///
/// `a: T` is always there; `a? opt: T` may be left out and is an `Option<T>`; `a as "b"` is `b` in the JSON.
/// Reading goes straight into the fields (no buffer in between), so an error has its column.
macro_rules! tagged {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$vmeta:meta])*
                $variant:ident = $kind:literal {
                    $( $(#[$fmeta:meta])* $field:ident $(as $json:literal)? $(? $opt:ident)? : $ty:ty ),* $(,)?
                }
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$vmeta])*
                $variant {
                    $( $(#[$fmeta])* $field: tagged!(@ty $ty $(, $opt)?) ),*
                },
            )*
            /// A kind these crates do not know. Kept whole.
            Unknown(Unknown),
        }

        impl $name {
            /// Every kind that is known, in the order of the table.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The `type` of the JSON.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $( Self::$variant { .. } => $kind, )*
                    Self::Unknown(unknown) => unknown.kind(),
                }
            }

            #[allow(unused_variables, clippy::allow_attributes, reason = "a kind may have no fields")]
            fn write_fields<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $( Self::$variant { $($field),* } => {
                        $( tagged!(@write map, $field, tagged!(@key $field $($json)?) $(, $opt)?); )*
                        Ok(())
                    } )*
                    Self::Unknown(_) => Ok(()),
                }
            }

            /// The fields of `kind` out of `text`; what it does not know in there is passed over.
            fn read_fields(kind: &str, text: &str) -> Result<Option<Self>, $crate::json::JsonError> {
                match kind {
                    $( $kind => {
                        #[derive(serde::Deserialize)]
                        struct Fields {
                            $(
                                $(#[serde(rename = $json)])?
                                $field: tagged!(@ty $ty $(, $opt)?),
                            )*
                        }
                        #[allow(unused_variables, clippy::allow_attributes, reason = "a kind may have no fields")]
                        let fields: Fields = $crate::json::from_str(text)?;
                        Ok(Some(Self::$variant { $( $field: fields.$field ),* }))
                    } )*
                    _ => Ok(None),
                }
            }
        }
    };
    (@ty $ty:ty) => { $ty };
    (@ty $ty:ty, $opt:tt) => { Option<$ty> };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $json:literal) => { $json };
    (@write $map:ident, $field:ident, $key:expr) => { $map.serialize_entry($key, $field)?; };
    (@write $map:ident, $field:ident, $key:expr, $opt:tt) => {
        if let Some(value) = $field { $map.serialize_entry($key, value)?; }
    };
}
pub(crate) use tagged;

/// An object of a kind these crates do not know, as it stood.
///
/// `Debug` shows the kind alone: the rest may hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown {
    kind: Box<str>,
    raw: Box<str>,
}

impl Unknown {
    pub(crate) fn new(kind: &str, raw: &str) -> Self {
        Self {
            kind: kind.into(),
            raw: raw.into(),
        }
    }

    /// Its `type`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The whole JSON, byte for byte; empty where the kind is all there is.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

impl std::fmt::Debug for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unknown({})", self.kind)
    }
}
