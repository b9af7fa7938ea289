//! The rules of a price book: how its figures are applied, by name.

use happytalk_core::{Rounding, Won};
use serde::{Deserialize, Serialize};

use crate::settings::{Boundary, DayCasePolicy};

/// How VAT (부가세, 10 %) is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VatRule {
    /// `floor_won`: down to the won (원 미만 절사). The default.
    #[default]
    FloorWon,
    /// `half_up_won`: to the nearest won, a half up.
    HalfUpWon,
    /// `floor_10_won`: down to ten won (10원 미만 절사).
    #[serde(rename = "floor_10_won")]
    Floor10Won,
}

impl VatRule {
    /// The VAT on top of `supply` (공급가액). `None` when it does not fit.
    #[must_use]
    pub fn on_top(self, supply: Won) -> Option<Won> {
        self.share(supply, 100)
    }

    /// The VAT inside of `paid`. `None` when it does not fit.
    #[must_use]
    pub fn inside(self, paid: Won) -> Option<Won> {
        self.share(paid, 110)
    }

    /// A correction turns the sign and keeps the size: what is taken back is what was charged.
    fn share(self, amount: Won, whole: u32) -> Option<Won> {
        if amount < Won::ZERO {
            return self.share(amount.checked_neg()?, whole)?.checked_neg();
        }
        match self {
            Self::FloorWon => amount.share(10, whole, Rounding::Floor),
            Self::HalfUpWon => amount.share(10, whole, Rounding::HalfUp),
            Self::Floor10Won => amount
                .share(1, whole, Rounding::Floor)
                .and_then(|tenth| tenth.checked_mul(10)),
        }
    }
}

/// Whether VAT is inside an amount or comes on top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "VAT is inside or it is not")]
pub enum VatTerms {
    /// `included`. Of a top-up: the amount is what was paid. Of prices: the balance is spent with its VAT.
    Included,
    /// `excluded`. Of a top-up: the amount is what the balance gets. Of prices: the balance holds no VAT.
    Excluded,
}

/// Over what VAT is rounded once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VatPer {
    /// `document`: the sum of a tax document. The default.
    #[default]
    Document,
    /// `line`: each line of it.
    Line,
}

/// What a tax document (세금계산서) is issued for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaxBase {
    /// `top_up`: for what was paid in, when it was. The default.
    #[default]
    TopUp,
    /// `consumption`: for the paid cash that a month used.
    Consumption,
}

/// What a part of a month costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Proration {
    /// `floor_days`: `floor(fee × days left ÷ days of the month)`, that day included. The default.
    #[default]
    FloorDays,
    /// `half_up_days`: the same, a half won up.
    HalfUpDays,
    /// `whole_month`: the whole fee, however late.
    WholeMonth,
}

/// How the figures of a price book are applied. Every member of the JSON may be left out; it is then as in the period
/// before, in the first period as said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rules {
    /// How VAT is rounded.
    pub vat: VatRule,
    /// Whether prices, and with them the balance, have their VAT inside; excluded by default.
    pub prices: VatTerms,
    /// Over what VAT is rounded.
    pub vat_per: VatPer,
    /// What a tax document is issued for.
    pub tax_base: TaxBase,
    /// What a part of a month costs.
    pub proration: Proration,
    /// What a day-case is, where the site's settings do not say; per customer and day by default.
    pub day_case: DayCasePolicy,
    /// Where the day of a day-case ends, where the settings do not say; the policy's own by default.
    pub boundary: Boundary,
    /// How many days a fee may stay uncovered before the site is suspended; 7 by default, at most 366.
    pub grace_days: u16,
    /// The credit limit for live conversations in day-cases, where the settings name none; 10 by default.
    pub credit_day_cases: u16,
    /// What is kept of paid cash that is paid out, in per cent; 10 by default, at most 100.
    pub refund_fee_percent: u8,
    /// For how many days after its top-up untouched cash is paid out whole; 7 by default, at most 366.
    pub refund_free_days: u16,
    /// How long a trial (무료 체험) is in days, for the host that offers one; 14 by default, at most 366.
    pub trial_days: u16,
    /// At which parts of last month's use the balance is told to be low, in per cent; 30 and 10 by default, at most 8,
    /// each from 1 to 100. At zero it always is.
    pub alert_percents: Vec<u8>,
    /// How often an automatic top-up is asked for at the most, in minutes; 10 by default.
    pub auto_top_up_pause_min: u16,
}

impl Default for Rules {
    fn default() -> Self {
        let day_case = DayCasePolicy::PerCustomerDay;
        Self {
            vat: VatRule::FloorWon,
            prices: VatTerms::Excluded,
            vat_per: VatPer::Document,
            tax_base: TaxBase::TopUp,
            proration: Proration::FloorDays,
            day_case,
            boundary: day_case.boundary(),
            grace_days: 7,
            credit_day_cases: 10,
            refund_fee_percent: 10,
            refund_free_days: 7,
            trial_days: 14,
            alert_percents: vec![30, 10],
            auto_top_up_pause_min: 10,
        }
    }
}

/// What a period says of its rules.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesJson {
    vat: Option<VatRule>,
    prices: Option<VatTerms>,
    vat_per: Option<VatPer>,
    tax_base: Option<TaxBase>,
    proration: Option<Proration>,
    day_case: Option<DayCasePolicy>,
    boundary: Option<Boundary>,
    grace_days: Option<u16>,
    credit_day_cases: Option<u16>,
    refund_fee_percent: Option<u8>,
    refund_free_days: Option<u16>,
    trial_days: Option<u16>,
    alert_percents: Option<Vec<u8>>,
    auto_top_up_pause_min: Option<u16>,
}

impl Rules {
    const DAYS_MAX: u16 = 366;
    const ALERTS_MAX: usize = 8;

    /// These rules after what a period says; `None` where it says what cannot be.
    pub(crate) fn with(&self, json: RulesJson) -> Option<Self> {
        let day_case = json.day_case.unwrap_or(self.day_case);
        let own_boundary = if json.day_case.is_some() {
            day_case.boundary()
        } else {
            self.boundary
        };
        let mut rules = Self {
            vat: json.vat.unwrap_or(self.vat),
            prices: json.prices.unwrap_or(self.prices),
            vat_per: json.vat_per.unwrap_or(self.vat_per),
            tax_base: json.tax_base.unwrap_or(self.tax_base),
            proration: json.proration.unwrap_or(self.proration),
            day_case,
            boundary: json.boundary.unwrap_or(own_boundary),
            grace_days: json.grace_days.unwrap_or(self.grace_days),
            credit_day_cases: json.credit_day_cases.unwrap_or(self.credit_day_cases),
            refund_fee_percent: json.refund_fee_percent.unwrap_or(self.refund_fee_percent),
            refund_free_days: json.refund_free_days.unwrap_or(self.refund_free_days),
            trial_days: json.trial_days.unwrap_or(self.trial_days),
            alert_percents: json
                .alert_percents
                .unwrap_or_else(|| self.alert_percents.clone()),
            auto_top_up_pause_min: json
                .auto_top_up_pause_min
                .unwrap_or(self.auto_top_up_pause_min),
        };
        rules.alert_percents.sort_unstable_by(|a, b| b.cmp(a));
        rules.alert_percents.dedup();
        let days = [rules.grace_days, rules.refund_free_days, rules.trial_days];
        let fits = days.iter().all(|days| *days <= Self::DAYS_MAX)
            && rules.refund_fee_percent <= 100
            && rules.alert_percents.len() <= Self::ALERTS_MAX
            && rules
                .alert_percents
                .iter()
                .all(|part| (1..=100).contains(part));
        fits.then_some(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won(won: i64) -> Won {
        Won::from_won(won).unwrap()
    }

    #[test]
    fn vat_is_cut_to_the_won_unless_the_book_says_otherwise() {
        assert_eq!(VatRule::FloorWon.inside(won(110_000)), Some(won(10_000)));
        assert_eq!(VatRule::FloorWon.inside(won(100_000)), Some(won(9_090)));
        assert_eq!(VatRule::HalfUpWon.inside(won(100_000)), Some(won(9_091)));
        assert_eq!(VatRule::Floor10Won.on_top(won(12_345)), Some(won(1_230)));
        assert_eq!(VatRule::FloorWon.on_top(won(12_345)), Some(won(1_234)));
    }

    #[test]
    fn the_vat_of_a_correction_is_the_vat_of_what_it_corrects() {
        for rule in [VatRule::FloorWon, VatRule::HalfUpWon, VatRule::Floor10Won] {
            for supply in [1, 9, 10, 15, 12_345, 12_355] {
                let there = rule.on_top(won(supply)).unwrap();
                let back = rule.on_top(won(-supply)).unwrap();
                assert_eq!(
                    there.checked_add(back),
                    Some(Won::ZERO),
                    "{rule:?} {supply}"
                );
            }
        }
    }

    #[test]
    fn rules_are_kept_from_the_period_before() {
        let read = |text: &str| serde_json::from_str::<RulesJson>(text).unwrap();
        let per_session = Rules::default()
            .with(read(r#"{"day_case":"per_session","grace_days":3}"#))
            .unwrap();
        assert_eq!(per_session.boundary, Boundary::FOUR);
        let later = per_session.with(read(r#"{"vat":"half_up_won"}"#)).unwrap();
        assert_eq!((later.grace_days, later.boundary), (3, Boundary::FOUR));
        assert_eq!(later.vat, VatRule::HalfUpWon);
        assert_eq!(
            Rules::default().with(RulesJson::default()),
            Some(Rules::default())
        );
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        for wrong in [
            r#"{"grace_days":367}"#,
            r#"{"refund_fee_percent":101}"#,
            r#"{"alert_percents":[0]}"#,
            r#"{"alert_percents":[1,2,3,4,5,6,7,8,9]}"#,
        ] {
            let json = serde_json::from_str(wrong).unwrap();
            assert_eq!(Rules::default().with(json), None, "{wrong}");
        }
    }
}
