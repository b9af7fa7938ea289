//! Payments by Naver Pay (네이버페이), asked for in the room.

use happytalk_core::time::Date;
use serde::{Deserialize, Serialize};

use super::debug_hides;

/// What a customer is asked to pay (예약형 결제). Amounts are whole won.
///
/// The platform tells of the payment by `pay_complete`, for which the HTTP status of our answer decides, and of its end
/// by `pay_confirm`: an order is good only once that says `Success`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Payment {
    /// Our own number of it (가맹점 주문 번호): both events name it.
    pub merchant_pay_key: String,
    /// What is to be paid in all, at least 100.
    pub total_won: u64,
    /// What it is for, at least one.
    pub items: Vec<PaymentItem>,
    /// Our own name for the customer; the platform's `user` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_user_key: Option<String>,
    /// What stands in the window; the first item's name where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// How many things in all; the sum of the items' counts where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_count: Option<u32>,
    /// What the delivery costs; 0 where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_won: Option<u64>,
    /// The part with tax (과세); the total where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxed_won: Option<u64>,
    /// The part without tax (면세); what `taxed_won` leaves of the total where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untaxed_won: Option<u64>,
    /// Who buys, where the trade asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchaser_name: Option<String>,
    /// When they were born; for insurance alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchaser_birthday: Option<Date>,
}

impl Payment {
    /// `total_won` for `items`, under our own number.
    #[must_use]
    pub fn new(
        merchant_pay_key: impl Into<String>,
        total_won: u64,
        items: Vec<PaymentItem>,
    ) -> Self {
        Self {
            merchant_pay_key: merchant_pay_key.into(),
            total_won,
            items,
            merchant_user_key: None,
            product_name: None,
            product_count: None,
            delivery_won: None,
            taxed_won: None,
            untaxed_won: None,
            purchaser_name: None,
            purchaser_birthday: None,
        }
    }
}

/// One thing that is paid for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PaymentItem {
    /// The kind of the category (결제 상품 유형), such as `BOOKING`.
    pub category_type: String,
    /// The category (결제 상품 분류), such as `GENERAL`.
    pub category_id: String,
    /// Our own number of the thing.
    pub uid: String,
    /// What it is called.
    pub name: String,
    /// Who sells it. The platform's table asks for it, its sample leaves it out; so it is sent.
    pub seller_id: String,
    /// The first day of a booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// The last day of a booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// How many; 1 where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

impl PaymentItem {
    /// One thing of a category, `(category_type, category_id)`, that `seller_id` sells.
    #[must_use]
    pub fn new(
        category: (&str, &str),
        uid: impl Into<String>,
        name: impl Into<String>,
        seller_id: impl Into<String>,
    ) -> Self {
        Self {
            category_type: category.0.to_owned(),
            category_id: category.1.to_owned(),
            uid: uid.into(),
            name: name.into(),
            seller_id: seller_id.into(),
            starts_on: None,
            ends_on: None,
            count: None,
        }
    }
}

debug_hides!(Payment, PaymentItem);
