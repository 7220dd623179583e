//! Making the database file and bringing its tables up to date.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::connect::{connection, prepare};
use super::errors::trouble;
use crate::location::SqliteFile;
use crate::trouble::Trouble;

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// Kibibytes of pages in memory while migrating.
const CACHE_KIB: i64 = 64 * 1_024;

/// Makes the file (mode 0600) where it is absent, and applies the migrations that it lacks, all in one
/// transaction. A database of a newer or a changed Kadi is refused: [`Trouble::Down`].
pub(crate) fn migrate(location: &SqliteFile) -> Result<(), Trouble> {
    create(&location.file)?;
    let mut connection = connection(location)?;
    prepare(&connection, CACHE_KIB).map_err(|e| trouble("settings", &e))?;
    // By itself refinery writes a migration and the record of it in two commits; a crash between them leaves a
    // file on which no migration can ever be applied again.
    let report = embedded::migrations::runner().set_grouped(true).run(&mut connection);
    let report = report.map_err(|e| Trouble::Down(format!("migration: {e}")))?;
    for migration in report.applied_migrations() {
        tracing::info!(%migration, "migration applied");
    }
    Ok(())
}

fn create(file: &Path) -> Result<(), Trouble> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Trouble::Down(format!("create {}: {error}", file.display()))),
    }
}
