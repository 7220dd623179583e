//! What PostgreSQL's errors mean, each made for real.

use kadi_domain::id::LinkId;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Location, PostgresAddress, Reader, Session, Trouble, migrate};
use kadi_testkit::postgres::Cluster;

use crate::lonely::{FOR_LOCK, until};
use crate::sample;
use crate::store::{Store, try_put};

fn load(session: &mut Session, links: &[i64]) -> Result<View, Trouble> {
    let links = links.iter().map(|id| LinkId::new(*id)).collect();
    session.load(&Needs { links, ..Needs::default() })
}

fn lock(link: i64) -> String {
    format!("SELECT id FROM link WHERE id = {link} FOR UPDATE")
}

/// The victim is Kadi's session, for the other one looks for deadlocks later.
#[test]
fn a_deadlock_is_decided_again() {
    let store = Store::postgres();
    store.put(sample::ground(&[5, 6]));
    let by_hand = store.database().connect();
    by_hand.execute("SET deadlock_timeout = '1h'; BEGIN").unwrap();
    by_hand.query(&lock(6));
    let mut session = store.session();
    let loading = std::thread::spawn(move || {
        let end = load(&mut session, &[5, 6]);
        (end, session)
    });
    let watcher = store.database().connect();
    until(|| {
        let waiting =
            format!("SELECT 1 FROM pg_stat_activity WHERE {FOR_LOCK} AND datname = current_database()");
        (!watcher.query(&waiting).is_empty()).then_some(())
    });
    // It holds 5 and waits for 6.
    assert_eq!(by_hand.query(&lock(5)), [["5"]]);
    let (end, mut session) = loading.join().unwrap();
    assert!(matches!(&end, Err(Trouble::Again(what)) if what.contains("40P01")), "{end:?}");
    by_hand.execute("COMMIT").unwrap();
    load(&mut session, &[5, 6]).unwrap();
    session.rollback();
}

/// SQLite stores it; PostgreSQL has no such text.
#[test]
fn a_text_with_a_zero_in_it_is_poison() {
    let store = Store::postgres();
    let mut session = store.session();
    let values = vec![("a", "nothing\0more".to_owned()), ("b", "1".to_owned())];
    let end = try_put(&mut session, Changes { values, ..Changes::default() });
    assert!(matches!(&end, Commit::Aborted(Trouble::Poison(what)) if what.contains("22021")), "{end:?}");
    assert!(!format!("{end:?}").contains("nothing"), "a refusal quotes no value: {end:?}");
    assert_eq!(store.reader().values_under("").unwrap(), vec![]);
    store.put(sample::ground(&[5]));
}

/// A rule that PostgreSQL checks only at the COMMIT itself.
#[test]
fn a_rule_that_the_commit_breaks_is_poison_and_no_unknown_end() {
    let store = Store::postgres();
    store
        .behind()
        .execute(
            "CREATE FUNCTION late() RETURNS TRIGGER LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON value DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION late()",
        )
        .unwrap();
    let mut session = store.session();
    let end = try_put(&mut session, Changes { values: vec![("a", "1".into())], ..Changes::default() });
    assert!(
        matches!(&end, Commit::Aborted(Trouble::Poison(what)) if what.starts_with("commit: no")),
        "{end:?}"
    );
    assert_eq!(store.reader().values_under("").unwrap(), vec![]);
    assert_eq!(try_put(&mut session, sample::ground(&[5])), Commit::Committed, "the session goes on");
}

#[test]
fn a_statement_that_the_server_does_not_know_is_broken() {
    let store = Store::postgres();
    let mut session = store.session();
    store.behind().execute("ALTER TABLE value RENAME COLUMN value TO worth").unwrap();
    let end = session.load(&Needs { values: ["a"].into(), ..Needs::default() });
    assert!(matches!(&end, Err(Trouble::Broken(_))), "{end:?}");
}

#[test]
fn a_database_that_lets_nobody_in_is_down() {
    let store = Store::postgres();
    let name = store.database().name();
    let first = Cluster::shared().first_database();
    first.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).unwrap();
    down(&store.location, name);
    first.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).unwrap();
    store.put(Changes::default());
    let url = store.database().url();
    let absent = PostgresAddress::parse(&url.replace(name, "absent")).unwrap();
    down(&Location::Postgres(absent), "does not exist");
    let nowhere = PostgresAddress::parse("postgres://kadi@%2Fnowhere/kadi").unwrap();
    down(&Location::Postgres(nowhere), "connect");
}

fn down(location: &Location, why: &str) {
    let refusals =
        [Session::open(location, 1).map(drop), Reader::open(location).map(drop), migrate(location)];
    for refusal in refusals {
        assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.contains(why)), "{refusal:?}");
    }
}
