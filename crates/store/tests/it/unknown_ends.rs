//! Commits of unknown end, made for real: by a standby that never answers and by connections that die.

use std::thread::JoinHandle;
use std::time::Duration;

use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Session, Trouble};

use crate::lonely::{FOR_LOCK, FOR_STANDBY, Lonely, until};
use crate::store::{Store, try_put};

const MARK: [u8; 16] = [1; 16];

/// A session that is about to save a value named `a`.
struct Saving {
    session: Session,
    view: kadi_domain::view::View,
}

impl Saving {
    fn begin(store: &Store) -> Self {
        Self::over(store.session())
    }

    fn over(mut session: Session) -> Self {
        let mut view = session.load(&Needs { values: ["a"].into(), ..Needs::default() }).unwrap();
        view.apply(Changes { values: vec![("a", "1".into())], ..Changes::default() });
        Self { session, view }
    }

    /// Saves on another thread; what comes back is how it ended, with the session.
    fn save(mut self) -> JoinHandle<(Commit, Session)> {
        std::thread::spawn(move || (self.session.save(&self.view, MARK), self.session))
    }
}

fn opening(store: &Store) -> JoinHandle<Result<Session, Trouble>> {
    let location = store.location.clone();
    std::thread::spawn(move || Session::open(&location, 1))
}

fn unknown(end: &Commit) -> &str {
    match end {
        Commit::Unknown(what) => what,
        Commit::Committed | Commit::Aborted(_) => panic!("{end:?}"),
    }
}

/// An end that was heard of when it happened, not when patience was over.
fn unknown_at_once(end: &Commit) {
    assert_ne!(unknown(end), "the commit was not answered in time");
}

/// The session cannot be used any more, and its value stands or falls with its mark.
fn resolved(lonely: &Lonely, store: &Store, mut session: Session, is_stored: bool) {
    assert!(matches!(session.load(&Needs::default()), Err(Trouble::Down(_))), "the session is lost");
    session.rollback();
    assert!(matches!(session.take_block(1), Err(Trouble::Down(_))), "and stays lost");
    drop(session);
    lonely.forget_the_standby();
    assert_eq!(store.session().has_mark(MARK), is_stored);
    assert_eq!(store.reader().value("a").unwrap().is_some(), is_stored);
}

#[test]
fn a_cancelled_wait_for_the_standby() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let saving = Saving::begin(&store);
    lonely.lose_the_standby();
    let saving = saving.save();
    cancel(&lonely);
    let (end, session) = saving.join().unwrap();
    let what = unknown(&end);
    assert!(what.contains("canceling wait for synchronous replication"), "{what}");
    assert!(what.ends_with("(01000)"), "{what}");
    // What is stored here only is not believed: whoever asks waits for the standby, too.
    let asked = opening(&store);
    cancel(&lonely);
    let answer = asked.join().unwrap();
    assert!(matches!(&answer, Err(Trouble::Down(what)) if what.contains("canceling wait")), "{answer:?}");
    resolved(&lonely, &store, session, true);
}

#[test]
fn a_terminated_wait_for_the_standby() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let saving = Saving::begin(&store);
    lonely.lose_the_standby();
    let saving = saving.save();
    lonely.terminate(FOR_STANDBY);
    let (end, session) = saving.join().unwrap();
    unknown_at_once(&end);
    resolved(&lonely, &store, session, true);
}

#[test]
fn a_server_that_dies_after_it_wrote_the_commit() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let saving = Saving::begin(&store);
    lonely.lose_the_standby();
    let saving = saving.save();
    lonely.kill(&lonely.waiting(FOR_STANDBY));
    let (end, session) = saving.join().unwrap();
    unknown_at_once(&end);
    resolved(&lonely, &store, session, true);
}

/// All who are connected hear of it, at once and from then on; a new session works.
#[test]
fn a_server_that_dies_before_it_wrote_the_commit() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let by_hand = store.database().connect();
    by_hand.execute("BEGIN; INSERT INTO value (name, value) VALUES ('a', '0')").unwrap();
    let mut idle = Session::open(&store.location, 2).unwrap();
    let reader = store.reader();
    let saving = Saving::begin(&store).save();
    lonely.kill(&lonely.waiting(FOR_LOCK));
    let (end, session) = saving.join().unwrap();
    unknown_at_once(&end);
    let answers = [
        idle.load(&Needs { values: ["a"].into(), ..Needs::default() }).map(drop),
        idle.take_block(1).map(drop),
        reader.value("a").map(drop),
        reader.snapshot(|reader| reader.value("a")).map(drop),
    ];
    for answer in answers {
        assert!(matches!(&answer, Err(Trouble::Down(what)) if !what.contains("in time")), "{answer:?}");
    }
    resolved(&lonely, &store, session, false);
}

#[test]
fn a_connection_that_ends_before_the_commit_was_reached() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let by_hand = store.database().connect();
    by_hand.execute("BEGIN; INSERT INTO value (name, value) VALUES ('a', '0')").unwrap();
    let saving = Saving::begin(&store).save();
    lonely.terminate(FOR_LOCK);
    let (end, session) = saving.join().unwrap();
    unknown_at_once(&end);
    by_hand.execute("ROLLBACK").unwrap();
    resolved(&lonely, &store, session, false);
}

#[test]
fn a_connection_that_was_dead_when_the_commit_was_sent() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let mut session = store.session();
    let other = Changes { values: vec![("b", "1".into())], ..Changes::default() };
    assert_eq!(try_put(&mut session, other), Commit::Committed, "its statements are known to the server");
    let saving = Saving::over(session);
    lonely.terminate("state = 'idle in transaction'");
    let (end, session) = saving.save().join().unwrap();
    unknown_at_once(&end);
    resolved(&lonely, &store, session, false);
}

#[test]
fn a_connection_that_was_dead_before_the_commit_could_be_sent() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let saving = Saving::begin(&store);
    lonely.terminate("state = 'idle in transaction'");
    let (end, session) = saving.save().join().unwrap();
    assert!(
        matches!(&end, Commit::Aborted(Trouble::Down(_))),
        "its statements were asked for first: {end:?}"
    );
    resolved(&lonely, &store, session, false);
}

/// Nobody answers for so long that the caller is told. The old commit goes on all the same, and nobody takes
/// its batcher over before it has ended.
#[test]
fn a_standby_that_never_answers() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let saving = Saving::begin(&store);
    let watcher = store.database().connect();
    lonely.lose_the_standby();
    let saving = saving.save();
    let backend = lonely.waiting(FOR_STANDBY);
    let answer = opening(&store).join().unwrap();
    assert!(matches!(&answer, Err(Trouble::Again(what)) if what.contains("(55P03)")), "{answer:?}");
    let (end, session) = saving.join().unwrap();
    assert_eq!(unknown(&end), "the commit was not answered in time");
    drop(session);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(lonely.backend(FOR_STANDBY), Some(backend.clone()), "a COMMIT is never cancelled");
    let asked = opening(&store);
    let blocked = lonely.waiting(FOR_LOCK);
    let by = watcher.query(&format!("SELECT unnest(pg_blocking_pids({blocked}))"));
    assert_eq!(by, [[backend.clone()]], "the next session waits for the old one's commit");
    assert_eq!(watcher.query("SELECT turn FROM batch_mark"), [["1"]]);
    lonely.forget_the_standby();
    assert!(asked.join().unwrap().unwrap().has_mark(MARK));
    assert_eq!(store.reader().value("a").unwrap().as_deref(), Some("1"));
}

/// What is answered from rows that are stored here must be on the standby as well.
#[test]
fn a_batch_that_only_reads_waits_for_the_standby() {
    let lonely = Lonely::new();
    let store = lonely.store();
    let mut session = store.session();
    lonely.lose_the_standby();
    let nothing = session.load(&Needs::default()).unwrap();
    assert_eq!(session.save(&nothing, MARK), Commit::Committed, "nothing was read");
    let view = session.load(&Needs { values: ["a"].into(), ..Needs::default() }).unwrap();
    let saving = Saving { session, view }.save();
    cancel(&lonely);
    let (end, session) = saving.join().unwrap();
    assert!(unknown(&end).contains("canceling wait for synchronous replication"), "{end:?}");
    resolved(&lonely, &store, session, false);
}

/// A session whose connection lives on, while another one has taken over its batcher, stores nothing more.
#[test]
fn a_late_commit_after_the_take_over_fails() {
    let store = Store::postgres();
    let mut late = Saving::begin(&store);
    let next = store.session();
    assert!(!next.has_mark(MARK));
    let end = late.session.save(&late.view, MARK);
    assert!(
        matches!(&end, Commit::Aborted(Trouble::Again(what)) if what.starts_with("MARK_UPDATE")),
        "{end:?}"
    );
    let rollbacks =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'ROLLBACK'";
    assert!(store.behind().query(rollbacks).is_empty(), "its COMMIT was one");
    assert_eq!(store.reader().value("a").unwrap(), None);
    assert!(!store.session().has_mark(MARK));
}

/// Cancels the only backend that waits for the standby.
fn cancel(lonely: &Lonely) {
    let backend = lonely.waiting(FOR_STANDBY);
    lonely.cluster.run(&format!("SELECT pg_cancel_backend({backend})"));
    until(|| (lonely.backend(FOR_STANDBY) != Some(backend.clone())).then_some(()));
}
