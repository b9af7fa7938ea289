//! Lines as [`Line::to_json`](happytalk_core::Line::to_json) writes them: no spaces, the stream, the number and the
//! instant first, then the type, then its fields in their order.
//!
//! Only the kinds of events that nearly all of a log is made of are known here, and only without what is rare in them.

use std::borrow::Cow;

use happytalk_core::event::{AfterWorkEndedBy, AutoKind, RequestedBy};

use super::cursor::Cursor;
use super::{category, known, name};
use crate::fact::{What, is_idle};

/// How a line of a conversation begins, up to its type.
pub(super) struct Head<'a> {
    pub(super) conversation: &'a str,
    pub(super) seq: u64,
    pub(super) at: u64,
    pub(super) kind: &'a str,
}

pub(super) fn head<'a>(cursor: &mut Cursor<'a>) -> Option<Head<'a>> {
    cursor.literal(r#"{"conversation":""#)?;
    let conversation = name(cursor.string_end()?)?;
    cursor.literal(r#","seq":"#)?;
    let seq = cursor.unsigned()?;
    cursor.literal(r#","at":"#)?;
    let at = cursor.unsigned()?;
    cursor.literal(r#","type":""#)?;
    let kind = cursor.string_end()?;
    Some(Head {
        conversation,
        seq,
        at,
        kind,
    })
}

/// What stands behind the type, to the end of the line.
pub(super) fn body<'a>(kind: &str, cursor: &mut Cursor<'a>) -> Option<What<'a>> {
    let what = match kind {
        "customer_said" => What::CustomerSaid {
            message: said(cursor)?,
        },
        "agent_said" => {
            cursor.literal(r#","agent":""#)?;
            What::AgentSaid {
                agent: name(cursor.string_end()?)?,
                message: said(cursor)?,
            }
        }
        "bot_said" => {
            said(cursor)?;
            What::Other
        }
        "auto_said" => {
            cursor.literal(r#","kind":""#)?;
            let kind: AutoKind = known(cursor.string_end()?)?;
            said(cursor)?;
            match kind {
                AutoKind::Survey => What::Surveyed,
                _ => What::Other,
            }
        }
        "agent_requested" => {
            cursor.literal(r#","by":""#)?;
            known::<RequestedBy>(cursor.string_end()?)?;
            let about = match cursor.literal(r#","category":"#) {
                Some(()) => Some(category(cursor)?),
                None => None,
            };
            let queue = match cursor.literal(r#","queue":""#) {
                Some(()) => Some(name(cursor.string_end()?)?),
                None => None,
            };
            What::Requested { about, queue }
        }
        "assigned" => {
            cursor.literal(r#","agent":""#)?;
            let agent = name(cursor.string_end()?)?;
            cursor.literal(r#","how":""#)?;
            What::Assigned {
                agent,
                how: known(cursor.string_end()?)?,
            }
        }
        "ended" => {
            cursor.literal(r#","by":""#)?;
            let by = known(cursor.string_end()?)?;
            cursor.literal(r#","after_work":"#)?;
            let after_work = cursor.boolean()?;
            let rule = match cursor.literal(r#","rule":""#) {
                Some(()) => Some(known(cursor.string_end()?)?),
                None => None,
            };
            let cause = match cursor.literal(r#","cause":""#) {
                Some(()) => Some(known(cursor.string_end()?)?),
                None => None,
            };
            What::Ended {
                by,
                after_work,
                idle: is_idle(rule, cause),
            }
        }
        "after_work_ended" => {
            cursor.literal(r#","by":""#)?;
            known::<AfterWorkEndedBy>(cursor.string_end()?)?;
            What::AfterWorkEnded
        }
        _ => return None,
    };
    cursor.literal("}")?;
    cursor.is_at_end().then_some(what)
}

/// A message that was said, and its id.
fn said<'a>(cursor: &mut Cursor<'a>) -> Option<Option<Cow<'a, str>>> {
    cursor.literal(r#","message":{"id":""#)?;
    let id = name(cursor.string_end()?)?;
    cursor.literal(r#","content":["#)?;
    if cursor.literal(r#"{"type":"text","text":""#).is_some() {
        cursor.pass_string_end()?;
        cursor.literal("}]")?;
    } else {
        cursor.literal("]")?;
    }
    // What else a message may have is rare.
    cursor.literal("}")?;
    Some(Some(Cow::Borrowed(id)))
}
