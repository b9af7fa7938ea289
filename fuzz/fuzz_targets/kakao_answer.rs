//! A dealer's answer to the KakaoTalk 상담톡 adapter, with hostile bytes for a body.
#![no_main]

use happytalk_tests::fuzz::kakao_answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kakao_answer(data));
