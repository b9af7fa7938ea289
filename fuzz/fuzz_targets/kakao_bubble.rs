//! A bubble or a call for KakaoTalk 상담톡, as a host would have stored it.
#![no_main]

use happytalk_tests::fuzz::kakao_bubble;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kakao_bubble(data));
