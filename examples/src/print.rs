//! What the quickstart shows, for a person.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};
use happytalk::billing::Statement;
use happytalk::core::Language;
use happytalk::core::event::{Event, TransferTarget};
use happytalk::core::id::ConversationId;
use happytalk::core::log::{Line, Stream};
use happytalk::core::time::{Timestamp, Zone};
use happytalk::core::{Content, Message, Sealable};
use happytalk::routing::Explanation;
use happytalk::sqi::Report;

use crate::sandbox::Received;

/// A head line.
pub fn heading(text: &str) {
    println!("\n━━ {text} ━━");
}

/// Every conversation, one after the other.
pub fn transcript(lines: &[Line], zone: &Zone) {
    let mut conversations: BTreeMap<&ConversationId, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        if let Stream::Conversation(id) = &line.stream {
            conversations.entry(id).or_default().push(line);
        }
    }
    for (id, lines) in conversations {
        println!("\n[{id}]");
        for line in lines {
            if let Some((who, what)) = told(&line.event) {
                println!("  {} {who:<10} {what}", time(zone, line.at));
            }
        }
    }
}

fn time(zone: &Zone, at: Timestamp) -> String {
    let wall = zone.wall(at);
    format!(
        "{:02}:{:02}:{:02}",
        wall.hour(),
        wall.minute(),
        wall.second()
    )
}

fn told(event: &Event) -> Option<(String, String)> {
    let (who, what) = match event {
        Event::Opened { channel, .. } => ("—", format!("opened on {channel}")),
        Event::CustomerSaid { message } => ("customer", words(message)),
        Event::BotSaid { message } => ("bot", words(message)),
        Event::AgentSaid { agent, message } => return Some((agent.to_string(), words(message))),
        Event::AutoSaid { kind, message } => return Some((format!("({kind})"), words(message))),
        Event::AgentRequested { by, .. } => ("—", format!("asks for a person ({by})")),
        Event::Assigned { agent, how, .. } => ("—", format!("{agent} has it ({how})")),
        Event::TransferRequested { from, to } => {
            ("—", format!("{from} asks {} to take it", target(to)))
        }
        Event::Transferred { to, how, .. } => ("—", format!("{to} has it ({how})")),
        Event::MessageFailed { message, code } => {
            ("—", format!("{message} did not arrive ({code})"))
        }
        Event::BotEnded { by } => ("—", format!("ended with the bot ({by})")),
        Event::Ended { by, .. } => ("—", format!("ended by {by}")),
        Event::AfterWorkEnded { by } => ("—", format!("written up ({by})")),
        _ => return None,
    };
    Some((who.to_owned(), what))
}

fn target(target: &TransferTarget) -> String {
    match target {
        TransferTarget::Agent(agent) => agent.to_string(),
        TransferTarget::Group(group) => group.to_string(),
        TransferTarget::Queue(queue) => queue.to_string(),
        TransferTarget::Category(category) => category.main.to_string(),
        _ => "somebody".to_owned(),
    }
}

fn words(message: &Sealable<Message>) -> String {
    let Some(parts) = message.open().and_then(|message| message.content.open()) else {
        return "(sealed)".to_owned();
    };
    parts
        .iter()
        .map(part)
        .collect::<Vec<_>>()
        .join(" / ")
        .replace('\n', " ")
}

fn part(content: &Content) -> String {
    let (text, buttons) = match content {
        Content::Text(text) => (text.text.clone(), &text.quick_replies[..]),
        Content::Card(card) => (
            card.text.clone().or(card.title.clone()).unwrap_or_default(),
            &card.buttons[..],
        ),
        other => (format!("({})", other.kind()), &[][..]),
    };
    let labels = buttons.iter().map(|button| format!(" [{}]", button.label));
    text + &labels.collect::<String>()
}

/// The requests that went out to the platforms, a line each.
pub fn requests(received: &[Received]) {
    for request in received {
        let body = request.body.to_string();
        let shown: String = body.chars().take(150).collect();
        let rest = if shown.len() < body.len() { "…" } else { "" };
        println!(
            "{} POST {} {shown}{rest} → {}",
            request.platform, request.path, request.answer
        );
    }
}

/// Who got which conversation, and what spoke for and against everybody.
pub fn explanations(explanations: &[(ConversationId, Box<Explanation>)]) {
    for (conversation, why) in explanations {
        let chosen = why
            .chosen()
            .map_or("nobody", |candidate| candidate.agent.as_str());
        println!(
            "{conversation} → {chosen} (queue {}, place {}, {:?})",
            why.queue, why.place, why.strategy
        );
        for candidate in &why.candidates {
            let last = candidate
                .last_assigned_at
                .map_or_else(|| "never".to_owned(), |at| at.to_string());
            let verdict = match &candidate.eligible {
                Ok(()) => "may take it".to_owned(),
                Err(reason) => format!("may not: {reason}"),
            };
            println!(
                "    {:<6} load {}, last assigned {last}: {verdict}",
                candidate.agent.as_str(),
                candidate.load
            );
        }
    }
}

/// The eight indicators, in Korean and in English.
pub fn figures(report: &Report) {
    for language in [Language::Korean, Language::English] {
        println!("{}", table(&report.to_table(language)));
    }
}

/// The bill, in Korean and in English.
pub fn bill(statement: &Statement) {
    for language in [Language::Korean, Language::English] {
        println!("{}", statement.to_table(language));
    }
}

fn table(rows: &[Vec<String>]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let mut rows = rows.iter();
    if let Some(head) = rows.next() {
        table.set_header(head);
    }
    table.add_rows(rows);
    table
}
