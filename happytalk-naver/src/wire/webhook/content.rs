//! What a message of the wire says: words, a picture, a file, composites.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "send 이벤트 구조", "compositeContent" (read 2026-11-21).
//! Observed: `fileContent` and `marketingContent`, in echoes.

use std::borrow::Cow;

use happytalk_core::Content;
use happytalk_core::content::{Button, ButtonAction, ButtonTargets, Card, Media, Text};
use serde::Deserialize;

use crate::wire::lenient::{List, Maybe, Scalar};

/// What a sticker is called in `inputType`. The words beside it are the platform's stand-in, always the same.
const STICKER: &str = "sticker";

/// Words, as a customer made them or as an echo repeats them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TextContent<'a> {
    #[serde(borrow)]
    text: Scalar<'a>,
    #[serde(borrow)]
    pub(super) code: Scalar<'a>,
    #[serde(borrow)]
    pub(super) input_type: Scalar<'a>,
    #[serde(borrow)]
    quick_reply: Maybe<ButtonList<'a>>,
}

impl TextContent<'_> {
    /// Takes what it says out of it; nothing out of the empty object that may stand beside a file.
    pub(super) fn take_content(&mut self) -> Option<Content> {
        if self.input_type.is(STICKER) {
            return Some(Content::Sticker);
        }
        // A button may have no title; then the press alone is what was said.
        if self.text.0.is_none() && !self.code.is_filled() {
            return None;
        }
        let mut text = Text::new(self.text.0.take().map(Cow::into_owned).unwrap_or_default());
        text.quick_replies = buttons(std::mem::take(&mut self.quick_reply));
        Some(Content::Text(text))
    }
}

/// A picture, by its URL or by the id of an upload.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ImageContent<'a> {
    #[serde(borrow)]
    image_url: Scalar<'a>,
    #[serde(borrow)]
    image_id: Scalar<'a>,
}

impl ImageContent<'_> {
    /// Exactly as it came: the platform has sent addresses with a broken host.
    fn into_url(self) -> Option<String> {
        self.image_url.owned().or_else(|| self.image_id.owned())
    }

    pub(super) fn into_content(self) -> Option<Content> {
        self.into_url().map(|url| Content::Image(Media::new(url)))
    }
}

/// A file that an agent sent from the partner centre. The address works until `expireDate`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FileContent<'a> {
    #[serde(borrow)]
    download_url: Scalar<'a>,
    #[serde(borrow)]
    file_name: Scalar<'a>,
    #[serde(borrow)]
    pub(super) expire_date: Scalar<'a>,
}

impl FileContent<'_> {
    pub(super) fn into_content(self) -> Option<Content> {
        let mut media = Media::new(self.download_url.owned()?);
        media.name = self.file_name.owned();
        Some(Content::File(media))
    }
}

/// A marketing message (마케팅 메시지) of the account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MarketingContent<'a> {
    #[serde(borrow)]
    marketing_text: Scalar<'a>,
    #[serde(borrow)]
    pub(super) marketing_message_no: Scalar<'a>,
}

impl MarketingContent<'_> {
    pub(super) fn into_content(self) -> Option<Content> {
        self.marketing_text.owned().map(Content::text)
    }
}

/// One composite, or several side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CompositeContent<'a> {
    #[serde(borrow)]
    composite_list: List<Composite<'a>>,
    #[serde(borrow)]
    quick_reply: Maybe<ButtonList<'a>>,
}

impl CompositeContent<'_> {
    pub(super) fn into_content(self) -> Option<Content> {
        let mut cards: Vec<Card> = self.composite_list.0.into_iter().map(card).collect();
        let mut last = cards.pop()?;
        last.quick_replies = buttons(self.quick_reply);
        if cards.is_empty() {
            return Some(Content::Card(last));
        }
        cards.push(last);
        Some(Content::Carousel { cards })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Composite<'a> {
    #[serde(borrow)]
    title: Scalar<'a>,
    #[serde(borrow)]
    description: Scalar<'a>,
    #[serde(borrow)]
    image: Maybe<ImageContent<'a>>,
    #[serde(borrow)]
    element_list: Maybe<ElementList<'a>>,
    #[serde(borrow)]
    button_list: List<WireButton<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ElementList<'a> {
    #[serde(borrow)]
    data: List<Element<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Element<'a> {
    #[serde(borrow)]
    title: Scalar<'a>,
    #[serde(borrow)]
    description: Scalar<'a>,
    #[serde(borrow)]
    sub_description: Scalar<'a>,
    #[serde(borrow)]
    button: Maybe<WireButton<'a>>,
}

/// A card has no rows: the words of the elements follow its text line by line, their buttons come before its own.
fn card(composite: Composite<'_>) -> Card {
    let mut card = Card::new();
    card.title = composite.title.owned();
    card.image = composite.image.0.and_then(ImageContent::into_url);
    let mut lines = Vec::from_iter(composite.description.owned());
    for element in composite.element_list.0.unwrap_or_default().data.0 {
        let words = [element.title, element.description, element.sub_description];
        lines.extend(words.into_iter().filter_map(Scalar::owned));
        card.buttons
            .extend(element.button.0.into_iter().flat_map(pressable));
    }
    card.text = Some(lines.join("\n")).filter(|text| !text.is_empty());
    card.buttons
        .extend(composite.button_list.0.into_iter().flat_map(pressable));
    card
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ButtonList<'a> {
    #[serde(borrow)]
    button_list: List<WireButton<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WireButton<'a> {
    #[serde(borrow)]
    r#type: Scalar<'a>,
    #[serde(borrow)]
    data: Maybe<ButtonData<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ButtonData<'a> {
    #[serde(borrow)]
    title: Scalar<'a>,
    #[serde(borrow)]
    code: Scalar<'a>,
    #[serde(borrow)]
    url: Scalar<'a>,
    #[serde(borrow)]
    mobile_url: Scalar<'a>,
    #[serde(borrow)]
    button_list: List<WireButton<'a>>,
}

fn buttons(list: Maybe<ButtonList<'_>>) -> Vec<Button> {
    let list = list.0.unwrap_or_default().button_list.0;
    list.into_iter().flat_map(pressable).collect()
}

/// The buttons that a button of the wire stands for: those of the menu where it opens one (`OPTION`), else itself.
/// Kinds that are not known, and pickers, are what their title and code say. Recursion is as deep as the JSON, which
/// the reader limits to 128.
fn pressable(button: WireButton<'_>) -> Vec<Button> {
    let Some(data) = button.data.0 else {
        return Vec::new();
    };
    if button.r#type.is("OPTION") {
        return data.button_list.0.into_iter().flat_map(pressable).collect();
    }
    let label = data.title.owned().unwrap_or_default();
    let link = button.r#type.is("LINK");
    let mobile = data.mobile_url.owned();
    match data.url.owned().or_else(|| mobile.clone()) {
        Some(url) if link => {
            let phone = url.strip_prefix("tel:").map(ToOwned::to_owned);
            if let Some(number) = phone {
                return vec![Button::new(label, ButtonAction::Phone, number)];
            }
            let other = mobile.filter(|mobile| *mobile != url);
            let mut button = Button::new(label, ButtonAction::Url, url);
            button.targets = other.map(|web| {
                let mut targets = ButtonTargets::default();
                targets.web = Some(web);
                targets
            });
            vec![button]
        }
        _ => vec![Button::new(
            label,
            ButtonAction::Postback,
            data.code.owned().unwrap_or_default(),
        )],
    }
}
