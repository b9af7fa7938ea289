//! What the README shows, word for word, and played.

use std::sync::Arc;

use happytalk_core::channel::Verdict;
use happytalk_core::{Action, Channel, Content, InboundKind, Outbound, Timestamp};
use happytalk_kakao::sandbox::{LocalSandbox, Sandbox, Shown, UserAct};
use happytalk_kakao::{Dialect, Kakao};

async fn first_exchange(now: Timestamp) -> Result<Vec<Shown>, Box<dyn std::error::Error>> {
    let mut dealer = Sandbox::new(
        Dialect::HappytalkV1,
        "0123456789abcdef0123456789abcdef01234567".parse()?,
    );
    dealer.user("ann", &UserAct::write("교환하고 싶어요"), now)?;
    let config = dealer.config("https://dealer.example"); // to go live: `Config::new(HAPPYTALK_PRODUCTION, ..)`
    let dealer = Arc::new(LocalSandbox::new(dealer)); // to go live: `reqwest::Client::new()`
    let kakao = Kakao::new(config, Arc::clone(&dealer) as _)?;
    for call in dealer.events("https://centre.example/kakao/n3X9qL2vT8") {
        // to go live: what your HTTP server takes
        for inbound in kakao.receive(&call, now)? {
            if let (InboundKind::Message { .. }, Some(account), Some(customer)) =
                (inbound.what, inbound.account, inbound.customer)
            {
                let content = vec![Content::text("네, 무엇을 교환해 드릴까요?")];
                kakao
                    .send(
                        &Outbound::new("m-1".parse()?, account, customer, Action::Say { content }),
                        now,
                    )
                    .await?;
            }
        }
        assert_eq!(kakao.reply(&call, &Verdict::Accepted).status(), 200); // what the dealer waits for
    }
    Ok(dealer
        .with(|dealer| dealer.room("ann").map(|room| room.shown().to_vec()))
        .unwrap_or_default())
}

#[test]
fn the_exchange_of_the_readme_happens_and_stands_there_as_it_is_here() {
    let now = "2026-11-16T09:00:00+09:00".parse().unwrap();
    let shown = happytalk_core::testing::poll_once(first_exchange(now));
    let shown = shown.expect("the sandbox is always ready").unwrap();
    assert_eq!(shown[0].words, "네, 무엇을 교환해 드릴까요?");

    let readme = include_str!("../../README.md");
    let start = readme.find("```rust\n").unwrap() + "```rust\n".len();
    let example = &readme[start..][..readme[start..].find("```").unwrap()];
    assert!(example.lines().count() <= 25, "{}", example.lines().count());
    // The formatter breaks lines here that a reader of the README need not see broken.
    let plain = |text: &str| text.replace(',', "").split_whitespace().collect::<String>();
    assert!(plain(include_str!("first_exchange.rs")).contains(&plain(example)));
}
