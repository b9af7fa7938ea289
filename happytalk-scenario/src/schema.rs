//! The JSON Schema of documents, for editors and tools; the loader does not use it.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::FORMAT;

/// The JSON Schema (draft 2020-12) of the format this release reads, as `scenario-1.schema.json`. It accepts every
/// document that the loader accepts and refuses what is wrong with a document's shape; what goes beyond a shape, and
/// keys that stand twice, only [`check`](crate::check) finds.
#[must_use]
pub const fn schema() -> &'static str {
    include_str!("../schema/scenario-1.schema.json")
}

/// Brings the text of a document to the format this release reads. Pure; comments are kept. A document of the
/// present format comes back as [`format`](crate::format()) writes it.
///
/// # Errors
/// S1 where the text is no JSON, S2 where its format is one that no release has had.
pub fn upgrade(text: &str) -> Result<String, Diagnostics> {
    let written = crate::format(text)?;
    let found = serde_json::from_str::<Value>(&written);
    let format = found.ok().and_then(|value| value.get("format")?.as_i64());
    // The first format is the present one: a later release adds its step here, and its golden file to the tests.
    match format {
        Some(FORMAT) => Ok(written),
        _ => Err(Diagnostics::new(vec![Diagnostic::error(
            "S2",
            "/format",
            "알 수 없는 format입니다.",
            "unknown format",
            format!("the formats so far: 1 to {FORMAT}"),
        )])),
    }
}
