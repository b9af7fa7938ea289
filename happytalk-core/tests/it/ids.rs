//! Laws of ids: what is printed is read back, what no platform would send is refused.

use std::fmt::Debug;
use std::str::FromStr;

use happytalk_core::ChannelName;
use happytalk_core::id::{
    AccountId, AgentId, ConversationId, CustomerId, EffectId, GroupId, IdError, MessageId, NodeId,
    PersonId, ProviderId, QueueId, ScenarioId, SessionId, SiteId, TagName, Word,
};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

/// What a text comes to as an id of one kind, in every way there is to read it.
fn read<T>(text: &str) -> Result<T, IdError>
where
    T: FromStr<Err = IdError> + Debug + PartialEq,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let read = text.parse::<T>();
    let json = serde_json::to_string(text).unwrap();
    let from_json = serde_json::from_str::<T>(&json);
    match &read {
        Ok(id) => {
            assert_eq!(&from_json.unwrap(), id);
            assert_eq!(serde_json::to_string(id).unwrap(), json);
        }
        Err(_) => assert!(from_json.is_err(), "{text:?}"),
    }
    read
}

/// Whether a text may be an id of at most `bytes_max` bytes; the rule once more, in other words.
fn allowed(text: &str, bytes_max: usize) -> bool {
    (1..=bytes_max).contains(&text.len())
        && text
            .chars()
            .all(|c| !matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}'))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9_-]{1,140}",
        "[가-힣 ]{0,100}",
        "[a-c\\x00-\\x20\\x7f-\\xa0]{0,6}",
    ]
}

macro_rules! each_id {
    ($text:ident, $check:ident; $($id:ident),* $(,)?) => {
        $( $check!($id, $text, $id::BYTES_MAX); )*
    };
}

proptest! {
    #[test]
    fn an_id_that_is_printed_is_read_back_and_a_bad_one_is_refused(text in texts()) {
        macro_rules! check {
            ($id:ident, $text:ident, $bytes_max:expr) => {
                match read::<$id>(&$text) {
                    Ok(id) => {
                        prop_assert!(allowed(&$text, $bytes_max));
                        prop_assert_eq!(id.as_str(), $text.as_str());
                        prop_assert_eq!($id::try_from($text.clone()), Ok(id));
                    }
                    Err(error) => {
                        prop_assert!(!allowed(&$text, $bytes_max), "{}", error);
                        prop_assert_eq!($id::try_from($text.clone()), Err(error));
                    }
                }
            };
        }
        each_id!(text, check;
            AccountId, AgentId, ConversationId, CustomerId, EffectId, GroupId, MessageId, NodeId,
            PersonId, ProviderId, QueueId, ScenarioId, SessionId, SiteId, TagName, Word,
        );
    }

    #[test]
    fn ids_of_our_own_are_valid_and_as_different_as_what_they_are_made_of(
        a in "[a-c0-2-]{1,3}|[가-힣]{42}ab",
        b in "[a-c0-2-]{1,3}",
        seqs in (proptest::sample::select(vec![0, 1, 11, u64::MAX]), any::<u64>()),
    ) {
        let conversation = |text: &str| text.parse::<ConversationId>().unwrap();
        let of = |text: &str, seq| {
            let message = MessageId::numbered(&conversation(text), seq);
            let sending = EffectId::of_message(&message);
            let call = EffectId::numbered("call", &conversation(text), seq);
            prop_assert_eq!(message.as_str().parse(), Ok(message.clone()));
            prop_assert_eq!(sending.as_str().parse(), Ok(sending.clone()));
            prop_assert_eq!(call.as_str().parse(), Ok(call.clone()));
            prop_assert!(sending != call);
            Ok((message, sending, call))
        };
        let (first, second) = (of(&a, seqs.0)?, of(&b, seqs.1)?);
        let same = a == b && seqs.0 == seqs.1;
        prop_assert_eq!(first.0 == second.0, same);
        prop_assert_eq!(first.1 == second.1, same);
        prop_assert_eq!(first.2 == second.2, same);
    }

    #[test]
    fn a_channel_has_its_name_whether_it_is_ours_or_an_integrators(text in texts()) {
        match read::<ChannelName>(&text) {
            Ok(name) => {
                prop_assert!(allowed(&text, 64));
                prop_assert_eq!(name.as_str(), text.as_str());
                prop_assert_eq!(name.to_string(), text.as_str());
            }
            Err(_) => prop_assert!(!allowed(&text, 64)),
        }
    }

    #[test]
    fn the_refusal_of_an_id_says_where_the_fault_is(
        before in "[가-힣a-z]{0,20}",
        control in "[\\x00-\\x1f\\x7f-\\x9f]",
        after in "[a-z]{0,20}",
    ) {
        let text = format!("{before}{control}{after}");
        let Err(IdError::Control { kind, byte, .. }) = text.parse::<AgentId>() else {
            return Err(proptest::test_runner::TestCaseError::fail("a control character went in"));
        };
        prop_assert_eq!((kind, byte), ("AgentId", before.len()));
    }
}

#[test]
fn the_name_of_a_known_channel_is_the_constant() {
    assert_eq!("kakao_consult".parse(), Ok(ChannelName::KAKAO_CONSULT));
    assert_eq!("naver_talktalk".parse(), Ok(ChannelName::NAVER_TALKTALK));
    assert_eq!("webchat".parse(), Ok(ChannelName::WEBCHAT));
    assert_eq!("ticker".parse(), Ok(ChannelName::TICKER));
    assert_eq!("messenger".parse(), Ok(ChannelName::MESSENGER));
    assert_eq!("wechat".parse(), Ok(ChannelName::WECHAT));
}

#[test]
fn an_id_may_be_as_long_as_its_kind_allows_and_no_longer() {
    let most = "k".repeat(AgentId::BYTES_MAX);
    assert!(most.parse::<AgentId>().is_ok());
    let bytes = most.len() + 1;
    assert!(matches!(
        format!("{most}k").parse::<AgentId>(),
        Err(IdError::TooLong { kind: "AgentId", bytes: b, bytes_max: 128, .. }) if b == bytes
    ));
}
