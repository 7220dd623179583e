//! No dependency without a use.

use std::collections::BTreeSet;

use crate::metadata::{dependencies, members, metadata, name};
use crate::source::{tokens, words};
use crate::tree::{exists, files, nothing_to_do};

/// Dependencies that are there for what they switch on in others: (package, dependency).
const WITHOUT_MENTION: [(&str, &str); 0] = [];

fn words_of(folders: &[String]) -> BTreeSet<String> {
    let existing = folders.iter().filter(|folder| exists(folder));
    existing.flat_map(|folder| files(folder, ".rs")).flat_map(|path| words(tokens(&path))).collect()
}

#[test]
fn every_dependency_is_mentioned_where_it_belongs() {
    let metadata = metadata();
    let mut idle = Vec::new();
    for package in members(&metadata) {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let folder = manifest.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap();
        let of = |parts: &[&str]| {
            words_of(&parts.iter().map(|part| format!("crates/{folder}/{part}")).collect::<Vec<_>>())
        };
        let kinds = [(None, of(&["src"])), (Some("dev"), of(&["src", "tests", "examples", "benches"]))];
        for (kind, mentioned) in kinds {
            for used in dependencies(package, kind) {
                let is_excused = WITHOUT_MENTION.contains(&(name(package), used));
                if mentioned.contains(&used.replace('-', "_")) == is_excused {
                    idle.push(format!("crates/{folder}/Cargo.toml: {used}"));
                }
            }
        }
    }
    nothing_to_do(
        &idle,
        "Take these dependencies out (or off the list of exceptions, where they are mentioned by now):",
    );
}
