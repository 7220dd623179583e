//! Files and settings that stop the start, each by name.

use std::os::unix::fs::PermissionsExt;

use kadi_store::{Location, Reader, Session, Trouble, migrate};

use crate::store::Store;

fn refusal(location: &Location) -> String {
    match (Session::open(location, 1), Reader::open(location)) {
        (Err(session), Err(reader)) => {
            assert_eq!(session, reader, "both refuse alike");
            session.to_string()
        }
        (session, reader) => panic!("opened: {} {}", session.is_ok(), reader.is_ok()),
    }
}

#[test]
fn an_absent_file_is_never_made_by_a_session() {
    let store = Store::sqlite();
    let location = Location::sqlite(store.folder().join("absent.db"));
    assert!(refusal(&location).contains("absent.db"));
    assert!(!store.folder().join("absent.db").exists());
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let store = Store::sqlite();
    let location = Location::sqlite(store.folder().join("text.db"));
    std::fs::write(store.folder().join("text.db"), "this is a letter and no database ".repeat(50)).unwrap();
    assert!(refusal(&location).contains("not a database"), "{}", refusal(&location));
    assert!(migrate(&location).is_err());
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let location = Location::sqlite("/nowhere/at/all/kadi.db");
    let trouble = migrate(&location).unwrap_err();
    assert!(matches!(&trouble, Trouble::Down(what) if what.contains("/nowhere/at/all/kadi.db")), "{trouble}");
}

#[test]
fn a_new_file_is_for_its_owner_only() {
    let store = Store::sqlite();
    let mode = std::fs::metadata(store.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
