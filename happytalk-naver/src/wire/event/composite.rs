//! Composites (복합 메시지): a title, words, a picture and buttons in one frame.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "compositeContent" (read 2026-11-21)

use happytalk_core::content::Card;
use serde::Serialize;

use super::button::{LABEL_MAX, Place, WireButton};
use super::{Part, TEXT_MAX, at_most, filled, within};
use crate::error::Error;

/// The longest title, in UTF-16 units.
pub(crate) const TITLE_MAX: usize = 200;
/// The longest description, in UTF-16 units.
pub(crate) const DESCRIPTION_MAX: usize = 1_000;
/// The most buttons of one composite.
pub(crate) const BUTTONS_MAX: usize = 10;
/// The most composites of one message.
pub(crate) const CARDS_MAX: usize = 10;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Composite<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    button_list: Vec<WireButton<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    image_url: &'a str,
}

/// What carries a card: a composite, or plain text where the card is nothing else, which the platform takes no
/// composite for.
pub(super) fn part(card: &Card) -> Result<Part<'_>, Error> {
    let title = filled(card.title.as_deref());
    let text = filled(card.text.as_deref());
    let image = filled(card.image.as_deref());
    match (title.xor(text), image) {
        (Some(words), None) if card.buttons.is_empty() => {
            Ok(Part::Text(within("card.text", words, TEXT_MAX)?))
        }
        _ => Ok(Part::Composites(vec![Composite::new(card)?])),
    }
}

/// What carries cards side by side.
pub(super) fn parts(cards: &[Card]) -> Result<Part<'_>, Error> {
    at_most("carousel.cards", cards.len(), CARDS_MAX)?;
    match cards {
        [] => Err(Error::Empty {
            place: "carousel.cards",
        }),
        [card] => part(card),
        cards => {
            let composites = cards.iter().map(Composite::new);
            Ok(Part::Composites(composites.collect::<Result<_, _>>()?))
        }
    }
}

impl<'a> Composite<'a> {
    /// The platform's two rules: a title or a description must be there, and something beside it.
    fn new(card: &'a Card) -> Result<Self, Error> {
        let title = filled(card.title.as_deref());
        let text = filled(card.text.as_deref());
        let image_url = filled(card.image.as_deref());
        at_most("card.buttons", card.buttons.len(), BUTTONS_MAX)?;
        let place = Place {
            label: "button.label",
            label_max: LABEL_MAX,
        };
        let buttons = card.buttons.iter();
        let buttons = buttons.map(|button| WireButton::new(button, place));
        let composite = Self {
            title: title
                .map(|title| within("card.title", title, TITLE_MAX))
                .transpose()?,
            description: text
                .map(|text| within("card.text", text, DESCRIPTION_MAX))
                .transpose()?,
            image: image_url.map(|image_url| Image { image_url }),
            button_list: buttons.collect::<Result<_, _>>()?,
        };
        let words = [title, text].into_iter().flatten().count();
        let beside = [image_url.is_some(), !composite.button_list.is_empty()];
        let all = beside.into_iter().filter(|there| *there).count() + words;
        if words == 0 || all < 2 {
            return Err(Error::BareCard);
        }
        Ok(composite)
    }
}
