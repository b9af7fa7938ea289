//! What is said can be said: T6, T7.

use super::Found;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Exit, Press, Say, Words, node_pointer};

pub(super) fn check(document: &Document, found: &mut Found) {
    for node in &document.nodes {
        let pointer = node_pointer(node.id.as_str());
        for (place, say) in node.says.iter().enumerate() {
            let at = match node.says_one {
                true => format!("{pointer}/say"),
                false => format!("{pointer}/say/{place}"),
            };
            said(say, &at, found);
        }
        match &node.exit {
            Some(Exit::Ask(ask)) => blank(&ask.prompt, &format!("{pointer}/ask/prompt"), found),
            Some(Exit::Buttons(buttons)) => {
                if node.says.is_empty() && !node.broken {
                    empty(&pointer, found);
                }
                if buttons.is_empty() && !node.broken {
                    found.push(Diagnostic::error(
                        "G2",
                        format!("{pointer}/buttons"),
                        "버튼이 없어 나갈 길이 없습니다.",
                        "there is no button, and so no way out",
                        "add a button",
                    ));
                }
            }
            _ => {}
        }
        for (place, button) in node.buttons().iter().enumerate() {
            let at = format!("{pointer}/buttons/{place}");
            if button.label.trim().is_empty() {
                empty(&format!("{at}/label"), found);
            }
            if let Press::Url(url) = &button.press {
                secure(url, &format!("{at}/url"), found);
            }
            let is_ask = matches!(node.exit, Some(Exit::Ask(_)));
            if button.to.is_none() && button.press == Press::Postback && !is_ask {
                found.push(Diagnostic::error(
                    "S3",
                    at,
                    "필수 필드 'to'가 없습니다.",
                    "the field 'to' is missing",
                    "add 'to'",
                ));
            }
        }
    }
}

fn said(say: &Say, at: &str, found: &mut Found) {
    match say {
        Say::Text(words) => blank(words, at, found),
        Say::Link { label, url } => {
            blank(label, &format!("{at}/link/label"), found);
            secure(url, &format!("{at}/link/url"), found);
        }
        Say::Image { url, .. } => secure(url, &format!("{at}/image"), found),
        Say::Card { title, text, image } => {
            let shows = title.is_some() || text.is_some() || image.is_some();
            if !shows {
                empty(&format!("{at}/card"), found);
            }
            if let Some(url) = image {
                secure(url, &format!("{at}/card/image"), found);
            }
        }
    }
}

fn blank(words: &Words, at: &str, found: &mut Found) {
    if words
        .as_ref()
        .is_ok_and(crate::template::Template::is_blank)
    {
        empty(at, found);
    }
}

fn empty(at: &str, found: &mut Found) {
    found.push(Diagnostic::error(
        "T7",
        at,
        "할 말이 비어 있습니다.",
        "nothing would be said",
        "write what the customer should read",
    ));
}

fn secure(url: &str, at: &str, found: &mut Found) {
    if !url.starts_with("https://") {
        found.push(Diagnostic::error(
            "T6",
            at,
            "https 주소가 아닙니다.",
            "this is no https address",
            "begin it with https://",
        ));
    }
}
