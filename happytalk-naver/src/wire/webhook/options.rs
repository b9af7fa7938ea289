//! The `options` of an event: what stands beside a message, by the event.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "이벤트 기본 구조", handover_v1.md, profile_api_v1.md,
//! pay_api_v1.md (read 2026-11-21). Observed: the keys that no page names (`mobile`, `noReflectBot`,
//! `managerNickname`, `sourceId`, `threadOwnerId`).

use std::collections::BTreeMap;

use happytalk_core::inbound::Private;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::wire::lenient::{Maybe, Open, Scalar, Scalars};

/// All the keys of all events but profile results; an event uses the few that are its own. The rare ones are boxed,
/// so that the common events stay small.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options<'a> {
    // open
    #[serde(borrow)]
    pub(super) inflow: Scalar<'a>,
    #[serde(borrow)]
    pub(super) referer: Scalar<'a>,
    #[serde(borrow)]
    from: Scalar<'a>,
    #[serde(borrow)]
    friend: Scalar<'a>,
    #[serde(borrow)]
    under14: Scalar<'a>,
    #[serde(borrow)]
    under19: Scalar<'a>,
    #[serde(borrow)]
    unread_message: Scalar<'a>,
    // open, leave, send, echo
    #[serde(borrow)]
    mobile: Scalar<'a>,
    #[serde(borrow)]
    no_reflect_bot: Scalar<'a>,
    // send
    #[serde(borrow)]
    product: Maybe<Box<Product<'a>>>,
    // friend
    #[serde(borrow)]
    pub(super) set: Scalar<'a>,
    // echo
    #[serde(borrow)]
    pub(super) manager_nickname: Scalar<'a>,
    #[serde(borrow)]
    pub(super) source_id: Scalar<'a>,
    #[serde(borrow)]
    thread_owner_id: Scalar<'a>,
    // handover
    #[serde(borrow)]
    pub(super) control: Scalar<'a>,
    #[serde(borrow)]
    pub(super) metadata: Scalar<'a>,
    // pay_complete, pay_confirm
    #[serde(borrow)]
    pub(super) payment_result: Maybe<Box<Payment<'a>>>,
    #[serde(borrow)]
    pub(super) payment_confirm_result: Maybe<Box<Payment<'a>>>,
}

/// What the customer asks about, from a product page (상품 문의). Prices are words, such as `19,900원`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Product<'a> {
    #[serde(borrow)]
    name: Scalar<'a>,
    #[serde(borrow)]
    url: Scalar<'a>,
    #[serde(borrow)]
    mobile_url: Scalar<'a>,
    #[serde(borrow)]
    thumb_url: Scalar<'a>,
    #[serde(borrow)]
    currency_price: Scalar<'a>,
    #[serde(borrow)]
    currency_mobile_price: Scalar<'a>,
    #[serde(borrow)]
    currency_original_price: Scalar<'a>,
    #[serde(borrow)]
    store_name: Scalar<'a>,
}

impl Options<'_> {
    /// What an echo says beside its words, with `further` from elsewhere in it, by the wire's own names.
    pub(super) fn of_echo<'a>(
        self,
        further: [(&'static str, Scalar<'a>); 4],
    ) -> Option<BTreeMap<String, Private>> {
        let mut texts = BTreeMap::new();
        put(&mut texts, further);
        put(
            &mut texts,
            [
                ("managerNickname", self.manager_nickname),
                ("sourceId", self.source_id),
                ("threadOwnerId", self.thread_owner_id),
                ("mobile", self.mobile),
                ("noReflectBot", self.no_reflect_bot),
            ],
        );
        Some(texts).filter(|texts| !texts.is_empty())
    }

    /// What is text or yes and no, by the wire's own names; nothing where there is none.
    pub(super) fn parameters(self) -> Option<BTreeMap<String, Private>> {
        let mut texts = BTreeMap::new();
        put(
            &mut texts,
            [
                ("from", self.from),
                ("friend", self.friend),
                ("under14", self.under14),
                ("under19", self.under19),
                ("unreadMessage", self.unread_message),
                ("mobile", self.mobile),
                ("noReflectBot", self.no_reflect_bot),
            ],
        );
        if let Some(product) = self.product.0 {
            put(
                &mut texts,
                [
                    ("product.name", product.name),
                    ("product.url", product.url),
                    ("product.mobileUrl", product.mobile_url),
                    ("product.thumbUrl", product.thumb_url),
                    ("product.currencyPrice", product.currency_price),
                    ("product.currencyMobilePrice", product.currency_mobile_price),
                    (
                        "product.currencyOriginalPrice",
                        product.currency_original_price,
                    ),
                    ("product.storeName", product.store_name),
                ],
            );
        }
        Some(texts).filter(|texts| !texts.is_empty())
    }
}

fn put<const N: usize>(texts: &mut BTreeMap<String, Private>, pairs: [(&str, Scalar<'_>); N]) {
    for (name, Scalar(text)) in pairs {
        if let Some(text) = text {
            texts.insert(name.to_owned(), Private::from(text.into_owned()));
        }
    }
}

/// A payment (네이버페이 결제): what came of the payment window, or of the approval.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Payment<'a> {
    #[serde(borrow)]
    code: Scalar<'a>,
    #[serde(borrow)]
    message: Scalar<'a>,
    #[serde(borrow)]
    payment_id: Scalar<'a>,
    #[serde(borrow)]
    merchant_pay_key: Scalar<'a>,
    #[serde(borrow)]
    merchant_user_key: Scalar<'a>,
    detail: Open,
    /// The document spells it so.
    deatil: Open,
}

impl Payment<'_> {
    /// Its id and how it went, and the rest by the wire's own names; the detail under its right spelling.
    pub(super) fn into_parts(self) -> (String, String, Option<BTreeMap<String, Private>>) {
        let mut texts = BTreeMap::new();
        put(
            &mut texts,
            [
                ("message", self.message),
                ("merchantPayKey", self.merchant_pay_key),
                ("merchantUserKey", self.merchant_user_key),
            ],
        );
        self.deatil.put("detail", &mut texts);
        self.detail.put("detail", &mut texts);
        let texts = Some(texts).filter(|texts| !texts.is_empty());
        let owned = |scalar: Scalar<'_>| scalar.owned().unwrap_or_default();
        (owned(self.payment_id), owned(self.code), texts)
    }
}

/// The `options` of a profile result (프로필). Which fields there are is open: whatever is not one of the other keys
/// is a field.
#[derive(Debug, Default)]
pub(super) struct ProfileOptions {
    pub(super) result: Option<String>,
    pub(super) withdrawals: Scalars,
    /// By name; the parts of an address as `address.roadAddr`.
    pub(super) fields: BTreeMap<String, Private>,
}

impl<'de> Deserialize<'de> for ProfileOptions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> serde::de::Visitor<'de> for Members {
            type Value = ProfileOptions;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<ProfileOptions, A::Error> {
                let mut options = ProfileOptions::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "result" => options.result = map.next_value::<Scalar<'_>>()?.owned(),
                        "withdrawals" => options.withdrawals = map.next_value()?,
                        "mobile" | "noReflectBot" => {
                            map.next_value::<IgnoredAny>()?;
                        }
                        name => map.next_value::<Open>()?.put(name, &mut options.fields),
                    }
                }
                Ok(options)
            }
        }
        deserializer.deserialize_map(Members)
    }
}
