//! Opening and deleting files.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{null, write};

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_IOERR_DELETE, SQLITE_OK, SQLITE_OPEN_CREATE, SQLITE_OPEN_MAIN_DB,
    SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file, sqlite3_filename, sqlite3_vfs,
};

use super::file::{OpenFile, Part, real};
use super::methods::METHODS;
use super::register::{find, unix};

/// Opens a file of an attached disk, or a temporary one.
pub(super) unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: `file` is an allocation of `szOsFile` bytes; without methods it counts as not open.
    unsafe { (*file).pMethods = null() };
    let Some(unix) = unix() else { return SQLITE_CANTOPEN };
    let open_real = || {
        // SAFETY: SQLite's own arguments, with its own table and the room that it asked for.
        match unsafe { (*unix.0).xOpen } {
            // SAFETY: as above.
            Some(open) => unsafe { open(unix.0, name, real(file), flags, flags_out) },
            None => SQLITE_CANTOPEN,
        }
    };
    let part = if flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) == 0 {
        match open_real() {
            SQLITE_OK => None,
            failed => return failed,
        }
    } else {
        // SAFETY: these kinds of files have a name.
        let path = unsafe { CStr::from_ptr(name) };
        let Some((disk, name)) = find(path) else { return SQLITE_CANTOPEN };
        let whole = disk.folder.join(&name);
        // What stands there when the layer sees it for the first time. Never later: to close a file gives
        // back every lock that the process has on it.
        let found = || std::fs::read(whole).unwrap_or_default();
        let is_log = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) != 0;
        let syncs_folder = is_log && flags & SQLITE_OPEN_CREATE != 0;
        match disk.open(&name, found, open_real) {
            Ok(file) => Some(Part { disk, file, syncs_folder }),
            Err(failed) => return failed,
        }
    };
    let opened = OpenFile { base: sqlite3_file { pMethods: &METHODS }, part };
    // SAFETY: the first `size_of::<OpenFile>()` bytes of the allocation are ours, aligned by SQLite to 8.
    unsafe { write(file.cast(), opened) };
    SQLITE_OK
}

/// Deletes a file of an attached disk.
pub(super) unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, folder: c_int) -> c_int {
    let Some(unix) = unix() else { return SQLITE_IOERR_DELETE };
    // SAFETY: SQLite gives a name.
    let path = unsafe { CStr::from_ptr(name) };
    let Some((disk, short)) = find(path) else { return SQLITE_IOERR_DELETE };
    disk.delete(&short, folder != 0, || {
        // SAFETY: SQLite's own table.
        match unsafe { (*unix.0).xDelete } {
            // SAFETY: SQLite's own arguments.
            Some(delete) => unsafe { delete(unix.0, name, folder) },
            None => SQLITE_IOERR_DELETE,
        }
    })
}
