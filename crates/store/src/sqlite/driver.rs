//! Running statements on one SQLite connection: a prepared, cached statement for each row of `input`.

use kadi_domain::refusal::Fault;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::errors::{failed_commit, trouble};
use super::place::Place;
use crate::asks::Query;
use crate::location::SqliteFile;
use crate::row::Row;
use crate::sql::{Statement, Step, Value};
use crate::trouble::{Commit, Trouble};

/// One connection.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
    place: Place,
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Null => ValueRef::Null,
        }))
    }
}

impl Sqlite {
    /// Takes over a connection with its settings made, that was just opened there.
    pub(crate) fn new(connection: Connection, location: &SqliteFile) -> Result<Self, Trouble> {
        Ok(Self { connection, place: Place::of(location)? })
    }

    /// Is the database still where it was? Whoever reads on from one that was moved away sees what was, not
    /// what is.
    pub(crate) fn check_place(&self) -> Result<(), Trouble> {
        self.place.check_database()
    }

    /// The connection itself, for the checkpointer.
    pub(crate) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Begins a transaction that writes; waits for another writer as long as `busy_timeout` says.
    pub(crate) fn begin(&self) -> Result<(), Trouble> {
        self.check_place()?;
        self.simple("BEGIN IMMEDIATE")
    }

    /// Begins a transaction that sees one state of the database.
    pub(crate) fn begin_reading(&self) -> Result<(), Trouble> {
        self.simple("BEGIN")
    }

    /// Is a transaction open?
    pub(crate) fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Runs the steps and commits. After [`Commit::Aborted`] no transaction is open.
    pub(crate) fn commit(&self, steps: &[Step]) -> Commit {
        let end = match steps.iter().try_for_each(|step| self.run(step)) {
            Err(trouble) => Commit::Aborted(trouble),
            Ok(()) => match self.connection.execute_batch("COMMIT") {
                Ok(()) if steps.is_empty() => Commit::Committed,
                // Whatever reached files that are not in their place by now may be lost with them.
                Ok(()) => self.place.check_all().map_or_else(
                    |trouble| Commit::Unknown(format!("committed, but {trouble}")),
                    |()| Commit::Committed,
                ),
                Err(error) => failed_commit(&error),
            },
        };
        if matches!(end, Commit::Aborted(_))
            && let Err(trouble) = self.rollback()
        {
            // The next beginning tries again and tells its caller.
            tracing::error!(%trouble, "a rollback failed");
        }
        end
    }

    /// Leaves the transaction, if one is open, without a trace.
    pub(crate) fn rollback(&self) -> Result<(), Trouble> {
        if self.is_open() { self.simple("ROLLBACK") } else { Ok(()) }
    }

    /// Runs a step. A row of an update that finds nothing met a stale version: [`Trouble::Again`].
    fn run(&self, step: &Step) -> Result<(), Trouble> {
        if step.rows.is_empty() {
            return Ok(());
        }
        let mut prepared = self.prepare(step.statement)?;
        for row in &step.rows {
            let hits = prepared
                .execute(rusqlite::params_from_iter(row))
                .map_err(|e| trouble(step.statement.name, &e))?;
            if step.statement.must_hit() && hits != 1 {
                return Err(Trouble::Again(format!(
                    "{}: the row was changed or removed",
                    step.statement.name
                )));
            }
        }
        Ok(())
    }

    /// What each query gives for each row of its `input`, one after the other.
    pub(crate) fn query_all(&self, queries: &[Query]) -> Result<Vec<Vec<Row>>, Trouble> {
        queries.iter().map(|query| self.query(query)).collect()
    }

    fn query(&self, Query { statement, input }: &Query) -> Result<Vec<Row>, Trouble> {
        if input.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = self.prepare(statement)?;
        let columns = prepared.column_count();
        let mut found = Vec::new();
        for parameters in input {
            let mut rows = prepared
                .query(rusqlite::params_from_iter(parameters))
                .map_err(|e| trouble(statement.name, &e))?;
            while let Some(row) = rows.next().map_err(|e| trouble(statement.name, &e))? {
                let cells = (0..columns).map(|at| cell(statement, row, at)).collect::<Result<_, _>>()?;
                found.push(Row::new(statement.name, cells));
            }
        }
        Ok(found)
    }

    fn prepare(&self, statement: &'static Statement) -> Result<CachedStatement<'_>, Trouble> {
        let text = statement.sqlite_text()?;
        self.connection.prepare_cached(text).map_err(|e| trouble(statement.name, &e))
    }

    fn simple(&self, text: &str) -> Result<(), Trouble> {
        self.connection.execute_batch(text).map_err(|e| trouble(text, &e))
    }
}

fn cell(statement: &'static Statement, row: &rusqlite::Row<'_>, at: usize) -> Result<Value, Trouble> {
    match row.get_ref(at).map_err(|e| trouble(statement.name, &e))? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(unreadable(statement, at, "is not UTF-8")),
        },
        ValueRef::Real(_) => Err(unreadable(statement, at, "is a floating-point number")),
    }
}

fn unreadable(statement: &'static Statement, at: usize, what: &str) -> Trouble {
    Trouble::Broken(Fault::new(format!("{}: column {} {what}", statement.name, at + 1)))
}
