//! `scenario`: documents checked, and played.

mod answers;
mod play;

use std::io::Write;
use std::path::Path;

use happytalk_scenario::{DOCUMENT_BYTES_MAX, Diagnostic, Severity, check};
use serde::Serialize;

use crate::args::{Check, Deny, Lang, Scenario, ScenarioCommand, TextFormat};
use crate::failure::{Failure, Outcome};
use crate::source::Source;

pub(crate) fn run(args: &Scenario, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match &args.command {
        ScenarioCommand::Check(args) => run_check(args, out),
        ScenarioCommand::Play(args) => play::run(args, out),
    }
}

fn read(path: &Path) -> Result<(String, String), Failure> {
    Source::open(path)?.text(DOCUMENT_BYTES_MAX)
}

/// What `check --format json` prints of one document.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    diagnostics: &'a [Diagnostic],
}

fn run_check(args: &Check, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let worst = match args.deny {
        Some(Deny::Warnings) => Severity::Warning,
        None => Severity::Error,
    };
    let mut outcome = Outcome::Fine;
    for path in &args.files {
        let (name, text) = read(path)?;
        let diagnostics = check(&text);
        if diagnostics.iter().any(|found| found.severity <= worst) {
            outcome = Outcome::Found;
        }
        match args.format {
            TextFormat::Json => {
                let found = Found {
                    file: (args.files.len() > 1).then_some(&name),
                    diagnostics: &diagnostics,
                };
                // Writing to memory does not fail, and every map key is a string.
                let json = serde_json::to_string(&found).unwrap_or_default();
                writeln!(out, "{json}")?;
            }
            TextFormat::Text => write_text(&name, &diagnostics, args.lang, out)?,
        }
    }
    Ok(outcome)
}

fn write_text(
    name: &str,
    diagnostics: &[Diagnostic],
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for found in diagnostics {
        let message = match lang {
            Lang::Ko => &found.message.ko,
            Lang::En => &found.message.en,
        };
        let severity = word(found.severity);
        let (code, pointer) = (found.code, &found.pointer);
        writeln!(out, "{name}#{pointer}: {severity} {code}: {message}")?;
        writeln!(out, "    → {}", found.hint)?;
    }
    let count = |severity| {
        let of_it = diagnostics
            .iter()
            .filter(|found| found.severity == severity);
        of_it.count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match lang {
        Lang::Ko => writeln!(out, "{name}: 오류 {errors}건, 경고 {warnings}건")?,
        Lang::En => {
            let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
            writeln!(out, "{name}: {errors}, {warnings}")?;
        }
    }
    Ok(())
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
