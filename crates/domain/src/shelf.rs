//! The records of one kind that a batch has at hand, and what became of each.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::refusal::Fault;
use crate::work::Puts;

/// Records of one kind that a batch has loaded or made, and what became of them.
#[derive(Debug)]
pub struct Shelf<K, V> {
    slots: BTreeMap<K, Slot<V>>,
}

#[derive(Debug)]
struct Slot<V> {
    value: Option<V>,
    fate: Fate,
}

/// What the save must do about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Kept,
    /// Insert it.
    New,
    /// Update it.
    Changed,
    /// Delete it.
    Removed,
}

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self { slots: BTreeMap::new() }
    }
}

impl<K: Ord + Clone + Debug, V> Shelf<K, V> {
    /// Puts what the store found (or did not find) under a key that was asked for.
    pub fn load(&mut self, key: K, value: Option<V>) {
        self.slots.insert(key, Slot { value, fate: Fate::Kept });
    }

    /// Puts what the store found under the keys that were asked for; the others are known to be absent.
    pub fn load_all(&mut self, keys: impl IntoIterator<Item = K>, found: Vec<V>, key_of: impl Fn(&V) -> K) {
        for key in keys {
            self.load(key, None);
        }
        for value in found {
            self.load(key_of(&value), Some(value));
        }
    }

    /// The record, if it exists; a fault where nobody asked for it.
    pub fn get(&self, key: &K) -> Result<Option<&V>, Fault> {
        match self.slots.get(key) {
            Some(slot) => Ok(slot.value.as_ref()),
            None => Err(Fault::new(format!("record {key:?} was not asked for"))),
        }
    }

    /// All records with their fates, in the order of their keys; removed ones have no value.
    pub fn fates(&self) -> impl Iterator<Item = (&K, Option<&V>, Fate)> {
        self.slots.iter().map(|(key, slot)| (key, slot.value.as_ref(), slot.fate))
    }

    /// The records to be inserted, in the order of their keys.
    pub fn new_ones(&self) -> impl Iterator<Item = &V> {
        self.fates().filter(|(_, _, fate)| *fate == Fate::New).filter_map(|(_, value, _)| value)
    }

    /// The records to be updated, in the order of their keys.
    pub fn changed_ones(&self) -> impl Iterator<Item = &V> {
        self.fates().filter(|(_, _, fate)| *fate == Fate::Changed).filter_map(|(_, value, _)| value)
    }

    /// The keys of the records to be deleted, in order.
    pub fn removed_keys(&self) -> impl Iterator<Item = &K> {
        self.fates().filter(|(_, _, fate)| *fate == Fate::Removed).map(|(key, _, _)| key)
    }

    pub(crate) fn put_new(&mut self, key: K, value: V) {
        let fate = match self.slots.get(&key).map(|slot| slot.fate) {
            // Removed and made again within one batch: the row is still there.
            Some(Fate::Removed) => Fate::Changed,
            Some(Fate::Kept | Fate::New | Fate::Changed) | None => Fate::New,
        };
        self.slots.insert(key, Slot { value: Some(value), fate });
    }

    pub(crate) fn put_changed(&mut self, key: K, value: V) {
        let fate = match self.slots.get(&key).map(|slot| slot.fate) {
            Some(Fate::New) => Fate::New,
            Some(Fate::Kept | Fate::Changed | Fate::Removed) | None => Fate::Changed,
        };
        self.slots.insert(key, Slot { value: Some(value), fate });
    }

    pub(crate) fn remove(&mut self, key: K) {
        let fate = match self.slots.get(&key) {
            Some(Slot { fate: Fate::New, .. } | Slot { fate: Fate::Kept, value: None }) => Fate::Kept,
            Some(_) | None => Fate::Removed,
        };
        self.slots.insert(key, Slot { value: None, fate });
    }
}

pub(crate) fn put<K: Ord + Clone + Debug, V>(shelf: &mut Shelf<K, V>, puts: Puts<V>, key: impl Fn(&V) -> K) {
    for value in puts.new {
        shelf.put_new(key(&value), value);
    }
    for value in puts.changed {
        shelf.put_changed(key(&value), value);
    }
}

pub(crate) fn put_keyed<K: Ord + Clone + Debug, V>(shelf: &mut Shelf<K, V>, puts: Puts<(K, V)>) {
    for (key, value) in puts.new {
        shelf.put_new(key, value);
    }
    for (key, value) in puts.changed {
        shelf.put_changed(key, value);
    }
}
