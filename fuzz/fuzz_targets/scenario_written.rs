//! A scenario document through the formatter and the way from older formats.
#![no_main]

use happytalk_tests::fuzz::scenario_written;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| scenario_written(data));
