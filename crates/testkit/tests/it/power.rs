//! A power cut after every operation of the scripted run, with every kind of tear.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use kadi_domain::moment::Setup;
use kadi_engine::engine::Engine;
use kadi_store::{Location, SqliteFile};
use kadi_testkit::{Call, Entry, FailedSync, FaultyDisk, Image, Platter, Tear};

use crate::check::{acknowledged, block_on, compare, recover, works};
use crate::run::{History, folder, run, told};
use crate::stock::keys;
use crate::work::{Tally, Wrong, hands, is_long, spread};

/// Crash points of the normal and of the long form.
const POINTS_MIN: usize = 10_000;
const LONG_POINTS_MIN: usize = 200_000;
/// At every so many points the store must also work.
const WORKS_EVERY: usize = 197;

/// What was tried, counted by all threads.
#[derive(Default)]
struct Tried {
    points: BTreeMap<Tear, Tally>,
    images: Mutex<HashSet<u64>>,
    acknowledged: Tally,
    worked: Tally,
    wrong: Wrong,
}

impl Tried {
    fn new() -> Self {
        Self { points: Tear::ALL.into_iter().map(|how| (how, Tally::default())).collect(), ..Self::default() }
    }

    fn count(&self) -> usize {
        self.points.values().map(Tally::get).sum()
    }

    /// One crash point: the normal path opens what is left, and finds all that was acknowledged.
    fn point(&self, history: &History, position: usize, how: Tear, image: &Image) {
        let mut hasher = DefaultHasher::new();
        image.hash(&mut hasher);
        self.images.lock().unwrap().insert(hasher.finish());
        self.points[&how].add(1);
        self.acknowledged.add(acknowledged(&history.rounds, position));
        let end = recover(image, history.now).and_then(|found| compare(&history.rounds, position, &found));
        if let Err(breach) = end {
            self.wrong.add(format!("{how:?} after {position} entries: {breach:?}"));
        } else if self.count().is_multiple_of(WORKS_EVERY) {
            works(image);
            self.worked.add(1);
        }
    }

    fn tell(&self, what: &str) {
        let each: Vec<_> =
            self.points.iter().map(|(how, points)| format!("{how:?} {}", points.get())).collect();
        println!(
            "{what}: {} crash points ({}), {} different images; {} checks of acknowledged changes; \
             on {} of them an engine went on working",
            self.count(),
            each.join(", "),
            self.images.lock().unwrap().len(),
            self.acknowledged.get(),
            self.worked.get()
        );
    }
}

fn recorded() -> History {
    let history = block_on(run(|_| {}, None));
    let heard = history.heard;
    assert_eq!(
        (heard.unavailable, heard.busy, heard.unknown, heard.unread, heard.unstarted),
        (0, 0, 0, 0, 0)
    );
    println!(
        "recorded: {} acknowledged changes in {} rounds; {}",
        heard.done,
        history.rounds.len(),
        told(&history.counts)
    );
    history
}

#[test]
fn nothing_is_lost_and_nothing_is_half_there_after_a_power_cut() {
    let history = recorded();
    let is_start = |entry: &&Entry| matches!(entry, Entry::Write { at: 0, bytes, .. } if bytes.len() == 32);
    let starts = history.log.iter().filter(is_start).count();
    assert!(starts >= 4, "the log was started anew only {starts} times");

    let aim = if is_long() { LONG_POINTS_MIN } else { POINTS_MIN };
    let seeds = u64::try_from(aim.div_ceil(history.log.len())).unwrap();
    let tried = Tried::new();
    let parts: Vec<usize> = (0..hands()).collect();
    spread(&parts, parts.len(), &tried.wrong, |part| {
        let mut platter = Platter::new(FailedSync::IsMadeUp);
        for (position, entry) in (1..).zip(&history.log) {
            platter.apply(entry);
            if position % parts.len() != *part {
                continue;
            }
            for seed in 0..seeds {
                // What is lost or kept as a whole leaves one image; the other tears share the seeds.
                let torn = &Tear::ALL[2..];
                let how = match usize::try_from(seed).unwrap() {
                    0 => Tear::Lost,
                    1 => Tear::Kept,
                    other => torn[other % torn.len()],
                };
                let image = platter.cut(how, seed << 32 | u64::try_from(position).unwrap());
                tried.point(&history, position, how, &image);
            }
        }
    });
    tried.tell("power cuts");
    tried.wrong.assert_none();
    assert!(tried.count() >= aim, "only {} crash points", tried.count());
}

/// A second cut, while the engine recovers from the first one.
#[test]
fn a_power_cut_during_recovery_loses_nothing_either() {
    let history = recorded();
    let cuts = if is_long() { 200 } else { 10 };
    let mut platter = Platter::new(FailedSync::IsMadeUp);
    let mut first = Vec::new();
    for (position, entry) in (1..).zip(&history.log) {
        platter.apply(entry);
        if position % (history.log.len() / cuts) == 0 {
            first.push((position, platter.cut(Tear::Sectors, u64::try_from(position).unwrap())));
        }
    }
    let tried = Tried::new();
    let numbers: Vec<usize> = (0..first.len()).collect();
    spread(&numbers, hands(), &tried.wrong, |number| {
        let (position, image) = &first[*number];
        let (before, log) = recovery(image);
        let mut platter = Platter::new(FailedSync::IsMadeUp);
        for (at, entry) in log.iter().enumerate() {
            platter.apply(entry);
            if at < before {
                continue;
            }
            for how in [Tear::Lost, Tear::Prefix, Tear::Sectors, Tear::Noise] {
                tried.point(&history, *position, how, &platter.cut(how, u64::try_from(at).unwrap()));
            }
        }
    });
    tried.tell("power cuts during recovery");
    tried.wrong.assert_none();
    assert!(tried.count() > cuts * 20, "only {} crash points", tried.count());
}

/// What an engine does to the files of a cut when it starts and stops, after the entries for what it finds.
fn recovery(image: &Image) -> (usize, Vec<Entry>) {
    let folder = folder();
    image.write_to(folder.path()).unwrap();
    let disk = FaultyDisk::new(folder.path()).unwrap();
    let file = folder.path().canonicalize().unwrap().join("kadi.db");
    let vfs = Some(FaultyDisk::vfs().to_owned());
    let location = Location::Sqlite(SqliteFile { vfs, ..SqliteFile::at(file) });
    let before = disk.position();
    Engine::start(&location, Setup::sandbox(), keys()).unwrap().stop();
    assert!(disk.counts().of(&[Call::Sync]) > 0);
    (before, disk.log())
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    for honest in [0, 25, 50] {
        let history = block_on(run(|disk| disk.lie(honest), None));
        let mut platter = Platter::new(FailedSync::IsMadeUp);
        let (mut points, mut losses) = (0, 0);
        for (position, entry) in (1..).zip(&history.log) {
            platter.apply(entry);
            if position % 40 == 0 {
                points += 1;
                let end = recover(&platter.cut(Tear::Lost, 0), history.now);
                let end = end.and_then(|found| compare(&history.rounds, position, &found));
                losses += usize::from(matches!(end, Err(crate::check::Breach::Lost(_))));
            }
        }
        println!("a disk that lies after {honest} syncs: {losses} losses reported at {points} crash points");
        assert!(losses > 0, "no loss was reported");
        assert!(honest == 0 || losses < points, "a loss was reported before the first lie");
    }
}
