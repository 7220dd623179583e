//! Migrations: once, in order, and never over what another Kadi made.

use kadi_store::{Trouble, migrate};

use crate::store::Store;

pub(crate) fn migrating_twice_changes_nothing(store: &Store) {
    store.session().take_block(5).unwrap();
    migrate(&store.location).unwrap();
    assert_eq!(store.session().take_block(1).unwrap(), 6..7);
}

pub(crate) fn a_database_of_a_newer_kadi_is_refused(store: &Store) {
    store
        .behind()
        .execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
             VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')",
        )
        .unwrap();
    refused(store);
}

pub(crate) fn a_database_of_a_changed_kadi_is_refused(store: &Store) {
    store.behind().execute("UPDATE refinery_schema_history SET checksum = '1' WHERE version = 1").unwrap();
    refused(store);
}

fn refused(store: &Store) {
    let refusal = migrate(&store.location);
    assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.contains("migration")), "{refusal:?}");
}
