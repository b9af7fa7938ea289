//! `explain`: the stretches of time behind the figures of one conversation.

use std::io::Write;

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;
use happytalk_sqi::{EpisodeExplanation, Options, Part, explain, unpacked};

use crate::args::{Explain, Format, Lang};
use crate::failure::{Failure, Outcome};
use crate::log::log_fault;
use crate::source::{Source, unread};
use crate::sqi::working_hours;
use crate::table::table;

pub(crate) fn run(args: &Explain, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let zone = Zone::named(&args.zone)
        .map_err(|error| Failure::usage(format!("bad value of `--zone`: {error}")))?;
    let wanted = args
        .conversation
        .parse()
        .map_err(|error| Failure::usage(format!("bad value of `--conversation`: {error}")))?;
    let mut options = Options::new().with_horizon(None);
    for (name, value) in [
        ("short-abandon", &args.short_abandon),
        ("missed", &args.missed),
    ] {
        if let Some(value) = value {
            options = options
                .with(name, value)
                .map_err(|error| Failure::usage(format!("bad value of `--{name}`: {error}")))?;
        }
    }
    if let Some(path) = &args.business {
        options = options.with_business(working_hours(path)?);
    }
    let Source { name, reader } = Source::open(&args.log)?;
    let reader = unpacked(reader).map_err(|error| Failure::of(&name, unread(&error)))?;
    let why = explain(reader, &wanted, &options).map_err(|error| log_fault(&name, &error))?;
    if args.format == Format::Json {
        writeln!(out, "{}", why.to_json())?;
        return Ok(Outcome::Fine);
    }
    let korean = args.lang == Lang::Ko;
    for (index, episode) in why.episodes.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_episode(episode, &zone, korean, out)?;
    }
    if why.open {
        let open = if korean {
            "종료되지 않은 상담: 아직 어느 지표에도 들어가지 않습니다."
        } else {
            "It goes on: what is not closed is in no figure yet."
        };
        writeln!(out, "{open}")?;
    }
    Ok(Outcome::Fine)
}

fn write_episode(
    episode: &EpisodeExplanation,
    zone: &Zone,
    korean: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let words = |ko: &'static str, en: &'static str| if korean { ko } else { en };
    for (word, at) in [
        (words("개설", "opened"), Some(episode.opened_at)),
        (words("상담 요청", "requested"), episode.requested_at),
        (words("배정", "assigned"), episode.assigned_at),
        (words("최초 응대", "answered"), episode.answered_at),
        (words("대화 종료", "talk ended"), episode.talk_ended_at),
        (words("종료", "ended"), Some(episode.ended_at)),
        (words("후처리 종료", "closed"), Some(episode.closed_at)),
    ] {
        let shown = at.map_or_else(|| "-".to_owned(), |at| wall(zone, at));
        writeln!(out, "{word}: {shown}")?;
    }
    let head = [
        words("지표", "Figure"),
        words("값", "Value"),
        words("구간", "Stretch"),
        words("길이", "Length"),
        words("상담사", "Agent"),
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for told in &episode.figures {
        let name = figure(told.figure, korean).to_owned();
        let counts = matches!(told.figure, "abandon_rate" | "missed");
        let value = if counts {
            told.value.to_string()
        } else {
            span(told.value)
        };
        let agent = told.agent.clone().unwrap_or_default();
        if told.parts.is_empty() {
            rows.push(vec![name, value, String::new(), String::new(), agent]);
            continue;
        }
        for (index, part) in told.parts.iter().enumerate() {
            let (name, value) = if index == 0 {
                (name.clone(), value.clone())
            } else {
                (String::new(), String::new())
            };
            rows.push(vec![
                name,
                value,
                stretch(part, zone),
                format!("{}{}", if part.off { "-" } else { "" }, span(part.ms)),
                part.agent.clone().unwrap_or_default(),
            ]);
        }
    }
    writeln!(out, "{}", table(rows))?;
    for absence in &episode.without {
        let name = figure(absence.figure, korean);
        writeln!(out, "{name}: {}", reason(absence.why, korean))?;
    }
    Ok(())
}

fn stretch(part: &Part, zone: &Zone) -> String {
    let (from, to) = (zone.wall(part.from), zone.wall(part.to));
    let until = wall(zone, part.to);
    let until = match until.split_once(' ') {
        Some((_, time)) if from.date == to.date => time.to_owned(),
        _ => until,
    };
    format!("{} ~ {until}", wall(zone, part.from))
}

/// What the wall clock shows, to the millisecond.
fn wall(zone: &Zone, at: Timestamp) -> String {
    let wall = zone.wall(at);
    let millis = wall.millis_of_day % 1_000;
    format!(
        "{} {:02}:{:02}:{:02}.{millis:03}",
        wall.date,
        wall.hour(),
        wall.minute(),
        wall.second()
    )
}

fn span(millis: u64) -> String {
    let seconds = millis / 1_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        seconds % 60,
        millis % 1_000
    )
}

fn figure(name: &'static str, korean: bool) -> &'static str {
    if !korean {
        return name;
    }
    match name {
        "queue_time" => "배정 대기시간",
        "abandon_rate" => "응대 전 이탈률",
        "first_response" => "방 생성 후 최초 응대 시간",
        "agent_wait" => "상담사 대기",
        "customer_wait" => "고객 대기",
        "talk_time" => "총 대화시간",
        "after_work" => "상담 후 처리",
        "total_time" => "총 상담시간",
        "first_response_from_request" => "요청 후 최초 응대 시간",
        "first_response_from_assignment" => "배정 후 최초 응대 시간",
        "abandon_wait" => "이탈 대기시간",
        "idle_tail" => "무응답 종료 대기",
        "transfer_wait" => "이관 대기시간",
        "missed" => "미응대 종료",
        other => other,
    }
}

fn reason(why: &'static str, korean: bool) -> &'static str {
    match (why, korean) {
        ("bot_only", true) => "상담사에게 온 적이 없습니다",
        ("bot_only", false) => "it was never with an agent",
        ("rejected", true) => "접수되지 않았습니다",
        ("rejected", false) => "it was turned away",
        ("not_requested", true) => "상담 요청이 없었습니다",
        ("not_requested", false) => "no agent was asked for",
        ("not_assigned", true) => "배정되지 않았습니다",
        ("not_assigned", false) => "it was never assigned",
        ("never_waited", true) => "배정을 기다린 적이 없습니다",
        ("never_waited", false) => "it never waited in a queue",
        ("not_answered", true) => "상담사가 응대하지 않았습니다",
        ("not_answered", false) => "no agent answered",
        ("short_abandon", true) => "짧은 이탈로 제외되었습니다",
        ("short_abandon", false) => "it was left too soon to count",
        (other, _) => other,
    }
}
