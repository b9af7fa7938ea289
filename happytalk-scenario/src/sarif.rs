//! Findings as SARIF 2.1.0, which code hosts and editors show beside the text.

mod rules;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::layout::{self, Lines};
use crate::token;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Result<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical,
    logical_locations: [Logical<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical<'a> {
    fully_qualified_name: &'a str,
}

/// By what a finding is known again when the lines around it have moved.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "codeAndPointer/v1")]
    place: String,
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// One SARIF 2.1.0 log of what was found in documents: for each its name or path, its text and its findings. Columns are
/// in characters; a finding in a document that is no JSON stands where the JSON ends.
#[must_use]
pub fn sarif<'a>(
    documents: impl IntoIterator<Item = (&'a str, &'a str, &'a [Diagnostic])>,
) -> String {
    let mut results = Vec::new();
    let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut rules: Vec<Rule> = Vec::new();
    for (name, text, found) in documents {
        let json = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let laid = layout::read(json);
        let lines = Lines::of(json);
        let syntax = lines.syntax_fault();
        for found in found {
            let (start_line, start_column) = match (&laid, syntax) {
                (Some(laid), None) => lines.place(laid.find(&found.pointer)),
                (_, Some(place)) => place,
                (None, None) => (1, 1),
            };
            let level = level(found.severity);
            let rule_index = *places.entry(found.code).or_insert_with(|| {
                rules.push(Rule {
                    id: found.code,
                    short_description: Message {
                        text: rules::about(found.code).to_owned(),
                    },
                    default_configuration: Configuration { level },
                });
                rules.len() - 1
            });
            let (ko, en, hint) = (&found.message.ko, &found.message.en, &found.hint);
            results.push(Result {
                rule_id: found.code,
                rule_index,
                level,
                message: Message {
                    text: format!("{ko} {en} → {hint}"),
                },
                locations: [Location {
                    physical_location: Physical {
                        artifact_location: Artifact { uri: uri(name) },
                        region: Region {
                            start_line,
                            start_column,
                        },
                    },
                    logical_locations: [Logical {
                        fully_qualified_name: &found.pointer,
                    }],
                }],
                partial_fingerprints: Fingerprints {
                    place: token::digest(&[found.code, &found.pointer]),
                },
            });
        }
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "happytalk",
                    version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Nothing in it can fail to be written.
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

/// A path as the reference that stands in a log: relative ones stay so, and what may not stand in one is in percent.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    let path = path.replace('\\', "/");
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'))
    {
        // What stands in front of a colon would be read as a scheme.
        uri.push_str("./");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                uri.push(digit.to_ascii_uppercase());
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_written_as_a_reference() {
        assert_eq!(uri("flows/a-1.json"), "flows/a-1.json");
        assert_eq!(uri("flows\\a.json"), "flows/a.json");
        assert_eq!(uri("/srv/flow.json"), "file:///srv/flow.json");
        assert_eq!(uri("내 봇.json"), "%EB%82%B4%20%EB%B4%87.json");
        assert_eq!(uri("a:b.json"), "./a:b.json");
        assert_eq!(uri("100%#?.json"), "100%25%23%3F.json");
    }
}
