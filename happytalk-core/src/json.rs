//! Reading JSON without repeating, in an error, what somebody wrote.

use serde::Deserialize;

/// Where a JSON text is not what it should be, and why. Holds nothing of the text itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}. line=`{line}` column=`{column}`")]
pub struct JsonError {
    /// The line, from 1; 0 when the fault has no place.
    line: usize,
    /// The column in bytes, from 1; 0 when the fault has no place.
    column: usize,
    reason: Box<str>,
}

impl JsonError {
    /// The line, from 1; 0 when the fault has no place.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes, from 1; 0 when the fault has no place.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What is wrong, without a word of the text.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl From<&serde_json::Error> for JsonError {
    fn from(error: &serde_json::Error) -> Self {
        let whole = error.to_string();
        // serde_json adds the place at the very end; the same words may stand in what it quotes.
        let said = match whole.rsplit_once(" at line ") {
            Some((said, _)) if error.line() > 0 => said,
            _ => whole.as_str(),
        };
        let reason = match error.classify() {
            serde_json::error::Category::Data => without_the_text(said),
            _ => format!("not JSON: {said}"),
        };
        Self {
            line: error.line(),
            column: error.column(),
            reason: reason.into(),
        }
    }
}

/// What serde says of a value, without the value. Names of fields are ours, values are not.
fn without_the_text(said: &str) -> String {
    // "expected" at the beginning is a reason of ours, from a value inside a value that may be sealed.
    let ours = ["missing field", "duplicate field", "expected "];
    if ours.iter().any(|beginning| said.starts_with(beginning)) {
        return said.to_owned();
    }
    match said.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {}", in_words(expected)),
        None => "not the documented shape".to_owned(),
    }
}

/// What was expected as somebody knows it who writes JSON and not Rust.
fn in_words(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "a map" => "an object",
        "a sequence" => "a list",
        // A type of ours by its name in the code, which is nobody else's.
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("internally tagged enum ") => "an object",
        other => other,
    }
}

/// Reads a value, which may borrow from the text.
///
/// # Errors
/// [`JsonError`] where the text is not JSON, or not that value.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError::from(&error))
}

/// Reads a value from bytes that should be UTF-8; it may borrow from them.
///
/// # Errors
/// [`JsonError`] where the bytes are not JSON, or not that value.
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, JsonError> {
    serde_json::from_slice(bytes).map_err(|error| JsonError::from(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_and_not_what() {
        let error = from_str::<Vec<u8>>("[1,\n \"010-1234-5678\"]").unwrap_err();
        assert_eq!((error.line(), error.column()), (2, 16));
        assert_eq!(
            error.reason(),
            "expected a whole number that is not negative"
        );
        let error = from_str::<i64>("1e3").unwrap_err();
        assert_eq!(error.reason(), "expected a whole number");
        #[derive(Debug, Deserialize)]
        struct Ours {
            _one: u8,
        }
        for wrong in ["[]", "5", "\"x\""] {
            let error = from_str::<Ours>(wrong).unwrap_err();
            assert_eq!(error.reason(), "expected an object", "{wrong}");
        }
        let error = from_str::<Vec<u8>>("{}").unwrap_err();
        assert_eq!(error.reason(), "expected a list");
        let error = from_slice::<u8>(b"{\"secret").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(error.line(), 1);
    }
}
