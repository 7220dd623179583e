//! The ends of a batch that cannot be brought about from outside: a commit of unknown end, a store that is
//! gone.

use std::path::Path;

use kadi_domain::seal::NumberedKey;
use kadi_domain::secret::Secret;
use kadi_domain::work::Changes;
use kadi_store::migrate;
use tempfile::TempDir;
use tokio::sync::oneshot::error::TryRecvError;

use super::*;
use crate::clock::OFFSET_VALUE;
use crate::commands::key_prints::MatchKeys;
use crate::nature::System;
use crate::ticket::Ticket;

const MARK: [u8; 16] = [7; 16];

fn keys() -> Keyring {
    let key = NumberedKey { id: 1, key: Secret::new([9; 32]) };
    Keyring::new(&Secret::new([1; 32]), vec![key.clone()], Secret::new([2; 32]), vec![key]).unwrap()
}

/// A batcher without a session.
fn batcher(folder: &Path) -> Batcher {
    Batcher {
        number: 1,
        location: Location::sqlite(folder.join("kadi.db")),
        queue: Arc::new(Queue::new()),
        faces: Arc::new(Faces::new(&Location::sqlite(folder.join("kadi.db")))),
        watches: Arc::new(Watches::new(&Location::sqlite(folder.join("kadi.db")))),
        clock: Arc::new(KadiClock::new(0)),
        setup: Arc::new(Setup::sandbox()),
        keys: Arc::new(keys()),
        jobs: Arc::new(Notify::new()),
        state: Arc::default(),
        pace: Pace::default(),
        tally: Arc::default(),
        session: None,
        source: BlockSource::new(Arc::new(System)),
    }
}

/// A batcher whose last batch was committed with [`MARK`], and then lost its session.
fn interrupted() -> (Batcher, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let batcher = batcher(folder.path());
    migrate(&batcher.location).unwrap();
    let mut session = Session::open(&batcher.location, batcher.number).unwrap();
    let mut view = session.load(&Needs::default()).unwrap();
    view.apply(Changes { values: vec![(OFFSET_VALUE, "0".to_owned())], ..Changes::default() });
    assert_eq!(session.save(&view, MARK), Commit::Committed);
    (batcher, folder)
}

#[test]
fn a_commit_of_unknown_end_that_took_place_is_answered_as_committed() {
    let (mut batcher, _folder) = interrupted();
    assert!(matches!(batcher.resolve(MARK, "the disk failed"), Attempt::Ended(End::Committed)));
    assert!(batcher.session.is_some());
}

#[test]
fn a_commit_of_unknown_end_that_did_not_take_place_is_decided_again() {
    let (mut batcher, _folder) = interrupted();
    assert!(matches!(batcher.resolve([8; 16], "the disk failed"), Attempt::Undone));
    assert!(batcher.session.is_some());
}

#[test]
fn the_mark_of_another_batcher_proves_nothing() {
    let (mut batcher, _folder) = interrupted();
    batcher.number = 2;
    assert!(matches!(batcher.resolve(MARK, "the disk failed"), Attempt::Undone));
}

#[test]
fn a_commit_that_nobody_can_be_asked_about_stays_unknown() {
    let (mut batcher, folder) = interrupted();
    drop(folder);
    let end = batcher.resolve(MARK, "the disk failed");
    assert!(matches!(end, Attempt::Ended(End::Failed(Failure::Unknown))));
    assert!(batcher.session.is_none());
}

#[test]
fn a_store_that_is_gone_is_unavailable_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut batcher = batcher(folder.path());
    let (ticket, _presence, mut reply) = Ticket::issue(MatchKeys);
    batcher.carry_out(vec![ticket]);
    assert_eq!(reply.try_recv(), Ok(Err(Failure::Unavailable)));

    migrate(&batcher.location).unwrap();
    let (ticket, _presence, mut reply) = Ticket::issue(MatchKeys);
    assert_eq!(reply.try_recv(), Err(TryRecvError::Empty));
    batcher.carry_out(vec![ticket]);
    assert_eq!(reply.try_recv(), Ok(Ok(Ok(()))));
}
