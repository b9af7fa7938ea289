//! Payments by Naver Pay: the window, and the word of the centre on it.

use serde_json::{Value, json};

use super::tree::at;
use super::{Event, Sandbox};

impl Sandbox {
    /// A person is done with the payment window.
    pub(super) fn finish_window(&mut self, user: &str, info: &Value, paid: bool) {
        let id = format!("sandbox-pay-{}", self.next());
        let (code, message) = if paid {
            ("Success", Value::Null)
        } else {
            ("Fail", "UserCancel".into())
        };
        let own_name = at(info, "merchantUserKey").as_str().unwrap_or(user);
        let result = json!({
            "code": code,
            "message": message,
            "paymentId": id,
            "merchantPayKey": at(info, "merchantPayKey"),
            "merchantUserKey": own_name,
        });
        if paid {
            let room = self.enter(user);
            room.payments.push((id.into(), info.clone()));
        }
        let options = json!({"paymentResult": result});
        self.tell("pay_complete", user, json!({"options": options}));
    }

    /// The centre gave its word on a payment, by the status of its answer.
    pub(super) fn payment_answered(&mut self, event: &Event, is_approved: bool) {
        let body: Value = serde_json::from_slice(event.body()).unwrap_or_default();
        let user = at(&body, "user").as_str().unwrap_or_default().to_owned();
        let id = at(&body, "options/paymentResult/paymentId");
        let Some(id) = id.as_str() else { return };
        let room = self.enter(&user);
        let Some(place) = room.payments.iter().position(|(open, _)| **open == *id) else {
            return;
        };
        let (_, info) = room.payments.swap_remove(place);
        if !is_approved {
            // The customer is told nothing of it.
            return;
        }
        let result = json!({
            "code": "Success",
            "message": null,
            "paymentId": id,
            // The document spells it so.
            "deatil": {"totalPayAmount": at(&info, "totalPayAmount")},
        });
        let options = json!({"paymentConfirmResult": result});
        self.tell("pay_confirm", &user, json!({"options": options}));
    }
}
