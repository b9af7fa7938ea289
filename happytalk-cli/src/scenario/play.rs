//! `scenario play`: a talk with a scenario over standard input and output.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Write};

use happytalk_core::content::{Button, ButtonAction, Card, Content, Text};
use happytalk_core::{Timestamp, Value};
use happytalk_scenario::{
    CallOutcome, Compiled, Effect, Env, HandoffOutcome, Hours, HoursKind, Input, State, Status,
    Trace, step,
};

use super::answers::{Answers, FirstTest, shown, typed};
use super::{read, write_text};
use crate::args::{HandoffWord, HoursWord, Lang, Play};
use crate::failure::{Failure, Outcome, Place};
use crate::instant::instant;
use crate::source::{Source, is_stdin, unread};

/// 2026-01-01T00:00:00Z, where nobody says when the talk is.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);
/// The longest line that is typed, in bytes: 64 KiB.
const LINE_BYTES_MAX: u64 = 64 * 1024;

pub(crate) fn run(args: &Play, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if is_stdin(&args.file) {
        return Err(Failure::usage(
            "the document has to be a file: what is typed comes from standard input",
        ));
    }
    let now = args
        .now
        .as_deref()
        .map(|text| instant("--now", text))
        .transpose()?;
    let told = args.calls.as_deref().map(Answers::parse).transpose();
    let told = told.map_err(|why| Failure::usage(format!("bad value of `--calls`: {why}")))?;
    let (name, text) = read(&args.file)?;
    let flow = match Compiled::load(&text) {
        Ok(flow) => flow,
        Err(refused) => {
            write_text(&name, refused.as_slice(), Lang::Ko, false, out)?;
            return Ok(Outcome::Found);
        }
    };
    let test = FirstTest::of(&text);
    let mut env = Env::new(now.or(test.now).unwrap_or(NOW));
    env.hours = hours(args.hours, test.hours.as_deref());
    if let Some(channel) = &args.channel {
        let name = channel.parse();
        env.channel =
            name.map_err(|error| Failure::usage(format!("bad value of `--channel`: {error}")))?;
    }
    env.customer = test.customer;
    env.settings = test.settings;
    let handoff = match test.handoff.as_deref() {
        Some("unavailable") => HandoffWord::Unavailable,
        _ => HandoffWord::Accepted,
    };
    write!(out, "{} {} · {}", flow.id(), flow.version(), env.now)?;
    match test.name {
        Some(test) => writeln!(out, " · test '{test}'")?,
        None => writeln!(out)?,
    }
    let mut talk = Talk {
        state: State::new(&flow),
        flow: &flow,
        env,
        answers: told.unwrap_or_default().before(test.answers),
        handoff: args.handoff.unwrap_or(handoff),
        typed: Typed {
            input: Source::stdin(),
            is_terminal: io::stdin().is_terminal(),
            count: 0,
        },
        pressable: Vec::new(),
        out,
    };
    talk.play()?;
    Ok(Outcome::Fine)
}

fn hours(told: Option<HoursWord>, of_test: Option<&str>) -> Hours {
    let closed = |kind| Hours::closed(kind, None);
    match (told, of_test) {
        (Some(HoursWord::Open), _) => Hours::open(),
        (Some(HoursWord::Lunch), _) | (None, Some("lunch")) => closed(HoursKind::Lunch),
        (Some(HoursWord::Holiday), _) | (None, Some("holiday")) => closed(HoursKind::Holiday),
        (Some(HoursWord::Closed), _) | (None, Some("closed")) => closed(HoursKind::Closed),
        (None, _) => Hours::open(),
    }
}

/// What is typed, line by line.
struct Typed {
    input: Source,
    is_terminal: bool,
    /// How many lines were read, blank ones too.
    count: u64,
}

impl Typed {
    /// The next line that is not blank; `None` at the end. From a terminal it stands on the screen already, elsewhere
    /// it is written after the prompt, so that the talk can be read.
    fn line(&mut self, prompt: &str, out: &mut dyn Write) -> Result<Option<String>, Failure> {
        loop {
            if self.is_terminal {
                write!(out, "{prompt}")?;
            }
            out.flush()?;
            let mut bytes = Vec::new();
            let mut limited = io::Read::take(&mut self.input.reader, LINE_BYTES_MAX + 1);
            let read = limited.read_until(b'\n', &mut bytes);
            let name = &self.input.name;
            let read = read.map_err(|error| Failure::of(name, unread(&error)))?;
            if read == 0 {
                return Ok(None);
            }
            self.count += 1;
            if u64::try_from(read).is_ok_and(|read| read > LINE_BYTES_MAX) {
                let why = format!("line is too long. bytes_max=`{LINE_BYTES_MAX}`");
                return Err(Failure::at(name, Place::new(self.count, 1), why));
            }
            let line = match std::str::from_utf8(&bytes) {
                Ok(line) => line.trim().to_owned(),
                Err(error) => {
                    let place = Place::new(self.count, error.valid_up_to() + 1);
                    return Err(Failure::at(name, place, "line is not UTF-8"));
                }
            };
            if line.is_empty() {
                continue;
            }
            if !self.is_terminal {
                writeln!(out, "{prompt}{line}")?;
            }
            return Ok(Some(line));
        }
    }
}

/// What is pressed: its label and what it carries; nothing of a button that opens something.
type Pressed = Option<(String, String)>;

struct Talk<'a> {
    flow: &'a Compiled,
    state: State,
    env: Env,
    answers: Answers,
    handoff: HandoffWord,
    typed: Typed,
    /// The buttons of the last message that had any, in the order of their numbers.
    pressable: Vec<Pressed>,
    out: &'a mut dyn Write,
}

impl Talk<'_> {
    fn play(&mut self) -> Result<(), Failure> {
        let mut is_over = !self.turn(Input::Start)?;
        let mut count = 0_u64;
        while !is_over && matches!(self.state.status(), Status::Waiting) {
            let Some(line) = self.typed.line("> ", self.out)? else {
                break;
            };
            count += 1;
            let id = format!("typed-{count}");
            let pressed = pressed(&line, &self.pressable);
            let (text, token) = match &pressed {
                Some((label, token)) => (label.as_str(), Some(token.as_str())),
                None => (line.as_str(), None),
            };
            is_over = !self.turn(Input::Customer {
                id: &id,
                text: Some(text),
                token,
                media: None,
            })?;
        }
        let out = &mut *self.out;
        match self.state.status() {
            Status::Ended { outcome, goal } => {
                let goal = if goal { ", goal reached" } else { "" };
                writeln!(out, "= ended `{outcome}`{goal}")?;
            }
            Status::HandedOff => writeln!(out, "= handed off")?,
            _ => match self.state.at() {
                Some(node) => writeln!(out, "= left at `{node}`")?,
                None => writeln!(out, "= left")?,
            },
        }
        Ok(())
    }

    /// One input and the answers to what it asks of the outside; false where the input ended meanwhile.
    fn turn(&mut self, input: Input<'_>) -> Result<bool, Failure> {
        self.pressable.clear();
        let mut effects = self.take(input)?;
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Call {
                    id, name, input, ..
                } => {
                    writeln!(self.out, "* call {name} {}", json(&input))?;
                    let Some(outcome) = self.answer(&name)? else {
                        return Ok(false);
                    };
                    writeln!(self.out, "* answer {}", shown(&outcome))?;
                    self.doubt(&name, &outcome)?;
                    effects.extend(self.take(Input::CallResult { id: &id, outcome })?);
                }
                Effect::Handoff {
                    id,
                    queue,
                    by,
                    note,
                } => {
                    let queue = queue.map_or_else(String::new, |queue| format!(" to {queue}"));
                    writeln!(self.out, "* hand-off{queue} by {by}")?;
                    for (name, value) in note {
                        writeln!(self.out, "    {name}: {value}")?;
                    }
                    for outcome in outcomes(self.handoff) {
                        effects.extend(self.take(Input::HandoffResult { id: &id, outcome })?);
                    }
                }
                Effect::Emit { name, with } => {
                    writeln!(self.out, "* emit {name} {}", json(&with))?;
                }
                Effect::Tag { tag } => writeln!(self.out, "* tag {tag}")?,
                Effect::Category { main, sub } => {
                    let sub = sub.map_or_else(String::new, |sub| format!(" / {sub}"));
                    writeln!(self.out, "* category {main}{sub}")?;
                }
                Effect::Offer { id, amount_won } => {
                    writeln!(self.out, "* offer {id}, {amount_won} won")?;
                }
                other => writeln!(self.out, "* {other:?}")?,
            }
        }
        Ok(true)
    }

    /// One step, shown.
    fn take(&mut self, input: Input<'_>) -> Result<VecDeque<Effect>, Failure> {
        let made = step(self.flow, &mut self.state, input, &self.env);
        for trace in &made.trace {
            match trace {
                Trace::Missed { count, .. } => writeln!(self.out, "~ not understood, {count}")?,
                Trace::Ignored { code } => writeln!(self.out, "~ ignored, {code}")?,
                Trace::StepLimit { node } => writeln!(self.out, "~ too many steps at `{node}`")?,
                _ => {}
            }
        }
        for output in &made.outputs {
            for content in &*output.content {
                write!(self.out, "[{}] ", output.node)?;
                self.show(content)?;
            }
        }
        Ok(made.effects.into())
    }

    fn show(&mut self, content: &Content) -> Result<(), Failure> {
        match content {
            Content::Text(Text {
                text,
                quick_replies,
                ..
            }) => {
                writeln!(self.out, "{text}")?;
                self.show_buttons([quick_replies])
            }
            Content::Card(card) => self.show_card(card),
            Content::Carousel { cards } => cards.iter().try_for_each(|card| self.show_card(card)),
            Content::Image(media)
            | Content::Video(media)
            | Content::Audio(media)
            | Content::File(media) => {
                let comment = media.comment.as_deref().unwrap_or_default();
                Ok(writeln!(
                    self.out,
                    "({}) {} {comment}",
                    content.kind(),
                    media.url
                )?)
            }
            other => Ok(writeln!(self.out, "({})", other.kind())?),
        }
    }

    fn show_card(&mut self, card: &Card) -> Result<(), Failure> {
        let words = [&card.title, &card.text, &card.image];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        writeln!(self.out, "{}", words.join("\n    "))?;
        self.show_buttons([&card.buttons, &card.quick_replies])
    }

    /// The buttons of one message, by their numbers: a place in a list is one in the list that was shown last.
    fn show_buttons<'b>(
        &mut self,
        lists: impl IntoIterator<Item = &'b Vec<Button>>,
    ) -> Result<(), Failure> {
        for (at, button) in lists.into_iter().flatten().enumerate() {
            if at == 0 {
                self.pressable.clear();
            }
            let (label, value) = (&button.label, &button.value);
            let number = self.pressable.len() + 1;
            match button.action {
                ButtonAction::Postback => {
                    self.pressable.push(Some((label.clone(), value.clone())));
                    writeln!(self.out, "    {number}. {label}")?;
                }
                // It has its place in the list, and what it opens is not of this talk.
                _ => {
                    self.pressable.push(None);
                    writeln!(self.out, "    {number}. {label} → {value}")?;
                }
            }
        }
        Ok(())
    }

    /// Says so where a call answers with an error that it does not declare.
    fn doubt(&mut self, name: &str, outcome: &CallOutcome) -> Result<(), Failure> {
        let declared = self.flow.document().call_errors(name).unwrap_or_default();
        if let CallOutcome::Declared(code) = outcome
            && !declared.contains(code)
        {
            writeln!(
                self.out,
                "~ {name} declares no error `{code}`, so that it counts as `error`"
            )?;
        }
        Ok(())
    }

    /// How a call answers; asked for where nobody has said so. `None` at the end of the input.
    fn answer(&mut self, name: &str) -> Result<Option<CallOutcome>, Failure> {
        if let Some(outcome) = self.answers.next(name) {
            return Ok(Some(outcome));
        }
        writeln!(
            self.out,
            "? how does {name} answer: {{\"ok\": …}}, the name of an error, timeout or error"
        )?;
        while let Some(line) = self.typed.line("? ", self.out)? {
            match typed(&line) {
                Some(outcome) => return Ok(Some(outcome)),
                None => writeln!(self.out, "? that is no answer")?,
            }
        }
        Ok(None)
    }
}

/// The label of the button that `#2` presses, and what it carries.
fn pressed(line: &str, pressable: &[Pressed]) -> Option<(String, String)> {
    let number: usize = line.strip_prefix('#')?.parse().ok()?;
    pressable.get(number.checked_sub(1)?)?.clone()
}

fn outcomes(word: HandoffWord) -> Vec<HandoffOutcome> {
    match word {
        HandoffWord::Accepted => vec![HandoffOutcome::Accepted],
        HandoffWord::Closed => vec![HandoffOutcome::Closed],
        HandoffWord::Unavailable => vec![HandoffOutcome::Unavailable],
        HandoffWord::Returned => vec![HandoffOutcome::Accepted, HandoffOutcome::Returned],
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
