//! A scenario document from a hostile author: parsed, checked and compiled.
#![no_main]

use happytalk_tests::fuzz::scenario_load;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| scenario_load(data));
