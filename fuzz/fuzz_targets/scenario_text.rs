//! What a customer types, at every kind of question.
#![no_main]

use happytalk_tests::fuzz::scenario_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| scenario_text(data));
