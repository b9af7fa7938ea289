//! What a site decides for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::automatic::AutoText;
use happytalk_core::closing::ClosingRules;
use happytalk_core::conversation::Reopening;
use happytalk_core::event::{AutoKind, Category};
use happytalk_core::hours::Calendar;
use happytalk_core::id::{AgentId, QueueId};
use happytalk_core::parameters::ParameterRules;
use happytalk_core::time::Zone;
use happytalk_core::{Capabilities, ChannelName, Value};
use happytalk_scenario::Compiled;

use super::Bots;
use crate::Error;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a site decides for itself. Each has the default of the trade.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The site's zone. Default: Asia/Seoul.
    pub zone: Zone,
    /// How conversations are distributed.
    pub routing: happytalk_routing::Settings,
    /// The bots. Default: none.
    pub bots: Bots,
    /// What scenarios read as `setting.…`: an object. Default: nothing.
    pub bot_settings: Value,
    /// The site's own texts by kind. A kind without one is not sent.
    pub texts: BTreeMap<AutoKind, AutoText>,
    /// The limits of what comes with a customer. Default: those of the field, what is longer is cut.
    pub parameters: ParameterRules,
    /// The company's name, for `{site}` in a text.
    pub site_name: Option<String>,
    /// What customers are told of an agent's name, for `{agent}` in a text.
    pub agent_names: BTreeMap<AgentId, String>,
    /// The working hours; without them agents can always be reached. Default: none.
    pub calendar: Option<Calendar>,
    /// Whether requests for an agent are taken at all. Default: they are.
    pub door: Door,
    /// What the channels can carry, [`Channel::capabilities`](happytalk_core::Channel::capabilities) of each. What is said on
    /// one of these is fitted to it first ([`happytalk_core::fit`]); on another it goes out as it is. Default: none.
    pub capabilities: BTreeMap<ChannelName, Capabilities>,
    /// The channels with a session that we end when a conversation is over. Default: KakaoTalk 상담톡.
    pub sessions: BTreeSet<ChannelName>,
    /// When silence closes a conversation, how long it may be written up, how long a transfer waits.
    pub closing: ClosingRules,
    /// What becomes of a customer who writes after their conversation was over. Default: another conversation.
    pub reopening: Reopening,
    /// How long after the end a customer's rating counts (만족도 조사). Default: 24 hours.
    pub survey_valid: Duration,
    /// Whether an agent must say what a conversation was about before they end it. Default: no.
    pub require_category_to_close: bool,
    /// The same notice of refusal goes to a customer once in this time. Default: 1 hour.
    pub notice_again: Duration,
    /// How long a customer with no live conversation is remembered, for what was their conversation before and which
    /// notices they had. Blocked ones are for good. Default: 45 days.
    pub customer_kept: Duration,
}

/// Whether requests for an agent are taken, whatever the hours say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Door {
    /// They are.
    #[default]
    Open,
    /// They are, and customers are told that replies will be slow (Busy Time).
    Slow,
    /// An operator stopped them; customers are told that nobody can be reached.
    Closed,
}

impl Settings {
    /// The defaults, with this distribution.
    #[must_use]
    pub fn new(routing: happytalk_routing::Settings) -> Self {
        Self {
            zone: Zone::default(),
            routing,
            bots: Bots::default(),
            bot_settings: Value::Null,
            texts: BTreeMap::new(),
            parameters: ParameterRules::new(),
            site_name: None,
            agent_names: BTreeMap::new(),
            calendar: None,
            door: Door::Open,
            capabilities: BTreeMap::new(),
            sessions: BTreeSet::from([ChannelName::KAKAO_CONSULT]),
            closing: ClosingRules::new(),
            reopening: Reopening::NewRoom,
            survey_valid: DAY,
            require_category_to_close: false,
            notice_again: Duration::from_secs(60 * 60),
            customer_kept: 45 * DAY,
        }
    }

    /// With `bot` as the only one: it answers everywhere. [`Bots::new`] is for several.
    #[must_use]
    pub fn with_main_bot(mut self, bot: Compiled) -> Self {
        self.bots = Bots::one(Arc::new(bot));
        self
    }

    /// With what a channel can carry, so that what is said there is fitted to it.
    #[must_use]
    pub fn with_capabilities(mut self, channel: ChannelName, capabilities: Capabilities) -> Self {
        self.capabilities.insert(channel, capabilities);
        self
    }

    /// With the site's own text of this kind, its placeholders checked: `"안녕하세요, {agent}입니다.".parse()?`.
    #[must_use]
    pub fn with_text(mut self, kind: AutoKind, text: AutoText) -> Self {
        self.texts.insert(kind, text);
        self
    }

    /// The queue that was asked for by name, else the one called like the main category; `None` where there is
    /// neither, and the router's rules decide.
    pub(super) fn named_queue(
        &self,
        asked: Option<&QueueId>,
        category: Option<&Category>,
    ) -> Option<QueueId> {
        let queues = &self.routing.queues;
        let by_name = asked.and_then(|asked| queues.iter().find(|queue| queue.id == *asked));
        let found = by_name.or_else(|| {
            let main = &category?.main;
            queues
                .iter()
                .find(|queue| queue.id.as_str() == main.as_str())
        });
        found.map(|queue| queue.id.clone())
    }

    /// The same, and the default queue where there is neither.
    pub(super) fn queue_for(
        &self,
        asked: Option<&QueueId>,
        category: Option<&Category>,
    ) -> QueueId {
        self.named_queue(asked, category)
            .unwrap_or_else(|| self.routing.default_queue.clone())
    }

    /// The queue of that name; `None` where there is none.
    pub(super) fn queue(&self, name: &QueueId) -> Option<QueueId> {
        let queues = &self.routing.queues;
        let known = queues.iter().find(|queue| queue.id == *name)?;
        Some(known.id.clone())
    }

    /// The rules of closing as they can be kept: what there is no text for is not waited for.
    pub(super) fn rules(&self) -> ClosingRules {
        let mut rules = self.closing.clone();
        rules.reminders &= self.texts.contains_key(&AutoKind::Reminder);
        if !self.texts.contains_key(&AutoKind::ClosingNotice) {
            rules.closing_notice = None;
        }
        rules
    }

    /// # Errors
    /// [`Error::Settings`] where a closing rule is out of its range.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.closing
            .check()
            .map_err(|error| Error::Settings { what: error.rule })
    }
}
