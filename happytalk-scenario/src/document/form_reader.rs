//! Reads questions: one alone, or those of a form.

use super::fields::{Fields, Found, nearest, text};
use super::node_reader::{read_fallback, read_targets};
use super::{Ask, Form, FormSlot, Pattern};
use crate::diagnostic::Diagnostic;
use crate::slot::{SLOTS, Slot};
use crate::template::Template;
use crate::tree::{Place, Tree};

pub(super) const ASK: [&str; 11] = [
    "var",
    "as",
    "pattern",
    "min",
    "max",
    "landline",
    "options",
    "prompt",
    "retry",
    "needs",
    "interrupt",
];
pub(super) const SLOT: [&str; 12] = [
    "var", "as", "pattern", "min", "max", "landline", "options", "prompt", "retry", "label",
    "optional", "always",
];
pub(super) const FORM: [&str; 6] = ["needs", "slots", "skip_known", "review", "interrupt", "on"];

/// The most questions a form may have.
const FORM_SLOTS_MAX: usize = 20;
/// The longest pattern, in bytes.
pub(crate) const PATTERN_BYTES_MAX: usize = 1_000;

pub(super) fn read_ask(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<Ask> {
    let fields = Fields::new(tree, pointer, &ASK, found)?;
    read_question(&fields, found)
}

fn read_question(fields: &Fields<'_>, found: &mut Found) -> Option<Ask> {
    let named = fields.need_text("as", found)?;
    let Some(&(_, slot)) = SLOTS.iter().find(|(name, _)| *name == named) else {
        let names: Vec<_> = SLOTS.iter().map(|(name, _)| *name).collect();
        found.push(Diagnostic::error(
            "S3",
            fields.at("as"),
            format!("알 수 없는 입력 종류 '{named}'입니다."),
            format!("unknown kind of answer '{named}'"),
            nearest(named, &names).map_or_else(
                || format!("one of: {}", names.join(", ")),
                |meant| format!("did you mean '{meant}'?"),
            ),
        ));
        return None;
    };
    Some(Ask {
        var: fields.need_text("var", found)?.to_owned(),
        slot,
        pattern: fields.text("pattern", found).map(|pattern| Pattern {
            source: pattern.to_owned(),
            regex: (pattern.len() <= PATTERN_BYTES_MAX)
                .then(|| {
                    regex_lite::RegexBuilder::new(&format!("^(?:{pattern})$"))
                        .size_limit(64 * 1024)
                        .build()
                        .ok()
                })
                .flatten(),
        }),
        min: fields.int("min", found),
        max: fields.int("max", found),
        landline: fields.flag("landline", found),
        options: fields.texts("options", found),
        prompt: Template::parse(fields.need_text("prompt", found)?),
        retry: fields
            .get("retry")
            .and_then(|tree| read_fallback(tree, fields.at("retry"), found)),
        needs: fields.text("needs", found).map(str::to_owned),
        buttons: Vec::new(),
        to: None,
    })
}

pub(super) fn read_form(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<Form> {
    let fields = Fields::new(tree, pointer, &FORM, found)?;
    if !fields.has("slots") {
        fields.missing("slots", found);
    }
    let mut slots = Vec::new();
    for (tree, pointer) in fields.list("slots", found) {
        slots.extend(read_slot(tree, pointer, found));
    }
    if slots.len() > FORM_SLOTS_MAX {
        found.push(Diagnostic::error(
            "S6",
            fields.at("slots"),
            format!("폼의 항목이 {FORM_SLOTS_MAX}개를 넘습니다."),
            format!("a form has at most {FORM_SLOTS_MAX} slots"),
            "split it into two forms",
        ));
    }
    Some(Form {
        needs: fields.text("needs", found).map(str::to_owned),
        slots,
        skip_known: fields.flag("skip_known", found),
        review: fields.text("review", found).map(Template::parse),
        on: read_targets(&fields, "on", found),
    })
}

fn read_slot(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<FormSlot> {
    let fields = Fields::new(tree, pointer, &SLOT, found)?;
    let ask = read_question(&fields, found)?;
    let label = fields.text("label", found).map(str::to_owned);
    Some(FormSlot {
        label: label.unwrap_or_else(|| called(ask.slot).unwrap_or(&ask.var).to_owned()),
        ask,
        optional: fields
            .get("optional")
            .and_then(|tree| text(tree, fields.at("optional"), found))
            .map(str::to_owned),
        always: fields.flag("always", found),
    })
}

/// What people call an item that has no label of its own.
const fn called(slot: Slot) -> Option<&'static str> {
    match slot {
        Slot::NameKr => Some("성함"),
        Slot::PhoneKr => Some("연락처"),
        Slot::Email => Some("이메일"),
        Slot::BirthKr => Some("생년월일"),
        Slot::AddressKr => Some("주소"),
        Slot::Image => Some("사진"),
        Slot::Order => Some("주문번호"),
        Slot::Date => Some("날짜"),
        Slot::Time => Some("시간"),
        Slot::Money => Some("금액"),
        Slot::Consent => Some("동의"),
        Slot::Text | Slot::Pattern | Slot::Number | Slot::Choice | Slot::Multi | Slot::YesNo => {
            None
        }
    }
}
