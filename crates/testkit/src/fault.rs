//! Which call of SQLite to its file layer fails, and how.

/// A kind of call that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// A file is opened (made where it is absent).
    Open,
    /// Bytes are read.
    Read,
    /// Bytes are written.
    Write,
    /// A file is made durable.
    Sync,
    /// A file is cut off.
    Truncate,
    /// A file is deleted.
    Delete,
    /// A page of the index of the log, which connections share, is mapped.
    ShmMap,
    /// A lock on the index of the log is taken.
    ShmLock,
}

impl Call {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Read,
        Self::Write,
        Self::Sync,
        Self::Truncate,
        Self::Delete,
        Self::ShmMap,
        Self::ShmLock,
    ];

    /// The kinds that change files or make changes durable.
    pub const CHANGES: [Self; 4] = [Self::Write, Self::Sync, Self::Truncate, Self::Delete];

    const fn at(self) -> usize {
        match self {
            Self::Open => 0,
            Self::Read => 1,
            Self::Write => 2,
            Self::Sync => 3,
            Self::Truncate => 4,
            Self::Delete => 5,
            Self::ShmMap => 6,
            Self::ShmLock => 7,
        }
    }
}

/// How often each kind of call was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Call::ALL.len()]);

impl Counts {
    /// How often one of these kinds was called.
    pub fn of(&self, calls: &[Call]) -> u64 {
        calls.iter().filter_map(|call| self.0.get(call.at())).sum()
    }

    pub(crate) fn count(&mut self, call: Call) {
        if let Some(number) = self.0.get_mut(call.at()) {
            *number += 1;
        }
    }
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An I/O error; nothing was done. After a sync that fails so nobody knows what is safe.
    Error,
    /// The disk is full; nothing was done.
    Full,
    /// The first half is written, then the disk is full. Only writes; another call fails with
    /// [`Fault::Error`].
    Short,
    /// Some sectors are written, then an I/O error. Only writes; another call fails with [`Fault::Error`].
    Torn {
        /// Decides which sectors.
        seed: u64,
    },
    /// The power fails: this call and all later ones do nothing and end with an I/O error.
    Cut,
}

/// A fault and when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The kinds of calls that are counted and fail.
    pub calls: &'static [Call],
    /// How many of them succeed first.
    pub after: u64,
    /// How many fail then.
    pub times: u64,
    /// How they fail.
    pub fault: Fault,
}
