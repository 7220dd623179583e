//! Registering the layer, once per process, and finding the disk of a path.

use std::ffi::{CStr, c_int};
use std::io::{Error, Result};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use rusqlite::ffi::{SQLITE_OK, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register};

use super::file::OpenFile;
use super::open::{delete, open};
use crate::disk::Disk;

/// The layer's name.
pub(crate) const NAME: &str = "kadi-faulty";
const C_NAME: &CStr = c"kadi-faulty";

static DISKS: Mutex<Vec<Weak<Disk>>> = Mutex::new(Vec::new());

/// The table of SQLite's own layer. It lives as long as the process and is never changed.
#[derive(Clone, Copy)]
pub(super) struct Unix(pub(super) *mut sqlite3_vfs);

// SAFETY: SQLite uses the table from every thread itself.
unsafe impl Send for Unix {}
// SAFETY: as above.
unsafe impl Sync for Unix {}

static UNIX: OnceLock<Option<Unix>> = OnceLock::new();

/// SQLite's own layer, with ours registered beside it; none where SQLite refused.
pub(super) fn unix() -> Option<Unix> {
    *UNIX.get_or_init(register)
}

fn register() -> Option<Unix> {
    // SAFETY: a null name asks for the default layer; SQLite initialises itself first.
    let unix = unsafe { sqlite3_vfs_find(null()) };
    if unix.is_null() {
        return None;
    }
    // SAFETY: the table was found just now and is never changed.
    let mut own = unsafe { *unix };
    own.pNext = null_mut();
    own.zName = C_NAME.as_ptr();
    own.szOsFile = own.szOsFile.checked_add(c_int::try_from(size_of::<OpenFile>()).ok()?)?;
    own.xOpen = Some(open);
    own.xDelete = Some(delete);
    // SAFETY: the table is leaked, so that it lives as long as SQLite knows it.
    let end = unsafe { sqlite3_vfs_register(Box::into_raw(Box::new(own)), 0) };
    (end == SQLITE_OK).then_some(Unix(unix))
}

/// Lets the layer open the files of this disk's folder.
pub(crate) fn attach(disk: &Arc<Disk>) -> Result<()> {
    unix().ok_or_else(|| Error::other("SQLite did not take the layer"))?;
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.retain(|disk| disk.strong_count() > 0);
    disks.push(Arc::downgrade(disk));
    Ok(())
}

/// The disk of a file, and the file's name there.
pub(super) fn find(path: &CStr) -> Option<(Arc<Disk>, String)> {
    let path = Path::new(path.to_str().ok()?);
    let (folder, name) = (path.parent()?, path.file_name()?.to_str()?.to_owned());
    let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    let disk = disks.iter().filter_map(Weak::upgrade).find(|disk| disk.folder == folder)?;
    Some((disk, name))
}
