//! Random days: whatever happened in one, the desk made anew out of its log is the desk that lived through it.

use happytalk::core::effect::{EffectKind, EffectResult};
use happytalk::core::event::{StatusClass, TransferTarget};
use happytalk::core::inbound::InboundKind;
use happytalk::core::{ChannelName, Retry};
use happytalk::{DeskCommand, Input};
use proptest::prelude::*;

use crate::scene::{Scene, settings};

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
}

fn deed() -> impl Strategy<Value = Deed> {
    let small = 0_u8..6;
    prop_oneof![
        5 => (any::<bool>(), small.clone(), 0_u8..4).prop_map(|(kakao, who, what)| Deed::Says(kakao, who, what)),
        1 => small.clone().prop_map(Deed::Enters),
        1 => (any::<bool>(), small.clone()).prop_map(|(kakao, who)| Deed::Leaves(kakao, who)),
        4 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::AgentSays(agent, which)),
        2 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::Ends(agent, which)),
        1 => (0_u8..40).prop_map(Deed::EndsAfterWork),
        1 => (0_u8..3, 0_u8..4).prop_map(|(agent, class)| Deed::Status(agent, class)),
        1 => (0_u8..3, 0_u8..40, 0_u8..4).prop_map(|(agent, which, to)| Deed::Asks(agent, which, to)),
        1 => (0_u8..3, 0_u8..40).prop_map(|(agent, which)| Deed::Accepts(agent, which)),
        1 => (0_u8..40).prop_map(Deed::Withdraws),
        1 => ((0_u8..40), any::<bool>()).prop_map(|(which, on)| Deed::Holds(which, on)),
        1 => (0_u8..40).prop_map(Deed::Fails),
        3 => (0_u16..2_400).prop_map(Deed::Passes),
    ]
}

const AGENTS: [&str; 3] = ["kim", "lee", "park"];
const WORDS: [&str; 4] = ["안녕하세요", "상담원", "영업시간", "포인트"];

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
            scene.status(AGENTS[usize::from(*who)], classes[usize::from(*class)]);
        }
        Deed::Asks(by, which, to) => {
            let to = match to {
                3 => TransferTarget::Queue("cs".parse().unwrap()),
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
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever happens in a day, the desk made anew out of the log is the one that lived through it: the same
    /// conversations, queues, loads, turns, deadlines and bots; and nobody has more than their limit.
    #[test]
    fn a_restored_desk_equals_the_live_one(deeds in proptest::collection::vec(deed(), 1..120)) {
        let mut scene = Scene::new(settings()).with_agents(&AGENTS);
        for deed in &deeds {
            do_it(&mut scene, deed);
            for agent in AGENTS {
                let load = scene.desk.router().load(&agent.parse().unwrap()).unwrap_or(0);
                prop_assert!(load <= 2, "{agent} has {load}");
            }
        }
        for line in &scene.lines {
            prop_assert!(line.seq >= 1);
        }
        let restored = scene.restored(settings());
        prop_assert!(restored == scene.desk, "after {deeds:?}");
    }
}
