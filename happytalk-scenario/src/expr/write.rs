//! Writes an expression as people write it.

use std::fmt;

use happytalk_core::Value;

use super::{Expr, Function, Op};

impl Op {
    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
        }
    }

    /// What binds closer has the higher number.
    const fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 4,
            _ => 3,
        }
    }
}

impl Expr {
    fn inside(&self, outer: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Binary(op, ..) if op.strength() <= outer => write!(f, "({self})"),
            _ => write!(f, "{self}"),
        }
    }
}

fn value(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(yes) => write!(f, "{yes}"),
        Value::Int(number) => write!(f, "{number}"),
        Value::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
        Value::List(items) => {
            f.write_str("[")?;
            for (at, item) in items.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                self::value(item, f)?;
            }
            f.write_str("]")
        }
        Value::Object(_) => f.write_str("{…}"),
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |items: &[Self], f: &mut fmt::Formatter<'_>| {
            items.iter().enumerate().try_for_each(|(at, item)| {
                f.write_str(if at == 0 { "" } else { ", " })?;
                write!(f, "{item}")
            })
        };
        match self {
            Self::Literal(literal) => value(literal, f),
            Self::Path(path) => write!(f, "{path}"),
            Self::List(items) => {
                f.write_str("[")?;
                list(items, f)?;
                f.write_str("]")
            }
            Self::Not(inner) => {
                f.write_str("!")?;
                inner.inside(u8::MAX, f)
            }
            Self::Binary(op, left, right) => {
                left.inside(op.strength() - 1, f)?;
                write!(f, " {} ", op.sign())?;
                right.inside(op.strength(), f)
            }
            Self::Call(function, operands) => {
                let name = match function {
                    Function::Has => "has",
                    Function::Len => "len",
                    Function::Contains => "contains",
                    Function::DaysSince => "days_since",
                };
                write!(f, "{name}(")?;
                list(operands, f)?;
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_the_same() {
        for text in [
            "has(a.b) && (n > 1 || !(k == 'it''s'))",
            "n - (m - 1) >= 3",
            "k in ['x', 'y'] || contains(t, 'z')",
            "a && b && c",
        ] {
            let Ok(expr) = Expr::parse(text) else {
                panic!("{text}")
            };
            let written = expr.to_string();
            assert!(
                Expr::parse(&written).ok() == Some(expr),
                "{text} → {written}"
            );
        }
    }
}
