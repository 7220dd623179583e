//! Every sequence of up to so many events, and what the sequences of the same events end with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Walks every sequence of at most `longest` events, the empty one too: `step` applies the last event of the
/// sequence that it is given to a copy of the world after all before it.
pub(crate) fn every_order<W: Clone, E: Copy>(
    first: &W,
    events: &[E],
    longest: usize,
    step: &mut impl FnMut(&mut W, &[E]),
) {
    fn walk<W: Clone, E: Copy>(
        world: &W,
        told: &mut Vec<E>,
        events: &[E],
        left: usize,
        step: &mut impl FnMut(&mut W, &[E]),
    ) {
        let mut world = world.clone();
        step(&mut world, told);
        for &event in events.iter().filter(|_| left > 0) {
            told.push(event);
            walk(&world, told, events, left - 1, step);
            told.pop();
        }
    }
    walk(first, &mut Vec::new(), events, longest, step);
}

/// What sequences ended with, by what of them may tell: the events that occur in them, whatever their order
/// and however often, unless something else is said.
pub(crate) struct Ends<E, S, K = BTreeSet<E>> {
    seen: BTreeMap<K, BTreeMap<S, Vec<E>>>,
}

impl<E, S, K> Default for Ends<E, S, K> {
    fn default() -> Self {
        Self { seen: BTreeMap::new() }
    }
}

impl<E: Ord + Copy + Debug, S: Ord + Debug> Ends<E, S> {
    pub(crate) fn add(&mut self, told: &[E], end: S) {
        self.add_as(told.iter().copied().collect(), told, end);
    }
}

impl<E: Copy + Debug, S: Ord + Debug, K: Ord> Ends<E, S, K> {
    pub(crate) fn add_as(&mut self, key: K, told: &[E], end: S) {
        self.seen.entry(key).or_default().entry(end).or_insert_with(|| told.to_vec());
    }

    /// Each set of events ended in one way, and there were at least so many sets.
    pub(crate) fn assert_one_each(&self, sets: usize) {
        for ends in self.seen.values() {
            assert_eq!(ends.len(), 1, "the order tells: {ends:#?}");
        }
        assert!(self.seen.len() >= sets, "only {} sets of events", self.seen.len());
    }
}
