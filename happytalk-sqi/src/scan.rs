//! The quick way to read a line: one pass over its bytes, bound to the fields the figures look at.
//!
//! It takes a line only where it is sure of it: JSON from end to end, each field it needs there, once, of its kind and
//! with a known word. Whatever is rare (an escape in a name, a field that is there twice) or wrong is left to
//! [`Line::parse`](happytalk_core::Line::parse), so that both ways give the same. Of fields that no figure looks at
//! nothing is asked but that they are JSON.
//!
//! Most lines are as [`Line::to_json`](happytalk_core::Line::to_json) writes them: those are read quicker still, by
//! their names in their order (`written`); in any other order, and with spaces, they are read field by field.

use std::borrow::Cow;

use happytalk_core::Timestamp;
use happytalk_core::event::{
    AfterWorkEndedBy, AutoKind, ChannelEnd, EndRule, OpenedBy, OverCap, ProfileSkip, RejectReason,
    RequestedBy, TransferEnd, TransferHow,
};
use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, Error as WordError};

mod cursor;
mod written;

use crate::fact::{About, CameWith, Fact, Opening, Place, What, is_idle};
use cursor::Cursor;

/// Reads a line, or leaves it to the slow way.
pub(crate) fn scan(text: &str) -> Option<Fact<'_>> {
    let mut cursor = Cursor::new(text);
    let Some(head) = written::head(&mut cursor) else {
        let mut cursor = Cursor::new(text);
        cursor.take(b'{')?;
        return Fields::default().rest(&mut cursor);
    };
    let mut body = cursor.clone();
    if let Some(what) = written::body(head.kind, &mut body) {
        let (place, seq) = (Place::Conversation(head.conversation), head.seq);
        let at = instant(head.at)?;
        return Some(Fact {
            place,
            seq,
            at,
            what,
        });
    }
    let fields = Fields {
        conversation: Some(head.conversation),
        seq: Some(head.seq),
        at: Some(head.at),
        kind: Some(head.kind),
        ..Fields::default()
    };
    if cursor.take_if(b',') {
        return fields.rest(&mut cursor);
    }
    fields.end(&mut cursor)
}

/// The instant so many milliseconds after 1970, where the calendar has it.
fn instant(millis: u64) -> Option<Timestamp> {
    let millis = i64::try_from(millis).ok()?;
    let at = Timestamp::from_millis(millis);
    (at.as_millis() == millis).then_some(at)
}

/// The fields of a line, as far as a figure may look at them.
#[derive(Debug, Default)]
struct Fields<'a> {
    conversation: Option<&'a str>,
    agent: Option<&'a str>,
    site: Option<&'a str>,
    seq: Option<u64>,
    at: Option<u64>,
    kind: Option<&'a str>,
    /// `kind` of `auto_said`, which is no longer the line's.
    inner_kind: Option<&'a str>,
    channel: Option<&'a str>,
    account: Option<&'a str>,
    customer: Option<&'a str>,
    opened_by: Option<&'a str>,
    bot: Option<bool>,
    category: Option<About<'a>>,
    queue: Option<&'a str>,
    parameters: Option<&'a str>,
    previous: Option<&'a str>,
    is_final: Option<bool>,
    reason: Option<&'a str>,
    message: Option<MessageField<'a>>,
    code: Option<&'a str>,
    by: Option<&'a str>,
    holds_queue: Option<bool>,
    fields: Option<&'a str>,
    how: Option<&'a str>,
    over_cap: Option<&'a str>,
    cause: Option<&'a str>,
    from: Option<&'a str>,
    to: Option<Target<'a>>,
    why: Option<&'a str>,
    after_work: Option<bool>,
    rule: Option<&'a str>,
    score: Option<u64>,
    scale: Option<u64>,
}

/// A message: the id of one that failed, or one that was said.
#[derive(Debug, Clone, Copy)]
enum MessageField<'a> {
    Id(&'a str),
    Said(Option<&'a str>),
}

/// Who or what a conversation goes to.
#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Agent(&'a str),
    Other(&'a str),
}

/// Puts a value where none was; a field that is there twice is left to the slow way.
fn put<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    match slot {
        Some(_) => None,
        None => {
            *slot = Some(value);
            Some(())
        }
    }
}

impl<'a> Fields<'a> {
    /// Reads on, to the end of the line.
    fn rest(mut self, cursor: &mut Cursor<'a>) -> Option<Fact<'a>> {
        if cursor.peek() != Some(b'}') {
            loop {
                let name = cursor.string()?;
                cursor.take(b':')?;
                self.read(name, cursor)?;
                if !cursor.take_if(b',') {
                    break;
                }
            }
        }
        self.end(cursor)
    }

    fn end(self, cursor: &mut Cursor<'a>) -> Option<Fact<'a>> {
        cursor.close(b'}')?;
        if !cursor.is_at_end() {
            return None;
        }
        self.fact()
    }

    fn read(&mut self, name: &str, cursor: &mut Cursor<'a>) -> Option<()> {
        match name {
            "conversation" => put(&mut self.conversation, cursor.string()?),
            "agent" => put(&mut self.agent, cursor.string()?),
            "site" => put(&mut self.site, cursor.string()?),
            "seq" => put(&mut self.seq, cursor.unsigned()?),
            "at" => put(&mut self.at, cursor.unsigned()?),
            "type" => put(&mut self.kind, cursor.string()?),
            "kind" => put(&mut self.inner_kind, cursor.string()?),
            "channel" => put(&mut self.channel, cursor.string()?),
            "account" => put(&mut self.account, cursor.string()?),
            "customer" => put(&mut self.customer, cursor.value()?),
            "opened_by" => put(&mut self.opened_by, cursor.string()?),
            "bot" => put(&mut self.bot, cursor.boolean()?),
            "category" => put(&mut self.category, category(cursor)?),
            "queue" => put(&mut self.queue, cursor.string()?),
            "parameters" => put(&mut self.parameters, cursor.value()?),
            "previous" => put(&mut self.previous, cursor.string()?),
            "final" => put(&mut self.is_final, cursor.boolean()?),
            "reason" => put(&mut self.reason, cursor.string()?),
            "message" => put(&mut self.message, message(cursor)?),
            "code" => put(&mut self.code, cursor.string()?),
            "by" => put(&mut self.by, cursor.string()?),
            "holds_queue" => put(&mut self.holds_queue, cursor.boolean()?),
            "fields" => put(&mut self.fields, cursor.value()?),
            "how" => put(&mut self.how, cursor.string()?),
            "over_cap" => put(&mut self.over_cap, cursor.string()?),
            "cause" => put(&mut self.cause, cursor.string()?),
            "from" => put(&mut self.from, cursor.string()?),
            "to" => {
                let target = match cursor.peek()? {
                    b'"' => Target::Agent(cursor.string()?),
                    _ => Target::Other(cursor.value()?),
                };
                put(&mut self.to, target)
            }
            "why" => put(&mut self.why, cursor.string()?),
            "after_work" => put(&mut self.after_work, cursor.boolean()?),
            "rule" => put(&mut self.rule, cursor.string()?),
            "score" => put(&mut self.score, cursor.unsigned()?),
            "scale" => put(&mut self.scale, cursor.unsigned()?),
            _ => cursor.value().map(|_| ()),
        }
    }

    fn fact(self) -> Option<Fact<'a>> {
        let seq = self.seq?;
        let at = instant(self.at?)?;
        let (place, what) = match (self.conversation, self.agent, self.site) {
            (Some(id), _, _) => (Place::Conversation(name(id)?), self.of_conversation()?),
            (None, Some(_), _) => return None,
            // Of the site's stream one kind is looked at, and that is rare.
            (None, None, Some(_)) if self.kind? == "hours_overridden" => return None,
            (None, None, Some(id)) => (Place::Site(name(id)?), What::Other),
            (None, None, None) => return None,
        };
        Some(Fact {
            place,
            seq,
            at,
            what,
        })
    }

    fn of_conversation(self) -> Option<What<'a>> {
        Some(match self.kind? {
            "opened" => self.opened()?,
            "customer_said" => What::CustomerSaid {
                message: self.said()?,
            },
            "agent_said" => What::AgentSaid {
                agent: name(self.agent?)?,
                message: self.said()?,
            },
            "bot_said" => {
                self.said()?;
                What::Other
            }
            "auto_said" => {
                self.said()?;
                match known(self.inner_kind?)? {
                    AutoKind::Survey => What::Surveyed,
                    _ => What::Other,
                }
            }
            "message_failed" => match self.message? {
                MessageField::Id(id) => {
                    name(self.code?)?;
                    What::MessageFailed { message: name(id)? }
                }
                MessageField::Said(_) => return None,
            },
            "agent_requested" => {
                known::<RequestedBy>(self.by?)?;
                What::Requested {
                    about: self.category,
                    queue: self
                        .queue
                        .map(name)
                        .map_or(Some(None), |queue| queue.map(Some))?,
                }
            }
            "assigned" => {
                if let Some(word) = self.over_cap {
                    known::<OverCap>(word)?;
                }
                What::Assigned {
                    agent: name(self.agent?)?,
                    how: known(self.how?)?,
                }
            }
            "transfer_requested" => {
                name(self.from?)?;
                match self.to? {
                    Target::Other(json) if json.starts_with('{') => What::TransferRequested,
                    _ => return None,
                }
            }
            "transfer_ended" => {
                known::<TransferEnd>(self.why?)?;
                What::TransferEnded
            }
            "transferred" => {
                name(self.from?)?;
                known::<TransferHow>(self.how?)?;
                match self.to? {
                    Target::Agent(to) => What::Transferred { to: name(to)? },
                    Target::Other(_) => return None,
                }
            }
            "returned_to_queue" => {
                name(self.agent?)?;
                if self.to.is_some() {
                    return None;
                }
                What::Returned {
                    cause: known(self.cause?)?,
                    about: None,
                    queue: None,
                }
            }
            "profile_requested" => {
                self.fields?.starts_with('[').then_some(())?;
                What::ProfileRequested {
                    holds_queue: self.holds_queue?,
                }
            }
            "profile_completed" => {
                self.fields?.starts_with('[').then_some(())?;
                What::ProfileDone
            }
            "profile_skipped" => {
                self.fields?.starts_with('[').then_some(())?;
                known::<ProfileSkip>(self.reason?)?;
                What::ProfileDone
            }
            "ended" => self.ended()?,
            "bot_ended" => What::BotEnded {
                by: known(self.by?)?,
            },
            "after_work_ended" => {
                known::<AfterWorkEndedBy>(self.by?)?;
                What::AfterWorkEnded
            }
            "rejected" => {
                known::<RejectReason>(self.reason?)?;
                What::Rejected {
                    is_final: self.is_final?,
                }
            }
            "reopened" => {
                name(self.by?)?;
                What::Reopened
            }
            "category_changed" => {
                name(self.by?)?;
                What::CategoryChanged {
                    about: self.category?,
                }
            }
            "rated" => What::Rated {
                score: u8::try_from(self.score?).ok()?,
                scale: u8::try_from(self.scale?).ok()?,
            },
            // The others change no figure; `agent_set` and its like are not known on this stream.
            _ => What::Other,
        })
    }

    fn opened(self) -> Option<What<'a>> {
        name(self.account?)?;
        let customer = self.customer?;
        // A name, or closed; which of the two does not matter here.
        if !customer.starts_with('{') {
            name(customer.strip_prefix('"')?.strip_suffix('"')?)?;
        } else if !customer.contains("\"sealed\"") && !customer.contains("\"erased\"") {
            return None;
        }
        let parameters = match self.parameters {
            None => CameWith::Nothing,
            Some(json) if json.starts_with('{') => CameWith::Json(json),
            Some(_) => return None,
        };
        Some(What::Opened(Box::new(Opening {
            channel: name(self.channel?)?,
            by_agent: known::<OpenedBy>(self.opened_by?)? == OpenedBy::Agent,
            bot: self.bot?,
            about: self.category,
            came_with: parameters,
            previous: match self.previous {
                Some(id) => Some(name(id)?),
                None => None,
            },
        })))
    }

    fn ended(self) -> Option<What<'a>> {
        let rule = match self.rule {
            Some(word) => Some(known::<EndRule>(word)?),
            None => None,
        };
        let cause = match self.cause {
            Some(word) => Some(known::<ChannelEnd>(word)?),
            None => None,
        };
        Some(What::Ended {
            by: known(self.by?)?,
            after_work: self.after_work?,
            idle: is_idle(rule, cause),
        })
    }

    /// The message that was said: its id, where it shows.
    fn said(&self) -> Option<Option<Cow<'a, str>>> {
        match self.message? {
            MessageField::Said(Some(id)) => Some(Some(Cow::Borrowed(name(id)?))),
            MessageField::Said(None) => Some(None),
            MessageField::Id(_) => None,
        }
    }
}

/// The longest name that is read here; a longer one is rare.
const NAME_BYTES_MAX: usize = 64;

/// A name as every id of the log has it: not empty, and without control characters, of which a string that was read
/// can only hold those at and above 0x7f.
fn name(text: &str) -> Option<&str> {
    let is_plain = text.len() <= NAME_BYTES_MAX && !text.is_empty();
    (is_plain && !cursor::may_hold_control(text)).then_some(text)
}

/// One of the closed set of words `T`.
fn known<'a, T: Deserialize<'a>>(word: &'a str) -> Option<T> {
    T::deserialize(BorrowedStrDeserializer::<WordError>::new(word)).ok()
}

fn category<'a>(cursor: &mut Cursor<'a>) -> Option<About<'a>> {
    let (mut main, mut sub, mut extra) = (None, None, None);
    cursor.take(b'{')?;
    loop {
        let slot = match cursor.string()? {
            "main" => &mut main,
            "sub" => &mut sub,
            "extra" => &mut extra,
            _ => return None,
        };
        cursor.take(b':')?;
        put(slot, name(cursor.string()?)?)?;
        if !cursor.take_if(b',') {
            break;
        }
    }
    cursor.close(b'}')?;
    Some(About { main: main?, sub })
}

fn message<'a>(cursor: &mut Cursor<'a>) -> Option<MessageField<'a>> {
    if cursor.peek()? == b'"' {
        return Some(MessageField::Id(cursor.string()?));
    }
    let (mut id, mut content, mut closed) = (None, None, false);
    cursor.take(b'{')?;
    if cursor.peek() != Some(b'}') {
        loop {
            let field = cursor.string()?;
            cursor.take(b':')?;
            match field {
                "id" => put(&mut id, cursor.string()?)?,
                "content" => put(&mut content, cursor.value()?)?,
                "sealed" | "erased" => {
                    closed = true;
                    cursor.value()?;
                }
                _ => {
                    cursor.value()?;
                }
            }
            if !cursor.take_if(b',') {
                break;
            }
        }
    }
    cursor.close(b'}')?;
    let is_whole = id.is_some() && content.is_some_and(|json| json.starts_with(['[', '{']));
    // A closed one is rare.
    (is_whole && !closed).then_some(MessageField::Said(id))
}

#[cfg(test)]
mod tests {
    use happytalk_core::Line;

    use super::*;

    /// Both ways to read a line.
    fn both(text: &str) -> (Option<Fact<'_>>, Option<Line>) {
        (scan(text), Line::parse(text).ok())
    }

    const OPENED: &str = r#"{"conversation":"c-1","seq":1,"at":1715562000000,"type":"opened","channel":"webchat","account":"shop","customer":"u","opened_by":"customer","bot":false}"#;

    #[test]
    fn a_line_is_read_whatever_the_order_and_the_spaces() {
        for text in [
            OPENED,
            r#" { "type" : "held" , "by":"kim", "at":5 ,"seq":2,"conversation":"c" } "#,
            r#"{"at":5,"agent":"kim","type":"assigned","how":"sticky","over_cap":"pick","seq":3,"conversation":"c","new":[{}]}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"ended","by":"channel","cause":"expired","after_work":false}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"customer_said","message":{"content":[],"id":"m-1"}}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"customer_said","message":{"content":{"sealed":"x"},"id":"m-1"}}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"teleported","to":[1]}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"agent_status","status":"x"}"#,
            r#"{"site":"s","seq":4,"at":5,"type":"message_failed","id":"m"}"#,
            r#"{"conversation":"c","seq":4,"at":5,"type":"category_changed","category":{"main":"환불","sub":"부분"},"by":"kim"}"#,
        ] {
            let (quick, slow) = both(text);
            let slow = slow.unwrap();
            assert_eq!(quick.unwrap(), Fact::from(&slow), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_or_rare_is_left_to_the_slow_way() {
        for (from, to) in [
            ("\"c-1\"", "\"\""),
            ("\"c-1\"", "\"c\u{7f}\""),
            ("\"c-1\"", "\"c\\u0031\""),
            ("\"c-1\"", "null"),
            ("\"seq\":1", "\"seq\":01"),
            ("\"seq\":1", "\"seq\":-1"),
            ("\"seq\":1", "\"seq\":1.0"),
            ("\"seq\":1", "\"seq\":1,\"seq\":1"),
            ("1715562000000", "9999999999999999"),
            ("1715562000000", "-5"),
            ("\"customer\",", "\"nobody\","),
            ("\"bot\":false", "\"bot\":0"),
            ("\"account\":\"shop\",", ""),
            ("\"u\"", "{\"seal\":1}"),
            ("}", "}}"),
            ("}", ""),
            ("}", ",}"),
            ("}", "} x"),
            ("{", "["),
        ] {
            let text = OPENED.replacen(from, to, 1);
            assert_ne!(text, OPENED);
            assert_eq!(scan(&text), None, "{text}");
        }
    }

    #[test]
    fn parameters_are_read_when_a_row_asks_for_one() {
        let text = OPENED.replace(
            "}",
            r#","parameters":{"inflow":"search","phone":{"sealed":"x"}}}"#,
        );
        let What::Opened(opening) = scan(&text).unwrap().what else {
            panic!("not an opening")
        };
        assert_eq!(opening.came_with.get("inflow").as_deref(), Some("search"));
        assert_eq!(opening.came_with.get("phone"), None);
        assert_eq!(opening.came_with.get("else"), None);
    }
}
