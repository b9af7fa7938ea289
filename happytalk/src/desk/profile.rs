//! The bot that asks customers who they are before an agent has them (프로필봇).

use std::sync::Arc;

use happytalk_core::conversation::{Command, Phase};
use happytalk_core::customer::{ChannelUser, Consent};
use happytalk_core::event::{AutoKind, ProfileSkip};
use happytalk_core::id::{ConversationId, MessageId, NodeId};
use happytalk_routing::Input as RouterInput;
use happytalk_scenario::{Compiled, Input, State, Status, Step, Trace};

use super::bot::profile_fields;
use super::memory::Which;
use super::{Desk, Output};
use crate::Error;

impl Desk {
    /// Has a conversation that wants an agent wait, and asks who the customer is: before that where nobody is given it
    /// meanwhile, and else if nobody has it at once.
    pub(super) fn wait_and_ask(&mut self, id: &ConversationId) -> Result<(), Error> {
        let asks = self.settings.bots.profile();
        let holds_queue = asks.is_some_and(|(asks, _)| asks.holds_queue);
        let held = holds_queue.then(|| self.begin_profile(id, true)).flatten();
        self.wait(id)?;
        let waits = |desk: &Self| {
            let live = desk.live.get(id);
            live.is_some_and(|live| live.conversation.phase() == Phase::Waiting)
        };
        let asked = match held {
            Some(asks) => Some(asks),
            None if !holds_queue && waits(self) => self.begin_profile(id, false),
            None => None,
        };
        match asked {
            Some((flow, step)) => self.take_profile_step(id, &flow, step, None),
            None => Ok(()),
        }
    }

    /// Begins to ask, where the site asks, there is something to ask for and this customer did not answer yet. What is
    /// given back is to be said.
    fn begin_profile(
        &mut self,
        id: &ConversationId,
        holds_queue: bool,
    ) -> Option<(Arc<Compiled>, Step)> {
        let (_, flow) = self.settings.bots.profile()?;
        let flow = Arc::clone(flow);
        let fields = profile_fields(flow.form_fields());
        if fields.is_empty() || self.has_profile(id) || self.may_send().is_err() {
            return None;
        }
        let mut state = State::new(&flow);
        let env = self.env(id, &flow, &state);
        let step = happytalk_scenario::step(&flow, &mut state, Input::Start, &env);
        if matches!(step.status, Status::Ended { .. }) && step.outputs.is_empty() {
            // All of it is known.
            return None;
        }
        let asked = Command::RequestProfile {
            fields,
            holds_queue,
        };
        match self.act(id, &asked) {
            Ok(_) => {
                self.live.get_mut(id)?.memory.profile = Some(state);
                self.keep_memory(id);
                Some((flow, step))
            }
            Err(error) => {
                self.pass_over(error.code());
                None
            }
        }
    }

    /// Whether the customer answered all that was asked, in this conversation or an earlier one.
    fn has_profile(&self, id: &ConversationId) -> bool {
        self.customer_of(id)
            .is_some_and(|record| record.has_profile)
    }

    /// Whether nobody is given the conversation until the questions are over.
    pub(super) fn is_held_for_profile(&self, id: &ConversationId) -> bool {
        self.live.get(id).is_some_and(|live| {
            live.conversation.phase() == Phase::Waiting
                && live
                    .conversation
                    .profile()
                    .is_some_and(|pending| pending.holds_queue)
        })
    }

    pub(super) fn take_profile_step(
        &mut self,
        id: &ConversationId,
        flow: &Compiled,
        step: Step,
        heard: Option<&MessageId>,
    ) -> Result<(), Error> {
        let Step {
            outputs,
            effects,
            status,
            trace,
            ..
        } = step;
        for output in outputs {
            let kind = AutoKind::Profile;
            let said = |message| Command::AutoSay { kind, message };
            self.say_or_pass_over(id, output.content.to_vec(), said)?;
        }
        let mut gave_up = ProfileSkip::Refused;
        for entry in trace {
            match entry {
                Trace::Form { what: "asked", .. } => {}
                Trace::Consented { node, consent } => {
                    self.tell_consent(id, flow, node, &consent, heard);
                }
                Trace::Form {
                    what: "done",
                    fields,
                    ..
                } => self.take_form(id, "done", &fields)?,
                Trace::Form {
                    what: "under_14", ..
                } => gave_up = ProfileSkip::Under14,
                Trace::Form { .. } => gave_up = ProfileSkip::NotFilled,
                Trace::StepLimit { .. } => self.pass_over("scenario.step_limit"),
                _ => {}
            }
        }
        for (number, effect) in effects.into_iter().enumerate() {
            self.take_effect(id, Which::Profile, effect, number)?;
        }
        if matches!(status, Status::Ended { .. }) {
            self.end_profile(id, gave_up)?;
        }
        self.let_in_after_profile(id)
    }

    /// The customer agreed to something: the host keeps the record of it (동의 기록).
    pub(super) fn tell_consent(
        &mut self,
        id: &ConversationId,
        flow: &Compiled,
        node: NodeId,
        consent: &str,
        heard: Option<&MessageId>,
    ) {
        let Some((channel, account, customer)) = self.key_of(id) else {
            return;
        };
        let customer = ChannelUser::new(channel, account, customer);
        let mut given = Consent::new(consent, customer, self.clock);
        given.scenario = Some(flow.id().clone());
        given.version = flow.version();
        given.node = Some(node);
        let items = flow.consent_items(consent).into_iter();
        given.items = items.map(str::to_owned).collect();
        given.conversation = Some(id.clone());
        given.message = heard.cloned();
        self.others.push_back(Output::Consented(Box::new(given)));
    }

    /// The questions are over, and what was not answered will not be.
    pub(super) fn end_profile(
        &mut self,
        id: &ConversationId,
        reason: ProfileSkip,
    ) -> Result<(), Error> {
        let pending = self
            .live
            .get(id)
            .and_then(|live| live.conversation.profile())
            .map(|pending| pending.fields.clone());
        if let Some(fields) = pending {
            self.act(id, &Command::SkipProfile { fields, reason })?;
        }
        self.forget_profile(id);
        self.let_in_after_profile(id)
    }

    /// Nobody waits for answers any more.
    pub(super) fn forget_profile(&mut self, id: &ConversationId) {
        let asks = self
            .live
            .get_mut(id)
            .and_then(|live| live.memory.profile.take());
        if asks.is_some() {
            self.drop_approval(id);
            self.settle_memory(id);
            self.keep_memory(id);
        }
    }

    /// What nothing holds back any more is given out.
    fn let_in_after_profile(&mut self, id: &ConversationId) -> Result<(), Error> {
        if !self.is_held_for_profile(id) && self.router.is_held_back(id) {
            let conversation = id.clone();
            self.route(RouterInput::LetIn { conversation })?;
        }
        Ok(())
    }
}
