//! Customers and hosts who do whatever comes to mind.

use std::collections::BTreeMap;

use happytalk_core::content::Content;
use happytalk_core::{ChannelName, Value};
use happytalk_scenario::{
    ApprovalOutcome, CallOutcome, Effect, Env, HandoffOutcome, Hours, HoursKind, Input, Step,
};

use super::dice::Dice;
use super::flows::LABELS;

const TYPED: [&str; 34] = [
    "1",
    "２번",
    "마지막",
    "교환이요",
    "ryghks",
    "교한",
    "ㄱㅎ",
    "교환 말고 반품 신청",
    "배송조회 해주세요",
    "처음으로",
    "이전으로",
    "상담원",
    "아무말",
    "네",
    "아니요",
    "건너뛰기",
    "홍길동",
    "010-1234-5678",
    "kim@example.com",
    "2026-02-03",
    "오후 3시",
    "12",
    "3만원",
    "a",
    "빨강, 파랑",
    "서울시 중구 을지로 1",
    "1990년 1월 2일",
    "2020-05-05",
    "12-abc",
    "말하기",
    "900101-1234567",
    "  ",
    "dkdlvhs16 ㅋㅋ🙂\u{200B}",
    "나가기",
];

/// Something that happens, kept so that it can happen again elsewhere.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Start,
    Say(String, Option<String>, Option<String>, Option<&'static str>),
    Call(String, CallOutcome),
    Handoff(String, HandoffOutcome),
    Approve(String, ApprovalOutcome),
}

impl Act {
    pub(crate) fn input(&self) -> Input<'_> {
        match self {
            Self::Start => Input::Start,
            Self::Say(id, text, token, media) => Input::Customer {
                id,
                text: text.as_deref(),
                token: token.as_deref(),
                media: *media,
            },
            Self::Call(id, outcome) => Input::CallResult {
                id,
                outcome: outcome.clone(),
            },
            Self::Handoff(id, outcome) => Input::HandoffResult {
                id,
                outcome: *outcome,
            },
            Self::Approve(id, outcome) => Input::Approval {
                id,
                outcome: outcome.clone(),
            },
        }
    }
}

/// What customer and host have seen so far.
#[derive(Default)]
pub(crate) struct Seen {
    tokens: Vec<String>,
    effects: Vec<String>,
    awaited: Option<(char, String)>,
    said: usize,
}

impl Seen {
    pub(crate) fn look(&mut self, step: &Step) {
        for content in step.outputs.iter().flat_map(|output| &*output.content) {
            let (buttons, replies) = match content {
                Content::Card(card) => (&card.buttons[..], &card.quick_replies[..]),
                Content::Text(text) => (&[][..], &text.quick_replies[..]),
                _ => continue,
            };
            let all = buttons.iter().chain(replies);
            self.tokens.extend(all.map(|button| button.value.clone()));
        }
        for effect in &step.effects {
            let (kind, id) = match effect {
                Effect::Call { id, .. } => ('c', id),
                Effect::Handoff { id, .. } => ('h', id),
                Effect::Approve { id, .. } => ('a', id),
                _ => continue,
            };
            self.effects.push(id.clone());
            self.awaited = Some((kind, id.clone()));
        }
    }

    /// The next thing that happens: mostly what is due, sometimes anything.
    pub(crate) fn act(&mut self, dice: &mut Dice) -> Act {
        if let Some((kind, id)) = self.awaited.clone()
            && !dice.one_in(4)
        {
            self.awaited = None;
            return result(kind, id, dice);
        }
        match dice.below(12) {
            0 if !self.effects.is_empty() => {
                let id = dice.pick(&self.effects).clone();
                result(['c', 'h', 'a'][dice.below(3)], id, dice)
            }
            1 => Act::Start,
            2 => Act::Say(
                self.id(dice),
                None,
                None,
                Some(*dice.pick(&["image", "sticker", "video"])),
            ),
            3 | 4 if !self.tokens.is_empty() => {
                let recent = self
                    .tokens
                    .len()
                    .saturating_sub(if dice.one_in(3) { 40 } else { 4 });
                let token = dice.pick(&self.tokens[recent..]).clone();
                Act::Say(
                    self.id(dice),
                    Some("눌렀어요".to_owned()),
                    Some(token),
                    None,
                )
            }
            5 => {
                let token = dice.pick(&[
                    "b0",
                    "b1",
                    "home",
                    "back",
                    "agent",
                    "h0_1",
                    "hAAAAAAAAAAAAAAAAAAAAAA_1",
                    "x",
                ]);
                Act::Say(self.id(dice), None, Some((*token).to_owned()), None)
            }
            6 => {
                let text = noise(dice);
                Act::Say(self.id(dice), Some(text), None, None)
            }
            7..=8 => {
                let text = (*dice.pick(&TYPED)).to_owned();
                Act::Say(self.id(dice), Some(text), None, Some("text"))
            }
            _ => {
                let mut text = (*dice.pick(&LABELS)).to_owned();
                match dice.below(6) {
                    0 => text.push_str("이요"),
                    1 => text = format!("저기 {text} 해주실래요"),
                    2 => text.retain(|c| c != ' '),
                    3 => {
                        text.pop();
                    }
                    _ => {}
                }
                Act::Say(self.id(dice), Some(text), None, None)
            }
        }
    }

    /// Ids that sometimes come twice.
    fn id(&mut self, dice: &mut Dice) -> String {
        if !dice.one_in(9) {
            self.said += 1;
        }
        format!("m-{}", self.said)
    }
}

fn noise(dice: &mut Dice) -> String {
    let length = dice.below(30);
    let letter = |dice: &mut Dice| match dice.below(6) {
        0 => ' ',
        1 => char::from(b'!' + u8::try_from(dice.below(90)).unwrap()),
        2 => *dice.pick(&[
            'ㄱ', 'ㅏ', 'ㅀ', '\u{1100}', '\u{1161}', '\u{11A8}', '🙂', '\u{202E}', '①', 'é', '\0',
        ]),
        _ => char::from_u32(0xAC00 + u32::try_from(dice.below(11_172)).unwrap()).unwrap(),
    };
    (0..length).map(|_| letter(dice)).collect()
}

fn result(kind: char, id: String, dice: &mut Dice) -> Act {
    match kind {
        'c' => {
            let order = |won: Value| {
                let no = ("no".to_owned(), Value::from("2026-1"));
                Value::Object(BTreeMap::from([no, ("won".to_owned(), won)]))
            };
            let outcome = match dice.below(6) {
                0 => CallOutcome::Timeout,
                1 => CallOutcome::Error,
                2 => CallOutcome::Declared("gone".to_owned()),
                3 => CallOutcome::Declared("never heard of".to_owned()),
                4 => CallOutcome::Ok(Value::from("no order")),
                _ => CallOutcome::Ok(order(Value::Int(7))),
            };
            Act::Call(id, outcome)
        }
        'h' => {
            let outcome = *dice.pick(&[
                HandoffOutcome::Accepted,
                HandoffOutcome::Closed,
                HandoffOutcome::Unavailable,
                HandoffOutcome::Returned,
            ]);
            Act::Handoff(id, outcome)
        }
        _ => {
            let outcome = match dice.below(3) {
                0 => ApprovalOutcome::Approved,
                1 => ApprovalOutcome::Changed("고친 말이에요.".to_owned()),
                _ => ApprovalOutcome::Refused,
            };
            Act::Approve(id, outcome)
        }
    }
}

/// A moment at a centre.
pub(crate) fn env(dice: &mut Dice) -> Env {
    let mut env = Env::new("2026-01-12T10:00:00+09:00".parse().unwrap());
    let kind = *dice.pick(&[
        HoursKind::Open,
        HoursKind::Open,
        HoursKind::Lunch,
        HoursKind::Holiday,
        HoursKind::Closed,
    ]);
    if kind != HoursKind::Open {
        let opens = "2026-01-13T09:00:00+09:00".parse().unwrap();
        env.hours = Hours::closed(kind, dice.one_in(2).then_some(opens)).with_holiday("설날");
    }
    env.channel = dice
        .pick(&[
            ChannelName::KAKAO_CONSULT,
            ChannelName::NAVER_TALKTALK,
            ChannelName::WEBCHAT,
        ])
        .clone();
    if dice.one_in(2) {
        env.customer = Value::Object(BTreeMap::from([("name".to_owned(), Value::from("김하늘"))]));
    }
    if dice.one_in(2) {
        env.settings = Value::Object(BTreeMap::from([(
            "open_late".to_owned(),
            Value::Bool(true),
        )]));
    }
    env
}
