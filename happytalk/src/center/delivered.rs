//! What a round of deliveries did.

use happytalk_billing::{Notice as LedgerNotice, TopUpRequest};
use happytalk_core::Inbound;
use happytalk_core::customer::Consent;
use happytalk_core::effect::{Approval, Notice};
use happytalk_core::id::{AgentId, ConversationId, EffectId};
use happytalk_core::log::Line;
use happytalk_routing::Explanation;

/// What [`ContactCenter::deliver`](super::ContactCenter::deliver) did, for the host to show and to log.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Delivered {
    /// The facts that were committed, in order. Over all calls: the whole log since the site was opened, each line once.
    pub lines: Vec<Line>,
    /// What agents should be told, and about which conversation.
    pub notices: Vec<(AgentId, ConversationId, Notice)>,
    /// What bots would say and somebody has to look at first, to be answered with
    /// [`DeskCommand::Approve`](crate::DeskCommand::Approve) under the effect's id. One that was not answered comes again
    /// when the site is opened.
    pub approvals: Vec<(EffectId, ConversationId, Approval)>,
    /// What platforms told that is the host's, each once: profiles that customers shared or took back, which must then be
    /// deleted, payments, deliveries, and what is not known. A process that stops before it has dealt with them is not told
    /// again.
    pub told: Vec<Inbound>,
    /// What customers agreed to, for the host to keep.
    pub consents: Vec<Consent>,
    /// What the site's owner should be told of the prepaid money.
    pub ledger_notices: Vec<LedgerNotice>,
    /// The automatic top-ups that are wanted: pay, and book a `top_up` under the key.
    pub top_ups_wanted: Vec<TopUpRequest>,
    /// Why conversations went where they went, where the routing settings ask for it.
    pub explanations: Vec<(ConversationId, Box<Explanation>)>,
    /// What came in and was passed over, by a code that never changes.
    pub passed_over: Vec<&'static str>,
    /// Effects that failed for good, by the adapter's code.
    pub failed: Vec<(EffectId, &'static str)>,
    /// Why the store did not take a batch or could not be read, where it did not: what waited for it was answered with
    /// a failure.
    pub store_failed: Option<&'static str>,
}

impl Delivered {
    /// Whether nothing happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.notices.is_empty()
            && self.approvals.is_empty()
            && self.told.is_empty()
            && self.consents.is_empty()
            && self.ledger_notices.is_empty()
            && self.top_ups_wanted.is_empty()
            && self.explanations.is_empty()
            && self.passed_over.is_empty()
            && self.failed.is_empty()
            && self.store_failed.is_none()
    }

    /// What happened here, and then there.
    pub(super) fn append(&mut self, mut then: Self) {
        self.lines.append(&mut then.lines);
        self.notices.append(&mut then.notices);
        self.approvals.append(&mut then.approvals);
        self.told.append(&mut then.told);
        self.consents.append(&mut then.consents);
        self.ledger_notices.append(&mut then.ledger_notices);
        self.top_ups_wanted.append(&mut then.top_ups_wanted);
        self.explanations.append(&mut then.explanations);
        self.passed_over.append(&mut then.passed_over);
        self.failed.append(&mut then.failed);
        self.store_failed = then.store_failed.or(self.store_failed);
    }
}
