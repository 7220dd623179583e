//! What a batch may rely on: all or nothing, in order, and a class for every way to fail.

use kadi_domain::amount::Minor;
use kadi_domain::id::LinkId;
use kadi_domain::job::{Job, JobKind};
use kadi_domain::link::Link;
use kadi_domain::work::{Changes, Needs};
use kadi_store::{Commit, Trouble};

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::{Store, try_put};

fn aborted(end: Commit) -> Trouble {
    match end {
        Commit::Aborted(trouble) => trouble,
        Commit::Committed | Commit::Unknown(_) => panic!("{end:?}"),
    }
}

fn changed(link: Link) -> Changes {
    let mut changes = Changes::default();
    changes.links.changed.push(link);
    changes
}

pub(crate) fn a_stale_version_is_decided_again(store: &Store) {
    store.put(sample::ground(&[5, 6]));
    store.put(changed(sample::changed_link(5)));
    let mut session = store.session();
    let mut both = changed(sample::changed_link(6));
    both.links.changed.push(sample::changed_link(5));
    let trouble = aborted(try_put(&mut session, both));
    assert!(matches!(trouble, Trouble::Again(_)), "{trouble:?}");
    assert_eq!(store.reader().link(LinkId::new(6)).unwrap(), Some(sample::link(6)), "all or nothing");
    let mut changes = Changes::default();
    changes.jobs.changed.push(Job::new(JobKind::Deliver, 1, MERCHANT, at(1)));
    let trouble = aborted(try_put(&mut session, changes));
    assert!(matches!(trouble, Trouble::Again(_)), "a job that is gone: {trouble:?}");
}

pub(crate) fn a_unique_value_is_decided_again(store: &Store) {
    let mut changes = sample::ground(&[5, 6]);
    changes.references.push((sample::reference("INV-1"), LinkId::new(5)));
    store.put(changes);
    let references = vec![(sample::reference("INV-1"), LinkId::new(6))];
    let taken = Changes { references, ..Changes::default() };
    let mut same_row = Changes::default();
    same_row.links.new.push(sample::link(5));
    for changes in [taken, same_row] {
        let trouble = aborted(try_put(&mut store.session(), changes));
        assert!(matches!(&trouble, Trouble::Again(what) if what.starts_with("unique ")), "{trouble:?}");
    }
}

pub(crate) fn a_broken_rule_poisons_and_stores_nothing(store: &Store) {
    store.put(sample::ground(&[5]));
    let mut over_due = sample::changed_link(5);
    over_due.sums.captured = Minor::new(1_999);
    let mut negative = sample::changed_link(5);
    negative.sums.held = Minor::new(-1);
    let mut too_many = sample::changed_link(5);
    too_many.sums.captured_count = 8;
    let mut session = store.session();
    for bad in [changed(over_due), changed(negative), changed(too_many)] {
        let mut changes = bad;
        changes.values.push(("neighbour", "stored".into()));
        let trouble = aborted(try_put(&mut session, changes));
        assert!(matches!(trouble, Trouble::Poison(_)), "{trouble:?}");
        assert_eq!(store.reader().value("neighbour").unwrap(), None);
        assert_eq!(store.reader().link(LinkId::new(5)).unwrap(), Some(sample::link(5)));
    }
    assert_eq!(try_put(&mut session, sample::subscribed(5)), Commit::Committed, "the session goes on");
}

pub(crate) fn a_mark_tells_whether_its_batch_was_committed(store: &Store) {
    let mut session = store.session();
    assert!(!session.has_mark([1; 16]));
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(Changes { values: vec![("a", "1".into())], ..Changes::default() });
    assert_eq!(session.save(&view, [1; 16]), Commit::Committed);
    assert!(session.has_mark([1; 16]));
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(Changes { values: vec![("a", "1".into())], ..Changes::default() });
    aborted(session.save(&view, [2; 16]));
    drop(session);
    let session = store.session();
    assert!(session.has_mark([1; 16]), "after a new start too");
    assert!(!session.has_mark([2; 16]));
    let other = kadi_store::Session::open(&store.location, 2).unwrap();
    assert!(!other.has_mark([1; 16]), "another batcher's mark");
}

pub(crate) fn a_batcher_that_retires_leaves_no_mark(store: &Store) {
    let (session, other) = (store.session(), kadi_store::Session::open(&store.location, 2).unwrap());
    session.retire().unwrap();
    assert_eq!(store.behind().query("SELECT batcher FROM batch_mark"), [["2"]], "only its own");
    let late = store.session();
    drop(store.session());
    late.retire().unwrap();
    assert_eq!(store.behind().number("SELECT count(*) FROM batch_mark"), 2, "another has taken it over");
    drop(other);
}

pub(crate) fn a_batch_without_changes_writes_nothing(store: &Store) {
    let mut session = store.session();
    let view = session.load(&Needs::default()).unwrap();
    assert_eq!(session.save(&view, [3; 16]), Commit::Committed);
    assert!(!session.has_mark([3; 16]));
}

pub(crate) fn blocks_never_overlap(store: &Store) {
    let mut session = store.session();
    let mut other = kadi_store::Session::open(&store.location, 2).unwrap();
    assert_eq!(session.take_block(10).unwrap(), 1..11);
    assert_eq!(other.take_block(1).unwrap(), 11..12);
    drop(session);
    assert_eq!(store.session().take_block(5).unwrap(), 12..17);
    for size in [0, -1, i64::MIN, i64::MAX] {
        assert!(matches!(other.take_block(size), Err(Trouble::Broken(_))), "{size}");
    }
    assert_eq!(other.take_block(1).unwrap(), 17..18);
}

pub(crate) fn a_rolled_back_batch_leaves_no_trace(store: &Store) {
    let mut session = store.session();
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(sample::ground(&[5]));
    session.rollback();
    session.rollback();
    assert_eq!(store.reader().link(LinkId::new(5)).unwrap(), None);
    store.put(sample::ground(&[5]));
}

pub(crate) fn a_reader_sees_commits_and_nothing_else(store: &Store) {
    let reader = store.reader();
    let mut session = store.session();
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(sample::ground(&[5]));
    assert_eq!(reader.link(LinkId::new(5)).unwrap(), None);
    assert_eq!(session.save(&view, [1; 16]), Commit::Committed);
    assert_eq!(reader.link(LinkId::new(5)).unwrap(), Some(sample::link(5)));
    let seen = reader.snapshot(|reader| {
        let before = reader.link(LinkId::new(5))?;
        assert_eq!(try_put(&mut session, changed(sample::changed_link(5))), Commit::Committed);
        Ok((before, reader.link(LinkId::new(5))?))
    });
    let (before, after) = seen.unwrap();
    assert_eq!(before, after, "one state for the whole snapshot");
    assert_ne!(reader.link(LinkId::new(5)).unwrap(), before);
}

pub(crate) fn a_second_writer_waits_its_turn(store: &Store) {
    let mut session = store.session();
    let mut view = session.load(&Needs::default()).unwrap();
    let location = store.location.clone();
    let second = std::thread::spawn(move || {
        let mut session = kadi_store::Session::open(&location, 2).unwrap();
        try_put(&mut session, Changes { values: vec![("b", "2".into())], ..Changes::default() })
    });
    view.apply(Changes { values: vec![("a", "1".into())], ..Changes::default() });
    assert_eq!(session.save(&view, [1; 16]), Commit::Committed);
    assert_eq!(second.join().unwrap(), Commit::Committed);
    assert_eq!(store.reader().values_under("").unwrap().len(), 2);
}

pub(crate) fn what_is_appended_is_never_changed(store: &Store) {
    store.put(crate::seal_trips::sealed_books());
    let behind = store.behind();
    for (table, column) in
        [("entry", "debit"), ("event", "number"), ("seal", "sealed_at"), ("seal_head", "chain_count")]
    {
        assert!(behind.number(&format!("SELECT count(*) FROM {table}")) > 0, "{table}");
        let change = behind.execute(&format!("UPDATE {table} SET {column} = {column} + 1"));
        let removal = behind.execute(&format!("DELETE FROM {table}"));
        for result in [change, removal] {
            assert!(result.unwrap_err().contains("is never"), "{table}");
        }
    }
}
