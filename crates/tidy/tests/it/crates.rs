//! The order of the crates: domain <- store <- engine <- documents <- {dialects, web, outbound} <- kadi.

use crate::metadata::{dependencies, members, metadata, name};
use crate::tree::nothing_to_do;

/// From the ground up: a crate may use those in the rows above its own, never one in its own row.
const LAYERS: [&[&str]; 8] = [
    // Serve tests alone, and know nothing of Kadi.
    &["kadi-fuzz", "kadi-testkit"],
    &["kadi-domain"],
    &["kadi-store"],
    &["kadi-engine"],
    &["kadi-documents"],
    &["kadi-dialects", "kadi-web", "kadi-outbound"],
    &["kadi-bench", "kadi-simulation"],
    &["kadi"],
];

/// Crates that only look at the others from outside.
const ONLOOKERS: [&str; 2] = ["kadi-tidy", "kadi-checker"];

/// What serves tests from below is itself tested on the crates above it.
const TRIED_ON_ALL: &str = "kadi-testkit";

/// What touches the world outside, and the only crates of ours that may use it.
const KEPT: [(&str, &[&str]); 12] = [
    ("rusqlite", &["kadi-store", "kadi-testkit"]),
    ("tokio-postgres", &["kadi-store", "kadi-testkit"]),
    ("refinery", &["kadi-store"]),
    ("lettre", &["kadi-outbound"]),
    ("reqwest", &["kadi-outbound"]),
    ("askama", &["kadi-web"]),
    ("clap", &["kadi"]),
    ("utoipa", &["kadi-dialects"]),
    ("fast_qr", &["kadi-documents"]),
    ("krilla", &["kadi-documents"]),
    ("rustybuzz", &["kadi-documents"]),
    ("getrandom", &["kadi-engine", "kadi"]),
];

/// What the domain may do without: wire formats, clocks, calendars, input and output, randomness.
const NOT_IN_DOMAIN: [&str; 12] = [
    "serde",
    "serde_json",
    "toml",
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "jiff",
    "getrandom",
    "rand",
    "tracing",
];

fn layer(package: &str) -> Option<usize> {
    LAYERS.iter().position(|crates| crates.contains(&package))
}

#[test]
fn a_crate_uses_only_crates_below_it() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in members(&metadata) {
        let user = name(package);
        if ONLOOKERS.contains(&user) {
            let ours = dependencies(package, None).into_iter().filter(|used| used.starts_with("kadi"));
            wrong.extend(ours.map(|used| format!("{user} -> {used}")));
            continue;
        }
        let Some(high) = layer(user) else {
            wrong.push(format!("{user} has no place in the order"));
            continue;
        };
        let mut used = dependencies(package, None);
        if user != TRIED_ON_ALL {
            used.extend(dependencies(package, Some("dev")));
        }
        let ours = used.into_iter().filter(|used| used.starts_with("kadi"));
        wrong.extend(
            ours.filter(|low| layer(low).is_none_or(|low| low >= high)).map(|low| format!("{user} -> {low}")),
        );
    }
    nothing_to_do(
        &wrong,
        "Crates use those below them, never sideways, never up (ARCHITECTURE.md). Turn these round:",
    );
}

#[test]
fn what_touches_the_world_is_kept_in_one_place() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in members(&metadata) {
        for (used, users) in KEPT {
            if dependencies(package, None).contains(&used) && !users.contains(&name(package)) {
                wrong.push(format!("{} uses {used}, which is for {users:?}", name(package)));
            }
        }
    }
    nothing_to_do(&wrong, "Ask the crate that owns it instead:");
}

#[test]
fn the_domain_has_no_clock_no_wire_and_no_world() {
    let metadata = metadata();
    let members = members(&metadata);
    let domain = members.into_iter().find(|package| name(package) == "kadi-domain").expect("kadi-domain");
    let used = dependencies(domain, None).into_iter().filter(|used| NOT_IN_DOMAIN.contains(used));
    let used: Vec<String> = used.map(str::to_owned).collect();
    nothing_to_do(
        &used,
        "Take these out of crates/domain/Cargo.toml; wire types are converted by hand elsewhere:",
    );
}
