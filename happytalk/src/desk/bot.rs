//! The bot's turns.

use std::sync::Arc;

use happytalk_core::Message;
use happytalk_core::Sealable;
use happytalk_core::call::{Call, CallOutcome};
use happytalk_core::conversation::{Command, Phase};
use happytalk_core::effect::EffectKind;
use happytalk_core::event::{AutoKind, BotEndedBy, Category};
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, Word};
use happytalk_scenario::{
    Compiled, Effect, Env, HandoffOutcome, Input, State, Status, Step, Trace,
};

use super::live::BotSession;
use super::{Awaited, Desk, Output};
use crate::Error;

impl Desk {
    pub(super) fn start_bot(&mut self, id: &ConversationId, flow: Arc<Compiled>) {
        if let Some(live) = self.live.get_mut(id) {
            let state = State::new(&flow);
            live.bot = Some(BotSession { flow, state });
            self.bot_turn(id, Input::Start, None);
        }
    }

    /// The customer wrote to the bot.
    pub(super) fn bot_hears(&mut self, id: &ConversationId, message: &Message) {
        let bound = self.live.get(id).and_then(|live| {
            let channel = &live.conversation.party()?.channel;
            if live.bot.is_some() {
                None
            } else {
                self.settings.bots.on(channel).cloned()
            }
        });
        if let Some(flow) = bound {
            // Its state was lost or could not be read: from the start, rather than silence.
            return self.start_bot(id, flow);
        }
        let words = message.words();
        let media = message.content.open().and_then(|parts| {
            parts
                .iter()
                .map(happytalk_core::Content::kind)
                .find(|kind| *kind != "text")
        });
        let input = Input::Customer {
            id: message.id.as_str(),
            text: (!words.is_empty()).then_some(words.as_str()),
            token: message
                .postback
                .as_ref()
                .and_then(|token| token.open())
                .map(String::as_str),
            media,
        };
        self.bot_turn(id, input, Some(&message.id));
    }

    pub(super) fn bot_learns_handoff(
        &mut self,
        id: &ConversationId,
        call: &str,
        outcome: HandoffOutcome,
    ) {
        self.bot_turn(id, Input::HandoffResult { id: call, outcome }, None);
    }

    pub(super) fn take_call_result(
        &mut self,
        id: &ConversationId,
        call: &str,
        outcome: CallOutcome,
    ) {
        self.bot_turn(id, Input::CallResult { id: call, outcome }, None);
    }

    /// The bot's part is over: what it remembers is deleted.
    pub(super) fn drop_bot(&mut self, id: &ConversationId) {
        if let Some(live) = self.live.get_mut(id) {
            live.bot = None;
        }
        self.others.push_back(Output::State {
            conversation: id.clone(),
            bytes: None,
        });
    }

    fn bot_turn(&mut self, id: &ConversationId, input: Input<'_>, heard: Option<&MessageId>) {
        // Asked before the step: a bot that went on unheard would wait for answers to what nobody was told.
        if let Err(error) = self.may_send() {
            self.pass_over(error.code());
            if let Err(error) = self.say_unavailable(id) {
                self.pass_over(error.code());
            }
            return;
        }
        let env = self.env(id);
        let Some(session) = self.live.get_mut(id).and_then(|live| live.bot.as_mut()) else {
            return;
        };
        let flow = Arc::clone(&session.flow);
        let step = happytalk_scenario::step(&flow, &mut session.state, input, &env);
        let bytes = session.state.to_bytes();
        self.others.push_back(Output::State {
            conversation: id.clone(),
            bytes: Some(bytes),
        });
        if let Err(error) = self.take_step(id, &flow, step, heard) {
            self.pass_over(error.code());
        }
    }

    fn env(&self, id: &ConversationId) -> Env {
        let mut env = Env::new(self.clock);
        env.zone = self.settings.zone.clone();
        env.hours = self.hours_of_bot(id);
        if let Some(party) = self.live.get(id).and_then(|live| live.conversation.party()) {
            env.channel = party.channel.clone();
        }
        env
    }

    fn take_step(
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
        let mut outputs = outputs.into_iter().peekable();
        for entry in trace {
            match entry {
                Trace::Entered {
                    node,
                    depth,
                    goal,
                    via,
                } => {
                    self.act(
                        id,
                        &Command::BotEnter {
                            scenario: flow.id().clone(),
                            version: flow.version(),
                            node: node.clone(),
                            depth,
                            goal,
                            via: Some(via),
                        },
                    )?;
                    while let Some(output) = outputs.next_if(|output| output.node == node) {
                        let said = |message| Command::BotSay { message };
                        self.say_or_pass_over(id, output.content, said)?;
                    }
                }
                Trace::Missed { node, count } => {
                    if let Some(message) = heard {
                        self.act(
                            id,
                            &Command::BotMiss {
                                scenario: flow.id().clone(),
                                version: flow.version(),
                                node,
                                message: message.clone(),
                                count,
                            },
                        )?;
                    }
                }
                Trace::StepLimit { .. } => self.pass_over("scenario.step_limit"),
                _ => {}
            }
        }
        for output in outputs {
            let said = |message| Command::BotSay { message };
            self.say_or_pass_over(id, output.content, said)?;
        }
        for (number, effect) in effects.into_iter().enumerate() {
            self.take_effect(id, effect, number)?;
        }
        if let Status::Ended { goal, .. } = status
            && self
                .live
                .get(id)
                .is_some_and(|live| live.conversation.phase() == Phase::Bot)
        {
            let by = if goal {
                BotEndedBy::Goal
            } else {
                BotEndedBy::Flow
            };
            self.act(id, &Command::EndBot { by })?;
            self.after_end(id, true);
        }
        Ok(())
    }

    fn take_effect(
        &mut self,
        id: &ConversationId,
        effect: Effect,
        number: usize,
    ) -> Result<(), Error> {
        match effect {
            Effect::Call {
                id: call_id,
                name,
                input,
                key,
                timeout_ms,
                attempt,
            } => {
                // Keys are unique within a conversation; outside it the conversation's id makes them so.
                let mut call = Call::new(name, input, format!("{id}/{key}"), timeout_ms);
                call.attempt = attempt;
                call.id = Some(call_id.clone());
                let awaited = Awaited::Call {
                    conversation: id.clone(),
                    call: call_id,
                };
                let effect_id = self.step_effect(id, number);
                self.effect(effect_id, id, EffectKind::Call { call }, awaited);
            }
            Effect::Handoff {
                id: call_id,
                queue,
                by,
                note,
                ..
            } => {
                if !note.is_empty() {
                    self.act(id, &note_of(&note))?;
                }
                self.request_agent(id, by, queue, Some(&call_id));
            }
            Effect::Emit { name, with } => {
                let effect_id = self.step_effect(id, number);
                let key = effect_id.as_str().to_owned();
                let call = Call::new(name, with, key, EMIT_TIMEOUT_MILLIS);
                self.effect(effect_id, id, EffectKind::Call { call }, Awaited::Nothing);
            }
            Effect::Tag { tag } => {
                self.act(
                    id,
                    &Command::Tag {
                        tag,
                        by: Word::from_code("bot"),
                    },
                )?;
            }
            Effect::Category { main, sub } => {
                if let Ok(main) = main.parse() {
                    let mut category = Category::new(main);
                    category.sub = sub.and_then(|sub| sub.parse().ok());
                    let by = Word::from_code("bot");
                    self.act(id, &Command::Categorise { category, by })?;
                }
            }
            Effect::Offer {
                id: offer,
                amount_won,
            } => {
                if let Ok(offer) = offer.parse() {
                    self.act(id, &Command::Convert { offer, amount_won })?;
                }
            }
            _ => self.pass_over("desk.scenario_effect"),
        }
        Ok(())
    }
}

impl Desk {
    /// The id of one of a step's effects: a step may have several, and may write no line.
    fn step_effect(&self, id: &ConversationId, number: usize) -> EffectId {
        let turn = self
            .live
            .get(id)
            .and_then(|live| live.bot.as_ref())
            .map_or(0, |bot| bot.state.turn());
        EffectId::of_step(id, self.position, turn, number)
    }

    /// A site that may not say what is charged still says that it cannot be reached, once in a while.
    fn say_unavailable(&mut self, id: &ConversationId) -> Result<(), Error> {
        if self.was_told_lately(id, AutoKind::Unavailable) {
            return Ok(());
        }
        self.say_own(id, AutoKind::Unavailable)
    }
}

/// How long the host may take over something that nobody waits for.
const EMIT_TIMEOUT_MILLIS: u32 = 10_000;

/// What the bot leaves for the agent: a memo of the author `bot`, a line for each thing.
fn note_of(note: &[(String, String)]) -> Command {
    let lines = note.iter().map(|(name, value)| format!("{name}: {value}"));
    let text = Sealable::Open(lines.collect::<Vec<_>>().join("\n"));
    Command::Note {
        agent: AgentId::bot(),
        text,
    }
}
