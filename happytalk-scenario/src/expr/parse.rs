//! Reads an expression from text, as people write it, or from JSON, as tools do.

use happytalk_core::Value;

use super::{DEPTH_MAX, Expr, ExprError, Function, Op, Path};
use crate::tree::Tree;

const OPERATORS: [(&str, Op); 11] = [
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<=", Op::LessEqual),
    (">=", Op::GreaterEqual),
    ("<", Op::Less),
    (">", Op::Greater),
    ("&&", Op::And),
    ("||", Op::Or),
    ("in", Op::In),
    ("+", Op::Add),
    ("-", Op::Subtract),
];

const FUNCTIONS: [(&str, Function, usize); 4] = [
    ("has", Function::Has, 1),
    ("len", Function::Len, 1),
    ("contains", Function::Contains, 2),
    ("days_since", Function::DaysSince, 1),
];

impl Expr {
    /// Reads an expression: a text in the language, a plain number, boolean or null, or the form for tools:
    /// an object with one member, the operator or function, whose value lists the operands; `{"var": "a.b"}`
    /// is a path and `{"value": …}` a literal.
    pub(crate) fn read(tree: &Tree) -> Result<Self, ExprError> {
        match tree {
            Tree::Text(text) => Self::parse(text),
            Tree::Null | Tree::Bool(_) | Tree::Int(_) => {
                Ok(Self::Literal(tree.to_value().ok_or(ExprError::Shape)?))
            }
            Tree::Decimal => Err(ExprError::Number),
            Tree::Object(_) => Self::from_tree(tree, 0),
            Tree::List(_) => Err(ExprError::Shape),
        }
    }

    fn from_tree(tree: &Tree, depth: usize) -> Result<Self, ExprError> {
        if depth > DEPTH_MAX {
            return Err(ExprError::Depth);
        }
        let Tree::Object(members) = tree else {
            return tree.to_value().map(Self::Literal).ok_or(ExprError::Number);
        };
        let [(name, operand)] = members.as_slice() else {
            return Err(ExprError::Shape);
        };
        match (name.as_str(), operand) {
            ("var", Tree::Text(path)) => Path::read(path).map(Self::Path).ok_or(ExprError::Shape),
            ("value", value) => value.to_value().map(Self::Literal).ok_or(ExprError::Number),
            ("!", one) => Ok(Self::Not(Box::new(Self::from_tree(one, depth + 1)?))),
            (_, Tree::List(operands)) => {
                let mut read = operands
                    .iter()
                    .map(|operand| Self::from_tree(operand, depth + 1))
                    .collect::<Result<Vec<_>, _>>()?;
                if let Some(&(_, op)) = OPERATORS.iter().find(|(sign, _)| sign == name) {
                    let (Some(right), Some(left), true) = (read.pop(), read.pop(), read.is_empty())
                    else {
                        return Err(ExprError::Shape);
                    };
                    return Ok(Self::Binary(op, Box::new(left), Box::new(right)));
                }
                match FUNCTIONS.iter().find(|(called, ..)| called == name) {
                    Some(&(_, function, count)) if read.len() == count => {
                        Ok(Self::Call(function, read))
                    }
                    _ => Err(ExprError::Shape),
                }
            }
            _ => Err(ExprError::Shape),
        }
    }

    /// Reads the language.
    pub(crate) fn parse(text: &str) -> Result<Self, ExprError> {
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        let expr = reader.either()?;
        reader.skip();
        if reader.at == text.len() {
            Ok(expr)
        } else {
            Err(reader.here())
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn here(&self) -> ExprError {
        let before = self.text.get(..self.at).unwrap_or("");
        ExprError::At(before.chars().count())
    }

    fn skip(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        let rest = self.rest();
        // `in` is a word: what follows it must not be one more letter of a name.
        let is_word = sign.chars().all(|c| c.is_ascii_alphabetic());
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        match rest.strip_prefix(sign) {
            Some(after) if !(is_word && after.starts_with(goes_on)) => {
                self.at += sign.len();
                true
            }
            _ => false,
        }
    }

    fn deeper(&mut self) -> Result<(), ExprError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(ExprError::Depth);
        }
        Ok(())
    }

    fn either(&mut self) -> Result<Expr, ExprError> {
        let before = self.depth;
        self.deeper()?;
        let mut left = self.both()?;
        while self.take("||") {
            self.deeper()?;
            left = Expr::Binary(Op::Or, Box::new(left), Box::new(self.both()?));
        }
        self.depth = before;
        Ok(left)
    }

    fn both(&mut self) -> Result<Expr, ExprError> {
        let mut left = self.not()?;
        while self.take("&&") {
            self.deeper()?;
            left = Expr::Binary(Op::And, Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr, ExprError> {
        self.skip();
        if self.rest().starts_with('!') && !self.rest().starts_with("!=") {
            self.at += 1;
            self.deeper()?;
            let inner = self.not()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        self.compared()
    }

    fn compared(&mut self) -> Result<Expr, ExprError> {
        let left = self.sum()?;
        let compares = |op: &Op| !matches!(op, Op::And | Op::Or | Op::Add | Op::Subtract);
        for (sign, op) in OPERATORS.into_iter().filter(|(_, op)| compares(op)) {
            if self.take(sign) {
                return Ok(Expr::Binary(op, Box::new(left), Box::new(self.sum()?)));
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expr, ExprError> {
        let mut left = self.single()?;
        loop {
            let op = if self.take("+") {
                Op::Add
            } else if self.take("-") {
                Op::Subtract
            } else {
                return Ok(left);
            };
            self.deeper()?;
            left = Expr::Binary(op, Box::new(left), Box::new(self.single()?));
        }
    }

    fn single(&mut self) -> Result<Expr, ExprError> {
        self.skip();
        let Some(first) = self.rest().chars().next() else {
            return Err(self.here());
        };
        match first {
            '(' => {
                self.at += 1;
                let inner = self.either()?;
                self.close(")")?;
                Ok(inner)
            }
            '[' => {
                self.at += 1;
                Ok(Expr::List(self.operands("]")?))
            }
            '\'' | '"' => self.quoted(first),
            '-' | '0'..='9' => self.number(),
            c if c.is_ascii_alphabetic() || c == '_' => self.named(),
            _ => Err(self.here()),
        }
    }

    fn close(&mut self, sign: &str) -> Result<(), ExprError> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.here())
        }
    }

    fn operands(&mut self, end: &str) -> Result<Vec<Expr>, ExprError> {
        let mut read = Vec::new();
        if self.take(end) {
            return Ok(read);
        }
        loop {
            read.push(self.either()?);
            if !self.take(",") {
                self.close(end)?;
                return Ok(read);
            }
        }
    }

    /// A text in quotes; the quote itself is written twice.
    fn quoted(&mut self, quote: char) -> Result<Expr, ExprError> {
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1).peekable();
        while let Some((place, c)) = letters.next() {
            if c != quote {
                text.push(c);
            } else if letters.next_if(|&(_, next)| next == quote).is_some() {
                text.push(quote);
            } else {
                self.at += place + 1;
                return Ok(Expr::Literal(Value::Text(text)));
            }
        }
        Err(self.here())
    }

    fn number(&mut self) -> Result<Expr, ExprError> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.get(sign..).unwrap_or("");
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let after = digits.get(end..).unwrap_or("");
        if after.starts_with('.') {
            return Err(ExprError::Number);
        }
        if end == 0 || after.starts_with(|c: char| c.is_alphanumeric()) {
            return Err(self.here());
        }
        let number = rest.get(..sign + end).unwrap_or("").parse();
        let number: i64 = number.map_err(|_| ExprError::Number)?;
        self.at += sign + end;
        Ok(Expr::Literal(Value::Int(number)))
    }

    fn named(&mut self) -> Result<Expr, ExprError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or("").to_owned();
        let literal = match name.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = literal {
            self.at += end;
            return Ok(Expr::Literal(value));
        }
        if let Some(&(_, function, count)) = FUNCTIONS.iter().find(|(called, ..)| *called == name) {
            let start = self.at;
            self.at += end;
            if self.take("(") {
                let operands = self.operands(")")?;
                if operands.len() != count {
                    self.at = start;
                    return Err(self.here());
                }
                return Ok(Expr::Call(function, operands));
            }
            return Err(self.here());
        }
        let path = Path::read(&name).ok_or_else(|| self.here())?;
        self.at += end;
        Ok(Expr::Path(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_expression_says_where() {
        assert_eq!(Expr::parse("a == ").err(), Some(ExprError::At(5)));
        assert_eq!(Expr::parse("a = 1").err(), Some(ExprError::At(2)));
        assert_eq!(Expr::parse("'끝이 없는").err(), Some(ExprError::At(0)));
        assert_eq!(Expr::parse("len(a, b)").err(), Some(ExprError::At(0)));
        assert_eq!(Expr::parse("1.5").err(), Some(ExprError::Number));
        assert_eq!(
            Expr::parse("99999999999999999999").err(),
            Some(ExprError::Number)
        );
        assert_eq!(Expr::parse("").err(), Some(ExprError::At(0)));
    }

    #[test]
    fn depth_is_limited_and_does_not_overflow_the_stack() {
        let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert!(Expr::parse(&nested(60)).is_ok());
        assert_eq!(Expr::parse(&nested(65)).err(), Some(ExprError::Depth));
        assert_eq!(
            Expr::parse(&"!".repeat(9_000)).err(),
            Some(ExprError::Depth)
        );
        assert_eq!(
            Expr::parse(&vec!["a"; 5_000].join("&&")).err(),
            Some(ExprError::Depth)
        );
    }

    #[test]
    fn the_form_for_tools_says_the_same_as_the_text() {
        let json =
            r#"{"&&":[{"has":[{"var":"order.no"}]},{"!":{"==":[{"var":"kind"},"return"]}}]}"#;
        let tree: Tree = serde_json::from_str(json).unwrap();
        let text = Expr::parse("has(order.no) && !(kind == 'return')");
        assert!(Expr::read(&tree) == text);
        let tree: Tree = serde_json::from_str(r#"{"==":[1]}"#).unwrap();
        assert_eq!(Expr::read(&tree).err(), Some(ExprError::Shape));
    }
}
