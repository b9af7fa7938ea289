//! Tables for people.

use comfy_table::{Table, presets};

/// Rows as a table, the head first. Columns are as wide as their widest cell.
pub(crate) fn table(rows: Vec<Vec<String>>) -> String {
    let mut rows = rows.into_iter();
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    if let Some(head) = rows.next() {
        table.set_header(head);
    }
    for row in rows {
        table.add_row(row);
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_columns_stand_under_each_other() {
        let rows = [["상담사", "n"], ["kim", "12"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
        assert_eq!(
            table(rows),
            "┌────────┬────┐\n│ 상담사 ┆ n  │\n╞════════╪════╡\n│ kim    ┆ 12 │\n└────────┴────┘"
        );
    }
}
