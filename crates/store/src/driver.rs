//! The two drivers behind one face: what differs between the stores ends here.

use crate::asks::Query;
use crate::location::Location;
use crate::postgres::Postgres;
use crate::row::Row;
use crate::sql::{Statement, Step, Value};
use crate::sqlite::{Sqlite, open_reader};
use crate::trouble::{Commit, Trouble};

/// A connection to one of the stores.
#[derive(Debug)]
pub(crate) enum Driver {
    /// The embedded store.
    Sqlite(Sqlite),
    /// PostgreSQL.
    Postgres(Box<Postgres>),
}

impl Driver {
    /// A connection that refuses every write.
    pub(crate) fn open_reader(location: &Location) -> Result<Self, Trouble> {
        Ok(match location {
            Location::Sqlite(file) => Self::Sqlite(Sqlite::new(open_reader(file)?, file)?),
            Location::Postgres(address) => Self::Postgres(Box::new(Postgres::open_reader(address)?)),
        })
    }

    /// Can it still be used? A lost connection cannot, nor one whose files were moved away: open another.
    pub(crate) fn is_usable(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.check_place().is_ok(),
            Self::Postgres(postgres) => postgres.is_usable(),
        }
    }

    /// Begins a transaction that writes. PostgreSQL hears of it with the first statement.
    pub(crate) fn begin(&self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin(),
            Self::Postgres(postgres) => postgres.begin(),
        }
    }

    /// Begins a transaction that sees one state of the store.
    pub(crate) fn begin_reading(&self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin_reading(),
            Self::Postgres(postgres) => postgres.begin_reading(),
        }
    }

    /// Is a transaction open?
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_open(),
            Self::Postgres(postgres) => postgres.is_open(),
        }
    }

    /// What each query gives, in their order; on PostgreSQL in one trip.
    pub(crate) fn query_all(&self, queries: &[Query]) -> Result<Vec<Vec<Row>>, Trouble> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query_all(queries),
            Self::Postgres(postgres) => postgres.query_all(queries),
        }
    }

    /// What one statement gives for all rows of `input`.
    pub(crate) fn query(
        &self,
        statement: &'static Statement,
        input: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, Trouble> {
        let mut answers = self.query_all(&[Query { statement, input }])?;
        Ok(answers.pop().unwrap_or_default())
    }

    /// Runs the steps and commits; on PostgreSQL in one trip. A row of an update that finds nothing met a
    /// stale version: [`Trouble::Again`]. After [`Commit::Aborted`] no transaction is open.
    pub(crate) fn commit(&self, steps: &[Step]) -> Commit {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit(steps),
            Self::Postgres(postgres) => postgres.commit(steps),
        }
    }

    /// Leaves the transaction, if one is open, without a trace.
    pub(crate) fn rollback(&self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(sqlite) => sqlite.rollback(),
            Self::Postgres(postgres) => postgres.rollback(),
        }
    }
}
