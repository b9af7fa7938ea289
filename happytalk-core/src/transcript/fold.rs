//! From the lines of a log to a transcript.

use std::collections::BTreeMap;

use super::masked::Masking;
use super::{Audience, Entry, Handover, Mask, Transcript, View, Visit};
use crate::event::Event;
use crate::id::{AgentId, ConversationId, MessageId};
use crate::log::{Line, Stream};
use crate::message::Message;
use crate::sealed::Sealable;

pub(super) struct Fold<'a> {
    masking: Masking<'a>,
    transcript: Transcript,
    last_seq: u64,
    /// Where each message stands among the entries.
    said: BTreeMap<MessageId, usize>,
    /// What the bot has to hand over so far.
    bot: BotPart,
}

#[derive(Default)]
struct BotPart {
    path: Vec<Visit>,
    missed: u32,
    variables: BTreeMap<String, String>,
    closed: Vec<Sealable<String>>,
}

impl<'a> Fold<'a> {
    pub(super) fn new(conversation: &ConversationId, view: &'a View, mask: Mask<'a>) -> Self {
        Self {
            masking: Masking { view, mask },
            transcript: Transcript {
                conversation: conversation.clone(),
                audience: view.audience,
                zone: view.zone.clone(),
                channel: None,
                account: None,
                customer: None,
                opened_at: None,
                ended_at: None,
                category: None,
                title: None,
                parameters: None,
                handover: None,
                entries: Vec::new(),
            },
            last_seq: 0,
            said: BTreeMap::new(),
            bot: BotPart::default(),
        }
    }

    pub(super) fn take(&mut self, line: &Line) {
        let ours =
            matches!(&line.stream, Stream::Conversation(id) if *id == self.transcript.conversation);
        if !ours || line.seq <= self.last_seq {
            return;
        }
        self.last_seq = line.seq;
        self.head(line);
        if self.masking.view.audience != Audience::Customer {
            self.hand_over(line);
        }
        match &line.event {
            // The head says it.
            Event::Opened { .. } => return,
            Event::MessageFailed { message, code } => {
                let place = self.said.get(message);
                if let Some(entry) = place.and_then(|at| self.transcript.entries.get_mut(*at)) {
                    entry.failed = Some(code.clone());
                    return;
                }
            }
            _ => {}
        }
        let Some(event) = self.masking.event(&line.event) else {
            return;
        };
        if let Some(id) = message_of(&line.event).map(|message| message.id.clone()) {
            self.said.insert(id, self.transcript.entries.len());
        }
        self.transcript.entries.push(Entry {
            at: line.at,
            seq: (self.masking.view.audience != Audience::Customer).then_some(line.seq),
            event,
            failed: None,
        });
    }

    /// What stands above the entries.
    fn head(&mut self, line: &Line) {
        let masking = self.masking;
        let head = &mut self.transcript;
        match &line.event {
            Event::Opened { channel, .. } => {
                head.channel = Some(channel.clone());
                head.opened_at = Some(line.at);
            }
            Event::Ended { .. } | Event::BotEnded { .. } => head.ended_at = Some(line.at),
            Event::Rejected { is_final: true, .. } => head.ended_at = Some(line.at),
            Event::Reopened { .. } => head.ended_at = None,
            _ => {}
        }
        if masking.view.audience == Audience::Customer {
            return;
        }
        match &line.event {
            Event::Opened {
                account,
                customer,
                category,
                parameters,
                title,
                ..
            } => {
                head.account = Some(account.clone());
                head.customer = Some(masking.customer(customer));
                head.category = category.as_ref().map(|of| masking.category(of));
                head.parameters = parameters.as_ref().map(|all| masking.parameters(all));
                head.title = title.as_ref().map(|title| masking.sealable(title));
            }
            Event::CategoryChanged { category, .. }
            | Event::AgentRequested {
                category: Some(category),
                ..
            } => head.category = Some(masking.category(category)),
            Event::Titled { title, .. } => head.title = Some(masking.sealable(title)),
            _ => {}
        }
    }

    fn hand_over(&mut self, line: &Line) {
        match &line.event {
            Event::BotEntered {
                scenario,
                node,
                depth,
                via,
                ..
            } => self.bot.path.push(Visit {
                at: line.at,
                scenario: scenario.clone(),
                node: node.clone(),
                depth: *depth,
                via: *via,
            }),
            Event::BotMissed { .. } => self.bot.missed = self.bot.missed.saturating_add(1),
            Event::Noted { agent, text } if *agent == AgentId::bot() => {
                match self.masking.sealable(text) {
                    Sealable::Open(note) => read_variables(&note, &mut self.bot.variables),
                    closed @ Sealable::Closed(_) => self.bot.closed.push(closed),
                }
            }
            Event::AgentRequested { by, queue, .. } if !self.bot.path.is_empty() => {
                self.transcript.handover = Some(Handover {
                    at: line.at,
                    by: *by,
                    queue: queue.clone(),
                    category: self.transcript.category.clone(),
                    path: self.bot.path.clone(),
                    missed: self.bot.missed,
                    variables: self.bot.variables.clone(),
                    closed: self.bot.closed.clone(),
                });
            }
            // The bot goes on, so nothing was handed over.
            Event::Rejected {
                is_final: false, ..
            } => self.transcript.handover = None,
            _ => {}
        }
    }

    pub(super) fn end(self) -> Option<Transcript> {
        (self.last_seq > 0).then_some(self.transcript)
    }
}

/// `name: value` lines; a line without a name goes on with the value before.
fn read_variables(note: &str, into: &mut BTreeMap<String, String>) {
    let mut last: Option<String> = None;
    for line in note.lines() {
        let named = line
            .split_once(": ")
            .or_else(|| Some((line.strip_suffix(':')?, "")));
        let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
        match (named.filter(|(name, _)| is_name(name)), &last) {
            (Some((name, value)), _) => {
                into.insert(name.to_owned(), value.to_owned());
                last = Some(name.to_owned());
            }
            (None, Some(name)) => {
                if let Some(value) = into.get_mut(name) {
                    value.push('\n');
                    value.push_str(line);
                }
            }
            (None, None) => {}
        }
    }
}

fn message_of(event: &Event) -> Option<&Message> {
    match event {
        Event::CustomerSaid { message }
        | Event::BotSaid { message }
        | Event::AgentSaid { message, .. }
        | Event::AutoSaid { message, .. } => message.open(),
        _ => None,
    }
}
