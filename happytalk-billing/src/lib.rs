#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod bill;
mod case_watch;
mod digest;
mod doubt;
mod entry;
mod error;
mod ledger;
mod lookup;
mod notice;
mod pages;
mod plan;
mod price_book;
mod purse;
mod row;
mod rules;
mod settings;
mod site_line;
mod statement;

pub use account::{Account, TopUpRequest};
pub use bill::{bill, bill_in};
pub use digest::{Digest, Fingerprint};
pub use entry::{Entry, EntryKind, Key, LedgerAccount, Lot, LotKind, Move, Moves, Place, verify};
pub use error::Error;
pub use happytalk_core::Language;
pub use ledger::{Body, Command, Due, Entries, Ledger, LedgerEvent, Standing, Terms};
pub use notice::Notice;
pub use plan::{Cover, Plan};
pub use price_book::{BotPrice, PriceBook};
pub use rules::{Proration, Rules, TaxBase, VatPer, VatRule, VatTerms};
pub use settings::{AutoTopUp, Boundary, DayCasePolicy, Settings, SettingsChange};
pub use site_line::{Reason, SiteCommand, SiteLine};
pub use statement::{By, Refusal, Report, Row, Statement, TaxDocument, TaxLine, Total};
