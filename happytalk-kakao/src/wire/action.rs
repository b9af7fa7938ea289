//! What is asked of the platform, as the calls that ask it.

use happytalk_core::{Action, Outbound};

use super::call::{Api, Call};
use super::chat_end::ChatEnd;
use super::chat_write;
use super::endpoint::Endpoint;
use super::user_block::UserBlock;
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;

/// All the requests of `outbound`, in their order; none where one of them could not be made.
pub(crate) fn calls(outbound: &Outbound, config: &Config, api: &Api) -> Result<Vec<Call>, Error> {
    if outbound.account != config.sender_key {
        return Err(Error::WrongAccount);
    }
    let one = |call: Result<Call, Error>| call.map(|call| vec![call]);
    match &outbound.action {
        Action::Say { content } => match api.dialect() {
            Dialect::HappytalkV1 | Dialect::Hub => chat_write::messages(outbound, content, config)?
                .iter()
                .map(|message| api.post(Endpoint::ChatWrite, message))
                .collect(),
            Dialect::HappytalkV3 | Dialect::Bizgo => Err(Error::NotCarried { what: "say" }),
        },
        Action::End {} => one(api.post(Endpoint::ChatEnd, &ChatEnd::new(outbound))),
        Action::Block {} => one(api.post(Endpoint::UserBlock, &UserBlock::new(outbound))),
        Action::Unblock {} => one(api.post(Endpoint::UserUnblock, &UserBlock::new(outbound))),
        other => Err(Error::NotCarried { what: other.kind() }),
    }
}
