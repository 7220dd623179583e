//! Kills without a word, again and again, under load and at bad moments: no answer becomes untrue.

use crate::harness::{End, Place, turn};

/// The number behind a word of the checker's table.
fn number(said: &str, row: &str, word: &str) -> u64 {
    let line = said.lines().find(|line| line.starts_with(row));
    let line = line.unwrap_or_else(|| panic!("no row {row}: {said}"));
    let rest = line.split_once(word).unwrap_or_else(|| panic!("no {word} in {line}")).1;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number after {word} in {line}"))
}

/// How often the server is killed, and how many changes it must have acknowledged by then.
fn size() -> (u64, u64) {
    let is_long = std::env::var("KADI_LONG").is_ok_and(|value| value == "1");
    if is_long { (1_000, 400_000) } else { (100, 200_000) }
}

fn no_answer_becomes_untrue(place: &Place, phases: &[&str]) {
    let (kills, changes) = size();
    let End { success, said } =
        place.run(&["--kills", &kills.to_string(), "--changes", &changes.to_string()]);
    println!("{said}");
    assert!(success, "{said}\n--- the server's log ends so ---\n{}", tail(&place.log()));
    assert!(number(&said, "kills ", "kills") >= kills);
    for phase in phases {
        assert!(number(&said, "kills ", phase) >= 3, "{phase}: {said}");
    }
    let count = |word| number(&said, "acknowledged changes", word);
    assert!(count("acknowledged changes") >= changes);
    assert!(count("side door") >= 5_000 && count("form") >= 1_000, "{said}");
    assert!(number(&said, "webhooks", "captures") >= 500, "{said}");
}

#[test]
fn no_answer_becomes_untrue_on_sqlite() {
    let _turn = turn();
    no_answer_becomes_untrue(&Place::sqlite(), &["migration", "start-up", "load", "checkpoint", "jobs"]);
}

#[test]
fn no_answer_becomes_untrue_on_postgresql() {
    let _turn = turn();
    let (kills, _) = size();
    // Checkpoints are the cluster's own affair there.
    let place = Place::postgres(kills * 15 / 100);
    no_answer_becomes_untrue(&place, &["migration", "start-up", "load", "jobs"]);
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
