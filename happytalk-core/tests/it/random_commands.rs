//! Commands and events at random, over few names, so that they meet.

use happytalk_core::conversation::{Command, Ending};
use happytalk_core::event::{
    AfterWorkEndedBy, AssignedHow, AutoKind, BotEndedBy, Category, ChannelEnd, DeclinedBy, EndRule,
    OpenedBy, ProfileSkip, RejectReason, RequestedBy, ReturnCause, SuperviseMode, TransferEnd,
    TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, MessageId, QueueId, SessionId, Word};
use std::time::Duration;

use happytalk_core::{ChannelName, Event, Line, Message, Sealable, Timestamp};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use crate::golden_log::EVERY_TYPE;
use crate::scene::{category, message, opening, word};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// When a scene begins.
const START: Timestamp = Timestamp::from_millis(1_715_562_000_000);

fn agents() -> impl Strategy<Value = AgentId> {
    select(vec!["kim", "lee", "park"]).prop_map(|id| id.parse().unwrap())
}

fn messages() -> impl Strategy<Value = Message> {
    (0_u8..12).prop_map(|number| message(&format!("m-{number}")))
}

fn message_ids() -> impl Strategy<Value = MessageId> {
    messages().prop_map(|message| message.id)
}

fn sessions() -> impl Strategy<Value = Option<SessionId>> {
    select(vec![None, Some("s-1"), Some("s-2")])
        .prop_map(|session| session.map(|id| id.parse().unwrap()))
}

fn categories() -> impl Strategy<Value = Category> {
    select(vec!["배송", "반품"]).prop_map(category)
}

fn queues() -> impl Strategy<Value = QueueId> {
    select(vec!["delivery", "returns"]).prop_map(|id| id.parse().unwrap())
}

fn words() -> impl Strategy<Value = Word> {
    select(vec!["kim", "manager-1"]).prop_map(word)
}

fn targets() -> impl Strategy<Value = TransferTarget> {
    prop_oneof![
        agents().prop_map(TransferTarget::Agent),
        Just(TransferTarget::Group("vip".parse().unwrap())),
        categories().prop_map(TransferTarget::Category),
        queues().prop_map(TransferTarget::Queue),
    ]
}

fn endings() -> impl Strategy<Value = Ending> {
    select(vec![
        Ending::Agent,
        Ending::Customer,
        Ending::Manager,
        Ending::Rule(EndRule::CustomerSilent),
        Ending::Rule(EndRule::AgentLate),
        Ending::Channel(ChannelEnd::Left),
    ])
}

/// How a conversation begins: every way there is, those that are refused too.
pub(crate) fn openings() -> impl Strategy<Value = Command> {
    (
        select(vec![
            ChannelName::KAKAO_CONSULT,
            ChannelName::NAVER_TALKTALK,
        ]),
        any::<bool>(),
        select(vec![
            OpenedBy::Customer,
            OpenedBy::Customer,
            OpenedBy::Agent,
        ]),
    )
        .prop_map(|(channel, bot, opened_by)| {
            let mut opening = opening(channel);
            opening.bot = bot;
            opening.opened_by = opened_by;
            Command::Open(opening)
        })
}

/// What leads a conversation on; without the rest, most of it would end after a few commands.
fn leading() -> impl Strategy<Value = Command> {
    prop_oneof![
        messages().prop_map(|message| Command::CustomerSay {
            message,
            session: None
        }),
        (agents(), messages()).prop_map(|(agent, message)| Command::AgentSay { agent, message }),
        (
            select(vec![RequestedBy::Button, RequestedBy::Keyword]),
            option::of(categories()),
            option::of(queues())
        )
            .prop_map(|(by, category, queue)| Command::RequestAgent {
                by,
                category,
                queue
            }),
        (
            agents(),
            select(vec![
                AssignedHow::Auto,
                AssignedHow::Pick,
                AssignedHow::Manager,
                AssignedHow::Sticky
            ])
        )
            .prop_map(|(agent, how)| Command::Assign {
                agent,
                how,
                over_cap: None
            }),
    ]
}

/// Every command there is.
pub(crate) fn commands() -> impl Strategy<Value = Command> {
    let talk = prop_oneof![
        messages().prop_map(|message| Command::BotSay { message }),
        (
            select(vec![
                AutoKind::Greeting,
                AutoKind::Survey,
                AutoKind::Closing
            ]),
            messages()
        )
            .prop_map(|(kind, message)| Command::AutoSay { kind, message }),
        (message_ids(), words()).prop_map(|(message, code)| Command::FailMessage { message, code }),
        (1_u32..4, any::<bool>()).prop_map(|(depth, goal)| Command::BotEnter {
            scenario: "exchange-return".parse().unwrap(),
            version: 3,
            node: "main".parse().unwrap(),
            depth,
            goal,
            via: None,
        }),
        message_ids().prop_map(|message| Command::BotMiss {
            scenario: "exchange-return".parse().unwrap(),
            version: 3,
            node: "main".parse().unwrap(),
            message,
            count: 1,
        }),
    ];
    let moves = prop_oneof![
        (
            select(vec![
                ReturnCause::AcceptTimeout,
                ReturnCause::Withdrawn,
                ReturnCause::Transfer,
                ReturnCause::Offline
            ]),
            option::of(targets())
        )
            .prop_map(|(cause, to)| Command::ReturnToQueue { cause, to }),
        (agents(), targets()).prop_map(|(from, to)| Command::RequestTransfer { from, to }),
        select(vec![TransferEnd::Refused, TransferEnd::Expired])
            .prop_map(|why| Command::EndTransfer { why }),
        (
            agents(),
            select(vec![
                TransferHow::Accepted,
                TransferHow::Forced,
                TransferHow::TakenOver
            ])
        )
            .prop_map(|(to, how)| Command::Transfer { to, how }),
        words().prop_map(|by| Command::Hold { by }),
        words().prop_map(|by| Command::Unhold { by, over_cap: None }),
        openings(),
    ];
    let looks = prop_oneof![
        (agents(), 1_u32..600_000).prop_map(|(agent, ahead)| Command::Offer {
            agent,
            until: START.plus(Duration::from_millis(u64::from(ahead))),
        }),
        select(vec![DeclinedBy::Agent, DeclinedBy::Timeout]).prop_map(|by| Command::Decline { by }),
        any::<bool>().prop_map(|holds_queue| Command::RequestProfile {
            fields: vec![word("name")],
            holds_queue,
        }),
        Just(Command::CompleteProfile {
            fields: vec![word("name")]
        }),
        select(vec![ProfileSkip::Refused, ProfileSkip::NotFilled]).prop_map(|reason| {
            Command::SkipProfile {
                fields: vec![word("name")],
                reason,
            }
        }),
        Just(Command::Wake { over_cap: None }),
        (0_u32..900_000, words()).prop_map(|(ahead, by)| Command::SetAlarm {
            at: START.plus(Duration::from_millis(u64::from(ahead))),
            by,
        }),
        (
            select(vec!["kim", "lee", "manager-1"]).prop_map(word),
            select(vec![
                SuperviseMode::Monitor,
                SuperviseMode::Whisper,
                SuperviseMode::Join,
                SuperviseMode::Left
            ])
        )
            .prop_map(|(by, mode)| Command::Supervise { by, mode }),
    ];
    let ends = prop_oneof![
        (endings(), any::<bool>()).prop_map(|(by, after_work)| Command::End { by, after_work }),
        (sessions(), any::<bool>()).prop_map(|(session, after_work)| Command::EndChannel {
            cause: ChannelEnd::Expired,
            session,
            after_work
        }),
        select(vec![BotEndedBy::Goal, BotEndedBy::Flow, BotEndedBy::Idle])
            .prop_map(|by| Command::EndBot { by }),
        select(vec![AfterWorkEndedBy::Agent, AfterWorkEndedBy::Limit])
            .prop_map(|by| Command::EndAfterWork { by }),
        select(vec![RejectReason::OffHours, RejectReason::QueueFull])
            .prop_map(|reason| Command::Reject { reason }),
        (words(), any::<bool>()).prop_map(|(by, manager)| Command::Block { by, manager }),
        (words(), sessions(), 0_u64..200_000).prop_map(|(by, session, within)| Command::Reopen {
            by,
            session,
            within: Duration::from_millis(within),
        }),
    ];
    let marks = prop_oneof![
        (categories(), words()).prop_map(|(category, by)| Command::Categorise { category, by }),
        words().prop_map(|by| Command::Tag {
            tag: "환불".parse().unwrap(),
            by
        }),
        words().prop_map(|by| Command::Untag {
            tag: "환불".parse().unwrap(),
            by
        }),
        agents().prop_map(|agent| Command::Note {
            agent,
            text: Sealable::Open("메모".to_owned())
        }),
        Just(Command::Convert {
            offer: word("coupon"),
            amount_won: 1_000
        }),
        words().prop_map(|by| Command::Unblock { by }),
        (words(), any::<bool>()).prop_map(|(by, set)| Command::Flag {
            kind: word("red"),
            set,
            by
        }),
        words().prop_map(|by| Command::Title {
            title: Sealable::Open("반품 문의".to_owned()),
            by
        }),
        select(vec!["p-1", "p-2"]).prop_map(|id| Command::Link {
            person: id.parse().unwrap()
        }),
        agents().prop_map(|agent| Command::RequestReview { agent, text: None }),
        agents().prop_map(|agent| Command::AnswerReview { agent, text: None }),
        (1_u8..=5).prop_map(|score| Command::Rate {
            score,
            scale: 5,
            comment: None,
            within: DAY,
        }),
    ];
    prop_oneof![
        8 => leading(),
        2 => talk,
        3 => moves,
        1 => looks,
        1 => ends,
        1 => marks,
    ]
}

/// Any events, in any order: those of the golden log and those that commands over the same names would give.
pub(crate) fn events() -> impl Strategy<Value = Event> {
    let golden: Vec<Event> = EVERY_TYPE
        .lines()
        .map(|text| Line::parse(text).unwrap().event)
        .collect();
    let reopened = Event::Reopened {
        by: word("customer"),
        session: None,
    };
    prop_oneof![
        6 => select(golden),
        1 => messages().prop_map(|message| Event::CustomerSaid { message: Sealable::Open(message) }),
        1 => (agents(), messages())
            .prop_map(|(agent, message)| Event::AgentSaid { agent, message: Sealable::Open(message) }),
        1 => message_ids().prop_map(|message| Event::MessageFailed { message, code: word("x") }),
        1 => Just(reopened),
    ]
}
