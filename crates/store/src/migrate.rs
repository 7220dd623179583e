//! Bringing a store's tables up to date.

use crate::location::Location;
use crate::trouble::Trouble;
use crate::{postgres, sqlite};

/// Makes the store where it is absent, and applies the migrations that it lacks, all in one transaction. A
/// store of a newer or a changed Kadi is refused: [`Trouble::Down`].
pub fn migrate(location: &Location) -> Result<(), Trouble> {
    match location {
        Location::Sqlite(file) => sqlite::migrate(file),
        Location::Postgres(address) => postgres::migrate(address),
    }
}
