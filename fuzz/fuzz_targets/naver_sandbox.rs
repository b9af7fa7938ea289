//! A request to the sandbox of TalkTalk, with hostile bytes for a body.
#![no_main]

use happytalk_tests::fuzz::naver_sandbox;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| naver_sandbox(data));
