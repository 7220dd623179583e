//! What readers found, kept for the next who asks, for exactly as long as it cannot have changed.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kadi_domain::time::Timestamp;
use quick_cache::sync::Cache;

/// Buckets of records that share one stamp.
const BUCKETS: usize = 4_096;

/// Counts the commits that changed a record, by bucket: a commit moves the stamp after it ended and before
/// its callers hear of it, so that whoever asks afterwards finds nothing older.
pub(crate) struct Stamps {
    hasher: RandomState,
    counts: Vec<AtomicU64>,
}

/// The state of a record's bucket at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(u64);

impl Stamps {
    pub(crate) fn new() -> Self {
        Self { hasher: RandomState::new(), counts: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The stamp of a record, to be taken before it is read.
    pub(crate) fn of(&self, record: &impl Hash) -> Stamp {
        Stamp(self.bucket(record).map_or(0, |count| count.load(Ordering::Acquire)))
    }

    /// A commit may have changed the record.
    pub(crate) fn change(&self, record: &impl Hash) {
        if let Some(count) = self.bucket(record) {
            count.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn bucket(&self, record: &impl Hash) -> Option<&AtomicU64> {
        let buckets = u64::try_from(BUCKETS).unwrap_or(1);
        let at = usize::try_from(self.hasher.hash_one(record) % buckets).unwrap_or(0);
        self.counts.get(at)
    }
}

/// For how long something that was read counts, apart from changes by this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// Only this process changes it.
    UntilChanged,
    /// Other processes may change it too: so many milliseconds of real time, 0 for not at all.
    Milliseconds(i64),
}

/// Records of one kind that were read.
pub(crate) struct Kept<K, V> {
    entries: Cache<K, Entry<V>>,
    lifetime: Lifetime,
}

struct Entry<V> {
    value: Arc<V>,
    stamp: Stamp,
    read_at: Timestamp,
}

impl<V> Clone for Entry<V> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), stamp: self.stamp, read_at: self.read_at }
    }
}

impl<K: Eq + Hash + Clone, V> Kept<K, V> {
    /// Keeps at most `most` records, those that are asked for most.
    pub(crate) fn new(most: usize, lifetime: Lifetime) -> Self {
        Self { entries: Cache::new(most), lifetime }
    }

    /// The record, if it was read while its bucket had the stamp that it has now, and not too long ago.
    pub(crate) fn get(&self, key: &K, now: Stamp, real_now: Timestamp) -> Option<Arc<V>> {
        let entry = self.entries.get(key).filter(|entry| entry.stamp == now)?;
        let is_young = match self.lifetime {
            Lifetime::UntilChanged => true,
            Lifetime::Milliseconds(most) => real_now < entry.read_at.plus_ms(most),
        };
        is_young.then_some(entry.value)
    }

    /// Keeps a record that was read after its stamp was taken.
    pub(crate) fn put(&self, key: K, value: Arc<V>, stamp: Stamp, read_at: Timestamp) {
        if self.lifetime != Lifetime::Milliseconds(0) {
            self.entries.insert(key, Entry { value, stamp, read_at });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn kept(lifetime: Lifetime) -> (Stamps, Kept<i64, &'static str>) {
        (Stamps::new(), Kept::new(16, lifetime))
    }

    #[test]
    fn a_record_is_kept_until_a_commit_changes_it() {
        let (stamps, kept) = kept(Lifetime::UntilChanged);
        assert_eq!(kept.get(&5, stamps.of(&5), NOW), None);
        kept.put(5, Arc::new("old"), stamps.of(&5), NOW);
        assert_eq!(kept.get(&5, stamps.of(&5), NOW.plus_ms(i64::MAX / 2)).as_deref(), Some(&"old"));
        stamps.change(&5);
        assert_eq!(kept.get(&5, stamps.of(&5), NOW), None);
        kept.put(5, Arc::new("new"), stamps.of(&5), NOW);
        assert_eq!(kept.get(&5, stamps.of(&5), NOW).as_deref(), Some(&"new"));
    }

    #[test]
    fn what_was_read_before_a_commit_and_put_after_it_is_never_given() {
        let (stamps, kept) = kept(Lifetime::UntilChanged);
        let before = stamps.of(&5);
        stamps.change(&5);
        kept.put(5, Arc::new("old"), before, NOW);
        assert_eq!(kept.get(&5, stamps.of(&5), NOW), None);
    }

    #[test]
    fn where_others_write_too_a_record_is_kept_for_its_time_only() {
        let (stamps, kept) = kept(Lifetime::Milliseconds(500));
        kept.put(5, Arc::new("one"), stamps.of(&5), NOW);
        assert!(kept.get(&5, stamps.of(&5), NOW.plus_ms(499)).is_some());
        assert!(kept.get(&5, stamps.of(&5), NOW.plus_ms(500)).is_none());
        let (stamps, never) = self::kept(Lifetime::Milliseconds(0));
        never.put(5, Arc::new("one"), stamps.of(&5), NOW);
        assert!(never.get(&5, stamps.of(&5), NOW).is_none());
    }
}
