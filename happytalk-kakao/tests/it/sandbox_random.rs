//! Random people and a random centre, beside a slow, obvious platform that keeps everything that ever happened.

use std::collections::BTreeMap;
use std::time::Duration;

use happytalk_core::content::{Button, ButtonAction, Card, Content};
use happytalk_core::{Action, Channel, InboundKind, Timestamp};
use happytalk_kakao::Dialect;
use happytalk_kakao::sandbox::{Fault, Sandbox, UserAct, UserMedia};
use proptest::prelude::*;

use crate::sandbox_stage::Stage;

#[derive(Debug, Clone, Copy)]
enum Deed {
    Writes,
    SendsMedia,
    Asks,
    Presses,
    Types,
    Leaves,
    Blocks,
    Unblocks,
    WeSay,
    WeShowButtons,
    WeSayAgain,
    WeEnd,
    WeBlock,
    WeUnblock,
    AnswerLost,
    NotReached,
    Wait(u64),
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, u8)>> {
    let deed = prop_oneof![
        4 => Just(Deed::Writes),
        1 => Just(Deed::SendsMedia),
        1 => Just(Deed::Asks),
        2 => Just(Deed::Presses),
        1 => Just(Deed::Types),
        1 => Just(Deed::Leaves),
        1 => Just(Deed::Blocks),
        1 => Just(Deed::Unblocks),
        4 => Just(Deed::WeSay),
        1 => Just(Deed::WeShowButtons),
        2 => Just(Deed::WeSayAgain),
        1 => Just(Deed::WeEnd),
        1 => Just(Deed::WeBlock),
        1 => Just(Deed::WeUnblock),
        1 => Just(Deed::AnswerLost),
        1 => Just(Deed::NotReached),
        1 => (1_u64..1_000 * 3_600_000).prop_map(Deed::Wait),
    ];
    proptest::collection::vec((deed, 0_u8..3), 1..60)
}

/// What a person and the platform know, as a diary.
#[derive(Default)]
struct Diary {
    /// When each session began or was written in last; the last is open unless it is said to be over.
    heard: Vec<Timestamp>,
    is_over: bool,
    we_blocked: bool,
    they_blocked: bool,
    shown: usize,
    has_buttons: bool,
}

impl Diary {
    fn is_open(&self, now: Timestamp) -> bool {
        let last = self.heard.last();
        !self.is_over
            && last.is_some_and(|heard| {
                let hour = heard.as_millis().div_euclid(3_600_000) + 1;
                now.as_millis() < (hour + 720) * 3_600_000
            })
    }

    fn hears(&mut self, wrote: bool, now: Timestamp) {
        let is_open = self.is_open(now);
        if !is_open {
            self.heard.clear();
        }
        if wrote || !is_open {
            self.heard.push(now);
        }
        self.is_over = false;
    }
}

fn play(dialect: Dialect, deeds: &[(Deed, u8)]) -> Result<(), TestCaseError> {
    let mut stage = Stage::new(dialect);
    let mut diaries: BTreeMap<u8, Diary> = BTreeMap::new();
    let mut last = None;
    for (deed, who) in deeds {
        let user = format!("u{who}");
        let now = stage.now;
        let diary = diaries.entry(*who).or_default();
        let was_open = diary.is_open(now);
        // What comes in, and whether it can come at all.
        let mut acts = |act: UserAct| {
            let done = stage.local.with(|sandbox| sandbox.user(&user, &act, now));
            let came = stage.events();
            (done.is_ok(), came.len(), came)
        };
        match deed {
            Deed::Writes | Deed::SendsMedia | Deed::Asks | Deed::Presses => {
                let can =
                    !diary.they_blocked && (!matches!(deed, Deed::Presses) || diary.has_buttons);
                let comes = can && !diary.we_blocked;
                let (media, count) = (UserMedia::Photo, 2);
                let (done, count, came) = acts(match deed {
                    Deed::Writes => UserAct::write("문의드려요"),
                    Deed::SendsMedia => UserAct::Send { media, count },
                    Deed::Asks => UserAct::ask("order_17"),
                    _ => UserAct::press("교환"),
                });
                prop_assert_eq!(done, can, "{:?}", deed);
                prop_assert_eq!(count, usize::from(comes), "{:?}", deed);
                if comes {
                    let is_entrance = matches!(came[0].what, InboundKind::Entered { .. });
                    prop_assert_eq!(is_entrance, matches!(deed, Deed::Asks));
                    diary.hears(!is_entrance, now);
                }
            }
            Deed::Types | Deed::Leaves | Deed::Blocks => {
                let can = !diary.they_blocked;
                let (done, count, _) = acts(match deed {
                    Deed::Types => UserAct::write("!종료"),
                    Deed::Leaves => UserAct::Leave,
                    _ => UserAct::BlockChannel,
                });
                prop_assert_eq!(done, can);
                prop_assert_eq!(count, usize::from(can && was_open), "{:?}", deed);
                diary.is_over |= can;
                diary.they_blocked |= matches!(deed, Deed::Blocks);
            }
            Deed::Unblocks => {
                prop_assert!(acts(UserAct::UnblockChannel).0);
                diary.they_blocked = false;
            }
            Deed::WeSay | Deed::WeShowButtons => {
                let mut card = Card::new();
                card.text = Some("골라 주세요".to_owned());
                card.buttons = vec![Button::new("교환", ButtonAction::Postback, "x_1")];
                let content = match deed {
                    Deed::WeSay => Content::text("네"),
                    _ => Content::Card(card),
                };
                let content = vec![content];
                let outbound = stage.outbound(&user, Action::Say { content });
                let sent = stage.sends(&outbound);
                prop_assert_eq!(sent.is_ok(), was_open && !diary.we_blocked);
                if sent.is_ok() {
                    diary.shown += 1;
                    diary.has_buttons |= matches!(deed, Deed::WeShowButtons);
                    last = Some((*who, outbound));
                }
            }
            Deed::WeSayAgain => {
                if let Some((_, outbound)) = &last {
                    // Where the session is over by now, that is what is told; either way nothing is said twice.
                    if let Ok(receipt) = stage.sends(outbound) {
                        prop_assert!(receipt.repeated || !dialect.is_idempotent());
                    }
                }
            }
            Deed::WeEnd => {
                let receipt = stage.does(&user, Action::End {}).unwrap();
                prop_assert_eq!(receipt.repeated, !was_open);
                diary.is_over = true;
            }
            Deed::WeBlock | Deed::WeUnblock => {
                let blocks = matches!(deed, Deed::WeBlock);
                let action = if blocks {
                    Action::Block {}
                } else {
                    Action::Unblock {}
                };
                if stage.does(&user, action).is_ok() {
                    diary.we_blocked = blocks;
                    diary.is_over |= blocks;
                }
            }
            Deed::AnswerLost | Deed::NotReached => {
                let was_done = matches!(deed, Deed::AnswerLost);
                let fault = if was_done {
                    Fault::AnswerLost
                } else {
                    Fault::NotReached
                };
                let content = vec![Content::text("다시")];
                let outbound = stage.outbound(&user, Action::Say { content });
                stage.local.with(|sandbox| sandbox.fail_next(fault));
                prop_assert!(stage.sends(&outbound).is_err());
                let again = stage.sends(&outbound);
                prop_assert_eq!(again.is_ok(), was_open && !diary.we_blocked);
                if let Ok(receipt) = again {
                    // Bizgo knows no repetition: there it is said twice.
                    prop_assert_eq!(receipt.repeated, was_done && dialect.is_idempotent());
                    diary.shown += 1;
                }
            }
            Deed::Wait(millis) => {
                stage.pass(Duration::from_millis(*millis));
            }
        }
        stage.events();
        let now = stage.now;
        for (who, diary) in &diaries {
            let user = format!("u{who}");
            prop_assert_eq!(
                stage.is_open(&user),
                diary.is_open(now),
                "{} after {:?}",
                user,
                deed
            );
            if dialect.is_idempotent() {
                prop_assert_eq!(
                    stage.shown(&user).len(),
                    diary.shown,
                    "{} after {:?}",
                    user,
                    deed
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_sandbox_and_a_diary_agree_on_every_session(deeds in deeds()) {
        play(Dialect::HappytalkV1, &deeds)?;
        play(Dialect::HappytalkV3, &deeds)?;
        play(Dialect::Bizgo, &deeds)?;
        play(Dialect::Hub, &deeds)?;
    }

    #[test]
    fn no_request_makes_it_fail(
        path in prop_oneof![
            Just("/v1/chat/write"), Just("/v1/image/upload"), Just("/v1/center/category"),
            Just("/kakaoWebhook/v3/bzc/chat/send/rich"), Just("/api/comm/v1/cstalk/rich"),
            Just("/api/comm/v1/center/cstalk/session?userKey=%"), Just("/v2/sandbox-secret/chat/write"), Just("/"),
        ],
        body in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "\\{(\"[a-z_]{1,9}\":(\\[\\]|\\{\\}|1|\"TX\"|null),){0,5}\"a\":1\\}".prop_map(String::into_bytes),
            "--b(\r\n|; name=|Content-Disposition: form-data|\"|--b|--){0,12}".prop_map(String::into_bytes),
        ],
    ) {
        for dialect in Dialect::ALL {
            let mut sandbox = Sandbox::new(*dialect, crate::fixture::SENDER_KEY.parse().unwrap());
            let mut request = crate::fixture::post(path, body.clone());
            for (name, value) in [
                ("ht-client-id", "sandbox-client"), ("ht-client-secret", "sandbox-secret"),
                ("authorization", "sandbox-secret"), ("content-type", "multipart/form-data; boundary=b"),
            ] {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
            let response = sandbox.answer(&request, Timestamp::EPOCH);
            prop_assert!(response.status().as_u16() < 500);
            prop_assert!(sandbox.poll_event().is_none());
        }
    }

    #[test]
    fn every_event_is_one_that_the_adapter_reads(words in "\\PC{1,1200}", extra in "\\PC{0,60}", user in "[A-Za-z0-9_-]{1,20}") {
        for dialect in Dialect::ALL {
            let stage = Stage::new(*dialect);
            let now = stage.now;
            for act in [UserAct::ask(extra.as_str()), UserAct::write(words.as_str()), UserAct::Leave] {
                stage.local.with(|sandbox| sandbox.user(&user, &act, now)).unwrap();
                let Some(event) = stage.local.with(Sandbox::poll_event) else { continue };
                let request = event.request("https://centre.example/kakao/x/").unwrap();
                let came = stage.kakao.receive(&request, now).unwrap();
                prop_assert_eq!(came[0].customer.as_ref().unwrap().as_str(), user.as_str());
            }
        }
    }
}
