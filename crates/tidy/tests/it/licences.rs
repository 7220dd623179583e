//! The licences of everything that is built into Kadi or used to build and test it.

use crate::metadata::{metadata, name, packages};
use crate::tree::nothing_to_do;

/// Licences that ask for no more than their text and their notices.
const ACCEPTED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];

/// Reads an expression of SPDX, where AND binds closer than OR, and the older `A/B` for `A OR B`.
fn is_accepted(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let spaced = spaced.replace(" WITH ", "_WITH_");
    let words: Vec<String> = spaced.split_whitespace().map(|word| word.replace("_WITH_", " WITH ")).collect();
    let mut rest = words.iter().map(String::as_str).peekable();
    any(&mut rest) == Some(true) && rest.peek().is_none()
}

type Words<I> = std::iter::Peekable<I>;

/// Is one of the licences between OR accepted? None where the expression is malformed; so below.
fn any<'a, I: Iterator<Item = &'a str>>(rest: &mut Words<I>) -> Option<bool> {
    let mut accepted = all(rest)?;
    while rest.next_if_eq(&"OR").is_some() {
        accepted |= all(rest)?;
    }
    Some(accepted)
}

fn all<'a, I: Iterator<Item = &'a str>>(rest: &mut Words<I>) -> Option<bool> {
    let mut accepted = one(rest)?;
    while rest.next_if_eq(&"AND").is_some() {
        accepted &= one(rest)?;
    }
    Some(accepted)
}

fn one<'a, I: Iterator<Item = &'a str>>(rest: &mut Words<I>) -> Option<bool> {
    match rest.next()? {
        "(" => {
            let accepted = any(rest)?;
            rest.next_if_eq(&")").map(|_| accepted)
        }
        licence => Some(ACCEPTED.contains(&licence)),
    }
}

#[test]
fn every_dependency_may_be_used() {
    let metadata = metadata();
    let packages = packages(&metadata);
    assert!(packages.len() > 100, "cargo metadata lists only {} packages", packages.len());
    let refused = packages.into_iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("none named");
        (!is_accepted(licence)).then(|| format!("{}: {licence}", name(package)))
    });
    nothing_to_do(
        &refused.collect::<Vec<_>>(),
        "Find other libraries, or read these licences and accept them here:",
    );
}

#[test]
fn expressions_are_read_by_their_grammar() {
    for accepted in
        ["MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "Apache-2.0 AND (ISC OR GPL-2.0) AND MIT", "Zlib"]
    {
        assert!(is_accepted(accepted), "{accepted}");
    }
    assert!(is_accepted("Apache-2.0 WITH LLVM-exception"));
    for refused in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "GPL-3.0 OR AGPL-3.0", "MIT OR", "(MIT", "GPL-2.0 AND MIT OR X"]
    {
        assert!(!is_accepted(refused), "{refused}");
    }
}
