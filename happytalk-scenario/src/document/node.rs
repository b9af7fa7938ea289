//! One step of a scenario.

use std::fmt;

use happytalk_core::id::NodeId;

use super::{Actions, Button, Exit, Fallback, Interrupt, Say, Target, Variant};
use crate::diagnostic::escape;

/// Where a list of buttons stands in a node: its own, or that of a channel.
#[derive(Clone, Copy)]
pub(crate) struct ListPlace<'n>(pub(crate) Option<&'n str>);

impl fmt::Display for ListPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(channel) => write!(f, "/channels/{}/buttons", escape(channel)),
            None => f.write_str("/buttons"),
        }
    }
}

/// Where something that is said stands in a node.
#[derive(Clone, Copy)]
pub(crate) struct SayPlace<'n> {
    channel: Option<&'n str>,
    /// In the list, where it is one.
    at: Option<usize>,
}

impl fmt::Display for SayPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(channel) = self.channel {
            write!(f, "/channels/{}", escape(channel))?;
        }
        f.write_str("/say")?;
        self.at.map_or(Ok(()), |at| write!(f, "/{at}"))
    }
}

#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) says: Vec<Say>,
    /// Whether `say` was one thing rather than a list, for pointers.
    pub(crate) says_one: bool,
    pub(crate) menu: bool,
    pub(crate) goal: bool,
    /// Its text goes out only when an agent has looked at it.
    pub(crate) approve: bool,
    pub(crate) variants: Vec<Variant>,
    pub(crate) actions: Actions,
    pub(crate) exit: Option<Exit>,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) interrupt: Interrupt,
    /// A hash of what it holds, to find nodes that are the same.
    pub(crate) print: u64,
    /// Where it stands in the document.
    pub(crate) place: usize,
    /// A part of it could not be read, so that checks of the whole would only repeat that.
    pub(crate) broken: bool,
}

impl Node {
    /// The buttons it shows where its channel has none of its own, hidden ones included.
    pub(crate) fn buttons(&self) -> &[Button] {
        match &self.exit {
            Some(Exit::Buttons(buttons)) => buttons,
            Some(Exit::Ask(ask)) => &ask.buttons,
            _ => &[],
        }
    }

    fn variant(&self, channel: &str) -> Option<&Variant> {
        let mut variants = self.variants.iter();
        variants.find(|variant| variant.channel == channel)
    }

    /// The buttons it shows on a channel.
    pub(crate) fn buttons_on(&self, channel: &str) -> &[Button] {
        let own = self.variant(channel).and_then(|v| v.buttons.as_deref());
        own.unwrap_or_else(|| self.buttons())
    }

    /// What it says on a channel.
    pub(crate) fn says_on(&self, channel: &str) -> &[Say] {
        let own = self.variant(channel).and_then(|v| v.says.as_deref());
        own.unwrap_or(&self.says)
    }

    /// Whether a button of it can be chosen: one that only opens a link leads nowhere.
    pub(crate) const fn leads(&self, button: &Button) -> bool {
        button.to.is_some() || matches!(self.exit, Some(Exit::Ask(_))) && button.value.is_some()
    }

    /// The lists of buttons of every channel, each with its pointer inside the node.
    pub(crate) fn button_lists(&self) -> impl Iterator<Item = (ListPlace<'_>, &[Button])> {
        let own = (!self.buttons().is_empty()).then(|| (ListPlace(None), self.buttons()));
        own.into_iter()
            .chain(self.variants.iter().filter_map(|variant| {
                let place = ListPlace(Some(&variant.channel));
                Some((place, variant.buttons.as_deref()?))
            }))
    }

    /// The channels on which it has buttons of its own, and the buttons of all others under an empty name.
    pub(crate) fn channels(&self) -> impl Iterator<Item = (&str, &[Button])> {
        let own = self.variants.iter();
        let own = own.filter_map(|variant| Some((&*variant.channel, variant.buttons.as_deref()?)));
        std::iter::once(("", self.buttons())).chain(own)
    }

    /// Every button of every channel.
    pub(crate) fn every_button(&self) -> impl Iterator<Item = &Button> {
        let others = self.variants.iter().filter_map(|v| v.buttons.as_deref());
        self.buttons().iter().chain(others.flatten())
    }

    pub(crate) fn every_button_mut(&mut self) -> impl Iterator<Item = &mut Button> {
        let own = match &mut self.exit {
            Some(Exit::Buttons(buttons)) => buttons.as_mut_slice(),
            Some(Exit::Ask(ask)) => &mut ask.buttons,
            _ => &mut [],
        };
        let variants = self.variants.iter_mut();
        let others = variants.filter_map(|variant| variant.buttons.as_deref_mut());
        own.iter_mut().chain(others.flatten())
    }

    /// What it says on every channel, each thing with its pointer inside the node.
    pub(crate) fn every_say(&self) -> impl Iterator<Item = (SayPlace<'_>, &Say)> {
        fn each<'n>(
            channel: Option<&'n str>,
            is_one: bool,
            says: &'n [Say],
        ) -> impl Iterator<Item = (SayPlace<'n>, &'n Say)> {
            says.iter().enumerate().map(move |(at, say)| {
                let at = (!is_one).then_some(at);
                (SayPlace { channel, at }, say)
            })
        }
        let others = self.variants.iter().flat_map(|variant| {
            let says = variant.says.as_deref().unwrap_or_default();
            each(Some(&variant.channel), variant.says_one, says)
        });
        each(None, self.says_one, &self.says).chain(others)
    }

    /// Whether the customer has the word after it.
    pub(crate) const fn waits(&self) -> bool {
        matches!(
            self.exit,
            Some(Exit::Buttons(_) | Exit::Ask(_) | Exit::Form(_))
        )
    }

    /// Whether a customer's way through the scenario counts it: it says something and then waits, ends or hands off.
    pub(crate) const fn is_stop(&self) -> bool {
        match self.exit {
            Some(Exit::Ask(_) | Exit::Form(_)) => true,
            Some(Exit::Buttons(_) | Exit::End(_) | Exit::Handoff(_) | Exit::To(Target::End)) => {
                !self.says.is_empty()
            }
            _ => false,
        }
    }
}
