//! The lines of a month's tax document (세금계산서).

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::Word;
use happytalk_core::time::Date;
use happytalk_core::{Language, Won};
use serde::Serialize;

use super::csv::{Cell, Csv};
use super::table::{Align, columns, words};
use super::{Statement, month_of};
use crate::entry::{Entry, EntryKind, LotKind};
use crate::error::Error;
use crate::ledger::Terms;
use crate::rules::{Rules, TaxBase, VatPer, VatRule, VatTerms};

/// A line of a tax document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TaxLine {
    /// What for.
    pub kind: EntryKind,
    /// Which plan, add-on or kind of message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Word>,
    /// How many entries.
    pub count: u64,
    /// What was supplied (공급가액); negative where it was taken back.
    #[serde(rename = "supply_mwon")]
    pub supply: Won,
    /// Its VAT (세액); `None` where VAT is of the document alone.
    #[serde(rename = "vat_mwon", skip_serializing_if = "Option::is_none")]
    pub vat: Option<Won>,
}

/// What a tax document of one month says. To issue it is the host's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TaxDocument {
    /// The name of the price book.
    pub price_book: Arc<str>,
    /// The month, such as `2024-05`.
    pub month: String,
    /// What it is for. A site on invoice has no top-ups: for it, consumption.
    pub base: TaxBase,
    /// How VAT is rounded.
    pub vat_rule: VatRule,
    /// Over what it is rounded. Of top-ups always each line: it is what was paid.
    pub vat_per: VatPer,
    /// By kind and item.
    pub lines: Vec<TaxLine>,
    /// The sum of the supplies.
    #[serde(rename = "supply_mwon")]
    pub supply: Won,
    /// The VAT.
    #[serde(rename = "vat_mwon")]
    pub vat: Won,
    /// Both.
    #[serde(rename = "total_mwon")]
    pub total: Won,
}

/// What an entry comes to in a document, with and without what is known of its VAT.
struct Part {
    gross_or_supply: Won,
    vat: Option<Won>,
}

impl Statement {
    /// The tax document of the month that `date` is in, by the rules of its first day.
    ///
    /// For top-ups: each one and each refund, with the VAT that was paid or given back. For consumption: what was used,
    /// by item, as far as it was paid for; what free cash covered is no supply. Corrections (조정) are for a person to judge
    /// and stand in neither.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn tax_document(&self, date: Date) -> Result<TaxDocument, Error> {
        let month = date.first_of_month();
        let rules = self.book.rules(month);
        let base = match self.terms {
            Terms::Prepaid => rules.tax_base,
            Terms::OnInvoice => TaxBase::Consumption,
        };
        let mut sums: BTreeMap<(EntryKind, Option<Word>), (u64, Won, Won)> = BTreeMap::new();
        for entry in &self.entries {
            if self.zone.date(entry.at).first_of_month() != month {
                continue;
            }
            if let Some(part) = part_of(entry, base, rules)? {
                let key = (entry.kind, entry.item.clone());
                let (count, sum, vat) = sums.entry(key).or_default();
                *count = count.saturating_add(1);
                *sum = plus(*sum, part.gross_or_supply)?;
                *vat = plus(*vat, part.vat.unwrap_or(Won::ZERO))?;
            }
        }
        let vat_per = match base {
            TaxBase::TopUp => VatPer::Line,
            TaxBase::Consumption => rules.vat_per,
        };
        let mut document = TaxDocument {
            price_book: Arc::clone(&self.price_book),
            month: month_of(month),
            base,
            vat_rule: rules.vat,
            vat_per,
            lines: Vec::with_capacity(sums.len()),
            supply: Won::ZERO,
            vat: Won::ZERO,
            total: Won::ZERO,
        };
        let mut whole = Won::ZERO;
        for ((kind, item), (count, sum, paid_vat)) in sums {
            whole = plus(whole, sum)?;
            let (supply, vat) = match (base, vat_per) {
                (TaxBase::TopUp, _) => (sum, Some(paid_vat)),
                (TaxBase::Consumption, VatPer::Line) => {
                    let (supply, vat) = split(sum, rules)?;
                    (supply, Some(vat))
                }
                (TaxBase::Consumption, VatPer::Document) => (sum, None),
            };
            document.supply = plus(document.supply, supply)?;
            document.vat = plus(document.vat, vat.unwrap_or(Won::ZERO))?;
            document.lines.push(TaxLine {
                kind,
                item,
                count,
                supply,
                vat,
            });
        }
        if (base, vat_per) == (TaxBase::Consumption, VatPer::Document) {
            (document.supply, document.vat) = split(whole, rules)?;
        }
        document.total = plus(document.supply, document.vat)?;
        Ok(document)
    }
}

fn plus(one: Won, other: Won) -> Result<Won, Error> {
    one.checked_add(other).ok_or(Error::Overflow)
}

/// Supply and VAT of what was charged.
fn split(amount: Won, rules: &Rules) -> Result<(Won, Won), Error> {
    match rules.prices {
        VatTerms::Excluded => {
            let vat = rules.vat.on_top(amount).ok_or(Error::Overflow)?;
            Ok((amount, vat))
        }
        VatTerms::Included => {
            let vat = rules.vat.inside(amount).ok_or(Error::Overflow)?;
            let supply = amount.checked_sub(vat).ok_or(Error::Overflow)?;
            Ok((supply, vat))
        }
    }
}

fn part_of(entry: &Entry, base: TaxBase, rules: &Rules) -> Result<Option<Part>, Error> {
    match (base, entry.kind) {
        (TaxBase::TopUp, EntryKind::TopUp | EntryKind::Refund) => {
            // What was kept of a refund stays supplied.
            let amount = plus(entry.amount, entry.fee)?;
            let (supply, vat) = match rules.prices {
                VatTerms::Excluded => (amount, entry.vat),
                VatTerms::Included => split(amount, rules)?,
            };
            Ok(Some(Part {
                gross_or_supply: supply,
                vat: Some(vat),
            }))
        }
        (TaxBase::Consumption, EntryKind::Refund) => Ok((entry.fee > Won::ZERO).then_some(Part {
            gross_or_supply: entry.fee,
            vat: None,
        })),
        (TaxBase::Consumption, kind) if kind.is_use() => {
            let mut paid = Won::ZERO;
            for part in entry
                .moves
                .iter()
                .filter(|part| part.lot.kind != LotKind::Free)
            {
                paid = paid.checked_sub(part.amount).ok_or(Error::Overflow)?;
            }
            Ok((paid != Won::ZERO).then_some(Part {
                gross_or_supply: paid,
                vat: None,
            }))
        }
        _ => Ok(None),
    }
}

impl TaxDocument {
    /// The document as one line of JSON, amounts in thousandths of a won.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The lines as comma-separated values, amounts in won; the last line is the document's sum.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::default();
        let head = ["kind", "item", "count", "supply_won", "vat_won"];
        csv.line(head.map(Cell::Text));
        for line in &self.lines {
            csv.line([
                Cell::Text(line.kind.as_str()),
                Cell::Text(line.item.as_ref().map_or("", Word::as_str)),
                Cell::Count(i64::try_from(line.count).unwrap_or(i64::MAX)),
                Cell::Won(line.supply),
                line.vat.map_or(Cell::Text(""), Cell::Won),
            ]);
        }
        csv.line([
            Cell::Text("total"),
            Cell::Text(""),
            Cell::Text(""),
            Cell::Won(self.supply),
            Cell::Won(self.vat),
        ]);
        csv.finish()
    }

    /// The lines as a table, amounts in won.
    #[must_use]
    pub fn to_table(&self, language: Language) -> String {
        let head = [
            words(language, "구분", "Kind"),
            words(language, "품목", "Item"),
            words(language, "건수", "Count"),
            words(language, "공급가액", "Supply"),
            words(language, "세액", "VAT"),
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for line in &self.lines {
            rows.push(vec![
                line.kind.label(language).to_owned(),
                line.item.as_ref().map_or("", Word::as_str).to_owned(),
                line.count.to_string(),
                line.supply.to_string(),
                line.vat.map(|vat| vat.to_string()).unwrap_or_default(),
            ]);
        }
        rows.push(vec![
            words(language, "합계", "Total").to_owned(),
            String::new(),
            String::new(),
            self.supply.to_string(),
            self.vat.to_string(),
        ]);
        let base = match self.base {
            TaxBase::TopUp => words(language, "충전 기준", "for top-ups"),
            TaxBase::Consumption => words(language, "사용 기준", "for consumption"),
        };
        let title = words(language, "세금계산서 내역", "Tax document");
        let total = words(language, "합계금액", "Amount payable");
        let won = words(language, "원", "won");
        let aligns = [
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
        ];
        let lines = columns(&rows, &aligns);
        format!(
            "{title} · {} · {base}\n\n{lines}\n{total}  {} {won}\n",
            self.month, self.total
        )
    }
}
