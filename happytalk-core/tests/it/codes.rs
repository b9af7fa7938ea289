//! The codes of errors: programs and dashboards know them, so none ever changes.

use happytalk_core::conversation::{Command, Ending};
use happytalk_core::event::{AutoKind, OpenedBy, TransferHow};
use happytalk_core::id::AgentId;
use happytalk_core::log::LineError;
use happytalk_core::{ChannelName, Error, Line};

use crate::scene::{
    Scene, answers, ask_transfer, assign, end, message, opening, says, transfer, wants_agent,
};

#[test]
fn each_way_to_refuse_a_command_has_its_code() {
    let mut agent_opens = opening(ChannelName::KAKAO_CONSULT);
    agent_opens.opened_by = OpenedBy::Agent;
    let auto = Command::AutoSay {
        kind: AutoKind::Survey,
        message: message("m-9"),
    };
    let mut pending = Scene::in_progress();
    pending.does(ask_transfer("kim", "lee"));
    let mut early = Scene::in_progress();
    early.now = early.now.minus(std::time::Duration::from_secs(5));
    for (mut scene, command, code) in [
        (Scene::new(), wants_agent(), "conversation.not_open"),
        (
            Scene::with_bot(),
            Command::Open(opening(ChannelName::KAKAO_CONSULT)),
            "conversation.already_open",
        ),
        (Scene::closed(), end(Ending::Agent), "conversation.closed"),
        (Scene::with_bot(), assign("kim"), "conversation.wrong_phase"),
        (
            Scene::in_progress(),
            answers("lee", "m-9"),
            "conversation.not_owner",
        ),
        (
            Scene::assigned(),
            assign("lee"),
            "conversation.already_taken",
        ),
        (Scene::after_work(), auto, "conversation.no_session"),
        (
            Scene::new(),
            Command::Open(agent_opens),
            "conversation.agent_cannot_open",
        ),
        (
            Scene::in_progress(),
            transfer("kim", TransferHow::Forced),
            "conversation.same_agent",
        ),
        (
            pending,
            ask_transfer("kim", "park"),
            "conversation.transfer_pending",
        ),
        (
            Scene::in_progress(),
            transfer("lee", TransferHow::Accepted),
            "conversation.no_transfer",
        ),
        (early, says("m-9"), "conversation.time_went_back"),
    ] {
        assert_eq!(scene.refuses(command), code);
    }
}

#[test]
fn a_refusal_says_what_was_asked_where_it_stands_and_who_has_it() {
    let error = |mut scene: Scene, command| scene.tries(command).unwrap_err();
    assert_eq!(
        error(Scene::with_bot(), assign("kim")).to_string(),
        "conversation does not take this now. command=`assign` phase=`bot`"
    );
    assert_eq!(
        error(Scene::closed(), wants_agent()).to_string(),
        "conversation is over. phase=`closed`"
    );
    let taken = error(Scene::assigned(), assign("lee"));
    assert_eq!(taken.to_string(), "conversation is taken. by=`kim`");
    let Error::AlreadyTaken { by: Some(by), .. } = taken else {
        panic!("{taken}")
    };
    assert_eq!(by.as_str(), "kim");
}

#[test]
fn each_way_not_to_be_an_id_has_its_code() {
    let code = |text: &str| text.parse::<AgentId>().unwrap_err().code();
    assert_eq!(code(""), "id.empty");
    assert_eq!(code(&"x".repeat(129)), "id.too_long");
    assert_eq!(code("a\u{85}b"), "id.control");
}

#[test]
fn each_way_not_to_be_a_line_has_its_code() {
    let code = |text: &str| Line::parse(text).as_ref().map_err(LineError::code).err();
    assert_eq!(code(&" ".repeat(Line::BYTES_MAX + 1)), Some("log.too_long"));
    assert_eq!(code("{"), Some("log.json"));
    assert_eq!(
        code(r#"{"seq":1,"at":1,"type":"x"}"#),
        Some("log.no_stream")
    );
}

#[cfg(feature = "transport")]
#[test]
fn each_way_not_to_have_a_response_has_its_code() {
    use happytalk_core::transport::{TransportError, TransportErrorKind};
    for (kind, code) in [
        (TransportErrorKind::Connect, "transport.connect"),
        (TransportErrorKind::Timeout, "transport.timeout"),
        (TransportErrorKind::TooLarge, "transport.too_large"),
        (TransportErrorKind::Other, "transport.other"),
    ] {
        assert_eq!(TransportError::new(kind).code(), code);
    }
}

#[cfg(feature = "transport")]
#[test]
fn each_way_a_store_fails_has_its_code() {
    use happytalk_core::store::{StoreError, StoreErrorKind};
    for (kind, code) in [
        (StoreErrorKind::Conflict, "store.conflict"),
        (StoreErrorKind::Unavailable, "store.unavailable"),
        (StoreErrorKind::Refused, "store.refused"),
    ] {
        assert_eq!(StoreError::new(kind).code(), code);
    }
}

#[cfg(feature = "testing")]
#[test]
fn a_channel_that_holds_no_files_says_so_for_good() {
    use happytalk_core::channel::{Media, Receipt, Verdict};
    use happytalk_core::testing::poll_once;
    use happytalk_core::{
        Capabilities, Channel, ChannelError, Inbound, Outbound, Retry, Timestamp,
    };

    #[derive(Debug)]
    struct Mute;

    #[async_trait::async_trait]
    impl Channel for Mute {
        fn name(&self) -> ChannelName {
            ChannelName::WEBCHAT
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::none()
        }
        async fn send(&self, _: &Outbound, _: Timestamp) -> Result<Receipt, ChannelError> {
            Ok(Receipt::new())
        }
        fn receive(
            &self,
            _: &http::Request<Vec<u8>>,
            _: Timestamp,
        ) -> Result<Vec<Inbound>, ChannelError> {
            Ok(Vec::new())
        }
        fn reply(&self, _: &http::Request<Vec<u8>>, _: &Verdict) -> http::Response<Vec<u8>> {
            http::Response::new(Vec::new())
        }
    }

    let media = Media::new(
        "account".parse().unwrap(),
        "a.png".to_owned(),
        "image/png".to_owned(),
        vec![1, 2, 3].into(),
    );
    let upload = poll_once(Mute.upload(media, Timestamp::EPOCH)).expect("it waits for nothing");
    let error = upload.unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("channel.unsupported", Retry::Never)
    );
}
