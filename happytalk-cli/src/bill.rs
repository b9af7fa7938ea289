//! `bill`: a log and a site file in, the statement out.

use std::io::Write;
use std::path::Path;

use happytalk_billing::{Error, Language, PriceBook, SiteLine};
use happytalk_core::time::Zone;

use crate::args::{Bill, Format, Lang};
use crate::failure::{Failure, Outcome, Place};
use crate::instant::instant;
use crate::log::{self, Numbered};
use crate::papers::{Papers, said};
use crate::source::{Source, is_stdin};

/// The longest price book, in bytes: 4 MiB.
const BOOK_BYTES_MAX: usize = 4 << 20;
/// The longest site file, in bytes: 1 GiB.
const SITE_BYTES_MAX: usize = 1 << 30;

pub(crate) fn run(args: &Bill, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let inputs = [Some(&args.log), args.site.as_ref(), args.prices.as_ref()];
    if inputs
        .iter()
        .flatten()
        .filter(|path| is_stdin(path))
        .count()
        > 1
    {
        return Err(Failure::usage(
            "standard input can be read once: `-` stands twice",
        ));
    }
    let zone = Zone::named(&args.zone)
        .map_err(|error| Failure::usage(format!("bad value of `--zone`: {error}")))?;
    let at = args
        .at
        .as_deref()
        .map(|text| instant("--at", text))
        .transpose()?;
    let book = match &args.prices {
        Some(path) => read_book(path)?,
        None => PriceBook::shipped(),
    };
    let (site_name, site) = match &args.site {
        Some(path) => read_site(path)?,
        None => Default::default(),
    };
    let (log_name, log) = log::read(Source::open(&args.log)?)?;
    check_commands(&log_name, &log)?;
    let papers = Papers {
        zone,
        log_name,
        log,
        site_name,
        site,
        book,
        at,
    };
    let statement = papers.bill()?;
    match args.format {
        Format::Json => writeln!(out, "{}", statement.to_json())?,
        Format::Table => {
            let language = match args.lang {
                Lang::Ko => Language::Korean,
                Lang::En => Language::English,
            };
            out.write_all(statement.to_table(language).as_bytes())?;
        }
    }
    Ok(Outcome::Fine)
}

fn read_book(path: &Path) -> Result<PriceBook, Failure> {
    let (name, text) = Source::open(path)?.text(BOOK_BYTES_MAX)?;
    PriceBook::parse(&text).map_err(|error| match &error {
        Error::Book(fault) => Failure::json(&name, fault),
        _ => Failure::of(&name, said(&error)),
    })
}

type Site = (String, Vec<(u64, SiteLine)>);

fn read_site(path: &Path) -> Result<Site, Failure> {
    let (name, text) = Source::open(path)?.text(SITE_BYTES_MAX)?;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let command =
            SiteLine::parse(line).map_err(|error| command_fault(&name, number, &error))?;
        lines.push((number, command));
    }
    Ok((name, lines))
}

/// Reads the ledger's commands in the log's site stream, so that a faulty one is told with its place.
fn check_commands(name: &str, log: &[Numbered]) -> Result<(), Failure> {
    for one in log {
        SiteLine::from_log(&one.line).map_err(|error| command_fault(name, one.number, &error))?;
    }
    Ok(())
}

fn command_fault(name: &str, line: u64, error: &Error) -> Failure {
    match error {
        Error::Json(fault) => Failure::at(name, Place::new(line, fault.column()), fault.reason()),
        other => Failure::at(name, Place::new(line, 1), said(other)),
    }
}
