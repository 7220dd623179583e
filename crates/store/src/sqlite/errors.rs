//! The classes of SQLite's errors.

use kadi_domain::refusal::Fault;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};
use rusqlite::{Error, ErrorCode};

use crate::trouble::{Commit, Trouble};

/// Another connection has a lock.
const BUSY: &[ErrorCode] = &[ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
/// A value that can never be stored.
const POISON: &[ErrorCode] = &[ErrorCode::ConstraintViolation, ErrorCode::TooBig, ErrorCode::TypeMismatch];
/// The disk, the file or the memory fails.
const DOWN: &[ErrorCode] = &[
    ErrorCode::CannotOpen,
    ErrorCode::DiskFull,
    ErrorCode::FileLockingProtocolFailed,
    ErrorCode::NoLargeFileSupport,
    ErrorCode::OutOfMemory,
    ErrorCode::PermissionDenied,
    ErrorCode::ReadOnly,
    ErrorCode::SystemIoFailure,
];

/// What an error means to the engine. `what` says what was being done.
pub(super) fn trouble(what: &str, error: &Error) -> Trouble {
    let text = format!("{what}: {error}");
    let Error::SqliteFailure(failure, _) = error else {
        return Trouble::Broken(Fault::new(text));
    };
    let is = |codes: &[ErrorCode]| codes.contains(&failure.code);
    if is(BUSY) {
        Trouble::Again(text)
    } else if is(&[ErrorCode::ConstraintViolation]) && is_unique(failure.extended_code) {
        Trouble::Again(format!("unique {text}"))
    } else if is(POISON) {
        Trouble::Poison(text)
    } else if is(DOWN) {
        Trouble::Down(text)
    } else {
        Trouble::Broken(Fault::new(text))
    }
}

/// How a failed COMMIT ended: after an error of the disk nobody knows; after any other the transaction still
/// stands, and the caller rolls it back. On a full disk its last page was not written, so it never took
/// place.
pub(super) fn failed_commit(error: &Error) -> Commit {
    match trouble("commit", error) {
        Trouble::Down(text) if error.sqlite_error_code() != Some(ErrorCode::DiskFull) => {
            Commit::Unknown(text)
        }
        trouble @ (Trouble::Again(_) | Trouble::Poison(_) | Trouble::Down(_) | Trouble::Broken(_)) => {
            Commit::Aborted(trouble)
        }
    }
}

const fn is_unique(extended: i32) -> bool {
    matches!(extended, SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_ROWID)
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi::{self, Error as Failure};

    use super::*;

    fn class(code: i32) -> Trouble {
        trouble("test", &Error::SqliteFailure(Failure::new(code), None))
    }

    #[test]
    fn every_class_of_error_has_its_trouble() {
        for code in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_SNAPSHOT,
            ffi::SQLITE_LOCKED,
            ffi::SQLITE_CONSTRAINT_UNIQUE,
            ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
        ] {
            assert!(matches!(class(code), Trouble::Again(_)), "{code}");
        }
        for code in [
            ffi::SQLITE_CONSTRAINT_CHECK,
            ffi::SQLITE_CONSTRAINT_NOTNULL,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
            ffi::SQLITE_CONSTRAINT_TRIGGER,
            ffi::SQLITE_CONSTRAINT_DATATYPE,
            ffi::SQLITE_TOOBIG,
            ffi::SQLITE_MISMATCH,
        ] {
            assert!(matches!(class(code), Trouble::Poison(_)), "{code}");
        }
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR, ffi::SQLITE_READONLY, ffi::SQLITE_CANTOPEN] {
            assert!(matches!(class(code), Trouble::Down(_)), "{code}");
        }
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR, ffi::SQLITE_MISUSE] {
            assert!(matches!(class(code), Trouble::Broken(_)), "{code}");
        }
    }

    #[test]
    fn an_error_of_the_disk_at_commit_is_an_unknown_end() {
        let end = |code| failed_commit(&Error::SqliteFailure(Failure::new(code), None));
        for code in [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_READONLY] {
            assert!(matches!(end(code), Commit::Unknown(_)), "{code}");
        }
        assert!(matches!(end(ffi::SQLITE_FULL), Commit::Aborted(Trouble::Down(_))));
        assert!(matches!(end(ffi::SQLITE_BUSY), Commit::Aborted(Trouble::Again(_))));
    }
}
