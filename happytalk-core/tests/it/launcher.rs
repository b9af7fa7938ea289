//! DOMAIN 12.9: the floating button (둥둥이), its document and what is shown.

use std::error::Error;

use happytalk_core::ChannelName;
use happytalk_core::hours::{Calendar, SiteHours};
use happytalk_core::launcher::{Corner, Launcher, OutsideHours, Shown};
use happytalk_core::parameters::ParameterRules;

const DOCUMENT: &str = r#"{
  "position": {"corner": "bottom_left", "side_px": 24, "edge_px": 80},
  "channels": [
    {"channel": "webchat", "account": "shop", "order": 3, "hours": "site", "outside_hours": "show"},
    {"channel": "naver_talktalk", "account": "wc1234", "order": 1, "hours": "site"},
    {"channel": "kakao_consult", "account": "@shop", "order": 2, "label": "카카오톡 상담",
     "category": {"main": "주문", "sub": "취소"}, "parameters": {"user_parameter": "top"}},
    {"channel": "kakao_consult", "account": "@shop", "order": 2, "label": "반품 상담", "on": false}]}"#;

fn names(shown: &[Shown<'_>]) -> Vec<(String, bool)> {
    shown
        .iter()
        .map(|one| (one.entry.channel.to_string(), one.open))
        .collect()
}

fn named(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter()
        .map(|(name, open)| ((*name).to_owned(), *open))
        .collect()
}

#[test]
fn rule_12_9_channels_are_shown_in_their_order_while_they_are_open() {
    let launcher = Launcher::read(DOCUMENT).unwrap();
    assert_eq!(launcher.position().corner, Corner::BottomLeft);
    assert_eq!(launcher.position().edge_px, 80);
    let shown = launcher.shown(|_, _| true, |_| true);
    let all = [
        ("naver_talktalk", true),
        ("kakao_consult", true),
        ("webchat", true),
    ];
    assert_eq!(names(&shown), named(&all));
    let shown = launcher.shown(|_, _| true, |_| false);
    assert_eq!(
        names(&shown),
        named(&[("kakao_consult", true), ("webchat", false)])
    );
    assert_eq!(shown[1].entry.outside_hours, OutsideHours::Show);
}

#[test]
fn rule_12_9_a_channel_that_is_off_is_not_shown() {
    let launcher = Launcher::read(DOCUMENT).unwrap();
    assert_eq!(launcher.entries().len(), 4, "one is off in the document");
    let kakao_off = |channel: &ChannelName, _: &_| *channel != ChannelName::KAKAO_CONSULT;
    let shown = launcher.shown(kakao_off, |_| true);
    assert_eq!(
        names(&shown),
        named(&[("naver_talktalk", true), ("webchat", true)])
    );
    assert!(launcher.shown(|_, _| false, |_| true).is_empty());
}

#[test]
fn rule_12_9_hours_are_those_of_the_calendar() {
    let calendar =
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#;
    let hours = SiteHours::new(Calendar::read(calendar).unwrap());
    let launcher = Launcher::read(DOCUMENT).unwrap();
    let shown = |now: &str| names(&launcher.shown_at(&hours, |_, _| true, now.parse().unwrap()));
    assert_eq!(shown("2026-11-23T17:59:59+09:00").len(), 3);
    let closed = named(&[("kakao_consult", true), ("webchat", false)]);
    assert_eq!(shown("2026-11-23T18:00:00+09:00"), closed);
    let unknown = DOCUMENT.replace("\"site\"", "\"vip\"");
    let launcher = Launcher::read(&unknown).unwrap();
    let now = "2026-11-23T12:00:00+09:00".parse().unwrap();
    assert_eq!(names(&launcher.shown_at(&hours, |_, _| true, now)), closed);
}

#[test]
fn rule_12_9_a_button_binds_its_category_so_that_a_page_reaches_its_team() {
    let launcher = Launcher::read(DOCUMENT).unwrap();
    let kakao = &launcher.entries()[1];
    let rules = ParameterRules::strict();
    let taken = rules.take(kakao.start_parameters()).unwrap();
    let category = rules.category(&taken.parameters).unwrap();
    assert_eq!(Some(&category), kakao.category.as_ref());
    assert_eq!(taken.parameters["user_parameter"].as_str(), "top");
}

#[test]
fn a_launcher_is_written_and_read_back() {
    let launcher = Launcher::read(DOCUMENT).unwrap();
    assert_eq!(Launcher::read(&launcher.to_json()).unwrap(), launcher);
    let least = r#"{"channels":[{"channel":"webchat","account":"a"}]}"#;
    assert_eq!(
        Launcher::read(least).unwrap().position().corner,
        Corner::BottomRight
    );
}

#[test]
fn what_is_no_launcher_is_told_with_its_place_and_without_its_text() {
    let one =
        |more: &str| format!(r#"{{"channels":[{{"channel":"webchat","account":"a"{more}}}]}}"#);
    let entry = r#"{"channel":"webchat","account":"a"}"#;
    let secret = "01047112358".repeat(20);
    for (document, code, place) in [
        (" ".repeat(64 * 1024 + 1), "launcher.too_long", ""),
        ("{".to_owned(), "launcher.json", "line=`1`"),
        (one(r#","colour":"red""#), "launcher.json", "line=`1`"),
        (
            one(r#","outside_hours":"sometimes""#),
            "launcher.json",
            "line=`1`",
        ),
        (
            r#"{"channels":[]}"#.to_owned(),
            "launcher.channel_count",
            "count=`0`",
        ),
        (
            one(&format!(r#","label":"{secret}""#)),
            "launcher.bad_text",
            "`/channels/0/label`",
        ),
        (
            one(r#","label":" ""#),
            "launcher.bad_text",
            "`/channels/0/label`",
        ),
        (
            one(r#","category":{"main":"열여섯자나되는아주긴대분류이름은"}"#),
            "launcher.bad_text",
            "`/channels/0/category/main`",
        ),
        (
            one(&format!(r#","parameters":{{"parameter1":"{secret}"}}"#)),
            "launcher.parameter",
            "`/channels/0/parameters/parameter1`",
        ),
        (
            format!(r#"{{"channels":[{entry},{entry}]}}"#),
            "launcher.twice",
            "`/channels/1`",
        ),
    ] {
        let error = Launcher::read(&document).unwrap_err();
        let told = format!(
            "{error} {}",
            error.source().map_or_else(String::new, ToString::to_string)
        );
        assert_eq!(error.code(), code, "{told}");
        assert!(told.contains(place), "{told}");
        assert!(
            !format!("{told} {error:?}").contains("01047112358"),
            "{told}"
        );
    }
}
