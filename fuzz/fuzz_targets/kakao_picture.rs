//! A picture that is handed over to KakaoTalk 상담톡.
#![no_main]

use happytalk_tests::fuzz::kakao_picture;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kakao_picture(data));
