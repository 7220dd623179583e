//! Targets see their kept inputs as they are, then changed ones, and fail where the code is wrong.

use std::collections::BTreeSet;
use std::fs;

/// The inputs that a target keeps.
fn kept(name: &str) -> BTreeSet<Vec<u8>> {
    let folder = format!("{}/tests/it/__fuzz__/{name}/corpus", env!("CARGO_MANIFEST_DIR"));
    fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn nothing_comes_first_and_then_the_kept_inputs_unchanged() {
    let mut seen = Vec::new();
    kadi_fuzz::target!("kept", 1, |bytes: &[u8]| seen.push(bytes.to_vec()));
    let kept = kept("kept");
    assert_eq!(seen.len(), 1 + kept.len() + 1);
    assert_eq!(seen.remove(0), b"");
    assert_eq!(seen.into_iter().take(kept.len()).collect::<BTreeSet<_>>(), kept);
}

#[test]
fn changed_inputs_differ_and_keep_much_of_the_sample() {
    let (mut different, mut alike) = (BTreeSet::new(), 0);
    kadi_fuzz::target!("changed", 1_000, |bytes: &[u8]| {
        different.insert(bytes.to_vec());
        alike += usize::from(bytes.windows(4).any(|part| part == b"name"));
    });
    assert!(different.len() > 600, "only {} different inputs", different.len());
    assert!(alike > 200, "only {alike} inputs still look like the sample");
}

#[test]
#[should_panic(expected = "test failed")]
fn what_is_wrong_is_found() {
    // Reached from the kept input by a change or two only.
    kadi_fuzz::target!("wrong", 100_000, |bytes: &[u8]| assert!(!bytes.starts_with(b"{\"amount\":-1,")));
}
