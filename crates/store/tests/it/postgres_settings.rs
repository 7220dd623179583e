//! Servers under whose settings a promise would not hold stop the start, each by name: as rows, and for real.

use kadi_store::{Location, PostgresFound, Reader, Session, Trouble, check_postgres, migrate};
use kadi_testkit::postgres::Cluster;

use crate::lonely::Lonely;
use crate::store::{Store, location};

fn good() -> PostgresFound {
    PostgresFound {
        version: 140_000,
        synchronous_commit: "on".into(),
        fsync: "on".into(),
        full_page_writes: "on".into(),
        server_encoding: "UTF8".into(),
        is_standby: false,
    }
}

#[test]
fn the_right_settings_pass() {
    assert_eq!(check_postgres(&good()), Ok(()));
    let stricter = PostgresFound { synchronous_commit: "remote_apply".into(), ..good() };
    assert_eq!(check_postgres(&stricter), Ok(()));
    assert_eq!(check_postgres(&PostgresFound { version: 180_001, ..good() }), Ok(()));
}

#[test]
fn every_wrong_setting_is_named() {
    let commit = |value: &str| PostgresFound { synchronous_commit: value.into(), ..good() };
    let table = [
        (PostgresFound { version: 139_999, ..good() }, "PostgreSQL 13 is older than 14"),
        (commit("off"), "synchronous_commit is off"),
        (commit("local"), "synchronous_commit is local"),
        (commit("remote_write"), "synchronous_commit is remote_write"),
        (PostgresFound { fsync: "off".into(), ..good() }, "fsync is off"),
        (PostgresFound { full_page_writes: "off".into(), ..good() }, "full_page_writes is off"),
        (PostgresFound { server_encoding: "SQL_ASCII".into(), ..good() }, "server_encoding is SQL_ASCII"),
        (PostgresFound { is_standby: true, ..good() }, "the server is a standby"),
    ];
    for (found, name) in table {
        let refusal = check_postgres(&found);
        assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.starts_with(name)), "{refusal:?}");
    }
}

/// Nobody starts on it: no session, no reader, no migration.
fn refused(location: &Location, name: &str) {
    for refusal in [Session::open(location, 1).map(drop), Reader::open(location).map(drop), migrate(location)]
    {
        assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.starts_with(name)), "{refusal:?}");
    }
}

#[test]
fn a_database_that_may_lose_commits_is_refused() {
    let store = Store::postgres();
    let name = store.database().name();
    for value in ["off", "local", "remote_write"] {
        store.behind().execute(&format!("ALTER DATABASE {name} SET synchronous_commit = {value}")).unwrap();
        refused(&store.location, &format!("synchronous_commit is {value}"));
    }
    for value in ["remote_apply", "on"] {
        store.behind().execute(&format!("ALTER DATABASE {name} SET synchronous_commit = {value}")).unwrap();
        store.session();
    }
}

#[test]
fn a_server_that_may_lose_its_files_is_refused() {
    let lonely = Lonely::new();
    let store = lonely.store();
    for name in ["fsync", "full_page_writes"] {
        lonely.set(name, "off");
        refused(&store.location, &format!("{name} is off"));
        lonely.set(name, "on");
        store.session();
    }
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let words = "ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0";
    let database = Cluster::shared().database_with(words);
    refused(&location(&database), "server_encoding is SQL_ASCII");
}

#[test]
fn a_standby_is_refused() {
    let standby = Cluster::start(&["standby.signal"]);
    refused(&location(&standby.first_database()), "the server is a standby");
}
