//! Puts values into variables.

use std::collections::BTreeMap;

use happytalk_core::Value;

use super::Trace;
use super::run::Run;
use crate::document::Formula;
use crate::expr::{Kind, Path};
use crate::state::SLOTS_BYTES_MAX;

impl Run<'_> {
    pub(super) fn assign(&mut self, set: &[(String, Formula)]) {
        for (name, formula) in set {
            let value = match formula {
                Ok(expr) => self.scope().eval(expr).into_owned(),
                Err(_) => Value::Null,
            };
            self.store(name, value);
        }
    }

    /// Stores a value under a path such as `profile.name`; a value of another kind than declared is null.
    pub(super) fn store(&mut self, path: &str, value: Value) {
        let Some(path) = Path::read(path) else { return };
        let Some(var) = self.flow.document.vars.get(&path.root) else {
            return;
        };
        let mut kind = &var.kind;
        for name in &path.fields {
            match kind {
                Kind::Object(fields) => match fields.get(name) {
                    Some((inner, _)) => kind = inner,
                    None => return,
                },
                _ => return,
            }
        }
        let value = if value.is_null() || kind.holds(&value) {
            kind.trim(value)
        } else {
            Value::Null
        };
        let root = match path.fields.is_empty() {
            true => value,
            false => {
                let whole = Path {
                    root: path.root.clone(),
                    fields: Vec::new(),
                };
                let before = self.scope().lookup(&whole).into_owned();
                put(before, &path.fields, value)
            }
        };
        let others = self
            .state
            .slots
            .iter()
            .filter(|(name, _)| **name != path.root);
        let total: usize = others
            .map(|(name, value)| name.len() + 4 + weight(value))
            .sum();
        if total + weight(&root) > SLOTS_BYTES_MAX {
            self.note(Trace::TooLarge {
                var: path.root.clone(),
            });
            self.state.slots.remove(&path.root);
            return;
        }
        self.state.slots.insert(path.root, root);
    }
}

/// `object` with `value` at the end of `fields`.
fn put(object: Value, fields: &[String], value: Value) -> Value {
    let Some((first, rest)) = fields.split_first() else {
        return value;
    };
    let mut members = match object {
        Value::Object(members) => members,
        _ => BTreeMap::new(),
    };
    let inner = members.remove(first).unwrap_or(Value::Null);
    members.insert(first.clone(), put(inner, rest, value));
    Value::Object(members)
}

/// How many bytes a value has as JSON, at most.
fn weight(value: &Value) -> usize {
    let text = |text: &str| {
        let escaped = text.bytes().map(|byte| match byte {
            0..0x20 => 6,
            b'"' | b'\\' => 2,
            _ => 1,
        });
        escaped.sum::<usize>() + 2
    };
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Int(_) => 20,
        Value::Text(words) => text(words),
        Value::List(items) => items.iter().map(|item| weight(item) + 1).sum::<usize>() + 2,
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| text(name) + weight(value) + 2);
            members.sum::<usize>() + 2
        }
    }
}
