//! Where webhooks and commands come in.

use std::fmt;
use std::sync::Arc;

use futures_channel::oneshot;
use happytalk_core::channel::Verdict;
use happytalk_core::id::AccountId;
use happytalk_core::payment::PaymentHandler;
use happytalk_core::time::Timestamp;
use happytalk_core::{ChannelName, Inbound, InboundKind};

use super::Channels;
use super::inbox::{Job, Slot};
use crate::Error;
use crate::desk::DeskCommand;

/// Where webhooks and commands come in, from any number of tasks.
///
/// At most 4 096 webhooks and commands wait to be taken in, whichever clone they came by. What came in is taken in also
/// when the future that waits for its answer is dropped.
#[derive(Clone)]
pub struct Entrance {
    slot: Slot,
    channels: Arc<Channels>,
    payments: Option<Arc<dyn PaymentHandler>>,
}

impl fmt::Debug for Entrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entrance({} channels)", self.channels.len())
    }
}

impl Entrance {
    pub(super) const fn new(slot: Slot, channels: Arc<Channels>) -> Self {
        Self {
            slot,
            channels,
            payments: None,
        }
    }

    pub(super) fn set_channels(&mut self, channels: Arc<Channels>) {
        self.channels = channels;
    }

    pub(super) fn set_payments(&mut self, payments: Arc<dyn PaymentHandler>) {
        self.payments = Some(payments);
    }

    /// Takes one webhook call of a platform and gives the answer it expects, once what it said is committed. The
    /// account is that of the route the call came in by: the platforms sign nothing, so each account has a route of
    /// its own that nobody can guess. Where the wire names no account, it is that one.
    ///
    /// A payment that the platform asks about is approved where the centre's [`PaymentHandler`] says so, once it was told
    /// the rest: it is declined where there is none.
    ///
    /// What is not the platform's shape is answered as refused, and what cannot be taken in now as failed.
    pub async fn receive(
        &self,
        channel: &ChannelName,
        account: &AccountId,
        request: http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> http::Response<Vec<u8>> {
        let Some(channel) = self.channels.get(&(channel.clone(), account.clone())) else {
            let mut response = http::Response::new(Vec::new());
            *response.status_mut() = http::StatusCode::NOT_FOUND;
            return response;
        };
        let verdict = match channel.receive(&request, now) {
            Err(_) => Verdict::Refused,
            Ok(inbounds) if inbounds.is_empty() => Verdict::Accepted,
            Ok(mut inbounds) => {
                for inbound in &mut inbounds {
                    inbound.account.get_or_insert_with(|| account.clone());
                }
                let is_paid = |inbound: &&Inbound| matches!(inbound.what, InboundKind::Paid { .. });
                let paid = inbounds.iter().find(is_paid).cloned();
                let (taken, verdict) = oneshot::channel();
                let verdict = match self.slot.put(Job::Inbound { inbounds, taken }) {
                    Ok(()) => verdict.await.unwrap_or(Verdict::Failed),
                    Err(_) => Verdict::Failed,
                };
                match paid {
                    Some(paid) if verdict == Verdict::Accepted => self.decide(&paid).await,
                    _ => verdict,
                }
            }
        };
        channel.reply(&request, &verdict)
    }

    async fn decide(&self, paid: &Inbound) -> Verdict {
        match &self.payments {
            Some(payments) if payments.approve(paid).await => Verdict::Approve,
            _ => Verdict::Decline,
        }
    }

    /// Gives a command and waits until it is committed or refused.
    ///
    /// # Errors
    /// What the desk says, [`Error::Store`] when it was not committed or nobody knows yet whether it was: give the same
    /// command again. [`Error::Full`] when too much waits, [`Error::Gone`] when the centre was dropped.
    pub async fn command(&self, command: DeskCommand) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        self.slot.put(Job::Command {
            command: Box::new(command),
            answer,
        })?;
        answered.await.unwrap_or(Err(Error::Gone))
    }
}
