//! A scenario document as its author wrote it, read into types.

mod fields;
mod form_reader;
mod node;
mod node_reader;
mod order;
mod read;
mod say_reader;
mod test_reader;

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::id::{NodeId, QueueId, ScenarioId, TagName};
use happytalk_core::{Timestamp, Value};

use crate::button_id::ButtonId;
use crate::expr::{Expr, ExprError, Kind};
use crate::slot::Slot;
use crate::template::{Template, TemplateError};
use crate::tree::Tree;

pub(crate) use fields::nearest;
pub(crate) use node::Node;
pub(crate) use order::order;
pub(crate) use read::{content, node_pointer, read};

/// The format this release reads.
pub const FORMAT: i64 = 1;
/// The most nodes a document may have.
pub const NODES_MAX: usize = 10_000;
/// The longest text a document may hold, in characters.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// The longest document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A scenario document that was read: its shape is right, its meaning is not checked yet.
///
/// [`Compiled::load`](crate::Compiled::load) goes on from here.
#[derive(Clone)]
pub struct Document {
    pub(crate) id: ScenarioId,
    pub(crate) version: u32,
    pub(crate) locale: String,
    pub(crate) start: String,
    pub(crate) vars: BTreeMap<String, Var>,
    pub(crate) words: BTreeMap<String, Vec<String>>,
    /// `None` where the document says nothing: then home and back are there by themselves.
    pub(crate) commands: Option<Vec<Button>>,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) calls: BTreeMap<String, CallRule>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) limits: Limits,
    pub(crate) migrate: Vec<Migration>,
    pub(crate) tests: Vec<Case>,
    pub(crate) entry: Vec<String>,
    pub(crate) persona: Option<Persona>,
}

/// Who speaks: what a host may show beside the bot's messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Persona {
    /// The bot's name.
    pub name: Option<String>,
    /// How it speaks, in the author's words.
    pub tone: Option<String>,
    /// An https address of its picture.
    pub avatar: Option<String>,
}

impl Document {
    /// Who speaks, where the document says so.
    #[must_use]
    pub const fn persona(&self) -> Option<&Persona> {
        self.persona.as_ref()
    }

    /// The scenario's id.
    #[must_use]
    pub const fn id(&self) -> &ScenarioId {
        &self.id
    }

    /// The author's revision.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The language its texts are in, such as `ko-KR`.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// How many nodes it has.
    #[must_use]
    pub const fn nodes_count(&self) -> usize {
        self.nodes.len()
    }

    /// How many tests stand in it.
    #[must_use]
    pub const fn tests_count(&self) -> usize {
        self.tests.len()
    }

    /// The errors that a call may answer with beside `error` and `timeout`; `None` where the document declares no such call.
    #[must_use]
    pub fn call_errors(&self, call: &str) -> Option<&[String]> {
        self.calls.get(call).map(|rule| rule.errors.as_slice())
    }

    /// Words with which customers start this scenario.
    #[must_use]
    pub fn entry(&self) -> &[String] {
        &self.entry
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

/// A declared variable.
#[derive(Clone)]
pub(crate) struct Var {
    pub(crate) kind: Kind,
    /// Declared with `?`: it may be null, and whoever reads it has to look first.
    pub(crate) nullable: bool,
    pub(crate) pii: bool,
    /// Why a personal value may be asked for without a consent.
    pub(crate) basis: Option<String>,
    /// What it is before anything sets it.
    pub(crate) default: Option<Value>,
    /// Whether what is known of the customer fills it, until the scenario sets it.
    pub(crate) of_customer: bool,
}

#[cfg(test)]
impl Var {
    pub(crate) const fn any() -> Self {
        Self {
            kind: Kind::Any,
            nullable: false,
            pii: false,
            basis: None,
            default: None,
            of_customer: false,
        }
    }
}

/// An expression, or why it is none.
pub(crate) type Formula = Result<Expr, ExprError>;
/// A template, or why it is none.
pub(crate) type Words = Result<Template, TemplateError>;

/// Where a step leads.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Node(NodeId),
    Home,
    Back,
    End,
    Agent,
    /// An empty text, or an `@` name that does not exist.
    Unknown(String),
}

/// Which inputs may leave a step that waits for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interrupt {
    None,
    Commands,
    All,
}

/// One thing that is said.
#[derive(Clone)]
pub(crate) enum Say {
    Text(Words),
    Link {
        label: Words,
        url: String,
    },
    Image {
        url: String,
        alt: Option<Words>,
    },
    Card(Box<CardSay>),
    /// Cards side by side.
    Carousel(Vec<CardSay>),
    /// Lines below one another.
    List {
        title: Option<Words>,
        items: Vec<Words>,
    },
}

impl Say {
    /// Every text in it, with its pointer inside the thing said.
    pub(crate) fn each_words(&self, visit: &mut dyn FnMut(fmt::Arguments<'_>, &Words)) {
        let mut some = |at: fmt::Arguments<'_>, words: &Option<Words>| {
            if let Some(words) = words {
                visit(at, words);
            }
        };
        match self {
            Self::Text(words) => visit(format_args!(""), words),
            Self::Link { label, .. } => visit(format_args!("/link/label"), label),
            Self::Image { alt, .. } => some(format_args!("/image/alt"), alt),
            Self::Card(card) => card.each_words(format_args!("/card"), visit),
            Self::Carousel(cards) => {
                for (at, card) in cards.iter().enumerate() {
                    card.each_words(format_args!("/carousel/{at}"), visit);
                }
            }
            Self::List { title, items } => {
                some(format_args!("/list/title"), title);
                for (at, item) in items.iter().enumerate() {
                    visit(format_args!("/list/items/{at}"), item);
                }
            }
        }
    }
}

impl CardSay {
    fn each_words(
        &self,
        at: fmt::Arguments<'_>,
        visit: &mut dyn FnMut(fmt::Arguments<'_>, &Words),
    ) {
        for (name, words) in [
            ("title", &self.title),
            ("text", &self.text),
            ("alt", &self.alt),
        ] {
            if let Some(words) = words {
                visit(format_args!("{at}/{name}"), words);
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct CardSay {
    pub(crate) title: Option<Words>,
    pub(crate) text: Option<Words>,
    pub(crate) image: Option<String>,
    pub(crate) alt: Option<Words>,
}

/// What pressing a button does beside going somewhere.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Press {
    /// Tells us.
    Postback,
    Url(String),
    App(String),
    Phone(String),
    Event(String),
}

#[derive(Clone)]
pub(crate) struct Button {
    pub(crate) id: ButtonId,
    pub(crate) label: String,
    pub(crate) to: Option<Target>,
    /// Where the node of `to` stands, in a document that is compiled.
    pub(crate) to_place: Option<usize>,
    pub(crate) value: Option<String>,
    pub(crate) set: Vec<(String, Formula)>,
    pub(crate) when: Option<Formula>,
    pub(crate) words: Vec<String>,
    pub(crate) press: Press,
    pub(crate) consent: Option<String>,
}

/// What happens to an input that fits nothing.
#[derive(Clone)]
pub(crate) struct Fallback {
    pub(crate) say: Option<Words>,
    pub(crate) repeat: bool,
    pub(crate) max: Option<i64>,
    pub(crate) then: Option<Target>,
    /// Of a question: what is stored when nobody answers well; then the step goes on instead of `then`.
    pub(crate) default: Option<Value>,
    /// What is said when `default` is stored.
    pub(crate) default_say: Option<Words>,
}

impl Fallback {
    /// What is said, each with its member's name.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&'static str, &Words)> {
        let all = [("say", &self.say), ("default_say", &self.default_say)];
        all.into_iter()
            .filter_map(|(name, words)| Some((name, words.as_ref()?)))
    }
}

#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) var: String,
    pub(crate) slot: Slot,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) landline: bool,
    pub(crate) options: Vec<String>,
    pub(crate) prompt: Words,
    pub(crate) retry: Option<Fallback>,
    pub(crate) needs: Option<String>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) to: Option<Target>,
}

/// Several questions, one after the other, with a look at all answers at the end.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) needs: Option<String>,
    pub(crate) slots: Vec<FormSlot>,
    pub(crate) skip_known: bool,
    pub(crate) review: Option<Words>,
    pub(crate) on: BTreeMap<String, Target>,
}

/// One question of a form.
#[derive(Clone)]
pub(crate) struct FormSlot {
    pub(crate) ask: Ask,
    /// What the item is called when the customer picks one to correct.
    pub(crate) label: String,
    /// The words with which it is passed over.
    pub(crate) optional: Option<String>,
    /// Asked even where the value is known.
    pub(crate) always: bool,
}

/// Another scenario, run in the middle of this one.
#[derive(Clone)]
pub(crate) struct SubStep {
    pub(crate) scenario: String,
    pub(crate) version: Option<u32>,
    /// The other's variables, from ours.
    pub(crate) with: Vec<(String, Formula)>,
    /// Ours, from the other's.
    pub(crate) out: Vec<(String, String)>,
    pub(crate) to: Option<Target>,
}

/// A pattern that takes the whole answer, compiled; or `None` where it is none.
#[derive(Clone)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    pub(crate) regex: Option<regex_lite::Regex>,
}

#[derive(Clone)]
pub(crate) struct Branch {
    pub(crate) when: Formula,
    pub(crate) to: Target,
}

#[derive(Clone)]
pub(crate) struct Choose {
    pub(crate) branches: Vec<Branch>,
    /// The place in the list, and where it leads.
    pub(crate) otherwise: Option<(usize, Target)>,
}

#[derive(Clone)]
pub(crate) struct CallStep {
    pub(crate) name: String,
    pub(crate) with: Vec<(String, Formula)>,
    pub(crate) into: Option<String>,
    pub(crate) slow: Option<Words>,
    pub(crate) on: BTreeMap<String, Target>,
}

#[derive(Clone)]
pub(crate) struct HandoffStep {
    pub(crate) queue: Option<QueueId>,
    pub(crate) note: Vec<String>,
    pub(crate) on: BTreeMap<String, Target>,
}

/// Where to go, by what the calendar says.
#[derive(Clone)]
pub(crate) struct HoursStep {
    pub(crate) calendar: Option<String>,
    pub(crate) ways: BTreeMap<String, Target>,
}

/// What a node says and shows on one channel instead of what it says elsewhere.
#[derive(Clone)]
pub(crate) struct Variant {
    pub(crate) channel: String,
    pub(crate) says: Option<Vec<Say>>,
    pub(crate) says_one: bool,
    pub(crate) buttons: Option<Vec<Button>>,
}

/// What a node ends with.
#[derive(Clone)]
pub(crate) enum Exit {
    Buttons(Vec<Button>),
    Ask(Box<Ask>),
    Form(Box<Form>),
    If(Choose),
    Hours(HoursStep),
    Call(Box<CallStep>),
    Handoff(Box<HandoffStep>),
    Sub(Box<SubStep>),
    To(Target),
    End(String),
}

impl Actions {
    /// Whether there is nothing to do.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.set.is_empty()
            && self.clear.is_empty()
            && self.emit.is_none()
            && self.tags.is_empty()
            && self.category.is_none()
            && self.offer.is_none()
    }
}

/// What a node does without waiting, in this order.
#[derive(Clone, Default)]
pub(crate) struct Actions {
    pub(crate) set: Vec<(String, Formula)>,
    pub(crate) clear: Vec<String>,
    pub(crate) emit: Option<(String, Vec<(String, Formula)>)>,
    pub(crate) tags: Vec<TagName>,
    pub(crate) category: Option<(String, Option<String>)>,
    pub(crate) offer: Option<(String, i64)>,
}

#[derive(Clone)]
pub(crate) struct CallRule {
    /// The kind of each input, and whether it may be missing; `None` where the document does not say.
    pub(crate) inputs: BTreeMap<String, Option<(Kind, bool)>>,
    /// The inputs that are declared by the name of a variable, with that name.
    pub(crate) like: Vec<(String, String)>,
    /// The inputs whose kind says that they are personal.
    pub(crate) personal: Vec<String>,
    /// The variable or kind the result is of.
    pub(crate) out: Option<String>,
    pub(crate) timeout_ms: u32,
    pub(crate) retry: u32,
    pub(crate) once: bool,
    /// Whether it changes something outside, so that twice is once too often.
    pub(crate) mutates: bool,
    pub(crate) errors: Vec<String>,
}

/// Limits of the engine that a document may lower, and the texts that go with them.
#[derive(Clone)]
pub(crate) struct Limits {
    pub(crate) steps_max: u32,
    pub(crate) steps_say: Words,
    pub(crate) busy_say: Words,
    pub(crate) unavailable_say: Words,
    pub(crate) number_say: Words,
    pub(crate) restart_say: Words,
}

impl Limits {
    /// What the engine says by itself, each with its member's name.
    pub(crate) const fn words(&self) -> [(&'static str, &Words); 5] {
        [
            ("steps_say", &self.steps_say),
            ("busy_say", &self.busy_say),
            ("unavailable_say", &self.unavailable_say),
            ("number_say", &self.number_say),
            ("restart_say", &self.restart_say),
        ]
    }
}

/// How an older version's names are called now.
#[derive(Clone)]
pub(crate) struct Migration {
    pub(crate) from: u32,
    pub(crate) nodes: BTreeMap<String, String>,
    pub(crate) vars: BTreeMap<String, String>,
    /// What a variable that has another type now begins with.
    pub(crate) defaults: BTreeMap<String, Value>,
}

/// A test inside the document.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) calls: BTreeMap<String, Vec<CallAnswer>>,
    pub(crate) now: Option<Timestamp>,
    pub(crate) hours: Option<String>,
    pub(crate) handoff: Option<String>,
    pub(crate) customer: Value,
    pub(crate) settings: Value,
    pub(crate) turns: Vec<(String, String)>,
}

#[derive(Clone)]
pub(crate) enum CallAnswer {
    Ok(Value),
    Declared(String),
    Timeout,
    Error,
}

/// Reads the text of a document. Its shape alone is looked at; see [`check`](crate::check) for its meaning.
///
/// # Errors
/// Every finding of the checks S1 to S6 at once.
pub fn parse(text: &str) -> Result<Document, crate::Diagnostics> {
    let (document, found) = read(text);
    match document {
        Some(document) if found.is_empty() => Ok(document),
        _ => Err(crate::Diagnostics::new(found)),
    }
}

/// The target a text names.
pub(crate) fn target(text: &str) -> Target {
    match text {
        "@home" => Target::Home,
        "@back" => Target::Back,
        "@end" => Target::End,
        "@agent" => Target::Agent,
        _ if text.starts_with('@') => Target::Unknown(text.to_owned()),
        _ => text
            .parse()
            .map_or_else(|_| Target::Unknown(text.to_owned()), Target::Node),
    }
}

pub(crate) fn formula(tree: &Tree) -> Formula {
    Expr::read(tree)
}
