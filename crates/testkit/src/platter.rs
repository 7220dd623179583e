//! What is safe on a disk, and what only seems to be there, after so many entries of its log.

use std::collections::BTreeMap;

use crate::chance::Chance;
use crate::image::Image;
use crate::log::Entry;
use crate::tear::{Change, Tear, tear};

/// The index of the log, which is only memory: after a cut it holds anything.
const INDEX: &str = "-shm";

/// What a failed sync means for what it should have made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedSync {
    /// A later sync that succeeds makes it durable.
    IsMadeUp,
    /// It is lost, although it can be read until the power fails, and no later sync writes it: what Linux
    /// does with pages that could not be written.
    Forgets,
}

/// A file: what is safe, and what was done since.
#[derive(Debug, Default)]
struct File {
    durable: Vec<u8>,
    changes: Vec<Change>,
}

/// A name that came or went.
#[derive(Debug)]
enum Naming {
    Made(String, usize),
    Gone(String),
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Made(name, file) => drop(names.insert(name.clone(), *file)),
            Self::Gone(name) => drop(names.remove(name)),
        }
    }
}

/// A disk that takes a log entry by entry.
#[derive(Debug)]
pub struct Platter {
    failed_sync: FailedSync,
    names: BTreeMap<String, usize>,
    namings: Vec<Naming>,
    files: BTreeMap<usize, File>,
}

impl Platter {
    /// An empty disk.
    pub const fn new(failed_sync: FailedSync) -> Self {
        Self { failed_sync, names: BTreeMap::new(), namings: Vec::new(), files: BTreeMap::new() }
    }

    /// Takes the next entry.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Create { file, name, bytes } => {
                self.files.insert(*file, File { durable: bytes.clone(), changes: Vec::new() });
                self.namings.push(Naming::Made(name.clone(), *file));
                if !bytes.is_empty() {
                    self.sync_names();
                }
            }
            Entry::Write { file, at, bytes } => {
                self.change(*file, Change::Write { at: *at, bytes: bytes.clone() });
            }
            Entry::Truncate { file, size } => self.change(*file, Change::Truncate { size: *size }),
            Entry::Sync { file, folder } => {
                if let Some(File { durable, changes }) = self.files.get_mut(file) {
                    changes.drain(..).for_each(|change| change.apply(durable));
                }
                if *folder {
                    self.sync_names();
                }
            }
            Entry::SyncFailed { file } => match self.failed_sync {
                FailedSync::IsMadeUp => {}
                FailedSync::Forgets => drop(self.files.get_mut(file).map(|file| file.changes.clear())),
            },
            Entry::Delete { name, folder } => {
                self.namings.push(Naming::Gone(name.clone()));
                if *folder {
                    self.sync_names();
                }
            }
        }
    }

    /// The files as a power cut now may leave them; the same seed leaves the same.
    pub fn cut(&self, how: Tear, seed: u64) -> Image {
        let mut chance = Chance::new(seed);
        let mut names = self.names.clone();
        let kept = match how {
            Tear::Lost => 0,
            Tear::Kept => self.namings.len(),
            Tear::Prefix | Tear::Changes | Tear::Sectors | Tear::Noise => {
                chance.below(self.namings.len() + 1)
            }
        };
        self.namings.iter().take(kept).for_each(|naming| naming.apply(&mut names));
        let mut image = Image::default();
        for (name, number) in names {
            if let Some(file) = self.files.get(&number) {
                let mut bytes = file.durable.clone();
                tear(&mut bytes, &file.changes, how, &mut chance);
                if name.ends_with(".db") && how == Tear::Noise {
                    let noise = chance.below(2) * 32_768;
                    image.files.insert(format!("{name}{INDEX}"), chance.noise(noise));
                }
                image.files.insert(name, bytes);
            }
        }
        image
    }

    fn change(&mut self, file: usize, change: Change) {
        self.files.entry(file).or_default().changes.push(change);
    }

    fn sync_names(&mut self) {
        for naming in self.namings.drain(..) {
            naming.apply(&mut self.names);
        }
    }
}
