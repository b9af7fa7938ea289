//! The `happytalk` command: the crates at a shell prompt.

mod args;
mod bill;
mod calendar;
mod decode;
mod encode;
mod explain;
mod failure;
mod hours;
mod instant;
mod log;
mod papers;
mod progress;
mod route;
mod scenario;
mod source;
mod sqi;
mod table;
mod transcript;
mod usage;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use crate::args::Command;
use crate::failure::{Failure, Outcome};

fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let ended = run(std::env::args_os(), &mut out);
    // What was good before a fault comes out before the fault is told.
    let flushed = out.flush().map_err(Failure::Output);
    let read_enough = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let flushed = match flushed {
        // Whoever read our output has read enough; what was found stays found.
        Err(Failure::Output(error)) if read_enough(&error) => Ok(()),
        flushed => flushed,
    };
    match ended.and_then(|outcome| flushed.map(|()| outcome)) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(Failure::Output(error)) if read_enough(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            // With nowhere left to tell it, the exit code has to do.
            let _ = writeln!(io::stderr(), "{}", failure.line());
            ExitCode::from(2)
        }
    }
}

fn run(args: impl Iterator<Item = OsString>, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match usage::parse(args)? {
        usage::Parsed::Told(text) => {
            out.write_all(text.as_bytes())?;
            Ok(Outcome::Fine)
        }
        usage::Parsed::Asked(Command::Decode(args)) => decode::run(&args, out),
        usage::Parsed::Asked(Command::Encode(args)) => encode::run(&args, out),
        usage::Parsed::Asked(Command::Scenario(args)) => scenario::run(&args, out),
        usage::Parsed::Asked(Command::Route(args)) => route::run(&args, out),
        usage::Parsed::Asked(Command::Sqi(args)) => sqi::run(&args, out),
        usage::Parsed::Asked(Command::Explain(args)) => explain::run(&args, out),
        usage::Parsed::Asked(Command::Bill(args)) => bill::run(&args, out),
        usage::Parsed::Asked(Command::Hours(args)) => hours::run(&args, out),
        usage::Parsed::Asked(Command::Transcript(args)) => transcript::run(&args, out),
    }
}
