//! What a node looks like from outside, made when a customer first comes to it.

use std::sync::{Arc, OnceLock};

use happytalk_core::content::{Button as Pressable, Content};

use crate::document::{Ask, Exit, Node, Say, Words};
use crate::matching::Matcher;

/// One node on every channel. Filled once and never changed: what is in it follows from the document alone.
#[derive(Default)]
pub(crate) struct Face {
    pub(crate) contract: OnceLock<u32>,
    everywhere: ChannelFace,
    /// In the order of the node's variants.
    own: Vec<(String, ChannelFace)>,
}

/// One node on one channel.
#[derive(Default)]
pub(crate) struct ChannelFace {
    /// What its buttons are called; of a form, what its items are called. `None` where it has none.
    pub(crate) matcher: OnceLock<Option<Matcher>>,
    /// Its buttons as they are sent, hidden ones included.
    pub(crate) buttons: OnceLock<Vec<Pressable>>,
    /// Where it looks the same to every customer every time: all that it says and shows. Sent as it is, without a copy.
    pub(crate) shown: OnceLock<Option<Arc<[Content]>>>,
}

impl Face {
    pub(crate) fn of(node: &Node) -> Self {
        let own = node.variants.iter();
        Self {
            own: own
                .map(|variant| (variant.channel.clone(), ChannelFace::default()))
                .collect(),
            ..Self::default()
        }
    }

    pub(crate) fn on(&self, channel: &str) -> &ChannelFace {
        let mut own = self.own.iter();
        own.find(|(name, _)| name == channel)
            .map_or(&self.everywhere, |(_, face)| face)
    }
}

/// Whether neither a template nor a condition is in what a node says and shows on a channel.
pub(crate) fn is_fixed(node: &Node, channel: &str) -> bool {
    let asks = match &node.exit {
        Some(Exit::Form(_)) => return false,
        Some(Exit::Ask(ask)) => is_plain_question(ask),
        _ => true,
    };
    let mut says = node.says_on(channel).iter();
    let mut buttons = node.buttons_on(channel).iter();
    asks && says.all(is_plain) && buttons.all(|button| button.when.is_none())
}

fn is_plain_question(ask: &Ask) -> bool {
    has_no_holes(&ask.prompt)
}

fn is_plain(say: &Say) -> bool {
    let mut plain = true;
    say.each_words(&mut |_, words| plain &= has_no_holes(words));
    plain
}

fn has_no_holes(words: &Words) -> bool {
    words
        .as_ref()
        .is_ok_and(|words| words.holes().next().is_none())
}
