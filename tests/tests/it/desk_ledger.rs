//! What the prepaid money of a site makes a desk say.

use happytalk::billing::{Account, PriceBook};
use happytalk::core::time::Zone;
use happytalk::{DeskCommand, Output};

use crate::scene::{Scene, settings};

fn book(scene: &mut Scene, json: &str) {
    let json = json.to_owned();
    scene.command(DeskCommand::Book { json }).unwrap();
}

fn account() -> Account {
    Account::new(PriceBook::shipped(), Zone::default())
}

/// A site with little money left.
fn scene() -> Scene {
    let mut scene = Scene::new(settings()).with_account(account());
    book(
        &mut scene,
        r#"{"type":"top_up","key":"t1","amount_won":100000,"vat":"excluded"}"#,
    );
    book(
        &mut scene,
        r#"{"type":"settings","key":"s1","auto_top_up":{"threshold_won":50000,"amount_won":100000}}"#,
    );
    scene
}

#[test]
fn a_wanted_top_up_is_told_once_and_again_after_a_restart_until_it_is_booked() {
    let mut scene = scene();
    assert!(scene.ledger.is_empty());
    book(
        &mut scene,
        r#"{"type":"adjusted","key":"a1","amount_won":-60000,"reason":"correction"}"#,
    );
    let wanted: Vec<String> = scene.ledger.drain(..).collect();
    let key = wanted.iter().find(|key| key.starts_with("auto_top_up/"));
    let key = key.expect("the balance is under the threshold").clone();
    scene.tick();
    assert!(scene.ledger.is_empty(), "once is enough");

    let wanted_again = |scene: &Scene| {
        let mut restored = happytalk::Desk::new(crate::scene::site(), settings())
            .unwrap()
            .with_account(account())
            .restore(&scene.lines, &[], &[], &[])
            .unwrap();
        let mut wanted = Vec::new();
        while let Some(output) = restored.poll_output() {
            match output {
                Output::TopUpWanted(request) => wanted.push(request.key.to_string()),
                other => panic!("nothing else is said again: {other:?}"),
            }
        }
        wanted
    };
    assert_eq!(wanted_again(&scene), std::slice::from_ref(&key));
    book(
        &mut scene,
        &format!(r#"{{"type":"top_up","key":"{key}","amount_won":100000,"vat":"excluded"}}"#),
    );
    assert!(wanted_again(&scene).is_empty(), "it is paid");
    let mut scene = self::scene();
    book(
        &mut scene,
        r#"{"type":"adjusted","key":"a1","amount_won":-60000,"reason":"correction"}"#,
    );
    book(
        &mut scene,
        r#"{"type":"settings","key":"s2","auto_top_up":null}"#,
    );
    assert!(wanted_again(&scene).is_empty(), "the card was refused");
}

#[test]
fn a_fee_that_is_not_covered_and_a_suspension_are_told() {
    let mut scene = Scene::new(settings()).with_account(account());
    book(
        &mut scene,
        r#"{"type":"top_up","key":"t1","amount_won":20000,"vat":"excluded"}"#,
    );
    book(
        &mut scene,
        r#"{"type":"plan_set","key":"p1","plan":"starter","accounts":1}"#,
    );
    scene.ledger.clear();
    scene.pass(40 * 24 * 3_600);
    scene.tick();
    let told = scene.ledger.join(" ");
    assert!(told.contains("grace"), "{told}");
    assert!(told.contains("suspended"), "{told}");
    scene.ledger.clear();
    book(
        &mut scene,
        r#"{"type":"top_up","key":"t2","amount_won":500000,"vat":"excluded"}"#,
    );
    let told = scene.ledger.join(" ");
    assert!(told.contains("resumed"), "{told}");
}

#[test]
fn a_month_that_no_price_book_covers_is_told_once_and_conversations_go_on() {
    let text = r#"{"name":"short","periods":[{"until":"2026-12-01","day_case_mwon":100000,
        "plans":{"starter":{"fee_mwon":35000000}}}]}"#;
    let short = PriceBook::parse(text).unwrap();
    let account = Account::new(short, Zone::default());
    let mut scene = Scene::new(settings())
        .with_account(account)
        .with_agents(&["kim"]);
    book(
        &mut scene,
        r#"{"type":"top_up","key":"t1","amount_won":500000,"vat":"excluded"}"#,
    );
    book(
        &mut scene,
        r#"{"type":"plan_set","key":"p1","plan":"starter","accounts":1}"#,
    );
    scene.passed_over.clear();
    scene.pass(20 * 24 * 3_600);
    scene.tick();
    scene.tick();
    let faults = scene.passed_over.iter();
    let faults: Vec<_> = faults.filter(|code| code.starts_with("billing.")).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    scene.says(happytalk::core::ChannelName::WEBCHAT, "u", "문의요");
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));
}
