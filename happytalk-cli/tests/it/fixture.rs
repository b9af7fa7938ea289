//! Files that stand beside the tests, and outputs that have to stay as they are.

use std::fs;
use std::path::Path;

use crate::prompt::FIXTURES;

/// The text of a fixture.
#[track_caller]
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(Path::new(FIXTURES).join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The fixtures of `folder` that end in `ending`, by name.
#[track_caller]
pub(crate) fn names(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(FIXTURES).join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    assert!(!names.is_empty(), "{folder} has no {ending}");
    let named = names.into_iter().map(|name| format!("{folder}/{name}"));
    named.collect()
}

/// Holds `actual` against the golden output at `path`. What differs is left in the target folder under the same name,
/// to be looked at and, where it is right, copied over.
#[track_caller]
pub(crate) fn is_golden(path: &str, actual: &str) {
    let golden = fs::read_to_string(Path::new(FIXTURES).join(path)).unwrap_or_default();
    if golden != actual {
        let left = Path::new(env!("CARGO_TARGET_TMPDIR")).join(path);
        fs::create_dir_all(left.parent().unwrap()).unwrap();
        fs::write(&left, actual).unwrap();
        assert_eq!(actual, golden, "{path}: the output is in {left:?}");
    }
}
