//! Which of our crates may depend on which: everything points at core, nothing sideways; only the assembly knows several.

use crate::report::{Failure, Finding, conclude};
use crate::workspace::{Dependency, Package, Workspace};

/// What a crate of ours may know of the others.
enum Knows {
    /// Anything: nobody builds on it.
    Anything,
    /// `always` and nothing else, but for `behind_features`, which must be optional.
    Only {
        always: &'static [&'static str],
        behind_features: &'static [&'static str],
    },
}

const CORE: Knows = Knows::Only {
    always: &["happytalk-core"],
    behind_features: &[],
};

const ARROWS: [(&str, Knows); 12] = [
    (
        "happytalk-core",
        Knows::Only {
            always: &[],
            behind_features: &[],
        },
    ),
    ("happytalk-scenario", CORE),
    ("happytalk-routing", CORE),
    ("happytalk-sqi", CORE),
    ("happytalk-billing", CORE),
    ("happytalk-kakao", CORE),
    ("happytalk-naver", CORE),
    (
        "happytalk",
        Knows::Only {
            always: &[
                "happytalk-billing",
                "happytalk-core",
                "happytalk-routing",
                "happytalk-scenario",
            ],
            behind_features: &["happytalk-kakao", "happytalk-naver", "happytalk-sqi"],
        },
    ),
    ("happytalk-cli", Knows::Anything),
    ("happytalk-examples", Knows::Anything),
    ("happytalk-tests", Knows::Anything),
    ("xtask", Knows::Anything),
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    conclude("arrows between the crates", check(&workspace.packages))
}

fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, _) in &ARROWS {
        if packages.iter().all(|package| package.name != *name) {
            findings.push(Finding::new(*name, "is not in the workspace"));
        }
    }
    for package in packages {
        let name = package.name.as_str();
        let ours = |dependency: &&Dependency| {
            packages
                .iter()
                .any(|package| package.name == dependency.name)
        };
        for dependency in package.dependencies.iter().filter(ours) {
            let to = dependency.name.as_str();
            let is_published = packages
                .iter()
                .any(|package| package.name == to && package.is_published());
            if package.is_published() && !is_published {
                findings.push(Finding::new(
                    name,
                    format!("is published and depends on `{to}`, which is not"),
                ));
            }
        }
        let Some((_, knows)) = ARROWS.iter().find(|(listed, _)| *listed == name) else {
            findings.push(Finding::new(
                name,
                "has no line in `xtask/src/arrows.rs`: say what it may know",
            ));
            continue;
        };
        if let Knows::Only {
            always,
            behind_features,
        } = knows
        {
            for dependency in package.dependencies.iter().filter(ours) {
                findings.extend(fault(name, dependency, always, behind_features));
            }
        }
    }
    findings
}

fn fault(
    name: &str,
    dependency: &Dependency,
    always: &[&str],
    behind_features: &[&str],
) -> Option<Finding> {
    let to = dependency.name.as_str();
    // A crate may name itself among its dev-dependencies, to test with a feature of its own.
    if always.contains(&to) || to == name {
        return None;
    }
    if !behind_features.contains(&to) {
        return Some(Finding::new(
            name,
            format!("may not know `{to}`: move what both need into happytalk-core"),
        ));
    }
    let is_optional = dependency.optional || dependency.kind.as_deref() == Some("dev");
    (!is_optional).then(|| {
        Finding::new(
            name,
            format!("`{to}` must be optional, behind the feature of that name"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The real table as metadata, with `extra` dependencies given to `package`.
    fn findings_with(package: &str, extra: &str) -> Vec<String> {
        let packages: Vec<String> = ARROWS
            .iter()
            .map(|(name, _)| {
                let publish = if matches!(*name, "happytalk-examples" | "happytalk-tests" | "xtask") { "[]" } else { "null" };
                let dependencies = if *name == package { extra } else { "" };
                format!(
                    r#"{{"name":"{name}","manifest_path":"/w/{name}/Cargo.toml","publish":{publish},"features":{{}},"targets":[],"dependencies":[{dependencies}]}}"#
                )
            })
            .collect();
        let packages: Vec<Package> =
            serde_json::from_str(&format!("[{}]", packages.join(","))).unwrap();
        check(&packages).iter().map(ToString::to_string).collect()
    }

    fn on(name: &str, kind: &str, optional: bool) -> String {
        format!(r#"{{"name":"{name}","kind":{kind},"optional":{optional}}}"#)
    }

    #[test]
    fn an_arrow_to_core_is_fine_for_all_but_core() {
        for package in [
            "happytalk-scenario",
            "happytalk-kakao",
            "happytalk",
            "happytalk-cli",
        ] {
            assert_eq!(
                findings_with(package, &on("happytalk-core", "null", false)),
                Vec::<String>::new()
            );
        }
    }

    #[test]
    fn an_arrow_sideways_is_found_also_among_dev_dependencies() {
        for kind in ["null", "\"dev\"", "\"build\""] {
            let found = findings_with("happytalk-sqi", &on("happytalk-routing", kind, false));
            assert_eq!(
                found,
                [
                    "happytalk-sqi: may not know `happytalk-routing`: move what both need into happytalk-core"
                ]
            );
        }
        assert_eq!(
            findings_with("happytalk-core", &on("happytalk-billing", "null", false)).len(),
            1
        );
        assert_eq!(
            findings_with("happytalk", &on("happytalk-cli", "null", false)).len(),
            1
        );
    }

    #[test]
    fn the_assembly_has_adapters_behind_features_only() {
        assert_eq!(
            findings_with("happytalk", &on("happytalk-kakao", "null", true)),
            Vec::<String>::new()
        );
        assert_eq!(
            findings_with("happytalk", &on("happytalk-kakao", "\"dev\"", false)),
            Vec::<String>::new()
        );
        let found = findings_with("happytalk", &on("happytalk-kakao", "null", false));
        assert_eq!(
            found,
            ["happytalk: `happytalk-kakao` must be optional, behind the feature of that name"]
        );
    }

    #[test]
    fn what_is_published_rests_on_what_is_published() {
        let found = findings_with("happytalk-cli", &on("happytalk-tests", "\"dev\"", false));
        assert_eq!(
            found,
            ["happytalk-cli: is published and depends on `happytalk-tests`, which is not"]
        );
    }

    #[test]
    fn a_crate_without_a_line_and_a_line_without_a_crate_are_found() {
        let stranger = r#"[{"name":"happytalk-webchat","manifest_path":"/w/x/Cargo.toml","publish":null,"features":{},"targets":[],"dependencies":[]}]"#;
        let packages: Vec<Package> = serde_json::from_str(stranger).unwrap();
        let found = check(&packages);
        assert_eq!(found.len(), ARROWS.len() + 1);
        assert!(
            found
                .iter()
                .any(|finding| finding.place == "happytalk-webchat")
        );
    }
}
