//! A checked scenario, with everything a step looks up made ready.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use happytalk_core::id::{NodeId, ScenarioId};

use crate::button_id::ButtonId;
use crate::checks;
use crate::checks::ids::Ids;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document::{Ask, Button, Document, Exit, Node, Press, Target, read};
use crate::embedded;
use crate::expr::{Kind, Path};
use crate::face::{ChannelFace, Face};
use crate::host::Against;
use crate::matching::{Matcher, Name};
use crate::normal;
use crate::state::crc32;
use crate::table::{Table, hash};
use crate::token::{Meaning, Tokens, stem, token};

/// A scenario that passed every check and runs.
pub struct Compiled {
    pub(crate) document: Document,
    /// The nodes by their ids.
    index: Table,
    start: usize,
    faces: Vec<Face>,
    /// How many nodes a walk from each enters at most before it stops.
    walks: Vec<u32>,
    subs: BTreeMap<(String, u32), Arc<Self>>,
    pub(crate) commands: Vec<Button>,
    command_matcher: Matcher,
    /// Made when the first button is pressed.
    tokens: OnceLock<Tokens>,
    depths: Vec<Option<u32>>,
    /// For each variable and value, the label of the first button that sets it.
    words: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) calendars: Vec<String>,
    warnings: Vec<Diagnostic>,
}

/// An embedded test that went another way than its author wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestFailure {
    /// The test's name.
    pub test: String,
    /// A JSON pointer to the turn.
    pub pointer: String,
    /// What was expected.
    pub expected: String,
    /// Where the scenario was, and what it said.
    pub got: String,
}

/// Everything there is to say about the text of a document: errors, warnings and hints, nothing when it is clean.
/// Its embedded tests are run when there is no error.
#[must_use]
pub fn check(text: &str) -> Vec<Diagnostic> {
    check_against(text, &Against::nothing())
}

/// As [`check`], against what the host has and the version that customers are in.
#[must_use]
pub fn check_against(text: &str, against: &Against<'_>) -> Vec<Diagnostic> {
    match Compiled::load_against(text, against) {
        Ok(compiled) => compiled.warnings,
        Err(refused) => refused.into_vec(),
    }
}

impl Compiled {
    /// Reads, checks and prepares the text of a document, and runs its embedded tests.
    ///
    /// # Errors
    /// Everything that was found, warnings included, when an error is among it.
    pub fn load(text: &str) -> Result<Self, Diagnostics> {
        Self::load_against(text, &Against::nothing())
    }

    /// As [`Compiled::load`], against what the host has and the version that customers are in.
    ///
    /// # Errors
    /// Everything that was found, warnings included, when an error is among it.
    pub fn load_against(text: &str, against: &Against<'_>) -> Result<Self, Diagnostics> {
        let (document, mut found) = read(text);
        let Some(document) = document else {
            return Err(Diagnostics::new(found));
        };
        found.extend(checks::document(&document, text, against));
        let refused = |found: &[Diagnostic]| found.iter().any(|d| d.severity == Severity::Error);
        if refused(&found) {
            return Err(Diagnostics::new(found));
        }
        let Some(mut compiled) = Self::build(document) else {
            return Err(Diagnostics::new(found));
        };
        found.extend(embedded::check(&compiled));
        if refused(&found) {
            return Err(Diagnostics::new(found));
        }
        compiled.warnings = found;
        Ok(compiled)
    }

    fn build(mut document: Document) -> Option<Self> {
        let mut index = Table::with_room(document.nodes.len());
        for (place, node) in document.nodes.iter().enumerate() {
            index.insert(hash(node.id.as_str().as_bytes()), place);
        }
        let mut nodes = document.nodes.iter();
        let start = nodes.position(|node| node.id.as_str() == document.start)?;
        let mut commands = commands(&document);
        resolve(&mut document, &index, &mut commands);
        let ids = Ids::of(&document);
        let (walks, depths) = (
            crate::depth::walks(&document, &ids),
            crate::depth::of(&document, &ids),
        );
        let compiled = Self {
            faces: document.nodes.iter().map(Face::of).collect(),
            walks,
            subs: BTreeMap::new(),
            command_matcher: matcher(&document, None, &commands).without_places(),
            depths,
            words: words(&document),
            calendars: crate::hosting::calendars(&document),
            commands,
            tokens: OnceLock::new(),
            index,
            start,
            warnings: Vec::new(),
            document,
        };
        compiled.make_keyword_tables();
        Some(compiled)
    }

    /// Matchers are made when a customer first comes to a node; large ones take a while, and are made now.
    fn make_keyword_tables(&self) {
        const LARGE: usize = 48;
        for node in &self.document.nodes {
            for (channel, buttons) in node.channels() {
                let names = |button: &Button| 1 + words_of(&self.document, button).len();
                if buttons.iter().map(names).sum::<usize>() >= LARGE {
                    let _ = self.matcher(node, channel);
                }
            }
        }
    }

    /// The scenario's id.
    #[must_use]
    pub const fn id(&self) -> &ScenarioId {
        &self.document.id
    }

    /// The author's revision.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.document.version
    }

    /// The document it was made from.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// What is not wrong enough to refuse it.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// How deep a node lies: the fewest stops from the start to it and with it, the start being 1. A stop is a
    /// node that says something and then waits or ends; a silent node is as deep as the stop before it. `None`
    /// for a node that does not exist or is never reached.
    #[must_use]
    pub fn depth(&self, node: &NodeId) -> Option<u32> {
        self.depth_at(self.place(node)?)
    }

    /// Runs the embedded tests. [`Compiled::load`] did so, and refuses a scenario with a failure (X1).
    #[must_use]
    pub fn run_tests(&self) -> Vec<TestFailure> {
        embedded::run(self)
    }

    pub(crate) fn node(&self, id: &NodeId) -> Option<&Node> {
        self.document.nodes.get(self.place(id)?)
    }

    /// As [`Compiled::node`], looking at `place` first.
    pub(crate) fn node_near(&self, id: &NodeId, place: usize) -> Option<&Node> {
        match self.document.nodes.get(place) {
            Some(node) if node.id == *id => Some(node),
            _ => self.node(id),
        }
    }

    pub(crate) fn place(&self, id: &NodeId) -> Option<usize> {
        let id = id.as_str();
        self.index.find(hash(id.as_bytes()), |place| {
            let node = self.document.nodes.get(place);
            node.is_some_and(|node| node.id.as_str() == id)
        })
    }

    pub(crate) fn depth_at(&self, place: usize) -> Option<u32> {
        self.depths.get(place).copied().flatten()
    }

    /// How many nodes a walk enters at most that begins with this one.
    pub(crate) fn walk(&self, node: &Node) -> u32 {
        self.walks.get(node.place).copied().unwrap_or(u32::MAX)
    }

    /// What a question may be answered with, of a choice.
    pub(crate) fn options<'a>(&'a self, ask: &'a Ask) -> &'a [String] {
        options(&self.document, ask)
    }

    pub(crate) fn node_at(&self, place: usize) -> Option<&Node> {
        self.document.nodes.get(place)
    }

    pub(crate) fn start(&self) -> Option<&Node> {
        self.document.nodes.get(self.start)
    }

    /// What a node looks like on a channel.
    pub(crate) fn face(&self, node: &Node, channel: &str) -> Option<&ChannelFace> {
        Some(self.faces.get(node.place)?.on(channel))
    }

    /// What a node's buttons are called on a channel; of a form, what its items are called.
    pub(crate) fn matcher(&self, node: &Node, channel: &str) -> Option<&Matcher> {
        let face = self.face(node, channel)?;
        let made = face.matcher.get_or_init(|| {
            if let Some(Exit::Form(form)) = &node.exit {
                let items = form.slots.iter().map(|slot| Name::new(&slot.label));
                return Some(Matcher::new(&items.collect::<Vec<_>>()));
            }
            let buttons = node.buttons_on(channel);
            (!buttons.is_empty()).then(|| matcher(&self.document, Some(node), buttons))
        });
        made.as_ref()
    }

    /// What a customer who waits at a node depends on; see [`contract`].
    pub(crate) fn contract(&self, node: &Node) -> u32 {
        match self.faces.get(node.place) {
            Some(face) => *face.contract.get_or_init(|| contract(node)),
            None => contract(node),
        }
    }

    /// Links scenarios that this one runs with `sub`, by their ids and versions. One that is not linked is passed
    /// over when a customer comes to it, and the trace says so; a [`Catalogue`](crate::Catalogue) finds it before (R3).
    #[must_use]
    pub fn with_subs(mut self, subs: impl IntoIterator<Item = Arc<Self>>) -> Self {
        for sub in subs {
            let key = (sub.id().as_str().to_owned(), sub.version());
            self.subs.insert(key, sub);
        }
        self
    }

    /// The scenarios that this one runs: id and pinned version.
    #[must_use]
    pub fn needed_subs(&self) -> Vec<(&str, u32)> {
        let exits = self.document.nodes.iter().filter_map(|n| n.exit.as_ref());
        let subs = exits.filter_map(|exit| match exit {
            Exit::Sub(sub) => Some((sub.scenario.as_str(), sub.version.unwrap_or(0))),
            _ => None,
        });
        let mut subs: Vec<_> = subs.collect();
        subs.sort_unstable();
        subs.dedup();
        subs
    }

    /// What a token of this scenario stands for, whichever version it was made by.
    pub(crate) fn meaning(&self, token: &str) -> Option<Meaning> {
        self.tokens.get_or_init(|| self.all_tokens()).get(token)
    }

    fn all_tokens(&self) -> Tokens {
        let mut tokens = Tokens::default();
        let scenario = self.id().as_str();
        for (node, written) in self.document.nodes.iter().enumerate() {
            for shown in written.every_button() {
                let stem = stem(scenario, written.id.as_str(), shown.id.as_str());
                let button = shown.id.clone();
                tokens.insert(stem, Meaning::Button { node, button });
            }
            if let Some(Exit::Form(form)) = &written.exit {
                let of = |what: &str| stem(scenario, written.id.as_str(), what);
                tokens.insert(of(SKIP), Meaning::Skip(node));
                for (slot, _) in (0_u32..).zip(&form.slots) {
                    tokens.insert(of(&format!("{SLOT}{slot}")), Meaning::Slot { node, slot });
                }
            }
        }
        for (place, command) in self.commands.iter().enumerate() {
            tokens.insert(
                stem(scenario, COMMAND, command.id.as_str()),
                Meaning::Command(place),
            );
        }
        for (id, yes) in [("yes", true), ("no", false)] {
            tokens.insert(stem(scenario, CONFIRM, id), Meaning::Confirm(yes));
        }
        tokens
    }

    pub(crate) fn sub(&self, id: &str, version: u32) -> Option<&Self> {
        let sub = self
            .subs
            .iter()
            .find(|((other, of), _)| other == id && *of == version);
        sub.map(|(_, sub)| &**sub)
    }

    pub(crate) fn skip_token(&self, node: &NodeId) -> String {
        token(self.id().as_str(), node.as_str(), SKIP, self.version())
    }

    pub(crate) fn slot_token(&self, node: &NodeId, slot: u32) -> String {
        let name = format!("{SLOT}{slot}");
        token(self.id().as_str(), node.as_str(), &name, self.version())
    }

    pub(crate) const fn command_matcher(&self) -> &Matcher {
        &self.command_matcher
    }

    pub(crate) fn button_token(&self, node: &NodeId, button: &ButtonId) -> String {
        let (scenario, version) = (self.id().as_str(), self.version());
        token(scenario, node.as_str(), button.as_str(), version)
    }

    pub(crate) fn command_token(&self, command: &ButtonId) -> String {
        token(
            self.id().as_str(),
            COMMAND,
            command.as_str(),
            self.version(),
        )
    }

    pub(crate) fn confirm_token(&self, yes: bool) -> String {
        let id = if yes { "yes" } else { "no" };
        token(self.id().as_str(), CONFIRM, id, self.version())
    }

    /// The label of the button that sets the variable to this value.
    pub(crate) fn word(&self, path: &Path, value: &str) -> Option<&str> {
        let words = path.fields.is_empty().then(|| self.words.get(&path.root))?;
        words?.get(value).map(String::as_str)
    }
}

/// The options a question names; without them the values of its variable, where these are counted.
pub(crate) fn options<'d>(document: &'d Document, ask: &'d Ask) -> &'d [String] {
    if !ask.options.is_empty() {
        return &ask.options;
    }
    match document.vars.get(&ask.var).map(|var| &var.kind) {
        Some(Kind::Enum(of)) => of,
        _ => &[],
    }
}

const COMMAND: &str = "@command";
const CONFIRM: &str = "@confirm";
const SKIP: &str = "@skip";
const SLOT: &str = "@slot";

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Compiled").field(&self.document).finish()
    }
}

/// Notes on every button where the node stands that it leads to.
fn resolve(document: &mut Document, index: &Table, commands: &mut [Button]) {
    let names: Vec<NodeId> = document.nodes.iter().map(|node| node.id.clone()).collect();
    let nodes = document.nodes.iter_mut();
    let buttons = nodes.flat_map(Node::every_button_mut).chain(commands);
    for button in buttons {
        if let Some(Target::Node(id)) = &button.to {
            let is = |place: usize| names.get(place) == Some(id);
            button.to_place = index.find(hash(id.as_str().as_bytes()), is);
        }
    }
}

/// The commands of the document; where it says nothing about them, home and back.
fn commands(document: &Document) -> Vec<Button> {
    if let Some(commands) = &document.commands {
        return commands.clone();
    }
    let taken = |label: &str| {
        let mut buttons = document.nodes.iter().flat_map(Node::every_button);
        buttons.any(|button| normal::n1(&button.label) == label)
    };
    [
        ("home", "처음으로", Target::Home),
        ("back", "이전으로", Target::Back),
    ]
    .into_iter()
    .filter(|(_, label, _)| !taken(label))
    .map(|(id, label, to)| Button {
        id: ButtonId::new(id),
        label: label.to_owned(),
        to: Some(to),
        to_place: None,
        value: None,
        set: Vec::new(),
        when: None,
        words: Vec::new(),
        press: Press::Postback,
        consent: None,
    })
    .collect()
}

/// The words of a button: the names of lists stand for themselves and what the lists hold.
pub(crate) fn words_of<'d>(document: &'d Document, button: &'d Button) -> Vec<&'d str> {
    let mut words = Vec::new();
    for word in &button.words {
        // `@name` is a list and never a word; `name` is a list where there is one, and a word as well.
        let word = match word.strip_prefix('@') {
            Some(name) => name,
            None => {
                words.push(word.as_str());
                word.as_str()
            }
        };
        if let Some(list) = document.words.get(word) {
            words.extend(list.iter().map(String::as_str));
        }
    }
    words
}

/// What the buttons of a node are called, or the commands. What only opens a link has a place in the list and no name.
fn matcher(document: &Document, node: Option<&Node>, buttons: &[Button]) -> Matcher {
    let names: Vec<_> = buttons
        .iter()
        .map(|button| {
            if node.is_some_and(|node| !node.leads(button)) {
                return Name::default();
            }
            let mut name = Name::new(&button.label).with_words(words_of(document, button));
            name.exact.push(button.id.as_str());
            name.exact.extend(button.value.as_deref());
            name
        })
        .collect();
    Matcher::new(&names)
}

fn words(document: &Document) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut words: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for node in &document.nodes {
        // A button of a question stores its value in the question's variable.
        let asked = match &node.exit {
            Some(Exit::Ask(ask)) => Some(&ask.var),
            _ => None,
        };
        for button in node.every_button() {
            let sets = button.set.iter().filter_map(|(var, formula)| {
                let value = formula.as_ref().ok()?.as_text()?;
                Some((var, value))
            });
            let stored = asked.zip(button.value.as_deref());
            for (var, value) in sets.chain(stored) {
                let of_var = words.entry(var.clone()).or_default();
                let entry = of_var.entry(value.to_owned());
                entry.or_insert_with(|| button.label.clone());
            }
        }
    }
    words
}

/// What a customer who waits at a node depends on: its kind, its buttons and their values, what it asks for.
/// Texts, order and targets are not part of it.
fn contract(node: &Node) -> u32 {
    let mut parts: Vec<String> = node
        .buttons()
        .iter()
        .map(|button| format!("b{}={}", button.id, button.value.as_deref().unwrap_or("")))
        .collect();
    parts.sort_unstable();
    parts.push(match &node.exit {
        Some(Exit::Ask(ask)) => {
            let pattern = ask.pattern.as_ref().and_then(|p| p.regex.as_ref());
            let pattern = pattern.map_or("", regex_lite::Regex::as_str);
            format!("ask {} {:?} {pattern}", ask.var, ask.slot)
        }
        Some(Exit::Buttons(_)) => "buttons".to_owned(),
        Some(Exit::Form(form)) => {
            let slots = form.slots.iter().map(|slot| {
                let pattern = slot.ask.pattern.as_ref();
                let pattern = pattern.map_or("", |pattern| pattern.source.as_str());
                format!(" {} {:?} {pattern}", slot.ask.var, slot.ask.slot)
            });
            format!("form{}", slots.collect::<String>())
        }
        _ => "other".to_owned(),
    });
    parts.push(node.id.as_str().to_owned());
    crc32(parts.join("\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_scenario_is_clean() {
        let text = include_str!("../scenarios/exchange-return.json");
        let found = check(text);
        let told = found
            .iter()
            .filter(|found| found.severity != Severity::Info);
        assert_eq!(told.count(), 0, "{found:#?}");
        let flow = Compiled::load(text).unwrap();
        let depth = |id: &str| flow.depth(&id.parse().unwrap());
        assert_eq!(depth("main"), Some(1));
        assert_eq!(depth("ask_order"), Some(2));
        assert_eq!(depth("reason"), Some(3));
        assert_eq!(depth("done"), Some(5));
        assert_eq!(depth("nowhere"), None);
    }
}
