//! One line of the event log, read and written back.
#![no_main]

use happytalk_tests::fuzz::sqi_partial;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| sqi_partial(data));
