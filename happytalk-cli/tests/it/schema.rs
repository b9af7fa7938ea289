//! The part of JSON Schema that docs/formats.md uses, so that its examples can be held against its schemas.

use serde_json::{Map, Value};

/// The schemas of a document, by the names of its `$defs`.
pub(crate) struct Schemas {
    defs: Map<String, Value>,
}

impl Schemas {
    /// Reads a document with `$defs`.
    #[track_caller]
    pub(crate) fn parse(document: &str) -> Self {
        let document: Value = serde_json::from_str(document).unwrap();
        let defs = document["$defs"].as_object().unwrap().clone();
        Self { defs }
    }

    /// The names of the schemas.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.defs.keys().map(String::as_str)
    }

    /// Whether there is a schema of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.defs.contains_key(name)
    }

    /// Holds a value against the schema of that name.
    ///
    /// # Errors
    /// The JSON pointer of what does not fit, and the keyword that it does not fit.
    pub(crate) fn check(&self, name: &str, value: &Value) -> Result<(), String> {
        self.fits(&self.defs[name], value, "")
    }

    fn fits(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let keywords = match schema {
            Value::Bool(true) => return Ok(()),
            Value::Object(keywords) => keywords,
            other => return Err(format!("{at}: {other} is no schema")),
        };
        for (keyword, wanted) in keywords {
            if !self.fits_keyword(keywords, keyword, wanted, value, at)? {
                return Err(format!("{at}: {keyword} {wanted}"));
            }
        }
        Ok(())
    }

    fn fits_keyword(
        &self,
        all: &Map<String, Value>,
        keyword: &str,
        wanted: &Value,
        value: &Value,
        at: &str,
    ) -> Result<bool, String> {
        let list = || wanted.as_array().unwrap().iter();
        Ok(match keyword {
            "$ref" => {
                let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                self.fits(&self.defs[name], value, at)?;
                true
            }
            "type" => match wanted {
                Value::Array(words) => words.iter().any(|word| is_of_type(word, value)),
                word => is_of_type(word, value),
            },
            "const" => wanted == value,
            "enum" => list().any(|one| one == value),
            "anyOf" => list().any(|one| self.fits(one, value, at).is_ok()),
            "allOf" => {
                list().try_for_each(|one| self.fits(one, value, at))?;
                true
            }
            "oneOf" => {
                list()
                    .filter(|one| self.fits(one, value, at).is_ok())
                    .count()
                    == 1
            }
            "not" => self.fits(wanted, value, at).is_err(),
            "minimum" => value.as_i64() >= wanted.as_i64(),
            "maximum" => value.as_i64() <= wanted.as_i64(),
            "minLength" => length(value) >= wanted.as_u64(),
            "maxLength" => length(value) <= wanted.as_u64(),
            "pattern" => {
                let pattern = regex_lite::Regex::new(wanted.as_str().unwrap()).unwrap();
                value.as_str().is_some_and(|text| pattern.is_match(text))
            }
            "maxItems" => value.as_array().map(|items| items.len() as u64) <= wanted.as_u64(),
            "minItems" => value.as_array().map(|items| items.len() as u64) >= wanted.as_u64(),
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.fits(wanted, item, &format!("{at}/{place}"))?;
                }
                true
            }
            "required" => value.as_object().is_none_or(|members| {
                let mut names = list().map(|name| name.as_str().unwrap());
                names.all(|name| members.contains_key(name))
            }),
            "properties" => {
                for (name, schema) in wanted.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        self.fits(schema, member, &format!("{at}/{name}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    let is_named = all
                        .get("properties")
                        .is_some_and(|named| named.get(name).is_some());
                    if !is_named && *wanted == Value::Bool(false) {
                        return Err(format!("{at}/{name}: is not known"));
                    }
                    if !is_named {
                        self.fits(wanted, member, &format!("{at}/{name}"))?;
                    }
                }
                true
            }
            // Patterns are for validators that know them; what a time of the day is, the command's own errors show.
            "format" => value.is_string(),
            "description" | "title" | "default" => true,
            other => return Err(format!("{at}: the keyword {other} is not understood here")),
        })
    }
}

fn length(value: &Value) -> Option<u64> {
    let chars = value.as_str()?.chars().count();
    u64::try_from(chars).ok()
}

fn is_of_type(word: &Value, value: &Value) -> bool {
    match word.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}
