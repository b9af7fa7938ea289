//! The contract that every channel keeps.

use std::sync::Arc;

use happytalk_core::testing::{ScriptedTransport, assert_contract};

use crate::fixture;

#[test]
fn the_channel_keeps_the_contract() {
    let transport = Arc::new(ScriptedTransport::default());
    let kakao = fixture::kakao(&transport);
    assert_contract(&kakao, &|| transport.seen().len());
}
