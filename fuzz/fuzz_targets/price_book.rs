//! A price book from a hostile author.
#![no_main]

use happytalk_tests::fuzz::price_book;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| price_book(data));
