//! The source of the crates that take time, settings and chance as arguments.

use std::collections::BTreeSet;

use super::listed;
use super::paths::paths;
use super::rules::{Rule, broken_by_path, broken_by_word};
use crate::lexer::{Kind, Token, shipping, tokens};
use crate::report::{Failure, Finding};
use crate::workspace::Workspace;

const EXCEPTIONS: &str = "xtask/purity-exceptions.txt";

/// The folders that are read, and the rules that do not hold in them.
const FOLDERS: [(&str, &[Rule]); 8] = [
    ("happytalk-core/src", &[]),
    ("happytalk-scenario/src", &[]),
    ("happytalk-routing/src", &[]),
    ("happytalk-sqi/src", &[]),
    ("happytalk-billing/src", &[]),
    // The assembly's shell awaits its ports; the desk inside it does not: see `rules_lifted`.
    ("happytalk/src", &[Rule::Await]),
    // Adapters bring reqwest by a feature, await the transport, and read whatever number a platform writes.
    ("happytalk-kakao/src", ADAPTER_LIFTED),
    ("happytalk-naver/src", ADAPTER_LIFTED),
];

const ADAPTER_LIFTED: &[Rule] = &[Rule::Await, Rule::Float, Rule::Runtime];

fn rules_lifted(file: &str, folder: &'static [Rule]) -> &'static [Rule] {
    let is_desk = file == "happytalk/src/desk.rs" || file.starts_with("happytalk/src/desk/");
    if is_desk { &[] } else { folder }
}

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut exceptions = Exceptions::parse(&workspace.read(EXCEPTIONS)?);
    let mut findings = Vec::new();
    for (folder, lifted) in FOLDERS {
        let files = workspace.rust_files(folder)?;
        if files.is_empty() {
            findings.push(Finding::new(
                folder,
                "there is no source to read; the list of folders is out of date",
            ));
        }
        let mut test_files = BTreeSet::new();
        let mut offences = Vec::new();
        for file in &files {
            let text = workspace.read(file)?;
            let all = tokens(&text);
            let shipping = shipping(&all);
            test_files.extend(
                shipping
                    .test_modules
                    .iter()
                    .map(|module| module_path(file, module)),
            );
            for offence in offences_of(&shipping.tokens) {
                if !rules_lifted(file, lifted).contains(&offence.rule) {
                    offences.push((file, offence));
                }
            }
        }
        for (file, offence) in offences {
            let is_test = test_files.iter().any(|test| is_at_or_below(file, test));
            if !is_test && !exceptions.covers(file, offence.rule) {
                findings.push(offence.finding(file));
            }
        }
    }
    findings.extend(exceptions.faults());
    Ok(findings)
}

/// Where `mod module;` in `file` stands: without the `.rs`, so that what is below it counts too.
fn module_path(file: &str, module: &str) -> String {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let folder = ["/lib", "/main"]
        .iter()
        .find_map(|root| stem.strip_suffix(root));
    format!("{}/{module}", folder.unwrap_or(stem))
}

fn is_at_or_below(file: &str, module: &str) -> bool {
    file.strip_prefix(module)
        .is_some_and(|tail| tail == ".rs" || tail.starts_with('/'))
}

/// A place where the source does what it may not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offence {
    rule: Rule,
    line: usize,
    what: String,
}

impl Offence {
    fn finding(&self, file: &str) -> Finding {
        let rule = self.rule;
        Finding::new(
            format!("{file}:{}", self.line),
            format!("`{}` ({}): {}", self.what, rule.name(), rule.why()),
        )
    }
}

fn offences_of(tokens: &[Token<'_>]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for path in paths(tokens) {
        offences.extend(broken_by_path(&path).map(|rule| Offence {
            rule,
            line: path.line,
            what: path.segments.join("::"),
        }));
    }
    let (mut before, mut before_that) = ("", "");
    for (at, token) in tokens.iter().enumerate() {
        let after = tokens.get(at + 1).map_or("", |next| next.text);
        let rule = match token.kind {
            Kind::Float => Some(Rule::Float),
            Kind::Word => broken_by_word(before, token.text, after),
            Kind::Integer | Kind::Literal | Kind::Lifetime | Kind::Punctuation => None,
        };
        // serde hands a float to any reader; `_: f64` is how one takes it and does not look.
        let is_unread = rule == Some(Rule::Float) && (before_that, before) == ("_", ":");
        (before_that, before) = (before, token.text);
        let Some(rule) = rule.filter(|_| !is_unread) else {
            continue;
        };
        let is_told = offences.iter().any(|told| {
            told.rule == rule
                && told.line == token.line
                && told.what.split("::").any(|part| part == token.text)
        });
        if !is_told {
            offences.push(Offence {
                rule,
                line: token.line,
                what: token.text.to_owned(),
            });
        }
    }
    offences
}

/// Files that may break a rule, each with a reason.
struct Exceptions {
    allowed: Vec<(String, String)>,
    used: BTreeSet<usize>,
    faults: Vec<Finding>,
}

impl Exceptions {
    fn parse(text: &str) -> Self {
        let mut allowed = Vec::new();
        let mut faults = Vec::new();
        for line in listed(text) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some(file), Some(rule), Some(_why)) => {
                    allowed.push((file.to_owned(), rule.to_owned()))
                }
                _ => faults.push(Finding::new(
                    EXCEPTIONS,
                    format!("a line is `FILE RULE why`. line=`{line}`"),
                )),
            }
        }
        Self {
            allowed,
            used: BTreeSet::new(),
            faults,
        }
    }

    fn covers(&mut self, file: &str, rule: Rule) -> bool {
        let at = self
            .allowed
            .iter()
            .position(|(allowed, name)| allowed == file && name == rule.name());
        self.used.extend(at);
        at.is_some()
    }

    /// Lines that were not understood, and lines that nothing needs.
    fn faults(self) -> Vec<Finding> {
        let unused = self
            .allowed
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.used.contains(at));
        let stale = unused.map(|(_, (file, rule))| {
            Finding::new(
                EXCEPTIONS,
                format!("`{file}` no longer needs `{rule}`; take its line out"),
            )
        });
        self.faults.iter().cloned().chain(stale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(Rule, usize, String)> {
        let all = tokens(source);
        let offences = offences_of(&shipping(&all).tokens);
        offences
            .into_iter()
            .map(|offence| (offence.rule, offence.line, offence.what))
            .collect()
    }

    fn rules(source: &str) -> Vec<Rule> {
        let mut rules: Vec<Rule> = found(source).into_iter().map(|(rule, _, _)| rule).collect();
        rules.sort();
        rules.dedup();
        rules
    }

    #[test]
    fn a_planted_clock_is_found_with_its_line() {
        let source = "fn decide() {\n    let at = std::time::SystemTime::now();\n}\n";
        assert_eq!(
            found(source),
            [(Rule::Clock, 2, "std::time::SystemTime::now".to_owned())]
        );
        let finding = offences_of(&tokens(source))[0].finding("happytalk-routing/src/lib.rs");
        assert_eq!(
            finding.to_string(),
            "happytalk-routing/src/lib.rs:2: `std::time::SystemTime::now` (clock): the time and the zone are arguments"
        );
    }

    #[test]
    fn clocks_are_found_however_they_are_spelled() {
        for source in [
            "use std::time::Instant;",
            "use std::{time::{Duration, Instant as Moment}, fmt};",
            "use core::time::{self, SystemTime};",
            "use std::time; fn f() { time::Instant::now() }",
            "fn f() { jiff::Zoned::now() }",
            "fn f() { <T as Source>::now() }",
            "fn f() { let read = Timestamp::now; read() }",
            "fn f() { TimeZone::system() }",
            "macro_rules! at { () => { ::std::time::Instant::now() } }",
        ] {
            assert_eq!(rules(source), [Rule::Clock], "{source}");
        }
    }

    #[test]
    fn every_way_out_has_its_rule() {
        for (source, rule) in [
            ("use std::env;", Rule::Environment),
            ("use std as s;", Rule::Environment),
            ("fn f() { std::env::var(\"HOME\") }", Rule::Environment),
            ("use std::{fmt, thread};", Rule::Thread),
            ("thread_local! { static X: u8 = 0; }", Rule::Thread),
            ("use std::net::TcpStream;", Rule::Socket),
            (
                "use std::net; fn f() { net::UdpSocket::bind(x) }",
                Rule::Socket,
            ),
            ("use std::fs::{self};", Rule::File),
            ("fn f() { std::process::exit(1) }", Rule::File),
            ("use std::io; fn f() { io::stdin() }", Rule::Stream),
            ("fn f() { println!(\"x\") }", Rule::Stream),
            ("fn f() -> u8 { rand::random() }", Rule::Random),
            ("use std::hash::RandomState;", Rule::Random),
            ("fn f() { tokio::spawn(async {}) }", Rule::Runtime),
            ("use reqwest::Client;", Rule::Runtime),
            ("use tokio;", Rule::Runtime),
            ("async fn f() { x().await }", Rule::Await),
            ("fn f(x: f64) {}", Rule::Float),
            ("fn f(_: u8) -> f64 {}", Rule::Float),
            ("const HALF: Ratio = ratio(0.5);", Rule::Float),
        ] {
            assert_eq!(rules(source), [rule], "{source}");
        }
    }

    #[test]
    fn ordinary_code_passes() {
        for source in [
            "/// Never `SystemTime::now`; a float such as 0.5 or tokio is for others.\nfn f(now: Timestamp) { g(now) }",
            "fn f() { \"std::env::var\"; self.now; env.now(); pair.0.1; 1..2 }",
            "use std::net::IpAddr; use std::time::Duration; use std::io::Write; use std::collections::BTreeMap;",
            "use crate::env; struct File; enum Kind { File, Process, Thread } fn f(rand: u64) { rand + 1 }",
            "use std::{fmt, io}; use std::sync::Arc;",
            "fn visit_f64<E>(self, _: f64) -> Result<Tree, E> { Err(Tree::Decimal) }",
            "fn is_now(now: &Timestamp) -> bool { x == now }",
            "#[cfg(test)] mod tests { fn f() { std::time::Instant::now(); } }",
        ] {
            assert_eq!(found(source), [], "{source}");
        }
    }

    #[test]
    fn what_follows_a_test_module_is_still_read() {
        let source = "#[cfg(test)] mod tests { use std::fs; }\nfn f() { std::fs::read(x) }";
        assert_eq!(found(source), [(Rule::File, 2, "std::fs::read".to_owned())]);
    }

    #[test]
    fn a_test_module_in_its_own_file_is_found_beside_its_parent() {
        assert_eq!(
            module_path("core/src/event.rs", "tests"),
            "core/src/event/tests"
        );
        assert_eq!(module_path("core/src/lib.rs", "tests"), "core/src/tests");
        assert!(is_at_or_below(
            "core/src/event/tests.rs",
            "core/src/event/tests"
        ));
        assert!(is_at_or_below(
            "core/src/event/tests/golden.rs",
            "core/src/event/tests"
        ));
        assert!(!is_at_or_below(
            "core/src/event/tests_of.rs",
            "core/src/event/tests"
        ));
    }

    #[test]
    fn the_desk_awaits_nothing_though_the_assembly_does() {
        let lifted = FOLDERS[5].1;
        assert_eq!(
            rules_lifted("happytalk/src/contact_center.rs", lifted),
            [Rule::Await]
        );
        assert_eq!(rules_lifted("happytalk/src/desk.rs", lifted), []);
        assert_eq!(rules_lifted("happytalk/src/desk/timer.rs", lifted), []);
    }

    #[test]
    fn an_exception_holds_for_its_file_and_rule_and_must_be_needed() {
        let mut exceptions = Exceptions::parse(
            "# why\na.rs float staffing formulas\nb.rs float drawing\nc.rs float\n",
        );
        assert!(exceptions.covers("a.rs", Rule::Float));
        assert!(!exceptions.covers("a.rs", Rule::Clock));
        assert!(!exceptions.covers("c.rs", Rule::Float));
        let faults: Vec<String> = exceptions
            .faults()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("c.rs float"), "{faults:?}");
        assert!(
            faults[1].contains("`b.rs` no longer needs `float`"),
            "{faults:?}"
        );
    }
}
