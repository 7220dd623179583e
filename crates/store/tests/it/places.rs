//! Files that are moved away, deleted or replaced under a running server: nothing is acknowledged into
//! nowhere.

use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Location, Reader, Session, Trouble, migrate};

use crate::store::{Store, try_put};

fn value(text: &str) -> Changes {
    Changes { values: vec![("name", text.to_owned())], ..Changes::default() }
}

fn down(trouble: &Trouble, name: &str) {
    assert!(matches!(trouble, Trouble::Down(what) if what.contains(name)), "{trouble}");
}

/// The files of a store, moved to these ends of their names.
fn move_all(store: &Store, from: &str, to: &str) {
    for end in ["", "-wal", "-shm"] {
        let path = |place: &str| format!("{}{end}{place}", store.file().display());
        std::fs::rename(path(from), path(to)).unwrap();
    }
}

#[test]
fn a_database_that_is_away_is_down_and_goes_on_when_it_is_back() {
    let store = Store::sqlite();
    let (mut session, reader) = (store.session(), store.reader());
    assert_eq!(try_put(&mut session, value("a")), Commit::Committed);
    move_all(&store, "", ".away");
    down(&session.load(&Needs::default()).unwrap_err(), "kadi.db: No such file");
    assert!(!reader.is_usable());
    down(&Session::open(&store.location, 1).unwrap_err(), "unable to open database file");
    move_all(&store, ".away", "");
    assert!(reader.is_usable());
    assert_eq!(reader.value("name").unwrap().as_deref(), Some("a"));
    assert_eq!(session.load(&Needs::default()).map(|_| ()), Ok(()));
}

#[test]
fn a_commit_into_files_that_are_not_in_their_place_is_not_acknowledged() {
    for end in ["", "-wal", "-shm"] {
        let store = Store::sqlite();
        let mut session = store.session();
        let mut view = session.load(&Needs::default()).unwrap();
        view.apply(value("lost"));
        std::fs::remove_file(format!("{}{end}", store.file().display())).unwrap();
        let end_of_commit = session.save(&view, [1; 16]);
        let absent = format!("kadi.db{end}: No such");
        assert!(
            matches!(&end_of_commit, Commit::Unknown(what) if what.contains(&absent)),
            "{end}: {end_of_commit:?}"
        );
    }
}

#[test]
fn a_server_takes_no_other_database_for_its_own() {
    let store = Store::sqlite();
    let pinned = store.location.pinned().unwrap();
    assert_eq!(try_put(&mut Session::open(&pinned, 1).unwrap(), value("own")), Commit::Committed);
    let mut session = Session::open(&pinned, 1).unwrap();
    move_all(&store, "", ".away");
    migrate(&store.location).unwrap();
    let other = Session::open(&store.location, 1).unwrap();
    down(&session.load(&Needs::default()).unwrap_err(), "kadi.db is another file");
    down(&Session::open(&pinned, 1).unwrap_err(), "kadi.db is another file");
    down(&Reader::open(&pinned).unwrap_err(), "kadi.db is another file");
    drop((session, other));
    for end in ["", "-wal", "-shm"] {
        // What the other one left is not in the way of the first.
        let _ = std::fs::remove_file(format!("{}{end}", store.file().display()));
    }
    move_all(&store, ".away", "");
    assert_eq!(Reader::open(&pinned).unwrap().value("name").unwrap().as_deref(), Some("own"));
}

#[test]
fn whoever_lost_its_place_leaves_the_log_of_the_next_alone() {
    let store = Store::sqlite();
    let first = store.session();
    move_all(&store, "", ".away");
    migrate(&store.location).unwrap();
    let mut second = store.session();
    assert_eq!(try_put(&mut second, value("second")), Commit::Committed);
    let log = store.file().with_extension("db-wal");
    assert!(log.exists());
    drop(first);
    assert!(log.exists(), "the log of the second was removed by its name");
    let more = Changes { values: vec![("more", "x".to_owned())], ..Changes::default() };
    assert_eq!(try_put(&mut second, more), Commit::Committed);
    assert_eq!(store.reader().value("name").unwrap().as_deref(), Some("second"));
}

#[test]
fn a_file_that_may_only_be_read_is_no_store_to_write_to() {
    let store = Store::sqlite();
    // SQLite reads files of a future format and never writes them: as good as a read-only mount, also for
    // root.
    drop(store.session());
    let mut bytes = std::fs::read(store.file()).unwrap();
    bytes[18] = 3;
    std::fs::write(store.file(), bytes).unwrap();
    let location = Location::sqlite(store.file());
    down(&Session::open(&location, 1).unwrap_err(), "may only be read");
}
