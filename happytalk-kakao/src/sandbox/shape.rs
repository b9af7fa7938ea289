//! What a message has to look like, read by the platform's documents and not by the adapter's own structs.
//!
//! Dialects name the same field in ways that differ in case and underscores alone, so that names are compared without both.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answer::Denied;
use super::chat::{field, text};
use super::room::{Shown, ShownButton};
use super::upload::{Upload, UploadUse};
use crate::dialect::Dialect;
use crate::wire::Endpoint;

/// The longest words of a message, in characters.
const TEXT_CHARS_MAX: usize = 1000;

/// The longest labels, in characters: of buttons in HappyTalk's first generation, and of all others.
const LABEL_CHARS_MAX_OF_V1: usize = 28;
const LABEL_CHARS_MAX: usize = 14;

/// The most quick replies.
const QUICK_REPLIES_MAX: usize = 10;

/// The longest text that comes back from a button, or event that it calls.
const CARRIED_CHARS_MAX: usize = 50;

/// The types of buttons that a message of 상담톡 may have.
const BUTTON_TYPES: [&str; 6] = ["WL", "AL", "BK", "MD", "BT", "BF"];

/// The system messages that can be asked for.
const AUTO_ANSWERS: [&str; 4] = ["S1", "S2", "S3", "S4"];

/// Reads the message that `body` asks for.
pub(super) fn read(
    dialect: Dialect,
    endpoint: Endpoint,
    body: &Value,
    uploads: &BTreeMap<Box<str>, Upload>,
    serial: &str,
) -> Result<Shown, Denied> {
    let kind = match endpoint {
        Endpoint::ChatWrite => match text(body, "message_type") {
            "" => "TX",
            kind => kind,
        },
        _ => field(body, "chat_bubble_type", "msgType"),
    };
    let shape = Shape::of(dialect, endpoint, kind)?;
    let words = text(body, "message");
    if words.chars().count() > TEXT_CHARS_MAX {
        return Err(Denied::TooLong);
    }
    if shape.needs_words && words.trim().is_empty() {
        return Err(Denied::Message);
    }
    let mut found = Found::default();
    found.walk("", body);
    let shown = Shown {
        serial: serial.to_owned(),
        kind: kind.to_owned(),
        words: found.words.join("\n"),
        media: found
            .media
            .iter()
            .map(|(_, url)| (*url).to_owned())
            .collect(),
        buttons: found.pressed(dialect, &shape)?,
    };
    shape.check_media(&found, uploads)?;
    shape.check_rest(body, &found)?;
    Ok(shown)
}

/// What a type of message has to have and may have.
struct Shape {
    needs_words: bool,
    buttons_max: usize,
    quick_replies: bool,
    /// Something beside words is needed: a button, a quick reply or a system message.
    needs_rest: bool,
    picture: Option<UploadUse>,
    needs_picture: bool,
    file: bool,
    named_file: bool,
    auto_answer: bool,
    list: Option<(usize, usize)>,
}

const PLAIN: Shape = Shape {
    needs_words: false,
    buttons_max: 0,
    quick_replies: false,
    needs_rest: false,
    picture: None,
    needs_picture: false,
    file: false,
    named_file: false,
    auto_answer: false,
    list: None,
};

const FILE: Shape = Shape {
    file: true,
    ..PLAIN
};

const RICH: Shape = Shape {
    needs_words: true,
    buttons_max: 5,
    quick_replies: true,
    picture: Some(UploadUse::InBubble),
    ..PLAIN
};

impl Shape {
    fn of(dialect: Dialect, endpoint: Endpoint, kind: &str) -> Result<Self, Denied> {
        Ok(match (endpoint, kind) {
            (Endpoint::ChatWrite, "TX") | (Endpoint::SendPlain, "TEXT") => Self {
                needs_words: true,
                ..PLAIN
            },
            (Endpoint::ChatWrite, "IM") | (Endpoint::SendPlain, "IMAGE") => Self {
                picture: Some(UploadUse::Alone),
                needs_picture: true,
                ..PLAIN
            },
            (Endpoint::ChatWrite, "FI") | (Endpoint::SendPlain, "FILE") => Self {
                named_file: true,
                ..FILE
            },
            (Endpoint::ChatWrite, "AU") | (Endpoint::SendPlain, "AUDIO" | "VIDEO") => FILE,
            (Endpoint::ChatWrite, "LI") => Self {
                needs_rest: true,
                auto_answer: true,
                ..RICH
            },
            (Endpoint::SendRich, "TEXT") => Self {
                auto_answer: true,
                ..RICH
            },
            (Endpoint::SendRich, "IMAGE") => Self {
                needs_words: false,
                needs_picture: true,
                ..RICH
            },
            (Endpoint::SendRich, "WIDE_IMAGE" | "WIDE")
                if (kind == "WIDE") == (dialect == Dialect::Bizgo) =>
            {
                Self {
                    needs_words: false,
                    needs_picture: true,
                    buttons_max: 2,
                    ..RICH
                }
            }
            (Endpoint::SendRich, "ITEM_LIST") => Self {
                list: Some((2, 10)),
                ..RICH
            },
            (Endpoint::SendRich, "WIDE_ITEM_LIST") => Self {
                needs_words: false,
                needs_picture: true,
                buttons_max: 2,
                list: Some((3, 4)),
                ..RICH
            },
            (Endpoint::SendRich, "CAROUSEL_FEED") => Self {
                needs_words: false,
                buttons_max: 2,
                list: Some((2, 10)),
                ..RICH
            },
            (Endpoint::SendRich, "PERSONAL" | "KAKAO_CERT") if dialect == Dialect::Bizgo => Self {
                needs_words: true,
                ..PLAIN
            },
            _ => return Err(Denied::Message),
        })
    }

    fn check_media(
        &self,
        found: &Found<'_>,
        uploads: &BTreeMap<Box<str>, Upload>,
    ) -> Result<(), Denied> {
        let (mut pictures, mut files) = (0_usize, 0_usize);
        for (_, url) in &found.media {
            // Only what was handed over before can be sent, and a picture for what it was handed over for.
            match uploads.get(*url).map(Upload::used_for) {
                Some(None) if self.file => files = files.saturating_add(1),
                Some(Some(used_for)) if Some(used_for) == self.picture => {
                    pictures = pictures.saturating_add(1);
                }
                _ if self.file => return Err(Denied::Message),
                _ => return Err(Denied::Image),
            }
        }
        if (self.needs_picture && pictures == 0) || (self.file && files == 0) {
            return Err(Denied::Message);
        }
        let is_named = found.has("filename") && found.has("filesize");
        match self.named_file && !is_named {
            true => Err(Denied::Message),
            false => Ok(()),
        }
    }

    fn check_rest(&self, body: &Value, found: &Found<'_>) -> Result<(), Denied> {
        let auto_answer = text(body, "auto_answer");
        let is_asked = !auto_answer.is_empty();
        if is_asked && !(self.auto_answer && AUTO_ANSWERS.contains(&auto_answer)) {
            return Err(Denied::Message);
        }
        let bare = found.buttons.is_empty() && found.quick_replies.is_empty();
        if self.needs_rest && bare && !is_asked {
            return Err(Denied::Message);
        }
        match (self.list, found.list) {
            (None, _) => Ok(()),
            (Some((least, most)), Some(count)) if (least..=most).contains(&count) => Ok(()),
            (Some(_), _) => Err(Denied::Message),
        }
    }
}

/// What stands in a body, wherever it stands.
#[derive(Default)]
struct Found<'a> {
    words: Vec<&'a str>,
    /// The name of the field, and the address.
    media: Vec<(String, &'a str)>,
    /// One list for each place that has buttons.
    buttons: Vec<&'a Vec<Value>>,
    quick_replies: Vec<&'a Vec<Value>>,
    /// How many rows or cards.
    list: Option<usize>,
    has_coupon: bool,
    names: Vec<String>,
}

impl<'a> Found<'a> {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|found| found == name)
    }

    fn walk(&mut self, name: &str, value: &'a Value) {
        let fields: &'a Map<String, Value> = match value {
            Value::Object(fields) => fields,
            Value::Array(items) => {
                for item in items {
                    self.walk(name, item);
                }
                return;
            }
            Value::String(text) => {
                match name {
                    "message" | "header" | "title" | "description" | "text" => {
                        self.words.push(text);
                    }
                    _ if name.ends_with("url") => self.media.push((name.to_owned(), text)),
                    _ => {}
                }
                return;
            }
            _ => return,
        };
        for (field, value) in fields {
            let field = normal(field);
            match (field.as_str(), value) {
                ("links" | "buttons" | "button", Value::Array(buttons)) => {
                    self.buttons.push(buttons);
                }
                ("quickreply" | "quickreplies", Value::Array(replies)) => {
                    self.quick_replies.push(replies);
                }
                ("coupon", Value::Object(_)) => self.has_coupon = true,
                ("list" | "items", Value::Array(items)) => {
                    self.list = Some(items.len());
                    self.walk(&field, value);
                }
                _ => self.walk(&field, value),
            }
            self.names.push(field);
        }
    }

    /// Everything that can be pressed, each checked.
    fn pressed(&self, dialect: Dialect, shape: &Shape) -> Result<Vec<ShownButton>, Denied> {
        let label_chars_max = match dialect {
            Dialect::HappytalkV1 | Dialect::Hub => LABEL_CHARS_MAX_OF_V1,
            _ => LABEL_CHARS_MAX,
        };
        let mut all = Vec::new();
        let buttons_max = match self.has_coupon {
            true => shape.buttons_max.min(4),
            false => shape.buttons_max,
        };
        for buttons in &self.buttons {
            if buttons.len() > buttons_max {
                return Err(Denied::Button);
            }
            for button in *buttons {
                all.push(pressed(button, label_chars_max).ok_or(Denied::Button)?);
            }
        }
        for replies in &self.quick_replies {
            if replies.len() > QUICK_REPLIES_MAX || (!shape.quick_replies && !replies.is_empty()) {
                return Err(Denied::QuickReply);
            }
            for reply in *replies {
                all.push(pressed(reply, LABEL_CHARS_MAX).ok_or(Denied::QuickReply)?);
            }
        }
        Ok(all)
    }
}

/// A button or quick reply; `None` where the platform would not take it.
fn pressed(button: &Value, label_chars_max: usize) -> Option<ShownButton> {
    let fields: BTreeMap<String, &str> = button
        .as_object()?
        .iter()
        .filter_map(|(name, value)| Some((normal(name), value.as_str()?)))
        .collect();
    let of = |name: &str| fields.get(name).copied().filter(|text| !text.is_empty());
    let label = of("name").filter(|name| name.chars().count() <= label_chars_max)?;
    let kind = of("type").filter(|kind| BUTTON_TYPES.contains(kind))?;
    for name in ["urlmobile", "urlpc"] {
        if of(name).is_some_and(|url| !is_web(url)) {
            return None;
        }
    }
    let targets = ["schemeios", "schemeandroid", "urlmobile"];
    match kind {
        "WL" => {
            of("urlmobile")?;
        }
        "AL" if targets.into_iter().filter_map(of).count() < 2 => return None,
        "BF" => {
            of("bizformkey").or_else(|| of("bizformid"))?;
        }
        _ => {}
    }
    let carried = ["extra", "chatextra", "event", "chatevent"];
    let carries = carried.into_iter().find_map(of);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if carries.is_some_and(|text| text.len() > CARRIED_CHARS_MAX || !text.bytes().all(allowed)) {
        return None;
    }
    Some(ShownButton {
        label: label.to_owned(),
        kind: kind.to_owned(),
        carries: carries.map(str::to_owned),
    })
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// A name without case and underscores.
fn normal(name: &str) -> String {
    let letters = name.chars().filter(|c| *c != '_');
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
