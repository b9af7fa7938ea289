//! `POST /v1/profile/user/block` and `…/unblock`: a customer who may not write, and may again (고객 차단).
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/> (read 2026-11-21).

use happytalk_core::Outbound;
use serde::Serialize;

/// The body of either.
#[derive(Serialize)]
pub(crate) struct UserBlock<'a> {
    user_key: &'a str,
    sender_key: &'a str,
}

impl<'a> UserBlock<'a> {
    pub(crate) fn new(outbound: &'a Outbound) -> Self {
        Self {
            user_key: outbound.customer.as_str(),
            sender_key: outbound.account.as_str(),
        }
    }
}
