//! Asks independent programs (Python and the vendors' libraries) about whole batches of generated cases.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

const HINT: &str = "run ./test, which installs what the tests need";

/// `count` random values of the strategy.
pub(crate) fn sample<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::default();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// The answers of one run of `tests/peers/oracles/<script>` to all the cases, in their order.
pub(crate) fn ask(script: &str, cases: &[Value]) -> Vec<Value> {
    let python = python();
    let mut oracle = Command::new(&python)
        .arg(peers().join("oracles").join(script))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|fault| panic!("cannot run {}: {fault}; {HINT}", python.display()));
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let mut stdin = oracle.stdin.take().unwrap();
    // The oracle answers while it reads: one thread alone would block on full pipes.
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = oracle.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} ended with {}; {HINT}", output.status);
    writer.join().unwrap().unwrap();
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len(), "{script} must answer every case");
    answers
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}

fn python() -> PathBuf {
    env::var_os("KADI_PEERS_PYTHON").map_or_else(|| peers().join(".venv/bin/python"), PathBuf::from)
}
