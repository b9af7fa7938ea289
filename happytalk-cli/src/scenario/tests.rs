//! `scenario test`: the tests that stand in documents.

use std::io::Write;

use happytalk_scenario::{Compiled, Diagnostic, Severity};
use serde::Serialize;

use super::maps::json;
use super::{read, write_text};
use crate::args::{Lang, Test, TextFormat};
use crate::failure::{Failure, Outcome};

#[derive(Serialize)]
struct Played<'a> {
    file: &'a str,
    tests: usize,
    passed: usize,
    diagnostics: &'a [Diagnostic],
}

pub(crate) fn run(args: &Test, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Fine;
    for path in &args.files {
        let (name, text) = read(path)?;
        let (tests, found) = match Compiled::load(&text) {
            Ok(flow) => (flow.document().tests_count(), Vec::new()),
            Err(refused) => {
                outcome = Outcome::Found;
                let document = happytalk_scenario::parse(&text);
                let tests = document.map_or(0, |document| document.tests_count());
                (tests, refused.into_vec())
            }
        };
        let errors: Vec<Diagnostic> = found
            .into_iter()
            .filter(|found| found.severity == Severity::Error)
            .collect();
        // One that does not load for other reasons has not played any.
        let failed = errors.iter().filter(|found| found.code == "X1").count();
        let passed = if failed == errors.len() {
            tests - failed
        } else {
            0
        };
        match args.format {
            TextFormat::Json => {
                let played = Played {
                    file: &name,
                    tests,
                    passed,
                    diagnostics: &errors,
                };
                writeln!(out, "{}", json(&played))?;
            }
            TextFormat::Text if errors.is_empty() => {
                writeln!(out, "{name}: {passed} of {tests} tests passed")?;
            }
            TextFormat::Text => {
                write_text(&name, &errors, Lang::Ko, false, out)?;
                writeln!(out, "{name}: {passed} of {tests} tests passed")?;
            }
        }
    }
    Ok(outcome)
}
