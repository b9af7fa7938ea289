//! `scenario fmt`: documents written the one way they are written.

use std::io::Write;

use happytalk_scenario::format;

use super::{read, write_text};
use crate::args::{Fmt, Lang};
use crate::failure::{Failure, Outcome};
use crate::source::is_stdin;

pub(crate) fn run(args: &Fmt, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if args.files.len() > 1 && !args.write && !args.check {
        return Err(Failure::usage(
            "several documents need --write or --check (see `happytalk scenario fmt --help`)",
        ));
    }
    let mut outcome = Outcome::Fine;
    for path in &args.files {
        let (name, text) = read(path)?;
        let written = match format(&text) {
            Ok(written) => written,
            Err(refused) => {
                write_text(&name, refused.as_slice(), Lang::Ko, false, out)?;
                outcome = Outcome::Found;
                continue;
            }
        };
        if args.check {
            if written != text {
                writeln!(out, "{name}")?;
                outcome = Outcome::Found;
            }
        } else if args.write && !is_stdin(path) {
            if written != text {
                std::fs::write(path, &written).map_err(|error| {
                    Failure::of(&name, format_args!("could not be written: {error}"))
                })?;
            }
        } else {
            out.write_all(written.as_bytes())?;
        }
    }
    Ok(outcome)
}
