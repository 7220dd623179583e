//! The classes of PostgreSQL's errors.

use kadi_domain::refusal::Fault;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::trouble::{Commit, Trouble};

/// Raised by `kadi_expect` in the migrations: an update did not find its row.
const STALE: &str = "KD001";
/// Another transaction was faster or is in the way.
const AGAIN: &[SqlState] =
    &[SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE];
/// Classes of a value that can never be stored: data exceptions, broken constraints, a trigger's refusal.
const POISON: &[&str] = &["22", "23", "P0"];
/// Classes of a server that cannot do it now: connection, resources, shutdown, system, a standby, bad
/// credentials.
const DOWN: &[&str] = &["08", "53", "57", "58", "28", "3D"];

/// What an error means to the engine. `what` says what was being done.
pub(super) fn trouble(what: &str, error: &Error) -> Trouble {
    match error.as_db_error() {
        Some(told) => trouble_told(what, told),
        // The server said nothing: the connection is lost or was never made.
        None => Trouble::Down(format!("{what}: {}", whole(error))),
    }
}

fn trouble_told(what: &str, told: &DbError) -> Trouble {
    let code = told.code();
    // A message's detail may quote a stored value: it is left out.
    let text = format!("{what}: {} ({})", told.message(), code.code());
    let is_of = |classes: &[&str]| classes.iter().any(|class| code.code().starts_with(class));
    if *code == SqlState::UNIQUE_VIOLATION {
        Trouble::Again(format!("unique {text}"))
    } else if AGAIN.contains(code) || code.code() == STALE {
        Trouble::Again(text)
    } else if is_fatal(told) || is_of(DOWN) || *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        Trouble::Down(text)
    } else if is_of(POISON) {
        Trouble::Poison(text)
    } else {
        Trouble::Broken(Fault::new(text))
    }
}

/// How a COMMIT with this error ended. Only an error that PostgreSQL raises before it writes the commit is a
/// certain end: a deferred constraint, a serialization failure.
pub(super) fn failed_commit(error: &Error) -> Commit {
    match error.as_db_error() {
        Some(told) if !is_fatal(told) => match trouble_told("commit", told) {
            Trouble::Down(text) => Commit::Unknown(text),
            certain @ (Trouble::Again(_) | Trouble::Poison(_) | Trouble::Broken(_)) => {
                Commit::Aborted(certain)
            }
        },
        Some(_) | None => Commit::Unknown(format!("commit: {}", whole(error))),
    }
}

/// Did the error end the connection too?
fn is_fatal(told: &DbError) -> bool {
    matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}

/// An error with its causes.
pub(super) fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
