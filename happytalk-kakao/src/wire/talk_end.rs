//! Ending a session (상담 종료), with and without the bot, and a customer who may not write, and may again (고객 차단).
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/>,
//! <https://developer-center.happytalk.io/KakaoWebhook/Counseling/End/endAfterCallBotEvent> and
//! <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).

use happytalk_core::Outbound;

use super::tree::{Members, Node, Spelling};

/// The body of each of the four: whom it is about, from which profile.
pub(crate) fn about<'a>(
    outbound: &'a Outbound,
    event: Option<&'a str>,
    spelling: Spelling,
) -> Node<'a> {
    let members = Members::new()
        .text("user_key", outbound.customer.as_str())
        .text("sender_key", outbound.account.as_str())
        .text_if("bot_event", event);
    match spelling {
        Spelling::Snake => members,
        // Comes back in what became of it.
        Spelling::Camel => members.text("ref", outbound.id.as_str()),
    }
    .into_node()
}
