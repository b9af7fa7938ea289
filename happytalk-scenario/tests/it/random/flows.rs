//! Random scenarios with every kind of node and button in them. Most pass all checks; the others are thrown again.

use std::sync::Arc;

use happytalk_scenario::Compiled;
use serde_json::{Map, Value, json};

use super::dice::Dice;

/// Labels that the matcher has something to do with.
pub(crate) const LABELS: [&str; 14] = [
    "교환",
    "반품 신청",
    "배송 조회",
    "재고 확인",
    "사이즈 안내",
    "AS 접수",
    "쿠폰 받기",
    "매장 찾기",
    "결제 수단",
    "Gift card",
    "주문 취소",
    "포인트",
    "자주 묻는 질문",
    "회원 등급",
];
const SAYINGS: [&str; 8] = [
    "무엇을 도와드릴까요?",
    "{{name|default:'고객'}}님, 골라 주세요.",
    "{{item|josa:'을/를'}} 보셨네요.",
    "{{fee|won}}이 들어요.",
    "지금은 {{hours.next_open|when}}에 열어요.",
    "연락처는 {{phone|mask|default:'없음'}}이에요.",
    "{{day|date:'M월 D일'|default:'그날'}}에 뵐게요. {{kind|word}}",
    "{{now|date:'H시'}} 안내예요. {{item|upper}}",
];
const CONDITIONS: [&str; 10] = [
    "count > 2",
    "kind == 'b'",
    "has(name)",
    "hours.open",
    "channel == 'kakao_consult'",
    "contains(item, '옷') || len(item) > 4",
    "has(day) && days_since(day) > 7",
    "setting.open_late == true",
    "kind in ['a', 'c']",
    "agreed && !hours.open",
];
const SETS: [(&str, &str); 7] = [
    ("count", "count + 1"),
    ("count", "0"),
    ("kind", "'b'"),
    ("kind", "'a'"),
    ("item", "'겨울 옷'"),
    ("agreed", "true"),
    ("done", "false"),
];
/// A question: its variable and its kind.
const QUESTIONS: [(&str, &str); 15] = [
    ("item", "text"),
    ("name", "name_kr"),
    ("phone", "phone_kr"),
    ("mail", "email"),
    ("item", "order"),
    ("item", "pattern"),
    ("day", "date"),
    ("clock", "time"),
    ("count", "number"),
    ("fee", "money"),
    ("kind", "choice"),
    ("kinds", "multi"),
    ("agreed", "yesno"),
    ("home", "address_kr"),
    ("born", "birth_kr"),
];

fn vars() -> Value {
    json!({
        "count": {"type": "int", "default": 0},
        "fee": {"type": "money", "default": 3000},
        "kind": {"type": "enum", "of": ["a", "b", "c"], "default": "a"},
        "kinds": {"type": "list", "of": "string", "default": []},
        "item": {"type": "string", "default": "모자"},
        "day": {"type": "date?", "default": null},
        "clock": {"type": "string", "default": ""},
        "agreed": {"type": "bool", "default": false},
        "done": {"type": "bool", "default": false},
        "picture": {"type": "string", "default": ""},
        "name": {"type": "string?", "scope": "customer", "pii": true, "basis": "contract"},
        "phone": {"type": "phone?", "pii": true, "basis": "contract"},
        "mail": {"type": "string?", "pii": true, "basis": "law"},
        "home": {"type": "string?", "pii": true, "basis": "contract"},
        "born": {"type": "date?", "pii": true, "basis": "contract"},
        "order": {"type": "object", "fields": {"no": "string", "won": "int?"}},
    })
}

/// The other scenario, which a `sub` runs.
pub(crate) fn inner() -> Arc<Compiled> {
    let text = json!({
        "format": 1, "id": "inner", "version": 2, "start": "hi",
        "vars": {"given": {"type": "string", "default": "없음"}, "told": {"type": "string", "default": ""}},
        "commands": [{"id": "home", "label": "처음으로", "to": "@home"}, {"id": "back", "label": "이전으로", "to": "@back"}],
        "fallback": {"say": "다시요.", "repeat": true, "max": 1, "then": "bye"},
        "nodes": {
            "hi": {"say": "{{given}}", "buttons": [{"id": "tell", "label": "말하기", "to": "ask"}, {"id": "out", "label": "나가기", "to": "bye"}]},
            "ask": {"ask": {"var": "told", "as": "text", "min": 2, "prompt": "말씀하세요.", "retry": {"max": 1, "say": "짧아요.", "then": "bye"}}, "to": "hi"},
            "bye": {"say": "안쪽 끝", "end": "inner_end"}
        }
    });
    Arc::new(Compiled::load(&text.to_string()).unwrap_or_else(|it| panic!("{it:#?}")))
}

/// Throws until a scenario passes every check.
pub(crate) fn flow(dice: &mut Dice) -> (String, Compiled) {
    loop {
        let text = document(dice).to_string();
        if let Ok(flow) = Compiled::load(&text) {
            return (text, flow.with_subs([inner()]));
        }
    }
}

/// A scenario; two of three load.
pub(crate) fn document(dice: &mut Dice) -> Value {
    let count = 3 + dice.below(10);
    let mut nodes = Map::new();
    for at in 0..count {
        let mut node = Node { dice, at, count };
        let node = node.write();
        nodes.insert(format!("n{at}"), node);
    }
    let mut flow = json!({
        "format": 1, "id": "random", "version": 1 + dice.below(3), "start": "n0", "vars": vars(),
        "words": {"바꿈": ["바꿔 줘", "바꾸고"], "사람": ["상담원", "직원 연결"]},
        "calls": {
            "look": {"in": {"no": "string", "phone": "phone?"}, "out": "order", "retry": dice.below(2), "errors": ["gone"]},
            "make": {"in": {"no": "string"}, "out": "order", "once": true}
        },
        "fallback": {"say": "아래에서 골라 주세요.", "repeat": !dice.one_in(3), "max": 1 + dice.below(3), "then": *dice.pick(&["@home", "@agent", "@end"])},
        "nodes": nodes
    });
    match dice.below(3) {
        0 => flow["commands"] = json!([]),
        1 => {
            flow["commands"] = json!([
                {"id": "home", "label": "처음으로", "to": "@home"},
                {"id": "back", "label": "이전으로", "to": "@back"},
                {"id": "agent", "label": "상담원 연결", "to": "@agent", "words": ["사람"], "when": "hours.open || count > 1"}
            ]);
        }
        _ => {}
    }
    if dice.one_in(4) {
        flow["limits"] = json!({"steps_max": 5 + dice.below(5), "busy_say": "잠시만요."});
    }
    flow
}

struct Node<'d> {
    dice: &'d mut Dice,
    at: usize,
    count: usize,
}

impl Node<'_> {
    fn saying(&mut self) -> Value {
        Value::from(*self.dice.pick(&SAYINGS))
    }

    /// Further on, so that no ring is without a stop.
    fn on(&mut self) -> Value {
        let left = self.count - self.at - 1;
        match self.dice.below(8) {
            0 if left > 1 => Value::from("@end"),
            _ if left == 0 => Value::from(["@end", "@home", "@agent"][self.dice.below(3)]),
            _ => Value::from(format!("n{}", self.at + 1 + self.dice.below(left.min(4)))),
        }
    }

    fn anywhere(&mut self) -> Value {
        match self.dice.below(12) {
            0 => Value::from("@home"),
            1 => Value::from("@back"),
            2 => Value::from("@end"),
            3 => Value::from("@agent"),
            4 | 5 => Value::from(format!("n{}", self.dice.below(self.count))),
            _ => self.on(),
        }
    }

    fn sets(&mut self) -> Value {
        let mut sets = Map::new();
        for _ in 0..=self.dice.below(2) {
            let (var, value) = *self.dice.pick(&SETS);
            sets.insert(var.to_owned(), Value::from(value));
        }
        Value::Object(sets)
    }

    fn buttons(&mut self, most: usize) -> Value {
        let first = self.dice.below(LABELS.len());
        let count = 1 + self.dice.below(most);
        let mut buttons = Vec::new();
        for place in 0..count {
            let label = LABELS[(first + place) % LABELS.len()];
            let mut button =
                json!({"id": format!("b{place}"), "label": label, "to": self.anywhere()});
            match self.dice.below(9) {
                0 => button["set"] = self.sets(),
                1 => button["when"] = Value::from(*self.dice.pick(&CONDITIONS)),
                2 if place == 0 => button["words"] = json!(["바꿈"]),
                3 => button["url"] = Value::from("https://example.com/a"),
                4 => button["phone"] = Value::from("1588-0000"),
                5 => button["consent"] = Value::from("profile"),
                6 => button["event"] = Value::from("after_consult"),
                7 => button["app"] = Value::from("https://example.com/app"),
                _ => {}
            }
            buttons.push(button);
        }
        Value::Array(buttons)
    }

    fn question(&mut self, slot: bool) -> Value {
        let (var, kind) = *self.dice.pick(&QUESTIONS);
        let mut ask = json!({
            "var": var, "as": kind, "prompt": self.saying(),
            "retry": {"max": 1 + self.dice.below(2), "say": "다시 적어 주세요."}
        });
        if !slot {
            ask["retry"]["then"] = self.on();
            ask["interrupt"] = Value::from(["none", "commands", "all"][self.dice.below(3)]);
        }
        match kind {
            "pattern" => ask["pattern"] = Value::from("[0-9]{2,4}-[a-z]+"),
            "text" => ask["min"] = Value::from(2),
            "number" => ask["max"] = Value::from(50),
            "multi" => ask["options"] = json!(["빨강", "파랑", "노랑"]),
            "phone_kr" => ask["landline"] = Value::from(self.dice.one_in(2)),
            _ => {}
        }
        ask
    }

    fn write(&mut self) -> Value {
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| {
            node.insert(name.to_owned(), value);
        };
        if self.dice.one_in(6) {
            put("goal", Value::from(true));
        }
        if self.dice.one_in(3) {
            put("set", self.sets());
        }
        if self.dice.one_in(9) {
            put("clear", json!(["phone", "day"]));
        }
        if self.dice.one_in(9) {
            put("tag", json!(["단골"]));
        }
        if self.dice.one_in(9) {
            put("category", json!({"main": "배송", "sub": "조회"}));
        }
        if self.dice.one_in(9) {
            put("offer", json!({"id": "coupon", "amount_won": 5000}));
        }
        if self.dice.one_in(9) {
            put("approve", Value::from(true));
            put("say", self.saying());
        }
        // The start and the last node wait, so that every scenario has a beginning and an end.
        let kind = match self.at {
            0 => self.dice.below(3),
            _ => self.dice.below(16),
        };
        match kind {
            0..=2 => {
                put("menu", Value::from(self.dice.one_in(2)));
                put("say", self.said());
                put("buttons", self.buttons(4));
                if self.dice.one_in(5) {
                    put(
                        "fallback",
                        json!({"say": "하나만 골라 주세요.", "repeat": true, "max": 1, "then": self.on()}),
                    );
                }
                if self.dice.one_in(5) {
                    let buttons = self.buttons(2);
                    put(
                        "channels",
                        json!({"naver_talktalk": {"say": "톡톡이에요.", "buttons": buttons}}),
                    );
                }
            }
            3..=5 => {
                put("ask", self.question(false));
                put("to", self.on());
                if self.dice.one_in(3) {
                    put("buttons", self.buttons(2));
                }
            }
            6 => {
                let slots: Vec<Value> = (0..=self.dice.below(3))
                    .map(|_| {
                        let mut slot = self.question(true);
                        if self.dice.one_in(3) {
                            slot["optional"] = Value::from("건너뛰기");
                        }
                        if self.dice.one_in(4) {
                            slot["always"] = Value::from(true);
                        }
                        slot
                    })
                    .collect();
                let mut form = json!({
                    "slots": slots, "skip_known": self.dice.one_in(2), "interrupt": *self.dice.pick(&["none", "commands"]),
                    "on": {"done": self.on(), "gave_up": self.on()}
                });
                if self.dice.one_in(2) {
                    form["review"] = Value::from("{{item}} 맞으신가요?");
                }
                put("form", form);
            }
            7 | 8 => {
                let branch = json!({"when": *self.dice.pick(&CONDITIONS), "to": self.on()});
                put("if", json!([branch, {"else": self.on()}]));
            }
            9 => put(
                "hours",
                json!({"calendar": "cs", "open": self.on(), "lunch": self.on(), "closed": self.on()}),
            ),
            10 => {
                put("call", Value::from("look"));
                put("with", json!({"no": "item", "phone": "phone"}));
                put("into", Value::from("order"));
                if self.dice.one_in(2) {
                    put("slow", Value::from("찾고 있어요…"));
                }
                put(
                    "on",
                    json!({"ok": self.on(), "gone": self.on(), "timeout": self.on(), "error": self.on()}),
                );
            }
            11 => {
                put("call", Value::from("make"));
                put("with", json!({"no": "item"}));
                put("into", Value::from("order"));
                put(
                    "on",
                    json!({"ok": self.on(), "timeout": self.on(), "error": self.on()}),
                );
            }
            12 => {
                let mut on =
                    json!({"accepted": "@end", "closed": self.on(), "unavailable": self.on()});
                if self.dice.one_in(2) {
                    on["returned"] = self.on();
                }
                put(
                    "handoff",
                    json!({"queue": "cs", "note": ["kind", "item"], "on": on}),
                );
            }
            13 => {
                put(
                    "sub",
                    json!({"scenario": "inner", "version": if self.dice.one_in(5) { 9 } else { 2 }, "with": {"given": "item"}, "out": {"item": "told"}}),
                );
                put("to", self.on());
            }
            14 => {
                put("emit", Value::from("seen"));
                put("with", json!({"what": "kind"}));
                put("to", self.on());
            }
            _ => {
                put("say", self.said());
                put("end", Value::from("over"));
            }
        }
        Value::Object(node)
    }

    fn said(&mut self) -> Value {
        let saying = self.saying();
        match self.dice.below(8) {
            0 => json!([saying, {"image": {"url": "https://example.com/a.jpg", "alt": "그림"}}]),
            1 => json!([{"card": {"title": "카드", "text": saying, "alt": "카드"}}]),
            2 => json!([{"list": {"title": "목록", "items": ["하나", saying]}}]),
            3 => {
                json!([{"carousel": [{"title": "하나", "alt": "하나"}, {"title": "둘", "alt": "둘"}]}, saying])
            }
            4 => json!([{"link": {"label": "보기", "url": "https://example.com"}}, saying]),
            _ => saying,
        }
    }
}
