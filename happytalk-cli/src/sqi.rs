//! `sqi`: a log in, its quality figures out.

use std::io::Write;
use std::path::Path;

use happytalk_core::hours;
use happytalk_sqi::{Calendar, Clock, Comparison, Figures, Language, Options, Report, unpacked};

use crate::args::{Lang, Sqi, SqiFormat};
use crate::failure::{Failure, Outcome};
use crate::log::log_fault;
use crate::progress::Progress;
use crate::source::{Source, unread};
use crate::table::table;

pub(crate) fn run(args: &Sqi, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let options = options(args)?;
    let report = read(&args.log, &options)?;
    if let Some(before) = &args.against {
        let comparison = Comparison::of(&read(before, &options)?, &report);
        match args.format {
            SqiFormat::Json => writeln!(out, "{}", comparison.to_json())?,
            SqiFormat::Table => {
                writeln!(out, "{}", table(comparison.to_table(language(args.lang))))?
            }
            SqiFormat::Csv => {
                return Err(Failure::usage(
                    "bad value of `--format`: a comparison is a table or json",
                ));
            }
        }
        return Ok(Outcome::Fine);
    }
    match args.format {
        SqiFormat::Json => writeln!(out, "{}", report.to_json())?,
        SqiFormat::Table => write_table(&report, args.lang, out)?,
        SqiFormat::Csv => write!(out, "{}", report.to_csv(language(args.lang)))?,
    }
    Ok(Outcome::Fine)
}

pub(crate) const fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ko => Language::Korean,
        Lang::En => Language::English,
    }
}

/// The figures of the log at `path`.
fn read(path: &Path, options: &Options) -> Result<Report, Failure> {
    let mut progress = Progress::of(path);
    let Source { name, reader } = Source::open(path)?;
    let reader = unpacked(reader).map_err(|error| Failure::of(&name, unread(&error)))?;
    let mut figures = Figures::new(options.clone());
    let read = figures.read_watched(reader, |bytes| progress.at(bytes));
    progress.done();
    read.map_err(|error| log_fault(&name, &error))?;
    Ok(figures.report())
}

fn options(args: &Sqi) -> Result<Options, Failure> {
    let given = [
        ("by", &args.by),
        ("zone", &args.zone),
        ("clock", &args.clock),
        ("short-abandon", &args.short_abandon),
        ("quantiles", &args.quantiles),
        ("horizon", &args.horizon),
        ("service-level", &args.service_level),
    ];
    // A log at the prompt may be in any order of time, and hold any line twice.
    let mut options = Options::new().with_horizon(None);
    for (name, value) in given {
        if let Some(value) = value {
            options = options
                .with(name, value)
                .map_err(|error| Failure::usage(format!("bad value of `--{name}`: {error}")))?;
        }
    }
    if let Some(path) = &args.business {
        options = options.with_business(calendar(path)?);
    }
    options
        .check()
        .map_err(|error| Failure::usage(format!("bad value of `--by`: {error}")))?;
    Ok(options)
}

/// The working hours in a file, under the name of the file.
pub(crate) fn calendar(path: &Path) -> Result<Calendar, Failure> {
    let (name, text) = Source::open(path)?.text(hours::Calendar::BYTES_MAX)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    match hours::Calendar::read(&text) {
        Ok(calendar) => Ok(Calendar::of_site(&file, calendar)),
        Err(error) => match error.fault() {
            hours::CalendarFault::Json(fault) => Err(Failure::json(&name, fault)),
            _ => Err(Failure::of(&name, error)),
        },
    }
}

fn write_table(report: &Report, lang: Lang, out: &mut dyn Write) -> Result<(), Failure> {
    let (language, korean) = match lang {
        Lang::Ko => (Language::Korean, true),
        Lang::En => (Language::English, false),
    };
    let words = |ko: &'static str, en: &'static str| if korean { ko } else { en };
    let clock = match report.clock {
        Clock::Closing => words("종료 기준", "by closing"),
        Clock::Opening => words("개설 기준", "by opening"),
        Clock::Request => words("상담 요청 기준", "by request"),
        other => other.as_str(),
    };
    let title = words("상담품질지표 (SQI)", "Service quality figures (SQI)");
    let definition = words("정의", "definition");
    writeln!(
        out,
        "{title} · {clock} · {} · {definition} {}\n",
        report.zone, report.definition
    )?;
    writeln!(out, "{}\n", table(report.to_table(language)))?;
    let open = words("종료되지 않은 상담방", "Conversations not closed");
    writeln!(out, "{open}: {}", report.open)?;
    if report.repeated > 0 {
        let repeated = words("중복되어 제외한 줄", "Lines that repeat and were left out");
        writeln!(out, "{repeated}: {}", report.repeated)?;
    }
    if report.skewed > 0 {
        let skewed = words("앞줄보다 이른 줄", "Lines before the one before them");
        writeln!(out, "{skewed}: {}", report.skewed)?;
    }
    Ok(())
}
