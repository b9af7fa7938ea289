//! Whether somebody is notified (알림): decisions alone, the host rings the bell.
//!
//! ```
//! use happytalk_core::notification::{NotificationRules, Occasion, Silence, Verdict, Viewer};
//! use happytalk_core::Timestamp;
//!
//! let rules = NotificationRules::new();
//! let now = Timestamp::EPOCH;
//! let at_night = Viewer::new();
//! assert_eq!(rules.decide(Occasion::Received, at_night, now), Verdict::Silent(Silence::OffHours));
//! assert_eq!(rules.decide(Occasion::Message, at_night, now), Verdict::Notify);
//! assert_eq!(rules.decide(Occasion::Message, at_night.with_room_on_screen(), now), Verdict::Silent(Silence::OnScreen));
//! ```

use std::time::Duration;

use crate::time::Timestamp;

/// What there would be to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Occasion {
    /// A conversation is new to them (신규 접수).
    Received,
    /// The customer wrote in a running conversation (진행중).
    Message,
    /// Nobody has answered a conversation that is waiting or 접수: nobody took it, or nobody wrote yet.
    ReceivedUnanswered {
        /// Since when the customer waits.
        since: Timestamp,
        /// When this was last alerted.
        alerted: Option<Timestamp>,
    },
    /// Nobody has answered the customer's last message in a running conversation.
    MessageUnanswered {
        /// Since when the customer waits.
        since: Timestamp,
        /// When this was last alerted.
        alerted: Option<Timestamp>,
    },
}

/// The one who would be notified: an agent, or a manager.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Viewer {
    /// Whether it is inside their working hours.
    pub in_hours: bool,
    /// Whether they have the room open on their screen.
    pub room_on_screen: bool,
    /// Whether they switched notifications off.
    pub switched_off: bool,
}

impl Viewer {
    /// Somebody outside their hours who is not looking at the room.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Inside their hours.
    #[must_use]
    pub const fn inside_hours(mut self) -> Self {
        self.in_hours = true;
        self
    }

    /// Looking at the room.
    #[must_use]
    pub const fn with_room_on_screen(mut self) -> Self {
        self.room_on_screen = true;
        self
    }

    /// With notifications switched off.
    #[must_use]
    pub const fn with_notifications_off(mut self) -> Self {
        self.switched_off = true;
        self
    }
}

/// When people are notified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationRules {
    /// Alerts when nobody answered for this long, from the customer's waiting on; `None`: never. Default: 5 minutes.
    pub unanswered_after: Option<Duration>,
    /// Alerts again after this time, as long as nobody answers; `None`: once. Default: `None`.
    pub again_after: Option<Duration>,
}

impl Default for NotificationRules {
    fn default() -> Self {
        Self {
            unanswered_after: Some(Duration::from_secs(5 * 60)),
            again_after: None,
        }
    }
}

/// Whether to notify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "one notifies or does not")]
pub enum Verdict {
    /// Notify.
    Notify,
    /// Do not, for this reason.
    Silent(Silence),
}

/// Why somebody is not notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Silence {
    /// What is new waits until hours.
    OffHours,
    /// They see it: the room is open on their screen.
    OnScreen,
    /// They switched notifications off.
    SwitchedOff,
    /// Nobody answered, but not for long enough; or it was alerted, and not long enough ago.
    NotYet,
    /// The rules have no such alert, or no further one.
    NoAlert,
}

impl Silence {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OffHours => "off_hours",
            Self::OnScreen => "on_screen",
            Self::SwitchedOff => "switched_off",
            Self::NotYet => "not_yet",
            Self::NoAlert => "no_alert",
        }
    }
}

impl NotificationRules {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `viewer` is notified. A new conversation notifies inside hours alone, a message in a running one at any
    /// time, and nothing while the room is open on the screen. An unanswered conversation keeps to the rule of what it is.
    #[must_use]
    pub fn decide(&self, occasion: Occasion, viewer: Viewer, now: Timestamp) -> Verdict {
        let is_new = matches!(
            occasion,
            Occasion::Received | Occasion::ReceivedUnanswered { .. }
        );
        let silence = if viewer.switched_off {
            Some(Silence::SwitchedOff)
        } else if viewer.room_on_screen {
            Some(Silence::OnScreen)
        } else if is_new && !viewer.in_hours {
            Some(Silence::OffHours)
        } else {
            match occasion {
                Occasion::Received | Occasion::Message => None,
                Occasion::ReceivedUnanswered { since, alerted }
                | Occasion::MessageUnanswered { since, alerted } => {
                    match self.next_alert(since, alerted) {
                        None => Some(Silence::NoAlert),
                        Some(at) if now < at => Some(Silence::NotYet),
                        Some(_) => None,
                    }
                }
            }
        };
        silence.map_or(Verdict::Notify, Verdict::Silent)
    }

    /// When an alert is due for a customer who waits `since`, and was last alerted about then; `None` where never.
    #[must_use]
    pub fn next_alert(&self, since: Timestamp, alerted: Option<Timestamp>) -> Option<Timestamp> {
        let first = since.plus(self.unanswered_after?);
        match alerted.filter(|alerted| *alerted >= since) {
            None => Some(first),
            Some(alerted) => Some(alerted.plus(self.again_after?)),
        }
    }
}
