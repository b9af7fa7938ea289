//! The goals P-1 to P-13, printed with their ratios: `cargo bench -p happytalk-scenario --bench goals`.
//!
//! Each figure is the median of nine runs in processor time of this process, so that other work on the machine is not in
//! it. That a turn does not allocate (P-2) and what ten thousand sessions weigh (P-15) are tests: `tests/it/memory.rs`.
//! The floors stand in `goals/floor.rs`. The peer has a package of its own, `benches/beside-bladeink`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a bench reads a clock, prints, and stops where its own scenarios are wrong"
)]

#[path = "goals/floor.rs"]
mod floor;
#[path = "goals/flows.rs"]
mod flows;
#[path = "goals/typed_floor.rs"]
mod typed_floor;
#[path = "goals/walk.rs"]
mod walk;

use std::hint::black_box;
use std::time::Instant;

use happytalk_core::{Timestamp, Value};
use happytalk_scenario::{
    Answer, Compiled, Env, Input, Matcher, Name, State, Step, keyboard_repaired, normal_form,
    parse, step, step_into,
};

use walk::{EIGHT, Inputs};

/// Nanoseconds that the processor gave this process, where the system tells; else those of the wall.
fn spent(began: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat");
    let told = told.ok().and_then(|it| it.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| began.elapsed().as_nanos() as f64)
}

/// Nanoseconds of one go: the median of nine runs. The system tells the processor time in ticks of some milliseconds, so
/// that a run has as many goes as take a hundred.
fn median(mut go: impl FnMut()) -> f64 {
    // Under a tool that counts instructions once is enough.
    if std::env::args().any(|arg| arg == "once") {
        go();
        return 1.0;
    }
    let mut run = |goes: u64| {
        let began = Instant::now();
        let before = spent(began);
        for _ in 0..goes {
            go();
        }
        spent(began) - before
    };
    let mut goes = 1;
    while run(goes) < 1e8 {
        goes *= 2;
    }
    let mut runs: Vec<f64> = (0..9).map(|_| run(goes) / goes as f64).collect();
    runs.sort_by(f64::total_cmp);
    runs[4]
}

fn row(goal: &str, what: &str, nanos: f64, wanted: &str) {
    let got = match nanos {
        0.0..10_000.0 => format!("{nanos:.0} ns"),
        10_000.0..10_000_000.0 => format!("{:.1} µs", nanos / 1e3),
        _ => format!("{:.1} ms", nanos / 1e6),
    };
    println!("{goal:<5} {what:<58} {got:>12}   {wanted}");
}

fn ratio(goal: &str, what: &str, over: f64, under: f64, wanted: &str) {
    let got = format!("× {:.2}", over / under);
    println!("{goal:<5} {what:<58} {got:>12}   {wanted}");
}

/// A customer who walks about, with what the host keeps for them.
struct Customer<'f> {
    flow: &'f Compiled,
    env: Env,
    state: State,
    made: Step,
    inputs: Inputs,
}

impl<'f> Customer<'f> {
    fn new(flow: &'f Compiled) -> Self {
        let env = Env::new(Timestamp::from_millis(1_768_179_600_000));
        let mut state = State::new(flow);
        step(flow, &mut state, Input::Start, &env);
        let mut customer = Self {
            flow,
            env,
            state,
            made: Step::empty(),
            inputs: Inputs::new(),
        };
        // So that everything is in its place that is made when it is first needed.
        for _ in 0..2_000 {
            customer.turn();
        }
        customer
    }

    fn turn(&mut self) {
        let (id, said) = self.inputs.next();
        let input = Input::Customer {
            id,
            text: Some(said),
            token: None,
            media: None,
        };
        step_into(self.flow, &mut self.state, input, &self.env, &mut self.made);
        assert_eq!(
            self.made.outputs.len(),
            1,
            "every word of the walk is taken"
        );
    }

    fn owned_turn(&mut self) -> Step {
        let (id, said) = self.inputs.next();
        let input = Input::Customer {
            id,
            text: Some(said),
            token: None,
            media: None,
        };
        step(self.flow, &mut self.state, input, &self.env)
    }
}

fn main() {
    let told: Vec<String> = std::env::args().skip(1).collect();
    if told.iter().any(|arg| arg == "--test") {
        return;
    }
    println!("medians of nine runs, one thread, processor time of this process\n");
    let parts: [(&str, fn()); 6] = [
        ("turns", turns),
        ("growth", growth),
        ("sizes", sizes),
        ("loading", loading),
        ("typing", typing),
        ("upgrades", upgrades),
    ];
    // All, or those that are named: `-- turns loading`.
    let is_named = |name: &str| told.iter().any(|arg| arg == name);
    let all = !parts.iter().any(|(name, _)| is_named(name));
    for (_, part) in parts.iter().filter(|(name, _)| all || is_named(name)) {
        part();
    }
}

/// P-1 to P-4.
fn turns() {
    let steps = floor::steps();
    let mut inputs = Inputs::new();
    let (mut at, mut answer) = (0, String::new());
    let label = median(|| {
        let (_, said) = inputs.next();
        floor::turn(black_box(&steps), &mut at, black_box(said), &mut answer);
        black_box(&answer);
    });
    (at, inputs) = (0, Inputs::new());
    let text = median(|| {
        let (_, said) = inputs.next();
        black_box(floor::turn_with_answer(black_box(&steps), &mut at, said));
    });
    inputs = Inputs::new();
    let mut json = floor::kept();
    let through = median(|| {
        let (id, said) = inputs.next();
        let steps = black_box(&steps);
        black_box(floor::turn_through_json(steps, &mut json, id, said));
    });

    let flow = Compiled::load(EIGHT).expect("the scenario loads");
    let mut customer = Customer::new(&flow);
    let owned = median(|| {
        black_box(customer.owned_turn());
    });
    row(
        "P-1",
        "live turn, outputs and trace of its own",
        owned,
        "≤ 350 ns",
    );
    ratio(
        "P-1",
        "over the floor with an answer of its own",
        owned,
        text,
        "≤ × 3.3",
    );
    let reused = median(|| customer.turn());
    row("P-2", "live turn, buffers used again", reused, "≤ 120 ns");
    ratio(
        "P-2",
        "over the floor into a buffer used again",
        reused,
        label,
        "≤ × 6",
    );
    let mut bytes = customer.state.to_bytes();
    let saved = median(|| {
        customer.state = State::from_bytes(&bytes).expect("its own bytes");
        customer.turn();
        customer.state.to_bytes_into(&mut bytes);
    });
    row(
        "P-3",
        "turn with the state through JSON both ways",
        saved,
        "≤ 1.2 µs",
    );
    ratio(
        "P-3",
        "over the floor through JSON",
        saved,
        through,
        "≤ × 3.6",
    );
    let mut bytes = customer.state.to_packed();
    let packed = median(|| {
        customer.state = State::from_bytes(&bytes).expect("its own bytes");
        customer.turn();
        customer.state.to_packed_into(&mut bytes);
    });
    row(
        "P-4",
        "turn with the state through packed bytes both ways",
        packed,
        "≤ 500 ns",
    );
    ratio(
        "P-4",
        "over the floor through JSON",
        packed,
        through,
        "≤ × 1.5",
    );
    println!(
        "      floors: into a buffer {label:.0} ns, an answer of its own {text:.0} ns, through JSON {through:.0} ns\n"
    );
}

/// P-5.
fn growth() {
    let mut small = 0.0;
    for nodes in [8, 1_000, 10_000] {
        let text = if nodes == 8 {
            EIGHT.to_owned()
        } else {
            flows::among(nodes)
        };
        let flow = Compiled::load(&text).expect("the scenario loads");
        let mut customer = Customer::new(&flow);
        let turn = median(|| customer.turn());
        let bytes = customer.state.to_bytes().len();
        row(
            "P-5",
            &format!("live turn among {nodes} nodes, state of {bytes} bytes"),
            turn,
            "",
        );
        if nodes == 8 {
            small = turn;
        } else {
            ratio(
                "P-5",
                &format!("{nodes} nodes over 8"),
                turn,
                small,
                "≤ × 1.10, + 0 bytes",
            );
        }
    }
    println!();
}

/// P-6.
fn sizes() {
    let flow = Compiled::load(EIGHT).expect("the scenario loads");
    let customer = Customer::new(&flow);
    let size = |what: &str, state: &State, wanted: &str| {
        let (json, packed) = (state.to_bytes().len(), state.to_packed().len());
        println!("P-6   {what:<58} {json:>5} / {packed:>4}   {wanted}");
    };
    size(
        "state of the bench, JSON / packed",
        &customer.state,
        "≤ 256 / 96 bytes",
    );

    let vars: Vec<String> = (0..10)
        .map(|n| format!(r#""slot_{n}":{{"type":"string"}}"#))
        .collect();
    let nodes: Vec<String> = (0..34)
        .map(|n| {
            let sets: Vec<String> = (0..10).map(|s| format!(r#""slot_{s}":"'값 {s}번'""#)).collect();
            format!(
                r#""step_{n}":{{"say":"{n}","buttons":[{{"id":"go","label":"다음","set":{{{}}},"to":"{}"}}]}}"#,
                sets.join(","),
                if n == 33 { "@end".to_owned() } else { format!("step_{}", n + 1) }
            )
        })
        .collect();
    let text = format!(
        r#"{{"format":1,"id":"long","version":1,"start":"step_0","vars":{{{}}},"fallback":{{"say":"?","max":2,"then":"@end"}},"nodes":{{{}}}}}"#,
        vars.join(","),
        nodes.join(",")
    );
    let long = Compiled::load(&text).expect("the scenario loads");
    let env = Env::new(Timestamp::EPOCH);
    let mut state = State::new(&long);
    step(&long, &mut state, Input::Start, &env);
    for n in 0..33 {
        let id = format!("m-{n}");
        let said = Input::Customer {
            id: &id,
            text: Some("다음"),
            token: None,
            media: None,
        };
        step(&long, &mut state, said, &env);
    }
    assert!(matches!(state.slot("slot_9"), Some(Value::Text(_))));
    size("state with 10 variables and a full trail", &state, "≤ 1 KB");

    println!();
}

/// P-7 and P-8.
fn loading() {
    let text = flows::among(1_000);
    let plain = median(|| {
        let tree: serde_json::Value = serde_json::from_str(black_box(&text)).expect("it is JSON");
        black_box(tree);
    });
    let read = median(|| {
        black_box(parse(black_box(&text)).is_ok());
    });
    let document = parse(&text).expect("it reads");
    let checks = median(|| {
        black_box(document.check());
    });
    let whole = median(|| {
        black_box(Compiled::load(black_box(&text)).is_ok());
    });
    let kilobytes = text.len() / 1024;
    row(
        "P-7",
        &format!("parse and compile 1,000 nodes, {kilobytes} KB"),
        whole - checks,
        "≤ 3 ms",
    );
    ratio(
        "P-7",
        "over the floor: the same JSON into a tree",
        whole - checks,
        plain,
        "≤ × 2.2",
    );
    row("", "of it reading the document", read, "");
    row("P-8", "all static checks of 1,000 nodes", checks, "≤ 2 ms");
    let many = parse(&flows::among(10_000)).expect("it reads");
    let many = median(|| {
        black_box(many.check());
    });
    row("P-8", "all static checks of 10,000 nodes", many, "≤ 25 ms");
    ratio("P-8", "growth by ten", many, checks, "≤ × 12.5");
    println!();
}

/// P-9 to P-12.
fn typing() {
    use unicode_normalization::UnicodeNormalization;
    let sentence = "어제 주문한 옷을 교환하고 싶은데요";
    let nfd: String = sentence.nfd().collect();
    let copied = median(|| {
        let copy: String = black_box(sentence).chars().collect();
        black_box(copy);
    });
    let nfc = median(|| {
        black_box(normal_form(black_box(sentence)));
    });
    row(
        "P-9",
        "normal form of a sentence of 20 characters",
        nfc,
        "≤ 120 ns",
    );
    ratio(
        "P-9",
        "over the floor: its characters copied",
        nfc,
        copied,
        "≤ × 2",
    );
    let nfd = median(|| {
        black_box(normal_form(black_box(&nfd)));
    });
    row("P-9", "the same in NFD", nfd, "≤ 350 ns");

    let many = flows::words(10_000);
    let mut miss = None;
    for (count, wanted) in [(1_000, "≤ 500 ns"), (10_000, "≤ 650 ns")] {
        let names: Vec<_> = many[..count]
            .chunks(count / 10)
            .map(|words| Name::new(&words[0]).with_words(words[1..].iter().map(String::as_str)))
            .collect();
        let matcher = Matcher::new(&names);
        let said = format!("저는 {} 찾고 있어요", many[count / 2]);
        assert!(matches!(matcher.find(&said), Answer::Exact(..)));
        let bare = aho_corasick::AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(&many[..count])
            .expect("few words");
        let floor = median(|| {
            let squeezed: String = black_box(&said)
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            black_box(bare.find_iter(&squeezed).count());
        });
        let hit = median(|| {
            black_box(matcher.find(black_box(&said)));
        });
        row(
            "P-10",
            &format!("keyword in a sentence, {count} words"),
            hit,
            wanted,
        );
        ratio(
            "P-10",
            "over the floor: spaces out, one automaton",
            hit,
            floor,
            "≤ × 2",
        );
        miss = Some((matcher, bare));
    }

    let repaired = median(|| {
        black_box(keyboard_repaired(black_box("dkdlvhs")));
    });
    row(
        "P-11",
        "a word typed with the keyboard in English",
        repaired,
        "≤ 500 ns",
    );
    assert_eq!(
        Some(typed_floor::keyboard("dkdlvhs")),
        keyboard_repaired("dkdlvhs")
    );
    let floor = median(|| {
        black_box(typed_floor::keyboard(black_box("dkdlvhs")));
    });
    ratio(
        "P-11",
        "over the floor: the same syllables by hand",
        repaired,
        floor,
        "≤ × 1.9",
    );
    let (matcher, bare) = miss.expect("measured above");
    let said = "오늘은 날씨가 참 좋아서 산책했어요";
    assert_eq!(matcher.find(said), Answer::None);
    let missed = median(|| {
        black_box(matcher.find(black_box(said)));
    });
    row(
        "P-12",
        "a sentence that fits none of 10,000 words",
        missed,
        "≤ 3 µs",
    );
    let deletes = typed_floor::Deletes::of(&many);
    // Only what is short enough for a slip goes through every stage; the last is in Latin letters besides.
    for said in ["동네 산책이나", "가나다라마바사", "ehdsoeks"] {
        assert_eq!(matcher.find(said), Answer::None, "{said}");
        let form = median(|| {
            let squeezed: String = normal_form(black_box(said))
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            black_box(bare.find_iter(&squeezed).count());
        });
        let slips = median(|| {
            black_box(deletes.count(black_box(said)));
        });
        let is_latin = said.is_ascii();
        // Nothing is to be turned round in what is Korean already.
        let keyboard = match is_latin {
            true => median(|| {
                black_box(keyboard_repaired(black_box(said)));
            }),
            false => 0.0,
        };
        let sum = form + slips + if is_latin { keyboard + form } else { 0.0 };
        let nanos = median(|| {
            black_box(matcher.find(black_box(said)));
        });
        row(
            "P-12",
            &format!("the same, all stages: {said}"),
            nanos,
            "≤ 3 µs",
        );
        ratio(
            "P-12",
            "over the sum of its stages: form, words, keyboard, slips",
            nanos,
            sum,
            "≤ × 2.3",
        );
    }
    println!();
}

/// P-13.
fn upgrades() {
    let old = Compiled::load(EIGHT).expect("the scenario loads");
    let second = EIGHT.replace(r#""version": 1"#, r#""version": 2"#);
    let same =
        Compiled::load(&second.replace("무엇을 도와드릴까요", "어떤 일이세요")).expect("it loads");
    let other = second.replace(r#""id": "ship", "label""#, r#""id": "ships", "label""#);
    let other = Compiled::load(&other).expect("it loads");
    let env = Env::new(Timestamp::EPOCH);
    let mut waits = State::new(&old);
    step(&old, &mut waits, Input::Start, &env);
    let mut made = Step::empty();
    let mut turn = |flow: &Compiled| {
        let said = Input::Customer {
            id: "m-1",
            text: Some("상품 문의"),
            token: None,
            media: None,
        };
        median(|| {
            let mut state = waits.clone();
            step_into(flow, &mut state, said.clone(), &env, &mut made);
            black_box(&state);
        })
    };
    let (plain, equal, again) = (turn(&old), turn(&same), turn(&other));
    row(
        "P-13",
        "more for a newer version, the step unchanged",
        (equal - plain).max(0.0),
        "≤ + 50 ns",
    );
    row(
        "P-13",
        "more for a newer version, the step shown again",
        (again - plain).max(0.0),
        "≤ + 1 µs",
    );
}
