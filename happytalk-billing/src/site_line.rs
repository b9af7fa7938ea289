//! The ledger's commands, as the site file and the log's site stream hold them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use happytalk_core::id::{MessageId, Word};
use happytalk_core::json::{self, JsonError};
use happytalk_core::{Event, Line, Stream, Timestamp, Won};
use serde::Deserialize;

use crate::digest::{Canon, Fingerprint};
use crate::error::Error;
use crate::plan::Plan;
use crate::rules::VatTerms;
use crate::settings::{AutoTopUp, Boundary, DayCasePolicy, SettingsChange};

/// Why somebody corrected a balance. Free text: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Reason(Box<str>);

impl Reason {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reason(..)")
    }
}

/// What a site line asks of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SiteCommand {
    /// `top_up`: cash was paid in (충전).
    TopUp {
        /// How much, above zero.
        amount: Won,
        /// Where its VAT is.
        vat: VatTerms,
    },
    /// `granted`: free cash (무상 캐시).
    Granted {
        /// How much, above zero.
        amount: Won,
        /// When what is left of it expires; never when not set.
        expires_at: Option<Timestamp>,
    },
    /// `plan_set`: the plan, the number of paid accounts and the add-ons, the whole of it.
    PlanSet {
        /// A plan of the price book.
        plan: Word,
        /// How many accounts are paid for, activated or not.
        accounts: u32,
        /// Until when nothing is charged for them.
        trial_until: Option<Timestamp>,
        /// Monthly items of the price book.
        add_ons: BTreeSet<Word>,
    },
    /// `message_sent`: a message was accepted for sending.
    MessageSent {
        /// Which.
        id: MessageId,
        /// A message kind of the price book.
        kind: Word,
        /// The reservation it is paid out of; out of the balance when not set.
        reservation: Option<Word>,
    },
    /// `message_failed`: it did not reach anybody.
    MessageFailed {
        /// Which.
        id: MessageId,
    },
    /// `reserved`: cash is set aside for messages that are to be sent (예약).
    Reserved {
        /// The reservation's name, which no other ever had.
        id: Word,
        /// How much, above zero.
        amount: Won,
        /// When what is left of it is released; 72 hours after it was made when not set.
        expires_at: Option<Timestamp>,
    },
    /// `released`: what is left of a reservation is free again.
    Released {
        /// Which.
        id: Word,
    },
    /// `refunded`: paid cash goes back to the site's owner (환불).
    Refunded {
        /// How much leaves the balance, above zero.
        amount: Won,
    },
    /// `adjusted`: a correction (조정).
    Adjusted {
        /// By how much, not zero.
        amount: Won,
        /// Why.
        reason: Reason,
    },
    /// `settings`: how the site is charged.
    Settings(SettingsChange),
}

impl SiteCommand {
    /// What tells this body from every other under the same key.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut canon = Canon::new();
        let time = |at: &Option<Timestamp>| at.map_or(i64::MIN, Timestamp::as_millis);
        match self {
            Self::TopUp { amount, vat } => {
                let included = u8::from(*vat == VatTerms::Included);
                canon.byte(1).int(amount.as_millis()).byte(included);
            }
            Self::Granted { amount, expires_at } => {
                canon.byte(2).int(amount.as_millis()).int(time(expires_at));
            }
            Self::PlanSet {
                plan,
                accounts,
                trial_until,
                add_ons,
            } => {
                canon
                    .byte(3)
                    .text(plan.as_str())
                    .count(u64::from(*accounts));
                canon.int(time(trial_until));
                for add_on in add_ons {
                    canon.text(add_on.as_str());
                }
            }
            Self::MessageSent {
                id,
                kind,
                reservation,
            } => {
                canon.byte(4).text(id.as_str()).text(kind.as_str());
                canon.name(reservation.as_ref().map(Word::as_str));
            }
            Self::MessageFailed { id } => {
                canon.byte(5).text(id.as_str());
            }
            Self::Refunded { amount } => {
                canon.byte(6).int(amount.as_millis());
            }
            Self::Adjusted { amount, reason } => {
                canon.byte(7).int(amount.as_millis()).text(reason.as_str());
            }
            Self::Settings(change) => change.write(canon.byte(8)),
            Self::Reserved {
                id,
                amount,
                expires_at,
            } => {
                canon.byte(9).text(id.as_str()).int(amount.as_millis());
                canon.int(time(expires_at));
            }
            Self::Released { id } => {
                canon.byte(10).text(id.as_str());
            }
        }
        Fingerprint::of(canon)
    }
}

/// A command, when it was given, and the key under which it is booked once and for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiteLine {
    /// When.
    pub at: Timestamp,
    /// Its key. Not empty, at most 128 bytes.
    pub key: Word,
    /// What.
    pub command: SiteCommand,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Place {
    at: Timestamp,
    key: Word,
}

#[derive(Deserialize)]
struct TopUp {
    amount_won: i64,
    vat: VatTerms,
}

#[derive(Deserialize)]
struct Granted {
    amount_won: i64,
    expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct PlanSet {
    plan: Word,
    accounts: u32,
    trial_until: Option<Timestamp>,
    #[serde(default)]
    add_ons: Option<BTreeSet<Word>>,
}

#[derive(Deserialize)]
struct MessageSent {
    id: MessageId,
    kind: Word,
    reservation: Option<Word>,
}

#[derive(Deserialize)]
struct Reserved {
    id: Word,
    amount_won: i64,
    expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Released {
    id: Word,
}

#[derive(Deserialize)]
struct MessageFailed {
    id: MessageId,
}

#[derive(Deserialize)]
struct Refunded {
    amount_won: i64,
}

#[derive(Deserialize)]
struct Adjusted {
    amount_won: i64,
    reason: Reason,
}

#[derive(Deserialize)]
struct Settings {
    day_case: Option<DayCasePolicy>,
    boundary: Option<Boundary>,
    credit_limit_won: Option<i64>,
    #[serde(default, deserialize_with = "named")]
    auto_top_up: Option<Option<AutoTopUpJson>>,
}

#[derive(Deserialize)]
struct AutoTopUpJson {
    threshold_won: i64,
    amount_won: i64,
}

/// Tells a `null`, which switches off, from a member that is not there.
fn named<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<AutoTopUpJson>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl SiteLine {
    /// The most bytes a line may have: 64 KiB.
    pub const BYTES_MAX: usize = 64 * 1024;

    /// The most one command may move: 1,000,000,000,000 won.
    pub const AMOUNT_MAX: Won = Won::from_millis(1_000_000_000_000_000);

    /// The JSON Schema (draft 2020-12) of a line. Beside it, the amount of an automatic top-up exceeds its threshold, and a
    /// text is at most so many bytes as the schema says characters.
    pub const SCHEMA: &'static str = include_str!("../prices/site-line.schema.json");

    /// A command under a key.
    #[must_use]
    pub const fn new(at: Timestamp, key: Word, command: SiteCommand) -> Self {
        Self { at, key, command }
    }

    /// Reads a line of the site file; a field that is not known is passed over.
    ///
    /// # Errors
    /// [`Error::TooLong`], [`Error::Json`], [`Error::UnknownCommand`], and [`Error::Amount`], [`Error::Accounts`] or
    /// [`Error::AutoTopUp`] for a number that no command may have.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_end_matches(['\n', '\r']);
        if text.len() > Self::BYTES_MAX {
            return Err(Error::TooLong {
                bytes: text.len(),
                bytes_max: Self::BYTES_MAX,
            });
        }
        let head: Head<'_> = serde_json::from_str(text).map_err(|e| Error::Json((&e).into()))?;
        Self::read(&head.kind, text)?.ok_or(Error::UnknownCommand)
    }

    /// The command that a line of the log's site stream holds; `None` for every other line.
    ///
    /// # Errors
    /// As [`SiteLine::parse`], without [`Error::UnknownCommand`]: more types may come, and they are passed over.
    pub fn from_log(line: &Line) -> Result<Option<Self>, Error> {
        match (&line.stream, &line.event) {
            (Stream::Site(_), Event::Unknown(unknown)) => Self::read(unknown.kind(), unknown.raw()),
            _ => Ok(None),
        }
    }

    fn read(kind: &str, text: &str) -> Result<Option<Self>, Error> {
        let command = match kind {
            "top_up" => {
                let TopUp { amount_won, vat } = fields(text)?;
                let amount = positive(amount_won)?;
                SiteCommand::TopUp { amount, vat }
            }
            "granted" => {
                let granted: Granted = fields(text)?;
                SiteCommand::Granted {
                    amount: positive(granted.amount_won)?,
                    expires_at: granted.expires_at,
                }
            }
            "plan_set" => {
                let set: PlanSet = fields(text)?;
                if set.accounts > Plan::ACCOUNTS_MAX {
                    return Err(Error::Accounts {
                        accounts_max: Plan::ACCOUNTS_MAX,
                    });
                }
                SiteCommand::PlanSet {
                    plan: set.plan,
                    accounts: set.accounts,
                    trial_until: set.trial_until,
                    add_ons: set.add_ons.unwrap_or_default(),
                }
            }
            "message_sent" => {
                let sent: MessageSent = fields(text)?;
                SiteCommand::MessageSent {
                    id: sent.id,
                    kind: sent.kind,
                    reservation: sent.reservation,
                }
            }
            "reserved" => {
                let reserved: Reserved = fields(text)?;
                SiteCommand::Reserved {
                    id: reserved.id,
                    amount: positive(reserved.amount_won)?,
                    expires_at: reserved.expires_at,
                }
            }
            "released" => {
                let Released { id } = fields(text)?;
                SiteCommand::Released { id }
            }
            "message_failed" => {
                let MessageFailed { id } = fields(text)?;
                SiteCommand::MessageFailed { id }
            }
            "refunded" => {
                let Refunded { amount_won } = fields(text)?;
                let amount = positive(amount_won)?;
                SiteCommand::Refunded { amount }
            }
            "adjusted" => {
                let Adjusted { amount_won, reason } = fields(text)?;
                let amount = amount(amount_won)?;
                if amount == Won::ZERO {
                    return Err(Error::Amount);
                }
                SiteCommand::Adjusted { amount, reason }
            }
            "settings" => SiteCommand::Settings(settings(fields(text)?)?),
            _ => return Ok(None),
        };
        let Place { at, key } = fields(text)?;
        Ok(Some(Self { at, key, command }))
    }
}

fn fields<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    json::from_str(text).map_err(|error: JsonError| Error::Json(error))
}

fn amount(won: i64) -> Result<Won, Error> {
    let amount = Won::from_won(won).ok_or(Error::Amount)?;
    let size = amount.as_millis().unsigned_abs();
    if size > SiteLine::AMOUNT_MAX.as_millis().unsigned_abs() {
        return Err(Error::Amount);
    }
    Ok(amount)
}

fn not_negative(won: i64) -> Result<Won, Error> {
    amount(won).and_then(|amount| {
        if amount < Won::ZERO {
            Err(Error::Amount)
        } else {
            Ok(amount)
        }
    })
}

fn positive(won: i64) -> Result<Won, Error> {
    not_negative(won).and_then(|amount| {
        if amount == Won::ZERO {
            Err(Error::Amount)
        } else {
            Ok(amount)
        }
    })
}

fn settings(settings: Settings) -> Result<SettingsChange, Error> {
    let auto_top_up =
        |json: AutoTopUpJson| AutoTopUp::new(amount(json.threshold_won)?, amount(json.amount_won)?);
    Ok(SettingsChange {
        day_case: settings.day_case,
        boundary: settings.boundary,
        credit_limit: settings.credit_limit_won.map(not_negative).transpose()?,
        auto_top_up: settings
            .auto_top_up
            .map(|wanted| wanted.map(auto_top_up).transpose())
            .transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Result<SiteCommand, Error> {
        SiteLine::parse(&format!(r#"{{"at":1,"key":"k",{fields}}}"#)).map(|line| line.command)
    }

    #[test]
    fn every_type_of_the_site_file_is_read() {
        let lines = [
            r#""type":"top_up","amount_won":110000,"vat":"included""#,
            r#""type":"granted","amount_won":10,"expires_at":5"#,
            r#""type":"plan_set","plan":"pro","accounts":10,"trial_until":9,"add_ons":["상담콜"]"#,
            r#""type":"message_sent","id":"m","kind":"sms""#,
            r#""type":"message_sent","id":"m","kind":"sms","reservation":"r""#,
            r#""type":"message_failed","id":"m""#,
            r#""type":"reserved","id":"r","amount_won":10,"expires_at":5"#,
            r#""type":"released","id":"r""#,
            r#""type":"refunded","amount_won":10"#,
            r#""type":"adjusted","amount_won":-10,"reason":"double""#,
            r#""type":"settings","day_case":"per_session","boundary":"04:00","credit_limit_won":0"#,
        ];
        let mut seen = BTreeSet::new();
        for line in lines {
            let command = read(line).unwrap();
            assert!(seen.insert(command.fingerprint()), "{line}");
        }
    }

    #[test]
    fn an_automatic_top_up_is_set_kept_or_switched_off() {
        let change = |fields: &str| match read(&format!(r#""type":"settings"{fields}"#)) {
            Ok(SiteCommand::Settings(change)) => Ok(change.auto_top_up),
            Ok(_) => panic!("not settings"),
            Err(error) => Err(error),
        };
        let on = change(r#","auto_top_up":{"threshold_won":50000,"amount_won":100000}"#);
        assert!(matches!(on, Ok(Some(Some(_)))), "{on:?}");
        assert_eq!(change(r#","auto_top_up":null"#), Ok(Some(None)));
        assert_eq!(change(""), Ok(None));
        // DOMAIN 11.7: the amount must exceed the threshold.
        let small = change(r#","auto_top_up":{"threshold_won":50000,"amount_won":50000}"#);
        assert_eq!(small, Err(Error::AutoTopUp));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        assert_eq!(
            read(r#""type":"donated","amount_won":1"#),
            Err(Error::UnknownCommand)
        );
        for amount in ["0", "-1", "1000000000001", "9223372036854775807"] {
            let line = format!(r#""type":"refunded","amount_won":{amount}"#);
            assert_eq!(read(&line), Err(Error::Amount), "{amount}");
        }
        let half = read(r#""type":"refunded","amount_won":0.5"#);
        assert_eq!(half.unwrap_err().code(), "billing.json");
        let keyless = SiteLine::parse(r#"{"at":1,"type":"refunded","amount_won":1}"#);
        assert_eq!(keyless.unwrap_err().code(), "billing.json");
    }

    #[test]
    fn the_log_passes_over_types_it_does_not_know() {
        let line = |kind: &str| {
            Line::parse(&format!(
                r#"{{"site":"s","seq":1,"at":1,"key":"k","type":"{kind}","id":"m"}}"#
            ))
            .unwrap()
        };
        assert_eq!(SiteLine::from_log(&line("holiday_declared")), Ok(None));
        let failed = SiteLine::from_log(&line("message_failed")).unwrap();
        assert!(failed.is_some());
    }
}
