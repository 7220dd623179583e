//! Floors: what may grow, and not shrink unnoticed.

use crate::tree::{crate_folders, files, nothing_to_do, text};

/// The fewest tests of each crate, counted by `#[test]`.
const TESTS: [(&str, usize); 14] = [
    ("bench", 20),
    ("checker", 25),
    ("dialects", 60),
    ("documents", 35),
    ("domain", 70),
    ("engine", 90),
    ("fuzz", 5),
    ("kadi", 170),
    ("outbound", 50),
    ("simulation", 4),
    ("store", 25),
    ("tidy", 35),
    ("testkit", 12),
    ("web", 30),
];

fn count(folder: &str) -> usize {
    let is_test = |line: &&str| line.trim() == "#[test]" || line.trim().starts_with("#[tokio::test");
    let in_file = |path: &String| text(path).lines().filter(is_test).count();
    files(&format!("crates/{folder}"), ".rs").iter().map(in_file).sum()
}

#[test]
fn a_crate_does_not_lose_its_tests() {
    let mut fewer = Vec::new();
    for folder in crate_folders() {
        let counted = count(&folder);
        match TESTS.iter().find(|(known, _)| *known == folder) {
            Some((_, floor)) if counted < *floor => {
                fewer.push(format!("{folder}: {counted}, and it had {floor}"))
            }
            Some(_) => {}
            None => fewer.push(format!("{folder}: has no floor; it has {counted} tests")),
        }
    }
    nothing_to_do(&fewer, "Bring the tests back, or lower the floor and say why in the commit:");
}

#[test]
fn every_floor_stands_under_a_crate() {
    let folders = crate_folders();
    let gone = TESTS.iter().filter(|(known, _)| !folders.iter().any(|folder| folder == known));
    let gone: Vec<String> = gone.map(|(known, _)| (*known).to_owned()).collect();
    nothing_to_do(&gone, "These crates are gone; take their floors away:");
}
