//! What a `PAY` button asks for.
//!
//! Source: <https://github.com/navertalk/chatbot-api> pay_api_v1.md (read 2026-11-21)

use serde::Serialize;

use super::picker::compact;
use super::{filled, in_range, not_empty};
use crate::error::Error;
use crate::message::{Payment, PaymentItem};

/// The least that can be paid, in won.
const TOTAL_WON_MIN: u64 = 100;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentInfo<'a> {
    merchant_pay_key: &'a str,
    total_pay_amount: u64,
    product_items: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_user_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_fee: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_scope_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_ex_scope_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchaser_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchaser_birthday: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    category_type: &'a str,
    category_id: &'a str,
    uid: &'a str,
    name: &'a str,
    seller_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

impl<'a> PaymentInfo<'a> {
    pub(super) fn new(payment: &'a Payment) -> Result<Self, Error> {
        let total = payment.total_won;
        in_range("payment.total_won", total, TOTAL_WON_MIN, u64::MAX)?;
        for (place, part) in [
            ("payment.delivery_won", payment.delivery_won),
            ("payment.taxed_won", payment.taxed_won),
            ("payment.untaxed_won", payment.untaxed_won),
        ] {
            if let Some(part) = part {
                in_range(place, part, 0, total)?;
            }
        }
        if let (Some(taxed), Some(untaxed)) = (payment.taxed_won, payment.untaxed_won)
            && taxed.checked_add(untaxed) != Some(total)
        {
            return Err(Error::BadValue {
                place: "payment.untaxed_won",
            });
        }
        if payment.items.is_empty() {
            return Err(Error::Empty {
                place: "payment.items",
            });
        }
        Ok(Self {
            merchant_pay_key: not_empty("payment.merchant_pay_key", &payment.merchant_pay_key)?,
            total_pay_amount: total,
            product_items: payment
                .items
                .iter()
                .map(Item::new)
                .collect::<Result<_, _>>()?,
            merchant_user_key: filled(payment.merchant_user_key.as_deref()),
            product_name: filled(payment.product_name.as_deref()),
            product_count: payment.product_count,
            delivery_fee: payment.delivery_won,
            tax_scope_amount: payment.taxed_won,
            tax_ex_scope_amount: payment.untaxed_won,
            purchaser_name: filled(payment.purchaser_name.as_deref()),
            purchaser_birthday: payment.purchaser_birthday.map(compact),
        })
    }
}

impl<'a> Item<'a> {
    fn new(item: &'a PaymentItem) -> Result<Self, Error> {
        if let (Some(first), Some(last)) = (item.starts_on, item.ends_on)
            && last < first
        {
            return Err(Error::BadValue {
                place: "payment.item.ends_on",
            });
        }
        if let Some(count) = item.count {
            in_range("payment.item.count", u64::from(count), 1, u64::MAX)?;
        }
        Ok(Self {
            category_type: not_empty("payment.item.category_type", &item.category_type)?,
            category_id: not_empty("payment.item.category_id", &item.category_id)?,
            uid: not_empty("payment.item.uid", &item.uid)?,
            name: not_empty("payment.item.name", &item.name)?,
            seller_id: not_empty("payment.item.seller_id", &item.seller_id)?,
            start_date: item.starts_on.map(compact),
            end_date: item.ends_on.map(compact),
            count: item.count,
        })
    }
}
