//! Who a customer is across channels (DOMAIN 1), and their conversations of before.

use happytalk_core::customer::{
    Block, BlockScope, Change, ChannelUser, Claim, Directory, HistoryIndex, HistoryQuery, Key,
    Profile, Whose,
};
use happytalk_core::id::{CookieId, MemberId, PersonId};
use happytalk_core::{ChannelName, Line, Timestamp};
use proptest::prelude::{Strategy, any};
use proptest::{collection, option, prop_assert, prop_assert_eq, proptest, sample};

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn member(id: &str) -> MemberId {
    id.parse().unwrap()
}

fn user(id: &str) -> ChannelUser {
    ChannelUser::new(
        ChannelName::KAKAO_CONSULT,
        "account".parse().unwrap(),
        id.parse().unwrap(),
    )
}

fn cookie(id: &str) -> CookieId {
    id.parse().unwrap()
}

fn sees(directory: &mut Directory, claim: &Claim, fresh: &str) -> (PersonId, Vec<Key>) {
    let resolved = directory.resolve(claim, &person(fresh)).unwrap();
    for change in &resolved.changes {
        directory.apply(change);
    }
    (resolved.person, resolved.kept_apart)
}

#[test]
fn the_member_id_counts_before_the_platforms_key_and_that_before_the_cookie() {
    let mut people = Directory::new();
    let by_cookie = Claim::new().with_cookie(cookie("c"));
    let (first, _) = sees(&mut people, &by_cookie, "p-1");
    let (again, _) = sees(&mut people, &by_cookie, "p-2");
    assert_eq!(first, again);
    // Logged in on the same browser: the one behind the cookie gets a member id.
    let logged_in = by_cookie.clone().with_member(member("anna"));
    assert_eq!(sees(&mut people, &logged_in, "p-2").0, first);
    // Another member on the same browser is another person; the cookie stays where it was.
    let other = by_cookie.with_member(member("ben"));
    let (second, apart) = sees(&mut people, &other, "p-2");
    assert_eq!(second, person("p-2"));
    assert_eq!(apart, [Key::Cookie(cookie("c"))]);
    assert_eq!(people.by_key(&Key::Cookie(cookie("c"))), Some(&first));
}

#[test]
fn who_joins_kakao_again_is_known_by_their_member_id() {
    let mut people = Directory::new();
    let before = Claim::new()
        .with_member(member("anna"))
        .with_user(user("k-1"));
    let (first, _) = sees(&mut people, &before, "p-1");
    let rejoined = Claim::new().with_user(user("k-2"));
    let (stranger, _) = sees(&mut people, &rejoined, "p-2");
    assert_ne!(stranger, first, "a new key alone says nothing");
    let block = Change::Blocked {
        person: stranger.clone(),
        block: Block::new(BlockScope::Site, "욕설", "kim".parse().unwrap()),
    };
    people.apply(&block);
    let told = rejoined.with_member(member("anna"));
    let (known, apart) = sees(&mut people, &told, "p-3");
    assert_eq!((known, apart), (first.clone(), Vec::new()));
    assert_eq!(people.current(&stranger), &first, "the two are one");
    assert_eq!(people.keys_of(&first).count(), 3);
    let now = Timestamp::EPOCH;
    assert!(
        people
            .block(&first, &ChannelName::NAVER_TALKTALK, now)
            .is_some(),
        "a block is not shaken off"
    );
}

#[test]
fn a_block_has_a_reach_and_an_end() {
    let channel = BlockScope::Channel(ChannelName::KAKAO_CONSULT);
    let mut block = Block::new(channel.clone(), "광고", "kim".parse().unwrap());
    let end = Timestamp::from_millis(1_000);
    block.until = Some(end);
    let just_before = Timestamp::from_millis(999);
    assert!(block.holds(&ChannelName::KAKAO_CONSULT, just_before));
    assert!(!block.holds(&ChannelName::KAKAO_CONSULT, end));
    assert!(!block.holds(&ChannelName::WEBCHAT, just_before));
    assert!(!format!("{block:?}").contains("광고"));
    let mut people = Directory::new();
    let (anna, _) = sees(&mut people, &Claim::new().with_user(user("k-1")), "p-1");
    people.apply(&Change::Blocked {
        person: anna.clone(),
        block,
    });
    people.apply(&Change::Unblocked {
        person: anna.clone(),
        scope: channel,
    });
    assert!(
        people
            .block(&anna, &ChannelName::KAKAO_CONSULT, just_before)
            .is_none()
    );
}

#[test]
fn what_is_known_grows_and_is_forgotten_whole() {
    let mut people = Directory::new();
    let claim = Claim::new().with_user(user("k-1"));
    let (anna, _) = sees(&mut people, &claim, "p-1");
    for (name, grade) in [(Some("안나"), None), (None, Some("VIP"))] {
        let mut profile = Profile::new();
        profile.name = name.map(str::to_owned);
        profile.grade = grade.map(|grade| grade.parse().unwrap());
        people.apply(&Change::ProfileSet {
            person: anna.clone(),
            profile,
        });
    }
    let known = people.profile(&anna).unwrap();
    assert_eq!(known.name.as_deref(), Some("안나"));
    assert_eq!(known.grade.as_ref().unwrap().as_str(), "VIP");
    assert_eq!(format!("{known:?}"), r#"Profile["name", "grade"]"#);
    people.apply(&Change::Erased {
        person: anna.clone(),
    });
    assert_eq!(people, Directory::new());
    let nobody = people.resolve(&Claim::new(), &anna).unwrap_err();
    assert_eq!(nobody.code(), "customer.no_key");
}

fn claims() -> impl Strategy<Value = Claim> {
    let member = option::of(sample::select(vec!["anna", "ben", "cho"]));
    let user = option::of(0_u8..5);
    let cookie = option::of(0_u8..4);
    (member, user, cookie).prop_map(|(name, number, browser)| {
        let mut claim = Claim::new();
        claim.member = name.map(member_id);
        claim.user = number.map(user_of);
        claim.cookie = browser.map(|browser| format!("c-{browser}").parse().unwrap());
        claim
    })
}

fn member_id(name: &str) -> MemberId {
    member(name)
}

fn user_of(number: u8) -> ChannelUser {
    user(&format!("k-{number}"))
}

proptest! {
    /// However requests come: nobody ever carries two member ids, a claim means the same person twice in a row, and
    /// the changes alone make the same directory.
    #[test]
    fn no_two_members_are_ever_made_one(all in collection::vec((claims(), any::<u16>()), 1..60)) {
        let mut people = Directory::new();
        let mut log = Vec::new();
        for (number, (claim, _)) in all.iter().enumerate() {
            let fresh = person(&format!("p-{number}"));
            let Ok(resolved) = people.resolve(claim, &fresh) else {
                prop_assert!(claim.keys().next().is_none());
                continue;
            };
            for change in &resolved.changes {
                people.apply(change);
                log.push(serde_json::to_string(change).unwrap());
            }
            let again = people.resolve(claim, &person("nobody")).unwrap();
            prop_assert_eq!(&again.person, &resolved.person);
            prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
            let members = people
                .keys_of(&resolved.person)
                .filter(|key| matches!(key, Key::Member(_)))
                .count();
            prop_assert!(members <= 1);
            if let Some(claimed) = &claim.member {
                let owner = people.by_key(&Key::Member(claimed.clone()));
                prop_assert_eq!(owner, Some(&resolved.person));
            }
        }
        let mut again = Directory::new();
        for change in &log {
            again.apply(&serde_json::from_str(change).unwrap());
        }
        prop_assert_eq!(again, people);
    }
}

#[test]
fn a_history_is_asked_for_by_customer_and_by_opening() {
    let mut index = HistoryIndex::new();
    for number in 0..7 {
        let customer = number % 2;
        let text = format!(
            r#"{{"conversation":"c-{number}","seq":1,"at":{},"type":"opened","channel":"kakao_consult","account":"account","customer":"k-{customer}","opened_by":"customer","bot":false}}"#,
            number * 1_000
        );
        index.observe(&Line::parse(&text).unwrap());
    }
    let linked =
        r#"{"conversation":"c-3","seq":2,"at":9000,"type":"customer_linked","person":"p-1"}"#;
    index.observe(&Line::parse(linked).unwrap());
    let names = |query: &HistoryQuery| -> Vec<String> {
        let page = index.find(query);
        let ids = page.entries.iter().map(|it| it.conversation.to_string());
        ids.collect()
    };
    let of_user = HistoryQuery::new().of(Whose::User(user("k-1")));
    assert_eq!(names(&of_user), ["c-5", "c-3", "c-1"]);
    let of_person = HistoryQuery::new().of(Whose::Person(person("p-1")));
    assert_eq!(names(&of_person), ["c-3"]);
    let from = Timestamp::from_millis;
    let opened = HistoryQuery::new().opened(from(2_000), from(5_000));
    assert_eq!(names(&opened), ["c-4", "c-3", "c-2"], "half open");
    let mut paged = HistoryQuery::new();
    paged.limit = Some(3);
    let mut seen = Vec::new();
    loop {
        let page = index.find(&paged);
        seen.extend(page.entries.iter().map(|it| it.conversation.to_string()));
        match page.next {
            Some(next) => paged.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["c-6", "c-5", "c-4", "c-3", "c-2", "c-1", "c-0"]);
}
