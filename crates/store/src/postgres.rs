//! The PostgreSQL driver: the address, settings and their refusals, one connection driven by hand,
//! statements, error classes, migration.

mod address;
mod arrays;
mod checks;
mod driver;
mod errors;
mod migrate;
mod wire;

pub use address::PostgresAddress;
pub use checks::{PostgresFound, check_postgres};
pub use driver::POSTGRES_SETTINGS;
pub(crate) use driver::{Postgres, is_alone};
pub(crate) use migrate::migrate;
