//! Backups are whole: one instant, one file, for its owner only, under its name when it is durable and
//! checked.

use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use kadi_domain::time::Timestamp;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{BackupFault, Commit, Location, Reader, Session, backup, migrate};

use crate::store::Store;

const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);

/// A place for backups.
pub(crate) struct Shelf(tempfile::TempDir);

impl Shelf {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of everything on it.
    pub(crate) fn names(&self) -> Vec<String> {
        names(self.0.path())
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Writes over the middle of a database file, so that pages of its tables make no sense.
pub(crate) fn damage(file: &Path) {
    let file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    let length = file.metadata().unwrap().len();
    file.write_all_at(&vec![0xA5; usize::try_from(length / 2).unwrap()], length / 4).unwrap();
}

/// Two values in one batch: seeing one of them without the other is seeing half a commit.
fn write_pairs(session: &mut Session, stop: &AtomicBool) {
    for number in 0.. {
        let mut needs = Needs::default();
        needs.values.extend(["left", "right"]);
        let mut view = session.load(&needs).unwrap();
        let text = format!("{number} {}", "x".repeat(20_000));
        view.apply(Changes { values: vec![("left", text.clone()), ("right", text)], ..Changes::default() });
        assert_eq!(session.save(&view, [1; 16]), Commit::Committed);
        session.checkpoint_if_due().unwrap();
        if stop.load(Ordering::Relaxed) {
            return;
        }
    }
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The value in a backup, read behind Kadi's back.
fn value(file: &Path, name: &str) -> String {
    let backup = rusqlite::Connection::open(file).unwrap();
    backup.query_row("SELECT value FROM value WHERE name = ?1", [name], |row| row.get(0)).unwrap()
}

#[test]
fn a_backup_beside_a_busy_writer_is_one_instant() {
    let store = Store::sqlite();
    let shelf = Shelf::new();
    let (mut session, stop) = (store.session(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| write_pairs(&mut session, &stop));
        // Also where the test fails, so that the scope ends.
        let _stop = Stop(&stop);
        let reader = store.reader();
        let mut earlier = None;
        for number in 0..20 {
            while reader.value("left").unwrap() == earlier {}
            let before = reader.value("left").unwrap().unwrap();
            let file = shelf.path(&number.to_string());
            backup(&store.location, &file, NOW).unwrap();
            let left = value(&file, "left");
            assert_eq!(left, value(&file, "right"));
            let count = |text: &str| text.split(' ').next().unwrap().parse::<u64>().unwrap();
            assert!(count(&left) >= count(&before), "what was answered before is in it");
            earlier = Some(left);
        }
    });
}

#[test]
fn a_backup_is_one_file_for_its_owner_only() {
    let store = Store::sqlite();
    let _writer = store.session();
    let shelf = Shelf::new();
    let made = backup(&store.location, &shelf.path("b"), NOW).unwrap();
    assert_eq!(shelf.names(), ["b"], "no log, no draft");
    let facts = std::fs::metadata(shelf.path("b")).unwrap();
    assert_eq!((facts.permissions().mode() & 0o777, facts.len()), (0o600, made.bytes));
    assert_eq!(made.schema, 4);
    assert_eq!(value(&shelf.path("b"), "backup_taken_at"), NOW.ms().to_string());
}

#[test]
fn a_backup_replaces_nothing() {
    let store = Store::sqlite();
    let shelf = Shelf::new();
    std::fs::write(shelf.path("letter"), "dear").unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", shelf.path("dangling")).unwrap();
    for name in ["letter", "dangling"] {
        let fault = backup(&store.location, &shelf.path(name), NOW).unwrap_err();
        assert!(matches!(&fault, BackupFault::Exists(path) if path.ends_with(name)), "{fault}");
    }
    assert_eq!(std::fs::read_to_string(shelf.path("letter")).unwrap(), "dear");
    assert_eq!(shelf.names(), ["dangling", "letter"]);
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let store = Store::sqlite();
    let shelf = Shelf::new();
    let nowhere = backup(&store.location, Path::new("/nowhere/at/all/b"), NOW).unwrap_err();
    assert!(matches!(&nowhere, BackupFault::Io { path, .. } if path == Path::new("/nowhere/at/all")));
    let absent = backup(&Location::sqlite(shelf.path("absent.db")), &shelf.path("b"), NOW).unwrap_err();
    assert!(absent.to_string().contains("absent.db"), "{absent}");
    store.put(Changes { values: vec![("bulk", "x".repeat(500_000))], ..Changes::default() });
    damage(&store.file());
    let damaged = backup(&store.location, &shelf.path("b"), NOW).unwrap_err();
    assert!(matches!(damaged, BackupFault::Damaged(_) | BackupFault::Store(_)), "{damaged}");
    assert_eq!(shelf.names(), Vec::<String>::new());
}

/// What SQLite's own check finds and nothing else would: a value against its rule.
pub(crate) const BREAK_A_RULE: &str = "PRAGMA ignore_check_constraints = ON; UPDATE id_block SET next = 0";

#[test]
fn a_database_against_its_rules_is_not_backed_up() {
    let store = Store::sqlite();
    store.behind().execute(BREAK_A_RULE).unwrap();
    let shelf = Shelf::new();
    let fault = backup(&store.location, &shelf.path("b"), NOW).unwrap_err();
    assert!(matches!(&fault, BackupFault::Damaged(what) if what.contains("id_block")), "{fault}");
    assert_eq!(shelf.names(), Vec::<String>::new());
}

#[test]
fn a_database_of_a_newer_kadi_is_not_backed_up_by_an_older_one() {
    let store = Store::sqlite();
    store.behind().migrate_by_a_newer_kadi();
    let shelf = Shelf::new();
    let fault = backup(&store.location, &shelf.path("b"), NOW).unwrap_err();
    assert!(fault.to_string().contains("migration 99 (later)"), "{fault}");
    assert_eq!(shelf.names(), Vec::<String>::new());
}

#[test]
fn a_backup_is_never_opened_as_a_store() {
    let store = Store::sqlite();
    let shelf = Shelf::new();
    backup(&store.location, &shelf.path("b"), NOW).unwrap();
    let location = Location::sqlite(shelf.path("b"));
    let refusals = [
        migrate(&location).unwrap_err(),
        Session::open(&location, 1).unwrap_err(),
        Reader::open(&location).unwrap_err(),
    ];
    for refusal in refusals {
        assert!(refusal.to_string().contains("put it in place with `kadi restore`"), "{refusal}");
    }
}
