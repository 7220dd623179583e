//! Faults that pass: each command is answered truthfully, and the engine goes on without a new start.

use std::sync::atomic::{AtomicUsize, Ordering};

use kadi_store::Location;
use kadi_testkit::{Call, Counts, FailedSync, Fault, Plan, Platter, Tear};

use crate::check::{acknowledged, block_on, compare, open, recover};
use crate::run::{History, run};
use crate::work::{Tally, Wrong, hands, is_long, spread};

/// A name, the calls that are counted, how many fail in a row, and how.
type Group = (&'static str, &'static [Call], u64, Fault);

const GROUPS: [Group; 19] = [
    ("a write fails", &[Call::Write], 1, Fault::Error),
    ("the disk is full once", &[Call::Write], 1, Fault::Full),
    ("a write is short", &[Call::Write], 1, Fault::Short),
    ("a write is torn", &[Call::Write], 1, Fault::Torn { seed: 7 }),
    ("a sync fails", &[Call::Sync], 1, Fault::Error),
    ("two syncs fail", &[Call::Sync], 2, Fault::Error),
    ("five syncs fail", &[Call::Sync], 5, Fault::Error),
    ("a truncation fails", &[Call::Truncate], 1, Fault::Error),
    ("a deletion fails", &[Call::Delete], 1, Fault::Error),
    ("a file cannot be opened", &[Call::Open], 1, Fault::Error),
    ("no file can be opened five times", &[Call::Open], 5, Fault::Error),
    // The commit fails, and nobody can be asked about it: its end is answered as unknown.
    ("a sync and the opening after it fail", &[Call::Sync, Call::Open], 60, Fault::Error),
    ("a read fails", &[Call::Read], 1, Fault::Error),
    ("three reads fail", &[Call::Read], 3, Fault::Error),
    ("the index cannot be mapped", &[Call::ShmMap], 1, Fault::Error),
    ("a lock on the index fails", &[Call::ShmLock], 1, Fault::Error),
    ("the disk is full for a while", &[Call::Write], 40, Fault::Full),
    ("the file is read-only for a while", &Call::CHANGES, 20, Fault::Error),
    ("the disk is gone for a while", &Call::ALL, 60, Fault::Error),
];

/// Runs per group, where it has so many calls.
const RUNS: u64 = 15;
const LONG_RUNS: u64 = 150;
/// Cuts that are tried in the log of one run after a fault, for each kind of tear.
const CUTS_MAX: usize = 3;

#[test]
fn every_answer_under_a_passing_fault_is_true() {
    let clean = block_on(run(|_| {}, None)).counts;
    let plans: Vec<_> = GROUPS.iter().flat_map(|group| plans(group, &clean)).collect();
    let (wrong, cuts, checked) = (Wrong::default(), Tally::default(), Tally::default());
    let heard: Vec<[AtomicUsize; 6]> = GROUPS.iter().map(|_| Default::default()).collect();
    // Most of a run under a fault is waiting for the disk to come back.
    spread(&plans, hands() * 2, &wrong, |(name, plan)| {
        let history = block_on(run(|_| {}, Some(*plan)));
        let at = GROUPS.iter().position(|(group, ..)| group == name).unwrap();
        let told = history.heard;
        let numbers =
            [usize::from(history.failed_at.is_some()), told.done, told.unavailable + told.busy, told.unknown];
        let more = [told.unread, told.unstarted];
        for (counter, number) in heard[at].iter().zip(numbers.into_iter().chain(more)) {
            counter.fetch_add(number, Ordering::Relaxed);
        }
        audit(&history, &cuts, &checked);
    });
    println!("{} runs, each with a fault that passes:", plans.len());
    for ((name, ..), counters) in GROUPS.iter().zip(&heard) {
        let [hit, done, undone, unknown, unread, unstarted] =
            counters.each_ref().map(|counter| counter.load(Ordering::Relaxed));
        println!(
            "  {name}: hit in {hit} runs; {done} commands done, {undone} answered as not done, {unknown} as \
             unknown; {unread} queries and {unstarted} starts failed"
        );
        assert!(hit > 0, "{name}: the fault never came");
    }
    let unknown: usize = heard.iter().map(|counters| counters[3].load(Ordering::Relaxed)).sum();
    assert!(unknown > 0, "no commit had an unknown end");
    println!("{} crash points after it, {} checks of acknowledged changes", cuts.get(), checked.get());
    wrong.assert_none();
}

fn plans((name, calls, times, fault): &Group, clean: &Counts) -> Vec<(&'static str, Plan)> {
    let count = clean.of(calls);
    let runs = count.min(if is_long() { LONG_RUNS } else { RUNS });
    let plan = |run: u64| {
        let after = count * run / runs + (run % 3).min(count / runs - 1);
        (*name, Plan { calls, after, times: *times, fault: *fault })
    };
    (0..runs).map(plan).collect()
}

/// Holds what a run left, and what power cuts in it would have left, against its answers.
fn audit(history: &History, cuts: &Tally, checked: &Tally) {
    let position = history.log.len();
    let end = open(&Location::sqlite(history.folder.path().join("kadi.db")), history.now);
    end.and_then(|found| compare(&history.rounds, position, &found)).expect("after a clean stop");
    for policy in [FailedSync::IsMadeUp, FailedSync::Forgets] {
        // A process that starts anew reads the files through the kernel's memory. Whether the disk holds them
        // after a sync that failed before its time, it cannot know.
        if policy == FailedSync::Forgets && history.heard.unstarted > 0 {
            continue;
        }
        for (position, image, how) in after_fault(history, policy) {
            cuts.add(1);
            checked.add(acknowledged(&history.rounds, position));
            let end =
                recover(&image, history.now).and_then(|found| compare(&history.rounds, position, &found));
            end.unwrap_or_else(|breach| panic!("{policy:?}, {how:?} after {position} entries: {breach:?}"));
        }
    }
}

/// What cuts right after answers leave: after the first ones that follow the fault, and at the end.
fn after_fault(history: &History, policy: FailedSync) -> Vec<(usize, kadi_testkit::Image, Tear)> {
    let mut platter = Platter::new(policy);
    let (mut left, mut images) = (CUTS_MAX, Vec::new());
    for (position, entry) in (1..).zip(&history.log) {
        platter.apply(entry);
        let has_failed = history.failed_at.is_some_and(|at| at <= position);
        let is_answer = history.rounds.iter().any(|round| round.acked == position);
        let is_last = position == history.log.len();
        if is_last || (is_answer && has_failed && left > 0) || (is_answer && position % 150 == 0) {
            left -= usize::from(has_failed && left > 0);
            let seed = u64::try_from(position).unwrap();
            images.extend(
                [Tear::Lost, Tear::Kept, Tear::Sectors].map(|how| (position, platter.cut(how, seed), how)),
            );
        }
    }
    images
}
