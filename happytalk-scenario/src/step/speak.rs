//! Turns what a node says and shows into contents.

use std::sync::Arc;

use happytalk_core::content::{Button as Pressable, ButtonAction, Card, Content, Media, Text};
use happytalk_core::id::NodeId;

use super::run::Run;
use crate::document::{Button, CardSay, Exit, Node, Press, Say, Target, Words};
use crate::face::is_fixed;
use crate::hangul::Josa;

impl Run<'_> {
    fn words(&self, words: &Words) -> String {
        words
            .as_ref()
            .map_or_else(|_| String::new(), |words| self.render(words))
    }

    /// What a node says, without what it waits with.
    pub(super) fn said(&self, node: &Node) -> Vec<Content> {
        let says = node.says_on(self.env.channel.as_str());
        says.iter().map(|say| self.content(say)).collect()
    }

    fn content(&self, say: &Say) -> Content {
        match say {
            Say::Text(words) => Content::text(self.words(words)),
            Say::Link { label, url } => {
                let label = self.words(label);
                let mut card = Card::new();
                card.text = Some(label.clone());
                card.buttons = vec![Pressable::new(label, ButtonAction::Url, url.clone())];
                Content::Card(card)
            }
            Say::Image { url, alt } => {
                let mut media = Media::new(url.clone());
                media.comment = alt.as_ref().map(|alt| self.words(alt));
                Content::Image(media)
            }
            Say::Card(card) => Content::Card(self.card(card)),
            Say::Carousel(cards) => Content::Carousel {
                cards: cards.iter().map(|card| self.card(card)).collect(),
            },
            Say::List { title, items } => {
                let mut card = Card::new();
                card.title = title.as_ref().map(|words| self.words(words));
                let lines = items.iter().map(|item| format!("· {}", self.words(item)));
                card.text = Some(lines.collect::<Vec<_>>().join("\n"));
                Content::Card(card)
            }
        }
    }

    fn card(&self, say: &CardSay) -> Card {
        let mut card = Card::new();
        card.title = say.title.as_ref().map(|words| self.words(words));
        card.text = say.text.as_ref().map(|words| self.words(words));
        card.image.clone_from(&say.image);
        card
    }

    /// All a waiting node shows; `again` when the customer has seen it and missed, so that the ways out are added.
    pub(super) fn shown(&self, node: &Node, again: bool) -> Vec<Content> {
        self.asked(node, self.said(node), again)
    }

    /// What a node said, with its question, its buttons and the ways out.
    pub(super) fn asked(&self, node: &Node, said: Vec<Content>, again: bool) -> Vec<Content> {
        let mut contents = said;
        if let Some(Exit::Ask(ask)) = &node.exit {
            contents.push(Content::text(self.words(&ask.prompt)));
        }
        if let Some(Exit::Form(form)) = &node.exit {
            contents.extend(self.form_question(node, form));
        }
        let buttons = self.buttons(node);
        let ways = if again {
            self.ways_out(node)
        } else {
            Vec::new()
        };
        attach(&mut contents, buttons, ways);
        contents
    }

    /// A text, with the buttons of the node and the ways out.
    pub(super) fn told_again(&self, node: &Node, text: String) -> Vec<Content> {
        let mut contents = vec![Content::text(text)];
        attach(&mut contents, self.buttons(node), self.ways_out(node));
        contents
    }

    pub(super) fn is_shown(&self, button: &Button) -> bool {
        button.when.as_ref().is_none_or(|when| self.holds(when))
    }

    fn buttons(&self, node: &Node) -> Vec<Pressable> {
        let channel = self.env.channel.as_str();
        let own = node.buttons_on(channel);
        let Some(face) = self.flow.face(node, channel) else {
            return Vec::new();
        };
        let ready = face.buttons.get_or_init(|| {
            let ready = own.iter().map(|button| self.pressable(&node.id, button));
            ready.collect()
        });
        let shown = own.iter().zip(ready);
        shown
            .filter(|(button, _)| self.is_shown(button))
            .map(|(_, ready)| ready.clone())
            .collect()
    }

    /// What a node that looks the same to everybody says and shows; `None` of any other.
    pub(super) fn shown_to_all(&self, node: &Node) -> Option<Arc<[Content]>> {
        let channel = self.env.channel.as_str();
        let make = || is_fixed(node, channel).then(|| self.shown(node, false).into());
        self.flow
            .face(node, channel)?
            .shown
            .get_or_init(make)
            .clone()
    }

    pub(super) fn pressable(&self, node: &NodeId, button: &Button) -> Pressable {
        let label = button.label.clone();
        match &button.press {
            Press::Postback => {
                let token = self.flow.button_token(node, &button.id);
                Pressable::new(label, ButtonAction::Postback, token)
            }
            Press::Url(url) => Pressable::new(label, ButtonAction::Url, url.clone()),
            Press::App(url) => Pressable::new(label, ButtonAction::App, url.clone()),
            Press::Phone(number) => Pressable::new(label, ButtonAction::Phone, number.clone()),
            Press::Event(event) => Pressable::new(label, ButtonAction::Bot, event.clone()),
        }
    }

    pub(super) fn command_pressable(&self, command: &Button) -> Pressable {
        let token = self.flow.command_token(&command.id);
        Pressable::new(command.label.clone(), ButtonAction::Postback, token)
    }

    /// The commands that make sense here: no way home from home, no way back where there is nothing behind.
    fn ways_out(&self, node: &Node) -> Vec<Pressable> {
        if node.interrupt == crate::document::Interrupt::None {
            return Vec::new();
        }
        let is_home = self.flow.start().is_some_and(|start| start.id == node.id);
        let leads = |command: &&Button| match &command.to {
            Some(Target::Home) => !is_home,
            Some(Target::Back) => self.state.trail.len() > 1,
            Some(_) => true,
            None => false,
        };
        let commands = self.flow.commands.iter().filter(leads);
        let shown = commands.filter(|command| self.is_shown(command));
        shown
            .map(|command| self.command_pressable(command))
            .collect()
    }

    pub(super) fn yes_and_no(&self) -> Vec<Pressable> {
        let press = |(word, yes)| {
            let token = self.flow.confirm_token(yes);
            Pressable::new(word, ButtonAction::Postback, token)
        };
        [("네", true), ("아니요", false)].map(press).to_vec()
    }

    /// "Did you mean …?", with yes and no.
    pub(super) fn confirm_question(&self, label: &str) -> Vec<Content> {
        let mut text = Text::new(format!("혹시 '{label}'{} 원하시나요?", object_of(label)));
        text.quick_replies = self.yes_and_no();
        vec![Content::Text(text)]
    }

    /// "Which of these?", with a button for each.
    pub(super) fn which_question(&self, choices: Vec<Pressable>) -> Vec<Content> {
        let labels: Vec<_> = choices
            .iter()
            .map(|choice| format!("'{}'", choice.label))
            .collect();
        let mut card = Card::new();
        card.text = Some(format!("{} 중 어느 것을 원하시나요?", labels.join(", ")));
        card.buttons = choices;
        vec![Content::Card(card)]
    }
}

/// 을 or 를, by how the word ends.
fn object_of(word: &str) -> String {
    Josa::read("을/를").map_or_else(String::new, |josa| josa.after(word).to_owned())
}

/// Puts buttons under the last words, and quick replies beside them.
fn attach(contents: &mut Vec<Content>, buttons: Vec<Pressable>, ways: Vec<Pressable>) {
    if buttons.is_empty() && ways.is_empty() {
        return;
    }
    if buttons.is_empty()
        && let Some(Content::Text(text)) = contents.last_mut()
    {
        text.quick_replies.extend(ways);
        return;
    }
    let mut card = match contents.pop() {
        Some(Content::Text(text)) => {
            let mut card = Card::new();
            card.text = Some(text.text);
            card
        }
        Some(Content::Card(card)) if card.buttons.is_empty() => card,
        Some(Content::Card(mut card)) if buttons.is_empty() => {
            card.quick_replies.extend(ways);
            contents.push(Content::Card(card));
            return;
        }
        Some(other) => {
            contents.push(other);
            Card::new()
        }
        None => Card::new(),
    };
    card.buttons = buttons;
    card.quick_replies = ways;
    contents.push(Content::Card(card));
}
