//! Restoring: what may become a store again, what may not, and where its ids go on.

use std::path::Path;

use kadi_domain::time::{DAY_MS, Timestamp};
use kadi_domain::work::Changes;
use kadi_store::{BackupFault, Location, Reader, Restore, Session, backup, migrate};

use crate::backups::{BREAK_A_RULE, Shelf, damage};
use crate::sample;
use crate::store::Store;

const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);

/// A store with something in it, and its backup on a shelf.
fn backed_up() -> (Store, Shelf) {
    let store = Store::sqlite();
    store.put(sample::ground(&[5, 6]));
    store.put(Changes { values: vec![("bulk", "x".repeat(500_000))], ..Changes::default() });
    store.session().take_block(1_000).unwrap();
    let shelf = Shelf::new();
    backup(&store.location, &shelf.path("b"), NOW).unwrap();
    (store, shelf)
}

fn restore(file: &Path, home: &Path, now: Timestamp) -> Result<(), BackupFault> {
    Restore::prepare(&Location::sqlite(home.join("kadi.db")), file, now)?.finish()
}

/// The refusal of this file, which leaves no trace.
fn refusal(file: &Path) -> BackupFault {
    let home = Shelf::new();
    let fault = restore(file, &home.path(""), NOW).unwrap_err();
    assert_eq!(home.names(), Vec::<String>::new(), "{fault}");
    fault
}

#[test]
fn a_restored_store_holds_what_was_backed_up_and_goes_on() {
    let (store, shelf) = backed_up();
    let home = Shelf::new();
    let location = Location::sqlite(home.path("kadi.db"));
    let restore = Restore::prepare(&location, &shelf.path("b"), NOW).unwrap();
    assert_eq!(restore.taken_at(), NOW);
    assert_eq!(restore.value("bulk").unwrap().map(|text| text.len()), Some(500_000));
    assert_eq!(restore.value("absent").unwrap(), None);
    assert!(!home.path("kadi.db").exists(), "not before it is finished");
    restore.finish().unwrap();
    assert_eq!(home.names(), ["kadi.db"]);
    migrate(&location).unwrap();
    let link = sample::link(5).id;
    let reader = Reader::open(&location).unwrap();
    assert_eq!(reader.link(link).unwrap(), store.reader().link(link).unwrap());
    assert_eq!(reader.value("backup_taken_at").unwrap(), None);
}

#[test]
fn ids_given_out_after_the_backup_are_never_given_again() {
    let (store, shelf) = backed_up();
    let after_the_backup = store.session().take_block(1_000_000).unwrap();
    let mut used = vec![after_the_backup];
    // The same backup, restored again and again.
    for day in [0, 1, 2] {
        let home = Shelf::new();
        restore(&shelf.path("b"), &home.path(""), NOW.plus_ms(day * DAY_MS)).unwrap();
        let mut session = Session::open(&Location::sqlite(home.path("kadi.db")), 1).unwrap();
        used.push(session.take_block(1_000_000).unwrap());
    }
    assert!(used.windows(2).all(|pair| pair[0].end < pair[1].start), "{used:?}");
}

#[test]
fn a_store_that_is_there_is_not_replaced() {
    let (_store, shelf) = backed_up();
    for name in ["kadi.db", "kadi.db-wal", "kadi.db-shm", "kadi.db-journal"] {
        let home = Shelf::new();
        std::fs::write(home.path(name), "").unwrap();
        let fault = restore(&shelf.path("b"), &home.path(""), NOW).unwrap_err();
        assert!(matches!(&fault, BackupFault::Occupied(path) if path.ends_with(name)), "{fault}");
        assert_eq!(home.names(), [name]);
    }
}

#[test]
fn whatever_is_no_whole_backup_is_refused_by_name() {
    let (store, shelf) = backed_up();
    std::fs::write(shelf.path("letter"), "this is a letter and no database ".repeat(50)).unwrap();
    std::fs::write(shelf.path("empty"), "").unwrap();
    std::fs::create_dir(shelf.path("folder")).unwrap();
    store.behind().execute(&format!("VACUUM INTO '{}'", shelf.path("copy").display())).unwrap();
    std::fs::copy(shelf.path("b"), shelf.path("logged")).unwrap();
    std::fs::write(shelf.path("logged-wal"), "log").unwrap();
    let changed = |name: &str, sql: &str| {
        std::fs::copy(shelf.path("b"), shelf.path(name)).unwrap();
        rusqlite::Connection::open(shelf.path(name)).unwrap().execute(sql, []).unwrap();
    };
    changed("newer", "INSERT INTO refinery_schema_history VALUES (99, 'later', 'now', '1')");
    changed("other", "UPDATE refinery_schema_history SET checksum = '1'");
    std::fs::copy(shelf.path("b"), shelf.path("against-rules")).unwrap();
    let against = rusqlite::Connection::open(shelf.path("against-rules")).unwrap();
    against.execute_batch(BREAK_A_RULE).unwrap();
    changed("no-history", "DELETE FROM refinery_schema_history");
    changed("no-instant", "DELETE FROM value WHERE name = 'backup_taken_at'");
    let table = [
        ("letter", "cannot be restored: file is not a database"),
        ("empty", "cannot be restored: it was not made by kadi backup"),
        ("folder", "cannot be restored: it is no file"),
        ("copy", "cannot be restored: it was not made by kadi backup"),
        ("logged", "logged-wal belongs to it, so it is in use"),
        ("newer", "it has migration 99 (later), which this Kadi does not know"),
        ("other", "it has migration 1 (first), which this Kadi does not know"),
        ("no-history", "it holds no tables of Kadi"),
        ("against-rules", "damaged: CHECK constraint failed in id_block"),
        ("no-instant", "Query returned no rows"),
        ("absent", "absent: No such file or directory"),
    ];
    for (name, reason) in table {
        let fault = refusal(&shelf.path(name)).to_string();
        assert!(fault.contains(reason), "{name}: {fault}");
    }
}

#[test]
fn a_damaged_or_cut_backup_is_refused() {
    let (_store, shelf) = backed_up();
    std::fs::copy(shelf.path("b"), shelf.path("cut")).unwrap();
    let cut = std::fs::OpenOptions::new().write(true).open(shelf.path("cut")).unwrap();
    cut.set_len(cut.metadata().unwrap().len() - 4_096).unwrap();
    damage(&shelf.path("b"));
    for name in ["b", "cut"] {
        refusal(&shelf.path(name));
    }
}

#[test]
fn a_clock_before_the_backup_stops_the_restore() {
    let (_store, shelf) = backed_up();
    let home = Shelf::new();
    let fault = restore(&shelf.path("b"), &home.path(""), NOW.plus_ms(-1_000)).unwrap_err();
    assert!(matches!(fault, BackupFault::ClockBehind), "{fault}");
    assert_eq!(home.names(), Vec::<String>::new());
}
