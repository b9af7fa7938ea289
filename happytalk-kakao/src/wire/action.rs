//! What is asked of the platform, as the calls that ask it.

use happytalk_core::id::{CustomerId, MessageId};
use happytalk_core::{Action, Outbound};

use super::call::{Api, Call};
use super::chat_send::ChatSend;
use super::chat_write::ChatWrite;
use super::endpoint::Endpoint;
use super::talk_end::about;
use super::tree::{Node, Spelled, Spelling};
use crate::bubble::{self, Bubble};
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::serial::serial_number;

/// The actions that a dialect has a documented call for.
pub(crate) const fn actions(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::HappytalkV1 | Dialect::Hub => &["say", "end", "block", "unblock"],
        Dialect::HappytalkV3 => &["say", "end", "end_with_bot", "block", "unblock"],
        Dialect::Bizgo => &["say", "end", "end_with_bot"],
    }
}

/// All the requests of `outbound`, in their order; none where one of them could not be made.
pub(crate) fn calls(outbound: &Outbound, config: &Config, api: &Api) -> Result<Vec<Call>, Error> {
    if outbound.account != config.sender_key {
        return Err(Error::WrongAccount);
    }
    let what = outbound.action.kind();
    if !actions(api.dialect()).contains(&what) {
        return Err(Error::NotCarried { what });
    }
    let one = |endpoint, event| {
        let node = about(outbound, event, spelling(api.dialect()));
        post(api, endpoint, &node).map(|call| vec![call])
    };
    match &outbound.action {
        Action::Say { content } => {
            let bubbles = bubble::bubbles(content)?;
            for bubble in &bubbles {
                bubble::check(bubble, config)?;
            }
            let calls = bubbles.iter().enumerate().map(|(index, bubble)| {
                let serial = serial_number(&outbound.id, index);
                said(
                    &outbound.customer,
                    &outbound.id,
                    &serial,
                    bubble,
                    config,
                    api,
                )
            });
            calls.collect()
        }
        Action::End {} => one(Endpoint::ChatEnd, None),
        Action::EndWithBot { event } => one(Endpoint::EndWithBot, bubble::event(event.as_deref())?),
        Action::Block {} => one(Endpoint::UserBlock, None),
        Action::Unblock {} => one(Endpoint::UserUnblock, None),
        _ => Err(Error::NotCarried { what }),
    }
}

/// The request that says one bubble, under the first of the serial numbers that its id has.
pub(crate) fn bubble_call(
    customer: &CustomerId,
    id: &MessageId,
    bubble: &Bubble,
    config: &Config,
    api: &Api,
) -> Result<Call, Error> {
    bubble::check(bubble, config)?;
    said(customer, id, &serial_number(id, 0), bubble, config, api)
}

fn said(
    customer: &CustomerId,
    id: &MessageId,
    serial: &str,
    bubble: &Bubble,
    config: &Config,
    api: &Api,
) -> Result<Call, Error> {
    let account = &config.sender_key;
    let dialect = api.dialect();
    let ours = match dialect {
        Dialect::HappytalkV1 | Dialect::Hub => {
            let body = ChatWrite::new(customer, account, serial, bubble)?;
            return api.post(Endpoint::ChatWrite, &body);
        }
        Dialect::HappytalkV3 => serial,
        // Every part has the message's own id: what becomes of one is told of the message.
        Dialect::Bizgo => id.as_str(),
    };
    let send = ChatSend {
        customer,
        account,
        ours,
        spelling: spelling(dialect),
        keys: config.button_keys,
    };
    let (endpoint, body) = send.body(bubble);
    post(api, endpoint, &body)
}

pub(super) const fn spelling(dialect: Dialect) -> Spelling {
    match dialect {
        Dialect::HappytalkV1 | Dialect::HappytalkV3 | Dialect::Hub => Spelling::Snake,
        Dialect::Bizgo => Spelling::Camel,
    }
}

pub(super) fn post(api: &Api, endpoint: Endpoint, body: &Node<'_>) -> Result<Call, Error> {
    api.post(endpoint, &Spelled(body, spelling(api.dialect())))
}
