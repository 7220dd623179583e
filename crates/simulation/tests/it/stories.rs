//! Many stories, many on each store; one in a hundred is told twice and must be the same to the letter.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{available_parallelism, scope};

use tokio::runtime::Builder;

use crate::play::tell;
use crate::shrink::{alone, shrink};
use crate::stage::Stage;
use crate::story::Story;

/// How many stories are told on one store.
const STORIES_OF_STORE: u64 = 50;
/// Every so many-th story is told twice.
const TWICE: u64 = 100;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// The seeds of the stories: as many as `KADI_STORIES` says, or 5,000, or more where `KADI_LONG` is set; from
/// `KADI_SEED` on, and that alone where nothing else is said.
fn seeds() -> Range<u64> {
    let is_long = number("KADI_LONG") == Some(1);
    let (first, count) = (number("KADI_SEED"), number("KADI_STORIES"));
    let usual = if is_long { 100_000 } else { 5_000 };
    let from = first.unwrap_or(0);
    from..from + count.unwrap_or(if first.is_some() { 1 } else { usual })
}

/// What must have been answered and shown somewhere in so many stories and more: otherwise they are not
/// about what they are meant to be about.
const ENOUGH: u64 = 1_000;
const REACHED: &[&str] = &[
    "done",
    "active",
    "completed",
    "cancelled",
    "expired",
    "started",
    "pending",
    "captured",
    "failed",
    "held late",
    "held over",
    "held mismatched",
    "held duplicate",
    "held currency",
    "held over refund",
    "captured over apply",
    "captured late apply",
    "reversed",
    "reversed over",
    "reversed over apply",
    "succeeded",
    "succeeded excess",
    "borrowed",
    "tapped",
    "LinkBusy",
    "LinkCompleted",
    "LinkCancelled",
    "LinkExpired",
    "AmountInvalid",
    "AmountRequired",
    "SurchargeNotAllowed",
    "ReferenceUsed",
    "IdempotencyReused",
    "PaymentNotCaptured",
    "RefundTooLarge",
    "PartUnknown",
    "HoldUnknown",
    "HoldDecided",
    "HoldHasNoRoom",
    "HoldNotApplicable",
    "ChannelMissing",
    "ResendsUsedUp",
    "JobNotDue",
    "ExpireLink",
];

/// The words of a story's answers and of what it showed.
fn words(log: &[String]) -> impl Iterator<Item = String> {
    let after = log.iter().filter_map(|line| line.split_once(" => "));
    after
        .flat_map(|(_, shown)| shown.split(['"', '[', ']', ' ', ',']).chain(shown.split('"')))
        .map(str::to_owned)
}

/// A story that went wrong: its seed, and what and when.
type Failed = (u64, String, Vec<String>);

/// Tells the stories of these seeds on one store.
fn tell_all(seeds: Range<u64>, reached: &Mutex<BTreeSet<String>>) -> Result<(), Failed> {
    let mut stage = Stage::new();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    for seed in seeds.clone() {
        let story = Story::of(seed);
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(tell(&mut stage, &story))
        }));
        let log = match told {
            Ok(Ok(log)) => log,
            Ok(Err((wrong, log))) => return Err((seed, wrong, log)),
            Err(panic) => return Err((seed, text(&*panic), Vec::new())),
        };
        reached.lock().unwrap().extend(words(&log).filter(|word| REACHED.contains(&word.as_str())));
        if seed % TWICE == 0 {
            let again = alone(&story).map_err(|(wrong, log)| (seed, wrong, log))?;
            if let Some(at) = (0..log.len().max(again.len())).find(|at| log.get(*at) != again.get(*at)) {
                let lines = [log.get(at).cloned(), again.get(at).cloned()].map(Option::unwrap_or_default);
                return Err((seed, format!("told twice, line {at} differs"), lines.to_vec()));
            }
        }
    }
    stage.close().map_err(|wrong| (seeds.start, wrong, Vec::new()))
}

fn text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

#[test]
fn random_stories_end_as_the_model_says() {
    let Range { start: first, end } = seeds();
    let (next, is_over, failed) = (AtomicU64::new(first), AtomicBool::new(false), Mutex::new(Vec::new()));
    let reached = Mutex::new(BTreeSet::new());
    scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let from = next.fetch_add(STORIES_OF_STORE, Ordering::Relaxed);
                    if from >= end {
                        return;
                    }
                    if let Err(wrong) = tell_all(from..(from + STORIES_OF_STORE).min(end), &reached) {
                        is_over.store(true, Ordering::Relaxed);
                        failed.lock().unwrap().push(wrong);
                    }
                }
            });
        }
    });
    if let Some(wrong) = failed.into_inner().unwrap().into_iter().min() {
        report(&wrong);
    }
    let reached = reached.into_inner().unwrap();
    let missed: Vec<_> = REACHED.iter().filter(|word| !reached.contains(**word)).collect();
    assert!(missed.is_empty() || end - first < ENOUGH, "no story reached {missed:?}");
}

/// Fails with the seed and the shortest story that goes wrong.
fn report((seed, wrong, log): &Failed) {
    let story = Story::of(*seed);
    let shortest = shrink(&story);
    let (then, told) = match alone(&shortest) {
        Ok(_) => ("not on a store of its own".to_owned(), log.clone()),
        Err((then, told)) => (then, told),
    };
    panic!(
        "story {seed} (KADI_SEED={seed} tells it again): {wrong}\nShrunk from {} steps to {}: {then}\n{:?}\n{}",
        story.steps.len(),
        shortest.steps.len(),
        shortest.shop,
        told.join("\n")
    );
}
