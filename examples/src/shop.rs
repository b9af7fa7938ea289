//! The company's own system that the scenario asks: orders and claims.

use async_trait::async_trait;
use happytalk::core::Value;
use happytalk::core::call::{Call, CallHandler, CallOutcome};

/// A shop with one order.
#[derive(Debug, Default)]
pub struct Shop;

#[async_trait]
impl CallHandler for Shop {
    async fn call(&self, call: &Call) -> CallOutcome {
        let said = |name: &str| {
            call.input
                .get(name)
                .and_then(Value::as_text)
                .unwrap_or_default()
        };
        match call.name.as_str() {
            "order.lookup" if said("order_no") != "20261110-0001234" => {
                CallOutcome::Declared("not_found".to_owned())
            }
            "order.lookup" if said("phone") != "01012345678" => {
                CallOutcome::Declared("phone_mismatch".to_owned())
            }
            "order.lookup" => object(&[
                ("item", Value::from("면 티셔츠")),
                ("status", Value::from("delivered")),
                ("delivered_on", Value::from("2026-11-13")),
                ("fee", Value::from(6_000)),
            ]),
            // The key is the same for a repeated call, so the claim is too.
            "claim.create" => object(&[("no", Value::from("C-20261116-01"))]),
            _ => CallOutcome::Error,
        }
    }
}

fn object(members: &[(&str, Value)]) -> CallOutcome {
    let members = members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    CallOutcome::Ok(Value::Object(members.collect()))
}
