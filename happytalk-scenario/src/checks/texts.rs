//! What is said can be said: T5, T6, T7.

use super::Found;
use crate::diagnostic::Diagnostic;
use crate::document::{CardSay, Document, Exit, Press, Say, Words, node_pointer};
use std::fmt::Arguments;

pub(super) fn check(document: &Document, found: &mut Found) {
    for node in &document.nodes {
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        for (place, say) in node.every_say() {
            said(say, format_args!("{pointer}{place}"), found);
        }
        match &node.exit {
            Some(Exit::Ask(ask)) => blank(&ask.prompt, format_args!("{pointer}/ask/prompt"), found),
            Some(Exit::Form(form)) => {
                for (place, slot) in form.slots.iter().enumerate() {
                    let at = format_args!("{pointer}/form/slots/{place}/prompt");
                    blank(&slot.ask.prompt, at, found);
                }
                if let Some(review) = &form.review {
                    blank(review, format_args!("{pointer}/form/review"), found);
                }
            }
            Some(Exit::Buttons(buttons)) => {
                if node.says.is_empty() && !node.broken {
                    empty(pointer, found);
                }
                if buttons.is_empty() && !node.broken {
                    found.push(Diagnostic::error(
                        "G2",
                        format_args!("{pointer}/buttons"),
                        "버튼이 없어 나갈 길이 없습니다.",
                        "there is no button, and so no way out",
                        "add a button",
                    ));
                }
            }
            _ => {}
        }
        let is_ask = matches!(node.exit, Some(Exit::Ask(_)));
        for (list, buttons) in node.button_lists() {
            for (place, button) in buttons.iter().enumerate() {
                let at = format_args!("{pointer}{list}/{place}");
                if button.label.trim().is_empty() {
                    empty(format_args!("{at}/label"), found);
                }
                if let Press::Url(url) = &button.press {
                    secure(url, format_args!("{at}/url"), found);
                }
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
    if let Some(avatar) = document.persona.as_ref().and_then(|it| it.avatar.as_ref()) {
        secure(avatar, format_args!("/persona/avatar"), found);
    }
}

fn said(say: &Say, at: Arguments<'_>, found: &mut Found) {
    match say {
        Say::Text(words) => blank(words, at, found),
        Say::Link { label, url } => {
            blank(label, format_args!("{at}/link/label"), found);
            secure(url, format_args!("{at}/link/url"), found);
        }
        Say::Image { url, alt } => {
            let at = format_args!("{at}/image");
            secure(url, at, found);
            if alt.is_none() {
                no_words(at, found);
            }
        }
        Say::Card(card) => said_card(card, format_args!("{at}/card"), found),
        Say::Carousel(cards) => {
            let at = format_args!("{at}/carousel");
            if cards.is_empty() {
                empty(at, found);
            }
            for (place, card) in cards.iter().enumerate() {
                said_card(card, format_args!("{at}/{place}"), found);
            }
        }
        Say::List { items, .. } => {
            let at = format_args!("{at}/list/items");
            if items.is_empty() {
                empty(at, found);
            }
            for (place, item) in items.iter().enumerate() {
                blank(item, format_args!("{at}/{place}"), found);
            }
        }
    }
}

fn said_card(card: &CardSay, at: Arguments<'_>, found: &mut Found) {
    if let Some(url) = &card.image {
        secure(url, format_args!("{at}/image"), found);
    }
    let words = card.title.is_some() || card.text.is_some() || card.alt.is_some();
    match (words, &card.image) {
        (true, _) => {}
        (false, Some(_)) => no_words(at, found),
        (false, None) => empty(at, found),
    }
}

fn no_words(at: Arguments<'_>, found: &mut Found) {
    found.push(Diagnostic::warning(
        "T5",
        at,
        "그림을 보여 줄 수 없는 채널에서 대신할 글(alt)이 없습니다.",
        "a channel without pictures has nothing to show instead: there is no 'alt'",
        "add an 'alt' that says what the picture shows",
    ));
}

fn blank(words: &Words, at: Arguments<'_>, found: &mut Found) {
    if words
        .as_ref()
        .is_ok_and(crate::template::Template::is_blank)
    {
        empty(at, found);
    }
}

fn empty(at: Arguments<'_>, found: &mut Found) {
    found.push(Diagnostic::error(
        "T7",
        at,
        "할 말이 비어 있습니다.",
        "nothing would be said",
        "write what the customer should read",
    ));
}

fn secure(url: &str, at: Arguments<'_>, found: &mut Found) {
    let rest = url.strip_prefix("https://");
    let names_a_host =
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']));
    if !names_a_host || url.contains(char::is_whitespace) {
        found.push(Diagnostic::error(
            "T6",
            at,
            "https 주소가 아닙니다.",
            "this is no https address",
            "begin it with https://",
        ));
    }
}
