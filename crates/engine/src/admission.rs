//! Admission: how many calls of one merchant are worked on at a time, how many more wait, and how the rest
//! hears no. So nobody's flood fills the processors with work that others' calls stand behind.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kadi_domain::id::MerchantId;
use kadi_domain::time::Timestamp;
use tokio::sync::oneshot;

use crate::command::Failure;

/// The most calls of a merchant that are worked on while nobody else calls: two full batches.
pub(crate) const ALONE_MAX: usize = 512;
/// The same while others call too. A call of theirs stands behind so many at most, in the processors and in
/// the batch under way.
pub(crate) const AMONG_OTHERS_MAX: usize = 16;
/// The most calls of a merchant that wait for one of these places.
pub(crate) const WAITING_MAX: usize = 512;
/// For so long a merchant counts as one that calls.
const CALLING_MS: i64 = 10_000;
/// The least time between two refusals of one merchant's calls. A program that asks again at once would have
/// the processors say nothing but no.
const BETWEEN_REFUSALS_MS: i64 = 1;

/// Who is worked for, and who waits.
#[derive(Clone, Default)]
pub(crate) struct Admission {
    inner: Arc<Mutex<Inner>>,
}

/// A call that is worked on; its place is free again when this is dropped.
pub struct Admitted {
    admission: Admission,
    merchant: MerchantId,
}

#[derive(Default)]
struct Inner {
    /// Of merchants with calls under way.
    calls: BTreeMap<MerchantId, Calls>,
    /// Whose call came last, and when.
    last: Option<(MerchantId, Timestamp)>,
    /// The last call of anybody else.
    before: Option<(MerchantId, Timestamp)>,
}

#[derive(Default)]
struct Calls {
    worked_on: usize,
    waiting: VecDeque<oneshot::Sender<Admitted>>,
    /// When the last refusal is or was told.
    refused_at: Option<Timestamp>,
}

enum Entrance {
    Free(Admitted),
    Wait(oneshot::Receiver<Admitted>),
    RefuseAfter(Duration),
}

impl Admission {
    /// Waits for a place, in the order of coming. `now` is real time. The failure is `Busy`: too many of the
    /// merchant's calls wait.
    pub(crate) async fn admit(&self, merchant: MerchantId, now: Timestamp) -> Result<Admitted, Failure> {
        match self.enter(merchant, now) {
            Entrance::Free(admitted) => Ok(admitted),
            // A place is always given, for whoever has one gives it back.
            Entrance::Wait(place) => place.await.map_err(|_| Failure::Unavailable),
            Entrance::RefuseAfter(pause) => {
                tokio::time::sleep(pause).await;
                Err(Failure::Busy)
            }
        }
    }

    fn enter(&self, merchant: MerchantId, now: Timestamp) -> Entrance {
        let mut inner = self.lock();
        inner.note(merchant, now);
        let most = inner.most();
        let calls = inner.calls.entry(merchant).or_default();
        if calls.waiting.is_empty() && calls.worked_on < most {
            calls.worked_on += 1;
            return Entrance::Free(self.place(merchant));
        }
        if calls.waiting.len() < WAITING_MAX {
            let (sender, receiver) = oneshot::channel();
            calls.waiting.push_back(sender);
            return Entrance::Wait(receiver);
        }
        let turn = calls.refused_at.map_or(now, |last| last.max(now)).plus_ms(BETWEEN_REFUSALS_MS);
        calls.refused_at = Some(turn);
        Entrance::RefuseAfter(Duration::from_millis(turn.ms().abs_diff(now.ms())))
    }

    fn leave(&self, merchant: MerchantId) {
        let mut inner = self.lock();
        let most = inner.most();
        let Entry::Occupied(mut entry) = inner.calls.entry(merchant) else { return };
        let calls = entry.get_mut();
        calls.worked_on = calls.worked_on.saturating_sub(1);
        // Places of callers that have gone are given back below, when the lock is free.
        let mut gone = Vec::new();
        while calls.worked_on < most {
            let Some(next) = calls.waiting.pop_front() else { break };
            match next.send(self.place(merchant)) {
                Ok(()) => calls.worked_on += 1,
                Err(admitted) => gone.push(admitted),
            }
        }
        calls.worked_on += gone.len();
        if calls.worked_on == 0 {
            entry.remove();
        }
        drop(inner);
        drop(gone);
    }

    fn place(&self, merchant: MerchantId) -> Admitted {
        Admitted { admission: self.clone(), merchant }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn note(&mut self, merchant: MerchantId, now: Timestamp) {
        if self.last.is_some_and(|(last, _)| last != merchant) {
            self.before = self.last;
        }
        self.last = Some((merchant, now));
    }

    /// How many calls of one merchant are worked on now.
    fn most(&self) -> usize {
        let since = self.last.zip(self.before).map(|((_, last), (_, before))| last.ms() - before.ms());
        if since.is_some_and(|ms| ms < CALLING_MS) { AMONG_OTHERS_MAX } else { ALONE_MAX }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.admission.leave(self.merchant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEDY: MerchantId = MerchantId::new(1);
    const SMALL: MerchantId = MerchantId::new(2);

    /// Lets calls in until one is not, at this time.
    fn fill(admission: &Admission, now_ms: i64) -> Vec<Admitted> {
        let enter = || match admission.enter(GREEDY, Timestamp::from_ms(now_ms)) {
            Entrance::Free(admitted) => Some(admitted),
            Entrance::Wait(_) | Entrance::RefuseAfter(_) => None,
        };
        std::iter::from_fn(enter).collect()
    }

    #[test]
    fn who_called_ten_seconds_ago_counts_no_more() {
        let admission = Admission::default();
        drop(admission.enter(SMALL, Timestamp::from_ms(0)));
        assert_eq!(fill(&admission, CALLING_MS - 1).len(), AMONG_OTHERS_MAX);
        assert_eq!(fill(&admission, CALLING_MS).len(), ALONE_MAX);
    }

    #[test]
    fn refusals_are_told_one_after_the_other() {
        let admission = Admission::default();
        // The last one to come there waits.
        let _places = fill(&admission, 0);
        let enter = |now_ms| admission.enter(GREEDY, Timestamp::from_ms(now_ms));
        let _waiting: Vec<_> = (1..WAITING_MAX).map(|_| enter(0)).collect();
        let pause_ms = |now_ms| match enter(now_ms) {
            Entrance::RefuseAfter(pause) => pause.as_millis(),
            Entrance::Free(_) | Entrance::Wait(_) => panic!("not refused"),
        };
        assert_eq!([pause_ms(0), pause_ms(0), pause_ms(0), pause_ms(2)], [1, 2, 3, 2]);
        assert_eq!(pause_ms(1_000), 1);
    }
}
