//! Reads what a node says.

use super::fields::{Fields, Found, text};
use super::{CardSay, Say};
use crate::diagnostic::Diagnostic;
use crate::template::Template;
use crate::tree::{Place, Tree};

/// The kinds of things that are said, by the name of the field that tells them.
pub(super) const SAYS: [&str; 6] = ["text", "link", "image", "card", "carousel", "list"];
pub(super) const CARD: [&str; 4] = ["title", "text", "image", "alt"];

/// What is said, and whether it is one thing rather than a list.
pub(super) fn read_says(fields: &Fields<'_>, found: &mut Found) -> (Vec<Say>, bool) {
    match fields.get("say") {
        None => (Vec::new(), false),
        Some(Tree::List(all)) => {
            if all.is_empty() {
                found.push(Diagnostic::error(
                    "T7",
                    fields.at("say"),
                    "할 말이 비어 있습니다.",
                    "nothing would be said",
                    "write what the customer should read, or take 'say' out",
                ));
            }
            let items = fields.list("say", found).into_iter();
            let says = items.filter_map(|(tree, pointer)| read_say(tree, pointer, found));
            (says.collect(), false)
        }
        Some(one) => {
            let say = read_say(one, fields.at("say"), found);
            (say.into_iter().collect(), true)
        }
    }
}

fn read_say(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<Say> {
    if let Tree::Text(_) = tree {
        let words = text(tree, pointer, found)?;
        return Some(Say::Text(Template::parse(words)));
    }
    let fields = Fields::new(tree, pointer, &SAYS, found)?;
    let mut present = SAYS.iter().filter(|name| fields.has(name));
    let Some(first) = present.next() else {
        fields.missing("text", found);
        return None;
    };
    if let Some(second) = present.next() {
        fields.clash(
            second,
            first,
            "say them one after the other, as a list",
            found,
        );
    }
    match *first {
        "text" => {
            let words = fields.text("text", found)?;
            Some(Say::Text(Template::parse(words)))
        }
        "link" => {
            let link = fields.get("link")?;
            let link = Fields::new(link, fields.at("link"), &["label", "url"], found)?;
            Some(Say::Link {
                label: Template::parse(link.need_text("label", found)?),
                url: link.need_text("url", found)?.to_owned(),
            })
        }
        "image" => {
            let image = fields.get("image")?;
            if let Tree::Text(url) = image {
                let url = url.clone();
                return Some(Say::Image { url, alt: None });
            }
            let image = Fields::new(image, fields.at("image"), &["url", "alt"], found)?;
            Some(Say::Image {
                url: image.need_text("url", found)?.to_owned(),
                alt: image.text("alt", found).map(Template::parse),
            })
        }
        "card" => {
            let card = read_card(fields.get("card")?, fields.at("card"), found)?;
            Some(Say::Card(Box::new(card)))
        }
        "carousel" => {
            let items = fields.list("carousel", found).into_iter();
            let cards = items.filter_map(|(tree, at)| read_card(tree, at, found));
            Some(Say::Carousel(cards.collect()))
        }
        _ => {
            let list = fields.get("list")?;
            let list = Fields::new(list, fields.at("list"), &["title", "items"], found)?;
            if !list.has("items") {
                list.missing("items", found);
            }
            Some(Say::List {
                title: list.text("title", found).map(Template::parse),
                items: list
                    .texts("items", found)
                    .iter()
                    .map(|words| Template::parse(words))
                    .collect(),
            })
        }
    }
}

fn read_card(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<CardSay> {
    let card = Fields::new(tree, pointer, &CARD, found)?;
    Some(CardSay {
        title: card.text("title", found).map(Template::parse),
        text: card.text("text", found).map(Template::parse),
        image: card.text("image", found).map(str::to_owned),
        alt: card.text("alt", found).map(Template::parse),
    })
}
