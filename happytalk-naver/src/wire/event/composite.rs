//! Composites (복합 메시지): a title, words, a picture, rows and buttons in one frame.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "compositeContent" (read 2026-11-21)

use happytalk_core::content::Card;
use serde::Serialize;

use super::button::{Place, WireButton};
use super::image::ImageRef;
use super::{Part, TEXT_MAX, at_most, filled, within};
use crate::error::Error;
use crate::message::{self, Row};

/// The longest title, in UTF-16 units.
pub(crate) const TITLE_MAX: usize = 200;
/// The longest description, in UTF-16 units.
pub(crate) const DESCRIPTION_MAX: usize = 1_000;
/// The most buttons of one composite.
pub(crate) const BUTTONS_MAX: usize = 10;
/// The most composites of one message.
pub(crate) const CARDS_MAX: usize = 10;
/// The most rows of one composite.
const ROWS_MAX: usize = 3;
/// The longest title, description and sub-description of a row, in UTF-16 units.
const ROW_WORDS_MAX: usize = 100;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Composite<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageRef<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    element_list: Option<ElementList<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    button_list: Vec<WireButton<'a>>,
}

#[derive(Debug, Serialize)]
struct ElementList<'a> {
    r#type: &'static str,
    data: Vec<Element<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Element<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageRef<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    button: Option<WireButton<'a>>,
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
    match cards {
        [card] => part(card),
        cards => Ok(Part::Composites(list(cards, Composite::new)?)),
    }
}

/// Composites of TalkTalk's own, whose rows have labels of at most `row_label_max`.
pub(super) fn own<'a>(
    cards: &'a [message::Card],
    row_label_max: usize,
) -> Result<Vec<Composite<'a>>, Error> {
    list(cards, |card| Composite::of(card, row_label_max))
}

fn list<'a, C>(
    cards: &'a [C],
    composite: impl Fn(&'a C) -> Result<Composite<'a>, Error>,
) -> Result<Vec<Composite<'a>>, Error> {
    at_most("carousel.cards", cards.len(), CARDS_MAX)?;
    if cards.is_empty() {
        return Err(Error::Empty {
            place: "carousel.cards",
        });
    }
    cards.iter().map(composite).collect()
}

impl<'a> Composite<'a> {
    /// A card that every channel knows.
    fn new(card: &'a Card) -> Result<Self, Error> {
        at_most("card.buttons", card.buttons.len(), BUTTONS_MAX)?;
        let buttons = card.buttons.iter();
        let buttons = buttons.map(|button| WireButton::new(button, Place::CARD));
        let composite = Self {
            title: title(card.title.as_deref())?,
            description: description(card.text.as_deref())?,
            image: filled(card.image.as_deref()).map(ImageRef::of_text),
            element_list: None,
            button_list: buttons.collect::<Result<_, _>>()?,
        };
        composite.checked()
    }

    /// A card that TalkTalk alone knows.
    fn of(card: &'a message::Card, row_label_max: usize) -> Result<Self, Error> {
        at_most("card.buttons", card.buttons.len(), BUTTONS_MAX)?;
        at_most("card.rows", card.rows.len(), ROWS_MAX)?;
        let buttons = card.buttons.iter();
        let buttons = buttons.map(|button| WireButton::of(button, Place::CARD));
        let rows = card.rows.iter().map(|row| Element::new(row, row_label_max));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let composite = Self {
            title: title(card.title.as_deref())?,
            description: description(card.text.as_deref())?,
            image: card.image.as_ref().map(ImageRef::new).transpose()?,
            element_list: (!rows.is_empty()).then_some(ElementList {
                r#type: "LIST",
                data: rows,
            }),
            button_list: buttons.collect::<Result<_, _>>()?,
        };
        composite.checked()
    }

    /// The platform's two rules: a title, a description or rows must be there, and two things in all.
    fn checked(self) -> Result<Self, Error> {
        let says = [
            self.title.is_some(),
            self.description.is_some(),
            self.element_list.is_some(),
        ];
        let shows = [self.image.is_some(), !self.button_list.is_empty()];
        let all = says.iter().chain(&shows).filter(|there| **there).count();
        if !says.contains(&true) || all < 2 {
            return Err(Error::BareCard);
        }
        Ok(self)
    }
}

fn title(text: Option<&str>) -> Result<Option<&str>, Error> {
    let text = filled(text).map(|text| within("card.title", text, TITLE_MAX));
    text.transpose()
}

fn description(text: Option<&str>) -> Result<Option<&str>, Error> {
    let text = filled(text).map(|text| within("card.text", text, DESCRIPTION_MAX));
    text.transpose()
}

impl<'a> Element<'a> {
    fn new(row: &'a Row, label_max: usize) -> Result<Self, Error> {
        let optional = |place, text: Option<&'a str>| {
            let text = filled(text).map(|text| within(place, text, ROW_WORDS_MAX));
            text.transpose()
        };
        let button = row.button.as_ref();
        let button = button.map(|button| WireButton::of(button, Place::row(label_max)));
        Ok(Self {
            title: within("row.title", &row.title, ROW_WORDS_MAX)?,
            description: optional("row.text", row.text.as_deref())?,
            sub_description: optional("row.note", row.note.as_deref())?,
            image: row.image.as_ref().map(ImageRef::new).transpose()?,
            button: button.transpose()?,
        })
    }
}
