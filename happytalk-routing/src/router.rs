//! The router: one owned value a site.

mod apply;
mod check;
mod decide;
mod explain;
mod index;
mod query;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_core::{ChannelName, Timestamp};

use crate::agent::Agent;
use crate::conversation::Conversation;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::fact::{Fact, Output, Refusal, What};
use crate::line::{Line, LineKey, Shelf, ShelfKey};
use crate::lookup::Lookup;
use crate::settings::{Mode, Pool, Settings};
use crate::slab::{
    AgentNo, ChannelNo, ConversationNo, LineNo, Number, PoolNo, QueueNo, ShelfNo, Slab,
};

use self::index::Limits;

/// Gives the conversations of one site to its agents.
///
/// It is told what happens with [`Router::handle_input`] and says what it decided with [`Router::poll_output`]. It
/// reads no clock and calls nobody. Whenever an input has been handled, no conversation waits that an agent may take,
/// save what [`Mode`] or [`Settings::assignments_max`] holds back.
///
/// Two routers are equal when they hold the same and would decide alike from here on.
///
/// ```
/// use happytalk_core::{ChannelName, Timestamp, event::StatusClass};
/// use happytalk_routing::{AgentSpec, Input, Queue, Router, Settings};
///
/// let mut router = Router::new(Settings::new(Queue::new("main".parse()?)))?;
/// let now = Timestamp::from_millis(1_715_562_130_000);
/// let (kim, c1) = ("kim".parse::<happytalk_core::id::AgentId>()?, "c-1".parse()?);
/// router.handle_input(Input::SetAgent { agent: kim.clone(), spec: AgentSpec::new().with_cap(3) }, now);
/// router.handle_input(Input::SetStatus { agent: kim.clone(), class: StatusClass::Accepting }, now);
/// let channel = ChannelName::WEBCHAT;
/// router.handle_input(Input::Enqueue { conversation: c1, queue: None, channel, priority: 0, weight: 1 }, now);
/// assert_eq!(router.load(&kim), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Router {
    settings: Settings,
    mode: Mode,
    agents: Slab<AgentNo, Agent>,
    agent_nos: BTreeMap<Arc<AgentId>, AgentNo>,
    conversations: Slab<ConversationNo, Conversation>,
    conversation_nos: Lookup<Arc<ConversationId>, ConversationNo>,
    /// How many choices the router made for sequential queues.
    turns: u64,
    revision: u64,
    now: Timestamp,
    outputs: VecDeque<Output>,

    // What follows is computed from what stands above, to be quick.
    queues: Vec<Desk>,
    queue_nos: BTreeMap<QueueId, QueueNo>,
    default_queue: QueueNo,
    pools: Vec<Pool>,
    channels: Vec<ChannelName>,
    channel_nos: BTreeMap<ChannelName, ChannelNo>,
    limits: Limits,
    shelves: Vec<Shelf>,
    shelf_nos: BTreeMap<ShelfKey, ShelfNo>,
    lines: Slab<LineNo, Line>,
    line_nos: BTreeMap<LineKey, LineNo>,
    /// The shelves that have both free agents and waiting conversations.
    ready: BTreeSet<ShelfNo>,
    waiting: u32,
}

/// A queue at work.
#[derive(Debug, Clone)]
struct Desk {
    pool: PoolNo,
    lines: BTreeSet<LineNo>,
    waiting: u32,
}

impl Router {
    /// A router without agents and conversations.
    ///
    /// # Errors
    /// [`Error::DuplicateQueue`] where two queues have one id; [`Error::UnknownQueue`] where the default queue is
    /// none of them.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let mut pools: Vec<Pool> = Vec::new();
        let mut queues = Vec::new();
        let mut queue_nos = BTreeMap::new();
        for queue in &settings.queues {
            let known = pools.iter().position(|pool| *pool == queue.pool);
            let place = known.unwrap_or_else(|| {
                pools.push(queue.pool.clone());
                pools.len() - 1
            });
            queue_nos.insert(queue.id.clone(), numbered(queues.len()));
            queues.push(Desk {
                pool: numbered(place),
                lines: BTreeSet::new(),
                waiting: 0,
            });
        }
        let default_queue = queue_nos.get(&settings.default_queue);
        let default_queue = *default_queue.ok_or(Error::UnknownQueue)?;
        Ok(Self {
            mode: settings.mode,
            settings,
            agents: Slab::default(),
            agent_nos: BTreeMap::new(),
            conversations: Slab::default(),
            conversation_nos: Lookup::default(),
            turns: 0,
            revision: 0,
            now: Timestamp::MIN,
            outputs: VecDeque::new(),
            queues,
            queue_nos,
            default_queue,
            pools,
            channels: Vec::new(),
            channel_nos: BTreeMap::new(),
            limits: Limits::default(),
            shelves: Vec::new(),
            shelf_nos: BTreeMap::new(),
            lines: Slab::default(),
            line_nos: BTreeMap::new(),
            ready: BTreeSet::new(),
            waiting: 0,
        })
    }

    /// What the router decided or refused, in order; `None` when all is said.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to send [`Input::Tick`](crate::Input::Tick) at the latest; `None` while nothing waits for a time.
    ///
    /// That is a millisecond after the last input while there is something left to give away: after
    /// [`Settings::assignments_max`], or after [`Router::apply`] of a log that stops in the middle.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        (self.gives_out() && self.next_pair().is_some())
            .then(|| self.now.plus(std::time::Duration::from_millis(1)))
    }

    /// Takes a fact and says it.
    fn commit(&mut self, fact: Fact) {
        self.apply(&fact, self.now);
        self.push(fact, None);
    }

    /// Says a fact that is taken.
    fn push(&mut self, fact: Fact, why: Option<Box<Explanation>>) {
        self.outputs.push_back(Output {
            at: self.now,
            revision: self.revision,
            what: What::Fact(fact),
            why,
        });
    }

    fn refuse(
        &mut self,
        conversation: Option<ConversationId>,
        agent: Option<AgentId>,
        error: Error,
    ) {
        self.outputs.push_back(Output {
            at: self.now,
            revision: self.revision,
            what: What::Refused(Refusal {
                conversation,
                agent,
                error,
            }),
            why: None,
        });
    }
}

/// The number of a place in a list. Lists of settings are shorter than any number's range.
fn numbered<N: Number>(place: usize) -> N {
    N::from_place(u32::try_from(place).unwrap_or(u32::MAX))
}
