//! By which of Naver's doors a customer came (진입점): 쇼핑, 페이, 예약, 스마트플레이스 and the like.

use std::collections::BTreeMap;

use happytalk_core::inbound::Private;
use happytalk_core::json::{self, JsonError};
use happytalk_core::{Inbound, InboundKind};
use serde::Deserialize;

/// The parameter that [`EntryPoints::mark`] sets. Figures group by it: `happytalk sqi LOG --by parameter:entry_point`.
pub const ENTRY_POINT: &str = "entry_point";

const SHIPPED: &str = include_str!("../data/entry_points.json");

/// Which pages and links are which door.
///
/// A customer who comes in is asked for, in this order: what the link said (`from`), on whose page they were (the
/// referrer), and how the platform calls their way (`inflow`). One who asks about a product without coming in first,
/// which is how product pages work, is asked for the product's page; without a product they come from an order page of
/// Naver Pay.
///
/// | door | |
/// | --- | --- |
/// | `smart_store` | 스마트스토어, 브랜드스토어 |
/// | `shopping` | 네이버쇼핑, 쇼핑라이브 |
/// | `pay` | 네이버페이 |
/// | `booking` | 네이버예약 |
/// | `place` | 스마트플레이스, 지도 |
/// | `modoo`, `space_cloud` | 모두, 스페이스클라우드 |
/// | `search`, `blog`, `cafe`, `talk` | 검색, 블로그, 카페, a page of TalkTalk itself |
/// | `site` | any other page |
/// | `button` | a button, with no word of where it stands |
/// | `list` | the customer's own list of chats |
/// | `direct` | the address of the room |
///
/// Assumed: the hosts of the shipped table. The platform documents the fields and not the pages.
///
/// ```
/// use happytalk_naver::{EntryPoints, decode};
///
/// let doors = EntryPoints::shipped().with_from("spring-sale", "campaign");
/// let open = |options: &str| decode(format!(r#"{{"event":"open","user":"u","options":{options}}}"#).as_bytes(), None);
/// let door = |options: &str| Ok::<_, happytalk_naver::Error>(doors.of(&open(options)?[0].what).map(str::to_owned));
///
/// assert_eq!(door(r#"{"inflow":"button","referer":"https://m.booking.naver.com/booking/6"}"#)?.as_deref(), Some("booking"));
/// assert_eq!(door(r#"{"inflow":"button","from":"spring-sale"}"#)?.as_deref(), Some("campaign"));
/// assert_eq!(door(r#"{"inflow":"list"}"#)?.as_deref(), Some("list"));
/// # Ok::<(), happytalk_naver::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPoints {
    links: BTreeMap<String, String>,
    hosts: BTreeMap<String, String>,
    /// Whether ways that no table knows have a name.
    others: bool,
}

/// The document. `read` says when its facts were looked at, and is nothing to us.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "read")]
    _read: Option<String>,
    #[serde(default)]
    hosts: BTreeMap<String, String>,
    #[serde(default)]
    links: BTreeMap<String, String>,
}

impl EntryPoints {
    /// No doors: nothing is ever marked.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            links: BTreeMap::new(),
            hosts: BTreeMap::new(),
            others: false,
        }
    }

    /// The table that ships with this crate (`data/entry_points.json`).
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads the table.
        Self::read(SHIPPED).unwrap_or_default()
    }

    /// A table of one's own in place of the shipped one: `{"hosts":{"shop.example.com":"shop"},"links":{"qr":"poster"}}`.
    ///
    /// # Errors
    /// [`JsonError`] where it is not that.
    pub fn read(text: &str) -> Result<Self, JsonError> {
        let Document { hosts, links, .. } = json::from_str(text)?;
        let hosts = hosts.into_iter();
        Ok(Self {
            hosts: hosts
                .map(|(host, door)| (host.to_ascii_lowercase(), door))
                .collect(),
            links,
            others: true,
        })
    }

    /// Also takes links whose `from` is `from` for `door`.
    #[must_use]
    pub fn with_from(mut self, from: impl Into<String>, door: impl Into<String>) -> Self {
        self.links.insert(from.into(), door.into());
        self
    }

    /// Also takes pages of `host`, and of all hosts below it, for `door`.
    #[must_use]
    pub fn with_host(mut self, host: &str, door: impl Into<String>) -> Self {
        self.hosts.insert(host.to_ascii_lowercase(), door.into());
        self
    }

    /// The door, where `what` tells of one: a customer who came in, or asked about a product.
    #[must_use]
    pub fn of<'a>(&'a self, what: &'a InboundKind) -> Option<&'a str> {
        let text = |parameters: &'a Option<BTreeMap<String, Private>>, name| {
            parameters.as_ref()?.get(name).map(Private::as_str)
        };
        match what {
            InboundKind::Entered {
                parameters,
                inflow,
                referrer,
                ..
            } => {
                let link = text(parameters, "from").and_then(|from| self.links.get(from));
                let page = referrer.as_ref().map(Private::as_str);
                let known = link.or_else(|| self.at(page?)).map(String::as_str);
                known.or_else(|| self.other(inflow.as_deref(), page.is_some()))
            }
            InboundKind::Message {
                input, parameters, ..
            } if input.as_deref() == Some("product") => {
                let page = text(parameters, "product.url")
                    .or_else(|| text(parameters, "product.mobileUrl"));
                let known = match page {
                    Some(page) => self.at(page).map(String::as_str),
                    // Observed: an inquiry from an order page of Naver Pay has no product.
                    None => self.others.then_some("pay"),
                };
                known.or_else(|| self.other(None, true))
            }
            _ => None,
        }
    }

    /// Adds the door to what came with a customer, under [`ENTRY_POINT`], unless something stands there.
    pub fn mark(&self, inbound: &mut Inbound) {
        let Some(door) = self.of(&inbound.what).map(Private::from) else {
            return;
        };
        if let InboundKind::Entered { parameters, .. } | InboundKind::Message { parameters, .. } =
            &mut inbound.what
        {
            let parameters = parameters.get_or_insert_default();
            parameters.entry(ENTRY_POINT.to_owned()).or_insert(door);
        }
    }

    /// The door of the most particular host that the page is on.
    fn at(&self, page: &str) -> Option<&String> {
        let host = host(page)?;
        let mut rest = host.as_str();
        loop {
            if let Some(door) = self.hosts.get(rest) {
                return Some(door);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    fn other(&self, inflow: Option<&str>, has_page: bool) -> Option<&'static str> {
        let door = match inflow {
            Some("list") => "list",
            Some("none") => "direct",
            _ if has_page => "site",
            Some("button") => "button",
            _ => return None,
        };
        self.others.then_some(door)
    }
}

/// The host of an address of the web, in small letters.
fn host(page: &str) -> Option<String> {
    let rest = page.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(inflow: &str, page: Option<&str>, from: Option<&str>) -> InboundKind {
        let from = from.map(|from| ("from".to_owned(), Private::from(from)));
        InboundKind::Entered {
            inflow: Some(inflow.to_owned()),
            referrer: page.map(Private::from),
            bot: None,
            parameters: Some(from.into_iter().collect()),
        }
    }

    fn page(page: &str) -> String {
        let what = entered("button", Some(page), None);
        EntryPoints::shipped().of(&what).unwrap().to_owned()
    }

    #[test]
    fn each_of_navers_doors_has_its_name() {
        for (address, door) in [
            (
                "https://smartstore.naver.com/shop/products/1",
                "smart_store",
            ),
            ("https://m.smartstore.naver.com/shop", "smart_store"),
            ("https://brand.naver.com/shop", "smart_store"),
            ("https://msearch.shopping.naver.com/catalog/1", "shopping"),
            ("https://shopping.naver.com", "shopping"),
            ("https://order.pay.naver.com/orderStatus/1", "pay"),
            ("https://booking.naver.com/booking/6/bizes/1", "booking"),
            ("https://pcmap.place.naver.com/restaurant/1/home", "place"),
            ("https://map.naver.com/p/entry/place/1", "place"),
            ("http://shop.modoo.at/?link=1", "modoo"),
            ("https://www.spacecloud.kr/space/1", "space_cloud"),
            ("https://m.search.naver.com/search.naver?query=a", "search"),
            ("https://blog.naver.com/shop", "blog"),
            ("https://cafe.naver.com/shop", "cafe"),
            ("https://talk.naver.com/ct/wc1234", "talk"),
            (
                "https://shop.example.com/?next=https://pay.naver.com",
                "site",
            ),
            ("https://PAY.naver.com:443", "pay"),
            ("https://pay.naver.com@evil.example/", "site"),
            ("https://notpay.naver.com.evil.example/", "site"),
            ("not an address", "site"),
        ] {
            assert_eq!(page(address), door, "{address}");
        }
    }

    #[test]
    fn without_a_page_the_way_itself_is_the_door() {
        let doors = EntryPoints::shipped();
        for (inflow, door) in [
            ("list", Some("list")),
            ("none", Some("direct")),
            ("button", Some("button")),
            ("later", None),
        ] {
            assert_eq!(doors.of(&entered(inflow, None, None)), door, "{inflow}");
        }
    }

    #[test]
    fn what_a_link_says_of_itself_comes_first() {
        let doors = EntryPoints::shipped()
            .with_from("qr-7", "poster")
            .with_host("Shop.Example.com", "shop");
        let page = Some("https://www.shop.example.com/");
        assert_eq!(
            doors.of(&entered("button", page, Some("qr-7"))),
            Some("poster")
        );
        assert_eq!(doors.of(&entered("button", page, Some("qr"))), Some("shop"));
    }

    #[test]
    fn a_table_that_is_none_says_where_and_no_doors_mark_nothing() {
        let error = EntryPoints::read("{\"hosts\":7}").unwrap_err();
        assert_eq!((error.line(), error.column()), (1, 10));
        assert_eq!(EntryPoints::none().of(&entered("list", None, None)), None);
        assert!(EntryPoints::read(SHIPPED).is_ok_and(|doors| doors.hosts.len() > 10));
    }
}
