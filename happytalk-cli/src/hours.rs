//! `hours`: a calendar of working hours in, whether it is open and when next out.

use std::io::Write;

use happytalk_core::event::{Category, Event};
use happytalk_core::hours::{Asker, Calendar, Holidays, Hours as View, HoursCommand, SiteHours};
use happytalk_core::id::{GroupId, IdError, QueueId, Word};
use happytalk_core::time::Date;
use happytalk_core::{Stream, Timestamp};

use crate::args::{Hours, HoursFormat, SwitchWord};
use crate::calendar;
use crate::failure::{Failure, Outcome};
use crate::instant::instant;
use crate::log;
use crate::source::{Source, is_stdin};

use self::answer::{Answer, Imported};

mod answer;

pub(crate) fn run(args: &Hours, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let inputs = [
        Some(&args.calendar),
        args.log.as_ref(),
        args.holidays.as_ref(),
    ];
    let inputs = inputs.iter().flatten();
    if inputs.filter(|path| is_stdin(path)).count() > 1 {
        return Err(Failure::usage(
            "standard input can be read once: `-` stands twice",
        ));
    }
    let at = instant("--at", &args.at)?;
    let until = args.until.as_deref();
    let until = until.map(|text| instant("--until", text)).transpose()?;
    let (calendar, imported) = with_holidays(args, at)?;
    if args.format == HoursFormat::Calendar {
        writeln!(out, "{}", calendar.to_json())?;
        return Ok(Outcome::Fine);
    }
    let mut hours = SiteHours::new(calendar);
    take_log(args, &mut hours)?;
    let switched = args.switch.map(|word| {
        let command = match word {
            SwitchWord::On => HoursCommand::SwitchOn,
            SwitchWord::Off => HoursCommand::SwitchOff,
            SwitchWord::Calendar => HoursCommand::FollowCalendar,
        };
        hours.decide(command, at)
    });
    for event in switched.iter().flatten() {
        hours.apply(event, at);
    }
    let (schedule, view) = chosen(args, &hours)?;
    let answer = Answer {
        at,
        schedule,
        status: view.status(at),
        wall: view.schedule().zone().wall(at),
        zone: view.schedule().zone().clone(),
        business: until.map(|until| (until, view.business_ms(at, until))),
        switched: switched.map(|events| events.into_iter().find_map(turned)),
        imported,
    };
    match args.format {
        HoursFormat::Json => writeln!(out, "{}", answer.to_json())?,
        HoursFormat::Table | HoursFormat::Calendar => answer.write_table(args.lang, out)?,
    }
    Ok(Outcome::Fine)
}

/// What the switch was put to, and until when.
fn turned(event: Event) -> Option<(bool, Timestamp)> {
    match event {
        Event::HoursOverridden { open, until } => Some((open, until)),
        _ => None,
    }
}

/// The calendar, and what became of the holidays where a file of them was given.
fn with_holidays(args: &Hours, at: Timestamp) -> Result<(Calendar, Option<Imported>), Failure> {
    let (name, calendar) = calendar::read(&args.calendar)?;
    let Some(path) = &args.holidays else {
        return Ok((calendar, None));
    };
    let (file, text) = Source::open(path)?.text(Holidays::BYTES_MAX)?;
    let year = calendar.site().zone().date(at).year();
    let first = Date::new(year, 1, 1);
    let last = year.checked_add(1).and_then(|next| Date::new(next, 12, 31));
    let (Some(first), Some(last)) = (first, last) else {
        return Err(Failure::usage("no holidays are known in that year"));
    };
    let holidays = Holidays::read(&text, first, last).map_err(|error| Failure::of(&file, error))?;
    let (calendar, kept) = calendar
        .with_holidays(&holidays)
        .map_err(|error| calendar::fault(&name, &error))?;
    let taken = holidays.days.len().saturating_sub(kept.len());
    let skipped = holidays.skipped;
    Ok((
        calendar,
        Some(Imported {
            taken,
            kept,
            skipped,
        }),
    ))
}

/// Takes what the site's stream says of the switch.
fn take_log(args: &Hours, hours: &mut SiteHours) -> Result<(), Failure> {
    let Some(path) = &args.log else {
        return Ok(());
    };
    let (_, lines) = log::read(Source::open(path)?)?;
    for one in &lines {
        if matches!(one.line.stream, Stream::Site(_)) {
            hours.apply(&one.line.event, one.line.at);
        }
    }
    Ok(())
}

/// The schedule that was asked for, and its name.
fn chosen<'a>(args: &Hours, hours: &'a SiteHours) -> Result<(String, View<'a>), Failure> {
    if let Some(name) = &args.schedule {
        if args.category.is_some() || args.queue.is_some() || args.group.is_some() {
            return Err(Failure::usage(
                "`--schedule` names one: `--category`, `--queue` and `--group` choose one",
            ));
        }
        let view = hours.hours_named(name);
        let view = view.ok_or_else(|| {
            Failure::usage("bad value of `--schedule`: the calendar has none of this name")
        })?;
        return Ok((name.clone(), view));
    }
    let category = args.category.as_deref().map(category).transpose()?;
    let queue: Option<QueueId> = id("--queue", args.queue.as_deref())?;
    let group: Option<GroupId> = id("--group", args.group.as_deref())?;
    let mut asker = Asker::anybody();
    asker.category = category.as_ref();
    asker.queue = queue.as_ref();
    asker.group = group.as_ref();
    let team = hours.calendar().team_for(asker);
    let name = team.map_or(Calendar::SITE, |team| team.name.as_str());
    Ok((name.to_owned(), hours.hours(asker)))
}

/// `MAIN` or `MAIN/SUB`.
fn category(text: &str) -> Result<Category, Failure> {
    let word = |text: &str| {
        text.parse::<Word>()
            .map_err(|error| Failure::usage(format!("bad value of `--category`: {error}")))
    };
    let (main, sub) = match text.split_once('/') {
        Some((main, sub)) => (main, Some(word(sub)?)),
        None => (text, None),
    };
    let mut category = Category::new(word(main)?);
    category.sub = sub;
    Ok(category)
}

fn id<T: std::str::FromStr<Err = IdError>>(
    option: &str,
    text: Option<&str>,
) -> Result<Option<T>, Failure> {
    text.map(str::parse)
        .transpose()
        .map_err(|error| Failure::usage(format!("bad value of `{option}`: {error}")))
}
