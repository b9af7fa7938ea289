//! The workspace as cargo sees it, and the commands that are run in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use serde::Deserialize;

use crate::report::Failure;

/// What `cargo metadata --no-deps` says of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    pub(crate) target_directory: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    manifest_path: PathBuf,
    /// `Some` of an empty list means: never published.
    publish: Option<Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
    features: std::collections::BTreeMap<String, Vec<String>>,
    targets: Vec<Target>,
}

/// What a member of the workspace asks for, ours or not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None`, `dev` or `build`.
    pub(crate) kind: Option<String>,
    pub(crate) optional: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Workspace {
    /// Asks cargo about the workspace that the current directory is in.
    pub(crate) fn load() -> Result<Self, Failure> {
        let text = text_of(Command::new("cargo").args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// A cargo command that runs at the root, whatever the current directory.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// The text of a file, named from the root.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Result<String, Failure> {
        let path = self.root.join(name);
        fs::read_to_string(&path).map_err(|source| Failure::File { path, source })
    }

    /// The `.rs` files below a folder named from the root, sorted and named from the root with `/`; empty where the
    /// folder is missing. Build output and hidden folders are passed over.
    pub(crate) fn rust_files(&self, folder: impl AsRef<Path>) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join(folder)];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => {
                    return Err(Failure::File {
                        path: folder,
                        source,
                    });
                }
            };
            for entry in entries {
                let path = entry
                    .map_err(|source| Failure::File {
                        path: folder.clone(),
                        source,
                    })?
                    .path();
                let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
                if path.is_dir() {
                    if name != "target" && !name.starts_with('.') {
                        folders.push(path);
                    }
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    found.push(self.name_from_root(&path));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn name_from_root(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(OsStr::to_string_lossy).collect();
        parts.join("/")
    }
}

impl Package {
    /// The folder of the package, named from the root of the workspace.
    pub(crate) fn folder(&self, workspace: &Workspace) -> String {
        let folder = self.manifest_path.parent().unwrap_or(&self.manifest_path);
        workspace.name_from_root(folder)
    }

    pub(crate) fn is_published(&self) -> bool {
        self.publish
            .as_ref()
            .is_none_or(|registries| !registries.is_empty())
    }

    pub(crate) fn is_library(&self) -> bool {
        self.targets
            .iter()
            .any(|target| target.kind.iter().any(|kind| kind == "lib"))
    }

    /// The names of its features, without `default`.
    pub(crate) fn feature_names(&self) -> impl Iterator<Item = &str> {
        self.features
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "default")
    }
}

/// Runs a command with its output shown; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|source| Failure::Start {
        command: spelled(command),
        source,
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Command {
            command: spelled(command),
            status,
        })
    }
}

/// Runs a command and gives what it prints; its complaints are shown.
pub(crate) fn text_of(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Failure::Start {
            command: spelled(command),
            source,
        })?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Failure::Command {
            command: spelled(command),
            status: output.status,
        })
    }
}

/// A command as one would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}
