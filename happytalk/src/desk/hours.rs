//! The site's working hours (상담 시간): who may ask for an agent now, what the bot is told, when silence counts.

use happytalk_core::conversation::Conversation;
use happytalk_core::event::Category;
use happytalk_core::hours::{Asker, Calendar, Hours, HoursCommand, Status};
use happytalk_core::id::{ConversationId, QueueId};
use happytalk_core::log::Stream;
use happytalk_core::time::Timestamp;
use happytalk_routing::{LastAgent, Request};
use happytalk_scenario::{Hours as BotHours, HoursKind};

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
        self.look_for_opening();
        self.open_doors();
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
        self.look_for_opening();
        self.open_doors();
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

    /// Whether a conversation that asked for an agent at `at` waits for the hours to open (DOMAIN 4 rule 7): it stands
    /// in 상담대기, and distribution does not hear of it before.
    pub(super) fn waits_for_opening(&self, id: &ConversationId, at: Timestamp) -> bool {
        self.live
            .get(id)
            .and_then(|live| {
                let queue = self.queue_of(id);
                let hours = self.hours_for(&live.conversation, Some(&queue))?;
                Some(!hours.is_open(at))
            })
            .unwrap_or(false)
    }

    pub(super) fn park(&mut self, id: &ConversationId) {
        let Some(since) = self
            .live
            .get(id)
            .and_then(|live| live.conversation.requested_at())
        else {
            return;
        };
        self.parked.insert((since, id.clone()));
        self.look_for_opening();
    }

    pub(super) fn unpark(&mut self, id: &ConversationId) -> bool {
        let before = self.parked.len();
        if before > 0 {
            self.parked.retain(|(_, parked)| parked != id);
            self.look_for_opening();
        }
        self.parked.len() < before
    }

    /// The conversations whose hours have opened since they asked, at `at` or before, in the order in which they asked.
    /// Whether anybody looked while they were open makes no difference.
    pub(super) fn opened_for(&self, at: Timestamp) -> Vec<ConversationId> {
        self.parked
            .iter()
            .filter(|(since, id)| self.opening_for(*since, id).is_none_or(|opens| opens <= at))
            .map(|(_, id)| id.clone())
            .collect()
    }

    /// When the hours of a conversation open that asked at `since`; [`Timestamp::MAX`] where they never do, and `None`
    /// where it has none.
    fn opening_for(&self, since: Timestamp, id: &ConversationId) -> Option<Timestamp> {
        let conversation = &self.live.get(id)?.conversation;
        let queue = self.queue_of(id);
        let hours = self.hours_for(conversation, Some(&queue))?;
        Some(hours.next_open(since).unwrap_or(Timestamp::MAX))
    }

    /// Gives those to distribution whose hours have opened.
    pub(super) fn open_doors(&mut self) {
        for id in self.opened_for(self.clock) {
            if let Err(error) = self.let_in(&id) {
                self.pass_over(error.code());
            }
        }
    }

    /// Gives one to distribution that waited for its hours, with the place it has had since it asked.
    pub(super) fn let_in(&mut self, id: &ConversationId) -> Result<(), crate::Error> {
        if !self.unpark(id) {
            return Ok(());
        }
        match self.request_of(id) {
            Some(request) => self.route(happytalk_routing::Input::Enqueue {
                conversation: id.clone(),
                request,
            }),
            None => Ok(()),
        }
    }

    /// What the router is told of a conversation that asks for an agent.
    pub(super) fn request_of(&self, id: &ConversationId) -> Option<Request> {
        let live = self.live.get(id)?;
        let conversation = &live.conversation;
        let party = conversation.party()?;
        let mut request = Request::new(party.channel.clone());
        // Without a hand-off's own, rule rows decide, then a queue that is named like the category.
        let named = conversation.queue();
        request.queue = named.and_then(|queue| self.settings.queue(queue));
        request.category = conversation.category().cloned();
        request.parameters.clone_from(&live.parameters);
        request.last_agent = self.customer_of(id).and_then(|record| {
            let (agent, closed_at) = record.last_agent.clone()?;
            Some(LastAgent::new(agent, closed_at))
        });
        request.since = conversation.requested_at();
        request.held_back = self.is_held_for_profile(id);
        // Whether it may wait was asked when it wanted an agent, and the customer was told.
        request.admitted = true;
        Some(request)
    }

    /// The queue that a conversation is for, whether it waits there yet or not.
    pub(super) fn queue_of(&self, id: &ConversationId) -> QueueId {
        let conversation = self.live.get(id).map(|live| &live.conversation);
        let category = conversation.and_then(Conversation::category);
        let named = conversation.and_then(Conversation::queue);
        if self.settings.routing.rules.is_empty() {
            return self.settings.queue_for(named, category);
        }
        let request = self.request_of(id);
        self.queue_by_rules(request)
            .unwrap_or_else(|| self.settings.queue_for(named, category))
    }

    /// The queue that distribution begins in once more, for another category.
    pub(super) fn queue_of_category(&self, id: &ConversationId, category: &Category) -> QueueId {
        let request = self.request_of(id).map(|mut request| {
            request.queue = None;
            request.category = Some(category.clone());
            request
        });
        self.queue_by_rules(request)
            .unwrap_or_else(|| self.settings.queue_for(None, Some(category)))
    }

    fn queue_by_rules(&self, request: Option<Request>) -> Option<QueueId> {
        self.router.queue_for(&request?).ok()
    }

    /// Looks anew when the next of them opens.
    pub(super) fn look_for_opening(&mut self) {
        let opening = self
            .parked
            .iter()
            .filter_map(|(since, id)| self.opening_for(*since, id))
            .filter(|opens| *opens < Timestamp::MAX)
            .min();
        self.opens_at = opening;
    }

    /// The same, as a scenario is told.
    pub(super) fn hours_of_bot(&self, id: &ConversationId) -> BotHours {
        let status = self.hours_status(id, None);
        status.map_or_else(BotHours::open, |status| BotHours::of(&status))
    }

    /// What the schedule of that name says, or else the hours of the queue of that name, as a scenario is told; `None`
    /// where there is neither, and the conversation's own hours count.
    pub(super) fn hours_named(&self, id: &ConversationId, name: &str) -> Option<BotHours> {
        if let Some(hours) = self.hours.as_ref()?.hours_named(name) {
            return Some(BotHours::of(&hours.status(self.clock)));
        }
        let queue = self.settings.queue(&name.parse().ok()?)?;
        Some(BotHours::of(&self.hours_status(id, Some(&queue))?))
    }

    /// What the hours say to somebody who comes about this.
    pub(super) fn hours_kind(&self, category: Option<&Category>) -> HoursKind {
        let mut asker = Asker::anybody();
        asker.category = category;
        let hours = self.hours.as_ref().map(|hours| hours.hours(asker));
        hours.map_or(HoursKind::Open, |hours| {
            BotHours::of(&hours.status(self.clock)).kind
        })
    }
}
