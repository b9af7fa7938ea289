#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod bill;
mod case_watch;
mod doubt;
mod entry;
mod error;
mod ledger;
mod plan;
mod price_book;
mod purse;
mod settings;
mod site_line;
mod statement;

pub use account::{Account, TopUpRequest};
pub use bill::{bill, bill_in};
pub use entry::{Entry, EntryKind, LedgerAccount, Lot, LotKind, Move};
pub use error::Error;
pub use happytalk_core::Language;
pub use ledger::{Command, Due, Ledger, LedgerEvent, Standing, Terms};
pub use plan::{Cover, Plan};
pub use price_book::{PriceBook, VatRule};
pub use settings::{AutoTopUp, Boundary, DayCasePolicy, Settings, SettingsChange};
pub use site_line::{Reason, SiteCommand, SiteLine, VatTerms};
pub use statement::{Refusal, Statement, Total};
