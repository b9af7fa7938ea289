//! The bots of a site (멀티봇): which scenario answers where, and in which of its versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::ChannelName;
use happytalk_core::id::ScenarioId;
use happytalk_scenario::{Binding, Bindings, Compiled, HoursKind, Policy, State, Versions};

use crate::Error;

/// The bots of a site. Where none answers, a person is asked for at once.
#[derive(Debug, Clone, Default)]
pub struct Bots {
    bindings: Bindings,
    scenarios: BTreeMap<ScenarioId, Versions>,
    profile: Option<ProfileBot>,
}

/// The bot that asks customers who they are before an agent has them (프로필봇).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProfileBot {
    /// What it asks. It begins once the customer's request for an agent is taken, and is over with the scenario, when an
    /// agent has them, or when they have answered already.
    pub scenario: ScenarioId,
    /// Whether nobody is given the conversation until it is over (상담대기 유지). Default: yes.
    pub holds_queue: bool,
}

impl ProfileBot {
    /// Asks by `scenario`, and holds the conversation back meanwhile.
    #[must_use]
    pub const fn new(scenario: ScenarioId) -> Self {
        Self {
            scenario,
            holds_queue: true,
        }
    }

    /// Distributes it anyway.
    #[must_use]
    pub const fn without_hold(mut self) -> Self {
        self.holds_queue = false;
        self
    }
}

impl Bots {
    /// These scenarios, answering where `bindings` say. Customers inside an older version of one go on in the newer.
    ///
    /// # Errors
    /// [`Error::NoScenario`] where a binding names one that is not among them.
    pub fn new(
        bindings: Bindings,
        scenarios: impl IntoIterator<Item = Arc<Compiled>>,
    ) -> Result<Self, Error> {
        let versions = scenarios
            .into_iter()
            .map(|flow| (flow.id().clone(), Versions::new(flow, Policy::Follow)));
        let bots = Self {
            bindings,
            scenarios: versions.collect(),
            profile: None,
        };
        for binding in bots.bindings.as_slice() {
            bots.known(&binding.scenario)?;
        }
        Ok(bots)
    }

    /// One bot, which answers everywhere (대표봇).
    #[must_use]
    pub fn one(flow: Arc<Compiled>) -> Self {
        let binding = Binding::default_bot(flow.id().clone());
        Self::bound(binding, flow)
    }

    /// One bot, which answers there and nowhere else.
    #[must_use]
    pub fn on_channel(channel: ChannelName, flow: Arc<Compiled>) -> Self {
        let binding = Binding::default_bot(flow.id().clone()).on(channel);
        Self::bound(binding, flow)
    }

    fn bound(binding: Binding, flow: Arc<Compiled>) -> Self {
        let id = flow.id().clone();
        Self {
            // One binding is never bound twice.
            bindings: Bindings::without_default(vec![binding]).unwrap_or_default(),
            scenarios: BTreeMap::from([(id, Versions::new(flow, Policy::Follow))]),
            profile: None,
        }
    }

    /// With a bot that asks customers who they are.
    #[must_use]
    pub fn with_profile(
        mut self,
        flow: Arc<Compiled>,
        asks: impl Fn(ProfileBot) -> ProfileBot,
    ) -> Self {
        let id = flow.id().clone();
        self.profile = Some(asks(ProfileBot::new(id.clone())));
        self.scenarios
            .entry(id)
            .or_insert_with(|| Versions::new(flow, Policy::Follow));
        self
    }

    /// What becomes of customers who are inside an older version of a scenario when a newer one is released, and which
    /// older ones there are for [`Policy::Pin`].
    ///
    /// # Errors
    /// [`Error::NoScenario`] where no scenario of that id is among them.
    pub fn with_versions(mut self, versions: Versions) -> Result<Self, Error> {
        let id = versions.newest().id().clone();
        self.known(&id)?;
        self.scenarios.insert(id, versions);
        Ok(self)
    }

    /// Releases a newer version of a scenario; the one before is kept for those who are pinned to it.
    ///
    /// # Errors
    /// [`Error::NoScenario`] where no scenario of that id is among them.
    pub fn release(&mut self, newer: Arc<Compiled>) -> Result<(), Error> {
        self.known(newer.id())?;
        if let Some(versions) = self.scenarios.get_mut(newer.id()) {
            versions.release(newer);
        }
        Ok(())
    }

    fn known(&self, scenario: &ScenarioId) -> Result<(), Error> {
        match self.scenarios.contains_key(scenario) {
            true => Ok(()),
            false => Err(Error::NoScenario {
                scenario: scenario.clone(),
            }),
        }
    }

    /// The scenario that answers a new customer, in its newest version; `None` where a person is asked for.
    #[must_use]
    pub fn answering(
        &self,
        channel: &ChannelName,
        category: Option<&str>,
        hours: HoursKind,
    ) -> Option<&Arc<Compiled>> {
        let scenario = self.bindings.pick(channel, category, hours)?;
        Some(self.scenarios.get(scenario)?.newest())
    }

    /// Whether any bot answers there, whatever the category and the hour.
    #[must_use]
    pub fn has_one_on(&self, channel: &ChannelName) -> bool {
        let bindings = self.bindings.as_slice().iter();
        bindings
            .filter(|binding| binding.category.is_none() && binding.hours.is_none())
            .any(|binding| binding.channel.as_ref().is_none_or(|own| own == channel))
    }

    /// The version of its scenario that goes on with a customer; `None` where the site has the scenario no more.
    pub(super) fn going_on(&self, state: &mut State) -> Option<Arc<Compiled>> {
        let versions = self.scenarios.get(state.scenario().0)?;
        Some(Arc::clone(versions.for_session(state)))
    }

    /// What asks customers who they are, with its newest version.
    pub(super) fn profile(&self) -> Option<(&ProfileBot, &Arc<Compiled>)> {
        let profile = self.profile.as_ref()?;
        Some((profile, self.scenarios.get(&profile.scenario)?.newest()))
    }
}
