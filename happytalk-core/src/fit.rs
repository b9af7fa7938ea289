//! Content fitted to what a channel carries: nothing that a customer should read is lost, and what cannot be carried is
//! refused before anything is sent.
//!
//! | what does not fit | becomes |
//! | --- | --- |
//! | a long text | several messages, cut after a sentence, else at a space, else between graphemes |
//! | a card where there are none | its picture, then its words, with links and phone numbers as lines |
//! | a card with a long text | a card with the beginning, then the rest; the buttons stand under the end |
//! | more buttons than a card holds | another card, under the same title or under [`CONTINUED`] |
//! | more quick replies than a message holds | buttons, since quick replies vanish as soon as anything follows; where there are no buttons, numbered lines |
//! | quick replies before the end | quick replies of the last message, for the same reason |
//! | a long label | a number and its beginning; the whole of it is listed in the words above |
//! | a link or a phone number where no button does that | a line of the words |
//! | an app link where no button opens apps | a link to its page |
//! | a choice where there is nothing to press | a numbered line: the customer types the number or the words |
//! | a long carousel, or one where there are none | several carousels; single cards |
//! | a comment that media do not carry | a text after them |
//!
//! ```
//! use happytalk_core::capability::Capabilities;
//! use happytalk_core::content::Content;
//! use happytalk_core::fit::fit;
//!
//! let mut channel = Capabilities::none();
//! channel.content = &["text"];
//! channel.text_max = 12;
//! let parts = fit(&[Content::text("접수되었습니다. 내일 연락드릴게요.")], &channel)?;
//! assert_eq!(parts, [Content::text("접수되었습니다."), Content::text("내일 연락드릴게요.")]);
//!
//! let refused = fit(&[Content::Sticker], &channel).unwrap_err();
//! assert_eq!(refused.code(), "fit.not_carried");
//! # Ok::<(), happytalk_core::fit::FitError>(())
//! ```

mod button;
mod card;
mod cut;

use crate::capability::Capabilities;
use crate::content::{Button, Card, Content, Media, Text};
use button::Converted;

/// The most messages that one becomes: far more than anybody reads at once.
pub const PARTS_MAX: usize = 100;

/// The words above buttons that have none of their own, where a platform wants some.
pub const CONTINUED: &str = "…";

/// Why a content cannot be said on a channel. Holds nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The channel has nothing that could stand for this.
    #[error("channel does not carry this. what=`{what}`")]
    NotCarried {
        /// What.
        what: &'static str,
    },
    /// There is nothing to say, or a part without which another cannot stand has no text.
    #[error("nothing stands there. what=`{what}`")]
    Empty {
        /// Where.
        what: &'static str,
    },
    /// It is longer than the channel takes, and cannot be cut without a loss.
    #[error("too long, and cannot be cut. what=`{what}` max=`{max}`")]
    TooLong {
        /// What.
        what: &'static str,
        /// How long it may be, in the channel's unit.
        max: usize,
    },
    /// The value of a button holds characters that the platform does not give back.
    #[error("value of a button is not one the channel gives back")]
    BadValue,
    /// It would be more messages than [`PARTS_MAX`].
    #[error("too many messages. max=`{max}`")]
    TooMany {
        /// How many there may be.
        max: usize,
    },
}

impl FitError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotCarried { .. } => "fit.not_carried",
            Self::Empty { .. } => "fit.empty",
            Self::TooLong { .. } => "fit.too_long",
            Self::BadValue => "fit.bad_value",
            Self::TooMany { .. } => "fit.too_many",
        }
    }
}

/// What says `content` on a channel with these capabilities, in order; at least one. Each is one message of the
/// platform, within every limit, counted as the platform counts. What fits already comes back as it is.
///
/// Texts are cut without the white space around the cut. Pressing a shortened label sends its beginning as the
/// customer's words, beside the value; so a label without a value is not shortened.
///
/// # Errors
/// Any variant of [`FitError`].
pub fn fit(content: &[Content], capabilities: &Capabilities) -> Result<Vec<Content>, FitError> {
    let mut fitting = Fitting::to(capabilities);
    for item in content {
        fitting.take(item)?;
    }
    fitting.ask()?;
    if fitting.parts.is_empty() {
        return Err(FitError::Empty { what: "content" });
    }
    Ok(fitting.parts)
}

/// What was fitted so far.
struct Fitting<'a> {
    to: &'a Capabilities,
    parts: Vec<Content>,
    /// They all go with the last part.
    quick_replies: Vec<Button>,
}

impl<'a> Fitting<'a> {
    const fn to(capabilities: &'a Capabilities) -> Self {
        Self {
            to: capabilities,
            parts: Vec::new(),
            quick_replies: Vec::new(),
        }
    }

    fn take(&mut self, item: &Content) -> Result<(), FitError> {
        match item {
            Content::Text(text) => self.text(text),
            Content::Image(media) => self.media(item, media, Content::Image),
            Content::Video(media) => self.media(item, media, Content::Video),
            Content::Audio(media) => self.media(item, media, Content::Audio),
            Content::File(media) => self.media(item, media, Content::File),
            Content::Sticker | Content::Location => {
                self.carried(item)?;
                self.push(item.clone())
            }
            Content::Card(card) => self.card(card),
            Content::Carousel { cards } => self.carousel(cards),
        }
    }

    fn carries(&self, kind: &str) -> bool {
        self.to.content.contains(&kind)
    }

    fn carried(&self, item: &Content) -> Result<(), FitError> {
        if self.to.carries(item) {
            Ok(())
        } else {
            Err(FitError::NotCarried { what: item.kind() })
        }
    }

    fn push(&mut self, part: Content) -> Result<(), FitError> {
        if self.parts.len() >= PARTS_MAX {
            return Err(FitError::TooMany { max: PARTS_MAX });
        }
        self.parts.push(part);
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), FitError> {
        if text.full_text_url.is_some() {
            // Only a platform's own message goes on elsewhere, and its link is the customer's.
            let what = "text that goes on elsewhere";
            return Err(FitError::NotCarried { what });
        }
        self.quick_replies
            .extend(text.quick_replies.iter().cloned());
        self.say(&text.text)
    }

    /// Words alone, in as many messages as they need; blank words are none.
    fn say(&mut self, words: &str) -> Result<(), FitError> {
        if words.trim().is_empty() {
            return Ok(());
        }
        if !self.carries("text") {
            return Err(FitError::NotCarried { what: "text" });
        }
        let mut rest = words;
        while !rest.is_empty() {
            let (piece, after) = self.head(rest, self.to.text_max)?;
            self.push(Content::text(piece))?;
            rest = after;
        }
        Ok(())
    }

    /// What can stand first within `max`, and the rest.
    fn head<'t>(&self, text: &'t str, max: usize) -> Result<(&'t str, &'t str), FitError> {
        let head = cut::head(text, self.to.unit, max);
        head.ok_or(FitError::TooLong { what: "text", max })
    }

    fn media(
        &mut self,
        item: &Content,
        media: &Media,
        kind: fn(Media) -> Content,
    ) -> Result<(), FitError> {
        self.carried(item)?;
        if self.to.comments || media.comment.is_none() {
            return self.push(item.clone());
        }
        let mut silent = media.clone();
        let comment = silent.comment.take().unwrap_or_default();
        self.push(kind(silent))?;
        self.say(&comment)
    }

    /// Puts the quick replies under what stands last.
    fn ask(&mut self) -> Result<(), FitError> {
        let replies = std::mem::take(&mut self.quick_replies);
        if replies.is_empty() {
            return Ok(());
        }
        if self.fit_as_quick_replies(&replies)? {
            return self.offer(replies);
        }
        if self.has_buttons() {
            let mut card = self.pop_card();
            card.buttons.extend(replies);
            return self.frame(&card);
        }
        let (mut replies, lines) = self.pressed_or_said(&replies, self.to.quick_replies_max)?;
        let max = self.to.quick_reply_label_max;
        let listed = button::shorten(&mut replies, max, self.to.unit)?;
        self.add_lines(lines.into_iter().chain(listed))?;
        if replies.is_empty() {
            return Ok(());
        }
        self.offer(replies)
    }

    fn fit_as_quick_replies(&self, replies: &[Button]) -> Result<bool, FitError> {
        if replies.len() > self.to.quick_replies_max {
            return Ok(false);
        }
        for reply in replies {
            let short = self.to.unit.count(&reply.label) <= self.to.quick_reply_label_max;
            let same = matches!(self.converted(reply, true)?, Converted::Press(button) if button == *reply);
            if !short || !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Quick replies that fit, under the last part, or under [`CONTINUED`] where that has no room for them.
    fn offer(&mut self, replies: Vec<Button>) -> Result<(), FitError> {
        let place = match self.parts.last_mut() {
            Some(Content::Text(text)) => Some(&mut text.quick_replies),
            Some(Content::Card(card)) => Some(&mut card.quick_replies),
            Some(Content::Carousel { cards }) => {
                cards.last_mut().map(|card| &mut card.quick_replies)
            }
            _ => None,
        };
        if let Some(place) = place {
            *place = replies;
            return Ok(());
        }
        if !self.carries("text") {
            return Err(FitError::NotCarried { what: "text" });
        }
        let mut text = Text::new(CONTINUED);
        text.quick_replies = replies;
        self.push(Content::Text(text))
    }

    /// The last part where it can be a card to put buttons on; else a card with nothing on it.
    fn pop_card(&mut self) -> Card {
        match self.parts.pop() {
            Some(Content::Card(card)) => card,
            Some(Content::Text(text)) => {
                let mut card = Card::new();
                card.text = Some(text.text);
                card
            }
            Some(other) => {
                self.parts.push(other);
                Card::new()
            }
            None => Card::new(),
        }
    }

    /// Adds lines to the words that stand last.
    fn add_lines(&mut self, lines: impl Iterator<Item = String>) -> Result<(), FitError> {
        let lines = lines.collect::<Vec<_>>().join("\n");
        if lines.is_empty() {
            return Ok(());
        }
        match self.parts.pop() {
            Some(Content::Text(text)) => self.say(&format!("{}\n{lines}", text.text)),
            Some(other) => {
                self.parts.push(other);
                self.say(&lines)
            }
            None => self.say(&lines),
        }
    }
}
