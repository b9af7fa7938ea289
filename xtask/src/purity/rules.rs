//! What the source of the pure crates may not do, and the paths and words that give it away.

use super::paths::Path;

/// What source may be refused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Clock,
    Environment,
    Thread,
    Socket,
    File,
    Stream,
    Random,
    Runtime,
    Await,
    Float,
}

impl Rule {
    /// The word that the exceptions use.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Environment => "environment",
            Self::Thread => "thread",
            Self::Socket => "socket",
            Self::File => "file",
            Self::Stream => "stream",
            Self::Random => "random",
            Self::Runtime => "runtime",
            Self::Await => "await",
            Self::Float => "float",
        }
    }

    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Clock => "the time and the zone are arguments",
            Self::Environment => "settings are values, not the environment",
            Self::Thread => "the host owns the threads",
            Self::Socket => "the host owns the sockets",
            Self::File => "the host owns files and processes",
            Self::Stream => "a library prints nothing and reads no terminal",
            Self::Random => "chance is a seed in the arguments",
            Self::Runtime => "no runtime and no HTTP client is forced on anybody",
            Self::Await => "a pure engine awaits nothing",
            Self::Float => "no float enters an event or a figure",
        }
    }
}

/// Paths that are refused together with all below them. `core` and `alloc` count as `std`.
const UNDER: [(&str, Rule); 14] = [
    ("std::time::SystemTime", Rule::Clock),
    ("std::time::Instant", Rule::Clock),
    ("std::time::UNIX_EPOCH", Rule::Clock),
    ("std::env", Rule::Environment),
    ("std::thread", Rule::Thread),
    ("std::fs", Rule::File),
    ("std::os", Rule::File),
    ("std::process", Rule::File),
    ("tokio", Rule::Runtime),
    ("async_std", Rule::Runtime),
    ("smol", Rule::Runtime),
    ("reqwest", Rule::Runtime),
    ("hyper", Rule::Runtime),
    ("rand", Rule::Random),
];

/// Paths that are refused by how they end, whatever brought them into scope.
const ENDS: [(&str, Rule); 7] = [
    ("TimeZone::get", Rule::Clock),
    ("TimeZone::system", Rule::Clock),
    ("TimeZone::try_system", Rule::Clock),
    ("io::stdin", Rule::Stream),
    ("io::stdout", Rule::Stream),
    ("io::stderr", Rule::Stream),
    ("rand::random", Rule::Random),
];

/// Words that are refused wherever they stand in code.
const WORDS: [(&str, Rule); 19] = [
    ("SystemTime", Rule::Clock),
    ("TcpListener", Rule::Socket),
    ("TcpStream", Rule::Socket),
    ("ToSocketAddrs", Rule::Socket),
    ("UdpSocket", Rule::Socket),
    ("UnixDatagram", Rule::Socket),
    ("UnixListener", Rule::Socket),
    ("UnixStream", Rule::Socket),
    ("OpenOptions", Rule::File),
    ("OsRng", Rule::Random),
    ("RandomState", Rule::Random),
    ("fastrand", Rule::Random),
    ("getrandom", Rule::Random),
    ("thread_rng", Rule::Random),
    ("thread_local", Rule::Thread),
    ("await", Rule::Await),
    ("f32", Rule::Float),
    ("f64", Rule::Float),
    ("rustls", Rule::Runtime),
];

/// Macros that print.
const PRINTING: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// The rule that a path breaks.
pub(super) fn broken_by_path(path: &Path<'_>) -> Option<Rule> {
    let mut segments = path.segments.clone();
    if let Some(first @ (&mut "core" | &mut "alloc")) = segments.first_mut() {
        *first = "std";
    }
    // A local named `rand` is nobody's crate; a path or an import is.
    let is_path = path.is_use || segments.len() > 1;
    let under = UNDER.iter().find(|(prefix, _)| {
        let mut here = segments.iter();
        is_path && prefix.split("::").all(|part| here.next() == Some(&part))
    });
    let ends = ENDS.iter().find(|(end, _)| {
        let mut here = segments.iter().rev();
        end.rsplit("::").all(|part| here.next() == Some(&part))
    });
    let is_now = segments.len() > 1 && segments.last() == Some(&"now");
    // Under another name, `std` would hide all that is asked above.
    let is_whole_std = path.is_use && matches!(segments.as_slice(), ["std"] | ["std", "*"]);
    let told = under.or(ends).map(|(_, rule)| *rule);
    told.or(is_now.then_some(Rule::Clock))
        .or(is_whole_std.then_some(Rule::Environment))
}

/// The rule that a word breaks on its own, with the punctuation around it.
pub(super) fn broken_by_word(before: &str, word: &str, after: &str) -> Option<Rule> {
    let listed = WORDS
        .iter()
        .find(|(listed, _)| *listed == word)
        .map(|(_, rule)| *rule);
    let is_printing = after == "!" && PRINTING.contains(&word);
    // `<T as Clock>::now` is no path of words only.
    let is_now = before == "::" && word == "now";
    listed
        .or(is_printing.then_some(Rule::Stream))
        .or(is_now.then_some(Rule::Clock))
}
