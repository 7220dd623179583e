//! Servers under whose settings a promise would not hold stop the start, each by name and for real. The table
//! of all refusals is the binary's.

use kadi_store::{Location, Reader, Session, Trouble, migrate};
use kadi_testkit::postgres::Cluster;

use crate::lonely::Lonely;
use crate::store::{Store, location};

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
