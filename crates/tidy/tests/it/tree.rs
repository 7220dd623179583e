//! The project's files, by their paths from the project's folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of the project's own.
const FOREIGN: [&str; 4] = ["target", "node_modules", ".venv", "kadi-data"];

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

/// Every file under a folder of the project whose name ends so, sorted by path.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder that can be read").path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !FOREIGN.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path.strip_prefix(&root).unwrap().to_str().expect("a plain path").to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of every crate.
pub(crate) fn rust_files() -> Vec<String> {
    let found = files("crates", ".rs");
    assert!(found.len() > 100, "only {} Rust files were found: the search is broken", found.len());
    found
}

/// The folders of the crates, such as `domain`.
pub(crate) fn crate_folders() -> Vec<String> {
    let manifests = files("crates", "Cargo.toml");
    manifests.iter().filter_map(|path| path.split('/').nth(1)).map(str::to_owned).collect()
}

/// A file's text.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Is there such a file or folder?
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Does the file only serve tests?
pub(crate) fn is_test(path: &str) -> bool {
    path.contains("/tests/")
}

/// Fails with what to do and each place where it is to be done.
pub(crate) fn nothing_to_do(places: &[String], what_to_do: &str) {
    assert!(places.is_empty(), "{what_to_do}\n  {}\n", places.join("\n  "));
}
