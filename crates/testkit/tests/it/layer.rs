//! The layer fails as it is told to, and a cut leaves what a disk may leave.

use kadi_store::{Location, Reader, Session, SqliteFile, Trouble, migrate};
use kadi_testkit::{Call, Entry, FailedSync, Fault, FaultyDisk, Image, Plan, Platter, Tear};
use tempfile::TempDir;

use crate::run::folder;

const SEEDS: std::ops::Range<u64> = 0..200;

fn location(folder: &TempDir) -> Location {
    let file = folder.path().canonicalize().unwrap().join("kadi.db");
    let vfs = Some(FaultyDisk::vfs().to_owned());
    Location::Sqlite(SqliteFile { vfs, ..SqliteFile::at(file) })
}

/// A store on a disk without faults.
fn store() -> (TempDir, FaultyDisk, Session) {
    let folder = folder();
    let disk = FaultyDisk::new(folder.path()).unwrap();
    migrate(&location(&folder)).unwrap();
    let session = Session::open(&location(&folder), 1).unwrap();
    (folder, disk, session)
}

fn plan(call: &'static [Call], fault: Fault) -> Option<Plan> {
    Some(Plan { calls: call, after: 0, times: 1, fault })
}

/// What cuts leave of a file after these entries, under every seed.
fn left(entries: &[Entry], failed_sync: FailedSync, how: Tear) -> Vec<Vec<u8>> {
    let mut platter = Platter::new(failed_sync);
    entries.iter().for_each(|entry| platter.apply(entry));
    let mut all: Vec<_> =
        SEEDS.map(|seed| platter.cut(how, seed).files.remove("a").unwrap_or_default()).collect();
    all.sort();
    all.dedup();
    all
}

fn made() -> Vec<Entry> {
    let create = Entry::Create { file: 1, name: "a".into(), bytes: Vec::new() };
    vec![create, write(0, b'x', 1024), Entry::Sync { file: 1, folder: true }]
}

fn write(at: usize, byte: u8, length: usize) -> Entry {
    Entry::Write { file: 1, at, bytes: vec![byte; length] }
}

#[test]
fn only_folders_of_a_faulty_disk_are_opened() {
    let folder = folder();
    assert!(matches!(migrate(&location(&folder)), Err(Trouble::Down(_))));
    let _disk = FaultyDisk::new(folder.path()).unwrap();
    migrate(&location(&folder)).unwrap();
}

#[test]
fn a_fault_comes_at_its_turn_and_passes() {
    for (call, fault) in [
        (&[Call::Write], Fault::Error),
        (&[Call::Write], Fault::Full),
        (&[Call::Write], Fault::Short),
        (&[Call::Write], Fault::Torn { seed: 1 }),
        (&[Call::Sync], Fault::Error),
        (&[Call::ShmLock], Fault::Error),
    ] {
        let call: &'static [Call] = call;
        let (_folder, disk, mut session) = store();
        disk.arm(Some(Plan { calls: call, after: 2, times: 1, fault }));
        let ends: Vec<_> = (0..12).map(|_| session.take_block(1).is_ok()).collect();
        assert_eq!(ends.iter().filter(|is_ok| !**is_ok).count(), 1, "{call:?} {fault:?} {ends:?}");
        assert!(ends[11], "{call:?} {fault:?} did not pass");
        assert_eq!(disk.failed(), 1);
    }
}

#[test]
fn a_short_write_leaves_its_first_half_and_a_torn_one_some_sectors() {
    let half: fn(&[usize]) -> bool = |lengths| lengths == [12];
    let some: fn(&[usize]) -> bool = |lengths| lengths.iter().sum::<usize>() <= 24;
    for (fault, is_right) in [(Fault::Short, half), (Fault::Torn { seed: 1 }, some)] {
        let (_folder, disk, mut session) = store();
        let before = disk.position();
        disk.arm(plan(&[Call::Write], fault));
        session.take_block(1).unwrap_err();
        let written: Vec<_> = disk.log()[before..]
            .iter()
            .map(|entry| {
                let Entry::Write { bytes, .. } = entry else { panic!("{entry:?}") };
                bytes.len()
            })
            .collect();
        // The first thing that a commit writes is the header of a page in the log, 24 bytes.
        assert!(is_right(&written), "{fault:?} wrote {written:?}");
    }
}

#[test]
fn after_a_cut_nothing_is_done_and_nothing_is_read() {
    let (folder, disk, mut session) = store();
    disk.arm(plan(&Call::CHANGES, Fault::Cut));
    session.take_block(1).unwrap_err();
    let position = disk.position();
    session.take_block(1).unwrap_err();
    assert!(Reader::open(&location(&folder)).is_err());
    drop(session);
    assert_eq!(disk.position(), position);
    disk.arm(None);
    Session::open(&location(&folder), 1).unwrap();
}

#[test]
fn a_lying_disk_says_that_it_synced_and_holds_nothing() {
    let folder = folder();
    let disk = FaultyDisk::new(folder.path()).unwrap();
    disk.lie(0);
    migrate(&location(&folder)).unwrap();
    Session::open(&location(&folder), 1).unwrap().take_block(1).unwrap();
    let mut platter = Platter::new(FailedSync::IsMadeUp);
    disk.log().iter().for_each(|entry| platter.apply(entry));
    assert_eq!(platter.cut(Tear::Lost, 0), Image::default());
    assert!(disk.counts().of(&[Call::Sync]) > 5);
}

#[test]
fn what_was_synced_survives_every_tear() {
    for how in Tear::ALL {
        assert_eq!(left(&made(), FailedSync::IsMadeUp, how), [vec![b'x'; 1024]], "{how:?}");
    }
}

#[test]
fn what_was_not_synced_is_lost_kept_or_torn() {
    let entries = [made(), vec![write(512, b'y', 512), write(1024, b'z', 512)]].concat();
    let of = |how| left(&entries, FailedSync::IsMadeUp, how);
    let file = |parts: &[u8]| parts.iter().flat_map(|byte| [*byte; 512]).collect::<Vec<u8>>();
    assert_eq!(of(Tear::Lost), [file(b"xx")]);
    assert_eq!(of(Tear::Kept), [file(b"xyz")]);
    assert_eq!(of(Tear::Prefix), [file(b"xx"), file(b"xy"), file(b"xyz")]);
    for how in [Tear::Changes, Tear::Sectors] {
        // The later write may be there without the earlier one.
        assert_eq!(of(how), [file(b"xx"), file(b"xxz"), file(b"xy"), file(b"xyz")], "{how:?}");
    }
    let noisy = of(Tear::Noise);
    assert!(noisy.contains(&file(b"x\0z")) && noisy.len() > 20, "{} files", noisy.len());
    assert!(noisy.iter().all(|file| file[..512] == [b'x'; 512]), "a sector that nobody wrote was harmed");
}

#[test]
fn one_write_is_torn_at_its_sectors() {
    let entries = [made(), vec![write(300, b'y', 600)]].concat();
    let files = left(&entries, FailedSync::IsMadeUp, Tear::Sectors);
    let expected = |first: u8, second: u8| {
        let mut file = vec![b'x'; 1024];
        file[300..512].fill(first);
        file[512..900].fill(second);
        file
    };
    assert_eq!(
        files,
        [expected(b'x', b'x'), expected(b'x', b'y'), expected(b'y', b'x'), expected(b'y', b'y')]
    );
}

#[test]
fn a_name_that_was_taken_away_may_come_back_until_the_folder_is_synced() {
    let gone = |folder| [made(), vec![Entry::Delete { name: "a".into(), folder }]].concat();
    let back = vec![b'x'; 1024];
    assert_eq!(left(&gone(false), FailedSync::IsMadeUp, Tear::Sectors), [Vec::new(), back.clone()]);
    assert_eq!(left(&gone(false), FailedSync::IsMadeUp, Tear::Lost), [back]);
    assert_eq!(left(&gone(true), FailedSync::IsMadeUp, Tear::Sectors), [Vec::<u8>::new()]);
}

#[test]
fn a_failed_sync_is_made_up_for_or_never() {
    let failed = vec![write(0, b'y', 512), Entry::SyncFailed { file: 1 }, write(512, b'z', 512)];
    let entries = [made(), failed, vec![Entry::Sync { file: 1, folder: false }]].concat();
    let file = |first: u8| [[first; 512], [b'z'; 512]].concat();
    assert_eq!(left(&entries, FailedSync::IsMadeUp, Tear::Lost), [file(b'y')]);
    assert_eq!(left(&entries, FailedSync::Forgets, Tear::Lost), [file(b'x')]);
}
