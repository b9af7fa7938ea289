//! The centre's calls of the adapter, answered by the sandbox as the pages of each dealer say.

use happytalk_core::testing::poll_once;
use happytalk_core::{Action, Channel};
use happytalk_kakao::sandbox::UserAct;
use happytalk_kakao::{ConsultDay, ConsultTime, Dialect, Error, NewSender, ProfileStatus};

use crate::fixture::SENDER_KEY;
use crate::sandbox_stage::{Stage, kinds, told};

fn done<T>(asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    poll_once(asked).expect("the sandbox is always ready")
}

#[test]
fn a_profile_is_registered_found_and_switched_off_and_on() {
    for dialect in [Dialect::HappytalkV1, Dialect::HappytalkV3] {
        let mut stage = Stage::new(dialect);
        done(
            stage
                .kakao
                .request_sender_token("@sandbox", "010-0000-0000"),
        )
        .unwrap();
        let new = NewSender::new(
            "token".to_owned(),
            "@sandbox".to_owned(),
            "010-0000-0000".to_owned(),
            "00500050001".to_owned(),
            "샌드박스".to_owned(),
        );
        let made = done(stage.kakao.create_sender(new)).unwrap();
        let found = done(stage.kakao.sender()).unwrap();
        assert_eq!(found, made, "{dialect}");
        assert_eq!(found.sender_key.unwrap().as_str(), SENDER_KEY);
        assert_eq!(found.profile_status, Some(ProfileStatus::Activated));
        assert_eq!(found.company.as_deref(), Some("샌드박스"));

        stage.user("ann", &UserAct::write("문의"));
        done(stage.kakao.deactivate_chat()).unwrap();
        assert_eq!(stage.says("ann", "네").unwrap_err().code, "kakao.chat_off");
        done(stage.kakao.activate_chat()).unwrap();
        stage.says("ann", "네").unwrap();
    }
}

#[test]
fn events_go_where_they_are_told_to() {
    let stage = Stage::new(Dialect::HappytalkV1);
    let domain = "https://centre.example/kakao/n3X9qL2vT8";
    assert!(
        done(stage.kakao.receive_domains())
            .unwrap()
            .domains
            .is_empty()
    );
    done(stage.kakao.set_receive_domain(domain)).unwrap();
    let found = done(stage.kakao.receive_domains()).unwrap();
    assert_eq!(found.domains[0].domain, domain);
    assert_eq!(found.direct, Some(false));
}

#[test]
fn classes_and_system_messages_are_found() {
    let stage = Stage::new(Dialect::HappytalkV1);
    let all = done(stage.kakao.categories(None)).unwrap();
    assert!(all.len() > 1);
    let one = done(stage.kakao.categories(Some(&all[0].code))).unwrap();
    assert_eq!(one, all[..1]);
    assert_eq!(one[0].levels().count(), 3);
    let stage = Stage::new(Dialect::HappytalkV3);
    let messages = done(stage.kakao.system_messages(None)).unwrap();
    assert_eq!(messages[0].inspect_status.as_deref(), Some("APR"));
    assert!(
        done(stage.kakao.system_messages(Some("7")))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn bizgo_says_when_a_session_is_planned_to_end() {
    let mut stage = Stage::new(Dialect::Bizgo);
    let ann = "ann".parse().unwrap();
    let error = done(stage.kakao.session(&ann)).unwrap_err();
    assert_eq!(error.code(), "kakao.not_found");
    let came = stage.user("ann", &UserAct::write("문의"));
    let session = done(stage.kakao.session(&ann)).unwrap();
    assert_eq!(
        Some(&session.id),
        came[0].session.as_ref(),
        "text in events, a number here"
    );
    let planned = stage.local.with(|sandbox| sandbox.next_deadline());
    assert_eq!(
        (session.started_at, session.expires_at),
        (Some(stage.now), planned)
    );
    stage.user("ann", &UserAct::Leave);
    let session = done(stage.kakao.session(&ann)).unwrap();
    assert_eq!(session.expires_at, Some(stage.now), "when it ended");
}

#[test]
fn bizgo_takes_a_message_back_once() {
    let mut stage = Stage::new(Dialect::Bizgo);
    stage.user("ann", &UserAct::write("문의"));
    let receipt = stage.says("ann", "잘못 보냈어요").unwrap();
    let (ann, message) = ("ann".parse().unwrap(), receipt.provider_id.unwrap());
    done(stage.kakao.delete_message(&ann, &message)).unwrap();
    assert!(stage.shown("ann").is_empty());
    assert!(done(stage.kakao.delete_message(&ann, &message)).is_err());
}

#[test]
fn bizgo_keeps_the_hours_until_the_profile_is_no_longer_used() {
    let stage = Stage::new(Dialect::Bizgo);
    assert!(
        done(stage.kakao.consult_times()).is_err(),
        "there are none yet"
    );
    let hours = vec![ConsultTime::new(ConsultDay::Mon, "0900", "1800")];
    done(stage.kakao.set_consult_times(hours.clone())).unwrap();
    assert_eq!(done(stage.kakao.consult_times()).unwrap(), hours);
    done(stage.kakao.deactivate_sender("샌드박스")).unwrap();
    done(stage.kakao.activate_sender("샌드박스")).unwrap();
    assert!(done(stage.kakao.consult_times()).is_err());
}

#[test]
fn what_was_said_to_the_bot_is_found_after_the_hand_over() {
    let mut stage = Stage::new(Dialect::Hub);
    let talk = UserAct::TalkToBot {
        words: "배송 언제 와요".to_owned(),
        answer: "상담원을 연결해 드릴게요".to_owned(),
    };
    assert_eq!(kinds(&stage.user("ann", &talk)), [""; 0]);
    let came = stage.user("ann", &UserAct::ask("from_bot"));
    assert!(
        came[0].to_json().contains(r#""bot":"true""#),
        "{}",
        came[0].to_json()
    );
    let history = done(stage.kakao.bot_history(&"ann".parse().unwrap())).unwrap();
    assert_eq!(history.len(), 2);
    assert!(history[0].as_str().contains("배송 언제 와요"));
}

#[test]
fn an_end_with_the_bot_ends_the_session_and_a_second_one_counts_as_done() {
    for dialect in [Dialect::HappytalkV3, Dialect::Bizgo] {
        let mut stage = Stage::new(dialect);
        stage.user("ann", &UserAct::write("문의"));
        let event = Some("home".to_owned());
        assert!(stage.kakao.capabilities().actions.contains(&"end_with_bot"));
        let end = stage.outbound("ann", Action::EndWithBot { event });
        stage.sends(&end).unwrap();
        assert_eq!(told(&stage.events()), ["session_ended"], "{dialect}");
        stage.sends(&end).unwrap();
        assert_eq!(told(&stage.events()), [""; 0]);
    }
}
