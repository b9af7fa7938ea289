//! What can go wrong.

use std::fmt;

use happytalk_core::log::{LineError, Stream};

/// Why a log could not be read, or an option not be taken.
///
/// No message holds a text, a customer or a value of the log; streams are named, since one has to find them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The log could not be read on.
    #[error("log could not be read. line=`{line}`")]
    Io {
        /// The line that was being read, from 1.
        line: u64,
        /// What the reader said.
        #[source]
        source: std::io::Error,
    },
    /// A line is not UTF-8.
    #[error("line is not UTF-8. line=`{line}` column=`{column}`")]
    NotUtf8 {
        /// The line, from 1.
        line: u64,
        /// Where it stops being UTF-8, in bytes from 1.
        column: usize,
    },
    /// A line is not a line of the log.
    #[error("line was not understood. line=`{line}` column=`{column}`")]
    Line {
        /// The line, from 1.
        line: u64,
        /// Where, in bytes from 1.
        column: usize,
        /// What is wrong with it.
        #[source]
        source: LineError,
    },
    /// The line was read, but does not follow on what came before it.
    #[error("line does not fit what came before. line=`{line}`")]
    Misplaced {
        /// The line, from 1.
        line: u64,
        /// What [`Figures::push`](crate::Figures::push) said of it.
        #[source]
        source: Box<Self>,
    },
    /// A line of the stream is missing before this one.
    #[error("line is missing. stream=`{}` expected_seq=`{expected}` found_seq=`{found}`", StreamName(.stream))]
    Gap {
        /// The stream.
        stream: Stream,
        /// The `seq` that was due.
        expected: u64,
        /// The `seq` that came.
        found: u64,
    },
    /// `opened` has to be the first line of a conversation, and only that.
    #[error("opened has to be the first line of a conversation and no other. stream=`{}` seq=`{seq}`", StreamName(.stream))]
    Opened {
        /// The conversation.
        stream: Stream,
        /// The `seq` of the line.
        seq: u64,
    },
    /// The line is for a conversation that is not known any more, or never was: it comes too long after the latest
    /// line of the log to tell which, and nothing of it was counted. See [`Options::horizon`](crate::Options::horizon).
    #[error("line comes too late to be counted. stream=`{}` seq=`{seq}`", StreamName(.stream))]
    TooLate {
        /// The conversation.
        stream: Stream,
        /// The `seq` of the line.
        seq: u64,
    },
    /// Partial results under different options cannot be one.
    #[error("partial results are of different options")]
    Mismatch,
    /// The text is not a partial result.
    #[error("partial result was not understood. column=`{column}`")]
    Partial {
        /// Where, in bytes from 1.
        column: usize,
    },
    /// The log has no such conversation.
    #[error("log has no such conversation")]
    UnknownConversation,
    /// There is no such option.
    #[error(
        "unknown option. expected=`by, zone, clock, short-abandon, missed, quantiles, horizon, service-level`"
    )]
    UnknownOption,
    /// The word is not a dimension.
    #[error(
        "unknown dimension. expected=`day, hour, week, month, agent, channel, category, sub, group, end, returning, inflow, hours, parameter:NAME`"
    )]
    UnknownDimension,
    /// The bundled database has no zone of this name.
    #[error("unknown time zone. expected=`a name such as Asia/Seoul`")]
    UnknownZone,
    /// The word is not a clock.
    #[error("unknown clock. expected=`closing, opening, request`")]
    UnknownClock,
    /// The word does not say what is missed.
    #[error("unknown way to count what is missed. expected=`apart, abandoned`")]
    UnknownMissed,
    /// The word is not a way to take quantiles.
    #[error("unknown quantiles. expected=`exact, sketch`")]
    UnknownQuantiles,
    /// The text is not a span of time.
    #[error("not a span of time. expected=`a number with ms, s, m, h or d, such as 5s`")]
    NotASpan,
    /// Rows by `hours` need working hours.
    #[error("rows by hours need a calendar of working hours")]
    NoCalendar,
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "sqi.io",
            Self::NotUtf8 { .. } => "sqi.not_utf8",
            Self::Line { .. } => "sqi.line",
            Self::Misplaced { source, .. } => source.code(),
            Self::Gap { .. } => "sqi.gap",
            Self::Opened { .. } => "sqi.opened",
            Self::UnknownOption => "sqi.unknown_option",
            Self::UnknownDimension => "sqi.unknown_dimension",
            Self::UnknownZone => "sqi.unknown_zone",
            Self::UnknownClock => "sqi.unknown_clock",
            Self::UnknownMissed => "sqi.unknown_missed",
            Self::UnknownQuantiles => "sqi.unknown_quantiles",
            Self::NotASpan => "sqi.not_a_span",
            Self::NoCalendar => "sqi.no_calendar",
            Self::TooLate { .. } => "sqi.too_late",
            Self::Mismatch => "sqi.mismatch",
            Self::Partial { .. } => "sqi.partial",
            Self::UnknownConversation => "sqi.unknown_conversation",
        }
    }

    /// The line of the log the error is about, from 1, where it came from a reader.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Io { line, .. }
            | Self::NotUtf8 { line, .. }
            | Self::Line { line, .. }
            | Self::Misplaced { line, .. } => Some(*line),
            Self::Gap { .. }
            | Self::Opened { .. }
            | Self::UnknownOption
            | Self::UnknownDimension
            | Self::UnknownZone
            | Self::UnknownClock
            | Self::UnknownMissed
            | Self::UnknownQuantiles
            | Self::NotASpan
            | Self::NoCalendar
            | Self::TooLate { .. }
            | Self::Mismatch
            | Self::Partial { .. }
            | Self::UnknownConversation => None,
        }
    }
}

/// A stream as a person looks for it: `conversation c-17`.
struct StreamName<'a>(&'a Stream);

impl fmt::Display for StreamName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Stream::Conversation(id) => write!(f, "conversation {id}"),
            Stream::Agent(id) => write!(f, "agent {id}"),
            Stream::Site(id) => write!(f, "site {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_code() {
        let stream = Stream::Conversation("c-17".parse().unwrap());
        let gap = Error::Gap {
            stream: stream.clone(),
            expected: 5,
            found: 7,
        };
        assert_eq!(
            gap.to_string(),
            "line is missing. stream=`conversation c-17` expected_seq=`5` found_seq=`7`"
        );
        let io = std::io::Error::other("gone");
        let table = [
            (gap, "sqi.gap"),
            (
                Error::Opened {
                    stream: stream.clone(),
                    seq: 1,
                },
                "sqi.opened",
            ),
            (
                Error::Io {
                    line: 1,
                    source: io,
                },
                "sqi.io",
            ),
            (Error::NotUtf8 { line: 1, column: 2 }, "sqi.not_utf8"),
            (
                Error::Line {
                    line: 1,
                    column: 1,
                    source: LineError::NoStream,
                },
                "sqi.line",
            ),
            (Error::UnknownOption, "sqi.unknown_option"),
            (Error::UnknownDimension, "sqi.unknown_dimension"),
            (Error::UnknownZone, "sqi.unknown_zone"),
            (Error::UnknownClock, "sqi.unknown_clock"),
            (Error::UnknownMissed, "sqi.unknown_missed"),
            (Error::UnknownQuantiles, "sqi.unknown_quantiles"),
            (Error::NotASpan, "sqi.not_a_span"),
            (Error::NoCalendar, "sqi.no_calendar"),
            (
                Error::TooLate {
                    stream: stream.clone(),
                    seq: 4,
                },
                "sqi.too_late",
            ),
            (Error::Mismatch, "sqi.mismatch"),
            (Error::Partial { column: 3 }, "sqi.partial"),
            (Error::UnknownConversation, "sqi.unknown_conversation"),
        ];
        for (error, code) in table {
            assert_eq!(error.code(), code);
        }
        let misplaced = Error::Misplaced {
            line: 9,
            source: Box::new(Error::Opened { stream, seq: 2 }),
        };
        assert_eq!(misplaced.code(), "sqi.opened");
        assert_eq!(misplaced.line(), Some(9));
    }
}
