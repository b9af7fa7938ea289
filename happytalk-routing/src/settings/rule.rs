//! Rule rows (배분 규칙): which queue a request waits in, by what it brings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::id::{GroupId, QueueId, Word};
use serde::{Deserialize, Serialize};

use crate::request::Request;
use crate::settings::Settings;

/// The number of a rule row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "a number and nothing else")]
pub struct RuleId(pub u32);

/// Who may help out when nobody of a rule's own pool takes a conversation in time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fallback {
    /// Nobody: it waits.
    #[default]
    Wait,
    /// Whoever serves the next row that matches, and then that row's own fallback; after the last row whoever serves the
    /// default queue.
    NextRow,
    /// Whoever serves the default queue.
    DefaultPool,
    /// Everybody of this group.
    ToGroup(GroupId),
}

/// A row: a request that meets every condition that is set waits in its queue.
///
/// Of the rows that match the one with the highest priority is chosen; then the one with more conditions, a sub category
/// counting as one more than its main; then the one with the lower id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// Its number; no two have the same.
    pub id: RuleId,
    /// Higher is asked first.
    #[serde(default)]
    pub priority: i32,
    /// Where it comes from.
    #[serde(default)]
    pub channel: Option<ChannelName>,
    /// 대분류.
    #[serde(default)]
    pub main: Option<Word>,
    /// 중분류; only together with `main`.
    #[serde(default)]
    pub sub: Option<Word>,
    /// The customer's grade.
    #[serde(default)]
    pub grade: Option<Word>,
    /// Parameters by name, each with the values that match; without values any does that is there.
    #[serde(default)]
    pub parameters: BTreeMap<String, BTreeSet<String>>,
    /// Where it waits then: the pool and the strategy are that queue's.
    pub queue: QueueId,
    /// Points added to the request's own.
    #[serde(default)]
    pub points: i32,
    /// Who helps out.
    #[serde(default)]
    pub fallback: Fallback,
    /// After how much waiting. Milliseconds, 0 by default: at once when nobody of its own takes it.
    #[serde(default)]
    pub fallback_after_millis: u64,
}

impl Rule {
    /// Everything waits in this queue.
    #[must_use]
    pub const fn new(id: RuleId, queue: QueueId) -> Self {
        Self {
            id,
            priority: 0,
            channel: None,
            main: None,
            sub: None,
            grade: None,
            parameters: BTreeMap::new(),
            queue,
            points: 0,
            fallback: Fallback::Wait,
            fallback_after_millis: 0,
        }
    }

    /// Is asked before rows of lower priority.
    #[must_use]
    pub const fn with_priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Where it comes from this channel.
    #[must_use]
    pub fn with_channel(mut self, channel: ChannelName) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Where it is about this main category.
    #[must_use]
    pub fn with_main(mut self, main: Word) -> Self {
        self.main = Some(main);
        self
    }

    /// Where it is about this category.
    #[must_use]
    pub fn with_sub(mut self, main: Word, sub: Word) -> Self {
        self.main = Some(main);
        self.sub = Some(sub);
        self
    }

    /// Where the customer has this grade.
    #[must_use]
    pub fn with_grade(mut self, grade: Word) -> Self {
        self.grade = Some(grade);
        self
    }

    /// Where a parameter has one of these values, or is there at all.
    #[must_use]
    pub fn with_parameter(
        mut self,
        name: String,
        values: impl IntoIterator<Item = String>,
    ) -> Self {
        self.parameters.insert(name, values.into_iter().collect());
        self
    }

    /// Gives it this many points.
    #[must_use]
    pub const fn with_points(mut self, points: i32) -> Self {
        self.points = points;
        self
    }

    /// Who helps out, and when.
    #[must_use]
    pub fn with_fallback(mut self, fallback: Fallback, after: Duration) -> Self {
        self.fallback = fallback;
        self.fallback_after_millis = crate::millis(after);
        self
    }

    fn conditions(&self) -> usize {
        [
            self.channel.is_some(),
            self.main.is_some(),
            self.sub.is_some(),
            self.grade.is_some(),
        ]
        .into_iter()
        .filter(|set| *set)
        .count()
            + self.parameters.len()
    }

    fn matches(&self, request: &Request) -> bool {
        let category = request.category.as_ref();
        let same = |wanted: &Option<Word>, there: Option<&Word>| {
            wanted.is_none() || wanted.as_ref() == there
        };
        self.channel
            .as_ref()
            .is_none_or(|channel| *channel == request.channel)
            && same(&self.main, category.map(|it| &it.main))
            && same(&self.sub, category.and_then(|it| it.sub.as_ref()))
            && same(&self.grade, request.grade.as_ref())
            && self.parameters.iter().all(|(name, values)| {
                request
                    .parameters
                    .get(name)
                    .is_some_and(|value| values.is_empty() || values.contains(value))
            })
    }
}

impl Settings {
    /// The rows that match a request, in the order they are asked.
    #[must_use]
    pub fn rules_for(&self, request: &Request) -> Vec<&Rule> {
        let mut rules: Vec<_> = self
            .rules
            .iter()
            .filter(|rule| rule.matches(request))
            .collect();
        rules.sort_by_key(|rule| (Reverse(rule.priority), Reverse(rule.conditions()), rule.id));
        rules
    }
}

#[cfg(test)]
mod tests {
    use happytalk_core::event::Category;

    use super::*;
    use crate::settings::Queue;

    #[test]
    fn the_highest_priority_wins_then_more_conditions_then_the_lower_id() {
        let word = |text: &str| text.parse::<Word>().unwrap();
        let queue = || "main".parse::<QueueId>().unwrap();
        let row = |id| Rule::new(RuleId(id), queue());
        let mut settings = Settings::new(Queue::new(queue()));
        settings.rules = vec![
            row(9).with_main(word("배송")),
            row(8).with_main(word("배송")),
            row(7).with_sub(word("배송"), word("지연")),
            row(6).with_channel(ChannelName::WEBCHAT),
            row(5).with_grade(word("vip")).with_priority(1),
            row(4).with_parameter("campaign".to_owned(), ["spring".to_owned()]),
            row(3).with_parameter("campaign".to_owned(), []),
        ];
        let ids = |request: &Request| -> Vec<u32> {
            let rules = settings.rules_for(request);
            rules.iter().map(|rule| rule.id.0).collect()
        };
        let mut request = Request::new(ChannelName::KAKAO_CONSULT);
        assert!(ids(&request).is_empty());
        let mut category = Category::new(word("배송"));
        category.sub = Some(word("지연"));
        request = request.with_category(category);
        assert_eq!(ids(&request), [7, 8, 9]);
        request.grade = Some(word("vip"));
        assert_eq!(ids(&request), [5, 7, 8, 9]);
        request.channel = ChannelName::WEBCHAT;
        request
            .parameters
            .insert("campaign".to_owned(), "winter".to_owned());
        assert_eq!(ids(&request), [5, 7, 3, 6, 8, 9]);
        let shown = format!("{request:?}");
        assert!(shown.contains("campaign") && !shown.contains("winter"));
    }
}
