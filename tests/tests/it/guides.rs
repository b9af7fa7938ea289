//! The guides in both languages show the same.

use std::fs;
use std::path::Path;

/// The fenced blocks of a page but for what is printed at a prompt, which is in the reader's language.
fn blocks(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let parts = text.split("```").skip(1).step_by(2).map(str::to_owned);
    parts.filter(|part| !part.starts_with("console")).collect()
}

#[test]
fn every_korean_guide_has_the_blocks_of_the_english_one() {
    let docs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"));
    let mut compared = 0;
    for entry in fs::read_dir(docs).unwrap() {
        let korean = entry.unwrap().path();
        let name = korean.file_name().unwrap().to_str().unwrap();
        if let Some(guide) = name.strip_suffix(".ko.md") {
            let english = docs.join(format!("{guide}.md"));
            assert_eq!(blocks(&korean), blocks(&english), "{guide}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2, "the guides there are");
}
