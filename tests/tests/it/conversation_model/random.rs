//! Commands at random, over few names, so that they meet.

use std::time::Duration;

use happytalk::core::conversation::{Command, Ending, Opening};
use happytalk::core::event::{
    AfterWorkEndedBy, AssignedHow, AutoKind, BotEndedBy, Category, ChannelEnd, DeclinedBy, EndRule,
    OpenedBy, ProfileSkip, RejectReason, RequestedBy, ReturnCause, SuperviseMode, TransferEnd,
    TransferHow, TransferTarget,
};
use happytalk::core::id::{AgentId, SessionId, Word};
use happytalk::core::{ChannelName, Content, Message, Sealable, Timestamp};

const WITHIN: Duration = Duration::from_secs(120);

/// A generator of numbers that anybody can follow (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        let index = usize::try_from(self.below(all.len() as u64)).unwrap();
        all[index].clone()
    }

    fn agent(&mut self) -> AgentId {
        self.one_of(&["kim", "lee", "park"]).parse().unwrap()
    }

    fn word(&mut self) -> Word {
        self.one_of(&["kim", "lee"]).parse().unwrap()
    }

    fn session(&mut self) -> Option<SessionId> {
        self.one_of(&[None, Some("s-1"), Some("s-2")])
            .map(|id| id.parse().unwrap())
    }

    fn message(&mut self) -> Message {
        let id = format!("m-{}", self.below(30)).parse().unwrap();
        Message::new(id, vec![Content::text("네")])
    }

    pub(super) fn opening(&mut self) -> Command {
        let channel = self.one_of(&[ChannelName::KAKAO_CONSULT, ChannelName::WEBCHAT]);
        let mut opening = Opening::by_customer(
            channel,
            "account".parse().unwrap(),
            "customer".parse().unwrap(),
        );
        opening.bot = self.below(2) == 0;
        opening.session = self.session();
        if self.below(4) == 0 {
            opening.opened_by = OpenedBy::Agent;
        }
        Command::Open(opening)
    }

    pub(super) fn command(&mut self, now: Timestamp) -> Command {
        match self.below(34) {
            0 => self.opening(),
            1..=4 => Command::CustomerSay {
                message: self.message(),
                session: self.session(),
            },
            5..=8 => Command::AgentSay {
                agent: self.agent(),
                message: self.message(),
            },
            9 => Command::BotSay {
                message: self.message(),
            },
            10 => Command::AutoSay {
                kind: self.one_of(&[AutoKind::Greeting, AutoKind::Reminder]),
                message: self.message(),
            },
            11 => Command::FailMessage {
                message: self.message().id,
                code: self.word(),
            },
            12..=14 => Command::RequestAgent {
                by: RequestedBy::Button,
                category: None,
                queue: None,
            },
            15..=18 => Command::Assign {
                agent: self.agent(),
                how: self.one_of(&[
                    AssignedHow::Auto,
                    AssignedHow::Pick,
                    AssignedHow::Manager,
                    AssignedHow::Opener,
                ]),
                over_cap: None,
            },
            19 => Command::ReturnToQueue {
                cause: self.one_of(&[ReturnCause::AcceptTimeout, ReturnCause::Withdrawn]),
                to: None,
            },
            20 => Command::RequestTransfer {
                from: self.agent(),
                to: TransferTarget::Agent(self.agent()),
            },
            21 => Command::Transfer {
                to: self.agent(),
                how: self.one_of(&[TransferHow::Accepted, TransferHow::Forced]),
            },
            22 => Command::EndTransfer {
                why: TransferEnd::Expired,
            },
            23 => Command::End {
                by: self.one_of(&[
                    Ending::Agent,
                    Ending::Customer,
                    Ending::Rule(EndRule::CustomerSilent),
                ]),
                after_work: self.below(2) == 0,
            },
            24 => Command::EndChannel {
                cause: ChannelEnd::Left,
                session: self.session(),
                after_work: self.below(2) == 0,
            },
            25 => Command::EndAfterWork {
                by: AfterWorkEndedBy::Agent,
            },
            26 => Command::EndBot {
                by: BotEndedBy::Goal,
            },
            27 => Command::Reject {
                reason: RejectReason::QueueFull,
            },
            28 => Command::Offer {
                agent: self.agent(),
                until: now.plus(Duration::from_millis(self.below(3) * 1_000)),
            },
            29 => match self.below(3) {
                0 => Command::Decline {
                    by: DeclinedBy::Agent,
                },
                1 => Command::RequestProfile {
                    fields: vec!["name".parse().unwrap()],
                    holds_queue: self.below(2) == 0,
                },
                _ => Command::SkipProfile {
                    fields: vec!["name".parse().unwrap()],
                    reason: ProfileSkip::Refused,
                },
            },
            30 => Command::Supervise {
                by: self.word(),
                mode: self.one_of(&[
                    SuperviseMode::Monitor,
                    SuperviseMode::Join,
                    SuperviseMode::Left,
                ]),
            },
            31 => Command::Reopen {
                by: self.word(),
                session: self.session(),
                within: WITHIN,
            },
            32 => match self.below(5) {
                0 => Command::Block {
                    by: self.word(),
                    manager: self.below(2) == 0,
                },
                1 => Command::Unblock { by: self.word() },
                2 => Command::Hold { by: self.word() },
                3 => Command::Unhold {
                    by: self.word(),
                    over_cap: None,
                },
                _ => Command::SetAlarm {
                    at: now.plus(Duration::from_millis(self.below(5) * 1_000)),
                    by: self.word(),
                },
            },
            _ => match self.below(5) {
                0 => Command::Rate {
                    score: 4,
                    scale: 5,
                    comment: None,
                    within: WITHIN,
                },
                1 => Command::Categorise {
                    category: Category::new(self.word()),
                    by: self.word(),
                },
                2 => Command::Title {
                    title: Sealable::Open(self.one_of(&["가", "나"]).to_owned()),
                    by: self.word(),
                },
                3 => Command::AnswerReview {
                    agent: self.agent(),
                    text: None,
                },
                _ => Command::RequestReview {
                    agent: self.agent(),
                    text: None,
                },
            },
        }
    }
}
