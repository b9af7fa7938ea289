//! The router: one owned value a site.

mod admit;
mod apply;
mod check;
mod clock;
mod decide;
mod explain;
mod give;
mod index;
mod limits;
mod ownership;
mod query;
mod restore;
mod seat;
mod shelves;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};
use happytalk_core::time::Zone;
use happytalk_core::{ChannelName, Timestamp};

use crate::agent::Agent;
use crate::conversation::Conversation;
use crate::error::Error;
use crate::estimate::Handled;
use crate::explanation::Explanation;
use crate::fact::{Fact, Output, Refusal, What};
use crate::line::{Line, LineKey, Shelf, ShelfKey};
use crate::lookup::Lookup;
use crate::marks::Marks;
use crate::route::Routes;
use crate::settings::{Mode, Settings};
use crate::slab::{
    AgentNo, ChannelNo, ConversationNo, LineNo, Number, QueueNo, ShelfNo, Slab, StatusNo,
};

use self::clock::Item;
use self::limits::Limits;

/// More different channels than this are refused.
pub(crate) const CHANNELS_MAX: usize = 1_000;

/// More different statuses than this are refused.
pub(crate) const STATUSES_MAX: usize = 1_000;

/// Gives the conversations of one site to its agents.
///
/// It is told what happens with [`Router::handle_input`] and says what it decided with [`Router::poll_output`]. It
/// reads no clock and calls nobody. Whenever an input has been handled, no conversation waits that an agent may take,
/// save what is held back for a reason that [`Router::why`] tells.
///
/// Two routers are equal when they hold the same and would decide alike from here on; the one that heard of less time
/// is compared as it would be then.
///
/// ```
/// use happytalk_core::{ChannelName, Timestamp, event::StatusClass};
/// use happytalk_routing::{AgentSpec, Input, Queue, Router, Settings};
///
/// let mut router = Router::new(Settings::new(Queue::new("main".parse()?)))?;
/// let now = Timestamp::from_millis(1_715_562_130_000);
/// let (kim, c1) = ("kim".parse::<happytalk_core::id::AgentId>()?, "c-1".parse()?);
/// router.handle_input(Input::SetAgent { agent: kim.clone(), spec: AgentSpec::new().with_cap(3) }, now);
/// router.handle_input(Input::status(kim.clone(), StatusClass::Accepting), now);
/// router.handle_input(Input::enqueue(c1, ChannelName::WEBCHAT), now);
/// assert_eq!(router.load(&kim), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Router {
    settings: Settings,
    zone: Zone,
    mode: Mode,
    open: bool,
    agents: Slab<AgentNo, Agent>,
    agent_nos: Lookup<AgentNo>,
    conversations: Slab<ConversationNo, Conversation>,
    /// By name, who waits.
    waiting_nos: Lookup<ConversationNo>,
    /// By name, who is with an agent: these are few and asked for often, so their table stays near in memory.
    talking_nos: Lookup<ConversationNo>,
    /// How many choices the router made for sequential queues.
    turns: u64,
    revision: u64,
    now: Timestamp,
    outputs: VecDeque<Output>,
    /// How many may still be given away in this call; no limit when unset.
    left: Option<u32>,

    queues: Vec<Desk>,
    queue_nos: BTreeMap<QueueId, QueueNo>,
    default_queue: QueueNo,
    routes: Routes,
    channels: Vec<ChannelName>,
    channel_nos: BTreeMap<ChannelName, ChannelNo>,
    /// Of two channels, that on the first an agent takes nothing of the second, by number.
    excludes: Vec<(ChannelNo, ChannelNo)>,
    statuses: Vec<Word>,
    status_nos: BTreeMap<Word, StatusNo>,
    limits: Limits,
    shelves: Slab<ShelfNo, Shelf>,
    shelf_nos: BTreeMap<ShelfKey, ShelfNo>,
    lines: Slab<LineNo, Line>,
    line_nos: BTreeMap<LineKey, LineNo>,
    /// The shelves that have both free agents and waiting conversations.
    ready: Marks<ShelfNo>,
    waiting: u32,
    /// Who may be given out next, and who after them; only to ask the memory for them early.
    up_next: [Option<ConversationNo>; 2],

    /// When the clock changes what may be given to whom.
    turns_due: BTreeSet<(Timestamp, Item)>,
    /// When something is to be decided.
    calls_due: BTreeSet<(Timestamp, Item)>,
    /// Woken conversations that have no slot yet.
    waking: BTreeSet<ConversationNo>,
    /// Agents who pause as soon as they have nothing.
    pausing: BTreeSet<AgentNo>,
    /// Whether any conversation must not go to some agent, so that whoever comes may be one of those.
    barring: bool,
}

/// A queue at work.
#[derive(Debug, Clone)]
struct Desk {
    lines: BTreeSet<LineNo>,
    /// By channel, the line of those of one slot who ask nothing that the queue does not ask.
    plain: Vec<Option<LineNo>>,
    waiting: u32,
    handled: Handled,
    /// Whether the clock has anything to do with what waits in it.
    timed: bool,
}

impl Router {
    /// A router without agents and conversations.
    ///
    /// # Errors
    /// Where the settings do not hold together: those of [`Settings::check`].
    pub fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let zone = Zone::named(settings.zone.as_str()).map_err(|_| Error::UnknownZone)?;
        let routes = Routes::of(&settings);
        let acceptance = &settings.acceptance;
        let site_timed = acceptance.limit_millis.is_some()
            || settings.inactive.is_some()
            || settings.silent_max_millis.is_some();
        let mut queues = Vec::new();
        let mut queue_nos = BTreeMap::new();
        for queue in &settings.queues {
            let no: QueueNo = numbered(queues.len());
            queues.push(Desk {
                lines: BTreeSet::new(),
                plain: Vec::new(),
                waiting: 0,
                handled: Handled::default(),
                timed: site_timed
                    || queue.delay_millis > 0
                    || queue.wait_max_millis.is_some()
                    || routes.is_staged(Routes::of_queue(no)),
            });
            queue_nos.insert(queue.id.clone(), no);
        }
        let default_queue = queue_nos.get(&settings.default_queue);
        let default_queue = *default_queue.ok_or(Error::UnknownQueue)?;
        Ok(Self {
            zone,
            mode: settings.mode,
            open: true,
            settings,
            agents: Slab::default(),
            agent_nos: Lookup::default(),
            conversations: Slab::default(),
            waiting_nos: Lookup::default(),
            talking_nos: Lookup::default(),
            turns: 0,
            revision: 0,
            now: Timestamp::MIN,
            outputs: VecDeque::new(),
            left: None,
            queues,
            queue_nos,
            default_queue,
            routes,
            channels: Vec::new(),
            channel_nos: BTreeMap::new(),
            excludes: Vec::new(),
            statuses: Vec::new(),
            status_nos: BTreeMap::new(),
            limits: Limits::default(),
            shelves: Slab::default(),
            shelf_nos: BTreeMap::new(),
            lines: Slab::default(),
            line_nos: BTreeMap::new(),
            ready: Marks::default(),
            waiting: 0,
            up_next: [None; 2],
            turns_due: BTreeSet::new(),
            calls_due: BTreeSet::new(),
            waking: BTreeSet::new(),
            pausing: BTreeSet::new(),
            barring: false,
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
        let left_over = (self.gives_out() && self.next_pair().is_some())
            .then(|| self.now.plus(std::time::Duration::from_millis(1)));
        let turn = self.turns_due.first().map(|(at, _)| *at);
        let call = self.calls_due.first().map(|(at, _)| *at);
        left_over.into_iter().chain(turn).chain(call).min()
    }

    /// Takes a fact and says it.
    fn commit(&mut self, fact: Fact) {
        self.note(&fact);
        let number = |router: &Self| {
            let no = fact.conversation().and_then(|id| router.number(id))?;
            router.conversations.get(no).map(|it| it.revision)
        };
        // One that is let go has its number before, one that comes has it after.
        let before = number(self);
        self.fold(&fact);
        let revision = number(self).or(before).unwrap_or(0);
        self.say(fact, revision, None);
    }

    fn say(&mut self, fact: Fact, conversation_revision: u32, why: Option<Box<Explanation>>) {
        self.outputs.push_back(Output {
            at: self.now,
            revision: self.revision,
            conversation_revision,
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
        let of = conversation.as_ref().and_then(|id| self.number(id));
        let of = of.and_then(|no| self.conversations.get(no));
        self.outputs.push_back(Output {
            at: self.now,
            revision: self.revision,
            conversation_revision: of.map_or(0, |it| it.revision),
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
