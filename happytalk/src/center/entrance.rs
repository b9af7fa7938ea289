//! Where webhooks and commands come in.

use std::fmt;
use std::sync::Arc;

use futures_channel::{mpsc, oneshot};
use happytalk_core::ChannelName;
use happytalk_core::channel::Verdict;
use happytalk_core::id::AccountId;
use happytalk_core::time::Timestamp;

use super::{Channels, Job};
use crate::Error;
use crate::desk::DeskCommand;

/// Where webhooks and commands come in, from any number of tasks.
#[derive(Clone)]
pub struct Entrance {
    inbox: mpsc::Sender<Job>,
    channels: Arc<Channels>,
}

impl fmt::Debug for Entrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entrance({} channels)", self.channels.len())
    }
}

impl Entrance {
    pub(super) const fn new(inbox: mpsc::Sender<Job>, channels: Arc<Channels>) -> Self {
        Self { inbox, channels }
    }

    pub(super) fn set_channels(&mut self, channels: Arc<Channels>) {
        self.channels = channels;
    }

    /// Takes one webhook call of a platform and gives the answer it expects, once what it said is committed. The
    /// account is that of the route the call came in by: the platforms sign nothing, so each account has a route of
    /// its own that nobody can guess.
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
            Ok(inbounds) => {
                let (taken, verdict) = oneshot::channel();
                match self
                    .inbox
                    .clone()
                    .try_send(Job::Inbound { inbounds, taken })
                {
                    Ok(()) => verdict.await.unwrap_or(Verdict::Failed),
                    Err(_) => Verdict::Failed,
                }
            }
        };
        channel.reply(&request, &verdict)
    }

    /// Gives a command and waits until it is committed or refused.
    ///
    /// # Errors
    /// What the desk says, [`Error::Full`] when too much waits, [`Error::Gone`] when the centre was dropped.
    pub async fn command(&self, command: DeskCommand) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Command {
            command: Box::new(command),
            answer,
        };
        self.inbox.clone().try_send(job).map_err(|error| {
            if error.is_full() {
                Error::Full
            } else {
                Error::Gone
            }
        })?;
        answered.await.unwrap_or(Err(Error::Gone))
    }
}
