//! One function of bytes for each surface that takes something from outside. None may panic, whatever the bytes.
//!
//! The normal test run feeds them from a seed; `fuzz/` wraps the same functions for a coverage-guided run.

use std::str;

use happytalk_billing::{Account, By, PriceBook};
use happytalk_core::Inbound;
use happytalk_core::channel::{Channel, Verdict};
use happytalk_core::log::Line;
use happytalk_core::time::{Timestamp, Zone};

mod hours;
mod kakao;
mod naver;
mod scenario;

pub use hours::{calendar, holidays};
pub use kakao::{kakao_answer, kakao_bubble, kakao_picture, kakao_receive};
pub use naver::{naver_message, naver_receive, naver_sandbox};
pub use scenario::{scenario_load, scenario_state, scenario_text, scenario_written};

fn receive(channel: &dyn Channel, path: &str, body: &[u8]) {
    let request = http::Request::post(path)
        .body(body.to_vec())
        .expect("a plain request");
    if let Ok(inbounds) = channel.receive(&request, Timestamp::EPOCH) {
        for inbound in inbounds {
            let again = Inbound::parse(&inbound.to_json()).expect("what is written can be read");
            assert_eq!(again.to_json(), inbound.to_json());
        }
    }
    let _ = channel.reply(&request, &Verdict::Accepted);
}

/// A line of the log.
pub fn log_line(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(line) = Line::parse(text) {
        let written = line.to_json();
        let again = Line::parse(&written).expect("what is written can be read");
        assert_eq!(again.to_json(), written);
    }
}

/// A price book. One that is read is charged by: a plan, a day-case's worth of messages, a month's end, a document.
pub fn price_book(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let Ok(book) = PriceBook::parse(text) else {
        return;
    };
    let mut account = Account::new(book, Zone::default());
    for line in [
        r#"{"type":"top_up","at":1715558400000,"key":"t","amount_won":110000,"vat":"included"}"#,
        r#"{"type":"plan_set","at":1715558400000,"key":"p","plan":"pro","accounts":2}"#,
        r#"{"type":"message_sent","at":1715558400001,"key":"m","id":"1","kind":"alimtalk"}"#,
        r#"{"type":"refunded","at":1715558400002,"key":"r","amount_won":5}"#,
    ] {
        let _ = account.command(line);
    }
    let _ = account.advance(Timestamp::from_millis(1_725_000_000_000));
    check_ledger(&account);
}

/// Commands of the ledger, a line each; given again, they change nothing.
pub fn site_line(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let mut account = Account::new(PriceBook::shipped(), Zone::default());
    let taken: Vec<&str> = text
        .lines()
        .filter(|line| account.command(line).is_ok())
        .collect();
    check_ledger(&account);
    let head = account.ledger().head();
    for line in taken {
        account
            .command(line)
            .expect("what was taken is known again");
    }
    assert_eq!(account.ledger().head(), head, "a repetition books nothing");
}

fn check_ledger(account: &Account) {
    assert!(account.ledger().is_balanced(), "both sides are zero");
    let statement = account.statement();
    let head = happytalk_billing::verify(&statement.entries);
    assert_eq!(head, Ok(account.ledger().head()), "the chain holds");
    let report = statement.by(&[By::Month, By::Kind]);
    let rows = report.rows.iter().map(|row| row.amount.as_millis());
    assert_eq!(
        rows.sum::<i64>(),
        statement.balance.as_millis(),
        "the balance is the sum of the entries"
    );
    if let Some(last) = statement.entries.last() {
        let _ = statement.tax_document(Zone::default().date(last.at));
    }
    let _ = (statement.to_csv(), report.to_csv());
}

/// Commands of the router, a line each. What it says can be read again, and the facts of it build the same router.
pub fn router_commands(data: &[u8]) {
    use happytalk_routing::{CommandLine, OutputLine, Queue, Router, Settings};

    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let mut settings = Settings::new(Queue::new("main".parse().expect("an id")));
    let mut lines = text
        .lines()
        .filter_map(|line| CommandLine::parse(line).ok());
    let mut first = lines.next();
    if let Some(CommandLine::Settings(own)) = &first
        && own.check().is_ok()
    {
        settings = own.as_ref().clone();
        first = None;
    }
    let mut router = Router::new(settings.clone()).expect("sound settings");
    let mut again = Router::new(settings).expect("sound settings");
    for line in first.into_iter().chain(lines).take(200) {
        let CommandLine::Input { at, input } = line else {
            continue;
        };
        router.handle_input(*input, at);
        while let Some(output) = router.poll_output() {
            let line = OutputLine::parse(&output.to_json()).expect("what is written can be read");
            assert_eq!(line.fact.as_ref(), output.fact());
            if let Some(fact) = &line.fact {
                again.apply(fact, line.at);
            }
        }
    }
    assert!(again == router, "the facts lead to another router");
}

/// A log, plain or packed. Where both ways to read one can, the figures are the same.
pub fn sqi_log(data: &[u8]) {
    let options = happytalk_sqi::Options::new()
        .with("by", "day,agent,category,parameter:inflow")
        .and_then(|options| options.with("service-level", "20s"))
        .expect("plain options");
    let mut quick = happytalk_sqi::Figures::new(options.clone());
    let quickly = happytalk_sqi::unpacked(data).map(|log| quick.read(log));
    let report = quick.report();
    let _ = (
        report.to_json(),
        report.to_csv(happytalk_core::Language::Korean),
    );
    if let Ok(Err(error)) = &quickly {
        assert!(error.line().is_some(), "an error says where");
    }
    let mut slow = happytalk_sqi::Figures::new(options.clone());
    let slowly = happytalk_sqi::read_log(data).try_for_each(|line| slow.push(&line?));
    if slowly.is_ok() && !data.starts_with(&[0x1f]) {
        assert!(
            matches!(quickly, Ok(Ok(()))),
            "what can be read slowly can be read quickly"
        );
        assert_eq!(quick.report(), slow.report());
    }
    let conversation = "A".parse().expect("an id");
    let _ = happytalk_sqi::explain(data, &conversation, &options);
    let partial = quick.partial();
    let again = happytalk_sqi::Partial::parse(&partial.to_json(), &options);
    assert!(
        again.is_ok_and(|again| again == partial),
        "what is written can be read"
    );
}

/// A partial result, merged with itself.
pub fn sqi_partial(data: &[u8]) {
    let options = happytalk_sqi::Options::new()
        .with("by", "day")
        .and_then(|options| options.with("quantiles", "sketch"))
        .and_then(|options| options.with("service-level", "20s"))
        .expect("plain options");
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(mut partial) = happytalk_sqi::Partial::parse(text, &options) {
        let same = partial.clone();
        partial.merge(&same).expect("the same options");
        let _ = partial.report().to_json();
    }
}
