//! Findings as SARIF 2.1.0, which code hosts and editors show beside the text.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::layout;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
struct Run<'a> {
    tool: Tool,
    #[serde(rename = "columnKind")]
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
}

#[derive(Serialize)]
struct Result<'a> {
    #[serde(rename = "ruleId")]
    rule_id: &'static str,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Location<'a> {
    #[serde(rename = "physicalLocation")]
    physical: Physical<'a>,
    #[serde(rename = "logicalLocations")]
    logical: [Logical<'a>; 1],
}

#[derive(Serialize)]
struct Physical<'a> {
    #[serde(rename = "artifactLocation")]
    artifact: Artifact<'a>,
    region: Region,
}

#[derive(Serialize)]
struct Artifact<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
struct Region {
    #[serde(rename = "startLine")]
    line: usize,
    #[serde(rename = "startColumn")]
    column: usize,
}

#[derive(Serialize)]
struct Logical<'a> {
    #[serde(rename = "fullyQualifiedName")]
    name: &'a str,
}

/// One SARIF log of what was found in documents: for each its name, its text and its findings.
#[must_use]
pub fn sarif<'a>(
    documents: impl IntoIterator<Item = (&'a str, &'a str, &'a [Diagnostic])>,
) -> String {
    let mut results = Vec::new();
    for (uri, text, found) in documents {
        let laid = layout::read(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        for found in found {
            let at = laid.as_ref().map_or(0, |laid| laid.find(&found.pointer));
            let (line, column) = match (&laid, syntax_place(text)) {
                (None, Some(place)) => place,
                _ => layout::line_and_column(text, at),
            };
            results.push(Result {
                rule_id: found.code,
                level: match found.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "note",
                },
                message: Message {
                    text: format!("{} {}", found.message.ko, found.message.en),
                },
                locations: [Location {
                    physical: Physical {
                        artifact: Artifact { uri },
                        region: Region { line, column },
                    },
                    logical: [Logical {
                        name: &found.pointer,
                    }],
                }],
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
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    // Nothing in it can fail to be written.
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

/// Where the text stops being JSON.
fn syntax_place(text: &str) -> Option<(usize, usize)> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    Some((error.line().max(1), error.column().max(1)))
}
