//! The project's pages say what is there, and name what is there.

use std::collections::BTreeSet;

use crate::metadata::{members, metadata, name};
use crate::tree::{crate_folders, exists, files, nothing_to_do, text};

/// The pages whose paths must exist.
const PAGES_WITH_PATHS: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];

/// What comes out of a run or a build and is named beforehand.
const MADE_LATER: [&str; 2] = ["kadi-data/", "target/"];

fn pages() -> Vec<String> {
    let mut pages: Vec<String> = PAGES_WITH_PATHS.iter().map(|page| (*page).to_owned()).collect();
    pages.extend(files("docs", ".md"));
    pages
}

/// What stands between single backticks, outside blocks of code.
fn quoted(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// Does it read like a path of this project: a folder or file below the top, or a page or script at the top?
fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let tops = ["crates/", "docs/", "tests/", ".ci/", "kadi-data/", "target/"];
    let ends = [".md", ".toml", ".sql", ".rs"];
    let at_top = !word.contains('/') && word.ends_with(".md");
    let below = tops.iter().any(|top| word.starts_with(top));
    // A name to be filled in.
    if word.contains("NAME") {
        return false;
    }
    word.chars().all(plain)
        && (at_top || below || word.contains('/') && ends.iter().any(|end| word.ends_with(end)))
}

#[test]
fn every_path_that_is_named_exists() {
    let mut gone = Vec::new();
    for page in pages() {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for path in quoted(&text(&page)).into_iter().filter(|word| is_path(word)) {
            let made_later = MADE_LATER.iter().any(|later| path.starts_with(later));
            if !made_later && !exists(&path) && !exists(&format!("{folder}/{path}")) {
                gone.push(format!("{page}: {path}"));
            }
        }
    }
    nothing_to_do(&gone, "These pages name paths that do not exist. Put them right:");
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let folder = page.rsplit_once('/').map_or(".", |(folder, _)| folder);
        for target in
            text(&page).split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to)
        {
            let path = target.split('#').next().unwrap();
            let is_outside = path.starts_with("http") || path.is_empty();
            if !is_outside && !exists(&format!("{folder}/{path}")) {
                dead.push(format!("{page}: {target}"));
            }
        }
    }
    nothing_to_do(&dead, "These links lead nowhere. Put them right:");
}

#[test]
fn paths_are_told_from_other_words() {
    for path in ["crates/domain/src/link.rs", "docs/decisions/", "README.md", "src/lib.rs"] {
        assert!(is_path(path), "{path}");
    }
    for word in
        ["cargo test", "GET /v1/links", "/v1/links", "kadi-domain", "crates/<name>/", "keys.toml", "a/b"]
    {
        assert!(!is_path(word), "{word}");
    }
}

#[test]
fn every_crate_has_its_place_on_the_map() {
    let map = text("ARCHITECTURE.md");
    let missing: Vec<_> =
        crate_folders().into_iter().filter(|it| !map.contains(&format!("`crates/{it}`"))).collect();
    nothing_to_do(
        &missing,
        "Give each of these crates a paragraph in ARCHITECTURE.md that begins with `crates/NAME`:",
    );
    let metadata = metadata();
    let members = members(&metadata);
    assert_eq!(
        members.len(),
        crate_folders().len(),
        "{:?}",
        members.iter().map(|it| name(it)).collect::<Vec<_>>()
    );
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let pages = files("docs/decisions", ".md");
    let names: Vec<&str> = pages.iter().map(|path| path.rsplit('/').next().unwrap()).collect();
    let numbers: Vec<&str> = names.iter().map(|name| name.split('-').next().unwrap()).collect();
    let expected: Vec<String> = (1..=names.len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(
        numbers, expected,
        "docs/decisions holds NNNN-title.md, one page for each number from 0001 on"
    );
    assert!(!names.is_empty(), "docs/decisions is empty");
}

#[test]
fn a_decision_says_why_and_what_follows() {
    let mut thin = Vec::new();
    for path in files("docs/decisions", ".md") {
        let page = text(&path);
        let parts = ["## Context", "## Decision", "## Consequences"];
        thin.extend(parts.iter().filter(|part| !page.contains(*part)).map(|part| format!("{path}: {part}")));
        if page.lines().count() > 70 {
            thin.push(format!("{path}: longer than a page"));
        }
    }
    nothing_to_do(&thin, "A decision is one page with these parts:");
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    let changelog = text("CHANGELOG.md");
    assert!(changelog.contains("## [Unreleased]"), "CHANGELOG.md needs a section `## [Unreleased]`");
}

#[test]
fn the_readme_shows_the_two_commands() {
    let readme = text("README.md");
    for command in ["\ncargo run --release -- dev\n", "\n./test\n"] {
        assert!(
            readme.contains(command),
            "README.md must show this command in a block of its own: {command}"
        );
    }
}

#[test]
fn every_served_dialect_has_a_page() {
    let pages: BTreeSet<String> = files("docs/dialects", ".md").into_iter().collect();
    let table = text("crates/dialects/src/table.rs");
    let served = table.lines().filter_map(|line| line.trim().strip_prefix("name: \"")?.split('"').next());
    let served: Vec<&str> = served.filter(|name| *name != "native").collect();
    assert!(!served.is_empty(), "no dialect was found in crates/dialects/src/table.rs");
    let missing =
        served.iter().map(|name| format!("docs/dialects/{name}.md")).filter(|page| !pages.contains(page));
    nothing_to_do(
        &missing.collect::<Vec<_>>(),
        "Write these pages (calls, choices that depart from the vendor's page):",
    );
}
