//! Charged cases that may yet turn out never to have been said.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::{ConversationId, MessageId};

use crate::entry::Key;

/// The messages each doubtful case rests on. A case that is not here is certain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Doubts {
    by_case: BTreeMap<Key, BTreeSet<(ConversationId, MessageId)>>,
    by_conversation: BTreeMap<ConversationId, BTreeSet<Key>>,
}

impl Doubts {
    /// A case was charged for a message alone.
    pub(crate) fn begin(&mut self, case: Key, conversation: ConversationId, id: MessageId) {
        self.by_case.entry(case.clone()).or_default();
        self.support(&case, conversation, id);
    }

    /// One more message was said for a case. What is certain stays so.
    pub(crate) fn support(&mut self, case: &Key, conversation: ConversationId, id: MessageId) {
        if let Some(messages) = self.by_case.get_mut(case) {
            messages.insert((conversation.clone(), id));
            let cases = self.by_conversation.entry(conversation).or_default();
            cases.insert(case.clone());
        }
    }

    /// The case is certain.
    pub(crate) fn settle(&mut self, case: &Key) {
        let messages = self.by_case.remove(case).unwrap_or_default();
        for (conversation, _) in messages {
            if let Some(cases) = self.by_conversation.get_mut(&conversation) {
                cases.remove(case);
                if cases.is_empty() {
                    self.by_conversation.remove(&conversation);
                }
            }
        }
    }

    /// The cases that would rest on nothing if this message had failed.
    pub(crate) fn resting_on(&self, conversation: &ConversationId, id: &MessageId) -> Vec<Key> {
        let message = (conversation.clone(), id.clone());
        let cases = self.by_conversation.get(conversation);
        let rests_on_it = |case: &&Key| {
            let messages = self.by_case.get(*case);
            messages.is_some_and(|messages| messages.len() == 1 && messages.contains(&message))
        };
        let cases = cases.into_iter().flatten();
        cases.filter(rests_on_it).cloned().collect()
    }

    /// A message failed.
    pub(crate) fn fail(&mut self, conversation: &ConversationId, id: MessageId) {
        for case in self.resting_on(conversation, &id) {
            self.settle(&case);
        }
        let message = (conversation.clone(), id);
        for case in self.by_conversation.get(conversation).into_iter().flatten() {
            if let Some(messages) = self.by_case.get_mut(case) {
                messages.remove(&message);
            }
        }
    }

    /// A conversation was closed: what it said stays said.
    pub(crate) fn close(&mut self, conversation: &ConversationId) {
        for case in self
            .by_conversation
            .remove(conversation)
            .unwrap_or_default()
        {
            let rests_on_it = self
                .by_case
                .get(&case)
                .is_some_and(|messages| messages.iter().any(|(of, _)| of == conversation));
            if rests_on_it {
                self.settle(&case);
            }
        }
    }
}
