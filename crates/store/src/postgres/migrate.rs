//! Bringing the tables of a PostgreSQL database up to date, one process at a time.

use std::time::Duration;

use super::PostgresAddress;
use super::driver::{connect, told};
use super::errors::whole;
use super::wire::TimedOut;
use crate::trouble::Trouble;

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// For how long a migration may run, and how long a process waits for another one's.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// The key of the advisory lock under which tables are changed: "kadi" in ASCII.
const LOCK: &str = "SELECT pg_advisory_lock(1801544809)";

/// Applies the migrations that the database lacks, all in one transaction, while no other process does. The
/// lock ends with the connection. A database of a newer or a changed Kadi is refused: [`Trouble::Down`].
pub(crate) fn migrate(address: &PostgresAddress) -> Result<(), Trouble> {
    let mut wire = connect(address)?;
    let locked = wire.drive(PATIENCE, |client| client.batch_execute(LOCK));
    told("lock", locked)?;
    // One transaction, so that a kill leaves no migration without its row in the history.
    let migrated = wire.migrate(PATIENCE, embedded::migrations::runner().set_grouped(true));
    let report = migrated.map_err(|TimedOut| Trouble::Down("migration: it took too long".to_owned()))?;
    let report = report.map_err(|e| Trouble::Down(format!("migration: {}", whole(&e))))?;
    for migration in report.applied_migrations() {
        tracing::info!(%migration, "migration applied");
    }
    Ok(())
}
