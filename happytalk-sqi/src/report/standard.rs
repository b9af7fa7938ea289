//! The metrics that centres elsewhere are led by, next to the eight indicators (DOMAIN 6.9).

use serde::Serialize;

use super::Rate;
use crate::cell::{Cell, Counts, Time};
use crate::options::Standard;
use crate::samples::mean;

/// The standard metrics of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StandardRow {
    /// An agent was asked for, and it ended.
    pub offered: u64,
    /// A human agent answered.
    pub answered: u64,
    /// Left before any answer; without those who left too soon, where there is such a limit.
    pub abandoned: u64,
    /// Left too soon to count: see [`Options::short_abandon`](crate::Options::short_abandon).
    pub short_abandoned: u64,
    /// Abandoned of answered and abandoned together, without those who left too soon.
    pub abandonment: Rate,
    /// How many were answered in time, from the customer's request and from the agent's assignment.
    pub service_level: ServiceLevels,
    /// ASA: the mean time from the request to the answer. In milliseconds.
    pub asa_ms: Option<u64>,
    /// AHT: the mean of talk and after-work. In milliseconds.
    pub aht_ms: Option<u64>,
    /// How long the agent waits at a time.
    pub agent_wait_interval: Interval,
    /// How long the customer waits at a time.
    pub customer_wait_interval: Interval,
    /// Conversations that were transferred here.
    pub transfers_in: u64,
    /// Conversations that were transferred away.
    pub transfers_out: u64,
    /// Transfers to here, of those answered.
    pub transfer_rate: Rate,
    /// Reopened, of those answered.
    pub reopen_rate: Rate,
    /// Ended by a rule before any answer, of those answered.
    pub missed_rate: Rate,
    /// FCR: closed, and the customer did not come back with the same main category in time, of those closed.
    pub first_contact: Rate,
    /// CSAT (만족도): 4 and 5, of all scores of five.
    pub csat: Rate,
    /// The mean score of five, in hundredths, rounded half up.
    pub csat_mean_hundredths: Option<u64>,
    /// NPS, of the scores of ten.
    pub nps: Nps,
    /// Those who gave a score, of those who were asked for one.
    pub response_rate: Rate,
}

/// The service level on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceLevels {
    /// The limit, which is within. In milliseconds.
    pub within_ms: u64,
    /// From the request: how long the customer waits.
    pub customer: ServiceLevel,
    /// From the assignment: how long the agent takes.
    pub agent: ServiceLevel,
}

/// The four service levels that are in use. Whoever compares numbers has to know which of them one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceLevel {
    /// Answered in time, of all offered.
    pub sl1: Rate,
    /// Answered in time, of all offered but those who left too soon.
    pub sl2: Rate,
    /// Answered in time, of all answered.
    pub sl3: Rate,
    /// Answered or abandoned in time, of all offered.
    pub sl4: Rate,
}

/// A wait at a time: from one turn of the talk to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Interval {
    /// How many there were.
    pub count: u64,
    /// How long one is. In milliseconds.
    pub mean_ms: Option<u64>,
}

/// The net promoter score: who would recommend (9, 10), less who would not (0 to 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Nps {
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
    /// From -10 000 to 10 000, rounded half up: 3000 is +30. None of none.
    pub score_hundredths: Option<i64>,
}

impl Nps {
    fn new(of_ten: &[u64; 11]) -> Self {
        let (low, high) = of_ten.split_at(7);
        let (middle, top) = high.split_at(2);
        let sum = |counts: &[u64]| counts.iter().sum::<u64>();
        let (promoters, passives, detractors) = (sum(top), sum(middle), sum(low));
        let all = i128::from(promoters) + i128::from(passives) + i128::from(detractors);
        let net = i128::from(promoters) - i128::from(detractors);
        Self {
            promoters,
            passives,
            detractors,
            score_hundredths: (all > 0)
                .then(|| (net * 20_000 + all).div_euclid(2 * all))
                .and_then(|score| i64::try_from(score).ok()),
        }
    }
}

impl ServiceLevel {
    const fn new(
        offered: u64,
        short: u64,
        answered: u64,
        answered_within: u64,
        abandoned_within: u64,
    ) -> Self {
        Self {
            sl1: Rate::new(answered_within, offered),
            sl2: Rate::new(answered_within, offered.saturating_sub(short)),
            sl3: Rate::new(answered_within, answered),
            sl4: Rate::new(answered_within + abandoned_within, offered),
        }
    }
}

impl StandardRow {
    pub(crate) fn new(cell: &Cell, standard: &Standard, abandoned: u64, repeats: u64) -> Self {
        let counts = &cell.counts;
        let offered = counts.abandonable + counts.short;
        let interval = |time: Time, count: u64| Interval {
            count,
            mean_ms: cell
                .time(time)
                .spread
                .filter(|_| count > 0)
                .map(|spread| mean(spread.sum_ms, count)),
        };
        let mean_of = |time: Time| cell.time(time).spread.map(|spread| spread.mean_ms);
        let of_answered = |count: u64| Rate::new(count, counts.answered);
        let five: u64 = counts.of_five.iter().sum();
        let ten: u64 = counts.of_ten.iter().sum();
        Self {
            offered,
            answered: counts.answered,
            abandoned,
            short_abandoned: counts.short,
            abandonment: Rate::new(abandoned, counts.answered + abandoned),
            service_level: ServiceLevels::new(counts, offered, standard),
            asa_ms: mean_of(Time::FromRequest),
            aht_ms: mean_of(Time::Total),
            agent_wait_interval: interval(Time::AgentWait, counts.agent_wait_intervals),
            customer_wait_interval: interval(Time::CustomerWait, counts.customer_wait_intervals),
            transfers_in: counts.transfers_in,
            transfers_out: counts.transfers_out,
            transfer_rate: of_answered(counts.transfers_in),
            reopen_rate: of_answered(counts.reopened),
            missed_rate: of_answered(counts.missed),
            first_contact: Rate::new(counts.closed.saturating_sub(repeats), counts.closed),
            csat: Rate::new(counts.of_five.iter().rev().take(2).sum(), five),
            csat_mean_hundredths: (five > 0).then(|| {
                let points = (0_u128..)
                    .zip(counts.of_five)
                    .map(|(score, count)| score * u128::from(count));
                mean(100 * points.sum::<u128>(), five)
            }),
            nps: Nps::new(&counts.of_ten),
            response_rate: Rate::new(five + ten, counts.surveyed),
        }
    }
}

impl ServiceLevels {
    fn new(counts: &Counts, offered: u64, standard: &Standard) -> Self {
        Self {
            within_ms: u64::try_from(standard.within.as_millis()).unwrap_or(u64::MAX),
            customer: ServiceLevel::new(
                offered,
                counts.short,
                counts.answered,
                counts.answered_within,
                counts.abandoned_within,
            ),
            agent: ServiceLevel::new(
                counts.assigned,
                counts.assigned_short,
                counts.assigned_answered,
                counts.assigned_answered_within,
                counts.assigned_abandoned_within,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_answers_of_which_five_recommend_and_two_do_not_are_thirty() {
        let nps = Nps::new(&[1, 0, 0, 0, 0, 0, 1, 2, 1, 2, 3]);
        assert_eq!((nps.promoters, nps.passives, nps.detractors), (5, 3, 2));
        assert_eq!(nps.score_hundredths, Some(3_000));
        let third = Nps::new(&[2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        assert_eq!(third.score_hundredths, Some(-3_333));
        assert_eq!(Nps::new(&[0; 11]).score_hundredths, None);
    }
}
