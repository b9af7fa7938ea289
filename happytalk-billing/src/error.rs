//! Why money was not booked.

use happytalk_core::json::JsonError;

/// Why a price book, a line or a command was refused. Nothing was booked.
///
/// Holds no amount, no key and no name that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A site line is not JSON, or lacks a field its type has.
    #[error("site line was not understood")]
    Json(#[source] JsonError),
    /// A site line is longer than [`SiteLine::BYTES_MAX`](crate::SiteLine::BYTES_MAX), or a price book than
    /// [`PriceBook::BYTES_MAX`](crate::PriceBook::BYTES_MAX).
    #[error("text is too long. bytes=`{bytes}` bytes_max=`{bytes_max}`")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// The `type` of a site line is no ledger command.
    #[error("site line is no ledger command")]
    UnknownCommand,
    /// A line of the site file could not be booked; the source says why.
    #[error("site line cannot be booked. line=`{number}`")]
    AtLine {
        /// Which line, counted from 1 as they were given.
        number: usize,
        /// Why.
        #[source]
        source: Box<Self>,
    },
    /// The price book is not JSON, or not a price book.
    #[error("price book was not understood")]
    Book(#[source] JsonError),
    /// The price book's periods are none, out of order, overlap, or leave a gap.
    #[error("price book has a gap or an overlap. period=`{period}`")]
    BookPeriods {
        /// Which period, from 1.
        period: usize,
    },
    /// A price of the book is negative or above what a price may be.
    #[error("price is out of range. period=`{period}`")]
    BookPrice {
        /// Which period, from 1.
        period: usize,
    },
    /// Two items of one list of the book share a name.
    #[error("price book names an item twice. period=`{period}`")]
    BookName {
        /// Which period, from 1.
        period: usize,
    },
    /// A rule of the book says what cannot be.
    #[error("rule is out of range. period=`{period}`")]
    BookRules {
        /// Which period, from 1.
        period: usize,
    },
    /// The price book has no prices for that time.
    #[error("price book does not cover the time")]
    NoPrices,
    /// The price book has no such plan, message kind or add-on.
    #[error("price book has no such item. list=`{list}`")]
    NotInBook {
        /// `plans`, `messages` or `add_ons`.
        list: &'static str,
    },
    /// An amount is zero, has the wrong sign, or is above what one command may move.
    #[error("amount is out of range")]
    Amount,
    /// More accounts than [`Plan::ACCOUNTS_MAX`](crate::Plan::ACCOUNTS_MAX).
    #[error("too many accounts. accounts_max=`{accounts_max}`")]
    Accounts {
        /// How many there may be.
        accounts_max: u32,
    },
    /// An automatic top-up must bring more than its threshold, and its threshold must not be negative.
    #[error("automatic top-up does not exceed its threshold")]
    AutoTopUp,
    /// A day boundary is not `HH:MM`.
    #[error("day boundary is not HH:MM")]
    Boundary,
    /// A word that names nothing a statement can be made by.
    #[error("expected month, day, kind, item, channel or group")]
    By,
    /// The key was booked before, with another body.
    #[error("key was booked with another body")]
    Conflict,
    /// The command is older than the ledger by more than
    /// [`Account::SKEW_MAX`](crate::Account::SKEW_MAX).
    #[error("command is older than the ledger. behind_ms=`{behind_ms}`")]
    OutOfOrder {
        /// By how many milliseconds.
        behind_ms: u64,
    },
    /// A grant or a reservation that would have expired before it was given.
    #[error("it has already expired")]
    Expired,
    /// A trial for a site that already pays.
    #[error("trial comes after a paid plan")]
    TrialTooLate,
    /// A failed message that was never charged.
    #[error("message was never charged")]
    UnknownMessage,
    /// A message charged under another key, of the same kind, that has not failed.
    #[error("message is already charged")]
    MessageRepeated,
    /// A reservation that was never made, or is over.
    #[error("reservation is not open")]
    UnknownReservation,
    /// A reservation of that name was made before.
    #[error("reservation was made before")]
    ReservationRepeated,
    /// Too little cash for a message or a reservation, or too little left of its reservation (잔액 부족).
    #[error("too little cash")]
    InsufficientCash,
    /// More than the paid cash that is left. Free cash is never paid out.
    #[error("more than the paid cash that is left")]
    NotRefundable,
    /// The site is suspended: an account fee stayed unpaid past its grace.
    #[error("site is suspended")]
    Suspended,
    /// The ledger cannot hold the amount.
    #[error("amount does not fit the ledger")]
    Overflow,
    /// An entry is not what was booked: its number, its sums, its balance or its hash is another.
    #[error("entry is not what was booked. entry=`{entry}`")]
    Chain {
        /// Its number, from 1.
        entry: u64,
    },
    /// The two sides of the ledger differ: nothing more is booked.
    #[error("ledger is out of balance")]
    Unbalanced,
    /// A message of a conversation whose first line was not seen.
    #[error("conversation was never opened")]
    NotOpened,
}

impl Error {
    /// A name for programs that never changes. A line's error has the code of its source.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(_) => "billing.json",
            Self::TooLong { .. } => "billing.too_long",
            Self::UnknownCommand => "billing.unknown_command",
            Self::AtLine { source, .. } => source.code(),
            Self::Book(_) => "billing.book",
            Self::BookPeriods { .. } => "billing.book_periods",
            Self::BookPrice { .. } => "billing.book_price",
            Self::BookName { .. } => "billing.book_name",
            Self::BookRules { .. } => "billing.book_rules",
            Self::NoPrices => "billing.no_prices",
            Self::NotInBook { .. } => "billing.not_in_book",
            Self::Amount => "billing.amount",
            Self::Accounts { .. } => "billing.accounts",
            Self::AutoTopUp => "billing.auto_top_up",
            Self::Boundary => "billing.boundary",
            Self::By => "billing.by",
            Self::Conflict => "billing.conflict",
            Self::OutOfOrder { .. } => "billing.out_of_order",
            Self::Expired => "billing.expired",
            Self::TrialTooLate => "billing.trial_too_late",
            Self::UnknownMessage => "billing.unknown_message",
            Self::MessageRepeated => "billing.message_repeated",
            Self::UnknownReservation => "billing.unknown_reservation",
            Self::ReservationRepeated => "billing.reservation_repeated",
            Self::InsufficientCash => "billing.insufficient_cash",
            Self::NotRefundable => "billing.not_refundable",
            Self::Suspended => "billing.suspended",
            Self::Overflow => "billing.overflow",
            Self::Chain { .. } => "billing.chain",
            Self::Unbalanced => "billing.unbalanced",
            Self::NotOpened => "billing.not_opened",
        }
    }

    /// Whether the ledger said no for want of cash: the command was right, and a top-up would let it pass.
    #[must_use]
    pub fn wants_cash(&self) -> bool {
        match self {
            Self::AtLine { source, .. } => source.wants_cash(),
            other => matches!(other, Self::InsufficientCash | Self::Suspended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_own_code() {
        let json = happytalk_core::json::from_str::<u8>("x").unwrap_err();
        let errors = [
            (Error::Json(json.clone()), "billing.json"),
            (
                Error::TooLong {
                    bytes: 2,
                    bytes_max: 1,
                },
                "billing.too_long",
            ),
            (Error::UnknownCommand, "billing.unknown_command"),
            (Error::Book(json), "billing.book"),
            (Error::BookPeriods { period: 1 }, "billing.book_periods"),
            (Error::BookPrice { period: 1 }, "billing.book_price"),
            (Error::BookName { period: 1 }, "billing.book_name"),
            (Error::BookRules { period: 1 }, "billing.book_rules"),
            (Error::NoPrices, "billing.no_prices"),
            (Error::NotInBook { list: "plans" }, "billing.not_in_book"),
            (Error::Amount, "billing.amount"),
            (Error::Accounts { accounts_max: 1 }, "billing.accounts"),
            (Error::AutoTopUp, "billing.auto_top_up"),
            (Error::Boundary, "billing.boundary"),
            (Error::By, "billing.by"),
            (Error::Conflict, "billing.conflict"),
            (Error::OutOfOrder { behind_ms: 1 }, "billing.out_of_order"),
            (Error::Expired, "billing.expired"),
            (Error::TrialTooLate, "billing.trial_too_late"),
            (Error::UnknownMessage, "billing.unknown_message"),
            (Error::MessageRepeated, "billing.message_repeated"),
            (Error::UnknownReservation, "billing.unknown_reservation"),
            (Error::ReservationRepeated, "billing.reservation_repeated"),
            (Error::InsufficientCash, "billing.insufficient_cash"),
            (Error::NotRefundable, "billing.not_refundable"),
            (Error::Suspended, "billing.suspended"),
            (Error::Overflow, "billing.overflow"),
            (Error::Chain { entry: 1 }, "billing.chain"),
            (Error::Unbalanced, "billing.unbalanced"),
            (Error::NotOpened, "billing.not_opened"),
        ];
        for (error, code) in errors {
            assert_eq!(error.code(), code);
            let at_line = Error::AtLine {
                number: 3,
                source: Box::new(error),
            };
            assert_eq!(at_line.code(), code);
        }
    }
}
