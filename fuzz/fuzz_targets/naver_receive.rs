//! A webhook call as Naver TalkTalk would send it, with hostile bytes for a body.
#![no_main]

use happytalk_tests::fuzz::naver_receive;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| naver_receive(data));
