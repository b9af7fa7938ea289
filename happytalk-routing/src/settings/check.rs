//! Settings that no router could work with.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::QueueId;
use happytalk_core::time::Zone;

use crate::error::Error;
use crate::settings::{Queue, Settings};

/// More queues than this are refused.
pub(crate) const QUEUES_MAX: usize = 10_000;

impl Settings {
    /// Looks for what no router could work with.
    ///
    /// # Errors
    /// [`Error::DuplicateQueue`], [`Error::DuplicateRule`], [`Error::TooManyQueues`]; [`Error::UnknownQueue`] where the
    /// default queue, a rule or an overflow names none of the queues; [`Error::OverflowCycle`] where a queue would come
    /// to help itself out; [`Error::UnknownZone`].
    pub fn check(&self) -> Result<(), Error> {
        let mut queues = BTreeMap::new();
        for queue in &self.queues {
            if queues.insert(&queue.id, queue).is_some() {
                return Err(Error::DuplicateQueue);
            }
        }
        if queues.len() > QUEUES_MAX {
            return Err(Error::TooManyQueues {
                queues_max: QUEUES_MAX,
            });
        }
        if !queues.contains_key(&self.default_queue) {
            return Err(Error::UnknownQueue);
        }
        let mut rules = BTreeSet::new();
        for rule in &self.rules {
            if !rules.insert(rule.id) {
                return Err(Error::DuplicateRule);
            }
            if !queues.contains_key(&rule.queue) {
                return Err(Error::UnknownQueue);
            }
        }
        for queue in &self.queues {
            chain(&queues, queue)?;
        }
        Zone::named(self.zone.as_str())
            .map(|_| ())
            .map_err(|_| Error::UnknownZone)
    }
}

/// Follows the overflow of a queue to its end.
fn chain(queues: &BTreeMap<&QueueId, &Queue>, first: &Queue) -> Result<(), Error> {
    let mut seen = BTreeSet::from([&first.id]);
    let mut queue = first;
    while let Some(overflow) = &queue.overflow {
        queue = queues.get(&overflow.to).ok_or(Error::UnknownQueue)?;
        if !seen.insert(&queue.id) {
            return Err(Error::OverflowCycle {
                queue: first.id.clone(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Overflow, Rule, RuleId};

    #[test]
    fn settings_of_three_words_are_whole_and_a_misspelt_one_is_refused() {
        let text = r#"{"queues":[{"id":"main"}],"default_queue":"main"}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(settings, Settings::new(Queue::new("main".parse().unwrap())));
        let written = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<Settings>(&written).unwrap(),
            settings
        );
        let misspelt = text.replace("\"default_queue\"", "\"waiting_maxx\":1,\"default_queue\"");
        assert!(serde_json::from_str::<Settings>(&misspelt).is_err());
    }

    #[test]
    fn a_member_that_is_not_known_is_refused_inside_of_a_choice_too() {
        let read = |queue: &str, rest: &str| {
            let text =
                format!(r#"{{"queues":[{{"id":"main"{queue}}}],"default_queue":"main"{rest}}}"#);
            serde_json::from_str::<Settings>(&text).is_ok()
        };
        for (queue, rest) in [
            (r#","pool":{"of":{"agents":["kim"],"?":1}}"#, ""),
            ("", r#","priority":{"aging":{"millis_per_point":1,"?":1}}"#),
            (
                "",
                r#","priority":{"slack":{"answer_within_millis":1,"millis_per_point":1,"?":1}}"#,
            ),
            ("", r#","on_logout":{"requeue_after":{"millis":1,"?":1}}"#),
        ] {
            assert!(!read(queue, rest), "{queue}{rest}");
            let known = |text: &str| text.replace(r#","?":1"#, "");
            assert!(read(&known(queue), &known(rest)), "{queue}{rest}");
        }
    }

    #[test]
    fn two_queues_of_one_name_and_a_default_that_is_none_are_refused() {
        let queue = |id: &str| Queue::new(id.parse().unwrap());
        let twice = Settings::new(queue("a")).with_queue(queue("a"));
        assert_eq!(twice.check(), Err(Error::DuplicateQueue));
        let mut lost = Settings::new(queue("a"));
        lost.default_queue = "b".parse().unwrap();
        assert_eq!(lost.check(), Err(Error::UnknownQueue));
    }

    #[test]
    fn case_52_an_overflow_that_comes_round_is_refused_and_one_that_ends_is_not() {
        let queue = |id: &str, to: &str| {
            let queue = Queue::new(id.parse().unwrap());
            match to {
                "" => queue,
                to => queue.with_overflow(Overflow::to(to.parse().unwrap())),
            }
        };
        let settings = Settings::new(queue("a", "b")).with_queue(queue("b", "a"));
        let Err(Error::OverflowCycle { queue: found }) = settings.check() else {
            panic!("a cycle passed");
        };
        assert_eq!(found.as_str(), "a");
        let own = Settings::new(queue("a", "a"));
        assert!(matches!(own.check(), Err(Error::OverflowCycle { .. })));
        let lost = Settings::new(queue("a", "z"));
        assert_eq!(lost.check(), Err(Error::UnknownQueue));
        let sound = Settings::new(queue("a", "b"))
            .with_queue(queue("b", "c"))
            .with_queue(queue("c", ""));
        assert_eq!(sound.check(), Ok(()));
    }

    #[test]
    fn rules_that_share_an_id_and_zones_that_are_none_are_refused() {
        let row = || Rule::new(RuleId(1), "a".parse().unwrap());
        let mut settings = Settings::new(Queue::new("a".parse().unwrap())).with_rule(row());
        assert_eq!(settings.check(), Ok(()));
        let twice = settings.clone().with_rule(row());
        assert_eq!(twice.check(), Err(Error::DuplicateRule));
        settings.zone = "Asia/Nowhere".parse().unwrap();
        assert_eq!(settings.check(), Err(Error::UnknownZone));
    }
}
