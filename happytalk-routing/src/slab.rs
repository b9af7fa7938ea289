//! Numbered places for the things of the router, so that its indexes hold numbers and not names.
//!
//! A number is never seen from outside and nothing is decided by one.

use std::fmt;
use std::marker::PhantomData;

macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident = $of:ty),*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name($of);
        impl Number for $name {
            fn from_place(place: u32) -> Self {
                Self(<$of>::try_from(place).unwrap_or(<$of>::MAX))
            }
            fn place(self) -> usize {
                usize::try_from(self.0).unwrap_or(usize::MAX)
            }
        }
    )*};
}

/// A number of one kind of thing.
pub(crate) trait Number: Copy {
    fn from_place(place: u32) -> Self;
    fn place(self) -> usize;
}

numbers!(
    /// An agent.
    AgentNo = u32,
    /// A conversation.
    ConversationNo = u32,
    /// A queue, by its place in the settings.
    QueueNo = u16,
    /// A channel, by when it was first seen.
    ChannelNo = u16,
    /// A status, by when it was first seen.
    StatusNo = u16,
    /// A pool, by when it was first needed.
    PoolNo = u32,
    /// What is required of an agent, by when it was first needed.
    NeedNo = u32,
    /// The way a conversation goes while it waits, by when it was first needed.
    RouteNo = u32,
    /// A shelf of free agents.
    ShelfNo = u32,
    /// A line of waiting conversations.
    LineNo = u32
);

/// Things by number; the number of one that was taken out is used again.
#[derive(Clone)]
pub(crate) struct Slab<N, T> {
    places: Vec<Option<T>>,
    vacant: Vec<N>,
    number: PhantomData<N>,
}

impl<N, T> Default for Slab<N, T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            vacant: Vec::new(),
            number: PhantomData,
        }
    }
}

impl<N, T: fmt::Debug> fmt::Debug for Slab<N, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.places.iter().flatten())
            .finish()
    }
}

impl<N: Number, T> Slab<N, T> {
    /// Puts a thing into a vacant place and gives its number.
    pub(crate) fn put(&mut self, thing: T) -> N {
        if let Some(number) = self.vacant.pop()
            && let Some(place) = self.places.get_mut(number.place())
        {
            *place = Some(thing);
            return number;
        }
        // Four thousand million things do not fit in memory before this saturates.
        let number = N::from_place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.places.push(Some(thing));
        number
    }

    pub(crate) fn take(&mut self, number: N) -> Option<T> {
        let thing = self.places.get_mut(number.place())?.take()?;
        self.vacant.push(number);
        Some(thing)
    }

    pub(crate) fn get(&self, number: N) -> Option<&T> {
        self.places.get(number.place())?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: N) -> Option<&mut T> {
        self.places.get_mut(number.place())?.as_mut()
    }

    #[cfg(debug_assertions)]
    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.vacant.len()
    }

    /// Every thing with its number, in no order that may decide anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (N, &T)> {
        self.places.iter().enumerate().filter_map(|(place, thing)| {
            let number = N::from_place(u32::try_from(place).ok()?);
            Some((number, thing.as_ref()?))
        })
    }

    /// The numbers in use.
    pub(crate) fn numbers(&self) -> Vec<N> {
        self.iter().map(|(number, _)| number).collect()
    }
}
