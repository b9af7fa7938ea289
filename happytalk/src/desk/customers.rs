//! What customers do: opening a conversation, writing, leaving.

use std::collections::BTreeMap;

use happytalk_core::Message;
use happytalk_core::Sealable;
use happytalk_core::Value;
use happytalk_core::conversation::{Command, Opening, Owner, Phase, Reopening};
use happytalk_core::effect::Notice;
use happytalk_core::event::{AutoKind, ChannelEnd, Parameters, RejectReason, RequestedBy};
use happytalk_core::id::{ConversationId, MessageId, SessionId, Word};
use happytalk_core::inbound::{Inbound, InboundKind, Private};
use happytalk_routing::Speaker;

use super::agents::check_size;
use super::memory::Which;
use super::settings::Door;
use super::{CustomerKey, CustomerRecord, Desk, Output, seen};
use crate::Error;

/// The parameter by which a site titles a conversation (DOMAIN 12.8).
pub(super) const TITLE_PARAMETER: &str = "title";

/// What came with a customer who entered.
struct Entrance {
    known: Value,
    bot: Option<String>,
    parameters: BTreeMap<String, Private>,
}

impl Desk {
    pub(super) fn take_inbound(&mut self, inbound: Inbound, fresh: ConversationId, known: Value) {
        if self.is_repeated(&inbound) {
            return self.pass_over("desk.repeated");
        }
        if !is_of_a_conversation(&inbound.what) {
            self.take_report(&inbound);
            return self.others.push_back(Output::Told(Box::new(inbound)));
        }
        let Inbound {
            channel,
            account,
            customer,
            session,
            id,
            what,
            ..
        } = inbound;
        let (Some(account), Some(customer)) = (account, customer) else {
            self.pass_over("desk.nobody");
            return;
        };
        let key = (channel, account, customer);
        if let InboundKind::Message { content, .. } = &what
            && let Err(error) = check_size(content)
        {
            return self.pass_over(error.code());
        }
        let live = self
            .customers
            .get(&key)
            .and_then(|record| record.live.clone());
        let taken = match what {
            InboundKind::Message {
                content,
                input,
                postback,
                standby,
                parameters,
            } => {
                let silent = standby == Some(true);
                let live = match self.still_live(&key, live, session.as_ref()) {
                    Ok(live) => live,
                    Err(error) => return self.pass_over(error.code()),
                };
                let live = live.or_else(|| self.reopen(&key, session.as_ref()));
                let (conversation, opened) = match live {
                    Some(live) => (live, false),
                    None if silent => return self.pass_over("desk.standby"),
                    None => (fresh, true),
                };
                let number = self
                    .live
                    .get(&conversation)
                    .map_or(0, |live| live.conversation.seq())
                    + 1;
                // A conversation's first line is its opening, so its first message is its second.
                let number = if opened { 2 } else { number };
                self.take_known(&conversation, &known);
                let mut message = Message::new(MessageId::numbered(&conversation, number), content);
                message.provider_id = id;
                message.input = input;
                message.postback = postback.map(|text| Sealable::Open(text.into_string()));
                let late = self
                    .was_told_over(&key, session.as_ref())
                    .then(|| (conversation.clone(), session.clone()));
                let said = if opened {
                    let entrance = Entrance {
                        known,
                        bot: None,
                        parameters: parameters.unwrap_or_default(),
                    };
                    self.open(&key, session, entrance, conversation, Some(message))
                } else {
                    let said = self.customer_says(&conversation, message, session, silent);
                    self.settle_memory(&conversation);
                    said
                };
                match late {
                    Some((conversation, session)) => {
                        said.and_then(|()| self.end_late(conversation, session.as_ref()))
                    }
                    None => said,
                }
            }
            InboundKind::Entered {
                parameters,
                inflow,
                bot,
                referrer,
            } => {
                let live = match self.still_live(&key, live, session.as_ref()) {
                    Ok(live) => live,
                    Err(error) => return self.pass_over(error.code()),
                };
                if live.is_none() && self.is_over(&key, session.as_ref()) {
                    // There is nobody any more in the session that this began: it only came late.
                    return self.pass_over("desk.session_over");
                }
                // From the chat list a customer may only be reading what was said before.
                if inflow.as_deref() == Some("list") {
                    return;
                }
                if let Some(live) = live {
                    let given = parameters.unwrap_or_default();
                    if let Err(error) = self.take_late_reference(&live, &given) {
                        self.pass_over(error.code());
                    }
                    return;
                }
                let mut parameters = parameters.unwrap_or_default();
                let further = [
                    ("inflow", inflow.map(Private::from)),
                    ("referrer", referrer),
                ];
                for (name, value) in further {
                    if let Some(value) = value {
                        parameters.insert(name.to_owned(), value);
                    }
                }
                let entrance = Entrance {
                    known,
                    bot,
                    parameters,
                };
                self.open(&key, session, entrance, fresh, None)
            }
            InboundKind::Left {} => self.channel_ends(live, ChannelEnd::Left, session),
            InboundKind::SessionEnded {} => {
                if let Some(session) = &session {
                    self.remember(seen::session_key(&key.0, &key.1, &key.2, session));
                }
                // The platform gives no reason. When the time was up, that is it.
                let cause = match &live {
                    Some(live) if self.ran_out(live) => ChannelEnd::Expired,
                    _ => ChannelEnd::Unknown,
                };
                self.channel_ends(live, cause, session)
            }
            // What we said ourselves, or somebody in the platform's own desk: answering would be a loop.
            InboundKind::Echo { .. } => Ok(()),
            // It went to the host.
            _ => Ok(()),
        };
        if let Err(error) = taken {
            self.pass_over(error.code());
        }
    }

    /// Whether this was taken before; from here on it was.
    fn is_repeated(&mut self, inbound: &Inbound) -> bool {
        let (Some(account), Some(customer), Some(id)) =
            (&inbound.account, &inbound.customer, &inbound.id)
        else {
            return false;
        };
        let key = seen::key(&inbound.channel, account, customer, id);
        if self.seen.contains(&key) {
            return true;
        }
        self.remember(key);
        false
    }

    fn open(
        &mut self,
        key: &CustomerKey,
        session: Option<SessionId>,
        entrance: Entrance,
        id: ConversationId,
        message: Option<Message>,
    ) -> Result<(), Error> {
        let mut opening = Opening::by_customer(key.0.clone(), key.1.clone(), key.2.clone());
        opening.session = session;
        let parameters = self.within_limits(&entrance.parameters);
        opening.category = self.settings.parameters.category(&parameters);
        let flow = self
            .answering(&key.0, opening.category.as_ref())
            .filter(|_| entrance.bot.as_deref() != Some("false"));
        opening.bot = flow.is_some();
        opening.title = parameters
            .get(TITLE_PARAMETER)
            .map(|title| Sealable::Open(title.as_str().to_owned()));
        opening.parameters = sealable(parameters);
        opening.previous = self.customers.get(key).map(|record| record.last.clone());
        if self.live.contains_key(&id) {
            return Err(happytalk_core::Error::AlreadyOpen.into());
        }
        self.take_back_end(key);
        // Nothing is in `live` for the id yet, so the opening is decided on a conversation that has not begun.
        self.live.insert(id.clone(), super::live::Live::new());
        self.act(&id, &Command::Open(opening))?;
        self.take_known(&id, &entrance.known);
        if let Some(message) = message {
            let session = None;
            self.act(&id, &Command::CustomerSay { message, session })?;
        }
        if self.customers.get(key).is_some_and(|record| record.blocked) {
            return self.turn_away(&id, RejectReason::Blocked);
        }
        if self
            .account
            .as_ref()
            .is_some_and(|account| !account.may_start_on(&key.0))
        {
            return self.turn_away(&id, RejectReason::SiteSuspended);
        }
        match flow {
            Some(flow) => self.start_bot(&id, &flow),
            None => self.request_agent(&id, RequestedBy::Customer, None, None),
        }
        self.settle_memory(&id);
        Ok(())
    }

    /// What came with a customer, as far as it is within its limits (DOMAIN 12.8): in strict mode one that is not
    /// leaves all of it out, and either way the host is told which rule it was and not what was said.
    pub(super) fn within_limits(
        &mut self,
        given: &BTreeMap<String, Private>,
    ) -> BTreeMap<String, Private> {
        let given = given.iter().map(|(name, value)| (name, value.as_str()));
        match self.settings.parameters.take(given) {
            Ok(taken) => {
                if !taken.flags.is_empty() {
                    self.pass_over("desk.parameter_flagged");
                }
                taken.parameters
            }
            Err(error) => {
                self.pass_over(error.code());
                BTreeMap::new()
            }
        }
    }

    fn customer_says(
        &mut self,
        id: &ConversationId,
        message: Message,
        session: Option<SessionId>,
        silent: bool,
    ) -> Result<(), Error> {
        let phase = self.live.get(id).map(|live| live.conversation.phase());
        let said = message.clone();
        if !self.act(id, &Command::CustomerSay { message, session })? {
            return Ok(());
        }
        match phase {
            Some(Phase::Bot) if !silent => self.bot_hears(id, Which::Front, &said),
            Some(Phase::Waiting) if !silent => self.bot_hears(id, Which::Profile, &said),
            Some(Phase::AfterWork) => {
                if let Some(key) = self.key_of(id) {
                    self.take_back_end(&key);
                }
                self.resume(id)?;
                self.tell_owner(id, Notice::CustomerSaid);
            }
            Some(Phase::Assigned | Phase::InProgress) => self.tell_owner(id, Notice::CustomerSaid),
            _ => {}
        }
        if matches!(
            phase,
            Some(Phase::Waiting | Phase::Assigned | Phase::InProgress)
        ) {
            self.route_known(
                id,
                happytalk_routing::Input::Said {
                    conversation: id.clone(),
                    by: Speaker::Customer,
                },
            )?;
        }
        Ok(())
    }

    /// Whether the time of the conversation's session is up.
    fn ran_out(&self, id: &ConversationId) -> bool {
        let live = self.live.get(id);
        let runs_out_at = live.and_then(|live| live.conversation.session_runs_out_at());
        runs_out_at.is_some_and(|at| at <= self.clock)
    }

    pub(super) fn channel_ends(
        &mut self,
        live: Option<ConversationId>,
        cause: ChannelEnd,
        session: Option<SessionId>,
    ) -> Result<(), Error> {
        // Also our own end comes back like this, when nothing is live any more.
        let Some(id) = live else { return Ok(()) };
        let after_work = self.rules.after_work.is_some();
        let had_it = self
            .live
            .get(&id)
            .and_then(|live| match live.conversation.owner() {
                Owner::Agent(agent) => Some(agent.clone()),
                _ => None,
            });
        if self.act(
            &id,
            &Command::EndChannel {
                cause,
                session,
                after_work,
            },
        )? {
            if let Some(agent) = had_it {
                self.tell(&id, &agent, Notice::Ended);
            }
            self.after_end(&id, false);
        }
        Ok(())
    }

    /// The conversation that goes on, where the customer comes in `session`: one whose session they are no longer in ended
    /// without the platform telling. What still comes in the session before is only late.
    fn still_live(
        &mut self,
        key: &CustomerKey,
        live: Option<ConversationId>,
        session: Option<&SessionId>,
    ) -> Result<Option<ConversationId>, Error> {
        let left_behind = self.customers.get(key).is_some_and(|record| {
            // In after-work the customer goes on in whatever session they have.
            record.session.is_open() && record.session.names_another(session)
        });
        if live.is_none() || !left_behind || self.is_over(key, session) {
            return Ok(live);
        }
        self.channel_ends(live, ChannelEnd::Unknown, None)?;
        // Where it is written up now, they go on with the same agent.
        let record = self.customers.get(key);
        Ok(record.and_then(|record| record.live.clone()))
    }

    /// Whether `session` is one of the customer's that is over.
    fn is_over(&self, key: &CustomerKey, session: Option<&SessionId>) -> bool {
        let record = self.customers.get(key);
        let by_log = record
            .zip(session)
            .is_some_and(|(record, session)| record.session.is_over(session));
        by_log || self.was_told_over(key, session)
    }

    /// Whether the platform said that `session` is over. It may say so before it brings the last words of it.
    fn was_told_over(&self, key: &CustomerKey, session: Option<&SessionId>) -> bool {
        session.is_some_and(|session| {
            let key = seen::session_key(&key.0, &key.1, &key.2, session);
            self.seen.contains(&key)
        })
    }

    /// Ends what the last words of a session that is over began: as if they had come before its end.
    fn end_late(&mut self, id: ConversationId, session: Option<&SessionId>) -> Result<(), Error> {
        let talks = self.live.get(&id).is_some_and(|live| {
            live.conversation.session_open() && live.conversation.session() == session
        });
        match talks {
            true => self.channel_ends(Some(id), ChannelEnd::Unknown, None),
            false => Ok(()),
        }
    }

    /// Remembers that something was taken, also over a restart.
    fn remember(&mut self, key: String) {
        self.seen.insert(key.clone(), self.clock);
        self.others.push_back(Output::Seen(key));
    }

    /// Takes up the customer's last conversation, where the site goes on with those and it is not too late.
    fn reopen(&mut self, key: &CustomerKey, session: Option<&SessionId>) -> Option<ConversationId> {
        let Reopening::Within(within) = self.settings.reopening else {
            return None;
        };
        let id = self.customers.get(key)?.last.clone();
        let conversation = &self.live.get(&id)?.conversation;
        let by = Word::from_code("customer");
        let session = session.cloned();
        let reopen = Command::Reopen {
            by,
            session,
            within,
        };
        // One that is too old, or was blocked, is not gone on with: another begins.
        conversation.decide(&reopen, self.clock).ok()?;
        self.take_back_end(key);
        if let Err(error) = self.act(&id, &reopen).and_then(|_| self.wait(&id)) {
            self.pass_over(error.code());
        }
        Some(id)
    }

    /// Asks for a person: admission, then the queue.
    pub(super) fn request_agent(
        &mut self,
        id: &ConversationId,
        by: RequestedBy,
        queue: Option<happytalk_core::id::QueueId>,
        call: Option<&str>,
    ) {
        if let Err(error) = self.try_request_agent(id, by, queue, call) {
            self.pass_over(error.code());
        }
    }

    fn try_request_agent(
        &mut self,
        id: &ConversationId,
        by: RequestedBy,
        queue: Option<happytalk_core::id::QueueId>,
        call: Option<&str>,
    ) -> Result<(), Error> {
        if self
            .live
            .get(id)
            .is_some_and(|live| live.conversation.held())
        {
            // Kept open while the bot talked. From here on that is for the agents to say.
            let by = Word::from_code("bot");
            let over_cap = None;
            self.act(id, &Command::Unhold { by, over_cap })?;
        }
        if !self.act(
            id,
            &Command::RequestAgent {
                by,
                category: None,
                queue,
            },
        )? {
            return Ok(());
        }
        let queue = self.queue_of(id);
        let closed = self
            .hours_status(id, Some(&queue))
            .is_some_and(|hours| !hours.takes_requests());
        let refused = if self.settings.door == Door::Closed {
            Some(RejectReason::InboundClosed)
        } else if closed {
            Some(RejectReason::OffHours)
        } else {
            self.router.admits(Some(&queue))
        };
        if let Some(reason) = refused {
            self.turn_away(id, reason)?;
            if let Some(call) = call {
                self.bot_learns_handoff(id, call, happytalk_scenario::HandoffOutcome::Unavailable);
            }
            return Ok(());
        }
        if !self.names_agent(AutoKind::Greeting) {
            self.say_own(id, AutoKind::Greeting)?;
        }
        if self.settings.door == Door::Slow {
            self.say_own(id, AutoKind::Busy)?;
        }
        if let Some(call) = call {
            self.bot_learns_handoff(id, call, happytalk_scenario::HandoffOutcome::Accepted);
        }
        self.hand_over_bot(id);
        if self.waits_for_opening(id, self.clock) {
            // There is intake, or it would have been turned away.
            self.say_own(id, AutoKind::Absence)?;
        }
        self.wait_and_ask(id)?;
        self.settle_memory(id);
        if self.router.place(id).is_some() {
            self.say_own(id, AutoKind::Place)?;
        }
        Ok(())
    }

    /// Gives a conversation that wants an agent to distribution, or keeps it until the hours open.
    pub(super) fn wait(&mut self, id: &ConversationId) -> Result<(), Error> {
        if self.waits_for_opening(id, self.clock) {
            self.park(id);
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

    /// Turns a conversation or its request away, with the notice that belongs to the reason.
    fn turn_away(&mut self, id: &ConversationId, reason: RejectReason) -> Result<(), Error> {
        let notice = match reason {
            RejectReason::OffHours => Some(AutoKind::Absence),
            RejectReason::QueueFull => Some(AutoKind::QueueFull),
            RejectReason::Blocked => None,
            _ => Some(AutoKind::Unavailable),
        };
        if let Some(kind) = notice.filter(|kind| !self.was_told_lately(id, *kind)) {
            self.say_own(id, kind)?;
        }
        self.act(id, &Command::Reject { reason })?;
        let over = self
            .live
            .get(id)
            .is_some_and(|live| live.conversation.phase() == Phase::Rejected);
        if over {
            self.after_end(id, true);
        }
        Ok(())
    }

    /// What is known of a conversation's customer.
    pub(super) fn customer_of(&self, id: &ConversationId) -> Option<&CustomerRecord> {
        self.customers.get(&self.key_of(id)?)
    }

    pub(super) fn key_of(&self, id: &ConversationId) -> Option<CustomerKey> {
        let party = self.live.get(id)?.conversation.party()?;
        let customer = party.customer.open()?.clone();
        Some((party.channel.clone(), party.account.clone(), customer))
    }

    pub(super) fn was_told_lately(&self, id: &ConversationId, kind: AutoKind) -> bool {
        let record = self.customer_of(id);
        let told = record.and_then(|record| record.notices.get(&kind));
        told.is_some_and(|at| self.clock.since(*at) < self.settings.notice_again)
    }
}

/// Whether a conversation is about it. The rest is what a host keeps of customers, payments and deliveries.
const fn is_of_a_conversation(what: &InboundKind) -> bool {
    matches!(
        what,
        InboundKind::Message { .. }
            | InboundKind::Entered { .. }
            | InboundKind::Left {}
            | InboundKind::SessionEnded { .. }
            | InboundKind::Echo { .. }
    )
}

fn sealable(parameters: BTreeMap<String, Private>) -> Parameters {
    parameters
        .into_iter()
        .map(|(name, value)| (name, Sealable::Open(value.into_string())))
        .collect()
}
