//! A transcript for people.

use serde_json::Value;

use super::json::EntryJson;
use super::{Audience, Entry, Handover, Transcript, of_day};
use crate::content::{Button, ButtonAction, Card, Content, Media};
use crate::event::{Category, Event};
use crate::language::Language;
use crate::message::Message;
use crate::sealed::Sealable;
use crate::time::Date;

/// Where what was said goes on, below itself.
const INDENT: &str = "         ";

pub(super) fn write(transcript: &Transcript, language: Language) -> String {
    let mut page = Page {
        out: String::new(),
        language,
        customer: transcript.audience == Audience::Customer,
        day: None,
    };
    page.head(transcript);
    if let Some(handover) = &transcript.handover {
        page.handover(handover);
    }
    for entry in &transcript.entries {
        page.entry(transcript, entry);
    }
    page.out
}

struct Page {
    out: String,
    language: Language,
    customer: bool,
    day: Option<Date>,
}

impl Page {
    const fn words(&self, korean: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Korean => korean,
            Language::English => english,
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A value of the head, on one line; none where there is nothing.
    fn field(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.line(&format!("{name}: {}", one_line(&value)));
        }
    }

    fn head(&mut self, transcript: &Transcript) {
        let zone = &transcript.zone;
        let title = self.words("상담", "Conversation");
        let channel = transcript.channel.as_ref();
        let channel = channel.map_or_else(String::new, |channel| format!(" · {channel}"));
        let id = one_line(transcript.conversation.as_str());
        self.line(&format!(
            "{title} {id}{} · {}",
            one_line(&channel),
            zone.name()
        ));
        let when = |at| {
            let wall = zone.wall(at);
            format!("{} {}", wall.date, of_day(wall))
        };
        self.field(self.words("개설", "Opened"), transcript.opened_at.map(when));
        self.field(self.words("종료", "Ended"), transcript.ended_at.map(when));
        let account = transcript.account.as_ref();
        self.field(
            self.words("계정", "Account"),
            account.map(|account| account.as_str().to_owned()),
        );
        let customer = transcript.customer.as_ref();
        let customer = customer.map(|of| self.shown(of, |id| id.as_str().to_owned()));
        self.field(self.words("고객", "Customer"), customer);
        let category = transcript.category.as_ref().map(category);
        self.field(self.words("분류", "Category"), category);
        let title = transcript.title.as_ref();
        let title = title.map(|title| self.shown(title, Clone::clone));
        self.field(self.words("제목", "Title"), title);
        let parameters = transcript.parameters.as_ref().map(|all| {
            self.shown(all, |all| {
                let pairs = all
                    .iter()
                    .map(|(name, value)| format!("{name}={}", self.shown(value, Clone::clone)));
                pairs.collect::<Vec<_>>().join(", ")
            })
        });
        self.field(self.words("파라미터", "Parameters"), parameters);
    }

    fn handover(&mut self, handover: &Handover) {
        let title = self.words("챗봇에서 넘어온 내용", "Handed over by the bot");
        self.line(&format!("\n{title} ({})", handover.by));
        let path = handover.path.iter().map(|visit| visit.node.as_str());
        let path = path.collect::<Vec<_>>().join(" > ");
        self.field(self.words("  경로", "  Path"), Some(path));
        if handover.missed > 0 {
            let missed = handover.missed.to_string();
            self.field(
                self.words("  이해하지 못한 횟수", "  Not understood"),
                Some(missed),
            );
        }
        let category = handover.category.as_ref().map(category);
        self.field(self.words("  분류", "  Category"), category);
        let queue = handover.queue.as_ref();
        let queue = queue.map(|queue| queue.as_str().to_owned());
        self.field(self.words("  대기열", "  Queue"), queue);
        for (name, value) in &handover.variables {
            self.field(&format!("  {}", one_line(name)), Some(value.clone()));
        }
        for closed in &handover.closed {
            let shown = self.shown(closed, Clone::clone);
            self.field(self.words("  메모", "  Note"), Some(shown));
        }
    }

    fn entry(&mut self, transcript: &Transcript, entry: &Entry) {
        let wall = transcript.zone.wall(entry.at);
        if self.day != Some(wall.date) {
            self.day = Some(wall.date);
            self.line(&format!("\n-- {} --", wall.date));
        }
        let said = match &entry.event {
            Event::CustomerSaid { message } => {
                Some((self.words("고객", "Customer").to_owned(), message))
            }
            Event::BotSaid { message } => Some((self.words("챗봇", "Bot").to_owned(), message)),
            Event::AutoSaid { kind, message } => {
                let who = self.words("자동", "Auto");
                let kind = if self.customer {
                    String::new()
                } else {
                    format!(" ({kind})")
                };
                Some((format!("{who}{kind}"), message))
            }
            Event::AgentSaid { agent, message } => {
                let known = self.customer && agent.as_str() == "상담사";
                let who = self.words("상담사", "Agent");
                let name = if known { "" } else { agent.as_str() };
                Some((one_line(&format!("{who} {name}")), message))
            }
            _ => None,
        };
        let mut text = match said {
            Some((who, message)) => format!("{who}: {}", self.message(message)),
            None => self.happened(transcript, entry),
        };
        if let Some(failed) = &entry.failed {
            let words = self.words("전송 실패", "not delivered");
            let code = if self.customer {
                String::new()
            } else {
                format!(": {failed}")
            };
            text.push_str(&format!(" [{words}{code}]"));
        }
        let mut lines = text.split('\n').map(plain);
        let first = lines.next().unwrap_or_default();
        self.line(&format!("{} {first}", of_day(wall)));
        for line in lines {
            self.line(&format!("{INDENT}{line}"));
        }
    }

    fn message(&self, message: &Sealable<Message>) -> String {
        self.shown(message, |message| {
            let mut text = self.shown(&message.content, |parts| {
                let parts = parts.iter().map(|part| self.content(part));
                parts.collect::<Vec<_>>().join("\n")
            });
            if let Some(token) = &message.postback {
                let pressed = self.words("버튼", "button");
                text.push_str(&format!(
                    " [{pressed}: {}]",
                    self.shown(token, Clone::clone)
                ));
            }
            text
        })
    }

    fn content(&self, part: &Content) -> String {
        let media = |kind: &str, media: &Media| {
            let name = media.name.as_deref().map(|name| format!(" {name}"));
            let comment = media.comment.as_deref().map(|words| format!("\n{words}"));
            format!(
                "[{kind}{}] {}{}",
                name.unwrap_or_default(),
                media.url,
                comment.unwrap_or_default()
            )
        };
        match part {
            Content::Text(text) => {
                let more = text.full_text_url.as_ref();
                let more =
                    more.map(|url| format!("\n[{}] {url}", self.words("전체 글", "full text")));
                format!(
                    "{}{}{}",
                    text.text,
                    more.unwrap_or_default(),
                    buttons(&text.quick_replies)
                )
            }
            Content::Image(image) => media(self.words("사진", "image"), image),
            Content::Video(video) => media(self.words("동영상", "video"), video),
            Content::Audio(audio) => media(self.words("음성", "audio"), audio),
            Content::File(file) => media(self.words("파일", "file"), file),
            Content::Sticker => format!("[{}]", self.words("이모티콘", "sticker")),
            Content::Location => format!("[{}]", self.words("위치", "location")),
            Content::Card(card) => self.card(card),
            Content::Carousel { cards } => {
                let cards = cards.iter().map(|card| self.card(card));
                cards.collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn card(&self, card: &Card) -> String {
        let image = card.image.as_ref();
        let image = image.map(|url| format!("[{}] {url}", self.words("사진", "image")));
        let words = [card.title.clone(), card.text.clone(), image];
        let words: Vec<String> = words.into_iter().flatten().collect();
        let pressed = format!("{}{}", buttons(&card.buttons), buttons(&card.quick_replies));
        format!("{}{pressed}", words.join("\n"))
            .trim_start_matches('\n')
            .to_owned()
    }

    /// What happened, for an event that is nothing said: its name, and what it holds in the log's own words.
    fn happened(&self, transcript: &Transcript, entry: &Entry) -> String {
        let kind = entry.event.kind();
        let name = name(kind).map_or(kind, |(korean, english)| match self.language {
            Language::Korean => korean,
            Language::English => english,
        });
        let shown = EntryJson {
            entry,
            zone: &transcript.zone,
        };
        let fields = match serde_json::to_value(shown) {
            Ok(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let known = |name: &str| matches!(name, "seq" | "at" | "time" | "type" | "failed");
        // A customer is not told about our own after-work.
        let ours = |name: &str| self.customer && name == "after_work";
        let told = fields
            .iter()
            .filter(|(name, _)| !known(name) && !ours(name))
            .map(|(name, value)| format!("{name}={}", self.value(value)));
        let told = told.collect::<Vec<_>>().join(", ");
        if told.is_empty() {
            format!("* {name}")
        } else {
            format!("* {name} ({told})")
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Object(fields) if fields.get("erased") == Some(&Value::Bool(true)) => {
                self.words("삭제됨", "erased").to_owned()
            }
            Value::Object(fields) if fields.contains_key("sealed") => {
                self.words("암호화됨", "sealed").to_owned()
            }
            other => other.to_string(),
        }
    }

    fn shown<T>(&self, value: &Sealable<T>, open: impl FnOnce(&T) -> String) -> String {
        match value {
            Sealable::Open(value) => open(value),
            Sealable::Closed(closed) if closed.is_erased() => {
                format!("[{}]", self.words("삭제됨", "erased"))
            }
            Sealable::Closed(_) => format!("[{}]", self.words("암호화됨", "sealed")),
        }
    }
}

/// A row of buttons below what stands above it; nothing where there are none.
fn buttons(buttons: &[Button]) -> String {
    if buttons.is_empty() {
        return String::new();
    }
    let one = |button: &Button| match button.action {
        ButtonAction::Url | ButtonAction::App | ButtonAction::Phone if !button.value.is_empty() => {
            format!("[{}: {}]", button.label, button.value)
        }
        _ => format!("[{}]", button.label),
    };
    let row: Vec<String> = buttons.iter().map(one).collect();
    format!("\n{}", row.join(" "))
}

fn category(category: &Category) -> String {
    let parts = [
        Some(&category.main),
        category.sub.as_ref(),
        category.extra.as_ref(),
    ];
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .map(|word| word.as_str())
        .collect();
    parts.join(" > ")
}

/// Control characters, which a terminal would obey, are spaces; and so are the other breaks of lines.
fn plain(text: &str) -> String {
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(obeyed, " ").trim_end().to_owned()
}

fn one_line(text: &str) -> String {
    plain(&text.replace('\n', " "))
}

/// What an event that is nothing said is called.
fn name(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "rejected" => ("상담 거절", "turned away"),
        "message_failed" => ("전송 실패", "message not delivered"),
        "bot_entered" => ("챗봇 단계", "bot step"),
        "bot_missed" => ("챗봇이 이해하지 못함", "bot did not understand"),
        "bot_ended" => ("챗봇 종료", "bot ended"),
        "agent_requested" => ("상담원 요청", "agent requested"),
        "profile_requested" => ("프로필 요청", "profile requested"),
        "profile_completed" => ("프로필 입력 완료", "profile completed"),
        "profile_skipped" => ("프로필 생략", "profile skipped"),
        "offered" => ("배정 제안", "offered"),
        "declined" => ("배정 거절", "declined"),
        "assigned" => ("상담사 배정", "assigned"),
        "returned_to_queue" => ("대기로 돌아감", "returned to the queue"),
        "transfer_requested" => ("상담사 변경 요청", "transfer requested"),
        "transfer_ended" => ("상담사 변경 취소", "transfer ended"),
        "transferred" => ("상담사 변경", "transferred"),
        "held" => ("종료보류", "held"),
        "unheld" => ("종료보류 해제", "no longer held"),
        "woken" => ("다시 활성", "active again"),
        "category_changed" => ("분류 변경", "category changed"),
        "tagged" => ("태그", "tagged"),
        "untagged" => ("태그 삭제", "untagged"),
        "noted" => ("메모", "note"),
        "titled" => ("제목", "title"),
        "flag_changed" => ("플래그", "flag"),
        "alarm_set" => ("알람", "alarm"),
        "review_requested" => ("검토 요청", "review requested"),
        "review_answered" => ("검토 답변", "review answered"),
        "ended" => ("상담 종료", "ended"),
        "after_work_ended" => ("후처리 종료", "after-work ended"),
        "reopened" => ("상담 재개", "reopened"),
        "rated" => ("만족도", "rated"),
        "blocked" => ("차단", "blocked"),
        "supervised" => ("관리자 참여", "supervised"),
        "converted" => ("전환", "converted"),
        "customer_linked" => ("고객 연결", "customer linked"),
        _ => return None,
    })
}
