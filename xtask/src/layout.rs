//! How source is laid out: files of one subject, modules whose names say which.

use crate::lexer::{Kind, Token, tokens};
use crate::report::{Failure, Finding, conclude};
use crate::workspace::Workspace;

const FILE_LINES_MAX: usize = 600;

/// Names that say nothing about the room.
const NAMELESS: [&str; 9] = [
    "common", "helper", "helpers", "manager", "managers", "misc", "types", "util", "utils",
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut findings = Vec::new();
    for file in workspace.rust_files("")? {
        let text = workspace.read(&file)?;
        findings.extend(check(&file, &text));
    }
    conclude("layout of the source", findings)
}

fn check(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        findings.push(Finding::new(
            file,
            format!("{lines} lines, more than {FILE_LINES_MAX}: split it by subject"),
        ));
    }
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    for part in stem.split('/') {
        if NAMELESS.contains(&part) {
            findings.push(Finding::new(file, format!("`{part}` names no subject")));
        }
    }
    if stem.ends_with("/mod") {
        findings.push(Finding::new(
            file,
            "a module `foo` stands in `foo.rs`, not in `foo/mod.rs`",
        ));
    }
    for (name, line) in modules(&tokens(text)) {
        if NAMELESS.contains(&name) {
            findings.push(Finding::new(
                format!("{file}:{line}"),
                format!("`mod {name}` names no subject"),
            ));
        }
    }
    findings
}

fn modules<'t>(tokens: &[Token<'t>]) -> Vec<(&'t str, usize)> {
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    pairs
        .filter(|(keyword, name)| keyword.is("mod") && name.kind == Kind::Word)
        .map(|(_, name)| (name.text, name.line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Vec<String> {
        check(file, text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_has_six_hundred_lines_at_most() {
        assert_eq!(
            found("a/src/event.rs", &"\n".repeat(600)),
            Vec::<String>::new()
        );
        assert_eq!(
            found("a/src/event.rs", &"\n".repeat(601)),
            ["a/src/event.rs: 601 lines, more than 600: split it by subject"]
        );
    }

    #[test]
    fn a_name_that_names_no_subject_is_found_in_paths_and_in_source() {
        assert_eq!(
            found("a/src/util.rs", ""),
            ["a/src/util.rs: `util` names no subject"]
        );
        assert_eq!(
            found("a/src/common/id.rs", ""),
            ["a/src/common/id.rs: `common` names no subject"]
        );
        assert_eq!(
            found("a/src/lib.rs", "\nmod helpers {}"),
            ["a/src/lib.rs:2: `mod helpers` names no subject"]
        );
        assert_eq!(
            found("a/src/utility_bill.rs", "// mod util;\nmod types_of_stay;"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_mod_rs_is_found() {
        assert_eq!(found("a/src/wire/mod.rs", "").len(), 1);
        assert_eq!(found("a/src/wire.rs", ""), Vec::<String>::new());
    }
}
