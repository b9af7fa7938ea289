//! Ids for conversations, which an integrator mints.

use happytalk::core::id::ConversationId;
use happytalk::core::time::Timestamp;

/// Ids that never come twice: when this process started, and a number.
///
/// # Panics
/// Never: a short plain text is an id.
pub fn since(started: Timestamp) -> impl FnMut() -> ConversationId + Send + 'static {
    let mut number = 0_u64;
    move || {
        number += 1;
        let id = format!("c-{}-{number}", started.as_millis());
        id.parse().expect("a short plain text is an id")
    }
}
