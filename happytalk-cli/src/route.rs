//! `route`: a router's commands in, what it said, why somebody waits, or the sums of it out.

use std::io::{BufRead, Write};
use std::path::Path;

use happytalk_core::Timestamp;
use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_routing::{
    AgentStats, CommandLine, Error, Explanation, Input, LINE_BYTES_MAX, Output, Owner, QueueStats,
    Router, Settings, Stats, What, Why,
};
use serde_json::{Value, json};

use crate::args::{Format, Route, RouteCommand, RouteInput};
use crate::failure::{Failure, Outcome, Place};
use crate::instant::instant;
use crate::source::{Source, named, unread};
use crate::table::table;

pub(crate) fn run(args: &Route, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match &args.command {
        RouteCommand::Replay { input, explain } => {
            play(input, *explain, |output| {
                writeln!(out, "{}", output.to_json())?;
                Ok(())
            })?;
        }
        RouteCommand::Why {
            input,
            conversation,
            format,
        } => {
            let conversation: ConversationId = conversation.parse().map_err(|error| {
                Failure::usage(format!("bad value of `--conversation`: {error}"))
            })?;
            why(input, &conversation, *format, out)?;
        }
        RouteCommand::Stats { input, format } => stats(input, *format, out)?,
    }
    Ok(Outcome::Fine)
}

/// Reads settings from a file of their own.
fn settings_file(path: &Path) -> Result<Settings, Failure> {
    let (name, text) = Source::open(path)?.text(LINE_BYTES_MAX)?;
    happytalk_core::json::from_str(&text).map_err(|error| Failure::json(&name, &error))
}

/// Plays the commands, with a tick at each instant the router waits for, and hands on what it says.
fn play(
    args: &RouteInput,
    explain: bool,
    mut take: impl FnMut(&Output) -> Result<(), Failure>,
) -> Result<Router, Failure> {
    let own = args.settings.as_deref().map(settings_file).transpose()?;
    let until = args
        .at
        .as_deref()
        .map(|at| instant("--at", at))
        .transpose()?;
    let Source { name, mut reader } = Source::open(&args.file)?;
    let mut router = own.map(|it| made(&name, 1, it, explain)).transpose()?;
    let mut line = Vec::new();
    let mut number = 0;
    while read_line(&name, &mut reader, &mut line)? {
        number += 1;
        let at = |error: &str| Failure::at(&name, Place::new(number, 1), error);
        let text = std::str::from_utf8(&line).map_err(|_| at("line is not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        if text.is_empty() {
            continue;
        }
        let command = CommandLine::parse(text).map_err(|error| {
            Failure::at(&name, Place::new(number, error.column()), error.reason())
        })?;
        match (command, &mut router) {
            (CommandLine::Settings(settings), None) => {
                router = Some(made(&name, number, *settings, explain)?);
            }
            (CommandLine::Settings(_), Some(_)) => {
                return Err(at("settings come once, before every command"));
            }
            (CommandLine::Input { .. }, None) => {
                return Err(at("expected a line of settings, or `--settings`"));
            }
            (CommandLine::Input { at, input }, Some(router)) => {
                pass_time(router, at, &mut take)?;
                router.handle_input(*input, at);
                drain(router, &mut take)?;
            }
        }
    }
    let mut router =
        router.ok_or_else(|| Failure::of(&name, "expected a line of settings, or `--settings`"))?;
    if let Some(until) = until {
        pass_time(&mut router, until, &mut take)?;
        router.handle_input(Input::Tick, until);
        drain(&mut router, &mut take)?;
    }
    Ok(router)
}

/// The next line, without more of it in memory than a line may have.
fn read_line(name: &str, reader: &mut dyn BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    line.clear();
    loop {
        let part = reader
            .fill_buf()
            .map_err(|error| Failure::of(name, unread(&error)))?;
        if part.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = part.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(part.len(), |end| end + 1);
        // One byte too many is enough for the parser to say so.
        let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
        line.extend(part.iter().take(used.min(room)));
        reader.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

fn made(name: &str, line: u64, mut settings: Settings, explain: bool) -> Result<Router, Failure> {
    settings.explain |= explain;
    let refused = |error: Error| Failure::at(name, Place::new(line, 1), error);
    Router::new(settings).map_err(refused)
}

/// Ticks at every instant up to `at` that the router waits for.
fn pass_time(
    router: &mut Router,
    at: Timestamp,
    take: &mut impl FnMut(&Output) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while let Some(due) = router.next_deadline().filter(|due| *due <= at) {
        router.handle_input(Input::Tick, due);
        drain(router, take)?;
    }
    Ok(())
}

fn drain(
    router: &mut Router,
    take: &mut impl FnMut(&Output) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while let Some(output) = router.poll_output() {
        take(&output)?;
    }
    Ok(())
}

fn why(
    args: &RouteInput,
    conversation: &ConversationId,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut chosen: Option<Box<Explanation>> = None;
    let router = play(args, true, |output| {
        let about = match &output.what {
            What::Fact(fact) => fact.conversation(),
            What::Refused(_) | What::Unserved(_) => None,
        };
        if about == Some(conversation)
            && let Some(why) = &output.why
        {
            chosen = Some(why.clone());
        }
        Ok(())
    })?;
    let owner = router.owner(conversation).ok_or_else(|| {
        Failure::of(
            &named(&args.file),
            "the conversation is not with the router at the end",
        )
    })?;
    let (state, agent) = match owner {
        Owner::Queue(_) => ("waiting", None),
        Owner::Agent(agent) => ("assigned", Some(agent)),
        Owner::AfterWork(agent) => ("after_work", Some(agent)),
    };
    let waits = router.why(conversation);
    let explanation = match &waits {
        Some(_) => router.explain(conversation),
        None => chosen.map(|why| *why),
    };
    match format {
        Format::Json => {
            let told = told_json(
                conversation,
                state,
                agent,
                waits.as_ref(),
                explanation.as_ref(),
            );
            writeln!(out, "{told}")?;
        }
        Format::Table => {
            match (&waits, agent) {
                (Some(why), _) => writeln!(out, "{conversation}: {why}")?,
                (None, Some(agent)) => writeln!(out, "{conversation}: {state} {agent}")?,
                (None, None) => {}
            }
            let mut rows = vec![words(["agent", "load", "limit", "why"])];
            for it in explanation.iter().flat_map(|why| &why.candidates) {
                rows.push(vec![
                    it.agent.to_string(),
                    it.load.to_string(),
                    it.cap.map_or_else(String::new, |cap| cap.to_string()),
                    it.eligible
                        .map_or_else(|why| why.to_string(), |()| "free".to_owned()),
                ]);
            }
            if rows.len() > 1 {
                writeln!(out, "\n{}", table(rows))?;
            }
        }
    }
    Ok(())
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn told_json(
    conversation: &ConversationId,
    state: &str,
    agent: Option<&AgentId>,
    why: Option<&Why>,
    explanation: Option<&Explanation>,
) -> Value {
    let candidates = explanation.map(Explanation::to_json).unwrap_or_default();
    let candidates = serde_json::from_str(&candidates).unwrap_or(Value::Null);
    let mut told = json!({
        "conversation": conversation,
        "state": state,
    });
    let Some(object) = told.as_object_mut() else {
        return told;
    };
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            object.insert(name.to_owned(), value);
        }
    };
    put("agent", json!(agent));
    if let Some(why) = why {
        put("queue", json!(why.queue));
        put("place", json!(why.place));
        put("since", json!(why.since));
        put("held_by", json!(why.held_by.map(|held| held.code())));
        put("steps", json!(why.steps));
        put("offered_to", json!(why.offered_to));
        put("changes_at", json!(why.changes_at));
        put("times_out_at", json!(why.times_out_at));
        let against = why.against.iter();
        let against: serde_json::Map<_, _> = against
            .map(|(why, count)| (why.code().to_owned(), json!(count)))
            .collect();
        put("against", Value::Object(against));
    }
    put("candidates", candidates);
    told
}

fn stats(args: &RouteInput, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let mut outputs = Vec::new();
    let router = play(args, false, |output| {
        outputs.push(output.clone());
        Ok(())
    })?;
    let mut stats = Stats::new(router.settings());
    for output in &outputs {
        stats.take(output);
    }
    let until = args
        .at
        .as_deref()
        .map(|at| instant("--at", at))
        .transpose()?;
    if let Some(end) = until.or_else(|| outputs.last().map(|output| output.at)) {
        stats.close(end);
    }
    match format {
        Format::Json => {
            let queues: serde_json::Map<_, _> = stats
                .queues()
                .iter()
                .map(|(id, queue)| (id.to_string(), queue_json(queue, &router, id)))
                .collect();
            let agents: serde_json::Map<_, _> = stats
                .agents()
                .iter()
                .map(|(id, agent)| (id.to_string(), agent_json(agent, &router, id)))
                .collect();
            let told = json!({
                "queues": queues,
                "agents": agents,
                "refused": stats.refused(),
                "unserved": stats.unserved(),
                "open": stats.open(),
            });
            writeln!(out, "{told}")?;
        }
        Format::Table => write_tables(&stats, &router, out)?,
    }
    Ok(())
}

fn millis(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn queue_json(queue: &QueueStats, router: &Router, id: &QueueId) -> Value {
    json!({
        "asked": queue.asked,
        "assigned": queue.assigned,
        "waiting": router.waiting_count(id).unwrap_or(0),
        "left_waiting": queue.left_waiting,
        "timed_out": queue.timed_out,
        "answered_in_time": queue.answered_in_time,
        "answered_late": queue.answered_late,
        "wait_p50_ms": queue.wait(50).map(millis),
        "wait_p90_ms": queue.wait(90).map(millis),
        "wait_max_ms": queue.wait(100).map(millis),
    })
}

fn agent_json(agent: &AgentStats, router: &Router, id: &AgentId) -> Value {
    let statuses: serde_json::Map<_, _> = agent
        .statuses
        .iter()
        .map(|(status, span)| (status.to_string(), json!(millis(*span))))
        .collect();
    json!({
        "assigned": agent.assigned,
        "over_cap": agent.over_cap,
        "declined": agent.declined,
        "missed": agent.missed,
        "load": router.load(id).unwrap_or(0),
        "status_ms": statuses,
    })
}

fn write_tables(stats: &Stats, router: &Router, out: &mut dyn Write) -> Result<(), Failure> {
    let seconds = |span: Option<std::time::Duration>| {
        span.map_or_else(String::new, |span| format!("{}", span.as_secs()))
    };
    let mut rows = vec![words([
        "queue",
        "asked",
        "assigned",
        "waiting",
        "left",
        "timed out",
        "p50 s",
        "p90 s",
        "max s",
    ])];
    for (id, queue) in stats.queues() {
        rows.push(vec![
            id.to_string(),
            queue.asked.to_string(),
            queue.assigned.to_string(),
            router.waiting_count(id).unwrap_or(0).to_string(),
            queue.left_waiting.to_string(),
            queue.timed_out.to_string(),
            seconds(queue.wait(50)),
            seconds(queue.wait(90)),
            seconds(queue.wait(100)),
        ]);
    }
    writeln!(out, "{}\n", table(rows))?;
    let mut rows = vec![words([
        "agent",
        "assigned",
        "over limit",
        "declined",
        "missed",
        "load",
    ])];
    for (id, agent) in stats.agents() {
        rows.push(vec![
            id.to_string(),
            agent.assigned.values().sum::<u64>().to_string(),
            agent.over_cap.to_string(),
            agent.declined.to_string(),
            agent.missed.to_string(),
            router.load(id).unwrap_or(0).to_string(),
        ]);
    }
    writeln!(out, "{}", table(rows))?;
    for (code, count) in stats.refused() {
        writeln!(out, "refused {code}: {count}")?;
    }
    Ok(())
}
