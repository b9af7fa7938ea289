//! Whatever is changed in an entry, down to a bit or a letter, is found.

use std::sync::Arc;

use happytalk_billing::{Entry, EntryKind, Error, Key, LotKind, Move, Place, Terms, verify};
use happytalk_core::id::{GroupId, Word};
use happytalk_core::{ChannelName, Timestamp, Won};

use crate::scene::kst;
use crate::till::Till;

/// A ledger with an entry of every kind and with every part that an entry can have.
fn entries() -> Vec<Entry> {
    let mut till = Till::new(
        r#"{"name":"book","periods":[{"day_case_mwon":100000,"plans":{"pro":{"fee_mwon":1000000,"bot_over_mwon":180000}},
            "messages":{"sms":{"price_mwon":10000}}}]}"#,
        Terms::Prepaid,
    );
    let at = "2024-05-13 09:00:00";
    let june = kst("2024-06-01 00:00:00").as_millis();
    till.book(
        at,
        &format!(r#""granted","amount_won":700,"expires_at":{june}"#),
    )
    .unwrap();
    till.top_up(at, 500_000);
    for fields in [
        r#""plan_set","plan":"pro","accounts":3"#,
        r#""message_sent","id":"m-1","kind":"sms""#,
        r#""message_failed","id":"m-1""#,
        r#""reserved","id":"night","amount_won":50"#,
        r#""message_sent","id":"m-2","kind":"sms","reservation":"night""#,
        r#""released","id":"night""#,
        r#""adjusted","amount_won":-3,"reason":"r""#,
        r#""refunded","amount_won":100000"#,
    ] {
        till.book(at, fields).unwrap();
    }
    let opened = r#""opened","channel":"kakao_consult","account":"s","customer":"K","opened_by":"customer","bot":true"#;
    till.says("c-1", "2024-05-13 10:00:00", opened);
    let said = r#""bot_said","message":{"id":"1","content":[]}"#;
    till.says("c-1", "2024-05-13 10:00:01", said);
    let soon = kst("2024-05-20 00:00:00").as_millis();
    let gift = format!(r#""granted","amount_won":5,"expires_at":{soon}"#);
    till.book("2024-05-13 11:00:00", &gift).unwrap();
    let last = kst("2024-06-02 00:00:00");
    till.account.advance(last).unwrap();
    till.account.statement().entries
}

/// The numbers that differ from this one in a bit.
fn bits(number: i64) -> impl Iterator<Item = i64> {
    (0..64).map(move |bit| number ^ (1 << bit))
}

/// Beyond the calendar there is no other.
fn times(at: Timestamp) -> impl Iterator<Item = Timestamp> {
    let times = bits(at.as_millis()).map(Timestamp::from_millis);
    times.filter(move |other| *other != at)
}

fn sums(won: Won) -> impl Iterator<Item = Won> {
    bits(won.as_millis()).map(Won::from_millis)
}

fn numbers(number: u64) -> impl Iterator<Item = u64> {
    bits(number.cast_signed()).map(i64::cast_unsigned)
}

/// The texts that differ from this one in a letter, and some that are shorter or longer.
fn texts(text: &str) -> Vec<String> {
    let letters = text.char_indices().map(|(at, letter)| {
        let other = if letter == 'x' { 'y' } else { 'x' };
        format!("{}{other}{}", &text[..at], &text[at + letter.len_utf8()..])
    });
    let mut texts: Vec<String> = letters.collect();
    texts.push(format!("{text}x"));
    texts.extend(
        text.get(1..)
            .filter(|rest| !rest.is_empty())
            .map(str::to_owned),
    );
    texts
}

/// The names that differ from this one, none among them, or one where there is none.
fn names<T: std::str::FromStr + Clone>(name: Option<&str>) -> Vec<Option<T>> {
    let Some(name) = name else {
        return vec!["x".parse().ok()];
    };
    let others = texts(name).into_iter().map(|text| text.parse().ok());
    others.chain([None]).collect()
}

fn key(text: &str) -> Key {
    Key::from(&text.parse::<Word>().unwrap())
}

/// The part of a key that the hash covers begins here: of what a customer did, the day alone.
fn covered_from(entry: &Entry) -> usize {
    let key = entry.key.as_str();
    match entry.kind {
        EntryKind::DayCase | EntryKind::BotOver => key.rfind('/').unwrap() + 1,
        _ => 0,
    }
}

fn changed_moves(entry: &Entry) -> Vec<Vec<Move>> {
    let moves = entry.moves.as_slice();
    let mut all = vec![vec![], [moves, moves].concat(), moves[1..].to_vec()];
    for at in 0..moves.len() {
        let mut with = |change: &dyn Fn(&mut Move)| {
            let mut moves = moves.to_vec();
            change(&mut moves[at]);
            all.push(moves);
        };
        let before = moves[at];
        for kind in [LotKind::Free, LotKind::Paid, LotKind::Owed] {
            if kind != before.lot.kind {
                with(&|part| part.lot.kind = kind);
            }
        }
        times(before.lot.expires_at).for_each(|at| with(&|part| part.lot.expires_at = at));
        numbers(before.lot.entry).for_each(|entry| with(&|part| part.lot.entry = entry));
        sums(before.amount).for_each(|amount| with(&|part| part.amount = amount));
    }
    all
}

fn changed_places(place: Option<&Place>) -> Vec<Option<Place>> {
    let Some(place) = place else {
        let conversation = "c".parse().unwrap();
        return vec![Some(Place::new(conversation, ChannelName::KAKAO_CONSULT))];
    };
    let mut all = vec![None];
    for text in texts(place.conversation.as_str()) {
        let mut other = place.clone();
        other.conversation = text.parse().unwrap();
        all.push(Some(other));
    }
    for text in texts(place.channel.as_str()) {
        let mut other = place.clone();
        other.channel = text.parse().unwrap();
        all.push(Some(other));
    }
    for group in names::<GroupId>(place.group.as_ref().map(GroupId::as_str)) {
        let mut other = place.clone();
        other.group = group;
        all.push(Some(other));
    }
    all
}

/// Every entry that differs from this one in one thing.
fn changed(entry: &Entry) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Entry)| {
        let mut other = entry.clone();
        change(&mut other);
        all.push(other);
    };
    numbers(entry.id).for_each(|id| with(&|entry| entry.id = id));
    times(entry.at).for_each(|at| with(&|entry| entry.at = at));
    sums(entry.amount).for_each(|amount| with(&|entry| entry.amount = amount));
    sums(entry.balance).for_each(|balance| with(&|entry| entry.balance = balance));
    sums(entry.vat).for_each(|vat| with(&|entry| entry.vat = vat));
    sums(entry.fee).for_each(|fee| with(&|entry| entry.fee = fee));
    for kind in [
        EntryKind::TopUp,
        EntryKind::FreeGrant,
        EntryKind::AccountFee,
        EntryKind::DayCase,
        EntryKind::BotOver,
        EntryKind::Message,
        EntryKind::MessageRefund,
        EntryKind::Adjustment,
        EntryKind::Refund,
        EntryKind::Expire,
        EntryKind::Reserve,
        EntryKind::Release,
    ] {
        if kind != entry.kind {
            with(&|entry| entry.kind = kind);
        }
    }
    let (customer, covered) = entry.key.as_str().split_at(covered_from(entry));
    for text in texts(covered) {
        with(&|entry| entry.key = key(&format!("{customer}{text}")));
    }
    for text in texts(&entry.price_book) {
        with(&|entry| entry.price_book = text.as_str().into());
    }
    for item in names(entry.item.as_ref().map(Word::as_str)) {
        with(&|entry| entry.item.clone_from(&item));
    }
    for message in names(entry.message.as_ref().map(AsRef::as_ref)) {
        with(&|entry| entry.message.clone_from(&message));
    }
    for reservation in names(entry.reservation.as_ref().map(Word::as_str)) {
        with(&|entry| entry.reservation.clone_from(&reservation));
    }
    match entry.gives_back {
        None => with(&|entry| entry.gives_back = Some(0)),
        Some(number) => {
            with(&|entry| entry.gives_back = None);
            numbers(number).for_each(|number| with(&|entry| entry.gives_back = Some(number)));
        }
    }
    for place in changed_places(entry.place.as_deref()) {
        let place = place.map(Arc::new);
        with(&|entry| entry.place.clone_from(&place));
    }
    for moves in changed_moves(entry) {
        with(&|entry| entry.moves = moves.clone().into());
    }
    let hash = *entry.hash.as_bytes();
    for bit in 0..256 {
        let mut hash = hash;
        hash[bit / 8] ^= 1 << (bit % 8);
        with(&|entry| entry.hash = happytalk_billing::Digest::from_bytes(hash));
    }
    all
}

#[test]
fn every_changed_bit_of_an_entry_is_found_where_it_is() {
    let entries = entries();
    let kinds: std::collections::BTreeSet<EntryKind> =
        entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds.len(), 12, "{kinds:?}");
    assert!(entries.iter().any(|entry| entry.moves.as_slice().len() > 1));
    verify(&entries).unwrap();
    let mut tried = 0;
    for (index, entry) in entries.iter().enumerate() {
        let number = u64::try_from(index).unwrap() + 1;
        for other in changed(entry) {
            assert_ne!(&other, entry);
            let told = format!("{other:?}");
            let mut tampered = entries.clone();
            tampered[index] = other;
            let found = verify(&tampered);
            assert_eq!(found, Err(Error::Chain { entry: number }), "{told}");
            tried += 1;
        }
    }
    assert!(tried > 10_000, "{tried}");
}
