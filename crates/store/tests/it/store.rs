//! A store for one test: a database of its own, gone with the test.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Location, PostgresAddress, Reader, Session, migrate};
use kadi_testkit::postgres::{Cluster, Database};
use tempfile::TempDir;

use crate::behind::Behind;
use crate::world;

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
        static EMPTY: OnceLock<Database> = OnceLock::new();
        let empty = EMPTY.get_or_init(|| {
            let database = Cluster::shared().database();
            migrate(&location(&database)).unwrap();
            database
        });
        Self::in_database(Cluster::shared().copy(empty))
    }

    /// A store with the world in it.
    pub(crate) fn sqlite_world() -> Self {
        static WORLD: OnceLock<Vec<u8>> = OnceLock::new();
        let world = WORLD.get_or_init(|| {
            let store = Self::sqlite();
            world::build(&store);
            std::fs::read(store.copy().file()).unwrap()
        });
        let store = Self::in_folder(tempfile::tempdir().unwrap());
        std::fs::write(store.file(), world).unwrap();
        store
    }

    /// A store with the world in it.
    pub(crate) fn postgres_world() -> Self {
        static WORLD: OnceLock<Store> = OnceLock::new();
        let world = WORLD.get_or_init(|| {
            let store = Self::postgres();
            world::build(&store);
            store
        });
        world.copy()
    }

    pub(crate) fn in_folder(folder: TempDir) -> Self {
        Self { location: Location::sqlite(folder.path().join("kadi.db")), place: Place::Folder(folder) }
    }

    pub(crate) fn in_database(database: Database) -> Self {
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

    /// The database of a store in PostgreSQL.
    pub(crate) fn database(&self) -> &Database {
        match &self.place {
            Place::Folder(_) => panic!("a file is no database of a cluster"),
            Place::Database(database) => database,
        }
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
            Place::Database(database) => Behind::Postgres(database.connect()),
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
