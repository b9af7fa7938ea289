//! The port through which a platform's question about a payment is answered (네이버페이 결제 승인).

use std::fmt;

use crate::inbound::Inbound;

/// Decides about the payments that a platform asks about.
///
/// # Contract
/// Answers within the platform's limit (five seconds on TalkTalk), and the same payment in the same way: a platform may
/// ask again.
#[async_trait::async_trait]
pub trait PaymentHandler: fmt::Debug + Send + Sync {
    /// Whether the payment that `paid` tells of, an [`InboundKind::Paid`](crate::InboundKind::Paid), is approved.
    async fn approve(&self, paid: &Inbound) -> bool;
}
