//! An iCalendar file of holidays from a hostile author.
#![no_main]

use happytalk_tests::fuzz::holidays;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| holidays(data));
