//! Running statements on one PostgreSQL connection: everything that a batch reads in one trip, everything
//! that it writes in another, with the COMMIT in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use kadi_domain::refusal::Fault;
use tokio_postgres::{Client, Error};

use super::PostgresAddress;
use super::arrays::{Array, arrays, can_be_found, row_of};
use super::checks::{PostgresFound, check_postgres};
use super::errors::{failed_commit, trouble};
use super::wire::{TimedOut, Wire, in_order};
use crate::asks::Query;
use crate::row::Row;
use crate::sql::{Access, Statement, Step, Value};
use crate::trouble::{Commit, Trouble};

/// How long a statement may take before the connection counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a COMMIT may take: longer than a standby's usual hiccup, shorter than a caller waits.
const COMMIT_PATIENCE: Duration = Duration::from_secs(10);
/// What every connection to PostgreSQL sets: nothing is looked up in schemas that others may write, nobody
/// waits for a lock for ever. Every statement is planned once, for tables of any size: through their
/// indexes, row by row of its input (docs/decisions/0017-plans-made-once.md).
pub const POSTGRES_SETTINGS: &str = "SET search_path = public; SET lock_timeout = '5s'; \
    SET default_transaction_isolation = 'read committed'; SET statement_timeout = 0; \
    SET idle_in_transaction_session_timeout = 0; SET plan_cache_mode = force_generic_plan; \
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";
/// Every writing connection holds this lock with others as long as it lives: "node" in ASCII.
const LIVE: &str = "SELECT pg_advisory_lock_shared(1852793957)";
/// Nobody holds it.
const ALONE: &str = "SELECT pg_try_advisory_lock(1852793957)";
const READ_ONLY: &str = "SET default_transaction_read_only = on";
const FOUND: &str = "SELECT current_setting('server_version_num')::int8, \
    current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'), \
    current_setting('server_encoding'), pg_is_in_recovery()";
/// Makes a batch that wrote nothing wait until what it read is where it must be: a read-only COMMIT does not.
const WAIT_FOR_STANDBY: &str = "SELECT pg_logical_emit_message(true, 'kadi', '')";
const BEGIN: &str = "BEGIN";
const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// One connection.
#[derive(Debug)]
pub(crate) struct Postgres {
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    wire: Wire,
    access: Access,
    prepared: HashMap<usize, tokio_postgres::Statement>,
    transaction: Transaction,
}

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transaction {
    None,
    /// Wanted, with this text; it goes out with the first statement.
    Wanted(&'static str),
    Open,
    /// The connection cannot be used any more.
    Lost,
}

impl Postgres {
    /// A connection that may write.
    pub(crate) fn open_writer(address: &PostgresAddress) -> Result<Self, Trouble> {
        let mut wire = connect(address)?;
        let live = wire.drive(PATIENCE, |client| client.batch_execute(LIVE));
        told("advisory lock", live)?;
        Ok(Self::over(wire, Access::Write))
    }

    /// A connection that refuses every write.
    pub(crate) fn open_reader(address: &PostgresAddress) -> Result<Self, Trouble> {
        let mut wire = connect(address)?;
        let made = wire.drive(PATIENCE, |client| client.batch_execute(READ_ONLY));
        told("settings", made)?;
        Ok(Self::over(wire, Access::Read))
    }

    fn over(wire: Wire, access: Access) -> Self {
        let (prepared, transaction) = (HashMap::new(), Transaction::None);
        Self { inner: RefCell::new(Inner { wire, access, prepared, transaction }) }
    }

    /// Wants a transaction that writes.
    pub(crate) fn begin(&self) -> Result<(), Trouble> {
        self.inner.borrow_mut().want(BEGIN)
    }

    /// Wants a transaction that sees one state of the database.
    pub(crate) fn begin_reading(&self) -> Result<(), Trouble> {
        self.inner.borrow_mut().want(BEGIN_READING)
    }

    /// Is a transaction open or wanted?
    pub(crate) fn is_open(&self) -> bool {
        self.inner.borrow().transaction != Transaction::None
    }

    /// What each query gives, all in one trip.
    pub(crate) fn query_all(&self, queries: &[Query]) -> Result<Vec<Vec<Row>>, Trouble> {
        self.inner.borrow_mut().query_all(queries)
    }

    /// Runs the steps and commits, all in one trip.
    pub(crate) fn commit(&self, steps: &[Step]) -> Commit {
        self.inner.borrow_mut().commit(steps)
    }

    /// Can the connection still be used?
    pub(crate) fn is_usable(&self) -> bool {
        self.inner.borrow().transaction != Transaction::Lost
    }

    /// Leaves the transaction, if one is open, without a trace.
    pub(crate) fn rollback(&self) -> Result<(), Trouble> {
        let mut inner = self.inner.borrow_mut();
        match inner.transaction {
            Transaction::None => Ok(()),
            Transaction::Wanted(_) => {
                inner.transaction = Transaction::None;
                Ok(())
            }
            Transaction::Open => {
                inner.simple("ROLLBACK")?;
                inner.transaction = Transaction::None;
                Ok(())
            }
            Transaction::Lost => Err(lost()),
        }
    }
}

impl Inner {
    fn want(&mut self, begin: &'static str) -> Result<(), Trouble> {
        if self.transaction == Transaction::Lost {
            return Err(lost());
        }
        self.transaction = Transaction::Wanted(begin);
        Ok(())
    }

    fn query_all(&mut self, queries: &[Query]) -> Result<Vec<Vec<Row>>, Trouble> {
        let asked: Vec<&Query> = queries.iter().filter(|query| !query.input.is_empty()).collect();
        if asked.is_empty() {
            return Ok(queries.iter().map(|_| Vec::new()).collect());
        }
        self.prepare(asked.iter().map(|query| query.statement))?;
        let sent = asked
            .iter()
            .map(|query| self.bind(query.statement, query.input.iter().filter(|row| can_be_found(row))));
        let sent = sent.collect::<Result<Vec<_>, _>>()?;
        let begin = self.begin_text();
        let answers = self.wire.drive(PATIENCE, |client| send(client, begin, &sent, None));
        let mut answers = self.heard(answers)?.into_iter();
        if begin.is_some() {
            self.transaction = Transaction::Open;
            answers.next().map_or(Err(lost()), |began| began.map_err(|e| trouble("BEGIN", &e)))?;
        }
        queries
            .iter()
            .map(|query| {
                if query.input.is_empty() {
                    return Ok(Vec::new());
                }
                let rows = answers.next().ok_or_else(lost)?;
                let rows = rows.map_err(|error| self.failed(query.statement.name, &error))?;
                Ok(rows.iter().map(|row| row_of(query.statement, row)).collect::<Result<_, _>>()?)
            })
            .collect()
    }

    fn commit(&mut self, steps: &[Step]) -> Commit {
        if steps.is_empty() && self.transaction != Transaction::Open {
            // Nothing was read and nothing is written.
            self.transaction = Transaction::None;
            return Commit::Committed;
        }
        match self.save(steps) {
            Ok(Commit::Aborted(trouble)) | Err(trouble) => {
                if self.transaction == Transaction::Open
                    && let Err(second) = self.simple("ROLLBACK")
                {
                    tracing::warn!(%second, "a rollback failed");
                    self.transaction = Transaction::Lost;
                } else if self.transaction != Transaction::Lost {
                    self.transaction = Transaction::None;
                }
                Commit::Aborted(trouble)
            }
            Ok(end) => end,
        }
    }

    /// Sends the steps and the COMMIT. An error is from before anything was sent.
    fn save(&mut self, steps: &[Step]) -> Result<Commit, Trouble> {
        self.prepare(steps.iter().map(|step| step.statement))?;
        let sent = steps.iter().map(|step| self.bind(step.statement, step.rows.iter()));
        let sent = sent.collect::<Result<Vec<_>, _>>()?;
        let begin = self.begin_text();
        self.wire.clear_warnings();
        let end = if steps.is_empty() { format!("{WAIT_FOR_STANDBY}; COMMIT") } else { "COMMIT".to_owned() };
        let answers = self.wire.drive(COMMIT_PATIENCE, |client| send(client, begin, &sent, Some(&end)));
        let Ok(answers) = answers else {
            self.transaction = Transaction::Lost;
            return Ok(Commit::Unknown("the commit was not answered in time".to_owned()));
        };
        Ok(self.ended(steps, begin.is_some(), answers))
    }

    /// What the answers to BEGIN (where it was sent), the steps and the COMMIT mean together.
    fn ended(&mut self, steps: &[Step], began: bool, mut answers: Vec<Answer>) -> Commit {
        let Some(commit) = answers.pop() else { return Commit::Unknown("no answer".to_owned()) };
        let names = began.then_some(BEGIN).into_iter().chain(steps.iter().map(|step| step.statement.name));
        for (name, answer) in names.zip(answers) {
            let Err(error) = answer else { continue };
            if error.as_db_error().is_none() || commit.as_ref().is_err_and(|e| e.as_db_error().is_none()) {
                // Whether the COMMIT behind it was carried out is not known.
                self.transaction = Transaction::Lost;
                return Commit::Unknown(trouble(name, &error).to_string());
            }
            // The server failed the transaction: the COMMIT behind it was a rollback.
            self.transaction = Transaction::None;
            return Commit::Aborted(trouble(name, &error));
        }
        self.transaction = Transaction::None;
        if let Err(error) = commit {
            let end = failed_commit(&error);
            if matches!(end, Commit::Unknown(_)) {
                self.transaction = Transaction::Lost;
            }
            return end;
        }
        if let Some(warning) = self.wire.warning() {
            // Most likely: stored here, but not known to be on the standby.
            self.transaction = Transaction::Lost;
            return Commit::Unknown(format!("{} ({})", warning.message(), warning.code().code()));
        }
        Commit::Committed
    }

    const fn begin_text(&self) -> Option<&'static str> {
        match self.transaction {
            Transaction::Wanted(text) => Some(text),
            Transaction::None | Transaction::Open | Transaction::Lost => None,
        }
    }

    /// Prepares what this connection has not prepared yet, all in one trip.
    fn prepare(&mut self, statements: impl Iterator<Item = &'static Statement>) -> Result<(), Trouble> {
        if self.transaction == Transaction::Lost {
            return Err(lost());
        }
        let mut new: Vec<(&'static Statement, String)> = Vec::new();
        for statement in statements {
            let is_known = self.prepared.contains_key(&place(statement));
            if !is_known && !new.iter().any(|(other, _)| std::ptr::eq(*other, statement)) {
                new.push((statement, statement.postgres_text(self.access)));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let answers = self
            .wire
            .drive(PATIENCE, |client| in_order(new.iter().map(|(_, text)| client.prepare(text)).collect()));
        for ((statement, _), answer) in new.iter().zip(self.heard(answers)?) {
            let prepared = answer.map_err(|error| self.failed(statement.name, &error))?;
            self.prepared.insert(place(statement), prepared);
        }
        Ok(())
    }

    fn bind<'r>(
        &self,
        statement: &'static Statement,
        rows: impl Iterator<Item = &'r Vec<Value>> + Clone,
    ) -> Result<Bound<'r>, Trouble> {
        let prepared = self.prepared.get(&place(statement)).cloned();
        let prepared = prepared.ok_or_else(|| Fault::new(format!("{} was not prepared", statement.name)))?;
        Ok(Bound { prepared, arrays: arrays(statement, rows)? })
    }

    fn simple(&mut self, text: &str) -> Result<(), Trouble> {
        if self.transaction == Transaction::Lost {
            return Err(lost());
        }
        let answer = self.wire.drive(PATIENCE, |client| client.batch_execute(text));
        let answer = self.heard(answer)?;
        answer.map_err(|error| self.failed(text, &error))
    }

    fn heard<T>(&mut self, answer: Result<T, TimedOut>) -> Result<T, Trouble> {
        answer.map_err(|TimedOut| {
            self.transaction = Transaction::Lost;
            Trouble::Down("the server did not answer in time".to_owned())
        })
    }

    /// What an error means; a connection that is lost is not used again.
    fn failed(&mut self, what: &str, error: &Error) -> Trouble {
        if error.is_closed() || error.as_db_error().is_none() {
            self.transaction = Transaction::Lost;
        }
        trouble(what, error)
    }
}

/// Statements are told apart by where they stand: each is one static of the crate.
fn place(statement: &'static Statement) -> usize {
    std::ptr::from_ref(statement).addr()
}

/// A prepared statement with its parameters.
struct Bound<'r> {
    prepared: tokio_postgres::Statement,
    arrays: Vec<Array<'r>>,
}

type Answer = Result<Vec<tokio_postgres::Row>, Error>;

/// Sends BEGIN where it is wanted, then the statements, then `end`, without waiting in between; the answers
/// in that order.
async fn send(
    client: &Client,
    begin: Option<&str>,
    statements: &[Bound<'_>],
    end: Option<&str>,
) -> Vec<Answer> {
    let simple = |text: Option<&str>| {
        text.map(str::to_owned).map(|text| -> Sent<'_> {
            Box::pin(async move { client.batch_execute(&text).await.map(|()| Vec::new()) })
        })
    };
    let bound = statements.iter().map(|bound| -> Sent<'_> {
        Box::pin(async move {
            let parameters: Vec<_> = bound.arrays.iter().map(Array::parameter).collect();
            client.query(&bound.prepared, &parameters).await
        })
    });
    in_order(simple(begin).into_iter().chain(bound).chain(simple(end)).collect()).await
}

type Sent<'s> = std::pin::Pin<Box<dyn Future<Output = Answer> + 's>>;

fn lost() -> Trouble {
    Trouble::Down("the connection is lost".to_owned())
}

/// An answer on its way to the caller.
pub(super) fn told<T>(what: &str, answer: Result<Result<T, Error>, TimedOut>) -> Result<T, Trouble> {
    let answer = answer.map_err(|TimedOut| Trouble::Down(format!("{what}: no answer in time")))?;
    answer.map_err(|error| trouble(what, &error))
}

/// Does no other process write to the database at this moment?
pub(crate) fn is_alone(address: &PostgresAddress) -> Result<bool, Trouble> {
    let mut wire = Wire::connect(address)?;
    let alone = wire.drive(PATIENCE, |client| client.query_one(ALONE, &[]));
    told("advisory lock", alone)?.try_get(0).map_err(|error| trouble("advisory lock", &error))
}

/// A connection to a server whose settings are right.
pub(super) fn connect(address: &PostgresAddress) -> Result<Wire, Trouble> {
    let mut wire = Wire::connect(address)?;
    check_server(&mut wire)?;
    Ok(wire)
}

/// Makes the connection's settings and checks the server's.
fn check_server(wire: &mut Wire) -> Result<(), Trouble> {
    let made = wire.drive(PATIENCE, |client| client.batch_execute(POSTGRES_SETTINGS));
    told("settings", made)?;
    let found = wire.drive(PATIENCE, |client| client.query_one(FOUND, &[]));
    let row = told("settings", found)?;
    let text = |at| row.try_get::<_, String>(at).map_err(|error| trouble("settings", &error));
    check_postgres(&PostgresFound {
        version: row.try_get(0).map_err(|error| trouble("settings", &error))?,
        synchronous_commit: text(1)?,
        fsync: text(2)?,
        full_page_writes: text(3)?,
        server_encoding: text(4)?,
        is_standby: row.try_get(5).map_err(|error| trouble("settings", &error))?,
    })
}
