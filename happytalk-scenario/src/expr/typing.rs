//! Finds, before a customer meets it, what an expression mixes up.

use std::collections::BTreeMap;

use happytalk_core::Value;

use super::{Expr, Function, Op, Path};
use crate::document::Var;

/// What kind of value something is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not known before it is there.
    Any,
    Bool,
    Int,
    Text,
    /// A text that is one of these.
    Enum(Vec<String>),
    /// A phone number: digits alone.
    Phone,
    /// `YYYY-MM-DD`.
    Date,
    /// Milliseconds since the epoch.
    Instant,
    List(Box<Self>),
    /// Fields; the flag says that a field may be missing.
    Object(BTreeMap<String, (Self, bool)>),
}

impl Kind {
    /// Reads the short form: `string`, `int`, `date?` …; the flag says that it may be missing.
    pub(crate) fn read(text: &str) -> Option<(Self, bool)> {
        let (name, optional) = match text.strip_suffix('?') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let kind = match name {
            "string" | "email" | "time" | "name" | "address" => Self::Text,
            "phone" => Self::Phone,
            "int" | "number" | "money" => Self::Int,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "instant" => Self::Instant,
            "any" => Self::Any,
            _ => match name.strip_suffix("[]") {
                Some(item) => Self::List(Box::new(Self::read(item)?.0)),
                None => return None,
            },
        };
        Some((kind, optional))
    }

    /// Whether values of the two can be the same or be put in the same place.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(a), Self::List(b)) => a.fits(b),
            (Self::Object(a), Self::Object(b)) => a.iter().all(|(name, (kind, optional))| {
                b.get(name).map_or(*optional, |(other, _)| kind.fits(other))
            }),
            (a, b) => a.is_words() && b.is_words() || a == b,
        }
    }

    const fn is_words(&self) -> bool {
        matches!(self, Self::Text | Self::Enum(_) | Self::Phone)
    }

    /// Whether one value of it can be less than another.
    const fn has_order(&self) -> bool {
        !matches!(
            self,
            Self::Bool | Self::Enum(_) | Self::List(_) | Self::Object(_)
        )
    }

    /// Whether `value` is of this kind.
    pub(crate) fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _) | (Self::Bool, Value::Bool(_)) => true,
            (Self::Int | Self::Instant, Value::Int(_)) | (Self::Text, Value::Text(_)) => true,
            // Hosts write numbers with hyphens; they are taken out when one is looked up or stored.
            (Self::Phone, Value::Text(text)) => text
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ')),
            (Self::Enum(of), Value::Text(text)) => of.contains(text),
            (Self::Date, Value::Text(text)) => text.parse::<happytalk_core::time::Date>().is_ok(),
            (Self::List(item), Value::List(items)) => items.iter().all(|value| item.holds(value)),
            (Self::Object(fields), Value::Object(_)) => {
                fields
                    .iter()
                    .all(|(name, (kind, optional))| match value.get(name) {
                        None | Some(Value::Null) => *optional,
                        Some(value) => kind.holds(value),
                    })
            }
            _ => false,
        }
    }

    /// Whether a value is in its one form already: [`Kind::trim`] has nothing to do but to leave out fields.
    pub(crate) fn is_trim(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Phone, Value::Text(text)) => text.bytes().all(|b| b.is_ascii_digit()),
            (Self::Object(fields), value) => fields.iter().all(|(name, (kind, _))| {
                let inner = value.get(name);
                inner.is_none_or(|inner| kind.is_trim(inner))
            }),
            _ => true,
        }
    }

    /// The value in its one form, with what the kind does not name left out.
    pub(crate) fn trim(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Phone, Value::Text(text)) => {
                Value::Text(text.chars().filter(char::is_ascii_digit).collect())
            }
            (Self::Object(fields), Value::Object(members)) => Value::Object(
                members
                    .into_iter()
                    .filter_map(|(name, value)| {
                        let (kind, _) = fields.get(&name)?;
                        Some((name, kind.trim(value)))
                    })
                    .collect(),
            ),
            (_, value) => value,
        }
    }

    /// Its name in a message.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Text => "string",
            Self::Enum(_) => "enum",
            Self::Phone => "phone",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::List(_) => "list",
            Self::Object(_) => "object",
        }
    }
}

/// What is wrong inside an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeError {
    /// Nothing is declared under this path.
    Undeclared(String),
    /// Two kinds that cannot meet.
    Mismatch(&'static str, &'static str),
}

/// What names are declared as.
pub(crate) struct Types<'a> {
    pub(crate) vars: &'a BTreeMap<String, Var>,
}

impl Types<'_> {
    /// The kind of what `path` names, and whether it may be missing.
    pub(crate) fn path(&self, path: &Path) -> Result<(Kind, bool), TypeError> {
        let undeclared = || TypeError::Undeclared(path.to_string());
        if let Some(kind) = self.vars.get(&path.root).map(|var| &var.kind) {
            let mut kind = kind;
            let mut missing = false;
            for name in &path.fields {
                match kind {
                    Kind::Object(fields) => {
                        let (inner, optional) = fields.get(name).ok_or_else(undeclared)?;
                        (kind, missing) = (inner, *optional);
                    }
                    Kind::Any => return Ok((Kind::Any, false)),
                    _ => return Err(undeclared()),
                }
            }
            return Ok((kind.clone(), missing));
        }
        let field = path.fields.first().map(String::as_str);
        match (path.root.as_str(), field, path.fields.len()) {
            ("now", None, _) => Ok((Kind::Instant, false)),
            ("channel", None, _) => Ok((Kind::Text, false)),
            ("hours", Some("open"), 1) => Ok((Kind::Bool, false)),
            ("hours", Some("kind"), 1) => {
                let kinds = ["open", "lunch", "holiday", "closed"];
                Ok((Kind::Enum(kinds.map(str::to_owned).to_vec()), false))
            }
            ("hours", Some("next_open"), 1) => Ok((Kind::Instant, false)),
            ("hours", Some("holiday"), 1) => Ok((Kind::Text, false)),
            ("customer" | "setting", _, _) => Ok((Kind::Any, false)),
            _ => Err(undeclared()),
        }
    }

    /// The kind of an expression.
    pub(crate) fn kind(&self, expr: &Expr, found: &mut Vec<TypeError>) -> Kind {
        match expr {
            Expr::Literal(value) => match value {
                Value::Bool(_) => Kind::Bool,
                Value::Int(_) => Kind::Int,
                Value::Text(_) => Kind::Text,
                _ => Kind::Any,
            },
            Expr::Path(path) => match self.path(path) {
                Ok((kind, _)) => kind,
                Err(error) => {
                    found.push(error);
                    Kind::Any
                }
            },
            Expr::List(items) => {
                let mut kinds = items
                    .iter()
                    .map(|i| self.kind(i, found))
                    .collect::<Vec<_>>()
                    .into_iter();
                let item = kinds.next().unwrap_or(Kind::Any);
                if let Some(other) = kinds.find(|other| !other.fits(&item)) {
                    found.push(TypeError::Mismatch(item.name(), other.name()));
                }
                Kind::List(Box::new(item))
            }
            Expr::Not(inner) => {
                self.need_bool(inner, found);
                Kind::Bool
            }
            Expr::Binary(op, left, right) => self.binary(*op, left, right, found),
            Expr::Call(function, operands) => self.call(*function, operands, found),
        }
    }

    fn need_bool(&self, expr: &Expr, found: &mut Vec<TypeError>) {
        let kind = self.kind(expr, found);
        if !kind.fits(&Kind::Bool) {
            found.push(TypeError::Mismatch(kind.name(), "bool"));
        }
    }

    /// Checks a condition.
    pub(crate) fn condition(&self, expr: &Expr, found: &mut Vec<TypeError>) {
        self.need_bool(expr, found);
    }

    fn binary(&self, op: Op, left: &Expr, right: &Expr, found: &mut Vec<TypeError>) -> Kind {
        if matches!(op, Op::And | Op::Or) {
            self.need_bool(left, found);
            self.need_bool(right, found);
            return Kind::Bool;
        }
        let (a, b) = (self.kind(left, found), self.kind(right, found));
        match op {
            Op::In => {
                let item = match &b {
                    Kind::List(item) => (**item).clone(),
                    Kind::Text => Kind::Text,
                    _ => Kind::Any,
                };
                if !a.fits(&item) {
                    found.push(TypeError::Mismatch(a.name(), item.name()));
                }
                Kind::Bool
            }
            Op::Add | Op::Subtract => {
                for kind in [&a, &b] {
                    if !kind.fits(&Kind::Int) {
                        found.push(TypeError::Mismatch(kind.name(), "int"));
                    }
                }
                Kind::Int
            }
            _ => {
                let dates = is_day(&a) && is_day(&b)
                    || is_day(&a) && is_date(right)
                    || is_day(&b) && is_date(left);
                let numbers = matches!(
                    (&a, &b),
                    (Kind::Int, Kind::Instant) | (Kind::Instant, Kind::Int)
                );
                let by_size = !matches!(op, Op::Equal | Op::NotEqual);
                let mut unordered = [&a, &b]
                    .into_iter()
                    .filter(|kind| by_size && !kind.has_order());
                if !a.fits(&b) && !dates && !numbers {
                    found.push(TypeError::Mismatch(a.name(), b.name()));
                } else if let Some(kind) = unordered.next() {
                    found.push(TypeError::Mismatch(kind.name(), "int"));
                }
                Kind::Bool
            }
        }
    }

    fn call(&self, function: Function, operands: &[Expr], found: &mut Vec<TypeError>) -> Kind {
        let kinds: Vec<_> = operands.iter().map(|o| self.kind(o, found)).collect();
        let first = kinds.first().unwrap_or(&Kind::Any);
        let (fits, wanted, result) = match function {
            Function::Has => (true, "any", Kind::Bool),
            Function::Len => (
                first.is_words() || matches!(first, Kind::Any | Kind::List(_)),
                "string",
                Kind::Int,
            ),
            Function::Contains => (
                first.is_words() || matches!(first, Kind::Any | Kind::List(_)),
                "string",
                Kind::Bool,
            ),
            Function::DaysSince => (is_day(first) || *first == Kind::Any, "date", Kind::Int),
        };
        if !fits {
            found.push(TypeError::Mismatch(first.name(), wanted));
        } else if let (Function::Contains, Some(part)) = (function, kinds.get(1)) {
            let item = match first {
                Kind::List(item) => item,
                Kind::Any => &Kind::Any,
                _ => &Kind::Text,
            };
            if !part.fits(item) {
                found.push(TypeError::Mismatch(part.name(), item.name()));
            }
        }
        result
    }
}

const fn is_day(kind: &Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Instant)
}

fn is_date(expr: &Expr) -> bool {
    expr.as_text()
        .is_some_and(|text| text.parse::<happytalk_core::time::Date>().is_ok())
}

/// The paths that are there for sure when `expr` came out as `outcome`.
pub(crate) fn shown(expr: &Expr, outcome: bool) -> Vec<Path> {
    match (expr, outcome) {
        (Expr::Call(Function::Has, operands), true) => match operands.as_slice() {
            [Expr::Path(path)] => vec![path.clone()],
            _ => Vec::new(),
        },
        (Expr::Not(inner), _) => shown(inner, !outcome),
        (Expr::Binary(Op::And, left, right), true) | (Expr::Binary(Op::Or, left, right), false) => {
            let mut both = shown(left, outcome);
            both.extend(shown(right, outcome));
            both
        }
        (Expr::Binary(Op::NotEqual, left, right), true)
        | (Expr::Binary(Op::Equal, left, right), false) => match (&**left, &**right) {
            (Expr::Path(path), Expr::Literal(Value::Null))
            | (Expr::Literal(Value::Null), Expr::Path(path)) => vec![path.clone()],
            _ => Vec::new(),
        },
        (Expr::Binary(Op::Equal, left, right), true) => match (&**left, &**right) {
            (Expr::Path(path), Expr::Literal(value)) | (Expr::Literal(value), Expr::Path(path))
                if !value.is_null() =>
            {
                vec![path.clone()]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
