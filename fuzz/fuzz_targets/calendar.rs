//! A calendar of working hours from a hostile author.
#![no_main]

use happytalk_tests::fuzz::calendar;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| calendar(data));
