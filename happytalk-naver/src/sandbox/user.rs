//! What a person does on TalkTalk, and what that causes.

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_core::outbound::Owner;
use serde_json::{Value, json};

use super::Sandbox;
use super::room::Room;
use super::tree::{put, put_all};
use crate::source::has_the_form_of_a_user;

/// What a person does.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserAct {
    /// Comes into the room.
    Enter(Inflow),
    /// Writes.
    Write(String),
    /// Sends a sticker. Which one is told to nobody.
    SendSticker,
    /// Sends a picture, which the platform holds at this address.
    SendPicture {
        /// The address.
        url: String,
    },
    /// Sends a safe number (안심번호), which lasts until that day, `yyyy-MM-dd`.
    SendSafeNumber {
        /// The number.
        number: String,
        /// The last day.
        expires_on: String,
    },
    /// Asks about a product from its page, by name and address; from an order page without either.
    AskAboutProduct(Option<(String, String)>),
    /// Presses the button, quick reply or menu entry of that label that was shown last. One that leads to a page tells
    /// nobody; one that asks for a payment or opens a picker wants [`UserAct::Pay`] or [`UserAct::Pick`].
    Press(String),
    /// Picks a time or a day by the picker of that label: `HH:mm`, `yyyyMMdd` or `yyyyMMdd-yyyyMMdd`.
    Pick {
        /// The label.
        label: String,
        /// What they pick.
        value: String,
    },
    /// Presses the payment button that was shown last, and pays or closes the window.
    Pay {
        /// Whether they pay.
        paid: bool,
    },
    /// Agrees on the consent page, and shares these values: one under the name of the field, or the parts of an address.
    Share(BTreeMap<String, String>),
    /// Closes the consent page.
    CloseConsentPage,
    /// Takes consents back, of these fields.
    Withdraw(Vec<String>),
    /// Adds the account as a friend.
    AddFriend,
    /// Takes that back.
    RemoveFriend,
    /// Leaves the room (나가기).
    Leave,
}

/// By which way a person comes into the room.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inflow {
    /// By a link or button on a page.
    Button {
        /// The page.
        page: Option<String>,
        /// What the link says of itself.
        from: Option<String>,
    },
    /// From their own list of chats.
    List,
    /// By the room's address.
    Address,
}

impl Inflow {
    /// By a button on this page.
    #[must_use]
    pub fn page(page: impl Into<String>) -> Self {
        Self::Button {
            page: Some(page.into()),
            from: None,
        }
    }
}

/// The way, and nothing of where it leads from.
impl std::fmt::Debug for Inflow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Button { .. } => "Button",
            Self::List => "List",
            Self::Address => "Address",
        })
    }
}

impl UserAct {
    /// Writes these words.
    #[must_use]
    pub fn write(words: impl Into<String>) -> Self {
        Self::Write(words.into())
    }

    /// Presses the button of this label.
    #[must_use]
    pub fn press(label: impl Into<String>) -> Self {
        Self::Press(label.into())
    }
}

/// The kind, and nothing of what they say.
impl std::fmt::Debug for UserAct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Enter(_) => "Enter",
            Self::Write(_) => "Write",
            Self::SendSticker => "SendSticker",
            Self::SendPicture { .. } => "SendPicture",
            Self::SendSafeNumber { .. } => "SendSafeNumber",
            Self::AskAboutProduct(_) => "AskAboutProduct",
            Self::Press(_) => "Press",
            Self::Pick { .. } => "Pick",
            Self::Pay { .. } => "Pay",
            Self::Share(_) => "Share",
            Self::CloseConsentPage => "CloseConsentPage",
            Self::Withdraw(_) => "Withdraw",
            Self::AddFriend => "AddFriend",
            Self::RemoveFriend => "RemoveFriend",
            Self::Leave => "Leave",
        })
    }
}

/// Why a person cannot do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Impossible {
    /// The platform gives people ids of 22 characters of base64url.
    #[error("the platform has nobody of that name")]
    BadUser,
    /// They never came.
    #[error("there is no such room")]
    NoRoom,
    /// A consent page stands in front of the room.
    #[error("a consent page is open")]
    PageOpen,
    /// No consent page is open.
    #[error("no consent page is open")]
    NoPage,
    /// Nothing of that label can be pressed, or not in this way.
    #[error("there is nothing of that label to press")]
    NothingToPress,
}

impl Sandbox {
    /// Lets a person do something. A room begins with whatever they do first.
    ///
    /// # Errors
    /// [`Impossible`], and then nothing has happened.
    pub fn user(&mut self, user: &str, act: &UserAct, now: Timestamp) -> Result<(), Impossible> {
        self.tick(now);
        if !has_the_form_of_a_user(user) {
            return Err(Impossible::BadUser);
        }
        let room = self.rooms.get(user);
        let has_page = room.is_some_and(|room| room.page.is_some());
        let answers_page = matches!(act, UserAct::Share(_) | UserAct::CloseConsentPage);
        match (has_page, answers_page) {
            (true, false) => return Err(Impossible::PageOpen),
            (false, true) => return Err(Impossible::NoPage),
            _ => {}
        }
        match act {
            UserAct::Enter(inflow) => self.enters(user, inflow),
            UserAct::Write(words) => {
                self.says(
                    user,
                    json!({"text": words, "inputType": "typing"}),
                    json!({}),
                );
            }
            UserAct::SendSticker => {
                let words = json!({"text": "스티커를 전송했습니다.", "inputType": "sticker"});
                self.says(user, words, json!({}));
            }
            UserAct::SendPicture { url } => {
                let content = json!({"imageContent": {"imageUrl": url}});
                self.sends(user, content, json!({}), Standing::Written);
            }
            UserAct::SendSafeNumber { number, expires_on } => {
                let text = format!("{number},{expires_on}");
                self.says(
                    user,
                    json!({"text": text, "inputType": "vphone"}),
                    json!({}),
                );
            }
            UserAct::AskAboutProduct(product) => {
                let product = product.as_ref().map(|(name, url)| {
                    json!({"name": name, "url": url, "mobileUrl": url, "currencyPrice": "19,900원"})
                });
                let options =
                    product.map_or_else(|| json!({}), |product| json!({"product": product}));
                let words = json!({"text": "이 상품에 대해 문의드립니다.", "inputType": "product"});
                self.says(user, words, options);
            }
            UserAct::Press(label) => self.presses(user, label)?,
            UserAct::Pick { label, value } => self.picks(user, label, value)?,
            UserAct::Pay { paid } => {
                let shown = room.into_iter().flat_map(|room| room.shown.iter().rev());
                let mut buttons =
                    shown.flat_map(|shown| shown.quick_replies.iter().chain(&shown.buttons));
                let info = buttons.find_map(|button| button.payment.clone());
                let info = info.ok_or(Impossible::NothingToPress)?;
                self.finish_window(user, &info, *paid);
            }
            UserAct::Share(values) => self.shares(user, values),
            UserAct::CloseConsentPage => {
                self.enter(user).page = None;
                self.tell("profile", user, json!({"options": {"result": "CANCEL"}}));
            }
            UserAct::Withdraw(fields) => {
                let consents = &mut self.enter(user).consents;
                consents.retain(|consent| !fields.iter().any(|field| **field == **consent));
                let options = json!({"result": "WITHDRAW", "withdrawals": fields});
                self.tell("profile", user, json!({"options": options}));
            }
            UserAct::AddFriend | UserAct::RemoveFriend => {
                let is_friend = *act == UserAct::AddFriend;
                self.enter(user).is_friend = is_friend;
                let set = if is_friend { "on" } else { "off" };
                self.tell("friend", user, json!({"options": {"set": set}}));
            }
            UserAct::Leave => {
                // Nobody is told who leaves a room in which nothing was said.
                let left = self.rooms.remove(user).unwrap_or_else(Room::new);
                let had_talk = left.has_talk;
                let room = self.enter(user);
                (room.is_friend, room.consents, room.number) =
                    (left.is_friend, left.consents, left.number);
                if had_talk {
                    self.tell("leave", user, json!({"options": {"mobile": true}}));
                }
            }
        }
        Ok(())
    }

    fn enters(&mut self, user: &str, inflow: &Inflow) {
        let room = self.enter(user);
        let (word, page, from) = match inflow {
            Inflow::Button { page, from } => ("button", page.as_deref(), from.as_deref()),
            Inflow::List => ("list", None, None),
            Inflow::Address => ("none", None, None),
        };
        let mut options = json!({
            "inflow": word, "friend": room.is_friend, "under14": false, "under19": false,
            "unreadMessage": false, "mobile": true, "noReflectBot": false,
        });
        if let Value::Object(options) = &mut options {
            let further = [("referer", page), ("from", from)];
            let further = further
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)));
            options.extend(further.map(|(key, value)| (key.to_owned(), value.into())));
        }
        self.tell("open", user, json!({"options": options}));
    }

    fn says(&mut self, user: &str, words: Value, options: Value) {
        self.sends(
            user,
            json!({"textContent": words}),
            options,
            Standing::Written,
        );
    }

    fn sends(&mut self, user: &str, content: Value, options: Value, standing: Standing) {
        let room = self.enter(user);
        room.has_talk = true;
        room.has_spoken_since = true;
        room.is_unread = true;
        let number = room.next_number();
        let stands_by = room.owner == Owner::Agents && standing == Standing::Written;
        let mut all = json!({"mobile": true, "noReflectBot": false});
        put_all(&mut all, options);
        let mut rest = json!({"messageId": number, "options": all});
        if stands_by {
            put(&mut rest, "standby", true);
        }
        put_all(&mut rest, content);
        self.tell("send", user, rest);
    }

    fn presses(&mut self, user: &str, label: &str) -> Result<(), Impossible> {
        let button = self.rooms.get(user).and_then(|room| room.button(label));
        let entry = self.menu.iter().find(|entry| entry.label == label);
        let button = button.or(entry).ok_or(Impossible::NothingToPress)?;
        let words = match button.kind.as_str() {
            "TEXT" => {
                let mut words = json!({"text": label, "inputType": "button"});
                if let Some(code) = &button.carries {
                    put(&mut words, "code", code.as_str());
                }
                words
            }
            // A page opens, or a menu unfolds.
            "LINK" | "OPTION" | "NESTED" => return Ok(()),
            _ => return Err(Impossible::NothingToPress),
        };
        let content = json!({"textContent": words});
        self.sends(user, content, json!({}), Standing::Pressed);
        Ok(())
    }

    fn picks(&mut self, user: &str, label: &str, value: &str) -> Result<(), Impossible> {
        let button = self.rooms.get(user).and_then(|room| room.button(label));
        let button = button.ok_or(Impossible::NothingToPress)?;
        let input = match button.kind.as_str() {
            "TIME" => "time",
            "TIMEINTERVAL" => "timeInterval",
            "CALENDAR" => "calendar",
            _ => return Err(Impossible::NothingToPress),
        };
        let words = json!({"text": value, "inputType": input, "code": button.carries});
        let content = json!({"textContent": words});
        self.sends(user, content, json!({}), Standing::Pressed);
        Ok(())
    }

    fn shares(&mut self, user: &str, values: &BTreeMap<String, String>) {
        let room = self.enter(user);
        let Some(page) = room.page.take() else { return };
        let all = std::iter::once(page.field.clone()).chain(page.agreements);
        room.consents.extend(all);
        let value = if *page.field == *"address" {
            json!(values)
        } else {
            values
                .get(&*page.field)
                .map_or(Value::Null, |value| value.as_str().into())
        };
        let mut options = json!({"result": "SUCCESS"});
        put(&mut options, &page.field, value);
        self.tell("profile", user, json!({"options": options}));
    }
}

/// How something was sent: what is pressed does not stand by for the agents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Written,
    Pressed,
}
