//! Bots to test with: one that uses all that a desk has to do with, and one that asks who the customer is.

use std::sync::Arc;

use happytalk::core::ChannelName;
use happytalk::scenario::{Binding, Bindings, Compiled};
use happytalk::{Bots, ProfileBot};

/// A menu with a text that somebody looks at first, a call, a form, and a hand-off the customer may come back from.
pub(crate) const FRONT: &str = r#"{
  "format": 1, "id": "front", "version": 1, "locale": "ko-KR", "start": "menu",
  "vars": {
    "points": { "type": "object", "fields": { "left": "int" } },
    "name": { "type": "string", "pii": true, "basis": "contract" }
  },
  "calls": { "point.look": { "out": "points", "timeout_ms": 3000 } },
  "commands": [{ "id": "agent", "label": "상담원 연결", "to": "agent", "words": ["상담원"] }],
  "fallback": { "say": "다시 골라 주세요.", "repeat": true, "max": 2, "then": "agent" },
  "nodes": {
    "menu": { "menu": true, "say": "무엇을 도와드릴까요?", "buttons": [
      { "id": "hours", "label": "영업시간", "to": "hours" },
      { "id": "points", "label": "포인트", "to": "look" },
      { "id": "promise", "label": "보상", "to": "promise" },
      { "id": "who", "label": "회원 등록", "to": "who" } ] },
    "hours": { "goal": true, "say": "매일 9시부터 18시까지입니다.", "end": "told" },
    "look": { "call": "point.look", "into": "points", "slow": "조회하고 있어요…",
      "on": { "ok": "points", "timeout": "sorry", "error": "sorry" } },
    "points": { "say": "{{points.left}}점 있어요.", "to": "menu" },
    "promise": { "approve": true, "say": "쿠폰을 드릴게요.", "buttons": [
      { "id": "thanks", "label": "고마워요", "to": "@end" }, { "id": "more", "label": "더 있어요", "to": "menu" } ] },
    "who": { "form": { "slots": [
        { "var": "name", "as": "name_kr", "prompt": "성함을 알려 주세요.", "retry": { "max": 1, "say": "2~20자로 알려 주세요." } } ],
      "on": { "done": "menu", "gave_up": "menu" } } },
    "agent": { "handoff": { "queue": "cs",
      "on": { "accepted": "@end", "closed": "sorry", "unavailable": "sorry", "returned": "back" } } },
    "back": { "say": "더 도와드릴까요?", "buttons": [{ "id": "no", "label": "아니요, 됐어요", "to": "@end" }] },
    "sorry": { "say": "지금은 연결할 수 없어요.", "end": "sorry" }
  }
}"#;

/// Consent, a name and a telephone number; nothing for who is known.
pub(crate) const PROFILE: &str = r#"{
  "format": 1, "id": "who-are-you", "version": 1, "locale": "ko-KR", "start": "gate",
  "vars": {
    "profile": { "type": "object", "scope": "customer", "pii": true, "fields": { "name": "string?", "phone": "phone?" } },
    "agreed": { "type": "bool" }
  },
  "fallback": { "say": "아래에서 골라 주세요.", "repeat": true, "max": 2, "then": "skip" },
  "nodes": {
    "gate": { "if": [ { "when": "has(profile.name) && has(profile.phone)", "to": "pass" }, { "else": "consent" } ] },
    "consent": { "say": "상담을 위해 성함과 연락처를 수집합니다.", "buttons": [
      { "id": "y", "label": "동의합니다", "set": { "agreed": "true" }, "consent": "profile", "to": "form" },
      { "id": "n", "label": "동의하지 않음", "to": "skip" } ] },
    "form": { "form": { "needs": "profile", "slots": [
        { "var": "profile.name", "as": "name_kr", "prompt": "성함을 입력해 주세요.", "retry": { "max": 1, "say": "한글이나 영문 2~20자로 입력해 주세요." } },
        { "var": "profile.phone", "as": "phone_kr", "prompt": "휴대폰 번호를 입력해 주세요.", "retry": { "max": 1, "say": "숫자로 된 휴대폰 번호를 입력해 주세요." } } ],
      "skip_known": true, "on": { "done": "save", "gave_up": "skip" } } },
    "save": { "emit": "profile.save", "with": { "profile": "profile" }, "to": "pass" },
    "skip": { "end": "profile_skipped" },
    "pass": { "end": "profile_ready" }
  }
}"#;

pub(crate) fn flow(text: &str) -> Arc<Compiled> {
    Arc::new(Compiled::load(text).unwrap_or_else(|refused| panic!("{refused:#?}")))
}

/// The front bot on TalkTalk alone, and the one that asks, everywhere.
pub(crate) fn bots(asks: bool, holds_queue: bool) -> Bots {
    let front = flow(FRONT);
    let naver = Binding::default_bot(front.id().clone()).on(ChannelName::NAVER_TALKTALK);
    let bindings = Bindings::without_default(vec![naver]).unwrap();
    let bots = Bots::new(bindings, [front]).unwrap();
    if !asks {
        return bots;
    }
    let profile = flow(PROFILE);
    bots.with_profile(profile, |asks| match holds_queue {
        true => asks,
        false => ProfileBot::without_hold(asks),
    })
}
