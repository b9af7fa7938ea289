//! What a customer says or presses.

use happytalk_core::Value;
use happytalk_core::content::Content;
use happytalk_core::event::{RequestedBy, Via};

use super::Trace;
use super::run::Run;
use crate::document::{Ask, Button, Exit, Interrupt, Node, Target};
use crate::matching::{Answer, Matcher, Reach, Stage, Typed, listed, yes_or_no_offered};
use crate::slot::{Answer as Given, Rule, Slot, is_resident_number, is_under_14};
use crate::state::{Confirm, Offered, Phase, seen_id};
use crate::token::{Meaning, is_ours};

/// What came from a customer; see [`Input::Customer`](super::Input::Customer).
pub(super) struct Said<'i> {
    pub(super) id: &'i str,
    pub(super) text: Option<&'i str>,
    pub(super) token: Option<&'i str>,
    pub(super) media: Option<&'i str>,
}

/// What an input may have chosen.
#[derive(Clone, Copy)]
enum Choice<'f> {
    Button(&'f Node, &'f Button),
    Command(&'f Button),
}

impl<'f> Choice<'f> {
    const fn button(self) -> &'f Button {
        match self {
            Self::Button(_, button) | Self::Command(button) => button,
        }
    }

    fn remembered(self) -> Confirm {
        match self.offered() {
            Offered::Button(id) => Confirm::Button(id),
            Offered::Command(id) => Confirm::Command(id),
        }
    }

    fn offered(self) -> Offered {
        match self {
            Self::Button(_, button) => Offered::Button(button.id.to_string()),
            Self::Command(command) => Offered::Command(command.id.to_string()),
        }
    }
}

/// What the words of an input mean.
enum Meant<'f> {
    One(Choice<'f>, Stage),
    Perhaps(Choice<'f>, Stage),
    Several(Vec<Choice<'f>>, Stage),
    Nothing,
}

impl<'r> Run<'r> {
    pub(super) fn customer(&mut self, said: &Said<'_>) {
        let seen = seen_id(said.id);
        if self.state.seen.contains(seen) {
            self.ignore("duplicate_input");
            return;
        }
        match self.state.phase {
            Phase::HandedOff => return self.ignore("handed_off"),
            Phase::Ended => return self.ignore("ended"),
            Phase::Fresh | Phase::Waiting | Phase::Call | Phase::Approval => {}
        }
        self.state.turn = self.state.turn.saturating_add(1);
        self.state.seen.push(seen);
        match self.state.phase {
            Phase::Call | Phase::Approval => self.busy(),
            Phase::Waiting => {
                self.state.steps = 0;
                if let Some(node) = self.upgraded() {
                    self.heard(node, said);
                }
            }
            Phase::Fresh | Phase::HandedOff | Phase::Ended => self.go(&Target::Home),
        }
    }

    /// A customer who writes while a call is under way is told so once; the call goes on.
    fn busy(&mut self) {
        self.ignore("call_pending");
        let wait = self.state.wait.as_mut();
        let told = wait.is_some_and(|wait| std::mem::replace(&mut wait.told, true));
        let at = self.state.at.clone();
        if let (false, Some(at), Ok(words)) = (told, at, &self.flow.document.limits.busy_say) {
            let text = self.render(words);
            self.say(&at, vec![Content::text(text)]);
        }
    }

    fn heard(&mut self, node: &'r Node, said: &Said<'_>) {
        let Said {
            id,
            text,
            token,
            media,
        } = *said;
        let confirm = self.state.confirm.take();
        let meaning = token.and_then(|token| self.meaning(node, token));
        if let (None, Some(token)) = (&meaning, token) {
            if self.pressed_outside(token) {
                return;
            }
            if is_ours(token) {
                // A button of a node, or of a version, that is no more.
                self.note(Trace::OldButton {
                    node: node.id.clone(),
                    choice: None,
                });
                return self.refuse_old(node);
            }
        }
        if let (Some(Confirm::Which(offered)), None, Some(text)) = (&confirm, &meaning, text)
            && let Some(place) = listed(text, offered.len())
            && let Some(choice) = offered.get(place).and_then(|one| self.again(node, one))
        {
            return self.take(node, choice, Stage::Index, Via::Text);
        }
        let one = confirm
            .as_ref()
            .filter(|asked| !matches!(asked, Confirm::Which(_)));
        if let Some(asked) = one {
            let said = match &meaning {
                Some(Meaning::Confirm(yes)) => Some(*yes),
                Some(_) => None,
                None => text.and_then(yes_or_no_offered),
            };
            match (said, self.remembered(node, asked)) {
                (Some(true), Some(choice)) => {
                    return self.take(node, choice, Stage::Token, Via::Text);
                }
                (Some(_), _) => return self.show_again(node),
                (None, _) => {}
            }
        }
        if let Some(Exit::Form(form)) = &node.exit
            && self.form_pressed(node, form, meaning.as_ref())
        {
            return;
        }
        if let Some(meaning) = meaning {
            return self.pressed(node, meaning);
        }
        let is_words = media.is_none_or(|media| media == "text");
        if let (Some(Exit::Form(form)), Some(text)) = (&node.exit, text)
            && is_words
            && self.form_heard(node, form, text)
        {
            return;
        }
        // The label of a button as it stands, as nearly all that comes is, needs nothing of what follows.
        if let Some(button) = text.and_then(|text| self.named(node, text))
            && is_words
        {
            let choice = Choice::Button(node, button);
            return self.take(node, choice, Stage::Normal, Via::Text);
        }
        let typed = text.map(Typed::new);
        if let Some(typed) = typed.as_ref().filter(|_| is_words) {
            match self.meant(node, typed) {
                Meant::One(choice, stage) => return self.take(node, choice, stage, Via::Text),
                Meant::Perhaps(choice, stage) if one.is_none() => {
                    return self.ask_back(node, choice, stage);
                }
                // Not understood again right after asking back: that is a miss, so that it ends.
                Meant::Perhaps(..) | Meant::Nothing => {}
                Meant::Several(choices, stage) => return self.ask_which(node, &choices, stage),
            }
        }
        if let Some(Exit::Ask(ask)) = &node.exit {
            let given = Given { text, media, id };
            if let Some(value) = self.accepted(ask, given) {
                if ask.slot == Slot::BirthKr && is_under_14(&value, self.env) {
                    return self.too_young(node);
                }
                self.note(Trace::Answered {
                    node: node.id.clone(),
                    var: ask.var.clone(),
                });
                if ask.slot == Slot::Consent {
                    self.consent(node, &ask.var);
                }
                self.store(&ask.var, value);
                self.via = Via::Text;
                return self.go(ask.to.as_ref().unwrap_or(&Target::End));
            }
            // What is no answer may still ask for something else in passing.
            if let Some(typed) = typed.as_ref().filter(|_| is_words)
                && let Meant::One(choice, stage) = self.found(node, typed, Reach::ANYWHERE)
            {
                return self.take(node, choice, stage, Via::Text);
            }
        }
        if let Some(Exit::Form(form)) = &node.exit
            && self.form_answered(node, form, Given { text, media, id })
        {
            return;
        }
        if let Some(typed) = &typed {
            self.look_behind(node, typed);
        }
        self.miss(node);
    }

    /// The value of an answer, where it will do. A resident number never does, whatever is asked for.
    pub(super) fn accepted(&mut self, ask: &Ask, given: Given<'_>) -> Option<Value> {
        let is_number = matches!(
            ask.slot,
            Slot::Order | Slot::Pattern | Slot::Number | Slot::Money
        );
        if given
            .text
            .is_some_and(|text| is_resident_number(text, is_number))
        {
            self.is_refused_number = true;
            return None;
        }
        self.rule(ask).accept(given, self.env)
    }

    /// What a token stands for: one of ours, or the bare id of a button or command that is there now.
    fn meaning(&self, node: &Node, token: &str) -> Option<Meaning> {
        if is_ours(token)
            && let Some(meaning) = self.flow.meaning(token)
        {
            return Some(meaning);
        }
        let mut buttons = self.buttons_of(node).iter();
        if let Some(button) = buttons.find(|button| button.id.as_str() == token) {
            return Some(Meaning::Button {
                node: node.place,
                button: button.id.clone(),
            });
        }
        let mut commands = self.flow.commands.iter();
        let command = commands.position(|command| command.id.as_str() == token);
        command.map(Meaning::Command)
    }

    fn remembered(&self, node: &'r Node, asked: &Confirm) -> Option<Choice<'r>> {
        match asked {
            Confirm::Button(id) => self.again(node, &Offered::Button(id.clone())),
            Confirm::Command(id) => self.again(node, &Offered::Command(id.clone())),
            Confirm::Which(_) => None,
        }
    }

    /// What was offered before, where it is there and is still shown.
    fn again(&self, node: &'r Node, offered: &Offered) -> Option<Choice<'r>> {
        let (list, id) = match offered {
            Offered::Button(id) => (self.buttons_of(node), id),
            Offered::Command(id) => (self.flow.commands.as_slice(), id),
        };
        let button = list.iter().find(|button| button.id.as_str() == id)?;
        self.is_shown(button).then_some(match offered {
            Offered::Button(_) => Choice::Button(node, button),
            Offered::Command(_) => Choice::Command(button),
        })
    }

    /// The buttons a node has on this customer's channel.
    pub(super) fn buttons_of(&self, node: &'r Node) -> &'r [Button] {
        node.buttons_on(self.env.channel.as_str())
    }

    /// A button of the scenario that runs this one: a menu, or a command, leads out of here.
    fn pressed_outside(&mut self, token: &str) -> bool {
        let Some((depth, meaning)) = self.meaning_outside(token) else {
            return false;
        };
        let Some(outer) = self.flow_at(depth) else {
            return false;
        };
        let (owner, choice) = match meaning {
            Meaning::Button { node, button } => {
                let owner = outer.node_at(node).filter(|owner| owner.menu);
                let found = owner.and_then(|owner| {
                    let mut buttons = self.buttons_of(owner).iter();
                    let button = buttons.find(|b| b.id == button)?;
                    Some((owner, Choice::Button(owner, button)))
                });
                match found {
                    Some(found) => found,
                    None => return false,
                }
            }
            Meaning::Command(place) => match (outer.commands.get(place), outer.start()) {
                (Some(command), Some(start)) => (start, Choice::Command(command)),
                _ => return false,
            },
            Meaning::Confirm(_) | Meaning::Skip(_) | Meaning::Slot { .. } => return false,
        };
        while self.state.below.len() > depth && self.leave() {}
        if !self.is_shown(choice.button()) {
            return false;
        }
        self.take(owner, choice, Stage::Token, Via::Button);
        true
    }

    fn pressed(&mut self, node: &'r Node, meaning: Meaning) {
        let flow = self.flow;
        match meaning {
            // A question that is over.
            Meaning::Confirm(_) | Meaning::Skip(_) | Meaning::Slot { .. } => self.show_again(node),
            Meaning::Command(place) => match flow.commands.get(place) {
                Some(command)
                    if node.interrupt != Interrupt::None
                        && command.to.is_some()
                        && self.is_shown(command) =>
                {
                    self.take(node, Choice::Command(command), Stage::Token, Via::Button);
                }
                _ => self.show_again(node),
            },
            Meaning::Button {
                node: owner,
                button,
            } => {
                let owner = flow.node_at(owner).unwrap_or(node);
                let mut buttons = self.buttons_of(owner).iter().chain(owner.every_button());
                let Some(button) = buttons.find(|it| it.id == button) else {
                    return self.miss(node);
                };
                let is_here = owner.id == node.id;
                if !is_here && (!owner.menu || node.interrupt == Interrupt::None) {
                    self.note(Trace::OldButton {
                        node: owner.id.clone(),
                        choice: Some(button.id.clone()),
                    });
                    return self.refuse_old(node);
                }
                if !self.is_shown(button) {
                    self.note(Trace::Hidden {
                        node: owner.id.clone(),
                        choice: button.id.clone(),
                    });
                    return self.miss(node);
                }
                if !owner.leads(button) {
                    // What opens a link sends nothing; its bare id says nothing more.
                    return self.show_again(node);
                }
                self.take(
                    node,
                    Choice::Button(owner, button),
                    Stage::Token,
                    Via::Button,
                );
            }
        }
    }

    /// The button of a node that these words are a name of as they stand: what [`Run::meant`] finds first.
    fn named(&self, node: &'r Node, text: &str) -> Option<&'r Button> {
        let buttons = self.buttons_of(node);
        let shown = |place: usize| buttons.get(place).is_some_and(|b| self.is_shown(b));
        let place = self.matcher(node)?.named(text, shown)?;
        buttons.get(place).filter(|button| node.leads(button))
    }

    /// What the words mean at a node, before they are tried as an answer.
    fn meant(&self, node: &'r Node, typed: &Typed<'_>) -> Meant<'r> {
        let is_ask = matches!(node.exit, Some(Exit::Ask(_) | Exit::Form(_)));
        if is_ask && node.interrupt != Interrupt::All {
            return self.found(node, typed, Reach::WHOLE);
        }
        let first = if is_ask { Reach::WHOLE } else { Reach::LISTED };
        match self.found(node, typed, first) {
            Meant::Nothing => self.found(node, typed, Reach::ANYWHERE.after(first)),
            meant => meant,
        }
    }

    fn matcher(&self, node: &Node) -> Option<&'r Matcher> {
        self.flow.matcher(node, self.env.channel.as_str())
    }

    /// What the words mean among the buttons of the node and, where they may interrupt it, the commands.
    fn found(&self, node: &'r Node, typed: &Typed<'_>, reach: Reach) -> Meant<'r> {
        let flow = self.flow;
        let buttons = self.buttons_of(node);
        let here = self.matcher(node).map_or(Answer::None, |matcher| {
            let shown = |place: usize| buttons.get(place).is_some_and(|b| self.is_shown(b));
            matcher.find_shown(typed, reach, &shown)
        });
        // A link has a place in the list, and whoever names it has chosen nothing.
        let meant = pick(here, |place| {
            let button = buttons.get(place).filter(|button| node.leads(button))?;
            Some(Choice::Button(node, button))
        });
        if !matches!(meant, Meant::Nothing) || node.interrupt == Interrupt::None {
            return meant;
        }
        let commands = &flow.commands;
        let leads = |c: &Button| c.to.is_some() && self.is_shown(c);
        let shown = |place: usize| commands.get(place).is_some_and(leads);
        let there = flow.command_matcher().find_shown(typed, reach, &shown);
        pick(there, |place| Some(Choice::Command(commands.get(place)?)))
    }

    /// Notes that the words meant a button that this customer does not see.
    fn look_behind(&mut self, node: &'r Node, typed: &Typed<'_>) {
        let buttons = self.buttons_of(node);
        let hidden = |place: usize| buttons.get(place).is_some_and(|b| !self.is_shown(b));
        // The place in the list is of no use here: a hidden button has none.
        let is_words = typed.text().chars().any(char::is_alphabetic);
        if !is_words || !(0..buttons.len()).any(hidden) {
            return;
        }
        let Some(matcher) = self.matcher(node) else {
            return;
        };
        if let Answer::Exact(place, _) = matcher.find_shown(typed, Reach::ANYWHERE, &hidden)
            && let Some(button) = buttons.get(place)
        {
            let choice = button.id.clone();
            self.note(Trace::Hidden {
                node: node.id.clone(),
                choice,
            });
        }
    }

    fn take(&mut self, node: &Node, choice: Choice<'r>, stage: Stage, via: Via) {
        let button = choice.button();
        self.note_with(|| Trace::Matched {
            node: node.id.clone(),
            choice: button.id.clone(),
            stage,
        });
        self.state.tries = 0;
        self.by = match via {
            Via::Button => RequestedBy::Button,
            _ => RequestedBy::Keyword,
        };
        if let Some(consent) = &button.consent {
            self.consent(node, consent);
        }
        let mut onward = None;
        if let Choice::Button(owner, _) = choice
            && let Some(Exit::Ask(ask)) = &owner.exit
        {
            onward = ask.to.as_ref();
            if let Some(value) = &button.value {
                let given = Given {
                    text: Some(value),
                    media: None,
                    id: "",
                };
                let accepted = self.rule(ask).accept(given, self.env);
                let value = accepted.unwrap_or_else(|| Value::from(value.as_str()));
                self.store(&ask.var, value);
            }
        }
        if !button.set.is_empty() {
            self.assign(&button.set);
        }
        let to = button.to.as_ref().or(onward).unwrap_or(&Target::End);
        self.via = match to {
            Target::Home => Via::Home,
            Target::Back => Via::Back,
            Target::Node(_) | Target::End | Target::Agent | Target::Unknown(_) => via,
        };
        match button.to_place.and_then(|place| self.flow.node_at(place)) {
            Some(node) => self.go_to(to, Some(node)),
            None => self.go(to),
        }
    }

    /// The customer agreed to it: by a button, or by the answer to a question of the kind `consent`, which gives the
    /// consent that is called like its variable.
    fn consent(&mut self, node: &Node, consent: &str) {
        if self.state.consents.iter().any(|given| given == consent) {
            return;
        }
        self.state.consents.push(consent.to_owned());
        self.note(Trace::Consented {
            node: node.id.clone(),
            consent: consent.to_owned(),
        });
    }

    fn ask_back(&mut self, node: &Node, choice: Choice<'_>, stage: Stage) {
        let button = choice.button();
        self.note(Trace::Unsure {
            node: node.id.clone(),
            choice: button.id.clone(),
            stage,
        });
        self.state.confirm = Some(choice.remembered());
        let question = self.confirm_question(&button.label);
        self.say(&node.id, question);
    }

    /// Several fit: the customer is asked which. That counts as a miss, so that it ends.
    fn ask_which(&mut self, node: &'r Node, choices: &[Choice<'r>], stage: Stage) {
        self.note(Trace::Ambiguous {
            node: node.id.clone(),
            choices: choices
                .iter()
                .map(|choice| choice.button().id.clone())
                .collect(),
            stage,
        });
        let buttons = choices.iter().map(|choice| match choice {
            Choice::Button(owner, button) => self.pressable(&owner.id, button),
            Choice::Command(command) => self.command_pressable(command),
        });
        let question = self.which_question(buttons.collect());
        if !self.counted(node) {
            let offered = choices.iter().map(|choice| choice.offered());
            self.state.confirm = Some(Confirm::Which(offered.collect()));
            self.say(&node.id, question);
        }
    }

    pub(super) fn rule<'a>(&self, ask: &'a Ask) -> Rule<'a>
    where
        'r: 'a,
    {
        Rule {
            slot: ask.slot,
            pattern: ask
                .pattern
                .as_ref()
                .and_then(|pattern| pattern.regex.as_ref()),
            min: ask.min,
            max: ask.max,
            landline: ask.landline,
            options: self.flow.options(ask),
        }
    }
}

fn pick<'f>(answer: Answer, choice: impl Fn(usize) -> Option<Choice<'f>>) -> Meant<'f> {
    match answer {
        Answer::Exact(place, stage) => {
            choice(place).map_or(Meant::Nothing, |choice| Meant::One(choice, stage))
        }
        Answer::Likely(place, stage) => {
            choice(place).map_or(Meant::Nothing, |choice| Meant::Perhaps(choice, stage))
        }
        Answer::Ambiguous(places, stage) => {
            Meant::Several(places.into_iter().filter_map(choice).collect(), stage)
        }
        Answer::None => Meant::Nothing,
    }
}
