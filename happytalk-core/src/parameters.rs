//! What comes with a customer (파라미터): names, limits, the newest value, and the category that a link or a button asks for.
//!
//! ```
//! use happytalk_core::parameters::{Flaw, ParameterRules};
//!
//! let rules = ParameterRules::new();
//! let given = [("cus_extra_username", "김해피"), ("parameter1", "스무 자를 넘는 값은 잘라서 받고 표시를 남깁니다"), ("category", "배송")];
//! let taken = rules.take(given)?;
//! assert_eq!(taken.parameters["parameter1"].as_str().chars().count(), 20);
//! assert_eq!((taken.flags[0].name.as_str(), taken.flags[0].flaw), ("parameter1", Flaw::Cut { chars_max: 20 }));
//! assert_eq!(rules.category(&taken.parameters).ok_or("no category")?.main.as_str(), "배송");
//!
//! let refused = ParameterRules::strict().take(given).unwrap_err();
//! assert_eq!((refused.code(), refused.name()), ("parameter.too_long", Some("parameter1")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::event::Category;
use crate::inbound::Private;
use crate::time::Timestamp;

/// What a parameter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are these two")]
pub enum About {
    /// The customer: it stays with them.
    Customer,
    /// The conversation that it opens.
    Conversation,
}

/// A parameter with a fixed name, and what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The fewest characters.
    pub chars_min: usize,
    /// The most characters (Unicode scalar values).
    pub chars_max: usize,
    /// The only values it may have; any where there are none.
    pub words: &'static [&'static str],
    /// What it is about.
    pub about: About,
}

const fn field(name: &'static str, chars_max: usize, about: About) -> Field {
    Field {
        name,
        chars_min: 0,
        chars_max,
        words: &[],
        about,
    }
}

/// The parameters with fixed names.
///
/// Source: <https://happybook.happytalk.io/site-manager/advanced-settings/parameter>,
/// <https://mbi-developer-center.happytalk.io/Biz-API/counsel/create_counseling>,
/// <https://developer-center.happytalk.io/KakaoWebhook/Counseling/Connect/startPostMethod> (read 2026-11-21).
pub const FIELDS: &[Field] = &[
    field("site_uid", 255, About::Customer),
    field("cus_extra_username", 100, About::Customer),
    field("cus_extra_phone", 100, About::Customer),
    field("cus_extra_email", 100, About::Customer),
    Field {
        chars_min: 5,
        ..field("uuid", 20, About::Customer)
    },
    field("user_parameter", 200, About::Conversation),
    field("parameter1", 20, About::Conversation),
    field("parameter2", 20, About::Conversation),
    field("parameter3", 20, About::Conversation),
    field("parameter4", 20, About::Conversation),
    field("parameter5", 20, About::Conversation),
    field("parameter6", 20, About::Conversation),
    field("parameter7", 20, About::Conversation),
    field("parameter8", 20, About::Conversation),
    field("parameter9", 20, About::Conversation),
    field("parameter10", 20, About::Conversation),
    field("order_number", 100, About::Conversation),
    field("product_number", 100, About::Conversation),
    field("parcel_number", 40, About::Conversation),
    field("title", 100, About::Conversation),
    field("extra", 50, About::Conversation),
    Field {
        words: &["false", "true", "auto"],
        ..field("bot", 5, About::Conversation)
    },
    Field {
        words: &["A", "I", "W"],
        ..field("phone_os", 1, About::Conversation)
    },
];

/// Other names under which a parameter comes: those of link forms, and a misspelling of a published table.
const ALIASES: &[(&str, &str)] = &[
    ("category", "category_id"),
    ("division", "division_id"),
    ("parcel_numver", "parcel_number"),
];

/// The field of that name, where it is a fixed one.
#[must_use]
pub fn field_named(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// How parameters are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ParameterRules {
    /// Whether what breaks a limit is an error. Default: no; it is cut or left out, and flagged.
    pub strict: bool,
    /// Limits in characters by name, in the place of those of [`FIELDS`].
    pub chars_max: BTreeMap<String, usize>,
    /// The limit of a parameter that has no other. Default: 1,000 characters.
    pub other_chars_max: usize,
    /// The longest name. Default: 64 characters.
    pub name_chars_max: usize,
    /// The most parameters of one customer or conversation. Default: 64.
    pub count_max: usize,
    /// Which category a value asks for, by the parameter's name: what a link's or a button's own parameter means, such as
    /// `{"from":{"shop_top":{"main":"주문"}}}`.
    pub categories: BTreeMap<String, BTreeMap<String, Category>>,
}

impl Default for ParameterRules {
    fn default() -> Self {
        Self {
            strict: false,
            chars_max: BTreeMap::new(),
            other_chars_max: 1_000,
            name_chars_max: 64,
            count_max: 64,
            categories: BTreeMap::new(),
        }
    }
}

/// Parameters as they were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// By name.
    pub parameters: BTreeMap<String, Private>,
    /// What was not taken as it came, in the order in which it came.
    pub flags: Vec<Flag>,
}

/// A parameter that was not taken as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flag {
    /// Its name; empty where the name itself is at fault.
    pub name: String,
    /// What was wrong.
    pub flaw: Flaw,
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Longer than its limit: cut.
    Cut {
        /// How long it may be.
        chars_max: usize,
    },
    /// Shorter than its limit: left out.
    TooShort {
        /// How long it must be.
        chars_min: usize,
    },
    /// None of the values that it may have: left out.
    NotAWord,
    /// A name that is empty, too long, or holds a control character: left out.
    BadName,
    /// One more than there may be: left out.
    TooMany {
        /// How many there may be.
        count_max: usize,
    },
}

/// Why strict rules take no parameters. Holds the name of one, and never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// Longer than its limit.
    #[error("parameter is too long. name=`{name}` chars_max=`{chars_max}`")]
    TooLong {
        /// Which.
        name: String,
        /// How long it may be.
        chars_max: usize,
    },
    /// Shorter than its limit.
    #[error("parameter is too short. name=`{name}` chars_min=`{chars_min}`")]
    TooShort {
        /// Which.
        name: String,
        /// How long it must be.
        chars_min: usize,
    },
    /// None of the values that it may have.
    #[error("parameter has none of its values. name=`{name}`")]
    NotAWord {
        /// Which.
        name: String,
    },
    /// A name that is empty, too long, or holds a control character.
    #[error("name of a parameter is not one. chars_max=`{chars_max}`")]
    BadName {
        /// How long it may be.
        chars_max: usize,
    },
    /// More than there may be.
    #[error("too many parameters. count_max=`{count_max}`")]
    TooMany {
        /// How many there may be.
        count_max: usize,
    },
}

impl ParameterError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "parameter.too_long",
            Self::TooShort { .. } => "parameter.too_short",
            Self::NotAWord { .. } => "parameter.not_a_word",
            Self::BadName { .. } => "parameter.bad_name",
            Self::TooMany { .. } => "parameter.too_many",
        }
    }

    /// Which parameter, where one is to blame.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::TooLong { name, .. } | Self::TooShort { name, .. } | Self::NotAWord { name } => {
                Some(name)
            }
            Self::BadName { .. } | Self::TooMany { .. } => None,
        }
    }
}

impl ParameterRules {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The defaults, where what breaks a limit is an error.
    #[must_use]
    pub fn strict() -> Self {
        Self {
            strict: true,
            ..Self::default()
        }
    }

    /// Takes parameters in the order in which they came: of two with one name, the later. A blank value says nothing.
    ///
    /// # Errors
    /// Any variant of [`ParameterError`], where the rules are strict.
    pub fn take<N: AsRef<str>, V: AsRef<str>>(
        &self,
        given: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Taken, ParameterError> {
        let mut taken = Taken::default();
        for (name, value) in given {
            let (name, value) = (name.as_ref().trim(), value.as_ref());
            if value.trim().is_empty() {
                continue;
            }
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
            let name = alias.map_or(name, |(_, name)| name);
            let flaw = self.flaw(name, value, &taken);
            if let Some(flaw) = flaw {
                let named = if flaw == Flaw::BadName { "" } else { name };
                if self.strict {
                    return Err(self.error(flaw, named));
                }
                taken.flags.push(Flag {
                    name: named.to_owned(),
                    flaw,
                });
            }
            let value = match flaw {
                None => value,
                Some(Flaw::Cut { chars_max }) => cut(value, chars_max),
                Some(_) => continue,
            };
            if value.trim().is_empty() {
                continue;
            }
            taken
                .parameters
                .insert(name.to_owned(), Private::from(value));
        }
        Ok(taken)
    }

    fn flaw(&self, name: &str, value: &str, before: &Taken) -> Option<Flaw> {
        let length = name.chars().count();
        if length == 0 || length > self.name_chars_max || name.contains(char::is_control) {
            return Some(Flaw::BadName);
        }
        let known = field_named(name);
        if let Some(field) = known.filter(|field| !field.words.is_empty()) {
            let is_one = field.words.contains(&value);
            return (!is_one).then_some(Flaw::NotAWord);
        }
        if !before.parameters.contains_key(name) && before.parameters.len() >= self.count_max {
            return Some(Flaw::TooMany {
                count_max: self.count_max,
            });
        }
        let chars_max = self.chars_max.get(name).copied();
        let chars_max = chars_max.or(known.map(|field| field.chars_max));
        let chars_max = chars_max.unwrap_or(self.other_chars_max);
        let chars_min = known.map_or(0, |field| field.chars_min);
        // Of what may be very long, no more is counted than has to be.
        let length = value.chars().take(chars_max.saturating_add(1)).count();
        if length > chars_max {
            Some(Flaw::Cut { chars_max })
        } else if length < chars_min {
            Some(Flaw::TooShort { chars_min })
        } else {
            None
        }
    }

    fn error(&self, flaw: Flaw, name: &str) -> ParameterError {
        let name = name.to_owned();
        match flaw {
            Flaw::Cut { chars_max } => ParameterError::TooLong { name, chars_max },
            Flaw::TooShort { chars_min } => ParameterError::TooShort { name, chars_min },
            Flaw::NotAWord => ParameterError::NotAWord { name },
            Flaw::BadName => ParameterError::BadName {
                chars_max: self.name_chars_max,
            },
            Flaw::TooMany { count_max } => ParameterError::TooMany { count_max },
        }
    }

    /// What the conversation is about, where a parameter says so: `category_id` and `division_id` themselves, else the
    /// first parameter by name whose value has a category in these rules.
    #[must_use]
    pub fn category(&self, parameters: &BTreeMap<String, Private>) -> Option<Category> {
        let word = |name: &str| parameters.get(name)?.as_str().trim().parse().ok();
        if let Some(main) = word("category_id") {
            let mut category = Category::new(main);
            category.sub = word("division_id");
            return Some(category);
        }
        self.categories.iter().find_map(|(name, by_value)| {
            let value = parameters.get(name)?.as_str().trim();
            by_value.get(value).cloned()
        })
    }
}

/// The beginning of `value` with at most `chars_max` characters, cut between graphemes where one has room.
fn cut(value: &str, chars_max: usize) -> &str {
    let end = value.char_indices().nth(chars_max);
    let end = end.map_or(value.len(), |(end, _)| end);
    let starts = value.grapheme_indices(true).map(|(start, _)| start);
    let whole = starts.take_while(|start| *start <= end).last();
    let end = whole.filter(|start| *start > 0).unwrap_or(end);
    value.get(..end).unwrap_or_default()
}

/// The newest value of each parameter (최신 값), whatever order they come in: a platform may tell what a customer brought
/// after what they said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latest {
    by_name: BTreeMap<String, (Timestamp, Private)>,
}

impl Latest {
    /// Nothing known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes values of that time: each counts unless there is one of a later time.
    pub fn learn(&mut self, parameters: &BTreeMap<String, Private>, at: Timestamp) {
        for (name, value) in parameters {
            match self.by_name.get_mut(name) {
                Some((known_at, _)) if *known_at > at => {}
                Some(known) => *known = (at, value.clone()),
                None => {
                    self.by_name.insert(name.clone(), (at, value.clone()));
                }
            }
        }
    }

    /// Takes back a value: the customer withdrew their consent.
    pub fn forget(&mut self, name: &str) {
        self.by_name.remove(name);
    }

    /// The newest value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Private> {
        self.by_name.get(name).map(|(_, value)| value)
    }

    /// The newest values of all names: a snapshot for a conversation.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, Private> {
        let all = self.by_name.iter();
        all.map(|(name, (_, value))| (name.clone(), value.clone()))
            .collect()
    }
}
