//! The bots' turns: the one that answers first, and the one that asks who the customer is.

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::Message;
use happytalk_core::Sealable;
use happytalk_core::call::{Call, CallOutcome};
use happytalk_core::conversation::{Command, Phase};
use happytalk_core::effect::EffectKind;
use happytalk_core::event::{AutoKind, BotEndedBy, Category, ProfileSkip};
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, Word};
use happytalk_scenario::{
    Compiled, Effect, Env, HandoffOutcome, Input, State, Status, Step, Trace,
};

use super::memory::Which;
use super::{Awaited, Desk};
use crate::Error;

impl Desk {
    /// The bot that answers a customer on this channel now, about this.
    pub(super) fn answering(
        &self,
        channel: &happytalk_core::ChannelName,
        category: Option<&Category>,
    ) -> Option<Arc<Compiled>> {
        let main = category.map(|category| category.main.as_str());
        let hours = self.hours_kind(category);
        let bots = &self.settings.bots;
        bots.answering(channel, main, hours).cloned()
    }

    pub(super) fn start_bot(&mut self, id: &ConversationId, flow: &Compiled) {
        if let Some(live) = self.live.get_mut(id) {
            live.memory.front = Some(State::new(flow));
            self.bot_turn(id, Which::Front, Input::Start, None);
        }
    }

    /// The customer wrote to the bot.
    pub(super) fn bot_hears(&mut self, id: &ConversationId, which: Which, message: &Message) {
        let Some(live) = self.live.get(id) else {
            return;
        };
        if which == Which::Front && live.memory.front.is_none() {
            // Its state was lost or could not be read: from the start, rather than silence.
            let party = live.conversation.party();
            let category = live.conversation.category();
            let bound = party.and_then(|party| self.answering(&party.channel, category));
            if let Some(flow) = bound {
                return self.start_bot(id, &flow);
            }
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
        self.bot_turn(id, which, input, Some(&message.id));
    }

    pub(super) fn bot_learns_handoff(
        &mut self,
        id: &ConversationId,
        call: &str,
        outcome: HandoffOutcome,
    ) {
        let input = Input::HandoffResult { id: call, outcome };
        self.bot_turn(id, Which::Front, input, None);
    }

    pub(super) fn take_call_result(
        &mut self,
        id: &ConversationId,
        which: Which,
        call: &str,
        outcome: CallOutcome,
    ) {
        self.bot_turn(id, which, Input::CallResult { id: call, outcome }, None);
    }

    pub(super) fn bot_turn(
        &mut self,
        id: &ConversationId,
        which: Which,
        input: Input<'_>,
        heard: Option<&MessageId>,
    ) {
        let remembers = self
            .live
            .get(id)
            .is_some_and(|live| live.memory.of(which).is_some());
        if !remembers {
            return;
        }
        // Asked before the step: a bot that went on unheard would wait for answers to what nobody was told.
        if let Err(error) = self.may_send() {
            self.pass_over(error.code());
            if let Err(error) = self.say_unavailable(id) {
                self.pass_over(error.code());
            }
            return;
        }
        let Some((flow, step)) = self.step_bot(id, which, input) else {
            return;
        };
        let taken = match which {
            Which::Front => self.take_step(id, &flow, step, heard),
            Which::Profile => self.take_profile_step(id, &flow, step, heard),
        };
        if let Err(error) = taken {
            self.pass_over(error.code());
        }
    }

    /// Lets a bot take one step, and has what it remembers then kept.
    fn step_bot(
        &mut self,
        id: &ConversationId,
        which: Which,
        input: Input<'_>,
    ) -> Option<(Arc<Compiled>, Step)> {
        let slot = self.live.get_mut(id)?.memory.slot(which);
        let mut state = slot.take()?;
        let stepped = self.settings.bots.going_on(&mut state).map(|flow| {
            let env = self.env(id, &flow, &state);
            let step = happytalk_scenario::step(&flow, &mut state, input, &env);
            (flow, step)
        });
        if stepped.is_none() {
            // The site has this scenario no more: what is said next begins with the one that it has.
            self.pass_over("desk.no_scenario");
        } else if let Some(live) = self.live.get_mut(id) {
            *live.memory.slot(which) = Some(state);
        }
        self.keep_memory(id);
        stepped
    }

    pub(super) fn env(&self, id: &ConversationId, flow: &Compiled, state: &State) -> Env {
        let mut env = Env::new(self.clock);
        env.zone = self.settings.zone.clone();
        env.hours = self.hours_of_bot(id);
        env.calendars = flow
            .calendars()
            .iter()
            .filter_map(|name| Some((name.clone(), self.hours_named(id, name)?)))
            .collect::<BTreeMap<_, _>>();
        if let [only] = flow.calendars()
            && let Some(hours) = env.calendars.get(only)
        {
            // The only one it asks is the one it means when it says when agents are there again.
            env.hours = hours.clone();
        }
        env.settings = self.settings.bot_settings.clone();
        env.seed = seed(id, state.turn());
        if let Some(live) = self.live.get(id) {
            env.customer = live.memory.known.clone();
            if let Some(party) = live.conversation.party() {
                env.channel = party.channel.clone();
            }
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
                        self.say_or_pass_over(id, output.content.to_vec(), said)?;
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
                Trace::Form { what, fields, .. } => self.take_form(id, what, &fields)?,
                Trace::Consented { node, consent } => {
                    self.tell_consent(id, flow, node, &consent, heard);
                }
                Trace::StepLimit { .. } => self.pass_over("scenario.step_limit"),
                _ => {}
            }
        }
        for output in outputs {
            let said = |message| Command::BotSay { message };
            self.say_or_pass_over(id, output.content.to_vec(), said)?;
        }
        for (number, effect) in effects.into_iter().enumerate() {
            self.take_effect(id, Which::Front, effect, number)?;
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

    /// A form of the scenario began, or came to its end.
    pub(super) fn take_form(
        &mut self,
        id: &ConversationId,
        what: &str,
        fields: &[String],
    ) -> Result<(), Error> {
        let fields = profile_fields(fields.iter().map(String::as_str));
        let pending = self
            .live
            .get(id)
            .and_then(|live| live.conversation.profile());
        let command = match (what, pending) {
            ("asked", None) if !fields.is_empty() => Command::RequestProfile {
                fields,
                holds_queue: false,
            },
            ("done", Some(_)) => Command::CompleteProfile { fields },
            ("gave_up" | "under_14", Some(pending)) => Command::SkipProfile {
                fields: pending.fields.clone(),
                reason: match what {
                    "under_14" => ProfileSkip::Under14,
                    _ => ProfileSkip::NotFilled,
                },
            },
            _ => return Ok(()),
        };
        self.act(id, &command)?;
        Ok(())
    }

    pub(super) fn take_effect(
        &mut self,
        id: &ConversationId,
        which: Which,
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
                    which,
                    call: call_id,
                };
                let effect_id = self.step_effect(id, which, number);
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
                match which {
                    Which::Front => self.request_agent(id, by, queue, Some(&call_id)),
                    // They wait for one already: the questions are over.
                    Which::Profile => self.end_profile(id, ProfileSkip::Refused)?,
                }
            }
            Effect::Approve {
                id: call,
                node,
                content,
            } => {
                let effect_id = self.step_effect(id, which, number);
                self.ask_approval(id, which, effect_id, call, node, content);
            }
            Effect::Emit { name, with } => {
                let effect_id = self.step_effect(id, which, number);
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
    fn step_effect(&self, id: &ConversationId, which: Which, number: usize) -> EffectId {
        let turn = self
            .live
            .get(id)
            .and_then(|live| live.memory.of(which))
            .map_or(0, State::turn);
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
pub(super) fn note_of(note: &[(String, String)]) -> Command {
    let lines = note.iter().map(|(name, value)| format!("{name}: {value}"));
    let text = Sealable::Open(lines.collect::<Vec<_>>().join("\n"));
    Command::Note {
        agent: AgentId::bot(),
        text,
    }
}

/// Items of a profile by the names that the log has: the last part of a variable's.
pub(super) fn profile_fields<'a>(vars: impl IntoIterator<Item = &'a str>) -> Vec<Word> {
    let last = |var: &'a str| var.rsplit('.').next().unwrap_or(var);
    let fields = vars.into_iter().map(last);
    fields.filter_map(|field| field.parse().ok()).collect()
}

/// What chance a step of the bot has: another for each conversation and turn, the same whenever it is taken again.
fn seed(id: &ConversationId, turn: u64) -> u64 {
    // FNV-1a: any spread will do where only the choice of words hangs on it.
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let bytes = id.as_str().bytes().chain(turn.to_be_bytes());
    bytes.fold(BASIS, mix)
}
