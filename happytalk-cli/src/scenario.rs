//! `scenario`: documents checked, written, drawn, compared, tested and played.

mod answers;
mod diff;
mod fmt;
mod maps;
mod play;
mod tests;

use std::io::Write;
use std::path::Path;

use happytalk_scenario::{
    Against, Catalogue, Compiled, DOCUMENT_BYTES_MAX, Diagnostic, Document, Severity,
    check_against, parse, sarif,
};
use serde::Serialize;

use crate::args::{Check, CheckFormat, Deny, Lang, Scenario, ScenarioCommand};
use crate::failure::{Failure, Outcome};
use crate::source::Source;

pub(crate) fn run(args: &Scenario, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match &args.command {
        ScenarioCommand::Check(args) => run_check(args, out),
        ScenarioCommand::Fmt(args) => fmt::run(args, out),
        ScenarioCommand::Schema => {
            out.write_all(happytalk_scenario::schema().as_bytes())?;
            Ok(Outcome::Fine)
        }
        ScenarioCommand::Graph(args) => maps::run_graph(args, out),
        ScenarioCommand::Paths(args) => maps::run_paths(args, out),
        ScenarioCommand::Play(args) => play::run(args, out),
        ScenarioCommand::Diff(args) => diff::run(args, out),
        ScenarioCommand::Test(args) => tests::run(args, out),
    }
}

fn read(path: &Path) -> Result<(String, String), Failure> {
    Source::open(path)?.text(DOCUMENT_BYTES_MAX)
}

/// The scenario of a file; `None` where it does not load, which is told.
fn load(path: &Path, out: &mut dyn Write) -> Result<Option<(String, Compiled)>, Failure> {
    let (name, text) = read(path)?;
    match Compiled::load(&text) {
        Ok(flow) => Ok(Some((name, flow))),
        Err(refused) => {
            write_text(&name, refused.as_slice(), Lang::Ko, false, out)?;
            Ok(None)
        }
    }
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
    let host = args.catalogue.as_deref().map(catalogue).transpose()?;
    let previous = args.previous.as_deref().map(before).transpose()?;
    let mut against = Against::nothing();
    if let Some(host) = &host {
        against = against.with_catalogue(host);
    }
    if let Some((document, text)) = &previous {
        against = against.with_previous(document, text);
    }
    let mut outcome = Outcome::Fine;
    let mut all = Vec::new();
    for path in &args.files {
        let (name, text) = read(path)?;
        let diagnostics = check_against(&text, &against);
        if diagnostics.iter().any(|found| found.severity <= worst) {
            outcome = Outcome::Found;
        }
        match args.format {
            CheckFormat::Json => {
                let found = Found {
                    file: (args.files.len() > 1).then_some(&name),
                    diagnostics: &diagnostics,
                };
                // Writing to memory does not fail, and every map key is a string.
                let json = serde_json::to_string(&found).unwrap_or_default();
                writeln!(out, "{json}")?;
            }
            CheckFormat::Text => write_text(&name, &diagnostics, args.lang, args.info, out)?,
            CheckFormat::Sarif => all.push((name, text, diagnostics)),
        }
    }
    if args.format == CheckFormat::Sarif {
        let documents = all
            .iter()
            .map(|(name, text, found)| (name.as_str(), text.as_str(), found.as_slice()));
        writeln!(out, "{}", sarif(documents))?;
    }
    Ok(outcome)
}

fn catalogue(path: &Path) -> Result<Catalogue, Failure> {
    let (name, text) = read(path)?;
    Catalogue::from_json(&text).map_err(|error| match &error {
        happytalk_scenario::Error::CatalogueNotUnderstood(why) => Failure::json(&name, why),
        other => Failure::of(&name, other),
    })
}

fn before(path: &Path) -> Result<(Document, String), Failure> {
    let (name, text) = read(path)?;
    match parse(&text) {
        Ok(document) => Ok((document, text)),
        Err(refused) => Err(Failure::of(&name, refused)),
    }
}

fn write_text(
    name: &str,
    diagnostics: &[Diagnostic],
    lang: Lang,
    hints: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let told = diagnostics
        .iter()
        .filter(|found| hints || found.severity != Severity::Info);
    for found in told {
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
