//! Commands of the router, a line each, and what it says to them.
#![no_main]

use happytalk_tests::fuzz::router_commands;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| router_commands(data));
