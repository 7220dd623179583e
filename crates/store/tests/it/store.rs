//! A store for one test: a database in a folder of its own, gone with the test.

use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Location, Reader, Session, migrate};
use tempfile::TempDir;

pub(crate) struct Store {
    pub(crate) location: Location,
    folder: TempDir,
}

impl Store {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::sqlite(folder.path().join("kadi.db"));
        migrate(&location).unwrap();
        Self { location, folder }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The database file.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("kadi.db")
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

    /// The same database once more, in a folder of its own.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::sqlite(folder.path().join("kadi.db"));
        self.behind().execute("VACUUM INTO ?1", [folder.path().join("kadi.db").to_str().unwrap()]).unwrap();
        Self { location, folder }
    }

    /// The database behind Kadi's back.
    pub(crate) fn behind(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }
}

/// One batch with these changes, and how it ended.
pub(crate) fn try_put(session: &mut Session, changes: Changes) -> Commit {
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(changes);
    session.save(&view, [7; 16])
}
