//! The crates in the trees of the pure crates, compared with `xtask/purity.txt`.

use std::collections::{BTreeMap, BTreeSet};

use super::listed;
use crate::report::{Failure, Finding};
use crate::workspace::{Workspace, text_of};

const LIST: &str = "xtask/purity.txt";

/// Runtimes, sockets, TLS and randomness: refused even when somebody lists them.
const NEVER: [&str; 26] = [
    "async-io",
    "async-std",
    "chrono",
    "fastrand",
    "getrandom",
    "h2",
    "hyper",
    "mio",
    "native-tls",
    "openssl",
    "polling",
    "quinn",
    "rand",
    "rand_core",
    "reqwest",
    "ring",
    "rustls",
    "schannel",
    "security-framework",
    "smol",
    "socket2",
    "tokio",
    "tower",
    "ureq",
    "uuid",
    "webpki-roots",
];
const NEVER_PREFIXES: [&str; 7] = [
    "async-std-",
    "aws-lc",
    "hyper-",
    "openssl-",
    "rand_",
    "rustls-",
    "tokio-",
];

/// The platforms that `deny.toml` names: a crate that only another machine compiles is in the tree all the same.
const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Nothing but the list.
    Listed,
    /// Anything but a runtime, a socket, TLS or randomness.
    NoRuntime,
}

/// The engines are asked with all their features, so that a feature of theirs cannot be impure either.
const TREES: [(&str, &str, Rule); 8] = [
    ("happytalk-core", "--no-default-features", Rule::Listed),
    ("happytalk-scenario", "--all-features", Rule::Listed),
    ("happytalk-routing", "--all-features", Rule::Listed),
    ("happytalk-sqi", "--all-features", Rule::Listed),
    ("happytalk-billing", "--all-features", Rule::Listed),
    ("happytalk", "--features=default", Rule::NoRuntime),
    ("happytalk-kakao", "--no-default-features", Rule::NoRuntime),
    ("happytalk-naver", "--no-default-features", Rule::NoRuntime),
];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut trees = Vec::new();
    for (package, features, rule) in TREES {
        let mut command = workspace.cargo([
            "tree", "--quiet", "-e", "normal", "--prefix", "none", "--format", "{p}",
        ]);
        command.args(["-p", package, features]);
        for target in TARGETS {
            command.args(["--target", target]);
        }
        trees.push((package, rule, text_of(&mut command)?));
    }
    let list = List::parse(&workspace.read(LIST)?);
    Ok(list.compare(&trees))
}

struct List {
    allowed: BTreeSet<String>,
    faults: Vec<Finding>,
}

impl List {
    fn parse(text: &str) -> Self {
        let mut allowed = BTreeSet::new();
        let mut faults = Vec::new();
        for line in listed(text) {
            let (name, why) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if why.trim().is_empty() {
                faults.push(Finding::new(
                    LIST,
                    format!("`{name}` is listed without a word of why"),
                ));
            }
            if !allowed.insert(name.to_owned()) {
                faults.push(Finding::new(LIST, format!("`{name}` is listed twice")));
            }
        }
        Self { allowed, faults }
    }

    fn compare(&self, trees: &[(&str, Rule, String)]) -> Vec<Finding> {
        let mut findings = self.faults.clone();
        let mut unused: BTreeSet<&str> = self.allowed.iter().map(String::as_str).collect();
        for (package, rule, tree) in trees {
            let names = names(tree);
            if !names.contains_key(package) {
                findings.push(Finding::new(
                    *package,
                    "its tree does not hold the crate itself: was anything read?",
                ));
            }
            for (name, shown) in names {
                if is_never(name) {
                    findings.push(Finding::new(
                        *package,
                        format!("`{shown}` must never be in a pure tree; ask `cargo tree -e normal -p {package} -i {name}`"),
                    ));
                } else if *rule == Rule::Listed && name != *package {
                    unused.remove(name);
                    if !self.allowed.contains(name) {
                        let fault = format!(
                            "`{shown}` is not in {LIST}; drop it, or add its name and a line of why"
                        );
                        findings.push(Finding::new(*package, fault));
                    }
                }
            }
        }
        let stale = |name| {
            Finding::new(
                LIST,
                format!("`{name}` is listed but in no tree; take its line out"),
            )
        };
        findings.extend(unused.into_iter().map(stale));
        findings
    }
}

/// The crates that `cargo tree --prefix none --format {p}` prints: name, then name and version.
fn names(tree: &str) -> BTreeMap<&str, String> {
    let mut names = BTreeMap::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        if let Some(name) = words.next() {
            let version = words.next().unwrap_or_default();
            names.insert(name, format!("{name} {version}"));
        }
    }
    names
}

fn is_never(name: &str) -> bool {
    NEVER.contains(&name) || NEVER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTING: &str = "happytalk-routing v0.1.0 (/somewhere/happytalk-routing)\nserde v1.0.229\nserde_derive v1.0.229 (proc-macro)\nserde v1.0.229 (*)\n";

    fn compared(list: &str, rule: Rule, tree: &str) -> Vec<String> {
        let findings = List::parse(list).compare(&[("happytalk-routing", rule, tree.to_owned())]);
        findings.iter().map(ToString::to_string).collect()
    }

    const LISTED: &str = "# comment\n\nserde  events are JSON\nserde_derive  of serde\n";

    #[test]
    fn a_tree_of_listed_crates_passes() {
        assert_eq!(
            compared(LISTED, Rule::Listed, ROUTING),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_unknown_crate_is_named() {
        let tree = format!("{ROUTING}left-pad v1.2.3\n");
        let found = compared(LISTED, Rule::Listed, &tree);
        assert_eq!(
            found,
            [
                "happytalk-routing: `left-pad v1.2.3` is not in xtask/purity.txt; drop it, or add its name and a line of why"
            ]
        );
        assert_eq!(compared("", Rule::NoRuntime, &tree), Vec::<String>::new());
    }

    #[test]
    fn tokio_is_refused_even_when_it_is_listed() {
        let tree = format!("{ROUTING}tokio v1.54.1\n");
        for (list, rule) in [(LISTED, Rule::Listed), ("", Rule::NoRuntime)] {
            let found = compared(list, rule, &tree);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(
                found[0]
                    .starts_with("happytalk-routing: `tokio v1.54.1` must never be in a pure tree"),
                "{found:?}"
            );
        }
        let found = compared(&format!("{LISTED}tokio  please\n"), Rule::Listed, &tree);
        assert!(
            found.iter().any(|finding| finding.contains("must never")),
            "{found:?}"
        );
    }

    #[test]
    fn the_families_of_tls_and_runtimes_are_refused() {
        for name in [
            "reqwest",
            "rustls",
            "ring",
            "aws-lc-rs",
            "aws-lc-sys",
            "hyper-util",
            "openssl-sys",
            "native-tls",
        ] {
            let found = compared("", Rule::NoRuntime, &format!("{ROUTING}{name} v1.0.0\n"));
            assert_eq!(found.len(), 1, "{name}: {found:?}");
        }
        assert!(
            !is_never("ringbuffer") && !is_never("random-names") && !is_never("happytalk-core")
        );
    }

    #[test]
    fn a_line_without_a_why_or_twice_or_of_no_use_is_a_finding() {
        let found = compared(
            "serde\nserde_derive of serde\nserde_derive of serde\nsyn of serde_derive\n",
            Rule::Listed,
            ROUTING,
        );
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found
                .iter()
                .any(|finding| finding.contains("`serde` is listed without a word of why"))
        );
        assert!(
            found
                .iter()
                .any(|finding| finding.contains("`serde_derive` is listed twice"))
        );
        assert!(
            found
                .iter()
                .any(|finding| finding.contains("`syn` is listed but in no tree"))
        );
    }

    #[test]
    fn an_empty_tree_is_not_a_pure_one() {
        let found = compared("", Rule::Listed, "");
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
