//! Every crate's manifest and folder follow one form.

use toml::Table;

use crate::metadata::{metadata, name, packages};
use crate::tree::{crate_folders, exists, files, nothing_to_do, text};

fn manifests() -> Vec<(String, Table)> {
    let read = |folder: String| {
        let path = format!("crates/{folder}/Cargo.toml");
        let table = text(&path).parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        (path, table)
    };
    crate_folders().into_iter().map(read).collect()
}

/// The workspace's lints word by word, but for `unsafe_code`: one module of it talks to SQLite in C.
const OWN_LINTS: &str = "crates/testkit/Cargo.toml";

#[test]
fn every_crate_takes_its_lints_and_edition_from_the_workspace() {
    let mut own = Vec::new();
    for (path, manifest) in manifests() {
        let inherits = |table: &str, key: &str| {
            let value = manifest.get(table).and_then(|table| table.get(key));
            value.and_then(|value| value.as_bool().or_else(|| value.get("workspace")?.as_bool()))
                == Some(true)
        };
        if !inherits("lints", "workspace") && !path.ends_with(OWN_LINTS) {
            own.push(format!("{path}: [lints] workspace = true"));
        }
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !inherits("package", key) {
                own.push(format!("{path}: {key}.workspace = true"));
            }
        }
    }
    nothing_to_do(&own, "Write these lines:");
}

#[test]
fn every_version_stands_in_the_root_manifest() {
    let mut own = Vec::new();
    for (path, manifest) in manifests() {
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in manifest.get(table).and_then(toml::Value::as_table).into_iter().flatten() {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    own.push(format!("{path}: {name}"));
                }
            }
        }
    }
    nothing_to_do(
        &own,
        "Move these versions into [workspace.dependencies] and write `name.workspace = true`:",
    );
}

#[test]
fn cargo_run_means_kadi() {
    let metadata = metadata();
    let defaults = metadata["workspace_default_members"].as_array().expect("a list");
    let mut programs = Vec::new();
    for package in packages(&metadata).into_iter().filter(|package| defaults.contains(&package["id"])) {
        let targets = package["targets"].as_array().expect("a list").iter();
        let is_program = |target: &&serde_json::Value| {
            target["kind"].as_array().is_some_and(|it| it.contains(&"bin".into()))
        };
        programs.extend(targets.filter(is_program).map(|target| name(target).to_owned()));
    }
    assert_eq!(
        programs,
        ["kadi"],
        "default-members in Cargo.toml: the README says `cargo run --release -- dev`"
    );
}

#[test]
fn a_crate_has_one_test_binary() {
    let mut more = Vec::new();
    for folder in crate_folders() {
        let tests = format!("crates/{folder}/tests");
        if !exists(&tests) {
            continue;
        }
        let depth = tests.split('/').count() + 1;
        let top = files(&tests, ".rs").into_iter().filter(|path| path.split('/').count() == depth);
        more.extend(top.map(|path| format!("{path}: move it into {tests}/it/")));
        let mains =
            files(&tests, "/main.rs").into_iter().filter(|path| *path != format!("{tests}/it/main.rs"));
        more.extend(mains);
        if !exists(&format!("{tests}/it/main.rs")) {
            more.push(format!("{tests}/it/main.rs is missing"));
        }
    }
    nothing_to_do(
        &more,
        "A crate's tests are one binary, tests/it/main.rs, with modules (one link instead of many):",
    );
}

#[test]
fn every_test_file_is_a_module_of_its_binary() {
    let mut lost = Vec::new();
    for folder in crate_folders() {
        let tests = format!("crates/{folder}/tests/it");
        if !exists(&tests) {
            continue;
        }
        for path in files(&tests, ".rs").into_iter().filter(|path| !path.ends_with("/main.rs")) {
            let (parent, file) = path.rsplit_once('/').unwrap();
            let (parent, name) = match file {
                "mod.rs" => parent.rsplit_once('/').unwrap(),
                _ => (parent, file.strip_suffix(".rs").unwrap()),
            };
            let homes = [format!("{parent}/main.rs"), format!("{parent}/mod.rs"), format!("{parent}.rs")];
            let declared = |home: &String| exists(home) && text(home).contains(&format!("mod {name};"));
            if !homes.iter().any(declared) {
                lost.push(path);
            }
        }
    }
    nothing_to_do(&lost, "No module names these files, so their tests never run:");
}
