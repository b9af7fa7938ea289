//! A log as a centre would write it: every line of `DESIGN.md` 5 that figures are made of, in the order of time.
//!
//! One number makes the whole of it, so that a figure can be checked and a fault be found again. Only what is still
//! open is held, so that a log may be longer than memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

/// What is asked of a log.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) conversations: u64,
    pub(crate) seed: u64,
    pub(crate) days: u64,
    pub(crate) agents: u64,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            conversations: 1_000,
            seed: 1,
            days: 30,
            agents: 50,
        }
    }
}

/// Reads `--conversations N --seed S --days D --agents A`; `None` where it is something else.
pub(crate) fn wish(words: &[&str]) -> Option<Wish> {
    let mut wish = Wish::default();
    for pair in words.chunks(2) {
        let [name, value] = pair else { return None };
        let number: u64 = value.parse().ok()?;
        match *name {
            "--conversations" => wish.conversations = number,
            "--seed" => wish.seed = number,
            "--days" if number > 0 => wish.days = number,
            "--agents" if number > 0 => wish.agents = number,
            _ => return None,
        }
    }
    Some(wish)
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// From 0 up to `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// In so many of a hundred cases.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Around `typical` milliseconds, now and then much longer.
    fn span(&mut self, typical: u64) -> u64 {
        let base = typical / 4 + self.below(typical * 3 / 2);
        if self.chance(5) { base * 6 } else { base }
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(place).copied().unwrap_or_default()
    }
}

const CHANNELS: [&str; 4] = [
    "kakao_consult",
    "kakao_consult",
    "naver_talktalk",
    "webchat",
];
const MAINS: [&str; 6] = ["배송", "교환", "환불", "상품", "결제", "기타"];
const SUBS: [&str; 3] = ["문의", "지연", "불만"];
const CUSTOMER_WORDS: [&str; 6] = [
    "안녕하세요. 주문한 상품이 아직 안 왔어요.",
    "네",
    "주문 번호는 20240513-0012345 입니다.",
    "언제쯤 도착하나요? 내일까지는 꼭 받아야 해서요.",
    "색상을 \\\"네이비\\\"로 바꾸고 싶어요.",
    "고맙습니다!",
];
const AGENT_WORDS: [&str; 5] = [
    "안녕하세요, 고객님. 무엇을 도와드릴까요?",
    "확인해 보겠습니다. 잠시만 기다려 주세요.",
    "택배사에 문의한 결과 오늘 오후에 도착할 예정입니다.\\n불편을 드려 죄송합니다.",
    "교환 접수를 도와드렸습니다. 회수는 영업일 기준 2~3일이 걸립니다.",
    "더 궁금하신 점이 있으신가요?",
];

/// A line that waits for its turn: the earliest first, and of one instant the one that was made first.
type Waiting = Reverse<(u64, u64, String)>;

/// Writes the log.
pub(crate) fn write(wish: &Wish, out: &mut impl Write) -> io::Result<()> {
    // 2024-05-01 00:00 in Seoul.
    let begins: u64 = 1_714_489_200_000;
    let length = wish.days * 86_400_000;
    let mut dice = Dice(wish.seed);
    let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
    let mut made = 0;
    agents(wish, begins, &mut dice, &mut waiting, &mut made);
    for number in 0..wish.conversations {
        let even = u128::from(length) * u128::from(number) / u128::from(wish.conversations);
        let opens = begins + u64::try_from(even).unwrap_or(0) + dice.below(1_000);
        while let Some(Reverse((at, ..))) = waiting.peek()
            && *at + 1_000 < opens
        {
            if let Some(Reverse((_, _, line))) = waiting.pop() {
                writeln!(out, "{line}")?;
            }
        }
        let mut story = Story::new(number, opens, &mut dice, wish.agents);
        story.tell();
        let before = story.returns;
        for (at, line) in story.lines {
            made += 1;
            waiting.push(Reverse((at, made, line)));
        }
        debug_assert!(before.is_none_or(|before| before < number));
    }
    while let Some(Reverse((_, _, line))) = waiting.pop() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The agents' own lines: who they are, and when they are at the desk.
fn agents(
    wish: &Wish,
    begins: u64,
    dice: &mut Dice,
    waiting: &mut BinaryHeap<Waiting>,
    made: &mut u64,
) {
    for agent in 0..wish.agents {
        let mut seq = 0;
        let mut add = |at: u64, rest: String| {
            seq += 1;
            *made += 1;
            let line = format!(r#"{{"agent":"agent-{agent}","seq":{seq},"at":{at},{rest}}}"#);
            waiting.push(Reverse((at, *made, line)));
        };
        let cap = 3 + agent % 3;
        add(
            begins,
            format!(
                r#""type":"agent_set","group":"team-{}","caps":{{"agent":{cap}}}"#,
                agent % 5
            ),
        );
        for day in 0..wish.days {
            let morning = begins + day * 86_400_000 + 32_400_000 - 300_000 + dice.below(600_000);
            for (after, status, class) in [
                (0, "상담가능", "accepting"),
                (10_800_000, "식사", "paused"),
                (14_400_000, "상담가능", "accepting"),
                (30_600_000, "신규 배정 중지", "finishing"),
                (32_400_000, "로그아웃", "off"),
            ] {
                let status =
                    format!(r#""type":"agent_status","status":"{status}","class":"{class}""#);
                add(morning + after, status);
            }
        }
    }
}

/// One conversation as it is told.
struct Story<'a> {
    number: u64,
    now: u64,
    seq: u64,
    messages: u64,
    agent: u64,
    agents: u64,
    dice: &'a mut Dice,
    returns: Option<u64>,
    lines: Vec<(u64, String)>,
}

impl<'a> Story<'a> {
    fn new(number: u64, opens: u64, dice: &'a mut Dice, agents: u64) -> Self {
        let agent = dice.below(agents);
        let returns = (number > 100 && dice.chance(15)).then(|| number - 1 - dice.below(100));
        Self {
            number,
            now: opens,
            seq: 0,
            messages: 0,
            agent,
            agents,
            dice,
            returns,
            lines: Vec::with_capacity(24),
        }
    }

    fn add(&mut self, rest: &str) {
        self.seq += 1;
        let line = format!(
            r#"{{"conversation":"c-{}","seq":{},"at":{},{rest}}}"#,
            self.number, self.seq, self.now
        );
        self.lines.push((self.now, line));
    }

    fn wait(&mut self, typical: u64) {
        self.now += self.dice.span(typical);
    }

    fn message(&mut self, words: &str) -> String {
        self.messages += 1;
        let id = format!("c-{}-{}", self.number, self.messages);
        if self.dice.chance(1) {
            return format!(
                r#""message":{{"id":"{id}","content":{{"sealed":"bm90IHRvIGJlIHJlYWQ="}}}}"#
            );
        }
        format!(r#""message":{{"id":"{id}","content":[{{"type":"text","text":"{words}"}}]}}"#)
    }

    fn customer(&mut self) {
        let words = self.dice.pick(&CUSTOMER_WORDS);
        let message = self.message(words);
        self.add(&format!(r#""type":"customer_said",{message}"#));
    }

    fn answer(&mut self) {
        let words = self.dice.pick(&AGENT_WORDS);
        let message = self.message(words);
        self.add(&format!(
            r#""type":"agent_said","agent":"agent-{}",{message}"#,
            self.agent
        ));
        if self.dice.chance(1) {
            let id = format!("c-{}-{}", self.number, self.messages);
            self.now += 700;
            self.add(&format!(
                r#""type":"message_failed","message":"{id}","code":"channel.timeout""#
            ));
            self.now += 2_000;
            let message = self.message(words);
            self.add(&format!(
                r#""type":"agent_said","agent":"agent-{}",{message}"#,
                self.agent
            ));
        }
    }

    fn tell(&mut self) {
        let channel = self.dice.pick(&CHANNELS);
        let bot = self.dice.chance(60);
        let previous = self
            .returns
            .map_or_else(String::new, |number| format!(r#","previous":"c-{number}""#));
        let inflow = self.dice.pick(&["search", "product", "talk", "banner"]);
        let customer = self.dice.below(1 << 40);
        self.add(&format!(
            r#""type":"opened","channel":"{channel}","account":"shop-{}","customer":"{customer:011x}","opened_by":"customer","bot":{bot},"parameters":{{"inflow":"{inflow}"}}{previous}"#,
            self.number % 3
        ));
        self.customer();
        if bot && !self.with_bot() {
            return;
        }
        self.asked();
        self.wait(25_000);
        if self.dice.chance(8) {
            self.now += self.dice.below(8_000);
            self.add(r#""type":"ended","by":"channel","after_work":false,"cause":"left""#);
            return;
        }
        self.assigned();
        self.wait(20_000);
        if self.dice.chance(4) {
            self.add(r#""type":"ended","by":"customer","after_work":false"#);
            return;
        }
        self.talk();
        self.end();
    }

    /// The bot's part; whether a person is wanted after it.
    fn with_bot(&mut self) -> bool {
        for node in 1..=1 + self.dice.below(3) {
            self.now += 300;
            let message = self.message("무엇을 도와드릴까요? 아래에서 골라 주세요.");
            self.add(&format!(r#""type":"bot_said",{message}"#));
            self.add(&format!(
                r#""type":"bot_entered","scenario":"main","version":3,"node":"node-{node}","depth":{node},"via":"button""#
            ));
            self.wait(15_000);
            self.customer();
        }
        if self.dice.chance(35) {
            self.wait(60_000);
            let by = self.dice.pick(&["customer", "idle", "goal"]);
            self.add(&format!(r#""type":"bot_ended","by":"{by}""#));
            return false;
        }
        true
    }

    fn asked(&mut self) {
        let main = self.dice.pick(&MAINS);
        let by = self.dice.pick(&["button", "keyword", "fallback"]);
        self.add(&format!(
            r#""type":"agent_requested","by":"{by}","category":{{"main":"{main}"}}"#
        ));
        if self.dice.chance(10) {
            self.add(r#""type":"profile_requested","fields":["name","phone"],"holds_queue":true"#);
            self.wait(20_000);
            self.add(r#""type":"profile_completed","fields":["name","phone"]"#);
        }
    }

    fn assigned(&mut self) {
        let how = self.dice.pick(&["auto", "auto", "auto", "sticky", "pick"]);
        self.add(&format!(
            r#""type":"assigned","agent":"agent-{}","how":"{how}""#,
            self.agent
        ));
        self.now += 200;
        let message = self.message("상담사가 곧 도와드리겠습니다.");
        self.add(&format!(
            r#""type":"auto_said","kind":"greeting",{message}"#
        ));
    }

    fn talk(&mut self) {
        for turn in 0..1 + self.dice.below(5) {
            self.answer();
            if turn == 1 && self.dice.chance(8) {
                self.transfer();
            }
            self.wait(40_000);
            self.customer();
            if self.dice.chance(30) {
                self.wait(4_000);
                self.customer();
            }
            self.wait(30_000);
        }
        self.answer();
        if self.dice.chance(40) {
            let (main, sub) = (self.dice.pick(&MAINS), self.dice.pick(&SUBS));
            self.add(&format!(
                r#""type":"category_changed","category":{{"main":"{main}","sub":"{sub}"}},"by":"agent-{}""#,
                self.agent
            ));
        }
        self.wait(30_000);
    }

    fn transfer(&mut self) {
        self.wait(5_000);
        let from = self.agent;
        let to = self.dice.below(self.agents);
        self.add(&format!(
            r#""type":"transfer_requested","from":"agent-{from}","to":{{"agent":"agent-{to}"}}"#
        ));
        self.wait(15_000);
        self.add(&format!(
            r#""type":"transferred","from":"agent-{from}","to":"agent-{to}","how":"accepted""#
        ));
        self.agent = to;
        self.wait(10_000);
        self.answer();
    }

    fn end(&mut self) {
        match self.dice.below(10) {
            0 => {
                self.now += 1_800_000;
                self.add(
                    r#""type":"ended","by":"auto","after_work":false,"rule":"customer_silent""#,
                );
            }
            1 | 2 => self.add(r#""type":"ended","by":"customer","after_work":false"#),
            _ => {
                self.add(r#""type":"ended","by":"agent","after_work":true"#);
                self.wait(45_000);
                self.add(r#""type":"after_work_ended","by":"agent""#);
            }
        }
        if self.dice.chance(25) {
            let message = self.message("상담은 만족스러우셨나요?");
            self.add(&format!(r#""type":"auto_said","kind":"survey",{message}"#));
            if self.dice.chance(50) {
                self.wait(30_000);
                let score = 1 + self.dice.below(5);
                self.add(&format!(r#""type":"rated","score":{score},"scale":5"#));
            }
        }
        if self.dice.chance(2) {
            self.now += 3_600_000;
            self.add(r#""type":"reopened","by":"customer""#);
            self.wait(20_000);
            self.assigned();
            self.wait(20_000);
            self.answer();
            self.wait(30_000);
            self.add(r#""type":"ended","by":"agent","after_work":false"#);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn log(conversations: u64, seed: u64) -> Vec<serde_json::Value> {
        let wish = Wish {
            conversations,
            seed,
            days: 3,
            agents: 4,
        };
        let mut out = Vec::new();
        write(&wish, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn lines_are_in_the_order_of_time_and_every_stream_without_a_gap() {
        let lines = log(500, 7);
        let mut last: BTreeMap<String, u64> = BTreeMap::new();
        let mut now = 0;
        for line in &lines {
            let at = line["at"].as_u64().unwrap();
            assert!(at >= now, "{line}");
            now = at;
            let stream = format!(
                "{}{}",
                line["conversation"],
                if line["conversation"].is_null() {
                    line["agent"].to_string()
                } else {
                    String::new()
                }
            );
            let seq = last.entry(stream).or_default();
            *seq += 1;
            assert_eq!(line["seq"].as_u64(), Some(*seq), "{line}");
        }
        assert_eq!(last.len(), 500 + 4);
    }

    #[test]
    fn one_seed_is_one_log() {
        assert_eq!(log(50, 3), log(50, 3));
        assert_ne!(log(50, 3), log(50, 4));
    }

    #[test]
    fn what_is_not_asked_for_in_the_right_words_is_refused() {
        assert_eq!(
            wish(&["--conversations", "5", "--seed", "2"])
                .unwrap()
                .conversations,
            5
        );
        for words in [
            &["--conversations"][..],
            &["--seed", "x"],
            &["5"],
            &["--days", "0"],
        ] {
            assert!(wish(words).is_none());
        }
    }
}
