//! Every address that is served is written down, and every address that is written down is served.

use std::collections::BTreeSet;

use crate::source::{routes, tokens};
use crate::tree::{is_test, nothing_to_do, rust_files, text};

const PAGE: &str = "docs/addresses.md";

fn served() -> BTreeSet<String> {
    // The bare server that the benchmark compares with serves nobody else.
    let is_bare = |path: &String| path.starts_with("crates/bench/");
    let sources =
        rust_files().into_iter().filter(|path| path.contains("/src/") && !is_test(path) && !is_bare(path));
    let served: BTreeSet<String> = sources.flat_map(|path| routes(tokens(&path))).collect();
    assert!(served.len() > 10, "only {} routes were found: the search is broken", served.len());
    served
}

/// The addresses in the tables of the page: each row's first cell, between backticks.
fn written() -> BTreeSet<String> {
    let page = text(PAGE);
    let cells = page.lines().filter_map(|line| line.strip_prefix('|')?.split('|').next());
    cells.filter_map(|cell| cell.split('`').nth(1)).map(str::to_owned).collect()
}

#[test]
fn every_served_address_is_written_down() {
    let written = written();
    let is_written = |route: &String| written.iter().any(|address| address.ends_with(route.as_str()));
    let missing: Vec<String> = served().into_iter().filter(|route| !is_written(route)).collect();
    nothing_to_do(&missing, "Add a row to the tables of docs/addresses.md for each of these routes:");
}

#[test]
fn every_written_address_is_served() {
    let served = served();
    let is_served = |address: &String| served.iter().any(|route| address.ends_with(route.as_str()));
    let gone: Vec<String> = written().into_iter().filter(|address| !is_served(address)).collect();
    nothing_to_do(&gone, "No route serves these addresses of docs/addresses.md. Put them right:");
}
