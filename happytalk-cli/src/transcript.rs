//! `transcript`: a log in, its conversations to be read out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use happytalk_core::id::ConversationId;
use happytalk_core::time::Zone;
use happytalk_core::transcript::{Audience, Transcript, View};
use happytalk_core::{Language, Line, Stream};

use crate::args::{Lang, Reader, TextFormat, Transcript as Args};
use crate::failure::{Failure, Outcome};
use crate::log;
use crate::source::Source;

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let zone = Zone::named(&args.zone)
        .map_err(|error| Failure::usage(format!("bad value of `--zone`: {error}")))?;
    let wanted = args.conversation.as_deref();
    let wanted = wanted
        .map(str::parse::<ConversationId>)
        .transpose()
        .map_err(|error| Failure::usage(format!("bad value of `--conversation`: {error}")))?;
    let audience = match args.reader {
        Reader::Customer => Audience::Customer,
        Reader::Agent => Audience::Agent,
        Reader::Export => Audience::Export,
    };
    let language = match args.lang {
        Lang::Ko => Language::Korean,
        Lang::En => Language::English,
    };
    let (name, numbered) = log::read(Source::open(&args.log)?)?;
    let lines: Vec<Line> = numbered.into_iter().map(|one| one.line).collect();
    let view = View::new(audience).in_zone(zone);
    let mut is_first = true;
    for (conversation, lines) in conversations(&lines, wanted.as_ref()) {
        let lines = lines.iter().copied();
        let Some(transcript) =
            Transcript::of(conversation, lines, &view, |text| Cow::Borrowed(text))
        else {
            continue;
        };
        match args.format {
            TextFormat::Json => writeln!(out, "{}", transcript.to_json())?,
            TextFormat::Text => {
                let apart = if is_first { "" } else { "\n\n" };
                write!(out, "{apart}{}", transcript.to_text(language))?;
            }
        }
        is_first = false;
    }
    if is_first && wanted.is_some() {
        return Err(Failure::of(&name, "no such conversation"));
    }
    Ok(Outcome::Fine)
}

/// The lines of each conversation that is wanted, in the order in which they began.
fn conversations<'l>(
    lines: &'l [Line],
    wanted: Option<&ConversationId>,
) -> Vec<(&'l ConversationId, Vec<&'l Line>)> {
    let mut by_id: BTreeMap<&ConversationId, Vec<&Line>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut known = BTreeSet::new();
    for line in lines {
        let Stream::Conversation(id) = &line.stream else {
            continue;
        };
        if wanted.is_some_and(|wanted| wanted != id) {
            continue;
        }
        if known.insert(id) {
            order.push(id);
        }
        by_id.entry(id).or_default().push(line);
    }
    let taken = |id| (id, by_id.remove(id).unwrap_or_default());
    order.into_iter().map(taken).collect()
}
