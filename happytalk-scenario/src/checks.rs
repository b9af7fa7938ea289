//! What is wrong with the meaning of a document. Each file holds the checks of one subject.

mod choices;
mod graph;
mod outcomes;
mod retries;
pub(crate) mod targets;
mod texts;
mod values;

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;

/// Findings, in the order in which they are made.
type Found = Vec<Diagnostic>;

/// Every check but those of the shape (S) and the embedded tests (X).
pub(crate) fn document(document: &Document) -> Vec<Diagnostic> {
    let mut found = Found::new();
    targets::check(document, &mut found);
    retries::check(document, &mut found);
    choices::check(document, &mut found);
    outcomes::check(document, &mut found);
    values::check(document, &mut found);
    texts::check(document, &mut found);
    // Ways through the scenario mean nothing while some of them lead nowhere.
    if !found
        .iter()
        .any(|d| d.severity == Severity::Error && d.code.starts_with('R'))
    {
        graph::check(document, &mut found);
    }
    found
}
