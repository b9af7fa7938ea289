//! What falls due by itself.

use happytalk_core::Timestamp;
use happytalk_core::time::Date;

use super::draft::Draft;
use super::{Ledger, LedgerEvent};
use crate::entry::Key;
use crate::error::Error;
use crate::plan::Plan;

impl Ledger {
    /// When the next thing falls due by itself; `None` while nothing will.
    #[must_use]
    pub const fn next_deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    pub(super) fn first_deadline(&self) -> Option<Timestamp> {
        let expiry = self.purse.first_to_expire().map(|(lot, _)| lot.expires_at);
        let reservation = self.reservations.first_to_expire().map(|(at, _)| at);
        let plan = self.plan.as_ref();
        let trial = plan.and_then(|plan| plan.trial_until);
        let month = plan.and_then(|plan| plan.next_month_at);
        let mut first = month;
        for deadline in [reservation, expiry, self.suspension(), trial] {
            if deadline.is_some() && (first.is_none() || deadline < first) {
                first = deadline;
            }
        }
        first
    }

    /// When the site will be suspended, if nothing is paid before.
    fn suspension(&self) -> Option<Timestamp> {
        let due = self.dues.front().filter(|_| !self.suspended)?;
        Some(due.grace_until)
    }

    /// The first of: a reservation's end, an expiry, a suspension, the end of a trial, the 1st of a month; in this order
    /// where they fall together.
    pub(super) fn fall_due(&self, draft: &mut Draft<'_>) -> Result<(), Error> {
        let now = draft.now();
        let Some(deadline) = self.next_deadline().filter(|deadline| *deadline <= now) else {
            return Ok(());
        };
        if let Some((at, id)) = self.reservations.first_to_expire()
            && at == deadline
        {
            let key = Key::made(&format!("release/{}", id.as_str()));
            return draft.release(id, (&key).into());
        }
        if let Some((lot, left)) = self.purse.first_to_expire()
            && lot.expires_at == deadline
        {
            return draft.expire(lot, left);
        }
        if self.suspension() == Some(deadline) {
            draft.push(LedgerEvent::Suspended { at: now });
            return Ok(());
        }
        let Some(plan) = &self.plan else {
            return Ok(());
        };
        if plan.trial_until == Some(deadline) {
            let date = self.zone.date(deadline);
            let ended = Plan {
                trial_until: None,
                priced_on: date,
                ..plan.clone()
            };
            draft.push(LedgerEvent::PlanChanged(ended));
            // A trial that ends as a month begins leaves the charge to that month.
            if date.first_of_month() == plan.month {
                let charges = Plan::rest_of_month(&plan.cover, &self.book, date)?;
                let key = Key::made(&format!("account_fee/{}/trial", month_name(date)));
                draft.fees(charges, (&key).into())?;
            }
            return Ok(());
        }
        let next = plan.next_month(&self.zone);
        let date = next.month;
        let charged = next.trial_until.is_none();
        let charges = if charged {
            Plan::monthly(&next.cover, &self.book, date)?
        } else {
            Vec::new()
        };
        draft.push(LedgerEvent::PlanChanged(next));
        let key = Key::made(&format!("account_fee/{}", month_name(date)));
        draft.fees(charges, (&key).into())
    }
}

fn month_name(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}
