//! The scenarios that are measured.

use std::fmt::Write as _;

/// Eight nodes, three deep: a menu, two menus below it, five answers below these.
pub(crate) const EIGHT: &str = r#"{
  "format": 1, "id": "bench", "version": 1, "start": "main", "commands": [],
  "fallback": { "say": "아래에서 골라 주세요.", "repeat": true, "max": 2, "then": "@end" },
  "nodes": {
    "main": { "menu": true, "say": "안녕하세요! 무엇을 도와드릴까요?", "buttons": [
      { "id": "goods", "label": "상품 문의", "to": "goods" }, { "id": "ship", "label": "배송 문의", "to": "ship" } ] },
    "goods": { "menu": true, "say": "상품에 대해 무엇이 궁금하세요?", "buttons": [
      { "id": "stock", "label": "재고 확인", "to": "stock" }, { "id": "size", "label": "사이즈 안내", "to": "size" }, { "id": "gift", "label": "선물 포장", "to": "gift" } ] },
    "ship": { "menu": true, "say": "배송에 대해 무엇이 궁금하세요?", "buttons": [
      { "id": "when", "label": "도착 예정일", "to": "when" }, { "id": "fee", "label": "배송비 안내", "to": "fee" } ] },
    "stock": { "say": "재고는 상품 화면에서 바로 보실 수 있어요.", "buttons": [ { "id": "top", "label": "처음으로", "to": "main" } ] },
    "size": { "say": "상품 화면 아래에 치수 표가 있어요.", "buttons": [ { "id": "top", "label": "처음으로", "to": "main" } ] },
    "gift": { "say": "주문하실 때 선물 포장을 고르실 수 있어요.", "buttons": [ { "id": "top", "label": "처음으로", "to": "main" }, { "id": "bye", "label": "끝내기", "to": "@end" } ] },
    "when": { "say": "보통 주문하신 다음 날 도착해요.", "buttons": [ { "id": "top", "label": "처음으로", "to": "main" } ] },
    "fee": { "say": "3만 원 이상이면 배송비가 없어요.", "buttons": [ { "id": "top", "label": "처음으로", "to": "main" } ] }
  } }"#;

/// What a customer says who goes round in [`EIGHT`], again and again.
pub(crate) const ROUND: [&str; 6] = [
    "상품 문의",
    "재고 확인",
    "처음으로",
    "배송 문의",
    "배송비 안내",
    "처음으로",
];

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
