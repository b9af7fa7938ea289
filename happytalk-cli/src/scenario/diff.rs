//! `scenario diff`: what an edit means for the customers who are inside.

use std::io::{BufRead, Write};
use std::path::Path;

use happytalk_scenario::{Fate, STATE_BYTES_MAX, State};

use super::load;
use super::maps::json;
use crate::args::{Diff, TextFormat};
use crate::failure::{Failure, Outcome, Place};
use crate::source::{Source, unread};
use crate::table::table;

pub(crate) fn run(args: &Diff, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let sessions = match &args.sessions {
        Some(path) => sessions(path)?,
        None => Vec::new(),
    };
    let (Some((_, old)), Some((name, new))) = (load(&args.old, out)?, load(&args.new, out)?) else {
        return Ok(Outcome::Found);
    };
    if old.id() != new.id() {
        let why = format!(
            "scenario is another one. expected=`{}` found=`{}`",
            old.id(),
            new.id()
        );
        return Err(Failure::of(&name, why));
    }
    let diff = old.diff(&new, &sessions);
    if args.format == TextFormat::Json {
        writeln!(out, "{}", json(&diff))?;
        return Ok(Outcome::Fine);
    }
    let head = ["node", "what", "waiting"];
    let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    for node in &diff.nodes {
        let fate = match &node.fate {
            Fate::Unchanged => "unchanged".to_owned(),
            Fate::Reshown => "re-shown".to_owned(),
            Fate::Moved { to, unnoticed } => match unnoticed {
                true => format!("moved to {to}"),
                false => format!("moved to {to}, re-shown"),
            },
            Fate::Lost => "lost".to_owned(),
            _ => "changed".to_owned(),
        };
        rows.push(vec![node.node.to_string(), fate, node.waiting.to_string()]);
    }
    for node in &diff.added {
        rows.push(vec![node.to_string(), "added".to_owned(), String::new()]);
    }
    writeln!(out, "{}", table(rows))?;
    let (from, to) = (diff.from, diff.to);
    let (again, all) = (diff.see_again, diff.sessions);
    writeln!(
        out,
        "{from} → {to}: {again} of {all} sessions see a step again"
    )?;
    Ok(Outcome::Fine)
}

fn sessions(path: &Path) -> Result<Vec<State>, Failure> {
    let mut source = Source::open(path)?;
    let limit = u64::try_from(STATE_BYTES_MAX).unwrap_or(u64::MAX) + 2;
    let mut states = Vec::new();
    let mut count = 0;
    loop {
        let mut line = Vec::new();
        let mut limited = std::io::Read::take(&mut source.reader, limit);
        let read = limited.read_until(b'\n', &mut line);
        if read.map_err(|error| Failure::of(&source.name, unread(&error)))? == 0 {
            return Ok(states);
        }
        count += 1;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let state = State::from_bytes(line);
        states.push(state.map_err(|why| Failure::at(&source.name, Place::new(count, 1), why))?);
    }
}
