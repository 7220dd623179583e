//! Migrations: once, by whoever is first, and never over what another Kadi made.

use std::process::{Command, Stdio};
use std::sync::Barrier;

use kadi_store::{Location, PostgresAddress, Trouble, migrate};
use kadi_testkit::postgres::{Cluster, Database};

use crate::store::{Store, location};

/// Where the test below, when it is its own child, finds the address of the database.
const ADDRESS: &str = "KADI_TEST_MIGRATES";

pub(crate) fn migrating_twice_changes_nothing(store: &Store) {
    store.session().take_block(5).unwrap();
    migrate(&store.location).unwrap();
    assert_eq!(store.session().take_block(1).unwrap(), 6..7);
}

pub(crate) fn a_database_of_a_newer_kadi_is_refused(store: &Store) {
    store.behind().migrate_by_a_newer_kadi();
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

/// The tables are there once, and so is what the migrations put into them.
fn made_once(database: &Database) {
    let count = |query: &str| database.query(query)[0][0].clone();
    assert_eq!(count("SELECT count(*) FROM refinery_schema_history WHERE version = 1"), "1");
    assert_eq!(count("SELECT count(*) FROM id_block"), "1");
    migrate(&location(database)).unwrap();
}

#[test]
fn threads_that_migrate_one_database_together_all_succeed() {
    for _ in 0..2 {
        let database = Cluster::shared().database();
        let together = Barrier::new(4);
        std::thread::scope(|scope| {
            let migrating = [(); 4].map(|()| {
                scope.spawn(|| {
                    together.wait();
                    migrate(&location(&database))
                })
            });
            for end in migrating {
                assert_eq!(end.join().unwrap(), Ok(()));
            }
        });
        made_once(&database);
    }
}

#[test]
fn two_processes_that_migrate_one_database_together_both_succeed() {
    if let Ok(address) = std::env::var(ADDRESS) {
        let address = PostgresAddress::parse(&address).unwrap();
        migrate(&Location::Postgres(address)).unwrap();
        return;
    }
    let database = Cluster::shared().database();
    let test = "migrations::two_processes_that_migrate_one_database_together_both_succeed";
    let migrating = [(); 2].map(|()| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", test]).env(ADDRESS, database.url()).stdout(Stdio::piped());
        child.spawn().unwrap()
    });
    for child in migrating {
        let end = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&end.stdout);
        assert!(end.status.success() && said.contains("1 passed"), "{said}");
    }
    made_once(&database);
}
