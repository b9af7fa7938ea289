//! The JSON of a state, written and read in one pass.
//!
//! The same bytes as serde writes for [`Inner`], and the same state as serde reads from them: what is in nearly every
//! state is written out here, and serde does what is rarer (variables, waits, forms …) part by part. Reading takes the
//! members in the order in which they are written and nothing that is written in another way; bytes it does not take go
//! through serde whole, which takes them or says where they are wrong.

use happytalk_core::id::{NodeId, ScenarioId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::seen::{Letters, Seen};
use super::{Guess, Inner, Phase};

/// The words of the phases, as serde writes them.
const PHASES: [(Phase, &str); 6] = [
    (Phase::Fresh, "fresh"),
    (Phase::Waiting, "waiting"),
    (Phase::Call, "call"),
    (Phase::Approval, "approval"),
    (Phase::HandedOff, "handed_off"),
    (Phase::Ended, "ended"),
];

/// Appends the members of a state and the brace that ends them.
pub(super) fn write(state: &Inner, to: &mut Vec<u8>) {
    let mut to = Writer(to);
    to.plain("\"scenario\":");
    to.text(state.scenario.as_str());
    to.count(",\"version\":", state.version);
    let mut phases = PHASES.iter();
    let phase = phases.find(|(phase, _)| *phase == state.phase);
    to.plain(",\"phase\":");
    to.text(phase.map_or("", |(_, word)| word));
    if let Some(at) = &state.at {
        to.plain(",\"at\":");
        to.text(at.as_str());
    }
    if let Some(contract) = state.contract {
        to.count(",\"contract\":", contract);
    }
    if let [first, rest @ ..] = state.trail.as_slice() {
        to.plain(",\"trail\":");
        to.0.push(b'[');
        to.text(first.as_str());
        for node in rest {
            to.0.push(b',');
            to.text(node.as_str());
        }
        to.0.push(b']');
    }
    to.rest(
        ",\"slots\":",
        (!state.slots.is_empty()).then_some(&state.slots),
    );
    to.some_count(",\"tries\":", state.tries);
    to.some_count(",\"steps\":", state.steps);
    if !state.seen.is_empty() {
        to.plain(",\"seen\":");
        to.0.push(b'"');
        for id in state.seen.iter() {
            to.0.extend_from_slice(&Letters::of(id).0);
        }
        to.0.push(b'"');
    }
    to.rest(",\"wait\":", state.wait.as_ref());
    to.rest(",\"confirm\":", state.confirm.as_ref());
    to.rest(",\"form\":", state.form.as_ref());
    to.rest(
        ",\"below\":",
        (!state.below.is_empty()).then_some(&state.below),
    );
    let consents = &state.consents;
    to.rest(",\"consents\":", (!consents.is_empty()).then_some(consents));
    to.some_count(",\"turn\":", state.turn);
    to.some_count(",\"effects\":", state.effects);
    if state.goal {
        to.plain(",\"goal\":true");
    }
    to.rest(",\"outcome\":", state.outcome.as_ref());
    to.0.push(b'}');
}

struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    /// What is JSON already.
    #[inline]
    fn plain(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    fn text(&mut self, text: &str) {
        if text.bytes().all(is_plain) {
            self.0.push(b'"');
            self.0.extend_from_slice(text.as_bytes());
            self.0.push(b'"');
        } else {
            self.value(text);
        }
    }

    fn count(&mut self, name: &str, count: impl itoa::Integer) {
        self.plain(name);
        let mut digits = itoa::Buffer::new();
        self.0.extend_from_slice(digits.format(count).as_bytes());
    }

    /// A count that is left out where it is 0.
    fn some_count(&mut self, name: &str, count: impl itoa::Integer + Default + PartialEq) {
        if count != Default::default() {
            self.count(name, count);
        }
    }

    /// A member that is rarely there.
    fn rest<T: Serialize>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.plain(name);
            self.value(value);
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        // No part of a state can fail to be written, and neither can a list of bytes be written to.
        let _ = serde_json::to_writer(&mut *self.0, value);
    }
}

/// Whether a byte stands in a JSON text as it is.
const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// The state that these members and the brace after them are; `None` where they are not as [`write`] writes them.
pub(super) fn read(body: &[u8]) -> Option<Inner> {
    let mut from = Reader(std::str::from_utf8(body).ok()?);
    let state = from.state()?;
    from.0.is_empty().then_some(state)
}

struct Reader<'b>(&'b str);

impl<'b> Reader<'b> {
    fn state(&mut self) -> Option<Inner> {
        self.take("\"scenario\":")?;
        let scenario: ScenarioId = self.text()?.parse().ok()?;
        self.take(",\"version\":")?;
        let version = self.small()?;
        self.take(",\"phase\":")?;
        let word = self.text()?;
        let (phase, _) = PHASES.iter().find(|(_, name)| *name == word)?;
        let at = self.member(",\"at\":", Self::node)?;
        let contract = self.member(",\"contract\":", Self::small)?;
        let trail = self.member(",\"trail\":", Self::nodes)?;
        let slots = self.member(",\"slots\":", Self::value)?;
        let tries = self.member(",\"tries\":", Self::small)?;
        let steps = self.member(",\"steps\":", Self::small)?;
        let seen = self.member(",\"seen\":", Self::seen)?;
        let wait = self.member(",\"wait\":", Self::value)?;
        let confirm = self.member(",\"confirm\":", Self::value)?;
        let form = self.member(",\"form\":", Self::value)?;
        let below = self.member(",\"below\":", Self::value)?;
        let consents = self.member(",\"consents\":", Self::value)?;
        let turn = self.member(",\"turn\":", Self::number)?;
        let effects = self.member(",\"effects\":", Self::small)?;
        let goal = self.member(",\"goal\":true", |_| Some(()))?;
        let outcome = self.member(",\"outcome\":", Self::value)?;
        self.take("}")?;
        Some(Inner {
            scenario,
            version,
            phase: *phase,
            at,
            at_place: Guess::default(),
            contract,
            trail: trail.unwrap_or_default(),
            slots: slots.unwrap_or_default(),
            tries: tries.unwrap_or_default(),
            steps: steps.unwrap_or_default(),
            seen: seen.unwrap_or_default(),
            wait,
            confirm,
            form,
            below: below.unwrap_or_default(),
            consents: consents.unwrap_or_default(),
            turn: turn.unwrap_or_default(),
            effects: effects.unwrap_or_default(),
            goal: goal.is_some(),
            outcome,
        })
    }

    // Inlined, so that the names are compared as numbers rather than byte by byte.
    #[inline]
    fn take(&mut self, what: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(what)?;
        Some(())
    }

    /// A member, where it is there.
    #[inline]
    #[expect(
        clippy::option_option,
        reason = "the outer one is for bytes that are not read here"
    )]
    fn member<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.take(name) {
            Some(()) => read(self).map(Some),
            None => Some(None),
        }
    }

    /// A text in which nothing is escaped.
    fn text(&mut self) -> Option<&'b str> {
        let after = self.0.strip_prefix('"')?;
        let length = after.bytes().position(|byte| !is_plain(byte))?;
        let (text, rest) = after.split_at_checked(length)?;
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    fn node(&mut self) -> Option<NodeId> {
        self.text()?.parse().ok()
    }

    fn nodes(&mut self) -> Option<Vec<NodeId>> {
        self.take("[")?;
        // Room for one more than most have, since the turn that follows is likely to add one.
        let mut nodes = Vec::with_capacity(4);
        nodes.push(self.node()?);
        while self.take(",").is_some() {
            nodes.push(self.node()?);
        }
        self.take("]")?;
        Some(nodes)
    }

    fn seen(&mut self) -> Option<Seen> {
        self.take("\"")?;
        let (letters, rest) = self.0.split_once('"')?;
        self.0 = rest;
        Seen::read(letters.as_bytes())
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut length) = (0_u64, 0);
        for byte in self.0.bytes() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            number = number.checked_mul(10)?.checked_add(digit.into())?;
            length += 1;
        }
        let (digits, rest) = self.0.split_at_checked(length)?;
        // What follows is looked at by whoever reads on; a leading zero is no JSON.
        if digits.is_empty() || (digits.starts_with('0') && length > 1) {
            return None;
        }
        self.0 = rest;
        Some(number)
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// A part that serde reads.
    fn value<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.0).into_iter();
        let value = values.next()?.ok()?;
        self.0 = self.0.get(values.byte_offset()..)?;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::full::full;
    use crate::state::{Confirm, FormStep};

    fn written(state: &Inner) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(state, &mut bytes);
        bytes
    }

    /// What serde makes of the members.
    fn by_serde(body: &[u8]) -> Option<Inner> {
        serde_json::from_slice(&[b"{", body].concat()).ok()
    }

    /// The full state, without the parts whose bit is not set.
    fn some_of(parts: u32, phase: usize) -> Inner {
        let mut state = full();
        let mut without = (0..).map(|bit| parts >> bit & 1 == 0);
        let mut gone = || without.next().unwrap();
        state.phase = PHASES[phase % PHASES.len()].0;
        state.at = state.at.filter(|_| !gone());
        state.contract = state.contract.filter(|_| !gone());
        state.wait = state.wait.filter(|_| !gone());
        state.outcome = state.outcome.filter(|_| !gone());
        state.goal = !gone();
        if gone() {
            state.trail.clear();
        }
        if gone() {
            state.slots.clear();
        }
        if gone() {
            state.seen = Seen::default();
        }
        if gone() {
            state.below.clear();
        }
        if gone() {
            state.consents.clear();
        }
        for count in [&mut state.tries, &mut state.steps, &mut state.effects] {
            *count *= u32::from(!gone());
        }
        state.turn *= u64::from(!gone());
        state.confirm = [
            None,
            Some(Confirm::Button("a\"b".to_owned())),
            state.confirm,
        ][usize::try_from(parts >> 16 & 1 | parts >> 17 & 1).unwrap()]
        .clone();
        state.form =
            [None, Some(FormStep::Which), state.form][usize::try_from(parts >> 18).unwrap() % 3];
        state
    }

    #[test]
    fn the_digits_of_every_length_are_read_and_nothing_else() {
        let read = |text: &str| Reader(text).number();
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        assert_eq!((read("0"), read("7}")), (Some(0), Some(7)));
        for text in ["", "-1", "00", "01", "18446744073709551616", "a"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_that_serde_writes(parts in 0..1_u32 << 20, phase in 0..6_usize, at in "[a-z\"\\\\가]{1,9}") {
            let mut state = some_of(parts, phase);
            state.trail.extend(at.parse::<NodeId>());
            let bytes = written(&state);
            prop_assert_eq!(&bytes, &serde_json::to_vec(&state).unwrap()[1..]);
            prop_assert!(by_serde(&bytes) == Some(state.clone()));
            // What has to be escaped is for serde.
            let is_plain = at.bytes().all(is_plain);
            prop_assert!(read(&bytes) == is_plain.then_some(state));
        }

        #[test]
        fn what_is_read_here_is_what_serde_reads(parts in 0..1_u32 << 20, place in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = written(&some_of(parts, 1));
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Some(state) = read(&bytes) {
                prop_assert!(by_serde(&bytes) == Some(state));
            }
        }
    }
}
