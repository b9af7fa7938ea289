//! The fuzz targets against the functions they wrap: the gate does not compile `fuzz/`, which wants nightly.

use std::collections::BTreeSet;

use crate::lexer::{Token, tokens};
use crate::report::{Failure, Finding, conclude};
use crate::workspace::Workspace;

const TARGETS: &str = "fuzz/fuzz_targets";
const MANIFEST: &str = "fuzz/Cargo.toml";
const BODIES: &str = "tests/src/fuzz.rs";
const BODIES_BY_SUBJECT: &str = "tests/src/fuzz";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let files = workspace.rust_files(TARGETS)?;
    let targets = files.iter().filter_map(|file| {
        file.strip_prefix(TARGETS)?
            .strip_prefix('/')?
            .strip_suffix(".rs")
    });
    let mut bodies = workspace.read(BODIES)?;
    for file in workspace.rust_files(BODIES_BY_SUBJECT)? {
        bodies.push('\n');
        bodies.push_str(&workspace.read(&file)?);
    }
    let manifest = workspace.read(MANIFEST)?;
    conclude("fuzz targets", check(targets, &tokens(&bodies), &manifest))
}

fn check<'t>(
    targets: impl Iterator<Item = &'t str>,
    bodies: &[Token<'_>],
    manifest: &str,
) -> Vec<Finding> {
    let targets: BTreeSet<&str> = targets.collect();
    let functions = public_functions(bodies);
    let named = |name: &str| {
        manifest
            .lines()
            .any(|line| line == format!("name = \"{name}\""))
    };
    let mut findings = Vec::new();
    for target in &targets {
        if !functions.contains(target) {
            findings.push(Finding::new(
                format!("{TARGETS}/{target}.rs"),
                format!("{BODIES} has no `pub fn {target}`"),
            ));
        }
        if !named(target) {
            findings.push(Finding::new(
                MANIFEST,
                format!("has no `[[bin]]` for {TARGETS}/{target}.rs"),
            ));
        }
    }
    for function in functions.difference(&targets) {
        findings.push(Finding::new(
            BODIES,
            format!("`{function}` has no target in {TARGETS}"),
        ));
    }
    findings
}

fn public_functions<'t>(tokens: &[Token<'t>]) -> BTreeSet<&'t str> {
    let spelled = |window: &[Token<'t>]| match window {
        [public, function, name] if public.is("pub") && function.is("fn") => Some(name.text),
        _ => None,
    };
    tokens.windows(3).filter_map(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST_OF_ONE: &str = "[[bin]]\nname = \"log_line\"\n";

    #[test]
    fn a_target_its_body_and_its_manifest_entry_go_together() {
        let bodies = tokens("/// Reads.\npub fn log_line(data: &[u8]) {} fn reading() {}");
        let none: Vec<Finding> = Vec::new();
        assert_eq!(
            check(["log_line"].into_iter(), &bodies, MANIFEST_OF_ONE),
            none
        );
    }

    #[test]
    fn whichever_is_missing_is_named() {
        let bodies = tokens("pub fn log_line(data: &[u8]) {}");
        let no_body = check(["log_line"].into_iter(), &[], MANIFEST_OF_ONE);
        assert_eq!(
            no_body[0].to_string(),
            "fuzz/fuzz_targets/log_line.rs: tests/src/fuzz.rs has no `pub fn log_line`"
        );
        let no_entry = check(["log_line"].into_iter(), &bodies, "");
        assert_eq!(
            no_entry[0].to_string(),
            "fuzz/Cargo.toml: has no `[[bin]]` for fuzz/fuzz_targets/log_line.rs"
        );
        let no_target = check([].into_iter(), &bodies, MANIFEST_OF_ONE);
        assert_eq!(
            no_target[0].to_string(),
            "tests/src/fuzz.rs: `log_line` has no target in fuzz/fuzz_targets"
        );
    }
}
