//! The larger scenarios that are measured.

use std::fmt::Write as _;

use crate::walk::EIGHT;

/// The same eight nodes among so many: the others are menus behind a third button.
pub(crate) fn among(nodes: usize) -> String {
    let mut text = EIGHT.replace(
        r#""label": "배송 문의", "to": "ship" } ]"#,
        r#""label": "배송 문의", "to": "ship" }, { "id": "more", "label": "더 보기", "to": "n0" } ]"#,
    );
    let end = text.rfind("\n  } }").unwrap_or(text.len());
    text.truncate(end);
    menus(&mut text, nodes - 8);
    text.push_str("\n  } }");
    text
}

/// As many menus, one behind the other, each of about two hundred bytes.
fn menus(text: &mut String, count: usize) {
    for n in 0..count {
        let next = if n + 1 == count {
            "@end".to_owned()
        } else {
            format!("n{}", n + 1)
        };
        // Writing to a text does not fail.
        let _ = write!(
            text,
            r#",
    "n{n}": {{ "say": "{n}번째 안내입니다. 골라 주세요.", "buttons": [ {{ "id": "next", "label": "다음 안내", "to": "{next}" }}, {{ "id": "end", "label": "그만 보기", "to": "@end" }} ] }}"#
        );
    }
}

/// Different words of four syllables.
pub(crate) fn words(count: u32) -> Vec<String> {
    let syllable = |n: u32| char::from_u32(0xAC00 + n % 11_172).unwrap_or('가');
    let word = |n: u32| {
        let parts = [
            n / 97,
            n.wrapping_mul(7_919),
            n.wrapping_mul(104_729) / 3,
            n,
        ];
        parts.map(syllable).iter().collect()
    };
    (0..count).map(word).collect()
}
