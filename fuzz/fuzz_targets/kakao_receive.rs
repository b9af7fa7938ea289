//! A webhook call as a KakaoTalk 상담톡 dealer would send it, with hostile bytes for a body.
#![no_main]

use happytalk_tests::fuzz::kakao_receive;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kakao_receive(data));
