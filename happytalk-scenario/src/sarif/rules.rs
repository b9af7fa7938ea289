//! What each check is about, in a line: the rules of a SARIF log.

/// The codes in the order of the table of checks, each with what it is about.
const RULES: [(&str, &str); 76] = [
    ("S1", "The text is not JSON"),
    ("S2", "The format is not known"),
    ("S3", "A field is unknown, missing or of the wrong type"),
    ("S4", "A key stands twice"),
    ("S5", "An id is malformed or taken"),
    ("S6", "Something is too large, too deep or out of range"),
    ("R1", "The start node is missing"),
    ("R2", "A target does not exist"),
    ("R3", "A sub-scenario is unknown or not pinned to a version"),
    ("R4", "A call is not declared"),
    ("R5", "A variable is not declared"),
    ("R6", "A word list is not declared"),
    ("R7", "A calendar, queue or channel is not the host's"),
    ("R8", "A migration names what does not exist"),
    ("G1", "A node cannot be reached"),
    ("G2", "A node leads nowhere"),
    ("G3", "A cycle in which nobody is waited for"),
    ("G4", "A part of the scenario without a way out"),
    ("G5", "No end can be reached from the start"),
    ("G6", "A long way to any end"),
    ("G7", "How deep nodes lie"),
    ("G8", "Scenarios run one another without end"),
    ("G9", "A condition does not cover every case"),
    ("G10", "A branch is always or never taken"),
    ("G11", "There may be nothing to go back to"),
    ("G12", "Two nodes are the same"),
    ("I1", "Two buttons cannot be told apart"),
    ("I2", "A button is called like a command"),
    ("I3", "A word means two things"),
    ("I4", "A word stands inside another"),
    ("I5", "A word is also a good answer"),
    ("I6", "Nothing answers an input that does not fit"),
    ("I7", "A limit lacks its number or its target"),
    ("I8", "A limit of nothing"),
    ("I9", "Two labels are one keystroke apart"),
    ("I10", "Two labels have the same initials"),
    ("I11", "A Latin word is a Korean one on the other keyboard"),
    ("I12", "A label is a number like the places in the list"),
    ("D1", "A variable is read before it is set"),
    ("D2", "A variable is never read or never set"),
    ("D3", "Types do not go together"),
    ("D4", "A value may be missing and is not guarded"),
    ("D5", "A pattern can match no answer"),
    ("D6", "No answer can be valid"),
    ("D7", "Personal data is shown or sent where it may not be"),
    ("D8", "Personal data is asked for without consent"),
    ("D9", "A template or filter is not understood"),
    ("D10", "A particle follows what is no text"),
    ("D11", "A value is none of the enum"),
    ("D12", "A counter may overflow"),
    ("C1", "A way a call can go is not handled"),
    ("C2", "A way is handled that the call does not declare"),
    ("C3", "What goes into or out of a call has another type"),
    ("C4", "A call that changes something may happen twice"),
    ("C5", "A call may take longer than the channel waits"),
    ("C6", "An address or a secret stands in the scenario"),
    ("T1", "Too many messages at once"),
    ("T2", "Too many buttons"),
    ("T3", "A text is too long for the channel"),
    ("T4", "A label is too long for the channel"),
    ("T5", "A picture without words in its place"),
    ("T6", "An address is not https"),
    ("T7", "Nothing would be said"),
    ("T8", "The same is said twice at once"),
    ("H1", "The hours do not say where to go"),
    ("H2", "A hand-off does not say where to go"),
    ("H3", "A hand-off without a look at the hours"),
    ("H4", "Nothing to do after an agent gave the customer back"),
    ("V1", "The content changed and the version did not"),
    ("V2", "A node at which customers wait is gone"),
    ("V3", "The id of a button is gone"),
    ("V4", "The type of a variable changed"),
    ("V5", "The chain of migrations has a gap"),
    ("X1", "An embedded test fails"),
    ("X2", "No test goes there"),
    ("X3", "A test depends on a clock"),
];

/// What a check is about.
pub(super) fn about(code: &str) -> &'static str {
    let found = RULES.iter().find(|(known, _)| *known == code);
    found.map_or("", |(_, about)| about)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RULES;

    #[test]
    fn each_code_stands_once_and_says_what_it_is_about() {
        let codes: BTreeSet<&str> = RULES.iter().map(|(code, _)| *code).collect();
        let texts: BTreeSet<&str> = RULES.iter().map(|(_, about)| *about).collect();
        assert_eq!((codes.len(), texts.len()), (RULES.len(), RULES.len()));
        assert!(texts.iter().all(|about| !about.is_empty()));
    }
}
