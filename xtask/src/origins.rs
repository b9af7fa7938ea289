//! Facts about platforms that no published page backs: doc comments that say `Observed:` or `Assumed:`.
//!
//! The list is read before a release and whenever a platform can be asked.

use crate::report::Failure;
use crate::workspace::Workspace;

const MARKS: [&str; 2] = ["Observed:", "Assumed:"];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut counts = [0_usize; MARKS.len()];
    for package in workspace
        .packages
        .iter()
        .filter(|package| package.is_published())
    {
        for file in workspace.rust_files(package.folder(workspace))? {
            for claim in claims(&workspace.read(&file)?) {
                println!("{file}:{}: {}", claim.line, claim.text);
                for (mark, count) in MARKS.iter().zip(&mut counts) {
                    *count += usize::from(claim.text.starts_with(mark));
                }
            }
        }
    }
    let [observed, assumed] = counts;
    println!("{observed} observed, {assumed} assumed");
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
struct Claim {
    /// Counted from 1.
    line: usize,
    /// From the mark to the end of the paragraph.
    text: String,
}

fn claims(source: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut is_open = false;
    for (at, line) in source.lines().enumerate() {
        let Some(comment) = doc_comment(line) else {
            is_open = false;
            continue;
        };
        // A second mark, or the source of something else, ends the claim before it.
        let marks = MARKS.iter().filter_map(|mark| comment.find(mark));
        if let Some(start) = marks.min() {
            is_open = true;
            claims.push(Claim {
                line: at + 1,
                text: comment.get(start..).unwrap_or_default().to_owned(),
            });
        } else if comment.is_empty() || comment.starts_with("Source:") {
            is_open = false;
        } else if let Some(open) = claims.last_mut().filter(|_| is_open) {
            open.text.push(' ');
            open.text.push_str(comment);
        }
    }
    claims
}

/// What a `///` or `//!` line says.
fn doc_comment(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line
        .strip_prefix("///")
        .or_else(|| line.strip_prefix("//!"))?;
    Some(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Vec<(usize, String)> {
        claims(source)
            .into_iter()
            .map(|claim| (claim.line, claim.text))
            .collect()
    }

    #[test]
    fn a_claim_runs_to_the_end_of_its_paragraph() {
        let source =
            "/// Ends. Observed: the serial repeats\n/// after a day.\n///\n/// More.\nfn f() {}\n";
        assert_eq!(
            told(source),
            [(1, "Observed: the serial repeats after a day.".to_owned())]
        );
    }

    #[test]
    fn each_mark_is_a_claim_of_its_own_and_a_source_is_none() {
        let source = "//! Assumed: once.\n//! Observed: twice.\n//! Source: a page.\n//! More.\n";
        assert_eq!(
            told(source),
            [
                (1, "Assumed: once.".to_owned()),
                (2, "Observed: twice.".to_owned())
            ]
        );
    }

    #[test]
    fn only_doc_comments_make_claims() {
        assert_eq!(told("// Assumed: no.\nlet text = \"Observed: no\";\n"), []);
    }
}
