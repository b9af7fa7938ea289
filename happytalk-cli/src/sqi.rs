//! `sqi`: a log in, its quality figures out.

use std::io::Write;
use std::path::Path;

use happytalk_core::Timestamp;
use happytalk_sqi::{Calendar, Clock, Comparison, Figures, Language, Options, Report, unpacked};

use crate::args::{Lang, Sqi, SqiFormat};
use crate::calendar;
use crate::failure::{Failure, Outcome};
use crate::instant::day_or_instant;
use crate::log::log_fault;
use crate::progress::Progress;
use crate::source::{Source, is_stdin, unread};
use crate::table::table;

pub(crate) fn run(args: &Sqi, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let options = options(args)?;
    let comparison = match &args.against {
        _ if args.preceding => Some(preceding(args, &options)?),
        Some(before) => Some(Comparison::of(
            &read(before, &options)?,
            &read(&args.log, &options)?,
        )),
        None => None,
    };
    if let Some(comparison) = comparison {
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
    let report = read(&args.log, &options)?;
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
        ("missed", &args.missed),
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
        options = options.with_business(working_hours(path)?);
    }
    let options = with_period(args, options)?;
    options
        .check()
        .map_err(|error| Failure::usage(format!("bad value of `--by`: {error}")))?;
    Ok(options)
}

/// The working hours in a file, under the name of the file.
pub(crate) fn working_hours(path: &Path) -> Result<Calendar, Failure> {
    let (_, calendar) = calendar::read(path)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Calendar::of_site(&file, calendar))
}

/// Without a beginning or an end, time has none.
fn with_period(args: &Sqi, options: Options) -> Result<Options, Failure> {
    if args.from.is_none() && args.until.is_none() {
        return Ok(options);
    }
    let read = |option: &str, text: &Option<String>, open: Timestamp| match text {
        Some(text) => day_or_instant(option, text, &options.zone),
        None => Ok(open),
    };
    let from = read("--from", &args.from, Timestamp::MIN)?;
    let until = read("--until", &args.until, Timestamp::MAX)?;
    if until <= from {
        return Err(Failure::usage(
            "bad value of `--until`: it has to be after --from",
        ));
    }
    Ok(options.with_period(from, until))
}

/// The figures of as long a period before, and those of the period.
fn preceding(args: &Sqi, options: &Options) -> Result<Comparison, Failure> {
    if is_stdin(&args.log) {
        return Err(Failure::usage(
            "standard input can be read once: --preceding needs a file",
        ));
    }
    let (from, until) = options.period.unwrap_or((Timestamp::MIN, Timestamp::MAX));
    let begin = from.minus(until.since(from));
    let before = options.clone().with_period(begin, from);
    Ok(Comparison::of(
        &read(&args.log, &before)?,
        &read(&args.log, options)?,
    ))
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
    for more in [
        report.to_standard_table(language),
        report.to_agent_table(language),
    ] {
        // Where nobody asked, there is the head alone.
        if more.len() > 1 {
            writeln!(out, "{}\n", table(more))?;
        }
    }
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
