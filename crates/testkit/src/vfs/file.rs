//! An open file of the layer.

use std::sync::Arc;

use rusqlite::ffi::{sqlite3_file, sqlite3_io_methods};

use crate::disk::Disk;

/// What SQLite allocates for a file, followed by what the unix layer needs for its own.
#[repr(C)]
pub(super) struct OpenFile {
    pub(super) base: sqlite3_file,
    /// None for a temporary file, which no power cut could harm.
    pub(super) part: Option<Part>,
}

/// A file of a disk.
pub(super) struct Part {
    pub(super) disk: Arc<Disk>,
    pub(super) file: usize,
    /// The next sync makes the names of the folder durable too, as the unix layer does after it has made a
    /// log or journal.
    pub(super) syncs_folder: bool,
}

/// The file of the unix layer that stands behind ours.
///
/// # Safety
/// `file` points to an allocation of the size that the layer's table names.
pub(super) unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: the unix layer's file begins where ours ends, by `szOsFile`.
    unsafe { file.cast::<OpenFile>().add(1).cast() }
}

/// Our file.
///
/// # Safety
/// `file` was opened by the layer and is not closed, and nobody else has it now (SQLite uses a file from one
/// thread at a time).
pub(super) unsafe fn ours<'a>(file: *mut sqlite3_file) -> &'a mut OpenFile {
    // SAFETY: `xOpen` wrote an `OpenFile` there.
    unsafe { &mut *file.cast::<OpenFile>() }
}

/// The methods of the file behind ours.
///
/// # Safety
/// As for [`ours`].
pub(super) unsafe fn methods<'a>(file: *mut sqlite3_file) -> &'a sqlite3_io_methods {
    // SAFETY: the unix layer set its methods when it opened the file.
    unsafe { &*(*real(file)).pMethods }
}
