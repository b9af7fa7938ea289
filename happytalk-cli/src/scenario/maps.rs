//! `scenario graph` and `scenario paths`: what leads where, and how to get there.

use std::io::Write;

use super::load;
use crate::args::{Graph, GraphFormat, Paths, TextFormat};
use crate::failure::{Failure, Outcome};
use crate::table::table;

pub(crate) fn run_graph(args: &Graph, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let Some((_, flow)) = load(&args.file, out)? else {
        return Ok(Outcome::Found);
    };
    let map = flow.map();
    match args.format {
        GraphFormat::Dot => out.write_all(map.to_dot().as_bytes())?,
        GraphFormat::Mermaid => out.write_all(map.to_mermaid().as_bytes())?,
        GraphFormat::Json => writeln!(out, "{}", json(&map))?,
    }
    Ok(Outcome::Fine)
}

pub(crate) fn run_paths(args: &Paths, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let Some((_, flow)) = load(&args.file, out)? else {
        return Ok(Outcome::Found);
    };
    let routes = flow.routes();
    match args.format {
        TextFormat::Json => {
            for route in &routes {
                writeln!(out, "{}", json(route))?;
            }
        }
        TextFormat::Text => {
            let head = ["node", "presses", "way"];
            let mut rows = vec![head.map(str::to_owned).to_vec()];
            for route in &routes {
                let mut way = String::new();
                for (at, node) in route.nodes.iter().enumerate() {
                    if let Some(by) = at.checked_sub(1).and_then(|at| route.by.get(at)) {
                        way.push_str(&if by.is_empty() {
                            " → ".to_owned()
                        } else {
                            format!(" →[{by}]→ ")
                        });
                    }
                    way.push_str(node.as_str());
                }
                rows.push(vec![route.to.to_string(), route.presses.to_string(), way]);
            }
            writeln!(out, "{}", table(rows))?;
        }
    }
    Ok(Outcome::Fine)
}

/// One line of JSON. Writing to memory does not fail, and every map key is a string.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
