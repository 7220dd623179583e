//! A folder whose database files go through the layer that fails on purpose.

use std::io::Result;
use std::path::Path;
use std::sync::Arc;

use crate::disk::Disk;
use crate::fault::{Counts, Plan};
use crate::log::Entry;
use crate::vfs;

/// A folder of database files. Open them under the layer's name while this lives; afterwards, or elsewhere,
/// the layer opens nothing.
///
/// The files are real, and SQLite's own layer does the work: what is read is what was written, also after a
/// sync that lied or failed. What a power cut would leave is computed from the log ([`crate::Platter`]).
#[derive(Debug)]
pub struct FaultyDisk {
    disk: Arc<Disk>,
}

impl FaultyDisk {
    /// The folder, which must exist, without any fault yet. What it holds is safe.
    pub fn new(folder: &Path) -> Result<Self> {
        let disk = Arc::new(Disk::new(folder.canonicalize()?)?);
        vfs::attach(&disk)?;
        Ok(Self { disk })
    }

    /// The name under which SQLite knows the layer.
    pub const fn vfs() -> &'static str {
        vfs::NAME
    }

    /// From now on calls are counted and fail after this plan; none ends every fault, a power cut too.
    pub fn arm(&self, plan: Option<Plan>) {
        self.disk.lock().arm(plan);
    }

    /// After so many syncs every later one is answered as done, and is not.
    pub fn lie(&self, after: u64) {
        self.disk.lock().lies_after = Some(after);
    }

    /// How many calls failed on purpose.
    pub fn failed(&self) -> u64 {
        self.disk.lock().failed
    }

    /// How many entries the log had when the first call failed on purpose.
    pub fn failed_at(&self) -> Option<usize> {
        self.disk.lock().failed_at
    }

    /// How often each kind of call was made.
    pub fn counts(&self) -> Counts {
        self.disk.lock().counts
    }

    /// How many entries the log has: what is answered now rests on these.
    pub fn position(&self) -> usize {
        self.disk.lock().log.len()
    }

    /// The log so far.
    pub fn log(&self) -> Vec<Entry> {
        self.disk.lock().log.clone()
    }
}
