//! The site's working hours (상담 시간): who may ask for an agent now, what the bot is told, when silence counts.

use happytalk_core::conversation::Conversation;
use happytalk_core::hours::{Asker, Calendar, Hours, HoursCommand, Status, Why};
use happytalk_core::id::{ConversationId, QueueId};
use happytalk_core::log::Stream;
use happytalk_scenario::HoursKind;

use super::Desk;

impl Desk {
    /// Switches by hand, or leaves it to the calendar again. A site without a calendar has no switch.
    pub(super) fn switch_hours(&mut self, command: HoursCommand) {
        let events = self
            .hours
            .as_ref()
            .map(|hours| hours.decide(command, self.clock))
            .unwrap_or_default();
        for event in events {
            self.emit(Stream::Site(self.site.clone()), event);
        }
    }

    /// From here on this calendar counts.
    pub(super) fn set_calendar(&mut self, calendar: Calendar) {
        match &mut self.hours {
            Some(hours) => hours.set_calendar(calendar),
            None => self.hours = Some(happytalk_core::hours::SiteHours::new(calendar)),
        }
        let conversations: Vec<ConversationId> = self.live.keys().cloned().collect();
        for id in conversations {
            self.arm_again(&id);
        }
    }

    /// The hours that count for a conversation; `None` where the site has none and is always open.
    pub(super) fn hours_for<'a>(
        &'a self,
        conversation: &'a Conversation,
        queue: Option<&'a QueueId>,
    ) -> Option<Hours<'a>> {
        let mut asker = Asker::anybody();
        asker.category = conversation.category();
        asker.queue = queue.or_else(|| conversation.queue());
        Some(self.hours.as_ref()?.hours(asker))
    }

    /// Whether agents can be reached about a conversation now; `None` where the site is always open.
    pub(super) fn hours_status(
        &self,
        id: &ConversationId,
        queue: Option<&QueueId>,
    ) -> Option<Status> {
        let conversation = &self.live.get(id)?.conversation;
        Some(self.hours_for(conversation, queue)?.status(self.clock))
    }

    /// The same, as a scenario is told.
    pub(super) fn hours_of_bot(&self, id: &ConversationId) -> happytalk_scenario::Hours {
        let Some(status) = self.hours_status(id, None) else {
            return happytalk_scenario::Hours::open();
        };
        let kind = match &status.why {
            Why::InHours | Why::SwitchedOn => return happytalk_scenario::Hours::open(),
            Why::Break { .. } => HoursKind::Lunch,
            Why::Holiday { .. } => HoursKind::Holiday,
            Why::OffHours | Why::SwitchedOff => HoursKind::Closed,
        };
        let mut hours = happytalk_scenario::Hours::closed(kind, status.next_open);
        if let Why::Holiday { name: Some(name) } = &status.why {
            hours.holiday = Some(name.as_str().to_owned());
        }
        hours
    }
}
