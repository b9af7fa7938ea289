//! Pages of documentation: their blocks, and the examples in them that are run as they stand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A fenced block of a page.
#[derive(Debug)]
pub(crate) struct Block {
    /// The words after the fence.
    pub(crate) info: String,
    /// The line of the page that it begins on.
    pub(crate) line: usize,
    /// What stands between the fences.
    pub(crate) text: String,
}

impl Block {
    /// What a block of JSON holds: the word after `json`.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.info.strip_prefix("json").map(str::trim)
    }
}

/// The blocks of a page; `path` begins at the root of the repository.
#[track_caller]
pub(crate) fn blocks(path: &str) -> Vec<Block> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let page = fs::read_to_string(Path::new(root).join(path)).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for (line, text) in (1..).zip(page.lines()) {
        match (text.strip_prefix("```"), is_inside) {
            (Some(info), false) => blocks.push(Block {
                info: info.to_owned(),
                line,
                text: String::new(),
            }),
            (Some(_), true) => {}
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(text);
                block.text.push('\n');
                continue;
            }
            (None, false) => continue,
        }
        is_inside = !is_inside;
    }
    assert!(!is_inside, "{path}: a block has no end");
    blocks
}

/// A folder with the blocks of JSON of docs/formats.md as files: a block called `log` is `log.json` and `log.jsonl`.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    for block in blocks("docs/formats.md") {
        if let Some(kind) = block.kind() {
            for ending in ["json", "jsonl"] {
                fs::write(folder.join(kind).with_extension(ending), &block.text).unwrap();
            }
        }
    }
    folder
}

/// Runs the examples of a page, in a folder of that name: in a `console` block each line after `$ ` is a command, and
/// the lines up to the next are what it prints, the faults too. The page's own blocks of JSON are files there as well. How
/// many examples there were.
#[track_caller]
pub(crate) fn run_examples(page: &str, name: &str) -> usize {
    let folder = folder(name);
    for block in blocks(page) {
        if let Some(kind) = block.kind() {
            fs::write(folder.join(kind).with_extension("json"), &block.text).unwrap();
        }
    }
    let mut count = 0;
    for block in blocks(page) {
        if block.info != "console" {
            continue;
        }
        let examples = format!("\n{}", block.text);
        for example in examples.split("\n$ ").skip(1) {
            let (command, printed) = example.split_once('\n').unwrap_or((example, ""));
            let line = block.line;
            assert_eq!(
                run(command, &folder).trim_end(),
                printed.trim_end(),
                "{page}:{line}: {command}"
            );
            count += 1;
        }
    }
    count
}

/// What a shell prints that finds `happytalk` where it was built.
fn run(command: &str, folder: &Path) -> String {
    let built = Path::new(env!("CARGO_BIN_EXE_happytalk")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", "exec 2>&1; PATH=\"$1:$PATH\"; eval \"$2\"", "sh"])
        .arg(built)
        .arg(command)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
