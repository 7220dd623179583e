//! `kadi verify`: every invariant, by reading only.

use std::process::ExitCode;

use kadi_engine::clock::{KadiClock, OFFSET_VALUE};
use kadi_engine::commands::key_prints::{PRINTS_VALUE, fits};
use kadi_engine::domain::seal::Keyring;
use kadi_store::{Reader, Report, Trouble, verify};

use super::run::print;
use crate::cli::{Folders, VerifyArguments};
use crate::config::{KeysFile, Places};

/// `kadi verify`: 0 only if every invariant holds.
pub(super) fn run(folders: &Folders, arguments: &VerifyArguments) -> Result<ExitCode, String> {
    let places = Places::find(folders).map_err(|fault| fault.to_string())?;
    if let Some(file) = places.embedded().filter(|file| !file.exists()) {
        return Err(format!("{} does not exist", file.display()));
    }
    let keys = KeysFile::read(&places.keys).map_err(|fault| fault.to_string())?;
    let keys = keys.keyring().map_err(|fault| fault.to_string())?;
    let reader = Reader::open(&places.database).map_err(told)?;
    let stored = reader.value(PRINTS_VALUE).map_err(told)?.unwrap_or_default();
    if let Err(key) = fits(&keys, &stored) {
        return Err(format!(
            "{}: key {key} is missing or another one than the database's",
            places.keys.display()
        ));
    }
    let report = look(&reader, &keys, arguments.snapshot).map_err(told)?;
    print(&if arguments.json { as_json(&report) } else { as_text(&report) })?;
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn look(reader: &Reader, keys: &Keyring, snapshot: bool) -> Result<Report, Trouble> {
    let offset = reader.value(OFFSET_VALUE)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    let clock = KadiClock::new(offset);
    if snapshot {
        reader.snapshot(|reader| verify(reader, keys, clock.now()))
    } else {
        verify(reader, keys, clock.now())
    }
}

fn told(trouble: Trouble) -> String {
    format!("the database: {trouble:?}")
}

fn as_json(report: &Report) -> String {
    let checked: serde_json::Map<_, _> =
        report.checked.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())).collect();
    let broken: Vec<_> = report
        .broken
        .iter()
        .map(|breach| serde_json::json!({"invariant": breach.invariant, "what": breach.what}))
        .collect();
    let object = serde_json::json!({
        "clean": report.is_clean(),
        "checked": checked,
        "broken": broken,
        "broken_count": report.broken_count,
    });
    format!("{object}\n")
}

fn as_text(report: &Report) -> String {
    let mut out = String::new();
    for (name, count) in &report.checked {
        out.push_str(&format!("{name}: {count} checked\n"));
    }
    for breach in &report.broken {
        out.push_str(&format!("BROKEN {}: {}\n", breach.invariant, breach.what));
    }
    let end = match report.broken_count {
        0 => "every invariant holds\n".to_owned(),
        count => format!("{count} breaches\n"),
    };
    out.push_str(&end);
    out
}
