//! What rows are made by.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// What rows are made by (`--by`). Every value is a text; a missing one is `(none)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dimension {
    /// `2024-05-13`, in the report's zone and on its clock.
    Day,
    /// `2024-05-13T10`.
    Hour,
    /// `2024-W20`: ISO 8601, from Monday.
    Week,
    /// `2024-05`.
    Month,
    /// Who owns the figure: the first assigned agent for the queue, who held it for an abandonment, who
    /// answered for the first response, who had it at the time for talk and waiting, who had it last for the rest.
    Agent,
    /// The platform.
    Channel,
    /// 대분류 at closing.
    Category,
    /// 중분류 at closing.
    Sub,
    /// The group of [`Dimension::Agent`], as the agent's own stream had it when the conversation closed.
    Group,
    /// Who ended it: `agent`, `customer`, `manager`, `auto`, `channel`.
    End,
    /// `returning` where a conversation of the same customer came before, else `first`.
    Returning,
    /// By which way the customer came: the parameter `inflow`.
    Inflow,
    /// `in` or `out` of working hours, when an agent was asked for; where nobody was, at the opening.
    Hours,
    /// The parameter of that name.
    Parameter(Box<str>),
}

impl Dimension {
    /// Reads words apart by commas: `day,agent`. Of a word that repeats, the first stands.
    ///
    /// # Errors
    /// As [`Dimension::from_str`].
    pub fn list(words: &str) -> Result<Vec<Self>, Error> {
        let mut list = Vec::new();
        for word in words.split(',') {
            let dimension = word.trim().parse()?;
            if !list.contains(&dimension) {
                list.push(dimension);
            }
        }
        Ok(list)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agent => "agent",
            Self::Channel => "channel",
            Self::Category => "category",
            Self::Sub => "sub",
            Self::Group => "group",
            Self::End => "end",
            Self::Returning => "returning",
            Self::Inflow => "inflow",
            Self::Hours => "hours",
            Self::Parameter(name) => return write!(f, "parameter:{name}"),
        })
    }
}

/// Reads one word, such as `day` or `parameter:NAME`.
impl FromStr for Dimension {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        Ok(match word {
            "day" => Self::Day,
            "hour" => Self::Hour,
            "week" => Self::Week,
            "month" => Self::Month,
            "agent" => Self::Agent,
            "channel" => Self::Channel,
            "category" => Self::Category,
            "sub" => Self::Sub,
            "group" => Self::Group,
            "end" => Self::End,
            "returning" => Self::Returning,
            "inflow" => Self::Inflow,
            "hours" => Self::Hours,
            _ => match word.strip_prefix("parameter:") {
                Some(name) if !name.is_empty() => Self::Parameter(name.into()),
                _ => return Err(Error::UnknownDimension),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_reads_what_it_prints() {
        let words = "day,hour,week,month,agent,channel,category,sub,group,end,returning,inflow,hours,parameter:order no";
        let list = Dimension::list(words).unwrap();
        let printed: Vec<String> = list.iter().map(ToString::to_string).collect();
        assert_eq!(printed.join(","), words);
        assert_eq!(
            Dimension::list("day, agent,day").unwrap(),
            [Dimension::Day, Dimension::Agent]
        );
    }

    #[test]
    fn what_is_no_dimension_is_refused() {
        for word in ["", "parameter:", "days"] {
            let error = word.parse::<Dimension>().unwrap_err();
            assert_eq!(error.code(), "sqi.unknown_dimension", "{word}");
        }
    }
}
