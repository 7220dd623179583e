//! Every fuzz target keeps inputs, few and small ones, and stands in the table of docs/fuzzing.md.

use std::collections::BTreeMap;

use crate::tree::{files, nothing_to_do, root, rust_files, text};

const PAGE: &str = "docs/fuzzing.md";
const KEPT_MAX: usize = 64;
const KEPT_BYTES_MAX: u64 = 8 * 1024;

/// The targets by name, each with its source file.
fn targets() -> BTreeMap<String, String> {
    let sources = rust_files().into_iter().filter(|path| !path.starts_with("crates/fuzz/"));
    let mut found = BTreeMap::new();
    for path in sources.filter(|path| !path.starts_with("crates/tidy/")) {
        let source = text(&path);
        for rest in source.split("kadi_fuzz::target!(\"").skip(1) {
            let name = rest.split('"').next().unwrap().to_owned();
            assert!(source.contains(&format!("fn {name}()")), "{path}: {name} is not its test's name");
            let other = found.insert(name, path.clone());
            assert_eq!(other, None, "{path} and another file have a target of the same name");
        }
    }
    assert!(found.len() > 20, "only {} targets were found: the search is broken", found.len());
    found
}

#[test]
fn every_target_stands_in_the_table_and_the_other_way_round() {
    let page = text(PAGE);
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let written: Vec<&str> = rows.collect();
    let targets = targets();
    let mut wrong: Vec<String> = targets
        .keys()
        .filter(|name| !written.contains(&name.as_str()))
        .map(|name| format!("add {name}"))
        .collect();
    wrong.extend(
        written.iter().filter(|name| !targets.contains_key(**name)).map(|name| format!("take out {name}")),
    );
    nothing_to_do(&wrong, "Put the table of docs/fuzzing.md right:");
}

#[test]
fn kept_inputs_are_few_small_and_some_targets() {
    let targets = targets();
    let (mut wrong, mut kept) = (Vec::new(), BTreeMap::<String, usize>::new());
    for path in files("crates", "").into_iter().filter(|path| path.contains("/__fuzz__/")) {
        let (beside, rest) = path.split_once("/__fuzz__/").unwrap();
        let (name, rest) = rest.split_once('/').unwrap();
        if beside.starts_with("crates/fuzz/") {
            continue;
        }
        let home = targets.get(name).and_then(|source| source.rsplit_once('/')).map(|(folder, _)| folder);
        if home != Some(beside) || !rest.starts_with("corpus/") {
            wrong.push(format!("{path}: is no kept input of a target"));
        }
        if root().join(&path).metadata().unwrap().len() > KEPT_BYTES_MAX {
            wrong.push(format!("{path}: is larger than {KEPT_BYTES_MAX} bytes"));
        }
        *kept.entry(name.to_owned()).or_default() += 1;
    }
    wrong.extend(
        targets.keys().filter(|name| !kept.contains_key(*name)).map(|name| format!("{name}: keeps none")),
    );
    wrong.extend(
        kept.iter().filter(|(_, count)| **count > KEPT_MAX).map(|(name, n)| format!("{name}: keeps {n}")),
    );
    nothing_to_do(&wrong, "Fuzz targets keep up to 64 inputs in __fuzz__/NAME/corpus/ beside their source:");
}
