//! Conditions and values: a small language that is total, without loops and without the author's own code.

mod eval;
mod parse;
mod typing;
mod write;

use happytalk_core::Value;

pub(crate) use eval::Scope;
pub(crate) use eval::day;
pub(crate) use typing::{Kind, TypeError, Types, shown};

/// The deepest an expression may be nested.
pub(crate) const DEPTH_MAX: usize = 64;

/// A name, and the names of fields inside what it names: `order.item`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path {
    pub(crate) root: String,
    pub(crate) fields: Vec<String>,
}

impl Path {
    /// Reads names with dots between.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut names = text.split('.').map(str::trim);
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let root = names.next().filter(|name| is_name(name))?.to_owned();
        let fields = names
            .map(|name| is_name(name).then(|| name.to_owned()))
            .collect::<Option<Vec<_>>>()?;
        Some(Self { root, fields })
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        self.fields.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

/// How two values are compared, or joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    In,
    Add,
    Subtract,
}

/// What can be asked of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// Whether it is there.
    Has,
    /// How many characters or items.
    Len,
    /// Whether the second is part of the first.
    Contains,
    /// How many days of the calendar have passed since.
    DaysSince,
}

/// An expression.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    Literal(Value),
    Path(Path),
    List(Vec<Self>),
    Not(Box<Self>),
    Binary(Op, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
}

impl Expr {
    /// Every name in it, also of those that are only asked for with `has`.
    pub(crate) fn paths<'e>(&'e self, into: &mut Vec<&'e Path>) {
        match self {
            Self::Literal(_) => {}
            Self::Path(path) => into.push(path),
            Self::List(items) | Self::Call(_, items) => {
                for item in items {
                    item.paths(into);
                }
            }
            Self::Not(inner) => inner.paths(into),
            Self::Binary(_, left, right) => {
                left.paths(into);
                right.paths(into);
            }
        }
    }

    /// The literal text, where it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Literal(value) => value.as_text(),
            _ => None,
        }
    }
}

/// Why a text is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExprError {
    /// Not understood at this character, from 0.
    At(usize),
    /// A number with a fraction, or one that does not fit 64 bits.
    Number,
    /// Nested too deeply.
    Depth,
    /// A JSON value that is no expression.
    Shape,
}
