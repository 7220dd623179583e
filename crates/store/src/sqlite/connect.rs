//! Opening SQLite with the settings that Kadi's promises rest on, read back before the first use.

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::errors::trouble;
use super::place::{check as check_file, file_id};
use crate::location::SqliteFile;
use crate::trouble::Trouble;

/// The first SQLite without the bug that can corrupt a database when the log is reset (fixed 2026-03-13).
const VERSION_MIN: i64 = 3_051_003;
/// `application_id` of a backup: "KdBk" in ASCII. A store that is in use has 0.
pub(super) const BACKUP_ID: i64 = 0x4B64_426B;
const PAGE_SIZE: i64 = 4_096;
/// Kibibytes of pages that the writer keeps in memory.
const WRITER_CACHE_KIB: i64 = 64 * 1_024;
/// Kibibytes of pages that each reader keeps in memory.
const READER_CACHE_KIB: i64 = 8 * 1_024;
/// How long a connection waits for another one's lock.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection; more than the crate has.
const STATEMENTS_MAX: usize = 256;

/// The settings of an open connection, as SQLite itself reports them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// SQLite's version, as 3051003 for 3.51.3.
    pub version: i64,
    /// `journal_mode`.
    pub journal_mode: String,
    /// `synchronous`: 2 is FULL.
    pub synchronous: i64,
    /// `page_size` in bytes.
    pub page_size: i64,
    /// `wal_autocheckpoint` in pages: 0 is never.
    pub wal_autocheckpoint: i64,
    /// `application_id`: not 0 in a backup.
    pub application_id: i64,
}

/// Refuses settings under which an acknowledged commit could be lost or a rule could go unchecked.
/// Each refusal names the setting.
pub fn check(found: &Found) -> Result<(), Trouble> {
    let refuse = |what: String| Err(Trouble::Down(what));
    if found.version < VERSION_MIN {
        return refuse(format!(
            "SQLite {} is older than 3.51.3, whose log can corrupt the data",
            found.version
        ));
    }
    if found.journal_mode != "wal" {
        return refuse(format!("journal_mode is {}, not wal", found.journal_mode));
    }
    if found.synchronous != 2 {
        return refuse(format!("synchronous is {}, not 2 (FULL)", found.synchronous));
    }
    if found.page_size != PAGE_SIZE {
        return refuse(format!("page_size is {}, not {PAGE_SIZE}", found.page_size));
    }
    if found.wal_autocheckpoint != 0 {
        return refuse(format!("wal_autocheckpoint is {}, not 0", found.wal_autocheckpoint));
    }
    if found.application_id == BACKUP_ID {
        return refuse("the file is a backup; put it in place with `kadi restore`".to_owned());
    }
    if found.application_id != 0 {
        return refuse(format!("application_id is {}, not 0: another program's file", found.application_id));
    }
    Ok(())
}

/// The file that is there now, and no other.
pub(crate) fn pinned(location: &SqliteFile) -> Result<SqliteFile, Trouble> {
    let only = location.vfs.is_none().then(|| file_id(&location.file)).transpose()?;
    Ok(SqliteFile { only, ..location.clone() })
}

/// A connection that may write. The file must be there already.
pub(crate) fn open_writer(location: &SqliteFile) -> Result<Connection, Trouble> {
    let connection = open(location, WRITER_CACHE_KIB)?;
    // SQLite opens a file that it may only read without a word.
    if connection.is_readonly("main").map_err(|e| trouble("settings", &e))? {
        return Err(Trouble::Down(format!("{} may only be read", location.file.display())));
    }
    Ok(connection)
}

/// A connection that refuses every write.
pub(crate) fn open_reader(location: &SqliteFile) -> Result<Connection, Trouble> {
    let connection = open(location, READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true).map_err(|e| trouble("query_only", &e))?;
    Ok(connection)
}

fn open(location: &SqliteFile, cache_kib: i64) -> Result<Connection, Trouble> {
    let connection = connection(location)?;
    prepare(&connection, cache_kib).map_err(|e| trouble("settings", &e))?;
    check(&found(&connection).map_err(|e| trouble("settings", &e))?)?;
    Ok(connection)
}

/// A connection to a file that is there, with no setting made yet.
pub(super) fn connection(location: &SqliteFile) -> Result<Connection, Trouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match &location.vfs {
        None => Connection::open_with_flags(&location.file, flags),
        Some(vfs) => Connection::open_with_flags_and_vfs(&location.file, flags, vfs.as_str()),
    };
    let connection = connection.map_err(|e| trouble(&format!("open {}", location.file.display()), &e))?;
    if let Some(only) = location.only {
        check_file(&location.file, only)?;
    }
    Ok(connection)
}

/// The settings that a new file keeps and that every connection needs.
fn prepare(connection: &Connection, cache_kib: i64) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Without it a cached statement is planned anew for every value that is bound to it (SQLite is built with
    // STAT4).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(())
}

/// The settings as they are.
fn found(connection: &Connection) -> rusqlite::Result<Found> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(Found {
        version: i64::from(rusqlite::version_number()),
        journal_mode: connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        synchronous: number("synchronous")?,
        page_size: number("page_size")?,
        wal_autocheckpoint: number("wal_autocheckpoint")?,
        application_id: number("application_id")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_refuses_every_write() {
        let folder = tempfile::tempdir().unwrap();
        let location = SqliteFile::at(folder.path().join("kadi.db"));
        crate::sqlite::migrate(&location).unwrap();
        let reader = open_reader(&location).unwrap();
        let refusal = reader.execute("INSERT INTO value (name, value) VALUES ('a', 'b')", []).unwrap_err();
        assert!(matches!(trouble("write", &refusal), Trouble::Down(_)), "{refusal}");
        open_writer(&location).unwrap().execute("DELETE FROM value", []).unwrap();
    }
}
