//! `bill`: a log and a site file in, the statement out.

use std::io::Write;
use std::path::Path;

use happytalk_billing::{By, Error, Language, PriceBook, SiteLine, Statement};
use happytalk_core::time::{Date, Zone};

use crate::args::{Bill, BillFormat, Lang};
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
    let shape = Shape::of(args)?;
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
    let text = shape.text(&statement, args)?;
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Fine)
}

/// What is printed of a statement.
enum Shape {
    Entries { hashes: bool },
    By(Vec<By>),
    Tax(Date),
}

impl Shape {
    fn of(args: &Bill) -> Result<Self, Failure> {
        if let Some(words) = &args.by {
            let by = words.split(',').map(str::parse).collect::<Result<_, _>>();
            return by
                .map(Self::By)
                .map_err(|error: Error| Failure::usage(format!("bad value of `--by`: {error}")));
        }
        if let Some(month) = &args.tax {
            return format!("{month}-01")
                .parse()
                .map(Self::Tax)
                .map_err(|_| Failure::usage("bad value of `--tax`: not a month such as 2026-01"));
        }
        if args.hashes && args.format != BillFormat::Json {
            return Err(Failure::usage("`--hashes` is for `--format json`"));
        }
        Ok(Self::Entries {
            hashes: args.hashes,
        })
    }

    fn text(&self, statement: &Statement, args: &Bill) -> Result<String, Failure> {
        let language = match args.lang {
            Lang::Ko => Language::Korean,
            Lang::En => Language::English,
        };
        let mut text = match (self, args.format) {
            (Self::Entries { hashes: true }, _) => statement.to_json_with_hashes(),
            (Self::Entries { .. }, BillFormat::Json) => statement.to_json(),
            (Self::Entries { .. }, BillFormat::Csv) => statement.to_csv(),
            (Self::Entries { .. }, BillFormat::Table) => statement.to_table(language),
            (Self::By(by), format) => {
                let report = statement.by(by);
                match format {
                    BillFormat::Json => report.to_json(),
                    BillFormat::Csv => report.to_csv(),
                    BillFormat::Table => report.to_table(language),
                }
            }
            (Self::Tax(month), format) => {
                let document = statement.tax_document(*month);
                let document = document.map_err(|error| Failure::of("bill", said(&error)))?;
                match format {
                    BillFormat::Json => document.to_json(),
                    BillFormat::Csv => document.to_csv(),
                    BillFormat::Table => document.to_table(language),
                }
            }
        };
        if args.format == BillFormat::Json {
            text.push('\n');
        }
        Ok(text)
    }
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
