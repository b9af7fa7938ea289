//! What came with a customer and is told only after their first words (상담톡 `reference` after `message`).

use std::collections::BTreeMap;

use happytalk_core::Sealable;
use happytalk_core::conversation::Command;
use happytalk_core::id::{ConversationId, Word};
use happytalk_core::inbound::Private;

use super::Desk;
use super::bot::note_of;
use super::customers::TITLE_PARAMETER;
use crate::Error;

impl Desk {
    /// The conversation has begun without it, so it cannot stand in its opening: a category where it has none, its title,
    /// and a memo of the rest for the agent.
    pub(super) fn take_late_reference(
        &mut self,
        id: &ConversationId,
        given: &BTreeMap<String, Private>,
    ) -> Result<(), Error> {
        let mut parameters = self.within_limits(given);
        if parameters.is_empty() {
            return Ok(());
        }
        let by = || Word::from_code("customer");
        let category = self.settings.parameters.category(&parameters);
        let has_one = self.held_here(id)?.category().is_some();
        if let Some(category) = category.filter(|_| !has_one) {
            let by = by();
            self.act(id, &Command::Categorise { category, by })?;
        }
        if let Some(title) = parameters.remove(TITLE_PARAMETER) {
            let title = Sealable::Open(title.into_string());
            self.act(id, &Command::Title { title, by: by() })?;
        }
        let rest: Vec<(String, String)> = parameters
            .into_iter()
            .map(|(name, value)| (name, value.into_string()))
            .collect();
        if !rest.is_empty() {
            self.act(id, &note_of(&rest))?;
        }
        Ok(())
    }
}
