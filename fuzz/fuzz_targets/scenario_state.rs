//! The stored state of a bot session, read back after it was damaged.
#![no_main]

use happytalk_tests::fuzz::scenario_state;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| scenario_state(data));
