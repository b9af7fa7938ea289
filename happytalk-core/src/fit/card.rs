//! What becomes of cards and carousels.

use super::{CONTINUED, FitError, Fitting, button};
use crate::content::{Button, ButtonAction, Card, Content, Media};

impl Fitting<'_> {
    pub(super) fn card(&mut self, card: &Card) -> Result<(), FitError> {
        self.quick_replies
            .extend(card.quick_replies.iter().cloned());
        let framed = self.carries("card") && (card.buttons.is_empty() || self.has_buttons());
        if framed {
            self.frame(card)
        } else {
            self.unframed(card)
        }
    }

    /// Cards side by side, as many at a time as the channel takes. One that does not fit as it is stands alone.
    pub(super) fn carousel(&mut self, cards: &[Card]) -> Result<(), FitError> {
        if !self.carries("carousel") || !self.carries("card") || self.to.cards_max == 0 {
            return cards.iter().try_for_each(|card| self.card(card));
        }
        let mut row = Vec::new();
        for card in cards {
            let mut alone = Self::to(self.to);
            alone.card(card)?;
            self.quick_replies.append(&mut alone.quick_replies);
            match alone.parts.as_slice() {
                [Content::Card(card)] => row.push(card.clone()),
                _ => {
                    self.push_row(&mut row)?;
                    alone
                        .parts
                        .into_iter()
                        .try_for_each(|part| self.push(part))?;
                }
            }
        }
        self.push_row(&mut row)
    }

    fn push_row(&mut self, row: &mut Vec<Card>) -> Result<(), FitError> {
        for cards in row.chunks(self.to.cards_max) {
            self.push(match cards {
                [card] => Content::Card(card.clone()),
                cards => Content::Carousel {
                    cards: cards.to_vec(),
                },
            })?;
        }
        row.clear();
        Ok(())
    }

    /// A card where there are none: its picture, and its words with the links in them.
    fn unframed(&mut self, card: &Card) -> Result<(), FitError> {
        let mut lines = Vec::new();
        if let Some(url) = filled(card.image.as_deref()) {
            if self.carries("image") {
                self.push(Content::Image(Media::new(url)))?;
            } else {
                self.uncut(url)?;
                lines.push(url.to_owned());
            }
        }
        let words = [card.title.as_deref(), card.text.as_deref()];
        lines.extend(words.into_iter().filter_map(filled).map(str::to_owned));
        let replies = self.to.quick_replies_max > 0;
        let is_reply = |button: &&Button| {
            let carried = self.to.button_actions.contains(&button.action);
            replies && carried && !leads_elsewhere(button.action)
        };
        let (quick, said): (Vec<&Button>, Vec<&Button>) = card.buttons.iter().partition(is_reply);
        let said: Vec<Button> = said.into_iter().cloned().collect();
        let quick: Vec<Button> = quick.into_iter().cloned().collect();
        lines.extend(self.pressed_or_said(&said, 0)?.1);
        self.quick_replies.extend(quick);
        self.say(&lines.join("\n"))
    }

    /// A card as one or more cards, with texts where its own is too long. Leaves its quick replies alone.
    pub(super) fn frame(&mut self, card: &Card) -> Result<(), FitError> {
        let unit = self.to.unit;
        let (mut buttons, mut lines) = self.pressed_or_said(&card.buttons, usize::MAX)?;
        lines.extend(button::shorten(&mut buttons, self.to.label_max, unit)?);
        let mut words: Vec<&str> = filled(card.text.as_deref()).into_iter().collect();
        let mut title = filled(card.title.as_deref());
        let title_max = self.to.card_title_max.min(self.to.card_words_max);
        if let Some(long) = title.filter(|title| unit.count(title) > title_max) {
            words.insert(0, long);
            title = None;
        }
        words.extend(lines.iter().map(String::as_str));
        let words = words.join("\n");
        let mut groups = buttons.chunks(self.to.buttons_max.max(1));
        let mut face = Card::new();
        face.title = title.map(str::to_owned);
        face.image = filled(card.image.as_deref()).map(str::to_owned);
        // With a title, its line break counts too.
        let taken = title.map_or(0, |title| unit.count(title) + 1);
        let room = self.to.card_words_max.saturating_sub(taken);
        let room = room.min(self.to.card_text_max);
        let under = self.to.card_text_max.min(self.to.card_words_max);
        // A link that a card would cut stands in a text.
        let links = words.split_whitespace().filter(|word| word.contains("://"));
        let longest = links.map(|link| unit.count(link)).max().unwrap_or(0);
        let (room, under) = if longest > room.min(under) && unit.count(&words) > room {
            (0, 0)
        } else {
            (room, under)
        };
        let fits = |words: &str| unit.count(words) <= room;
        // White space at an end needs no room.
        let words = if fits(&words) { &words } else { words.trim() };
        if fits(words) {
            face.text = filled(Some(words)).map(str::to_owned);
            face.buttons = groups.next().unwrap_or_default().to_vec();
            self.push_card(face)?;
        } else {
            let last = groups.next().unwrap_or_default();
            self.long(face, words, (room, under), last)?;
        }
        for group in groups {
            let mut further = self.heading(title)?;
            further.buttons = group.to_vec();
            self.push_card(further)?;
        }
        Ok(())
    }

    /// A card whose words do not fit it: the face with as much of their beginning as has `room`, then the rest, with
    /// the buttons and as much as has room `under` at the end.
    fn long(
        &mut self,
        mut face: Card,
        words: &str,
        (room, under): (usize, usize),
        buttons: &[Button],
    ) -> Result<(), FitError> {
        let mut rest = words;
        if let Ok((piece, after)) = self.head(words, room) {
            face.text = Some(piece.to_owned());
            rest = after;
        }
        let title = face.title.clone();
        self.push_card(face)?;
        if buttons.is_empty() {
            return self.say(rest);
        }
        while under > 0 && self.to.unit.count(rest) > under {
            let (piece, after) = self.head(rest, under.min(self.to.text_max))?;
            self.say(piece)?;
            rest = after;
        }
        let mut end = if under > 0 {
            let mut end = Card::new();
            end.text = Some(rest.to_owned());
            end
        } else {
            self.say(rest)?;
            self.heading(title.as_deref())?
        };
        end.buttons = buttons.to_vec();
        self.push_card(end)
    }

    /// A card for buttons that have no words of their own.
    fn heading(&self, title: Option<&str>) -> Result<Card, FitError> {
        let mut card = Card::new();
        let room = self.to.card_words_max;
        if let Some(title) = title {
            card.title = Some(title.to_owned());
        } else if self.to.card_text_max.min(room) > 0 {
            card.text = Some(CONTINUED.to_owned());
        } else if self.to.card_title_max.min(room) > 0 {
            card.title = Some(CONTINUED.to_owned());
        } else if !self.to.bare_cards {
            return Err(FitError::NotCarried {
                what: "words of a card",
            });
        }
        Ok(card)
    }

    /// A card within every limit, or what it is where the channel has no bare ones.
    fn push_card(&mut self, mut card: Card) -> Result<(), FitError> {
        if self.to.bare_cards {
            let all = card.title.is_some() || card.text.is_some() || card.image.is_some();
            return if all || !card.buttons.is_empty() {
                self.push(Content::Card(card))
            } else {
                Ok(())
            };
        }
        let wordless = card.title.is_none() && card.text.is_none();
        if wordless && !card.buttons.is_empty() {
            let heading = self.heading(None)?;
            (card.title, card.text) = (heading.title, heading.text);
        }
        if card.image.is_some() || !card.buttons.is_empty() {
            return match card.image {
                Some(url) if wordless && card.buttons.is_empty() => {
                    let picture = Content::Image(Media::new(url));
                    self.carried(&picture)?;
                    self.push(picture)
                }
                _ => self.push(Content::Card(card)),
            };
        }
        match (card.title, card.text) {
            (Some(words), None) | (None, Some(words)) => self.say(&words),
            (None, None) => Ok(()),
            (title, text) => {
                (card.title, card.text) = (title, text);
                self.push(Content::Card(card))
            }
        }
    }
}

/// The text, unless it is blank.
fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// Whether pressing it leads out of the talk, so that words can say where.
const fn leads_elsewhere(action: ButtonAction) -> bool {
    matches!(
        action,
        ButtonAction::Url | ButtonAction::App | ButtonAction::Phone
    )
}
