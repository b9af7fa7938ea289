//! To data and back.

use happytalk_core::id::AgentId;

use super::Router;
use crate::agent::{Agent, Moment};
use crate::conversation::{Conversation, Extra, Offer, Seat};
use crate::error::Error;
use crate::estimate::Handled;
use crate::lookup::Digest;
use crate::settings::Settings;
use crate::slab::{AgentNo, LineNo, Number};
use crate::snapshot::{AgentImage, ConversationImage, ExtraImage, SeatImage, Snapshot, VERSION};
use crate::status;

impl Router {
    /// What it holds, as data. Outputs that were not taken are not part of it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let queue_ids = self.settings.queues.iter().map(|queue| &queue.id);
        let handled = queue_ids
            .zip(&self.queues)
            .map(|(id, desk)| (id.clone(), desk.handled.entries().collect::<Vec<_>>()))
            .filter(|(_, entries)| !entries.is_empty());
        let mut agents: Vec<_> = self.agents.iter().map(|(_, agent)| agent).collect();
        agents.sort_unstable_by_key(|agent| &agent.id);
        let mut conversations: Vec<_> = self
            .conversations
            .iter()
            .filter_map(|(no, it)| {
                let since = it.seat.agent().and_then(|agent| {
                    let mut mine = self.agents.get(agent)?.conversations.iter();
                    Some(mine.find(|held| held.conversation == no)?.since)
                });
                self.image(it, since.unwrap_or(it.enqueued_at))
            })
            .collect();
        conversations.sort_by(|a, b| a.conversation.cmp(&b.conversation));
        Snapshot {
            version: VERSION,
            now: self.now,
            revision: self.revision,
            turns: self.turns,
            mode: self.mode,
            open: self.open,
            handled: handled.collect(),
            agents: agents
                .into_iter()
                .filter_map(|agent| self.agent_image(agent))
                .collect(),
            conversations,
        }
    }

    fn agent_image(&self, agent: &Agent) -> Option<AgentImage> {
        let turns = agent.kept().turns.iter();
        let turns =
            turns.filter_map(|(queue, turn)| Some((self.queue_name(*queue)?.clone(), *turn)));
        Some(AgentImage {
            agent: agent.id.clone(),
            spec: agent.spec(),
            status: self.statuses.get(agent.status.place())?.clone(),
            class: agent.class,
            class_since: agent.class_since,
            fresh: agent.fresh,
            misses: agent.misses,
            last_assigned_at: agent.last_assigned_at.get(),
            left_at: agent.left_at.get(),
            recent: agent.kept().recent.iter().copied().collect(),
            turns: turns.collect(),
        })
    }

    fn image(
        &self,
        it: &Conversation,
        since: happytalk_core::Timestamp,
    ) -> Option<ConversationImage> {
        let name = |no: AgentNo| self.agents.get(no).map(|agent| agent.id.clone());
        let extra = it.extra.as_deref().map(|extra| {
            let mut tried: Vec<_> = extra.tried.iter().filter_map(|no| name(*no)).collect();
            tried.sort();
            let offers = extra.offers.iter();
            Box::new(ExtraImage {
                terms: extra.terms.clone(),
                tried,
                offers: offers
                    .filter_map(|it| Some((name(it.agent)?, it.until, it.sticky)))
                    .collect(),
                waits_from: extra.waits_from,
                returns: extra.returns,
                held_back: extra.held_back,
                answered: extra.answered,
                waking: extra.waking,
                assigned_at: extra.assigned_at,
                active_at: extra.active_at,
                stage: u32::try_from(extra.stage).unwrap_or(u32::MAX),
                sticks: extra.sticks,
                delayed: extra.delayed,
                silent: extra.silent,
                dormant: extra.dormant,
            })
        });
        Some(ConversationImage {
            conversation: it.id.clone(),
            queue: self.queue_name(it.queue)?.clone(),
            channel: self.channels.get(it.channel.place())?.clone(),
            priority: it.priority,
            weight: it.weight,
            enqueued_at: it.enqueued_at,
            revision: it.revision,
            held: it.held,
            seat: match it.seat {
                Seat::Waiting => SeatImage::Waiting,
                Seat::With(agent) => SeatImage::With(name(agent)?, since),
                Seat::AfterWork(agent) => SeatImage::AfterWork(name(agent)?, since),
            },
            extra,
        })
    }

    /// The router that gave the snapshot, with settings that know every queue it knew.
    ///
    /// # Errors
    /// Those of [`Router::new`]; [`Error::UnknownQueue`] where a queue is not among the settings';
    /// [`Error::BadSnapshot`] where it is of another version or names agents it does not have.
    pub fn restore(settings: Settings, snapshot: Snapshot) -> Result<Self, Error> {
        let mut router = Self::new(settings)?;
        if snapshot.version != VERSION {
            return Err(Error::BadSnapshot);
        }
        router.now = snapshot.now;
        router.revision = snapshot.revision;
        router.turns = snapshot.turns;
        router.mode = snapshot.mode;
        router.open = snapshot.open;
        for (queue, entries) in snapshot.handled {
            let no = router.queue_no(Some(&queue))?;
            if let Some(desk) = router.queues.get_mut(no.place()) {
                desk.handled = Handled::from_entries(entries);
            }
        }
        let seats = snapshot.conversations.iter().map(|image| &image.seat);
        let waiting = seats.filter(|seat| **seat == SeatImage::Waiting).count();
        let talking = snapshot.conversations.len().saturating_sub(waiting);
        router.waiting_nos.make_room(waiting);
        router.talking_nos.make_room(talking);
        router.agent_nos.make_room(snapshot.agents.len());
        for image in snapshot.agents {
            router.take_agent(image)?;
        }
        for image in snapshot.conversations {
            router.take_conversation(image)?;
        }
        // What conversations left behind on their way in is no news.
        router.pass_time(snapshot.now);
        Ok(router)
    }

    fn take_agent(&mut self, image: AgentImage) -> Result<(), Error> {
        if self.agent_number(&image.agent).is_some() {
            return Err(Error::BadSnapshot);
        }
        let status = self.status_no(&image.status);
        let since = image.class_since;
        let mut agent = Agent::new(image.agent.clone(), status, since);
        let away = self.settings.away_takes && image.status.as_str() == status::AWAY;
        agent.accepts = match image.class {
            happytalk_core::event::StatusClass::Accepting => true,
            happytalk_core::event::StatusClass::Paused => away,
            _ => false,
        };
        agent.set_spec(image.spec, &self.settings, &self.zone);
        agent.class = image.class;
        agent.fresh = image.fresh;
        agent.misses = image.misses;
        agent.last_assigned_at = Moment::of(image.last_assigned_at);
        agent.left_at = Moment::of(image.left_at);
        if !image.recent.is_empty() {
            agent.kept_mut().recent = image.recent.into();
        }
        for (queue, turn) in image.turns {
            agent.set_turn(self.queue_no(Some(&queue))?, turn);
        }
        let meant = status::class_of(&image.status);
        let pauses = self.settings.pause_after_current
            && agent.class == happytalk_core::event::StatusClass::Finishing
            && meant.is_some_and(|meant| meant != agent.class);
        let no = self.agents.put(agent);
        if pauses {
            self.pausing.insert(no);
        }
        self.agent_nos
            .put(Digest::of(&image.agent), no, &self.agents);
        self.rearm_agent(no);
        self.post_everywhere(no);
        Ok(())
    }

    fn take_conversation(&mut self, image: ConversationImage) -> Result<(), Error> {
        if self.number(&image.conversation).is_some() {
            return Err(Error::BadSnapshot);
        }
        let number = |agent: &AgentId| {
            let no = self.agent_number(agent);
            no.ok_or(Error::BadSnapshot)
        };
        let (seat, since) = match &image.seat {
            SeatImage::Waiting => (Seat::Waiting, self.now),
            SeatImage::With(agent, since) => (Seat::With(number(agent)?), *since),
            SeatImage::AfterWork(agent, since) => (Seat::AfterWork(number(agent)?), *since),
        };
        let extra = match image.extra {
            None => None,
            Some(image) => {
                let mut tried: Vec<_> = image.tried.iter().map(number).collect::<Result<_, _>>()?;
                tried.sort_unstable();
                let mut offers = Vec::new();
                for (agent, until, sticky) in &image.offers {
                    offers.push(Offer {
                        agent: number(agent)?,
                        until: *until,
                        sticky: *sticky,
                    });
                }
                Some(Box::new(Extra {
                    terms: image.terms,
                    tried,
                    offers,
                    waits_from: image.waits_from,
                    returns: image.returns,
                    held_back: image.held_back,
                    answered: image.answered,
                    waking: image.waking,
                    assigned_at: image.assigned_at,
                    active_at: image.active_at,
                    route: None,
                    stage: usize::try_from(image.stage).unwrap_or(0),
                    sticks: image.sticks,
                    delayed: image.delayed,
                    silent: image.silent,
                    dormant: image.dormant,
                    turn_at: None,
                    call_at: None,
                }))
            }
        };
        let it = Conversation {
            id: image.conversation,
            enqueued_at: image.enqueued_at,
            extra,
            seat,
            priority: image.priority,
            weight: image.weight.max(1),
            line: LineNo::from_place(u32::MAX),
            revision: image.revision,
            queue: self.queue_no(Some(&image.queue))?,
            channel: self.channel_no(&image.channel),
            held: image.held,
        };
        self.begin_again(it, since);
        Ok(())
    }
}
