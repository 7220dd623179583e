//! All SQL of Kadi, written once: what a batch loads and saves, what readers ask for, and the check of the
//! books.

mod asks;
mod backup;
mod codes;
mod driver;
mod load;
mod location;
mod migrate;
mod postgres;
mod queries;
mod reader;
mod registry;
mod row;
mod save;
mod session;
mod sql;
mod sqlite;
mod tables;
mod trouble;
mod value;
mod verify;

pub use backup::{Backup, BackupFault, Restore, backup};
pub use location::{FileId, Location, PostgresAddress, SqliteFile};
pub use migrate::migrate;
pub use postgres::{POSTGRES_SETTINGS, PostgresFound, check_postgres};
pub use queries::payments::{PaymentPage, PaymentsFound};
pub use queries::search::LinksFound;
pub use queries::statements::{AccountSum, EntryPlace, OwedSum};
pub use reader::Reader;
pub use registry::statements;
pub use session::Session;
pub use sql::{Access, Statement, Type};
pub use sqlite::{Checkpoint, Found, check};
pub use trouble::{Commit, Trouble};
pub use verify::{Breach, Report, verify, verify_links};
