//! What a site decides for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::event::{AutoKind, Category};
use happytalk_core::id::QueueId;
use happytalk_core::time::Zone;
use happytalk_scenario::Compiled;

use crate::Error;

/// What a site decides for itself. Each has the default of the trade.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The site's zone. Default: Asia/Seoul.
    pub zone: Zone,
    /// How conversations are distributed.
    pub routing: happytalk_routing::Settings,
    /// The bots.
    pub bots: Bots,
    /// The site's own texts by kind. A kind without one is not sent.
    pub texts: BTreeMap<AutoKind, String>,
    /// Whether agents may be reached. Default: yes. (Weekly hours set it for the host.)
    pub open: bool,
    /// The channels with a session that we end when a conversation is over. Default: KakaoTalk 상담톡.
    pub sessions: BTreeSet<ChannelName>,
    /// A conversation with the bot ends when nobody wrote for this long. Default: 30 minutes.
    pub bot_idle: Duration,
    /// A conversation ends when its last message is the agent's and this old; `None`: never. Default: 30 minutes.
    pub customer_silent: Option<Duration>,
    /// A conversation ends when its last message is the customer's and this old; `None`: never. Default: `None`.
    pub agent_late: Option<Duration>,
    /// How long an agent may write a conversation up (후처리); `None`: there is no after-work. Default: 10 minutes.
    pub after_work: Option<Duration>,
    /// How long a transfer waits for its answer. Default: 5 minutes.
    pub transfer_expires: Duration,
    /// The same notice of refusal goes to a customer once in this time. Default: 1 hour.
    pub notice_again: Duration,
}

/// The bots of a site: one that answers where no other is bound, and one a channel where bound.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Bots {
    /// The 대표봇: answers where no other is bound. Without it, a person is asked for at once.
    pub main: Option<Arc<Compiled>>,
    /// Bots by channel.
    pub by_channel: BTreeMap<ChannelName, Arc<Compiled>>,
}

impl Bots {
    /// The bot that answers on `channel`.
    #[must_use]
    pub fn on(&self, channel: &ChannelName) -> Option<&Arc<Compiled>> {
        self.by_channel.get(channel).or(self.main.as_ref())
    }
}

impl Settings {
    /// The defaults, with this distribution.
    #[must_use]
    pub fn new(routing: happytalk_routing::Settings) -> Self {
        Self {
            zone: Zone::default(),
            routing,
            bots: Bots::default(),
            texts: BTreeMap::new(),
            open: true,
            sessions: BTreeSet::from([ChannelName::KAKAO_CONSULT]),
            bot_idle: Duration::from_secs(30 * 60),
            customer_silent: Some(Duration::from_secs(30 * 60)),
            agent_late: None,
            after_work: Some(Duration::from_secs(10 * 60)),
            transfer_expires: Duration::from_secs(5 * 60),
            notice_again: Duration::from_secs(60 * 60),
        }
    }

    /// With `bot` as the one that answers where no other is bound.
    #[must_use]
    pub fn with_main_bot(mut self, bot: Compiled) -> Self {
        self.bots.main = Some(Arc::new(bot));
        self
    }

    /// With the site's own text of this kind.
    #[must_use]
    pub fn with_text(mut self, kind: AutoKind, text: impl Into<String>) -> Self {
        self.texts.insert(kind, text.into());
        self
    }

    /// The queue that was asked for by name, else the one called like the main category, else the default one.
    pub(super) fn queue_for(
        &self,
        asked: Option<&QueueId>,
        category: Option<&Category>,
    ) -> QueueId {
        let queues = &self.routing.queues;
        let by_name = asked.and_then(|asked| queues.iter().find(|queue| queue.id == *asked));
        let found = by_name.or_else(|| {
            let main = &category?.main;
            queues
                .iter()
                .find(|queue| queue.id.as_str() == main.as_str())
        });
        found.map_or_else(
            || self.routing.default_queue.clone(),
            |queue| queue.id.clone(),
        )
    }

    /// # Errors
    /// [`Error::Settings`] where a text has a placeholder: none is filled in yet, and none is ever sent raw.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self
            .texts
            .values()
            .any(|text| text.contains('{') || text.contains('}'))
        {
            return Err(Error::Settings {
                what: "a text holds a placeholder",
            });
        }
        if self.texts.values().any(|text| text.trim().is_empty()) {
            return Err(Error::Settings {
                what: "a text is empty",
            });
        }
        Ok(())
    }
}
