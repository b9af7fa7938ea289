//! The `options` of an event: what stands beside a message, by the event.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "이벤트 기본 구조", handover_v1.md, profile_api_v1.md,
//! pay_api_v1.md (read 2026-11-21). Observed: the keys that no page names (`mobile`, `noReflectBot`,
//! `managerNickname`, `sourceId`).

use std::collections::BTreeMap;

use happytalk_core::inbound::Private;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::wire::lenient::{Maybe, Open, Scalar, Scalars};

/// All the keys of all events but profile results; an event uses the few that are its own. The rare ones are boxed,
/// so that the common events stay small.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    // open
    pub(super) inflow: Scalar,
    pub(super) referer: Scalar,
    from: Scalar,
    friend: Scalar,
    under14: Scalar,
    under19: Scalar,
    unread_message: Scalar,
    // open, leave, send, echo
    mobile: Scalar,
    no_reflect_bot: Scalar,
    // send
    product: Maybe<Box<Product>>,
    // friend
    pub(super) set: Scalar,
    // echo
    pub(super) manager_nickname: Scalar,
    pub(super) source_id: Scalar,
    // handover
    pub(super) control: Scalar,
    pub(super) metadata: Scalar,
    // pay_complete, pay_confirm
    pub(super) payment_result: Maybe<Box<Payment>>,
    pub(super) payment_confirm_result: Maybe<Box<Payment>>,
}

/// What the customer asks about, from a product page (상품 문의). Prices are words, such as `19,900원`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Product {
    name: Scalar,
    url: Scalar,
    mobile_url: Scalar,
    thumb_url: Scalar,
    currency_price: Scalar,
    currency_mobile_price: Scalar,
    currency_original_price: Scalar,
    store_name: Scalar,
}

impl Options {
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

fn put<const N: usize>(texts: &mut BTreeMap<String, Private>, pairs: [(&str, Scalar); N]) {
    for (name, Scalar(text)) in pairs {
        if let Some(text) = text {
            texts.insert(name.to_owned(), Private::from(text));
        }
    }
}

/// A payment (네이버페이 결제): what came of the payment window, or of the approval.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Payment {
    pub(super) code: Scalar,
    message: Scalar,
    pub(super) payment_id: Scalar,
    merchant_pay_key: Scalar,
    merchant_user_key: Scalar,
    detail: Open,
    /// The document spells it so.
    deatil: Open,
}

impl Payment {
    /// The rest, by the wire's own names; the detail under its right spelling.
    pub(super) fn parameters(self) -> Option<BTreeMap<String, Private>> {
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
        Some(texts).filter(|texts| !texts.is_empty())
    }
}

/// The `options` of a profile result (프로필). Which fields there are is open: whatever is not one of the other keys
/// is a field.
#[derive(Debug, Default)]
pub(super) struct ProfileOptions {
    pub(super) result: Scalar,
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
                        "result" => options.result = map.next_value()?,
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
