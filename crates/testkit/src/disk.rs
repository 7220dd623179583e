//! The disk behind the layer: counts calls, decides which fail, and writes down what really happened.

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR_DELETE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ,
    SQLITE_IOERR_SHMLOCK, SQLITE_IOERR_SHMMAP, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE, SQLITE_OK,
};

use crate::chance::Chance;
use crate::fault::{Call, Counts, Fault, Plan};
use crate::log::Entry;
use crate::tear::sectors;

/// One folder whose files go through the layer.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) log: Vec<Entry>,
    pub(crate) counts: Counts,
    /// After so many syncs all later ones are lies.
    pub(crate) lies_after: Option<u64>,
    /// How often a call failed on purpose.
    pub(crate) failed: u64,
    /// How many entries the log had when the first of them did.
    pub(crate) failed_at: Option<usize>,
    armed: Option<Armed>,
    files: usize,
    names: BTreeMap<String, usize>,
}

/// A plan, and how many of its calls have come since it was made.
#[derive(Clone, Copy, Debug)]
struct Armed {
    plan: Plan,
    seen: u64,
    is_cut: bool,
}

impl State {
    /// Makes a plan: from now on its calls are counted.
    pub(crate) fn arm(&mut self, plan: Option<Plan>) {
        self.armed = plan.map(|plan| Armed { plan, seen: 0, is_cut: false });
    }

    /// A file is there from now on; its number.
    fn found(&mut self, name: &str, bytes: Vec<u8>) -> usize {
        self.files += 1;
        self.names.insert(name.to_owned(), self.files);
        self.log.push(Entry::Create { file: self.files, name: name.to_owned(), bytes });
        self.files
    }

    fn lies(&self) -> bool {
        self.lies_after.is_some_and(|after| self.counts.of(&[Call::Sync]) > after)
    }

    /// Counts a call; how it fails, if it is to.
    fn next(&mut self, call: Call) -> Option<Fault> {
        self.counts.count(call);
        let armed = self.armed.as_mut()?;
        let plan = armed.plan;
        let is_meant = plan.calls.contains(&call);
        let is_due = is_meant && armed.seen >= plan.after && armed.seen - plan.after < plan.times;
        armed.seen += u64::from(is_meant);
        armed.is_cut |= is_due && plan.fault == Fault::Cut;
        let fault = if armed.is_cut { Some(Fault::Cut) } else { is_due.then_some(plan.fault) };
        if fault.is_some() {
            self.failed += 1;
            self.failed_at.get_or_insert(self.log.len());
        }
        fault
    }
}

impl Disk {
    /// A disk whose files of that folder are there and safe.
    pub(crate) fn new(folder: PathBuf) -> std::io::Result<Self> {
        let mut state = State::default();
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            state.found(&entry.file_name().to_string_lossy(), std::fs::read(entry.path())?);
        }
        Ok(Self { folder, state: Mutex::new(state) })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// SQLite's code for a call that changes nothing on the disk, if it is to fail.
    pub(crate) fn refuse(&self, call: Call) -> Option<c_int> {
        self.lock().next(call).map(|fault| code(call, fault))
    }

    /// Opens a file by `open`; its number. `found` reads what it holds where the disk does not know it yet.
    pub(crate) fn open(
        &self,
        name: &str,
        found: impl FnOnce() -> Vec<u8>,
        open: impl FnOnce() -> c_int,
    ) -> Result<usize, c_int> {
        let mut state = self.lock();
        if let Some(fault) = state.next(Call::Open) {
            return Err(code(Call::Open, fault));
        }
        match open() {
            SQLITE_OK => {}
            failed => return Err(failed),
        }
        if let Some(known) = state.names.get(name) {
            return Ok(*known);
        }
        Ok(state.found(name, found()))
    }

    /// Writes by `put`, which is given what is to be written where.
    pub(crate) fn write(
        &self,
        file: usize,
        at: usize,
        bytes: &[u8],
        put: impl Fn(usize, &[u8]) -> c_int,
    ) -> c_int {
        let mut state = self.lock();
        let fault = state.next(Call::Write);
        let mut put = |at: usize, bytes: &[u8]| {
            let end = put(at, bytes);
            if end == SQLITE_OK {
                state.log.push(Entry::Write { file, at, bytes: bytes.to_vec() });
            }
            end
        };
        let Some(fault) = fault else { return put(at, bytes) };
        match fault {
            Fault::Error | Fault::Full | Fault::Cut => {}
            Fault::Short => {
                let (first, _) = bytes.split_at(bytes.len() / 2);
                put(at, first);
            }
            Fault::Torn { seed } => {
                let mut chance = Chance::new(seed);
                for (at, part) in sectors(at, bytes).filter(|_| chance.percent(50)) {
                    put(at, part);
                }
            }
        }
        code(Call::Write, fault)
    }

    /// Cuts a file off by `cut`.
    pub(crate) fn truncate(&self, file: usize, size: usize, cut: impl FnOnce() -> c_int) -> c_int {
        let mut state = self.lock();
        if let Some(fault) = state.next(Call::Truncate) {
            return code(Call::Truncate, fault);
        }
        let end = cut();
        if end == SQLITE_OK {
            state.log.push(Entry::Truncate { file, size });
        }
        end
    }

    /// Makes a file durable by `sync`, and the names of the folder where `folder` says so. A disk that lies
    /// only says that it did.
    pub(crate) fn sync(&self, file: usize, folder: bool, sync: impl FnOnce() -> c_int) -> c_int {
        let mut state = self.lock();
        if let Some(fault) = state.next(Call::Sync) {
            if fault != Fault::Cut {
                state.log.push(Entry::SyncFailed { file });
            }
            return code(Call::Sync, fault);
        }
        if state.lies() {
            return SQLITE_OK;
        }
        let end = sync();
        if end == SQLITE_OK {
            state.log.push(Entry::Sync { file, folder });
        }
        end
    }

    /// Takes a name away by `delete`.
    pub(crate) fn delete(&self, name: &str, folder: bool, delete: impl FnOnce() -> c_int) -> c_int {
        let mut state = self.lock();
        if let Some(fault) = state.next(Call::Delete) {
            return code(Call::Delete, fault);
        }
        let end = delete();
        if end == SQLITE_OK {
            state.names.remove(name);
            let folder = folder && !state.lies();
            state.log.push(Entry::Delete { name: name.to_owned(), folder });
        }
        end
    }
}

/// What SQLite's own layer would answer.
const fn code(call: Call, fault: Fault) -> c_int {
    match (call, fault) {
        (Call::Open, _) => SQLITE_CANTOPEN,
        (Call::Write, Fault::Full | Fault::Short) => SQLITE_FULL,
        (Call::Write, Fault::Error | Fault::Torn { .. } | Fault::Cut) => SQLITE_IOERR_WRITE,
        (Call::Read, _) => SQLITE_IOERR_READ,
        (Call::Sync, _) => SQLITE_IOERR_FSYNC,
        (Call::Truncate, _) => SQLITE_IOERR_TRUNCATE,
        (Call::Delete, _) => SQLITE_IOERR_DELETE,
        (Call::ShmMap, _) => SQLITE_IOERR_SHMMAP,
        (Call::ShmLock, _) => SQLITE_IOERR_SHMLOCK,
    }
}
