//! Random days: whatever happened in one, the desk made anew out of its log is the desk that lived through it.

use std::time::Duration;

use happytalk::core::call::CallOutcome;
use happytalk::core::conversation::{Phase, Reopening};
use happytalk::core::customer::ChannelUser;
use happytalk::core::effect::{EffectKind, EffectResult};
use happytalk::core::event::{AutoKind, StatusClass, SuperviseMode, TransferTarget};
use happytalk::core::hours::{Calendar, HoursCommand};
use happytalk::core::id::ConversationId;
use happytalk::core::inbound::InboundKind;
use happytalk::core::{ChannelName, Retry, Sealable, Timestamp, Value};
use happytalk::routing::{AgentSpec, Mode, OnLogout, Owner};
use happytalk::scenario::ApprovalOutcome;
use happytalk::{DeskCommand, Input, Settings};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::bots::bots;
use crate::scene::{Scene, message, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;
const NAVER: ChannelName = ChannelName::NAVER_TALKTALK;

/// What a random day is made of.
#[derive(Debug, Clone)]
enum Deed {
    Says(bool, u8, u8),
    Enters(u8),
    Leaves(bool, u8),
    AgentSays(u8, u8),
    Ends(u8, u8),
    EndsAfterWork(u8),
    Status(u8, u8),
    Asks(u8, u8, u8),
    Accepts(u8, u8),
    Withdraws(u8),
    Holds(u8, bool),
    Fails(u8),
    Passes(u16),
    /// One that is told again what it was told.
    Repeats(bool, u8),
    /// A customer of KakaoTalk, in the session of this number.
    SaysInSession(u8, u8),
    Removes(u8),
    Sets(u8, bool),
    Picks(u8, u8),
    ManagerEnds(u8),
    CustomerEnds(u8),
    Forces(u8, u8),
    TakesOver(u8, u8),
    Looks(u8, u8, u8),
    Blocks(u8, u8),
    Unblocks(u8),
    Marks(u8, u8),
    Opens(u8, u8, u8),
    Switches(u8),
    Assigns(u8, u8),
    /// What a bot would say is let go, changed or refused.
    Approves(u8),
    ReturnsToBot(u8, u8, u8),
    /// What a call came to.
    Answers(u8),
    /// One of whom the host knows the name and the number.
    KnownSays(u8, u8),
}

/// What the site of a random day decided for itself.
#[derive(Debug, Clone, Copy)]
struct Site {
    hold_frees_slot: bool,
    requeues_on_logout: bool,
    goes_on: bool,
    reminds: bool,
    has_hours: bool,
    takes_requests_outside: bool,
    asks_who: bool,
    holds_queue: bool,
    manual: bool,
}

fn site() -> impl Strategy<Value = Site> {
    any::<[bool; 9]>().prop_map(|bits| Site {
        hold_frees_slot: bits[0],
        requeues_on_logout: bits[1],
        goes_on: bits[2],
        reminds: bits[3],
        has_hours: bits[4],
        takes_requests_outside: bits[5],
        asks_who: bits[6],
        holds_queue: bits[7],
        manual: bits[8],
    })
}

impl Site {
    fn settings(self) -> Settings {
        let mut settings = settings();
        settings.bots = bots(self.asks_who, self.holds_queue);
        if self.manual {
            settings.routing.mode = Mode::Manual;
        }
        settings.routing.hold_frees_slot = self.hold_frees_slot;
        if self.requeues_on_logout {
            settings.routing = settings.routing.with_on_logout(OnLogout::Requeue);
        }
        if self.goes_on {
            settings.reopening = Reopening::Within(Duration::from_secs(3_600));
        }
        if self.reminds {
            settings.closing.reminders = true;
            settings.closing.closing_notice = Some(Duration::from_secs(60));
            settings.closing.agent_late = Some(Duration::from_secs(1_200));
            let texts = [
                (AutoKind::Greeting, "{agent}입니다."),
                (AutoKind::Reminder, "아직 계신가요?"),
                (AutoKind::ClosingNotice, "곧 상담이 종료됩니다."),
                (AutoKind::Closing, "감사합니다."),
                (AutoKind::Survey, "만족하셨나요?"),
                (AutoKind::Place, "{position}번째입니다."),
                (AutoKind::Absence, "{next_open}에 열어요."),
            ];
            for (kind, text) in texts {
                settings = settings.with_text(kind, text.parse().unwrap());
            }
            settings
                .agent_names
                .insert("kim".parse().unwrap(), "김상담".to_owned());
        }
        if self.has_hours {
            let calendar = format!(
                r#"{{"zone": "Asia/Seoul", "intake": {}, "weekly": [
                    {{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "09:40"}},
                    {{"days": [1, 2, 3, 4, 5], "from": "10:00", "until": "11:00"}}]}}"#,
                self.takes_requests_outside
            );
            settings.calendar = Some(Calendar::read(&calendar).unwrap());
        }
        settings
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    let small = 0_u8..6;
    prop_oneof![
        5 => (any::<bool>(), small.clone(), 0_u8..11).prop_map(|(kakao, who, what)| Deed::Says(kakao, who, what)),
        1 => small.clone().prop_map(Deed::Enters),
        1 => (any::<bool>(), small.clone()).prop_map(|(kakao, who)| Deed::Leaves(kakao, who)),
        4 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::AgentSays(agent, which)),
        2 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::Ends(agent, which)),
        1 => (0_u8..40).prop_map(Deed::EndsAfterWork),
        1 => (0_u8..3, 0_u8..4).prop_map(|(agent, class)| Deed::Status(agent, class)),
        1 => (0_u8..3, 0_u8..40, 0_u8..5).prop_map(|(agent, which, to)| Deed::Asks(agent, which, to)),
        1 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::Accepts(agent, which)),
        1 => (0_u8..40).prop_map(Deed::Withdraws),
        1 => ((0_u8..40), any::<bool>()).prop_map(|(which, on)| Deed::Holds(which, on)),
        1 => (0_u8..40).prop_map(Deed::Fails),
        3 => (0_u16..2_400).prop_map(Deed::Passes),
        4 => more(),
    ]
}

fn more() -> impl Strategy<Value = Deed> {
    let (agent, which) = (0_u8..3, 0_u8..40);
    prop_oneof![
        (any::<bool>(), 0_u8..6).prop_map(|(kakao, who)| Deed::Repeats(kakao, who)),
        (0_u8..6, 0_u8..3).prop_map(|(who, session)| Deed::SaysInSession(who, session)),
        agent.clone().prop_map(Deed::Removes),
        (agent.clone(), any::<bool>()).prop_map(|(agent, vip)| Deed::Sets(agent, vip)),
        (agent.clone(), which.clone()).prop_map(|(agent, which)| Deed::Picks(agent, which)),
        which.clone().prop_map(Deed::ManagerEnds),
        which.clone().prop_map(Deed::CustomerEnds),
        (agent.clone(), which.clone()).prop_map(|(agent, which)| Deed::Forces(agent, which)),
        (agent.clone(), which.clone()).prop_map(|(agent, which)| Deed::TakesOver(agent, which)),
        (agent.clone(), which.clone(), 0_u8..4)
            .prop_map(|(agent, which, mode)| Deed::Looks(agent, which, mode)),
        (agent.clone(), which.clone()).prop_map(|(agent, which)| Deed::Blocks(agent, which)),
        which.clone().prop_map(Deed::Unblocks),
        (which, 0_u8..7).prop_map(|(which, mark)| Deed::Marks(which, mark)),
        (agent, 0_u8..6, 100_u8..200).prop_map(|(agent, who, id)| Deed::Opens(agent, who, id)),
        (0_u8..3).prop_map(Deed::Switches),
        bots_and_people(),
    ]
}

fn bots_and_people() -> impl Strategy<Value = Deed> {
    let (agent, which) = (0_u8..3, 0_u8..40);
    prop_oneof![
        (agent.clone(), which.clone()).prop_map(|(agent, which)| Deed::Assigns(agent, which)),
        (0_u8..3).prop_map(Deed::Approves),
        (agent, which, 200_u8..)
            .prop_map(|(agent, which, next)| Deed::ReturnsToBot(agent, which, next)),
        (0_u8..4).prop_map(Deed::Answers),
        (0_u8..6, 0_u8..11).prop_map(|(who, what)| Deed::KnownSays(who, what)),
    ]
}

const AGENTS: [&str; 3] = ["kim", "lee", "park"];
const WORDS: [&str; 11] = [
    "안녕하세요",
    "상담원",
    "영업시간",
    "포인트",
    "보상",
    "회원 등록",
    "김콩쥐",
    "동의합니다",
    "동의하지 않음",
    "010-1234-5678",
    "더 있어요",
];

fn do_it(scene: &mut Scene, deed: &Deed) {
    let channel = |kakao: bool| if kakao { KAKAO } else { NAVER };
    let conversation = |which: u8| {
        format!("c-{which}")
            .parse::<happytalk::core::id::ConversationId>()
            .unwrap()
    };
    let agent = |index: u8| {
        AGENTS[usize::from(index)]
            .parse::<happytalk::core::id::AgentId>()
            .unwrap()
    };
    match deed {
        Deed::Says(kakao, who, what) => {
            scene.says(
                channel(*kakao),
                &format!("u-{who}"),
                WORDS[usize::from(*what)],
            );
        }
        Deed::Enters(who) => {
            let entered = InboundKind::Entered {
                parameters: None,
                inflow: None,
                referrer: None,
                bot: None,
            };
            scene.told(NAVER, &format!("u-{who}"), None, entered);
        }
        Deed::Leaves(kakao, who) => {
            let left = if *kakao {
                InboundKind::SessionEnded {}
            } else {
                InboundKind::Left {}
            };
            scene.told(channel(*kakao), &format!("u-{who}"), None, left);
        }
        Deed::AgentSays(by, which) => {
            let _ = scene.agent_says(AGENTS[usize::from(*by)], &format!("c-{which}"), "네");
        }
        Deed::Ends(by, which) => {
            let _ = scene.command(DeskCommand::End {
                conversation: conversation(*which),
                agent: Some(agent(*by)),
            });
        }
        Deed::EndsAfterWork(which) => {
            let _ = scene.command(DeskCommand::EndAfterWork {
                conversation: conversation(*which),
            });
        }
        Deed::Status(who, class) => {
            let classes = [
                StatusClass::Accepting,
                StatusClass::Finishing,
                StatusClass::Paused,
                StatusClass::Off,
            ];
            let class = classes[usize::from(*class)];
            let _ = scene.command(DeskCommand::SetStatus {
                agent: agent(*who),
                status: class.as_str().parse().unwrap(),
                class,
            });
        }
        Deed::Asks(by, which, to) => {
            let to = match to {
                3 => TransferTarget::Queue("cs".parse().unwrap()),
                4 => TransferTarget::Group("vip".parse().unwrap()),
                to => TransferTarget::Agent(agent(*to)),
            };
            let ask = DeskCommand::RequestTransfer {
                agent: agent(*by),
                conversation: conversation(*which),
                to,
            };
            let _ = scene.command(ask);
        }
        Deed::Accepts(by, which) => {
            let accept = DeskCommand::AcceptTransfer {
                agent: agent(*by),
                conversation: conversation(*which),
            };
            let _ = scene.command(accept);
        }
        Deed::Withdraws(which) => {
            let _ = scene.command(DeskCommand::Withdraw {
                conversation: conversation(*which),
            });
        }
        Deed::Holds(which, on) => {
            let by = "kim".parse().unwrap();
            let _ = scene.command(DeskCommand::Hold {
                conversation: conversation(*which),
                on: *on,
                by,
            });
        }
        Deed::Fails(nth) => {
            let sent: Vec<_> = scene
                .effects
                .iter()
                .filter(|it| matches!(it.what, EffectKind::Send { .. }))
                .collect();
            if let Some(effect) = sent.get(usize::from(*nth)) {
                let id = effect.id.clone();
                let result = EffectResult::SendFailed {
                    code: "kakao.refused",
                    retry: Retry::Never,
                };
                scene.input(Input::EffectDone { id, result });
            }
        }
        Deed::Passes(seconds) => {
            scene.pass(i64::from(*seconds));
            scene.tick();
        }
        other => do_more(scene, other),
    }
}

fn do_more(scene: &mut Scene, deed: &Deed) {
    let channel = |kakao: bool| if kakao { KAKAO } else { NAVER };
    let conversation = |which: u8| {
        format!("c-{which}")
            .parse::<happytalk::core::id::ConversationId>()
            .unwrap()
    };
    let agent = |index: u8| {
        AGENTS[usize::from(index)]
            .parse::<happytalk::core::id::AgentId>()
            .unwrap()
    };
    let command = match deed {
        Deed::Repeats(kakao, who) => {
            let (customer, id) = (format!("u-{who}"), format!("same-{who}"));
            for _ in 0..2 {
                scene.told(channel(*kakao), &customer, Some(&id), message("또"));
            }
            return;
        }
        Deed::SaysInSession(who, session) => {
            let customer = format!("u-{who}");
            scene.told_in(KAKAO, &customer, &format!("s-{session}"), message("네"));
            return;
        }
        Deed::Removes(who) => DeskCommand::RemoveAgent { agent: agent(*who) },
        Deed::Sets(who, vip) => {
            let mut spec = AgentSpec::new().with_cap(2);
            spec.group = vip.then(|| "vip".parse().unwrap());
            DeskCommand::SetAgent {
                agent: agent(*who),
                spec,
            }
        }
        Deed::Picks(who, which) => DeskCommand::Pick {
            agent: agent(*who),
            conversation: conversation(*which),
        },
        Deed::ManagerEnds(which) => DeskCommand::End {
            conversation: conversation(*which),
            agent: None,
        },
        Deed::CustomerEnds(which) => DeskCommand::EndByCustomer {
            conversation: conversation(*which),
        },
        Deed::Forces(who, which) => DeskCommand::ForceTransfer {
            conversation: conversation(*which),
            to: agent(*who),
        },
        Deed::TakesOver(who, which) => DeskCommand::TakeOver {
            conversation: conversation(*which),
            by: agent(*who),
        },
        Deed::Looks(who, which, mode) => DeskCommand::Supervise {
            conversation: conversation(*which),
            by: agent(*who),
            mode: [
                SuperviseMode::Monitor,
                SuperviseMode::Whisper,
                SuperviseMode::Join,
                SuperviseMode::Left,
            ][usize::from(*mode)],
        },
        Deed::Blocks(who, which) => DeskCommand::Block {
            conversation: conversation(*which),
            by: agent(*who),
        },
        Deed::Unblocks(which) => DeskCommand::Unblock {
            conversation: conversation(*which),
            by: agent(0),
        },
        Deed::Marks(which, mark) => marks(conversation(*which), *mark, scene.now),
        Deed::Opens(who, customer, id) => DeskCommand::Open {
            agent: agent(*who),
            conversation: conversation(*id),
            customer: ChannelUser::new(
                NAVER,
                "account".parse().unwrap(),
                format!("u-{customer}").parse().unwrap(),
            ),
            category: None,
        },
        Deed::Switches(how) => DeskCommand::SwitchHours {
            command: [
                HoursCommand::SwitchOn,
                HoursCommand::SwitchOff,
                HoursCommand::FollowCalendar,
            ][usize::from(*how)],
        },
        Deed::Assigns(who, which) => DeskCommand::Assign {
            conversation: conversation(*which),
            agent: agent(*who),
        },
        Deed::ReturnsToBot(who, which, next) => DeskCommand::ReturnToBot {
            conversation: conversation(*which),
            agent: Some(agent(*who)),
            next: conversation(*next),
        },
        other => return answer_bots(scene, other),
    };
    let _ = scene.command(command);
}

/// What the host tells the bots.
fn answer_bots(scene: &mut Scene, deed: &Deed) {
    match deed {
        Deed::Approves(how) => {
            let asked = scene.effects.iter().find_map(|effect| match &effect.what {
                EffectKind::Approve { .. } => {
                    Some((effect.conversation.clone(), effect.id.clone()))
                }
                _ => None,
            });
            if let Some((conversation, approval)) = asked {
                let outcome = match how {
                    0 => ApprovalOutcome::Approved,
                    1 => ApprovalOutcome::Changed("다음에 드릴게요.".to_owned()),
                    _ => ApprovalOutcome::Refused,
                };
                let _ = scene.command(DeskCommand::Approve {
                    conversation,
                    approval,
                    by: "kim".parse().unwrap(),
                    outcome,
                });
            }
        }
        Deed::Answers(how) => {
            let called = scene.effects.iter().find_map(|effect| {
                matches!(effect.what, EffectKind::Call { .. }).then(|| effect.id.clone())
            });
            if let Some(id) = called {
                let left = Value::Object([("left".to_owned(), Value::Int(7))].into());
                let outcome = match how {
                    0 => CallOutcome::Timeout,
                    1 => CallOutcome::Error,
                    _ => CallOutcome::Ok(left),
                };
                let result = EffectResult::Called(outcome);
                scene.input(Input::EffectDone { id, result });
            }
        }
        Deed::KnownSays(who, what) => {
            let words = WORDS[usize::from(*what)];
            scene.says_known(NAVER, &format!("u-{who}"), words, known_customer());
        }
        _ => {}
    }
}

fn known_customer() -> Value {
    let text = |words: &str| Value::Text(words.to_owned());
    let profile = [
        ("name".to_owned(), text("김콩쥐")),
        ("phone".to_owned(), text("01012345678")),
    ];
    Value::Object([("profile".to_owned(), Value::Object(profile.into()))].into())
}

/// Something that is put on a conversation.
fn marks(conversation: ConversationId, mark: u8, now: Timestamp) -> DeskCommand {
    let by = "kim".parse().unwrap();
    match mark {
        0 => DeskCommand::Title {
            conversation,
            title: Sealable::Open("문의".to_owned()),
            by,
        },
        1 => DeskCommand::Flag {
            conversation,
            kind: "red".parse().unwrap(),
            set: true,
            by,
        },
        2 => DeskCommand::SetAlarm {
            conversation,
            at: now.plus(Duration::from_secs(600)),
            by,
        },
        3 => DeskCommand::Rate {
            conversation,
            score: 4,
            scale: 5,
            comment: None,
        },
        4 => DeskCommand::RequestReview {
            agent: "kim".parse().unwrap(),
            conversation,
            text: None,
        },
        5 => DeskCommand::Link {
            conversation,
            person: "p-1".parse().unwrap(),
        },
        _ => DeskCommand::Note {
            agent: "kim".parse().unwrap(),
            conversation,
            text: Sealable::Open("메모".to_owned()),
        },
    }
}

/// Router and conversations say the same of who has what.
fn agree(scene: &Scene) -> Result<(), TestCaseError> {
    for (id, conversation) in scene.desk.conversations() {
        let owner = scene.desk.router().owner(id);
        let agent = conversation.agent();
        let same = match conversation.phase() {
            // Outside hours the router has not heard of it yet.
            Phase::Waiting => {
                matches!(owner, Some(Owner::Queue(_)))
                    || scene.desk.waits_for_hours().any(|waits| waits == id)
            }
            Phase::Assigned | Phase::InProgress => {
                matches!(owner, Some(Owner::Agent(has)) if Some(has) == agent)
            }
            Phase::AfterWork => {
                matches!(owner, Some(Owner::AfterWork(has)) if Some(has) == agent)
            }
            _ => owner.is_none(),
        };
        prop_assert!(
            same,
            "{id} is {:?} with {agent:?}, the router has {owner:?}",
            conversation.phase()
        );
    }
    Ok(())
}

/// How many days: 200, or as many as `RANDOM_DAYS` says.
#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn days() -> u32 {
    let asked = std::env::var("RANDOM_DAYS").ok();
    asked.and_then(|days| days.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: days(), ..ProptestConfig::default() })]

    /// Whatever happens in a day, the desk made anew out of the log is the one that lived through it: the same
    /// conversations, queues, loads, turns, deadlines and bots; and at every moment the router and the conversations
    /// say the same of who has what.
    #[test]
    fn a_restored_desk_equals_the_live_one(
        site in site(),
        deeds in proptest::collection::vec(deed(), 1..140),
    ) {
        let mut scene = Scene::new(site.settings()).with_agents(&AGENTS);
        for deed in &deeds {
            do_it(&mut scene, deed);
            agree(&scene)?;
        }
        for line in &scene.lines {
            prop_assert!(line.seq >= 1);
        }
        let mut restored = scene.restored(site.settings());
        // What time alone did stands in no line.
        restored.handle_input(Input::Tick, scene.now);
        while restored.poll_output().is_some() {}
        prop_assert!(restored == scene.desk, "after {deeds:?}");
    }
}
