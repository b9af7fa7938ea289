//! One line of a site file: a top-up, a grant, a plan or another command to the ledger.
#![no_main]

use happytalk_tests::fuzz::site_line;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| site_line(data));
