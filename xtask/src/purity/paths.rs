//! The paths in source, each leaf of a `use` tree as one of its own.

use crate::lexer::{Kind, Token};

/// A path as code writes it, or one leaf of a `use` tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path<'t> {
    pub(super) segments: Vec<&'t str>,
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) is_use: bool,
}

/// Every path of the code and every leaf of its imports, in order.
pub(super) fn paths<'t>(tokens: &[Token<'t>]) -> Vec<Path<'t>> {
    let mut found = Vec::new();
    let mut rest = tokens;
    while let Some((first, tail)) = rest.split_first() {
        rest = if first.is("use") {
            use_tree(tail, &[], &mut found)
        } else if first.kind == Kind::Word {
            let (segments, tail) = segments(rest);
            found.push(Path {
                segments,
                line: first.line,
                is_use: false,
            });
            tail
        } else {
            tail
        };
    }
    found
}

/// `a::b::c` at the start of `rest`, and what follows it.
fn segments<'s, 't>(mut rest: &'s [Token<'t>]) -> (Vec<&'t str>, &'s [Token<'t>]) {
    let mut segments = Vec::new();
    while let Some((word, tail)) = rest.split_first() {
        if word.kind != Kind::Word {
            break;
        }
        segments.push(word.text);
        match tail.split_first() {
            Some((colons, after))
                if colons.is("::") && after.first().is_some_and(|t| t.kind == Kind::Word) =>
            {
                rest = after;
            }
            _ => return (segments, tail),
        }
    }
    (segments, rest)
}

/// One tree of a `use`, up to what ends it: every leaf becomes a path of its own, `self` the path of its group.
fn use_tree<'s, 't>(
    rest: &'s [Token<'t>],
    prefix: &[&'t str],
    found: &mut Vec<Path<'t>>,
) -> &'s [Token<'t>] {
    let mut segments = prefix.to_vec();
    let mut rest = rest;
    let mut line = rest.first().map_or(0, |token| token.line);
    while let Some((token, tail)) = rest.split_first() {
        if token.is("{") {
            rest = tail;
            while rest.first().is_some_and(|token| !token.is("}")) {
                rest = use_tree(rest, &segments, found);
                if rest.first().is_some_and(|token| token.is(",")) {
                    rest = rest.get(1..).unwrap_or_default();
                } else if rest.first().is_none_or(|token| !token.is("}")) {
                    return rest;
                }
            }
            return rest.get(1..).unwrap_or_default();
        }
        if token.is("::") {
            rest = tail;
        } else if token.is("as") {
            // The alias is no part of the path.
            rest = tail.get(1..).unwrap_or_default();
        } else if token.is("*") || (token.kind == Kind::Word && token.text != "self") {
            segments.push(token.text);
            line = token.line;
            rest = tail;
        } else if token.is("self") {
            rest = tail;
        } else {
            break;
        }
    }
    found.push(Path {
        segments,
        line,
        is_use: true,
    });
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    #[test]
    fn every_leaf_of_a_use_is_a_path() {
        let all = tokens("use a::{self, b::{c as d, e}, *}; f::g");
        let leaves: Vec<String> = paths(&all)
            .iter()
            .map(|path| path.segments.join("::"))
            .collect();
        assert_eq!(leaves, ["a", "a::b::c", "a::b::e", "a::*", "f::g"]);
    }
}
