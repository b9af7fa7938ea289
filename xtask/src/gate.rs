//! `cargo xtask ci`: the gate, step by step; the first step that fails ends it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::report::Failure;
use crate::workspace::{Package, Workspace, run as succeed, spelled};
use crate::{arrows, fuzz_targets, layout, purity};

/// Whether the gate runs the tests itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    Run,
    /// `cargo test --workspace` passed just before.
    Skip,
}

/// Quick checks come first, so that a slip is told in seconds.
pub(crate) fn run(workspace: &Workspace, tests: Tests) -> Result<(), Failure> {
    heading("format");
    succeed(&mut workspace.cargo(["fmt", "--all", "--check"]))?;
    succeed(&mut workspace.cargo(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;

    heading("layout, fuzz targets, arrows");
    layout::run(workspace)?;
    fuzz_targets::run(workspace)?;
    arrows::run(workspace)?;

    heading("purity");
    purity::run(workspace)?;

    heading("clippy");
    clippy(workspace)?;

    heading("tests");
    match tests {
        Tests::Run => succeed(&mut workspace.cargo(["test", "--workspace"]))?,
        Tests::Skip => println!("  passed before the gate"),
    }

    heading("docs");
    let mut docs = workspace.cargo([
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--all-features",
    ]);
    succeed(docs.env("RUSTDOCFLAGS", "-Dwarnings"))?;

    heading("examples");
    examples(workspace)?;

    heading("dependencies");
    dependencies(workspace)?;

    heading("passed");
    Ok(())
}

fn heading(step: &str) {
    println!("\n== {step}");
    // The step's own output must not overtake its heading where this is a pipe; a closed one is told by the step.
    let _ = io::stdout().flush();
}

/// Everything with the default and with all features; then each library as an integrator may take it: bare, and with
/// each feature alone. The latter without test targets, whose dependencies would switch on what is missing.
fn clippy(workspace: &Workspace) -> Result<(), Failure> {
    lint(workspace, &["--workspace", "--all-targets"])?;
    lint(
        workspace,
        &["--workspace", "--all-targets", "--all-features"],
    )?;
    let libraries = workspace
        .packages
        .iter()
        .filter(|package| package.is_published() && package.is_library());
    for package in libraries {
        lint(
            workspace,
            &["-p", &package.name, "--lib", "--no-default-features"],
        )?;
        for feature in alone(package) {
            lint(
                workspace,
                &[
                    "-p",
                    &package.name,
                    "--lib",
                    "--no-default-features",
                    "--features",
                    feature,
                ],
            )?;
        }
    }
    Ok(())
}

/// The features worth a look on their own. TLS is not: it adds to the transport's feature only what reqwest does, and
/// the workspace's default has it.
fn alone(package: &Package) -> impl Iterator<Item = &str> {
    package
        .feature_names()
        .filter(|feature| *feature != "rustls")
}

fn lint(workspace: &Workspace, selection: &[&str]) -> Result<(), Failure> {
    println!("  {}", selection.join(" "));
    let mut command = workspace.cargo(["clippy", "--quiet"]);
    command.args(selection).args(["--", "-D", "warnings"]);
    succeed(&mut command)
}

/// Where the quickstart writes its log, from the root.
const QUICKSTART_LOG: &str = "target/quickstart/log.jsonl";

/// Runs the main job as a newcomer would, then reads the log that it wrote at the prompt, as its README says one can.
fn examples(workspace: &Workspace) -> Result<(), Failure> {
    let log = workspace.root.join(QUICKSTART_LOG);
    match fs::remove_file(&log) {
        // What an earlier run wrote must not stand in for this one.
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Failure::File {
                path: log,
                source: error,
            });
        }
        _ => {}
    }
    play(workspace, "quickstart", &["--bin", "quickstart"])?;
    for figures in ["sqi", "bill"] {
        play(
            workspace,
            figures,
            &["--bin", "happytalk", "--", figures, QUICKSTART_LOG],
        )?;
    }
    Ok(())
}

/// Runs one of our programs to success; what it prints is kept under `target/xtask`, and shown when it fails.
fn play(workspace: &Workspace, name: &str, program: &[&str]) -> Result<(), Failure> {
    let folder = workspace.target_directory.join("xtask");
    let path = folder.join(format!("{name}.txt"));
    let unwritten = |source| Failure::File {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(&folder).map_err(unwritten)?;
    let output = File::create(&path).map_err(unwritten)?;
    let mut command = workspace.cargo(["run", "--quiet"]);
    let played = succeed(command.args(program).stdout(output));
    let printed = fs::read_to_string(&path).map_err(unwritten)?;
    if played.is_err() {
        println!("{printed}");
    }
    played?;
    if printed.trim().is_empty() {
        return Err(Failure::Silent {
            command: spelled(&command),
        });
    }
    println!("  {name}: {} lines", printed.lines().count());
    Ok(())
}

/// Bans, licences and sources of everything; then no crate twice and no banned feature in what is published, which a test's
/// dependency may have. Advisories need the network and run apart.
fn dependencies(workspace: &Workspace) -> Result<(), Failure> {
    let mut probe = Command::new("cargo");
    let probed = probe
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !probed.is_ok_and(|status| status.success()) {
        println!(
            "  cargo-deny is not installed: bans, licences and sources were NOT checked (cargo install cargo-deny)"
        );
        return Ok(());
    }
    succeed(&mut workspace.cargo([
        "deny",
        "--workspace",
        "check",
        "-A",
        "feature-banned",
        "bans",
        "licenses",
        "sources",
    ]))?;
    succeed(&mut workspace.cargo([
        "deny",
        "--workspace",
        "--exclude-dev",
        "--exclude-unpublished",
        "check",
        "-D",
        "duplicate",
        "bans",
    ]))
}
