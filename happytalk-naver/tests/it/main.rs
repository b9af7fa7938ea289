//! The adapter from the outside.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod room;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod sandbox_consent;
#[cfg(test)]
mod sandbox_limits;
#[cfg(test)]
mod sandbox_stage;
#[cfg(test)]
mod sync_reply;
#[cfg(test)]
mod webhook;

#[cfg(test)]
mod desk {
    //! An adapter over a scripted platform, and something to send through it.

    use std::sync::Arc;

    use happytalk_core::channel::Receipt;
    use happytalk_core::testing::{ScriptedTransport, poll_once};
    use happytalk_core::{Action, Channel, ChannelError, Content, Outbound, Secret, Timestamp};
    use happytalk_naver::{Config, Naver};

    pub(crate) const ACCOUNT: &str = "wc1234";
    pub(crate) const CUSTOMER: &str = "al-2eGuGr5WQOnco1_V-FQ";
    pub(crate) const KEY: &str = "ct_AbCdEfGh1234";
    pub(crate) const TAKEN: &str = r#"{"success":true,"resultCode":"00"}"#;

    pub(crate) fn config() -> Config {
        Config::new(ACCOUNT.parse().unwrap(), Secret::new(KEY))
    }

    pub(crate) fn over(transport: &Arc<ScriptedTransport>) -> Naver {
        Naver::new(config(), transport.clone()).unwrap()
    }

    pub(crate) fn outbound(action: Action) -> Outbound {
        Outbound::new(
            "m-1".parse().unwrap(),
            ACCOUNT.parse().unwrap(),
            CUSTOMER.parse().unwrap(),
            action,
        )
    }

    pub(crate) fn say(content: Vec<Content>) -> Outbound {
        outbound(Action::Say { content })
    }

    pub(crate) fn send(naver: &Naver, outbound: &Outbound) -> Result<Receipt, ChannelError> {
        poll_once(naver.send(outbound, Timestamp::EPOCH)).expect("nothing waits")
    }
}
