//! The site's own texts (자동 메시지): greeting, absence, place in the queue and the rest, with placeholders.
//!
//! A placeholder that is not known is refused when the text is loaded; one that has no value when the text is to be
//! sent keeps the whole text back. Nothing is ever sent with a placeholder in it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::content::{Content, Media};

/// What a text can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Placeholder {
    /// `{agent}`: the name of the agent who has the conversation.
    Agent,
    /// `{customer}`: the customer's name.
    Customer,
    /// `{position}`: the customer's place in the queue, from 1.
    Position,
    /// `{ewt_min}`: the expected wait in whole minutes, rounded up.
    EwtMin,
    /// `{next_open}`: when agents can be reached again, on the site's wall clock.
    NextOpen,
    /// `{site}`: the company's name.
    Site,
}

impl Placeholder {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Agent,
        Self::Customer,
        Self::Position,
        Self::EwtMin,
        Self::NextOpen,
        Self::Site,
    ];

    /// The word between the braces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::Position => "position",
            Self::EwtMin => "ewt_min",
            Self::NextOpen => "next_open",
            Self::Site => "site",
        }
    }
}

/// What placeholders stand for at this moment.
pub type Values = BTreeMap<Placeholder, String>;

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing to say.
    #[error("text is empty")]
    Empty,
    /// A placeholder that there is not.
    #[error("unknown placeholder. byte=`{byte}`")]
    UnknownPlaceholder {
        /// Where its brace stands.
        byte: usize,
    },
    /// A brace without its other half; a brace that is meant is doubled.
    #[error("brace without its other half. byte=`{byte}`")]
    LooseBrace {
        /// Where it stands.
        byte: usize,
    },
}

impl TextError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "text.empty",
            Self::UnknownPlaceholder { .. } => "text.unknown_placeholder",
            Self::LooseBrace { .. } => "text.loose_brace",
        }
    }
}

/// A placeholder had no value, so the text was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no value for a placeholder. placeholder=`{}`", .placeholder.as_str())]
#[non_exhaustive]
pub struct NoValue {
    /// Which.
    pub placeholder: Placeholder,
}

impl NoValue {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "text.no_value"
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Value(Placeholder),
}

/// One of the site's own texts. `{{` and `}}` stand for braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoText {
    parts: Vec<Part>,
    image: Option<String>,
}

impl AutoText {
    /// The text, read and checked.
    ///
    /// # Errors
    /// Any variant of [`TextError`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        let mut parts = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some(found) = rest.find(['{', '}']) {
            let byte = text.len() - rest.len() + found;
            let (before, from_brace) = rest.split_at(found);
            words.push_str(before);
            if let Some(after) = from_brace.strip_prefix("{{") {
                words.push('{');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix("}}") {
                words.push('}');
                rest = after;
            } else if let Some(inside) = from_brace.strip_prefix('{') {
                let (name, after) = inside
                    .split_once('}')
                    .ok_or(TextError::LooseBrace { byte })?;
                let placeholder = Placeholder::ALL
                    .into_iter()
                    .find(|known| known.as_str() == name)
                    .ok_or(TextError::UnknownPlaceholder { byte })?;
                if !words.is_empty() {
                    parts.push(Part::Words(std::mem::take(&mut words)));
                }
                parts.push(Part::Value(placeholder));
                rest = after;
            } else {
                return Err(TextError::LooseBrace { byte });
            }
        }
        words.push_str(rest);
        if !words.is_empty() {
            parts.push(Part::Words(words));
        }
        Ok(Self { parts, image: None })
    }

    /// With a picture before the words, by its URL. Kakao shows 500×500 or 500×250 best; at most 2 MB, jpg or png.
    #[must_use]
    pub fn with_image(mut self, url: impl Into<String>) -> Self {
        self.image = Some(url.into());
        self
    }

    /// Whether the text names `placeholder`.
    #[must_use]
    pub fn names(&self, placeholder: Placeholder) -> bool {
        self.parts.contains(&Part::Value(placeholder))
    }

    /// What is sent, with `values` for its placeholders.
    ///
    /// # Errors
    /// [`NoValue`] for the first placeholder that has none.
    pub fn fill(&self, values: &Values) -> Result<Vec<Content>, NoValue> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Words(words) => text.push_str(words),
                Part::Value(placeholder) => {
                    text.push_str(values.get(placeholder).ok_or(NoValue {
                        placeholder: *placeholder,
                    })?)
                }
            }
        }
        let image = self
            .image
            .iter()
            .map(|url| Content::Image(Media::new(url.clone())));
        Ok(image.chain([Content::text(text)]).collect())
    }
}

impl FromStr for AutoText {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }
}

/// The text as it was written.
impl fmt::Display for AutoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Words(words) => {
                    f.write_str(&words.replace('{', "{{").replace('}', "}}"))?;
                }
                Part::Value(placeholder) => write!(f, "{{{}}}", placeholder.as_str())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_or_kept_back_but_never_sent_raw() {
        let text: AutoText = "{site}입니다. 대기 {position}번째 {{참고}}"
            .parse()
            .unwrap();
        assert!(text.names(Placeholder::Site) && !text.names(Placeholder::Agent));
        let mut values = Values::from([(Placeholder::Site, "가게".to_owned())]);
        assert_eq!(
            text.fill(&values),
            Err(NoValue {
                placeholder: Placeholder::Position
            })
        );
        values.insert(Placeholder::Position, "3".to_owned());
        assert_eq!(
            text.fill(&values),
            Ok(vec![Content::text("가게입니다. 대기 3번째 {참고}")])
        );
        assert_eq!(text.to_string().parse(), Ok(text));
    }

    #[test]
    fn an_unknown_placeholder_is_refused_when_it_is_loaded() {
        assert_eq!(
            "안녕 {name}".parse::<AutoText>(),
            Err(TextError::UnknownPlaceholder { byte: 7 })
        );
        assert_eq!(
            "{agent".parse::<AutoText>(),
            Err(TextError::LooseBrace { byte: 0 })
        );
        assert_eq!(
            "a}".parse::<AutoText>(),
            Err(TextError::LooseBrace { byte: 1 })
        );
        assert_eq!(" ".parse::<AutoText>(), Err(TextError::Empty));
    }

    #[test]
    fn a_picture_comes_before_the_words() {
        let text = AutoText::parse("어서 오세요")
            .unwrap()
            .with_image("https://shop.example/hello.png");
        let kinds: Vec<_> = text
            .fill(&Values::new())
            .unwrap()
            .iter()
            .map(Content::kind)
            .collect();
        assert_eq!(kinds, ["image", "text"]);
    }
}
