//! Works an expression out. Total: what cannot be worked out is null, and a null condition is not met.

use std::borrow::Cow;
use std::collections::BTreeMap;

use happytalk_core::time::Date;
use happytalk_core::{Timestamp, Value};

use super::{Expr, Function, Op, Path};
use crate::document::Var;
use crate::env::Env;

/// What names stand for.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) vars: &'a BTreeMap<String, Var>,
    pub(crate) slots: &'a BTreeMap<String, Value>,
    pub(crate) env: &'a Env,
}

impl<'a> Scope<'a> {
    /// What `path` stands for; null where there is nothing.
    pub(crate) fn lookup(&self, path: &Path) -> Cow<'a, Value> {
        let inside = |mut value: Option<&'a Value>| {
            for name in &path.fields {
                value = value.and_then(|value| value.get(name));
            }
            value.map_or(Cow::Owned(Value::Null), Cow::Borrowed)
        };
        if let Some(var) = self.vars.get(&path.root) {
            let known = self.env.customer.get(&path.root);
            let known = known.filter(|value| var.of_customer && var.kind.holds(value));
            let set = self.slots.get(&path.root);
            if let (None, Some(known)) = (set, known)
                && !var.kind.is_trim(known)
            {
                let mut value = Some(var.kind.trim(known.clone()));
                for name in &path.fields {
                    value = value.and_then(|value| value.get(name).cloned());
                }
                return Cow::Owned(value.unwrap_or(Value::Null));
            }
            return inside(set.or(known).or(var.default.as_ref()));
        }
        match path.root.as_str() {
            "now" => Cow::Owned(Value::Int(self.env.now.as_millis())),
            "channel" => Cow::Owned(Value::from(self.env.channel.as_str())),
            "customer" => inside(Some(&self.env.customer)),
            "setting" => inside(Some(&self.env.settings)),
            "hours" => Cow::Owned(self.hours(path)),
            _ => Cow::Owned(Value::Null),
        }
    }

    fn hours(&self, path: &Path) -> Value {
        let hours = &self.env.hours;
        match path.fields.first().map(String::as_str) {
            Some("open") => Value::Bool(hours.is_open()),
            Some("kind") => Value::from(hours.kind.as_str()),
            Some("next_open") => hours
                .next_open
                .map_or(Value::Null, |at| Value::Int(at.as_millis())),
            Some("holiday") => hours.holiday.clone().map_or(Value::Null, Value::Text),
            _ => Value::Null,
        }
    }

    /// Whether a condition is met.
    pub(crate) fn holds(&self, expr: &Expr) -> bool {
        matches!(self.eval(expr).as_ref(), Value::Bool(true))
    }

    /// The value of an expression.
    pub(crate) fn eval<'e>(&self, expr: &'e Expr) -> Cow<'e, Value>
    where
        'a: 'e,
    {
        match expr {
            Expr::Literal(value) => Cow::Borrowed(value),
            Expr::Path(path) => self.lookup(path),
            Expr::List(items) => {
                let items = items.iter().map(|item| self.eval(item).into_owned());
                Cow::Owned(Value::List(items.collect()))
            }
            Expr::Not(inner) => Cow::Owned(Value::Bool(!self.holds(inner))),
            Expr::Binary(op, left, right) => Cow::Owned(self.binary(*op, left, right)),
            Expr::Call(function, operands) => Cow::Owned(self.call(*function, operands)),
        }
    }

    fn binary(&self, op: Op, left: &Expr, right: &Expr) -> Value {
        match op {
            Op::And => return Value::Bool(self.holds(left) && self.holds(right)),
            Op::Or => return Value::Bool(self.holds(left) || self.holds(right)),
            _ => {}
        }
        let (left, right) = (self.eval(left), self.eval(right));
        let ordered = order(&left, &right);
        match op {
            Op::Equal => Value::Bool(left == right),
            Op::NotEqual => Value::Bool(left != right),
            Op::Less => Value::Bool(ordered.is_some_and(std::cmp::Ordering::is_lt)),
            Op::LessEqual => Value::Bool(ordered.is_some_and(std::cmp::Ordering::is_le)),
            Op::Greater => Value::Bool(ordered.is_some_and(std::cmp::Ordering::is_gt)),
            Op::GreaterEqual => Value::Bool(ordered.is_some_and(std::cmp::Ordering::is_ge)),
            Op::In => Value::Bool(contains(&right, &left)),
            Op::Add => number(&left, &right, i64::checked_add),
            Op::Subtract => number(&left, &right, i64::checked_sub),
            Op::And | Op::Or => Value::Null,
        }
    }

    fn call(&self, function: Function, operands: &[Expr]) -> Value {
        let Some(first) = operands.first().map(|operand| self.eval(operand)) else {
            return Value::Null;
        };
        match function {
            Function::Has => Value::Bool(!first.is_null()),
            Function::Len => match first.as_ref() {
                Value::Text(text) => count(text.chars().count()),
                Value::List(items) => count(items.len()),
                _ => Value::Null,
            },
            Function::Contains => operands.get(1).map_or(Value::Null, |part| {
                Value::Bool(contains(&first, &self.eval(part)))
            }),
            Function::DaysSince => match day(&first, self.env) {
                Some(date) => {
                    let today = self.env.zone.date(self.env.now);
                    Value::Int(i64::from(today.days_since(date)))
                }
                None => Value::Null,
            },
        }
    }
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn number(left: &Value, right: &Value, joined: fn(i64, i64) -> Option<i64>) -> Value {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => joined(*a, *b).map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}

/// Numbers by size, texts by their characters (dates are written so that this is their order); else nothing.
fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::List(items), part) => items.contains(part),
        (Value::Text(whole), Value::Text(part)) => whole.contains(part.as_str()),
        _ => false,
    }
}

/// The calendar day a value names: a date, an RFC 3339 instant, or milliseconds.
pub(crate) fn day(value: &Value, env: &Env) -> Option<Date> {
    match value {
        Value::Int(millis) => Some(env.zone.date(Timestamp::from_millis(*millis))),
        Value::Text(text) => match text.parse::<Date>() {
            Ok(date) => Some(date),
            Err(_) => text.parse::<Timestamp>().ok().map(|at| env.zone.date(at)),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{Hours, HoursKind};

    fn env() -> Env {
        let mut env = Env::new("2026-01-12T10:00:00+09:00".parse().unwrap());
        env.hours = Hours::closed(HoursKind::Lunch, Some(env.now));
        env
    }

    fn is(expr: &str) -> bool {
        let slots: BTreeMap<String, Value> = BTreeMap::from([
            ("kind".to_owned(), Value::from("return")),
            ("n".to_owned(), Value::Int(10)),
            (
                "order".to_owned(),
                Value::Object(BTreeMap::from([
                    ("on".to_owned(), Value::from("2026-01-04")),
                    ("gone".to_owned(), Value::Null),
                ])),
            ),
        ]);
        let env = env();
        let any = |name: &String| (name.clone(), Var::any());
        let vars = slots.keys().map(any).collect();
        let scope = Scope {
            vars: &vars,
            slots: &slots,
            env: &env,
        };
        scope.holds(&Expr::parse(expr).unwrap())
    }

    #[test]
    fn conditions_are_met_or_not_and_never_fail() {
        assert!(is("kind == 'return' && n >= 10"));
        assert!(is("kind != 'exchange' || missing.deep > 1"));
        assert!(is("has(order.on) && days_since(order.on) == 8"));
        assert!(!is("days_since(order.gone) > 7"));
        assert!(!is("has(order.gone)"));
        assert!(is("kind in ['return', 'exchange']"));
        assert!(is("contains(kind, 'tur') && len(kind) == 6"));
        assert!(is("hours.kind == 'lunch' && !hours.open"));
        assert!(is("n - 1 + 2 == 11"));
        assert!(!is("n + 9223372036854775807 > 0"));
        assert!(!is("n > '9'"));
        assert!(!is("n"));
        assert!(is("'it''s' == \"it's\""));
    }
}
