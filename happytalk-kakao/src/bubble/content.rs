//! What every channel has, as Kakao's bubbles.

use happytalk_core::content::{Button, Card, Content, Media, Text};

use super::{Bubble, BubbleButton, FileBubble, ImageBubble, TextBubble};
use crate::error::{Error, IncompletePart, LimitedPart};

/// The most requests that one message becomes. Ours: far more than anybody reads at once.
const REQUESTS_MAX: usize = 100;

/// The bubbles that say `content`, in its order; at least one.
pub(crate) fn bubbles(content: &[Content]) -> Result<Vec<Bubble>, Error> {
    let mut all = Vec::new();
    for part in content {
        match part {
            Content::Text(text) => all.push(said_text(text)?),
            Content::Image(media) => {
                all.push(Bubble::Image(ImageBubble::new(&media.url)));
                all.extend(comment(media));
            }
            Content::Video(media) => {
                all.push(Bubble::Video(file(media)));
                all.extend(comment(media));
            }
            Content::Audio(media) => {
                all.push(Bubble::Audio(file(media)));
                all.extend(comment(media));
            }
            Content::File(media) => {
                all.push(Bubble::File(file(media)));
                all.extend(comment(media));
            }
            Content::Card(card) => all.push(said_card(card)?),
            other => return Err(Error::NotCarried { what: other.kind() }),
        }
        if all.len() > REQUESTS_MAX {
            return Err(Error::OverLimit {
                part: LimitedPart::Requests,
                max: REQUESTS_MAX,
            });
        }
    }
    if all.is_empty() {
        return Err(Error::Incomplete {
            part: IncompletePart::Content,
        });
    }
    Ok(all)
}

fn said_text(text: &Text) -> Result<Bubble, Error> {
    if text.full_text_url.is_some() {
        let what = "text that goes on elsewhere";
        return Err(Error::NotCarried { what });
    }
    let mut bubble = TextBubble::new(&text.text);
    bubble.quick_replies = buttons(&text.quick_replies)?;
    Ok(Bubble::Text(bubble))
}

fn file(media: &Media) -> FileBubble {
    let mut bubble = FileBubble::new(&media.url);
    bubble.name = media.name.clone().filter(|name| !name.is_empty());
    bubble.size = media.size;
    bubble
}

/// Media have no room for words, so these follow as a text.
fn comment(media: &Media) -> Option<Bubble> {
    let words = media.comment.as_deref().filter(|words| !words.is_empty());
    words.map(|words| Bubble::Text(TextBubble::new(words)))
}

/// A card's title and its words stand one below the other. One with words alone is a text, one with a picture alone a
/// picture.
fn said_card(card: &Card) -> Result<Bubble, Error> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let words = match (filled(&card.title), filled(&card.text)) {
        (Some(title), Some(text)) => Some(format!("{title}\n{text}")),
        (words, None) | (None, words) => words,
    };
    let (buttons, quick_replies) = (buttons(&card.buttons)?, buttons(&card.quick_replies)?);
    Ok(match filled(&card.image) {
        Some(image) => {
            let mut bubble = ImageBubble::new(image);
            (bubble.text, bubble.buttons) = (words, buttons);
            bubble.quick_replies = quick_replies;
            Bubble::Image(bubble)
        }
        None => {
            let mut bubble = TextBubble::new(words.unwrap_or_default());
            (bubble.buttons, bubble.quick_replies) = (buttons, quick_replies);
            Bubble::Text(bubble)
        }
    })
}

fn buttons(buttons: &[Button]) -> Result<Vec<BubbleButton>, Error> {
    buttons.iter().map(BubbleButton::from_content).collect()
}
