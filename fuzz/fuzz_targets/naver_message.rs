//! What TalkTalk alone can say, as a host would write it, from hostile bytes.
#![no_main]

use happytalk_tests::fuzz::naver_message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| naver_message(data));
