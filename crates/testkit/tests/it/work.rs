//! Doing much at once, and telling all that went wrong at the end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// Is the long form of the tests asked for?
pub(crate) fn is_long() -> bool {
    std::env::var("KADI_LONG").is_ok_and(|value| value == "1")
}

/// How many things can be done at once.
pub(crate) fn hands() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Does every piece of work on so many threads; a panic is one more thing that went wrong.
pub(crate) fn spread<T>(pieces: &[T], threads: usize, wrong: &Wrong, work: impl Fn(&T) + Sync)
where
    T: std::fmt::Debug + Sync,
{
    let next = AtomicUsize::new(0);
    scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(piece))) {
                        let text = panic.downcast_ref::<String>().cloned();
                        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
                        wrong.add(format!("{piece:?}: {}", text.unwrap_or_default()));
                    }
                }
            });
        }
    });
}

/// What went wrong.
#[derive(Default)]
pub(crate) struct Wrong(Mutex<Vec<String>>);

impl Wrong {
    pub(crate) fn add(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    /// Fails with the first ten.
    pub(crate) fn assert_none(&self) {
        let all = self.0.lock().unwrap();
        let first: Vec<_> = all.iter().take(10).map(String::as_str).collect();
        assert!(all.is_empty(), "{} things went wrong, such as:\n{}", all.len(), first.join("\n"));
    }
}

/// Numbers that several threads count up.
#[derive(Default)]
pub(crate) struct Tally(AtomicUsize);

impl Tally {
    pub(crate) fn add(&self, number: usize) {
        self.0.fetch_add(number, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}
