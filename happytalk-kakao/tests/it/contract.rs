//! The contract that every channel keeps.

use std::sync::Arc;

use happytalk_core::testing::{ScriptedTransport, assert_contract};
use happytalk_kakao::Dialect;

use crate::dialects::config;
use crate::fixture;

#[test]
fn the_channel_keeps_the_contract_in_every_dialect_with_and_without_what_is_unconfirmed() {
    for dialect in Dialect::ALL {
        for config in [config(*dialect), config(*dialect).with_unconfirmed()] {
            let transport = Arc::new(ScriptedTransport::default());
            let kakao = fixture::kakao_with(config, &transport);
            assert_contract(&kakao, &|| transport.seen().len());
        }
    }
}
