//! Runs the real `happytalk` in the folder of the fixtures, and tells how it ended.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The folder of the fixtures: files in arguments are named from here.
pub(crate) const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

/// The command, ready to be run in the folder of the fixtures.
pub(crate) fn command() -> Command {
    command_in(Path::new(FIXTURES))
}

/// The command, ready to be run in `folder`.
pub(crate) fn command_in(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_happytalk"));
    command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs `happytalk` with the words of `line` and nothing on standard input.
pub(crate) fn happytalk(line: &str) -> Ended {
    happytalk_on(line, "")
}

/// Runs `happytalk` with the words of `line` and `input` on standard input.
pub(crate) fn happytalk_on(line: &str, input: impl AsRef<[u8]>) -> Ended {
    let mut command = command();
    command.args(line.split_whitespace());
    run(command, input.as_ref())
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command, input: &[u8]) -> Ended {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A command that has seen enough closes its input: that is no fault of the test.
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().unwrap()
    });
    Ended {
        told: format!("{command:?}"),
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    #[expect(dead_code, reason = "shown where a test fails")]
    told: String,
    code: Option<i32>,
    /// What it printed.
    pub(crate) out: String,
    /// What stands on standard error.
    pub(crate) err: String,
}

impl Ended {
    /// Exit 0 and not a word on standard error; what it printed.
    #[track_caller]
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:#?}");
        self.out
    }

    /// Exit 1, an error-level diagnostic, and not a word on standard error; what it printed.
    #[track_caller]
    pub(crate) fn found(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(1), ""), "{self:#?}");
        self.out
    }

    /// The exit code; a panic would be 101.
    pub(crate) fn code(&self) -> Option<i32> {
        self.code
    }

    /// Exit 2 and exactly one line on standard error, which this is.
    #[track_caller]
    pub(crate) fn refused(&self) -> &str {
        assert_eq!(self.code, Some(2), "{self:#?}");
        let line = self.err.strip_suffix('\n').unwrap_or_default();
        assert!(
            !line.is_empty() && !line.contains(char::is_control),
            "{self:#?}"
        );
        line
    }

    /// Exit 2, nothing printed, and exactly this line on standard error.
    #[track_caller]
    pub(crate) fn says(&self, line: &str) {
        assert_eq!((self.refused(), self.out.as_str()), (line, ""), "{self:#?}");
    }
}
