//! Making the database file and bringing its tables up to date.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use refinery::Migration;

use super::connect::open_writer;
use crate::location::SqliteFile;
use crate::trouble::Trouble;

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// Makes the file (mode 0600) where it is absent, and applies the migrations that it lacks, all in one
/// transaction. A database of a newer or a changed Kadi is refused: [`Trouble::Down`].
pub(crate) fn migrate(location: &SqliteFile) -> Result<(), Trouble> {
    create(&location.file)?;
    let mut connection = open_writer(location)?;
    // Ungrouped, a migration and its row in the history would be two commits, and a kill between them would
    // leave a database that no start can open.
    let report = embedded::migrations::runner().set_grouped(true).run(&mut connection);
    let report = report.map_err(|e| Trouble::Down(format!("migration: {e}")))?;
    for migration in report.applied_migrations() {
        tracing::info!(%migration, "migration applied");
    }
    Ok(())
}

/// The migrations of this Kadi.
pub(super) fn known() -> Vec<Migration> {
    embedded::migrations::runner().get_migrations().clone()
}

fn create(file: &Path) -> Result<(), Trouble> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Trouble::Down(format!("create {}: {error}", file.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::connect::connection;
    use super::*;

    #[test]
    fn a_migration_and_its_row_in_the_history_are_one_commit() {
        let folder = tempfile::tempdir().unwrap();
        let location = SqliteFile::at(folder.path().join("kadi.db"));
        create(&location.file).unwrap();
        let own = connection(&location).unwrap();
        own.execute_batch(
            "CREATE TABLE refinery_schema_history
               (version INT4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255));
             CREATE TRIGGER stop BEFORE INSERT ON refinery_schema_history
               BEGIN SELECT RAISE(ABORT, 'as a kill between two commits would'); END;",
        )
        .unwrap();
        assert!(migrate(&location).is_err());
        own.execute_batch("DROP TRIGGER stop").unwrap();
        migrate(&location).unwrap();
    }
}
