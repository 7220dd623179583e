//! How many jobs are under way at once: so many of each kind, and so many of one merchant, so that an
//! endpoint that hangs keeps nobody else waiting.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kadi_engine::domain::id::MerchantId;
use kadi_engine::domain::job::JobKind;
use tokio::sync::Notify;

/// Jobs of one kind at once.
const KIND_PLACES: i64 = 64;
/// Jobs of one kind and one merchant at once.
pub(super) const MERCHANT_PLACES: i64 = 8;

/// The places of a worker.
#[derive(Clone, Default)]
pub(super) struct Places {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    taken: Mutex<BTreeMap<(JobKind, MerchantId), i64>>,
    freed: Notify,
}

/// A place that is free again when it is dropped.
pub(super) struct Place {
    places: Places,
    key: (JobKind, MerchantId),
}

impl Places {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A place for a job, if one is free.
    pub(super) fn take(&self, kind: JobKind, merchant: MerchantId) -> Option<Place> {
        let key = (kind, merchant);
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind: i64 = taken.iter().filter(|((k, _), _)| *k == kind).map(|(_, count)| count).sum();
        let own = taken.get(&key).copied().unwrap_or(0);
        if of_kind >= KIND_PLACES || own >= MERCHANT_PLACES {
            return None;
        }
        taken.insert(key, own + 1);
        Some(Place { places: self.clone(), key })
    }

    /// Waits until a place is given back.
    pub(super) async fn freed(&self) {
        self.inner.freed.notified().await;
    }

    /// Waits until no job is under way.
    pub(super) async fn all_free(&self) {
        loop {
            let freed = self.inner.freed.notified();
            if self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return;
            }
            freed.await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count <= 0 {
                taken.remove(&self.key);
            }
        }
        drop(taken);
        self.places.inner.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: MerchantId = MerchantId::new(1);

    fn fill(places: &Places, kind: JobKind, merchant: MerchantId) -> Vec<Place> {
        std::iter::from_fn(|| places.take(kind, merchant)).collect()
    }

    #[test]
    fn one_merchant_takes_its_share_and_no_more() {
        let places = Places::new();
        let held = fill(&places, JobKind::Deliver, A);
        assert_eq!(held.len(), 8);
        assert!(places.take(JobKind::Deliver, MerchantId::new(2)).is_some());
        assert!(places.take(JobKind::SendMessage, A).is_some(), "another kind has places of its own");
        drop(held);
        assert!(places.take(JobKind::Deliver, A).is_some());
    }

    #[test]
    fn a_kind_takes_its_share_and_no_more() {
        let places = Places::new();
        let held: Vec<_> =
            (1..=20).flat_map(|id| fill(&places, JobKind::Deliver, MerchantId::new(id))).collect();
        assert_eq!(held.len(), 64);
        assert!(places.take(JobKind::CheckPayment, A).is_some());
    }

    #[tokio::test]
    async fn the_end_waits_for_every_job_under_way() {
        let places = Places::new();
        let held = fill(&places, JobKind::Deliver, A);
        let waiting = places.clone();
        let end = tokio::spawn(async move { waiting.all_free().await });
        tokio::task::yield_now().await;
        assert!(!end.is_finished());
        drop(held);
        end.await.unwrap();
    }
}
