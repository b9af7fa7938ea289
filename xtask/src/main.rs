//! The project's chores: `cargo xtask ci` is the gate that every change passes; the other commands are parts of it.

mod arrows;
mod fuzz_targets;
mod gate;
mod gen_log;
mod layout;
mod lexer;
mod origins;
mod purity;
mod report;
mod workspace;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use report::Failure;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  ci [--without-tests]  the whole gate; `--without-tests` where `cargo test --workspace` ran just before
  purity                crates and source that may do no I/O, read no clock and draw no random number
  arrows                which of our crates may depend on which
  layout                lengths of files, names of modules, fuzz targets
  sources               doc comments that rest on `Observed:` or `Assumed:` rather than on a source
  gen-log [--conversations N] [--seed S] [--days D] [--agents A]
          a log of that many conversations on standard output, in the order of time; the same for the same seed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["ci"] => with_workspace(|workspace| gate::run(workspace, gate::Tests::Run)),
        ["ci", "--without-tests"] => {
            with_workspace(|workspace| gate::run(workspace, gate::Tests::Skip))
        }
        ["purity"] => with_workspace(purity::run),
        ["arrows"] => with_workspace(arrows::run),
        ["layout"] => with_workspace(|workspace| {
            layout::run(workspace)?;
            fuzz_targets::run(workspace)
        }),
        ["sources"] => with_workspace(origins::run),
        ["gen-log", wishes @ ..] => match gen_log::wish(wishes) {
            Some(wish) => generated(&wish),
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a log to standard output; whoever read enough of it may go.
fn generated(wish: &gen_log::Wish) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = gen_log::write(wish, &mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::File {
            path: "standard output".into(),
            source: error,
        }),
        _ => Ok(()),
    }
}

fn with_workspace(chore: impl FnOnce(&Workspace) -> Result<(), Failure>) -> Result<(), Failure> {
    chore(&Workspace::load()?)
}
