//! A line of the log, cut down to what the figures look at.

use std::borrow::Cow;

use happytalk_core::event::{
    AssignedHow, AutoKind, BotEndedBy, Category, ChannelEnd, EndRule, EndedBy, Event, OpenedBy,
    Parameters, ReturnCause, StatusClass, TransferTarget,
};
use happytalk_core::{Line, Message, Sealable, Stream, Timestamp};
use serde::Deserialize;

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Conversation(&'a str),
    Agent(&'a str),
    Site(&'a str),
}

/// One line: where it stands, when it happened, and what of it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) what: What<'a>,
}

/// The category of a conversation, as far as rows are made by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct About<'a> {
    pub(crate) main: &'a str,
    pub(crate) sub: Option<&'a str>,
}

/// What a conversation began with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Opening<'a> {
    pub(crate) channel: &'a str,
    pub(crate) by_agent: bool,
    pub(crate) bot: bool,
    pub(crate) about: Option<About<'a>>,
    pub(crate) came_with: CameWith<'a>,
    pub(crate) previous: Option<&'a str>,
}

/// Parameters are personal.
impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}

/// The parameters of an opening: read only where a row is made by one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum CameWith<'a> {
    Nothing,
    Read(&'a Parameters),
    /// As the line has them.
    Json(&'a str),
}

impl CameWith<'_> {
    /// The value of `name`, where it is there and can be read.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing => None,
            Self::Read(parameters) => parameters
                .get(name)
                .and_then(Sealable::open)
                .map(|text| Cow::Borrowed(text.as_str())),
            Self::Json(json) => serde_json::from_str::<Sealable<Parameters>>(json)
                .ok()
                .and_then(Sealable::into_open)
                .and_then(|mut parameters| parameters.remove(name))
                .and_then(Sealable::into_open)
                .map(Cow::Owned),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What<'a> {
    Opened(Box<Opening<'a>>),
    Rejected {
        is_final: bool,
    },
    CustomerSaid {
        message: Option<Cow<'a, str>>,
    },
    AgentSaid {
        agent: &'a str,
        message: Option<Cow<'a, str>>,
    },
    /// The customer was asked how it was.
    Surveyed,
    MessageFailed {
        message: &'a str,
    },
    BotEnded {
        by: BotEndedBy,
    },
    Requested {
        about: Option<About<'a>>,
        queue: Option<&'a str>,
    },
    ProfileRequested {
        holds_queue: bool,
    },
    ProfileDone,
    Assigned {
        agent: &'a str,
        how: AssignedHow,
    },
    Returned {
        cause: ReturnCause,
        about: Option<About<'a>>,
        queue: Option<&'a str>,
    },
    TransferRequested,
    TransferEnded,
    Transferred {
        to: &'a str,
    },
    CategoryChanged {
        about: About<'a>,
    },
    Ended {
        by: EndedBy,
        after_work: bool,
        /// Whether what came after the last message was nobody's waiting.
        idle: bool,
    },
    AfterWorkEnded,
    Reopened,
    Rated {
        score: u8,
        scale: u8,
    },
    AgentSet {
        group: Option<&'a str>,
        cap: Option<u32>,
    },
    AgentStatus {
        status: &'a str,
        class: StatusClass,
    },
    AgentRemoved,
    /// The manual switch of the hours.
    HoursOverridden {
        open: bool,
        until: Timestamp,
    },
    /// Changes no figure, or is of a kind that came after this was written.
    Other,
}

/// What becomes of the queue a conversation waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueueNow<'a> {
    Unchanged,
    /// Distribution looks for another.
    Open,
    Is(&'a str),
}

impl What<'_> {
    /// The category it gives a conversation.
    pub(crate) const fn about(&self) -> Option<About<'_>> {
        match self {
            Self::CategoryChanged { about } => Some(*about),
            Self::Returned { about, .. } | Self::Requested { about, .. } => *about,
            _ => None,
        }
    }

    /// The queue it gives a conversation.
    pub(crate) const fn queue(&self) -> QueueNow<'_> {
        match self {
            Self::Requested {
                queue: Some(queue), ..
            }
            | Self::Returned {
                queue: Some(queue), ..
            } => QueueNow::Is(queue),
            Self::Returned { about: Some(_), .. } => QueueNow::Open,
            _ => QueueNow::Unchanged,
        }
    }
}

/// Whether the talk was over with the last message, and what came after was silence.
pub(crate) fn is_idle(rule: Option<EndRule>, cause: Option<ChannelEnd>) -> bool {
    rule == Some(EndRule::CustomerSilent)
        || matches!(cause, Some(ChannelEnd::Expired | ChannelEnd::Unknown))
}

impl<'a> From<&'a Line> for Fact<'a> {
    fn from(line: &'a Line) -> Self {
        Self {
            place: match &line.stream {
                Stream::Conversation(id) => Place::Conversation(id.as_str()),
                Stream::Agent(id) => Place::Agent(id.as_str()),
                Stream::Site(id) => Place::Site(id.as_str()),
            },
            seq: line.seq,
            at: line.at,
            what: what(&line.event),
        }
    }
}

fn what(event: &Event) -> What<'_> {
    match event {
        Event::Opened {
            channel,
            opened_by,
            bot,
            category,
            parameters,
            previous,
            ..
        } => What::Opened(Box::new(Opening {
            channel: channel.as_str(),
            by_agent: *opened_by == OpenedBy::Agent,
            bot: *bot,
            about: category.as_ref().map(about),
            came_with: parameters
                .as_ref()
                .and_then(Sealable::open)
                .map_or(CameWith::Nothing, CameWith::Read),
            previous: previous.as_ref().map(AsRef::as_ref),
        })),
        Event::Rejected { is_final, .. } => What::Rejected {
            is_final: *is_final,
        },
        Event::CustomerSaid { message } => What::CustomerSaid {
            message: id_of(message),
        },
        Event::AgentSaid { agent, message } => What::AgentSaid {
            agent: agent.as_str(),
            message: id_of(message),
        },
        Event::AutoSaid {
            kind: AutoKind::Survey,
            ..
        } => What::Surveyed,
        Event::MessageFailed { message, .. } => What::MessageFailed {
            message: message.as_str(),
        },
        Event::BotEnded { by } => What::BotEnded { by: *by },
        Event::AgentRequested {
            category, queue, ..
        } => What::Requested {
            about: category.as_ref().map(about),
            queue: queue.as_ref().map(AsRef::as_ref),
        },
        Event::ProfileRequested { holds_queue, .. } => What::ProfileRequested {
            holds_queue: *holds_queue,
        },
        Event::ProfileCompleted { .. } | Event::ProfileSkipped { .. } => What::ProfileDone,
        Event::Assigned { agent, how, .. } => What::Assigned {
            agent: agent.as_str(),
            how: *how,
        },
        Event::ReturnedToQueue { cause, to, .. } => What::Returned {
            cause: *cause,
            about: match to {
                Some(TransferTarget::Category(category)) => Some(about(category)),
                _ => None,
            },
            queue: match to {
                Some(TransferTarget::Queue(queue)) => Some(queue.as_ref()),
                _ => None,
            },
        },
        Event::TransferRequested { .. } => What::TransferRequested,
        Event::TransferEnded { .. } => What::TransferEnded,
        Event::Transferred { to, .. } => What::Transferred { to: to.as_str() },
        Event::CategoryChanged { category, .. } => What::CategoryChanged {
            about: about(category),
        },
        Event::Ended {
            by,
            after_work,
            rule,
            cause,
        } => What::Ended {
            by: *by,
            after_work: *after_work,
            idle: is_idle(*rule, *cause),
        },
        Event::AfterWorkEnded { .. } => What::AfterWorkEnded,
        Event::Reopened { .. } => What::Reopened,
        Event::Rated { score, scale, .. } => What::Rated {
            score: *score,
            scale: *scale,
        },
        Event::AgentSet { group, caps, .. } => What::AgentSet {
            group: group.as_ref().map(AsRef::as_ref),
            cap: caps.as_ref().and_then(|caps| caps.agent),
        },
        Event::AgentStatus { status, class } => What::AgentStatus {
            status: status.as_str(),
            class: *class,
        },
        Event::AgentRemoved {} => What::AgentRemoved,
        Event::HoursOverridden { open, until } => What::HoursOverridden {
            open: *open,
            until: *until,
        },
        _ => What::Other,
    }
}

fn about(category: &Category) -> About<'_> {
    About {
        main: category.main.as_str(),
        sub: category.sub.as_ref().map(AsRef::as_ref),
    }
}

/// The id of a message; of a closed one too, where its JSON still shows it.
fn id_of(message: &Sealable<Message>) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Shown {
        id: Option<String>,
    }
    match message {
        Sealable::Open(message) => Some(Cow::Borrowed(message.id.as_str())),
        Sealable::Closed(closed) => serde_json::from_str::<Shown>(closed.as_json())
            .ok()
            .and_then(|shown| shown.id)
            .map(Cow::Owned),
    }
}
