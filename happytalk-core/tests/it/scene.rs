//! A conversation on a stage: commands are decided and applied, and the log is kept.

use happytalk_core::conversation::{Command, Ending, Opening, Phase};
use happytalk_core::event::{
    AssignedHow, Category, OpenedBy, RequestedBy, ReturnCause, TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, MessageId, Word};
use happytalk_core::{
    ChannelName, Content, Conversation, Error, Event, Line, Message, Stream, Timestamp,
};

pub(crate) fn agent(id: &str) -> AgentId {
    id.parse().unwrap()
}

pub(crate) fn word(text: &str) -> Word {
    text.parse().unwrap()
}

pub(crate) fn message(id: &str) -> Message {
    Message::new(id.parse().unwrap(), vec![Content::text("안녕하세요")])
}

pub(crate) fn message_id(id: &str) -> MessageId {
    id.parse().unwrap()
}

pub(crate) fn category(main: &str) -> Category {
    Category::new(word(main))
}

pub(crate) fn opening(channel: ChannelName) -> Opening {
    let mut opening = Opening::by_customer(
        channel,
        "sender-key".parse().unwrap(),
        "user-key".parse().unwrap(),
    );
    opening.session = Some("s-1".parse().unwrap());
    opening
}

pub(crate) fn says(id: &str) -> Command {
    Command::CustomerSay {
        message: message(id),
        session: None,
    }
}

pub(crate) fn answers(who: &str, id: &str) -> Command {
    Command::AgentSay {
        agent: agent(who),
        message: message(id),
    }
}

pub(crate) fn wants_agent() -> Command {
    Command::RequestAgent {
        by: RequestedBy::Button,
        category: None,
        queue: None,
    }
}

pub(crate) fn assign(who: &str) -> Command {
    Command::Assign {
        agent: agent(who),
        how: AssignedHow::Auto,
        over_cap: None,
    }
}

pub(crate) fn give_back(cause: ReturnCause) -> Command {
    Command::ReturnToQueue { cause, to: None }
}

pub(crate) fn ask_transfer(from: &str, to: &str) -> Command {
    Command::RequestTransfer {
        from: agent(from),
        to: TransferTarget::Agent(agent(to)),
    }
}

pub(crate) fn transfer(to: &str, how: TransferHow) -> Command {
    Command::Transfer { to: agent(to), how }
}

pub(crate) fn end(by: Ending) -> Command {
    Command::End {
        by,
        after_work: true,
    }
}

/// One conversation, its log, and a clock that goes on by a second with every command.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) conversation: Conversation,
    pub(crate) log: Vec<Line>,
    pub(crate) now: Timestamp,
}

impl Scene {
    /// Nothing has happened.
    pub(crate) fn new() -> Self {
        Self {
            conversation: Conversation::new(),
            log: Vec::new(),
            now: Timestamp::from_millis(1_715_562_000_000),
        }
    }

    /// A customer of KakaoTalk wrote, and the bot answers.
    pub(crate) fn with_bot() -> Self {
        let mut scene = Self::new();
        let mut opening = opening(ChannelName::KAKAO_CONSULT);
        opening.bot = true;
        scene.does(Command::Open(opening));
        scene.does(says("m-1"));
        scene
    }

    /// A customer of KakaoTalk wants a person.
    pub(crate) fn waiting() -> Self {
        let mut scene = Self::with_bot();
        scene.does(wants_agent());
        scene
    }

    /// `kim` has it and has not answered.
    pub(crate) fn assigned() -> Self {
        let mut scene = Self::waiting();
        scene.does(assign("kim"));
        scene
    }

    /// `kim` has answered.
    pub(crate) fn in_progress() -> Self {
        let mut scene = Self::assigned();
        scene.does(answers("kim", "m-2"));
        scene
    }

    /// `kim` writes it up.
    pub(crate) fn after_work() -> Self {
        let mut scene = Self::in_progress();
        scene.does(end(Ending::Agent));
        scene
    }

    /// It is over.
    pub(crate) fn closed() -> Self {
        let mut scene = Self::after_work();
        scene.does(Command::EndAfterWork {
            by: happytalk_core::event::AfterWorkEndedBy::Agent,
        });
        scene
    }

    /// An agent wrote first, where that is possible.
    pub(crate) fn opened_by_agent() -> Self {
        let mut scene = Self::new();
        let mut opening = opening(ChannelName::WEBCHAT);
        opening.opened_by = OpenedBy::Agent;
        scene.does(Command::Open(opening));
        scene.does(Command::Assign {
            agent: agent("kim"),
            how: AssignedHow::Opener,
            over_cap: None,
        });
        scene
    }

    /// One of each place a conversation can stand in while it is live.
    pub(crate) fn every_live() -> Vec<Self> {
        let scenes = vec![
            Self::with_bot(),
            Self::waiting(),
            Self::assigned(),
            Self::in_progress(),
            Self::after_work(),
        ];
        assert!(scenes.iter().all(|scene| scene.phase().is_live()));
        scenes
    }

    /// Decides and applies; what happened.
    pub(crate) fn does(&mut self, command: Command) -> Vec<Event> {
        let name = command.name();
        self.tries(command)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Decides and applies, a second after the command before.
    pub(crate) fn tries(&mut self, command: Command) -> Result<Vec<Event>, Error> {
        self.now = self.now.plus(std::time::Duration::from_secs(1));
        let events = self.conversation.decide(&command, self.now)?;
        self.takes(&events);
        Ok(events)
    }

    /// Applies facts that nobody decided here.
    pub(crate) fn takes(&mut self, events: &[Event]) {
        for event in events {
            self.conversation.apply(event, self.now);
            self.log.push(Line {
                stream: Stream::Conversation("c-1".parse().unwrap()),
                seq: self.conversation.seq(),
                at: self.now,
                event: event.clone(),
            });
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.conversation.phase()
    }

    pub(crate) fn agent(&self) -> Option<&str> {
        self.conversation.agent().map(AgentId::as_str)
    }

    /// The error that refuses `command`; nothing has changed then.
    pub(crate) fn refuses(&mut self, command: Command) -> &'static str {
        let before = self.conversation.clone();
        let name = command.name();
        let error = self.tries(command).expect_err(name);
        assert_eq!(self.conversation, before);
        error.code()
    }
}

/// The types of events, in order.
pub(crate) fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(Event::kind).collect()
}
