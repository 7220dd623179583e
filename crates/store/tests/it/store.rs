//! A store for one test: a database of its own, gone with the test.

use std::path::{Path, PathBuf};

use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Location, PostgresAddress, Reader, Session, migrate};
use kadi_testkit::postgres::{Cluster, Database};
use rusqlite::types::ValueRef;
use tempfile::TempDir;

pub(crate) struct Store {
    pub(crate) location: Location,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Database(Database),
}

impl Store {
    pub(crate) fn sqlite() -> Self {
        let store = Self::in_folder(tempfile::tempdir().unwrap());
        migrate(&store.location).unwrap();
        store
    }

    pub(crate) fn postgres() -> Self {
        let store = Self::in_database(Cluster::shared().database());
        migrate(&store.location).unwrap();
        store
    }

    fn in_folder(folder: TempDir) -> Self {
        Self { location: Location::sqlite(folder.path().join("kadi.db")), place: Place::Folder(folder) }
    }

    fn in_database(database: Database) -> Self {
        Self { location: location(&database), place: Place::Database(database) }
    }

    /// The folder of an embedded store.
    pub(crate) fn folder(&self) -> &Path {
        match &self.place {
            Place::Folder(folder) => folder.path(),
            Place::Database(_) => panic!("a database has no folder"),
        }
    }

    /// The file of an embedded store.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("kadi.db")
    }

    pub(crate) fn session(&self) -> Session {
        Session::open(&self.location, 1).unwrap()
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.location).unwrap()
    }

    /// Carries out one batch that asks for nothing and makes these changes.
    pub(crate) fn put(&self, changes: Changes) {
        assert_eq!(try_put(&mut self.session(), changes), Commit::Committed);
    }

    /// What a batch that asks for this sees.
    pub(crate) fn load(&self, ask: impl FnOnce(&mut Needs)) -> View {
        let mut needs = Needs::default();
        ask(&mut needs);
        self.session().load(&needs).unwrap()
    }

    /// The same database once more. Nobody may be connected to it.
    pub(crate) fn copy(&self) -> Self {
        match &self.place {
            Place::Folder(_) => {
                let copy = Self::in_folder(tempfile::tempdir().unwrap());
                self.behind().execute(&format!("VACUUM INTO '{}'", copy.file().display())).unwrap();
                copy
            }
            Place::Database(database) => Self::in_database(Cluster::shared().copy(database)),
        }
    }

    /// The database behind Kadi's back.
    pub(crate) fn behind(&self) -> Behind {
        match &self.place {
            Place::Folder(_) => Behind::Sqlite(rusqlite::Connection::open(self.file()).unwrap()),
            Place::Database(database) => Behind::Postgres(database.clone()),
        }
    }
}

/// A way into a database that does not pass through Kadi.
pub(crate) enum Behind {
    Sqlite(rusqlite::Connection),
    Postgres(Database),
}

impl Behind {
    /// Runs statements; how many rows the last one changed, or what the database refused.
    pub(crate) fn execute(&self, statements: &str) -> Result<u64, String> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(statements).map_err(|error| error.to_string())?;
                Ok(connection.changes())
            }
            Self::Postgres(database) => database.execute(statements),
        }
    }

    /// What a query gives, every cell as text: bytes in hexadecimal, nothing as an empty text.
    pub(crate) fn query(&self, query: &str) -> Vec<Vec<String>> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare(query).unwrap();
                let columns = prepared.column_count();
                let rows = prepared
                    .query_map([], |row| Ok((0..columns).map(|at| text(row.get_ref(at).unwrap())).collect()));
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(database) => database.query(query),
        }
    }

    /// The single number that a query gives.
    pub(crate) fn number(&self, query: &str) -> i64 {
        self.query(query)[0][0].parse().unwrap()
    }
}

fn text(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        ValueRef::Blob(bytes) => {
            // As PostgreSQL writes it.
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("\\x{digits}")
        }
    }
}

/// Where a test's PostgreSQL database is.
pub(crate) fn location(database: &Database) -> Location {
    Location::Postgres(PostgresAddress::parse(&database.url()).unwrap())
}

/// One batch with these changes, and how it ended.
pub(crate) fn try_put(session: &mut Session, changes: Changes) -> Commit {
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(changes);
    session.save(&view, [7; 16])
}
