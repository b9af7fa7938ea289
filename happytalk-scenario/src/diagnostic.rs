//! What is wrong with a document: code, place, and what to do about it.

use std::fmt;

use serde::Serialize;

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a reader of diagnostics decides on each"
)]
pub enum Severity {
    /// The scenario does not load.
    Error,
    /// The scenario loads; a customer may meet something odd.
    Warning,
    /// Worth knowing.
    Info,
}

/// One text in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Bilingual {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// One finding about a scenario document.
///
/// The code is the one of the table of checks (`R2`, `I7`, …) and never changes its meaning. The texts name
/// ids and words of the document, which its author wrote; they never hold anything of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which check found it.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where: a JSON pointer (RFC 6901) into the document, empty for the whole of it.
    pub pointer: String,
    /// What is wrong.
    pub message: Bilingual,
    /// How to repair it.
    pub hint: String,
}

impl Diagnostic {
    fn new(
        code: &'static str,
        severity: Severity,
        pointer: String,
        (ko, en): (String, String),
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            pointer,
            message: Bilingual { ko, en },
            hint: hint.into(),
        }
    }

    pub(crate) fn of(
        code: &'static str,
        severity: Severity,
        pointer: impl fmt::Display,
        ko: impl Into<String>,
        en: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let texts = (ko.into(), en.into());
        Self::new(code, severity, pointer.to_string(), texts, hint)
    }

    pub(crate) fn error(
        code: &'static str,
        pointer: impl fmt::Display,
        ko: impl Into<String>,
        en: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let texts = (ko.into(), en.into());
        Self::new(code, Severity::Error, pointer.to_string(), texts, hint)
    }

    pub(crate) fn warning(
        code: &'static str,
        pointer: impl fmt::Display,
        ko: impl Into<String>,
        en: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let texts = (ko.into(), en.into());
        Self::new(code, Severity::Warning, pointer.to_string(), texts, hint)
    }

    pub(crate) fn info(
        code: &'static str,
        pointer: impl fmt::Display,
        ko: impl Into<String>,
        en: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let texts = (ko.into(), en.into());
        Self::new(code, Severity::Info, pointer.to_string(), texts, hint)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.pointer, self.message.en)
    }
}

/// Why a document was refused: everything that was found, in the order of the document's checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) const fn new(found: Vec<Diagnostic>) -> Self {
        Self(found)
    }

    /// The findings; at least one of them is an error.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.0
    }

    /// The findings.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }

    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "scenario.refused"
    }

    /// Whether a finding has this code.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|found| found.code == code)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.0.iter().filter(|d| d.severity == Severity::Error);
        write!(f, "scenario was refused. errors=`{}`", errors.count())?;
        match self.0.iter().find(|d| d.severity == Severity::Error) {
            Some(first) => write!(f, " first=`{first}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostics {}

/// A step of a JSON pointer, escaped as RFC 6901 asks when it is written out.
#[derive(Clone, Copy)]
pub(crate) struct Escaped<'s>(&'s str);

pub(crate) const fn escape(step: &str) -> Escaped<'_> {
    Escaped(step)
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(['~', '/']) {
            if let Some(plain) = part.strip_suffix('~') {
                write!(f, "{plain}~0")?;
            } else if let Some(plain) = part.strip_suffix('/') {
                write!(f, "{plain}~1")?;
            } else {
                f.write_str(part)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_first_error() {
        let refused = Diagnostics::new(vec![
            Diagnostic::warning("G1", "/nodes/a", "가", "a", "h"),
            Diagnostic::error("R2", "/nodes/b/to", "나", "no such node", "h"),
        ]);
        assert_eq!(
            refused.to_string(),
            "scenario was refused. errors=`1` first=`R2 /nodes/b/to: no such node`"
        );
        assert_eq!(refused.code(), "scenario.refused");
        assert!(refused.has("G1") && !refused.has("G2"));
        let json = serde_json::to_string(&refused.as_slice()[1]).unwrap();
        assert_eq!(
            json,
            r#"{"code":"R2","severity":"error","pointer":"/nodes/b/to","message":{"ko":"나","en":"no such node"},"hint":"h"}"#
        );
        for (step, written) in [("a/b~c", "a~1b~0c"), ("~/", "~0~1"), ("가", "가"), ("", "")] {
            assert_eq!(escape(step).to_string(), written);
        }
    }
}
