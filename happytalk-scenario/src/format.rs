//! The one way a document is written, comments included.

use crate::diagnostic::Diagnostics;
use crate::document::order;
use crate::layout::{self, Laid, What};

/// How long a line may be, in columns: Hangul takes two.
const COLUMNS_MAX: usize = 120;

/// Writes a document the one way it is written: members in the order of the format, two spaces an indent, short
/// objects and lists on one line. Comments (`$schema`, and members that begin with `_`) stay in front of what they
/// stood in front of; nodes, variables and buttons stay in the author's order. Writing it again changes nothing.
///
/// # Errors
/// S1 where the text is no JSON. What else is wrong is left as it is.
pub fn format(text: &str) -> Result<String, Diagnostics> {
    let json = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let Some(laid) = layout::read(json) else {
        let found = match crate::document::read(json) {
            (_, found) if !found.is_empty() => found,
            _ => vec![crate::diagnostic::Diagnostic::error(
                "S1",
                "",
                "JSON이 아닙니다.",
                "this is no JSON",
                "repair the JSON",
            )],
        };
        return Err(Diagnostics::new(found));
    };
    let mut out = String::with_capacity(json.len() * 2);
    write(&laid, &mut Vec::new(), 0, &mut out);
    out.push('\n');
    Ok(out)
}

fn write(value: &Laid<'_>, path: &mut Vec<String>, used: usize, out: &mut String) {
    let mut flat = String::new();
    if is_flat(value, path)
        && flatten(value, path, &mut flat)
        && used + columns(&flat) <= COLUMNS_MAX
    {
        out.push_str(&flat);
        return;
    }
    let indent = path.len() * 2;
    match &value.what {
        What::Plain(text) => out.push_str(text),
        What::Text(text) => quote(text, out),
        What::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "\n" } else { ",\n" });
                pad(indent + 2, out);
                path.push(at.to_string());
                write(item, path, indent + 2, out);
                path.pop();
            }
            out.push('\n');
            pad(indent, out);
            out.push(']');
        }
        What::Object(_) => {
            out.push('{');
            for (at, (name, inner)) in members(value, path).into_iter().enumerate() {
                out.push_str(if at == 0 { "\n" } else { ",\n" });
                pad(indent + 2, out);
                let mut head = String::new();
                quote(name, &mut head);
                head.push_str(": ");
                out.push_str(&head);
                path.push(name.to_owned());
                // One more column for the comma behind it.
                write(inner, path, indent + 3 + columns(&head), out);
                path.pop();
            }
            out.push('\n');
            pad(indent, out);
            out.push('}');
        }
    }
}

/// The document itself, and the map of its nodes, are never on one line.
fn is_flat(value: &Laid<'_>, path: &[String]) -> bool {
    let is_long = match &value.what {
        What::Object(members) => !members.is_empty(),
        What::List(items) => !items.is_empty(),
        What::Plain(_) | What::Text(_) => false,
    };
    let inside = path.first().map(String::as_str);
    let top =
        path.is_empty() || path.len() == 1 && matches!(inside, Some("nodes" | "vars" | "calls"));
    !(is_long && top)
}

fn flatten(value: &Laid<'_>, path: &mut Vec<String>, out: &mut String) -> bool {
    match &value.what {
        What::Plain(text) => out.push_str(text),
        What::Text(text) => quote(text, out),
        What::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                path.push(at.to_string());
                let fits = flatten(item, path, out);
                path.pop();
                if !fits {
                    return false;
                }
            }
            out.push(']');
        }
        What::Object(inner) if inner.is_empty() => out.push_str("{}"),
        What::Object(_) => {
            out.push_str("{ ");
            for (at, (name, inner)) in members(value, path).into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                quote(name, out);
                out.push_str(": ");
                path.push(name.to_owned());
                let fits = flatten(inner, path, out);
                path.pop();
                if !fits {
                    return false;
                }
            }
            out.push_str(" }");
        }
    }
    // What is too long already need not be written to its end.
    out.len() <= COLUMNS_MAX * 4
}

/// The members in the order of the format; a comment goes with what it stands in front of.
fn members<'l>(value: &'l Laid<'_>, path: &[String]) -> Vec<(&'l str, &'l Laid<'l>)> {
    let What::Object(all) = &value.what else {
        return Vec::new();
    };
    let is_comment = |name: &str| name == "$schema" || name.starts_with('_');
    let order = order(path);
    let place = |name: &str| order.iter().position(|known| *known == name);
    let mut groups: Vec<(usize, Vec<(&str, &Laid<'_>)>)> = Vec::new();
    let mut waiting: Vec<(&str, &Laid<'_>)> = Vec::new();
    for (name, inner) in all {
        if name == "$schema" {
            groups.push((0, vec![(name, inner)]));
            continue;
        }
        waiting.push((name, inner));
        if !is_comment(name) {
            let rank = place(name).map_or(order.len() + 1, |place| place + 1);
            groups.push((rank, std::mem::take(&mut waiting)));
        }
    }
    groups.push((usize::MAX, waiting));
    groups.sort_by_key(|(rank, _)| *rank);
    groups.into_iter().flat_map(|(_, group)| group).collect()
}

fn pad(columns: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', columns));
}

/// How wide a text is shown: Hangul and other wide letters take two columns.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

fn quote(text: &str, out: &mut String) {
    // A text can always be written as JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_put_in_order_and_comments_stay_with_theirs() {
        let text = r#"{"nodes":{"b":{"end":"x","_why":1.50,"say":"\uac00"}},"_n":"start here","start":"b","format":1,"x":0}"#;
        let written = format(text).unwrap();
        let expected = "{\n  \"format\": 1,\n  \"_n\": \"start here\",\n  \"start\": \"b\",\n  \"nodes\": {\n    \"b\": { \"_why\": 1.50, \"say\": \"가\", \"end\": \"x\" }\n  },\n  \"x\": 0\n}\n";
        assert_eq!(written, expected);
        assert_eq!(format(&written).unwrap(), written);
        assert!(format("{").unwrap_err().has("S1"));
    }
}
