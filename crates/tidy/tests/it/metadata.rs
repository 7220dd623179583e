//! What `cargo metadata` says of the workspace and its dependencies, as far as this machine builds them.

use std::process::Command;

use serde_json::Value;

use crate::tree::root;

/// The whole answer.
pub(crate) fn metadata() -> Value {
    let versions = run("rustc", &["-vV"]);
    let host = versions.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    serde_json::from_str(&run(&cargo, &arguments)).expect("cargo metadata answers in JSON")
}

/// The packages of the workspace.
pub(crate) fn members(metadata: &Value) -> Vec<&Value> {
    let ids = list(&metadata["workspace_members"]);
    packages(metadata).into_iter().filter(|package| ids.contains(&&package["id"])).collect()
}

/// Every package that takes part.
pub(crate) fn packages(metadata: &Value) -> Vec<&Value> {
    list(&metadata["packages"])
}

/// A package's dependencies of a kind: none for the normal ones, "dev", "build".
pub(crate) fn dependencies<'a>(package: &'a Value, kind: Option<&str>) -> Vec<&'a str> {
    let is_kind = |dependency: &&Value| dependency["kind"].as_str() == kind;
    list(&package["dependencies"]).into_iter().filter(is_kind).map(name).collect()
}

/// The name of a package or dependency.
pub(crate) fn name(value: &Value) -> &str {
    value["name"].as_str().expect("a name")
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().expect("a list").iter().collect()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?} failed (is Cargo.lock up to date?): {told}");
    String::from_utf8(output.stdout).expect("plain text")
}
