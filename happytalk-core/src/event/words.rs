//! The closed sets of words that events use: who, why and how, each with the word the log holds.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* #[serde(rename = $word)] $variant, )*
        }
        impl $name {
            /// The word the log holds.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    )*};
}

pub(crate) use words;

words! {
    /// Who opened a conversation.
    OpenedBy {
        /// The customer wrote first.
        Customer = "customer",
        /// An agent wrote first; not possible on Kakao.
        Agent = "agent",
    }
    /// Why a conversation or a request for an agent was turned away (DOMAIN 3.2).
    RejectReason {
        /// The customer is blocked (차단).
        Blocked = "blocked",
        /// The site may not start conversations: contract or balance.
        SiteSuspended = "site_suspended",
        /// The operator has closed the door.
        InboundClosed = "inbound_closed",
        /// Outside working hours, and no intake then (부재).
        OffHours = "off_hours",
        /// The customer has as many live conversations as allowed.
        CustomerConcurrency = "customer_concurrency",
        /// As many wait as may wait (상담 건수 초과).
        QueueFull = "queue_full",
        /// Nobody is there, and waiting is off.
        NoAgentOnDuty = "no_agent_on_duty",
    }
    /// Which of our own texts was sent. None of them is ever an answer.
    AutoKind {
        /// 상담 인사말.
        Greeting = "greeting",
        /// 상담 불가.
        Unavailable = "unavailable",
        /// 상담 부재: outside hours.
        Absence = "absence",
        /// Busy Time.
        Busy = "busy",
        /// 상담 대기 인원 안내.
        Place = "place",
        /// 상담 건수 초과 안내.
        QueueFull = "queue_full",
        /// A reminder before closing.
        Reminder = "reminder",
        /// Says that the conversation will be closed.
        ClosingNotice = "closing_notice",
        /// Says that it was closed.
        Closing = "closing",
        /// Asks how it was (만족도 조사).
        Survey = "survey",
        /// A question of the profile bot.
        Profile = "profile",
        /// Warns about what the customer wrote.
        Warning = "warning",
    }
    /// By which way a customer came to a node.
    Via {
        /// A button of the node before.
        Button = "button",
        /// Typed words.
        Text = "text",
        /// 이전으로.
        Back = "back",
        /// 처음으로.
        Home = "home",
        /// By itself.
        Auto = "auto",
    }
    /// Who or what ended the bot's part.
    BotEndedBy {
        /// The customer left.
        Customer = "customer",
        /// An agent closed it.
        Agent = "agent",
        /// A manager closed it.
        Manager = "manager",
        /// Nobody wrote for too long.
        Idle = "idle",
        /// The platform ended the session.
        Channel = "channel",
        /// A goal was reached.
        Goal = "goal",
        /// The scenario came to an end that is no goal.
        Flow = "flow",
    }
    /// How an agent was asked for.
    RequestedBy {
        /// A button.
        Button = "button",
        /// A word such as 상담원.
        Keyword = "keyword",
        /// The bot did not understand too often.
        Fallback = "fallback",
        /// A booked time came.
        Schedule = "schedule",
        /// The customer wrote and there is no bot.
        Customer = "customer",
        /// The scenario decided.
        Flow = "flow",
    }
    /// Why the profile bot was passed over.
    ProfileSkip {
        /// The customer did not agree.
        Refused = "refused",
        /// Not answered, or not validly.
        NotFilled = "not_filled",
        /// Under 14: nothing is stored.
        Under14 = "under_14",
    }
    /// Who declined an offer.
    DeclinedBy {
        /// The agent.
        Agent = "agent",
        /// The deadline.
        Timeout = "timeout",
    }
    /// How a conversation came to its agent.
    AssignedHow {
        /// The router chose.
        Auto = "auto",
        /// The agent took it from the shared list.
        Pick = "pick",
        /// A manager gave it.
        Manager = "manager",
        /// The agent of last time.
        Sticky = "sticky",
        /// The agent opened it.
        Opener = "opener",
    }
    /// Why an agent is over their limit.
    OverCap {
        /// Taken from the shared list above the limit.
        Pick = "pick",
        /// A manager forced it.
        Forced = "forced",
    }
    /// Why a conversation went back to the queue.
    ReturnCause {
        /// Not answered in time.
        AcceptTimeout = "accept_timeout",
        /// Taken from the agent.
        Withdrawn = "withdrawn",
        /// A transfer to a group, a category or a queue.
        Transfer = "transfer",
        /// The agent went offline.
        Offline = "offline",
    }
    /// How a requested transfer came to nothing.
    TransferEnd {
        /// The target said no.
        Refused = "refused",
        /// The asker took it back.
        Cancelled = "cancelled",
        /// Nobody answered in time.
        Expired = "expired",
    }
    /// How a transfer happened.
    TransferHow {
        /// The target accepted.
        Accepted = "accepted",
        /// A manager forced it.
        Forced = "forced",
        /// A supervisor took it over.
        TakenOver = "taken_over",
    }
    /// Who ended a conversation.
    EndedBy {
        /// The agent.
        Agent = "agent",
        /// The customer, by our own button or command.
        Customer = "customer",
        /// A manager.
        Manager = "manager",
        /// A rule; see [`EndRule`].
        Auto = "auto",
        /// The platform; see [`ChannelEnd`].
        Channel = "channel",
    }
    /// Which rule ended a conversation.
    EndRule {
        /// The customer was silent for too long.
        CustomerSilent = "customer_silent",
        /// The agent was late.
        AgentLate = "agent_late",
        /// The profile was not filled.
        ProfileNotFilled = "profile_not_filled",
        /// Waited too long in the queue.
        QueueTimeout = "queue_timeout",
    }
    /// Why the platform ended a session.
    ChannelEnd {
        /// The customer left the room.
        Left = "left",
        /// The customer blocked the account.
        Blocked = "blocked",
        /// The session ran out.
        Expired = "expired",
        /// The platform does not say.
        Unknown = "unknown",
    }
    /// What ended after-work (후처리).
    AfterWorkEndedBy {
        /// The agent.
        Agent = "agent",
        /// The limit.
        Limit = "limit",
    }
    /// What a status means for distribution (DOMAIN 3.6).
    StatusClass {
        /// Takes new conversations (상담가능).
        Accepting = "accepting",
        /// Keeps the ones they have, takes no new ones (신규 배정 중지).
        Finishing = "finishing",
        /// Away from the desk (휴식, 식사, 이석).
        Paused = "paused",
        /// Not there (로그아웃).
        Off = "off",
    }
    /// How a supervisor takes part.
    SuperviseMode {
        /// Reads along.
        Monitor = "monitor",
        /// Writes to the agent alone.
        Whisper = "whisper",
        /// Writes to all.
        Join = "join",
        /// Stopped taking part.
        Left = "left",
    }
}
