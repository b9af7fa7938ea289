//! What a check finds, and how a chore fails.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// One thing that a check objects to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// A crate, a file, or a file and a line.
    pub(crate) place: String,
    /// What is wrong there and what to do about it.
    pub(crate) fault: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, fault: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            fault: fault.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

/// Why a chore stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{check}: {}", counted(*.findings))]
    Findings {
        check: &'static str,
        findings: usize,
    },
    #[error("`{command}` failed: {status}")]
    Command { command: String, status: ExitStatus },
    #[error("`{command}` could not be started: {source}")]
    Start { command: String, source: io::Error },
    #[error("`{command}` printed nothing")]
    Silent { command: String },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("`cargo metadata` was not understood: {0}")]
    Metadata(#[from] serde_json::Error),
}

fn counted(findings: usize) -> String {
    match findings {
        1 => "1 finding".to_owned(),
        more => format!("{more} findings"),
    }
}

/// Prints what `check` found, in order; an empty list is a pass.
pub(crate) fn conclude(check: &'static str, mut findings: Vec<Finding>) -> Result<(), Failure> {
    findings.sort();
    findings.dedup();
    for finding in &findings {
        eprintln!("  {finding}");
    }
    if findings.is_empty() {
        println!("  {check}: fine");
        Ok(())
    } else {
        Err(Failure::Findings {
            check,
            findings: findings.len(),
        })
    }
}
