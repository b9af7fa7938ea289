//! A state in few bytes.
//!
//! [`MAGIC`], the parts in a fixed order, and the checksum of all of it. Numbers are written seven bits a byte, lowest
//! first; texts and lists after their length; a part that is not there is a bit that is not set. One state has one way to
//! be written, and nothing else is read.

use std::collections::BTreeMap;

use happytalk_core::Value;
use happytalk_core::id::{NodeId, ScenarioId};

use super::{Confirm, FormStep, Frame, Guess, Inner, Offered, Phase, Seen, TRAIL_MAX, Wait, crc32};
use crate::error::Error;

/// The first byte: none that JSON begins with, and with the number of this way of writing in it.
pub(super) const MAGIC: u8 = 0xB1;
/// How deep values may lie one in the other, as JSON allows.
const DEPTH_MAX: u32 = 120;

const PHASES: [Phase; 6] = [
    Phase::Fresh,
    Phase::Waiting,
    Phase::Call,
    Phase::Approval,
    Phase::HandedOff,
    Phase::Ended,
];

/// The bits of what is there.
mod has {
    pub(super) const AT: u64 = 1;
    /// The node is the last one of the trail.
    pub(super) const AT_LAST: u64 = 1 << 1;
    pub(super) const CONTRACT: u64 = 1 << 2;
    pub(super) const TRAIL: u64 = 1 << 3;
    pub(super) const SEEN: u64 = 1 << 4;
    pub(super) const SLOTS: u64 = 1 << 5;
    pub(super) const COUNTS: u64 = 1 << 6;
    pub(super) const WAIT: u64 = 1 << 7;
    pub(super) const CONFIRM: u64 = 1 << 8;
    pub(super) const FORM: u64 = 1 << 9;
    pub(super) const BELOW: u64 = 1 << 10;
    pub(super) const CONSENTS: u64 = 1 << 11;
    pub(super) const GOAL: u64 = 1 << 12;
    pub(super) const OUTCOME: u64 = 1 << 13;
    pub(super) const ALL: u64 = (1 << 14) - 1;
}

/// Appends a state to no bytes.
pub(super) fn write(state: &Inner, to: &mut Vec<u8>) {
    let mut to = Writer(to);
    to.0.push(MAGIC);
    to.text(state.scenario.as_str());
    to.number(u64::from(state.version));
    let phase = PHASES.iter().position(|phase| *phase == state.phase);
    to.number(u64::try_from(phase.unwrap_or(0)).unwrap_or(0));
    let is_last = state.at.is_some() && state.trail.last() == state.at.as_ref();
    let counts = state.tries > 0 || state.steps > 0 || state.effects > 0;
    let parts = [
        (has::AT, state.at.is_some() && !is_last),
        (has::AT_LAST, is_last),
        (has::CONTRACT, state.contract.is_some()),
        (has::TRAIL, !state.trail.is_empty()),
        (has::SEEN, !state.seen.is_empty()),
        (has::SLOTS, !state.slots.is_empty()),
        (has::COUNTS, counts),
        (has::WAIT, state.wait.is_some()),
        (has::CONFIRM, state.confirm.is_some()),
        (has::FORM, state.form.is_some()),
        (has::BELOW, !state.below.is_empty()),
        (has::CONSENTS, !state.consents.is_empty()),
        (has::GOAL, state.goal),
        (has::OUTCOME, state.outcome.is_some()),
    ];
    let there = parts.iter().filter(|(_, there)| *there);
    to.number(there.fold(0, |bits, (bit, _)| bits | bit));
    to.number(state.turn);
    if let (Some(at), false) = (&state.at, is_last) {
        to.text(at.as_str());
    }
    if let Some(contract) = state.contract {
        to.0.extend_from_slice(&contract.to_le_bytes());
    }
    if !state.trail.is_empty() {
        to.nodes(&state.trail);
    }
    if !state.seen.is_empty() {
        to.length(state.seen.len());
        for id in state.seen.iter() {
            let [a, b, c, d, e, f, ..] = id.to_le_bytes();
            to.0.extend_from_slice(&[a, b, c, d, e, f]);
        }
    }
    if !state.slots.is_empty() {
        to.slots(&state.slots);
    }
    if counts {
        for count in [state.tries, state.steps, state.effects] {
            to.number(u64::from(count));
        }
    }
    if let Some(wait) = &state.wait {
        to.text(&wait.id);
        to.number(u64::from(wait.attempt));
        to.text(&wait.key);
        to.0.push(u8::from(wait.told) | u8::from(wait.accepted) << 1);
    }
    match &state.confirm {
        None => {}
        Some(Confirm::Button(id)) => to.tagged_text(0, id),
        Some(Confirm::Command(id)) => to.tagged_text(1, id),
        Some(Confirm::Which(offered)) => {
            to.0.push(2);
            to.length(offered.len());
            for one in offered {
                match one {
                    Offered::Button(id) => to.tagged_text(0, id),
                    Offered::Command(id) => to.tagged_text(1, id),
                }
            }
        }
    }
    match state.form {
        None => {}
        Some(FormStep::Ask(place)) => to.tagged_number(0, place),
        Some(FormStep::Review) => to.0.push(1),
        Some(FormStep::Which) => to.0.push(2),
        Some(FormStep::Fix(place)) => to.tagged_number(3, place),
    }
    if !state.below.is_empty() {
        to.length(state.below.len());
        for frame in &state.below {
            to.text(frame.scenario.as_str());
            to.number(u64::from(frame.version));
            to.text(frame.at.as_str());
            to.nodes(&frame.trail);
            to.slots(&frame.slots);
        }
    }
    if !state.consents.is_empty() {
        to.length(state.consents.len());
        for consent in &state.consents {
            to.text(consent);
        }
    }
    if let Some(outcome) = &state.outcome {
        to.text(outcome);
    }
    let sum = crc32(to.0);
    to.0.extend_from_slice(&sum.to_le_bytes());
}

struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    fn number(&mut self, mut number: u64) {
        while number > 127 {
            self.0.push(u8::try_from(number & 127).unwrap_or(0) | 128);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap_or(0));
    }

    fn length(&mut self, length: usize) {
        self.number(u64::try_from(length).unwrap_or(u64::MAX));
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn tagged_text(&mut self, tag: u8, text: &str) {
        self.0.push(tag);
        self.text(text);
    }

    fn tagged_number(&mut self, tag: u8, number: u32) {
        self.0.push(tag);
        self.number(u64::from(number));
    }

    fn nodes(&mut self, nodes: &[NodeId]) {
        self.length(nodes.len());
        for node in nodes {
            self.text(node.as_str());
        }
    }

    fn slots(&mut self, slots: &BTreeMap<String, Value>) {
        self.length(slots.len());
        for (name, value) in slots {
            self.text(name);
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push(0),
            Value::Bool(yes) => self.0.push(1 + u8::from(*yes)),
            Value::Int(number) => {
                self.0.push(3);
                // Small numbers of either sign are short.
                self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
            }
            Value::Text(text) => self.tagged_text(4, text),
            Value::List(items) => {
                self.0.push(5);
                self.length(items.len());
                items.iter().for_each(|item| self.value(item));
            }
            Value::Object(members) => {
                self.0.push(6);
                self.slots(members);
            }
        }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Inner, Error> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or(Error::StateDamaged)?;
    if crc32(body) != u32::from_le_bytes(*sum) {
        return Err(Error::StateDamaged);
    }
    let mut from = Reader { bytes: body, at: 1 };
    let state = from.state();
    match state {
        Some(state) if from.at == body.len() => Ok(state),
        _ => Err(Error::StatePackedNotUnderstood { byte: from.at }),
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn state(&mut self) -> Option<Inner> {
        let scenario: ScenarioId = self.id()?;
        let version = self.small()?;
        let phase = *PHASES.get(usize::try_from(self.number()?).ok()?)?;
        let there = self.number()?;
        let both = has::AT | has::AT_LAST;
        if there & !has::ALL != 0 || there & both == both {
            return None;
        }
        let has = |bit: u64| there & bit != 0;
        let turn = self.number()?;
        let mut at = self.when(has(has::AT), Self::id)?;
        let contract = self.when(has(has::CONTRACT), |it| {
            Some(u32::from_le_bytes(*it.take(4)?.first_chunk()?))
        })?;
        // What is there is not empty: that would be a second way to say that it is not there.
        let trail = self.when(has(has::TRAIL), |it| it.trail().filter(|it| !it.is_empty()))?;
        let trail: Vec<NodeId> = trail.unwrap_or_default();
        if has(has::AT_LAST) {
            at = Some(trail.last()?.clone());
        }
        let seen = self.when(has(has::SEEN), |it| it.seen().filter(|it| !it.is_empty()))?;
        let slots = self.when(has(has::SLOTS), |it| {
            it.slots(0).filter(|it| !it.is_empty())
        })?;
        let counts = self.when(has(has::COUNTS), |it| {
            Some([it.small()?, it.small()?, it.small()?]).filter(|counts| *counts != [0; 3])
        })?;
        let [tries, steps, effects] = counts.unwrap_or_default();
        let wait = self.when(has(has::WAIT), Self::wait)?;
        let confirm = self.when(has(has::CONFIRM), |it| match it.byte()? {
            0 => it.text().map(|id| Confirm::Button(id.to_owned())),
            1 => it.text().map(|id| Confirm::Command(id.to_owned())),
            2 => it.list(Self::offered).map(Confirm::Which),
            _ => None,
        })?;
        let form = self.when(has(has::FORM), |it| match it.byte()? {
            0 => it.small().map(FormStep::Ask),
            1 => Some(FormStep::Review),
            2 => Some(FormStep::Which),
            3 => it.small().map(FormStep::Fix),
            _ => None,
        })?;
        let below = self.when(has(has::BELOW), |it| {
            it.list(Self::frame).filter(|it| !it.is_empty())
        })?;
        let consents = self.when(has(has::CONSENTS), |it| {
            let consents = it.list(|it| it.text().map(str::to_owned));
            consents.filter(|it| !it.is_empty())
        })?;
        let outcome = self.when(has(has::OUTCOME), Self::text)?;
        Some(Inner {
            scenario,
            version,
            phase,
            at,
            at_place: Guess::default(),
            contract,
            trail,
            slots: slots.unwrap_or_default(),
            tries,
            steps,
            seen: seen.unwrap_or_default(),
            wait,
            confirm,
            form,
            below: below.unwrap_or_default(),
            consents: consents.unwrap_or_default(),
            turn,
            effects,
            goal: has(has::GOAL),
            outcome: outcome.map(str::to_owned),
        })
    }

    /// What is there, where it is.
    #[expect(
        clippy::option_option,
        reason = "the outer one is for bytes that cannot be read"
    )]
    fn when<T>(
        &mut self,
        there: bool,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if there {
            read(self).map(Some)
        } else {
            Some(None)
        }
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 127);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte < 128 {
                // A last byte of nothing would be a second way to write the number.
                return (byte > 0 || shift == 0).then_some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn id<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    fn seen(&mut self) -> Option<Seen> {
        let count = usize::try_from(self.number()?).ok()?;
        let (ids, _) = self.take(count.checked_mul(6)?)?.as_chunks::<6>();
        Seen::of(ids, |[a, b, c, d, e, f]| {
            Some(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, 0, 0]))
        })
    }

    /// With room for one more, since the turn that follows is likely to add one.
    fn trail(&mut self) -> Option<Vec<NodeId>> {
        let count = usize::try_from(self.number()?).ok()?;
        let mut nodes = Vec::with_capacity(count.min(TRAIL_MAX).saturating_add(1));
        for _ in 0..count {
            nodes.push(self.id()?);
        }
        Some(nodes)
    }

    fn offered(&mut self) -> Option<Offered> {
        match self.byte()? {
            0 => self.text().map(|id| Offered::Button(id.to_owned())),
            1 => self.text().map(|id| Offered::Command(id.to_owned())),
            _ => None,
        }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Each item has a byte at least, so that a count cannot ask for more room than there are bytes.
        let mut items = Vec::with_capacity(count.min(self.bytes.len().saturating_sub(self.at)));
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(items)
    }

    fn slots(&mut self, depth: u32) -> Option<BTreeMap<String, Value>> {
        let count = self.number()?;
        let mut slots: BTreeMap<String, Value> = BTreeMap::new();
        for _ in 0..count {
            let name = self.text()?;
            if slots
                .last_key_value()
                .is_some_and(|(last, _)| **last >= *name)
            {
                return None;
            }
            let value = self.value(depth)?;
            slots.insert(name.to_owned(), value);
        }
        Some(slots)
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        Some(match self.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => {
                let number = self.number()?;
                Value::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            4 => Value::Text(self.text()?.to_owned()),
            5 => Value::List(self.list(|it| it.value(depth + 1))?),
            6 => Value::Object(self.slots(depth + 1)?),
            _ => return None,
        })
    }

    fn wait(&mut self) -> Option<Wait> {
        let id = self.text()?.to_owned();
        let attempt = self.small()?;
        let key = self.text()?.to_owned();
        let flags = self.byte().filter(|flags| *flags < 4)?;
        Some(Wait {
            id,
            attempt,
            key,
            told: flags & 1 == 1,
            accepted: flags & 2 == 2,
        })
    }

    fn frame(&mut self) -> Option<Frame> {
        Some(Frame {
            scenario: self.id()?,
            version: self.small()?,
            at: self.id()?,
            trail: self.trail()?,
            slots: self.slots(0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::State;
    use crate::state::full::full;

    #[test]
    fn every_part_comes_back_in_both_forms() {
        let state = State { inner: full() };
        assert!(State::from_bytes(&state.to_packed()) == Ok(state.clone()));
        assert!(State::from_bytes(&state.to_bytes()) == Ok(state));
    }

    #[test]
    fn case_73_packed_bytes_with_a_flipped_bit_or_a_piece_gone_are_refused() {
        let bytes = State { inner: full() }.to_packed();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                assert!(
                    State::from_bytes(&flipped).is_err(),
                    "byte {place} bit {bit}"
                );
            }
            assert!(State::from_bytes(&bytes[..place]).is_err(), "up to {place}");
        }
    }

    proptest! {
        #[test]
        fn bytes_with_a_right_checksum_are_a_state_or_refused(
            place in 0..200_usize, byte in any::<u8>(), cut in 0..200_usize,
        ) {
            let mut body = State { inner: full() }.to_packed();
            body.truncate(body.len() - 4);
            let (place, cut) = (place % body.len(), cut.min(body.len()));
            body[place] = byte;
            if place % 3 == 0 {
                body.truncate(cut);
            }
            body.extend(crc32(&body.clone()).to_le_bytes());
            if let Ok(state) = State::from_bytes(&body) {
                prop_assert_eq!(state.to_packed(), body);
            }
        }
    }
}
