//! Whether a database file is whole, and of a Kadi that this one knows.

use rusqlite::Connection;

use super::errors::trouble;
use super::migrate::known;
use crate::backup::BackupFault;

/// SQLite's own check of every page, index and constraint.
pub(super) fn whole(connection: &Connection) -> Result<(), BackupFault> {
    let first = connection.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
    match first.map_err(|error| trouble("integrity_check", &error))?.as_str() {
        "ok" => Ok(()),
        what => Err(BackupFault::Damaged(what.to_owned())),
    }
}

/// The number of the last migration; the reason where a migration was applied that this Kadi does not have.
pub(super) fn schema(connection: &Connection) -> Result<i64, String> {
    let read = || -> rusqlite::Result<Vec<(i64, String, String)>> {
        let mut history = connection
            .prepare("SELECT version, name, checksum FROM refinery_schema_history ORDER BY version")?;
        history.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
    };
    let applied = read().map_err(|error| format!("it holds no tables of Kadi ({error})"))?;
    let known = known();
    for (version, name, checksum) in &applied {
        let own = known.iter().find(|own| i64::from(own.version()) == *version);
        if own.is_none_or(|own| own.name() != name || own.checksum().to_string() != *checksum) {
            return Err(format!("it has migration {version} ({name}), which this Kadi does not know"));
        }
    }
    applied.last().map(|(version, _, _)| *version).ok_or_else(|| "it holds no tables of Kadi".to_owned())
}
