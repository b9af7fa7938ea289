//! What an agent does (상담사 상태): the codes of the trade, and what each means for distribution.

use happytalk_core::event::StatusClass;
use happytalk_core::id::Word;

/// The codes that mean something without being told, each with its class.
const CODES: [(&str, StatusClass); 8] = [
    ("offline", StatusClass::Off),
    ("available", StatusClass::Accepting),
    ("not_accepting", StatusClass::Finishing),
    ("break", StatusClass::Paused),
    ("meal", StatusClass::Paused),
    ("away", StatusClass::Paused),
    ("training", StatusClass::Paused),
    ("meeting", StatusClass::Paused),
];

/// The code of agents who do not answer, and of [`Settings::away_takes`](crate::Settings::away_takes).
pub(crate) const AWAY: &str = "away";

/// The code for whoever says no more than the class.
pub(crate) fn named(class: StatusClass) -> Word {
    Word::from_code(match class {
        StatusClass::Accepting => "available",
        StatusClass::Finishing => "not_accepting",
        StatusClass::Off => "offline",
        _ => AWAY,
    })
}

/// What a code of the trade means; `None` for a site's own.
pub(crate) fn class_of(status: &Word) -> Option<StatusClass> {
    let mut codes = CODES.iter();
    let found = codes.find(|(code, _)| *code == status.as_str());
    found.map(|(_, class)| *class)
}
