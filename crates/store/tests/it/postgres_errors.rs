//! What PostgreSQL's errors mean, each made for real.

use kadi_domain::id::LinkId;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Reader, Session, Trouble, migrate};

use crate::lonely::{FOR_LOCK, Lonely, until};
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

#[test]
fn a_lock_that_is_not_given_in_time_is_decided_again() {
    let store = Store::postgres();
    store.put(sample::ground(&[5]));
    let by_hand = store.database().connect();
    by_hand.execute("BEGIN").unwrap();
    by_hand.query(&lock(5));
    let mut session = store.session();
    let end = load(&mut session, &[5]);
    assert!(matches!(&end, Err(Trouble::Again(what)) if what.contains("55P03")), "{end:?}");
    by_hand.execute("COMMIT").unwrap();
    load(&mut session, &[5]).unwrap();
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
            "CREATE FUNCTION late() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
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

/// The server goes away and comes back: whoever was connected hears so, at once and from then on; a new session
/// works.
#[test]
fn a_server_that_goes_away_is_down_until_a_new_session() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let (mut session, reader) = (store.session(), store.reader());
    lonely.kill(&lonely.waiting("datname <> 'postgres' AND state = 'idle'"));
    let answers = [
        session.load(&Needs { values: ["a"].into(), ..Needs::default() }).map(drop),
        session.take_block(1).map(drop),
        reader.value("a").map(drop),
        reader.snapshot(|reader| reader.value("a")).map(drop),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(Trouble::Down(_))), "{answer:?}");
    }
    session.rollback();
    assert_eq!(try_put(&mut store.session(), Changes::default()), Commit::Committed);
    assert_eq!(store.reader().value("a").unwrap(), None);
}

#[test]
fn a_database_that_lets_nobody_in_is_down() {
    let store = Store::postgres();
    let (name, first) = (store.database().name(), kadi_testkit::postgres::Cluster::shared().first_database());
    first.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).unwrap();
    for refusal in [
        Session::open(&store.location, 1).map(drop),
        Reader::open(&store.location).map(drop),
        migrate(&store.location),
    ] {
        assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.contains(name)), "{refusal:?}");
    }
    first.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).unwrap();
    store.put(Changes::default());
    first.execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    let refusal = Session::open(&store.location, 1).map(drop);
    assert!(matches!(&refusal, Err(Trouble::Down(what)) if what.contains("does not exist")), "{refusal:?}");
}
