//! Which bot answers (멀티봇, 대표봇).

use happytalk_core::ChannelName;
use happytalk_core::id::ScenarioId;
use serde::{Deserialize, Serialize};

use crate::env::HoursKind;
use crate::error::Error;

/// One rule: where it holds, that scenario answers. What is left out holds everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Binding {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The channel it answers on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelName>,
    /// The main category of the consultation it answers in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What the calendar has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursKind>,
}

impl Binding {
    /// Everywhere: the site's representative bot (대표봇).
    #[must_use]
    pub const fn default_bot(scenario: ScenarioId) -> Self {
        Self {
            scenario,
            channel: None,
            category: None,
            hours: None,
        }
    }

    /// On that channel alone.
    #[must_use]
    pub fn on(mut self, channel: ChannelName) -> Self {
        self.channel = Some(channel);
        self
    }

    /// In that category alone.
    #[must_use]
    pub fn in_category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// While the calendar says that alone.
    #[must_use]
    pub const fn during(mut self, hours: HoursKind) -> Self {
        self.hours = Some(hours);
        self
    }

    const fn is_default(&self) -> bool {
        self.channel.is_none() && self.category.is_none() && self.hours.is_none()
    }

    /// Channel before category before hours: a bot made for a channel knows what that channel shows.
    fn weight(&self) -> u8 {
        u8::from(self.channel.is_some()) * 4
            + u8::from(self.category.is_some()) * 2
            + u8::from(self.hours.is_some())
    }
}

/// Where the bots of one site answer; the empty one has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bindings(Vec<Binding>);

impl Bindings {
    /// Bots and where they answer, in any order. Exactly one answers everywhere that no other does (대표봇).
    ///
    /// # Errors
    /// [`Error::NoDefaultBot`] where none answers everywhere; [`Error::BoundTwice`] where two answer in the same place.
    pub fn new(bindings: Vec<Binding>) -> Result<Self, Error> {
        let bindings = Self::without_default(bindings)?;
        if bindings.0.iter().any(Binding::is_default) {
            Ok(bindings)
        } else {
            Err(Error::NoDefaultBot)
        }
    }

    /// The same, for a site that has no bot in some places: there nobody answers before a person does.
    ///
    /// # Errors
    /// [`Error::BoundTwice`] where two answer in the same place.
    pub fn without_default(bindings: Vec<Binding>) -> Result<Self, Error> {
        for (place, binding) in bindings.iter().enumerate() {
            let same = |other: &Binding| {
                other.channel == binding.channel
                    && other.category == binding.category
                    && other.hours == binding.hours
            };
            if bindings.iter().skip(place + 1).any(same) {
                return Err(Error::BoundTwice {
                    scenario: binding.scenario.clone(),
                });
            }
        }
        Ok(Self(bindings))
    }

    /// The rules.
    #[must_use]
    pub fn as_slice(&self) -> &[Binding] {
        &self.0
    }

    /// The scenario that answers: of the rules that hold the one that says most.
    #[must_use]
    pub fn pick(
        &self,
        channel: &ChannelName,
        category: Option<&str>,
        hours: HoursKind,
    ) -> Option<&ScenarioId> {
        let holds = |binding: &&Binding| {
            binding.channel.as_ref().is_none_or(|own| own == channel)
                && binding
                    .category
                    .as_deref()
                    .is_none_or(|own| category == Some(own))
                && binding.hours.is_none_or(|own| own == hours)
        };
        let best = self.0.iter().filter(holds).max_by_key(|it| it.weight());
        best.map(|binding| &binding.scenario)
    }
}

impl<'de> Deserialize<'de> for Bindings {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bindings = Vec::<Binding>::deserialize(deserializer)?;
        Self::new(bindings).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bot(name: &str) -> Binding {
        Binding::default_bot(name.parse().unwrap())
    }

    #[test]
    fn the_rule_that_says_most_decides_and_one_bot_answers_everywhere_else() {
        let kakao = ChannelName::KAKAO_CONSULT;
        let bots = Bindings::new(vec![
            bot("all"),
            bot("night").during(HoursKind::Closed),
            bot("kakao").on(kakao.clone()),
            bot("claims").in_category("클레임"),
            bot("kakao-night")
                .on(kakao.clone())
                .during(HoursKind::Closed),
        ])
        .unwrap();
        let pick = |channel: &ChannelName, category, hours| {
            bots.pick(channel, category, hours)
                .unwrap()
                .as_str()
                .to_owned()
        };
        let web = ChannelName::WEBCHAT;
        assert_eq!(pick(&web, None, HoursKind::Open), "all");
        assert_eq!(pick(&web, None, HoursKind::Closed), "night");
        assert_eq!(pick(&kakao, Some("클레임"), HoursKind::Open), "kakao");
        assert_eq!(pick(&kakao, None, HoursKind::Closed), "kakao-night");
        assert_eq!(pick(&web, Some("클레임"), HoursKind::Closed), "claims");
        assert_eq!(pick(&web, Some("배송"), HoursKind::Lunch), "all");
        let json = serde_json::to_string(&bots).unwrap();
        assert_eq!(serde_json::from_str::<Bindings>(&json).unwrap(), bots);
    }

    #[test]
    fn a_site_without_a_bot_for_everything_or_with_two_is_refused() {
        let code = |list: Vec<Binding>| Bindings::new(list).unwrap_err().code();
        let night = || bot("night").during(HoursKind::Closed);
        assert_eq!(code(vec![night()]), "scenario.no_default_bot");
        assert_eq!(code(vec![bot("a"), bot("b")]), "scenario.bound_twice");
        assert_eq!(
            code(vec![bot("a"), night(), night()]),
            "scenario.bound_twice"
        );
    }
}
