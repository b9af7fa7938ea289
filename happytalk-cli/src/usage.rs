//! What was asked for, and what is wrong with how it was asked.

use std::ffi::OsString;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::{Cli, Command};
use crate::failure::Failure;

/// What a command line asks for.
pub(crate) enum Parsed {
    /// A command.
    Asked(Command),
    /// The help or the version, as a text.
    Told(String),
}

/// The longest word that an error repeats: what is longer is no mistyped option.
const WORD_CHARS_MAX: usize = 40;

/// Reads a command line.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Parsed, Failure> {
    match Cli::try_parse_from(args) {
        Ok(cli) => Ok(Parsed::Asked(cli.command)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Ok(Parsed::Told(error.to_string()))
            }
            _ => Err(Failure::usage(why(&error))),
        },
    }
}

/// One line, in which no value stands that somebody gave: it may be a customer's.
fn why(error: &clap::Error) -> String {
    let argument = text(error, ContextKind::InvalidArg);
    let said = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is missing".to_owned()
        }
        ErrorKind::InvalidSubcommand => {
            format!(
                "unknown command{}",
                quoted(text(error, ContextKind::InvalidSubcommand))
            )
        }
        ErrorKind::UnknownArgument => match argument {
            Some(name) if name.starts_with('-') => {
                let name = name.split('=').next().unwrap_or_default().to_owned();
                format!("unknown option{}", quoted(Some(name)))
            }
            _ => "too many arguments".to_owned(),
        },
        ErrorKind::MissingRequiredArgument => {
            format!("missing argument{}", quoted(argument))
        }
        ErrorKind::InvalidValue => {
            let known = text(error, ContextKind::ValidValue).unwrap_or_default();
            format!(
                "{}{}{}",
                "bad or missing value",
                argument.map_or_else(String::new, |name| format!(" of `{name}`")),
                if known.is_empty() {
                    known
                } else {
                    format!(". expected=`{known}`")
                }
            )
        }
        ErrorKind::ArgumentConflict => format!("option given twice{}", quoted(argument)),
        kind => kind.as_str().unwrap_or("bad usage").to_owned(),
    };
    format!("{said} (see `happytalk --help`)")
}

fn quoted(word: Option<String>) -> String {
    match word {
        Some(word) if word.chars().count() <= WORD_CHARS_MAX => format!(" `{word}`"),
        _ => String::new(),
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}
