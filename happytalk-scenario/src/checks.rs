//! What is wrong with the meaning of a document. Each file holds the checks of one subject.

mod branches;
mod catalogue;
mod choices;
mod cycles;
mod graph;
pub(crate) mod ids;
mod known;
mod limits;
mod lookalike;
mod outcomes;
mod personal;
mod retries;
pub(crate) mod targets;
mod texts;
mod turns;
mod usage;
mod values;
mod versions;
pub(crate) mod walk;

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::host::{Against, ChannelLimits};
use ids::Ids;
use walk::Graph;

/// Findings, in the order in which they are made.
type Found = Vec<Diagnostic>;

/// Every check but those of the shape (S) and the embedded tests (X).
pub(crate) fn document(document: &Document, text: &str, against: &Against<'_>) -> Vec<Diagnostic> {
    let mut found = Found::new();
    let limits = channels(against);
    let ids = Ids::of(document);
    targets::check(document, &ids, &mut found);
    catalogue::check(document, against.catalogue, &mut found);
    retries::check(document, &mut found);
    choices::check(document, &mut found);
    lookalike::check(document, &mut found);
    outcomes::check(document, &mut found);
    branches::check(document, &mut found);
    values::check(document, &mut found);
    usage::check(document, &mut found);
    personal::check(document, &mut found);
    texts::check(document, &mut found);
    limits::check(document, &limits, &mut found);
    versions::check(document, text, against, &mut found);
    // Ways through the scenario mean nothing while some of them lead nowhere.
    let leads_nowhere = |d: &Diagnostic| matches!(d.code, "R1" | "R2");
    if found.iter().any(leads_nowhere) {
        return found;
    }
    let graph = Graph::with(document, ids);
    branches::across(&graph, &mut found);
    graph::check(&graph, &mut found);
    cycles::check(&graph, &mut found);
    if !document.nodes.iter().any(|node| node.broken) {
        known::check(&graph, &mut found);
        turns::check(&graph, &limits, &mut found);
    }
    found
}

impl Document {
    /// What is wrong with its meaning: every check but those of the shape (S), of the version before (V) and of the
    /// embedded tests (X). For an editor that holds the document read; [`check`](crate::check) makes all of them.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        document(self, "", &Against::nothing())
    }
}

/// The channels a document is to run on. Where nobody says, Kakao's limits are the ones to know about.
fn channels(against: &Against<'_>) -> Vec<(String, ChannelLimits, Severity)> {
    match against.catalogue.and_then(|it| it.channels.as_ref()) {
        Some(channels) => channels
            .iter()
            .map(|(name, limits)| (name.clone(), limits.clone(), Severity::Error))
            .collect(),
        None => vec![(
            "kakao_consult".to_owned(),
            ChannelLimits::kakao(),
            Severity::Warning,
        )],
    }
}
