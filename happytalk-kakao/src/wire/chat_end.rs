//! `POST /v1/chat/end`: ends the session (상담 종료).
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/> (read 2026-11-21).

use happytalk_core::Outbound;
use serde::Serialize;

/// The body.
#[derive(Serialize)]
pub(crate) struct ChatEnd<'a> {
    user_key: &'a str,
    sender_key: &'a str,
}

impl<'a> ChatEnd<'a> {
    pub(crate) fn new(outbound: &'a Outbound) -> Self {
        Self {
            user_key: outbound.customer.as_str(),
            sender_key: outbound.account.as_str(),
        }
    }
}
