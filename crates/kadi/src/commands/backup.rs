//! `kadi backup` and `kadi restore`: a copy of one instant, and a data folder filled from it.

use std::path::Path;
use std::process::ExitCode;

use kadi_domain::time::Timestamp;
use kadi_engine::clock::KadiClock;
use kadi_engine::commands::key_prints::{PRINTS_VALUE, fits};
use kadi_store::Restore;

use super::run::print;
use crate::cli::Folders;
use crate::config::{KeysFile, Places};
use crate::folder::take_folder;

/// `kadi backup FILE`: beside a running server or without one.
pub(super) fn backup(folders: &Folders, file: &Path) -> Result<ExitCode, String> {
    let places = Places::find(folders).map_err(|fault| fault.to_string())?;
    let now = KadiClock::new(0).real_now();
    let made = kadi_store::backup(&places.database, file, now);
    let made = made.map_err(|fault| format!("no backup was made: {fault}"))?;
    print(&format!(
        "{} ({} bytes, schema {}): written and checked\n\
         it holds everything that was answered before {}\n\
         the keys are not in it: keep a copy of {} in another place; without them no backup can be used\n",
        file.display(),
        made.bytes,
        made.schema,
        instant(now)?,
        places.keys.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// `kadi restore FILE`: into a data folder without a database.
pub(super) fn restore(folders: &Folders, file: &Path) -> Result<ExitCode, String> {
    let told = |fault| format!("nothing was restored: {fault}");
    let places = Places::find(folders).map_err(|fault| fault.to_string())?;
    let _folder = take_folder(&places)?;
    let now = KadiClock::new(0).real_now();
    let restore = Restore::prepare(&places.database, file, now).map_err(told)?;
    let prints = restore.value(PRINTS_VALUE).map_err(told)?.unwrap_or_default();
    let keys = keys_line(&places.keys, &prints)?;
    let taken_at = instant(restore.taken_at())?;
    restore.finish().map_err(told)?;
    print(&format!(
        "{} is restored from {}\nit holds everything that was answered before {taken_at}\n{keys}\n",
        places.data.display(),
        file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// What is to be done about the keys; an error where there are others than the backup's.
fn keys_line(path: &Path, prints: &str) -> Result<String, String> {
    if !path.exists() {
        let path = path.display();
        return Ok(format!("put the keys of this database at {path} before you start the server"));
    }
    let keys = KeysFile::read(path).map_err(|fault| fault.to_string())?;
    let keys = keys.keyring().map_err(|fault| fault.to_string())?;
    match fits(&keys, prints) {
        Ok(()) => Ok(format!("the keys in {} fit", path.display())),
        Err(key) => Err(format!(
            "nothing was restored: {} does not fit the backup: key {key} is missing or another one",
            path.display()
        )),
    }
}

/// A time as text (RFC 3339, UTC).
fn instant(time: Timestamp) -> Result<String, String> {
    let time = jiff::Timestamp::from_millisecond(time.ms());
    time.map(|time| time.to_string()).map_err(|_| "the backup's instant is no date".to_owned())
}
