//! What a message of the wire says: words, a picture, a file, composites.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "send 이벤트 구조", "compositeContent" (read 2026-11-21).
//! Observed: `fileContent` and `marketingContent`, in echoes.

use happytalk_core::Content;
use happytalk_core::content::{Button, ButtonAction, ButtonTargets, Card, Media, Text};
use serde::Deserialize;

use crate::wire::lenient::{List, Maybe, Scalar};

/// What a sticker is called in `inputType`. The words beside it are the platform's stand-in, always the same.
const STICKER: &str = "sticker";

/// Words, as a customer made them or as an echo repeats them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TextContent {
    text: Scalar,
    pub(super) code: Scalar,
    pub(super) input_type: Scalar,
    quick_reply: Maybe<ButtonList>,
}

impl TextContent {
    /// Takes what it says out of it; nothing out of the empty object that may stand beside a file.
    pub(super) fn take_content(&mut self) -> Option<Content> {
        if self.input_type.is(STICKER) {
            return Some(Content::Sticker);
        }
        // A button may have no title; then the press alone is what was said.
        if self.text.0.is_none() && !self.code.is_filled() {
            return None;
        }
        let mut text = Text::new(self.text.0.take().unwrap_or_default());
        text.quick_replies = buttons(std::mem::take(&mut self.quick_reply));
        Some(Content::Text(text))
    }
}

/// A picture, by its URL or by the id of an upload.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ImageContent {
    image_url: Scalar,
    image_id: Scalar,
}

impl ImageContent {
    /// Exactly as it came: the platform has sent addresses with a broken host.
    fn into_url(self) -> Option<String> {
        self.image_url.filled().or_else(|| self.image_id.filled())
    }

    pub(super) fn into_content(self) -> Option<Content> {
        self.into_url().map(|url| Content::Image(Media::new(url)))
    }
}

/// A file that an agent sent from the partner centre. The address works until `expireDate`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FileContent {
    download_url: Scalar,
    file_name: Scalar,
}

impl FileContent {
    pub(super) fn into_content(self) -> Option<Content> {
        let mut media = Media::new(self.download_url.filled()?);
        media.name = self.file_name.filled();
        Some(Content::File(media))
    }
}

/// A marketing message (마케팅 메시지) of the account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MarketingContent {
    marketing_text: Scalar,
}

impl MarketingContent {
    pub(super) fn into_content(self) -> Option<Content> {
        self.marketing_text.filled().map(Content::text)
    }
}

/// One composite, or several side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CompositeContent {
    composite_list: List<Composite>,
    quick_reply: Maybe<ButtonList>,
}

impl CompositeContent {
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
struct Composite {
    title: Scalar,
    description: Scalar,
    image: Maybe<ImageContent>,
    element_list: Maybe<ElementList>,
    button_list: List<WireButton>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ElementList {
    data: List<Element>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Element {
    title: Scalar,
    description: Scalar,
    sub_description: Scalar,
    button: Maybe<WireButton>,
}

/// A card has no rows: the words of the elements follow its text line by line, their buttons come before its own.
fn card(composite: Composite) -> Card {
    let mut card = Card::new();
    card.title = composite.title.filled();
    card.image = composite.image.0.and_then(ImageContent::into_url);
    let mut lines = Vec::from_iter(composite.description.filled());
    for element in composite.element_list.0.unwrap_or_default().data.0 {
        let words = [element.title, element.description, element.sub_description];
        lines.extend(words.into_iter().filter_map(Scalar::filled));
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
struct ButtonList {
    button_list: List<WireButton>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WireButton {
    r#type: Scalar,
    data: Maybe<ButtonData>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ButtonData {
    title: Scalar,
    code: Scalar,
    url: Scalar,
    mobile_url: Scalar,
    button_list: List<WireButton>,
}

fn buttons(list: Maybe<ButtonList>) -> Vec<Button> {
    let list = list.0.unwrap_or_default().button_list.0;
    list.into_iter().flat_map(pressable).collect()
}

/// The buttons that a button of the wire stands for: those of the menu where it opens one (`OPTION`), else itself.
/// Kinds that are not known, and pickers, are what their title and code say. Recursion is as deep as the JSON, which
/// the reader limits to 128.
fn pressable(button: WireButton) -> Vec<Button> {
    let Some(data) = button.data.0 else {
        return Vec::new();
    };
    if button.r#type.is("OPTION") {
        return data.button_list.0.into_iter().flat_map(pressable).collect();
    }
    let label = data.title.filled().unwrap_or_default();
    let link = button.r#type.is("LINK");
    let mobile = data.mobile_url.filled();
    match data.url.filled().or_else(|| mobile.clone()) {
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
            data.code.filled().unwrap_or_default(),
        )],
    }
}
