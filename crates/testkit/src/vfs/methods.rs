//! The methods of an open file: each asks the disk whether it may, and hands on.

use std::ffi::{c_int, c_void};
use std::ptr::drop_in_place;
use std::slice::from_raw_parts;

use rusqlite::ffi::{SQLITE_IOERR, SQLITE_SHM_UNLOCK, sqlite3_file, sqlite3_int64, sqlite3_io_methods};

use super::file::{methods, ours, real};
use crate::fault::Call;

/// Version 2: files are never mapped into memory, where writes could not be seen. (The index of the log is,
/// but it is only memory after a cut.)
pub(super) static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Calls a method of the file behind ours; an I/O error where it has none.
macro_rules! hand_on {
    ($method:ident, $file:expr $(, $argument:expr)*) => {
        // SAFETY: SQLite calls methods of open files only, and the arguments are its own.
        match unsafe { methods($file) }.$method {
            // SAFETY: as above.
            Some(method) => unsafe { method(real($file) $(, $argument)*) },
            None => SQLITE_IOERR,
        }
    };
}

/// The code with which a call fails that changes no file, if it is to fail.
fn refusal(file: *mut sqlite3_file, call: Call) -> Option<c_int> {
    // SAFETY: SQLite calls methods of open files only.
    unsafe { ours(file) }.part.as_ref()?.disk.refuse(call)
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let end = hand_on!(xClose, file);
    // SAFETY: written by `xOpen`; SQLite closes a file once and never uses it again.
    unsafe { drop_in_place(&mut ours(file).part) };
    end
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    to: *mut c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    match refusal(file, Call::Read) {
        Some(code) => code,
        None => hand_on!(xRead, file, to, length, at),
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite calls methods of open files only.
    let Some(part) = &unsafe { ours(file) }.part else { return hand_on!(xWrite, file, from, length, at) };
    let (Ok(at), Ok(length)) = (usize::try_from(at), usize::try_from(length)) else { return SQLITE_IOERR };
    // SAFETY: SQLite gives so many bytes.
    let bytes = unsafe { from_raw_parts(from.cast::<u8>(), length) };
    part.disk.write(part.file, at, bytes, |at, bytes| {
        match (sqlite3_int64::try_from(at), c_int::try_from(bytes.len())) {
            (Ok(at), Ok(length)) => hand_on!(xWrite, file, bytes.as_ptr().cast(), length, at),
            _ => SQLITE_IOERR,
        }
    })
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: SQLite calls methods of open files only.
    let Some(part) = &unsafe { ours(file) }.part else { return hand_on!(xTruncate, file, size) };
    let Ok(length) = usize::try_from(size) else { return SQLITE_IOERR };
    part.disk.truncate(part.file, length, || hand_on!(xTruncate, file, size))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite calls methods of open files only.
    let Some(part) = &mut unsafe { ours(file) }.part else { return hand_on!(xSync, file, flags) };
    let syncs_folder = part.syncs_folder;
    part.disk.sync(part.file, syncs_folder, || {
        part.syncs_folder = false;
        hand_on!(xSync, file, flags)
    })
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    hand_on!(xFileSize, file, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(xLock, file, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(xUnlock, file, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, is_locked: *mut c_int) -> c_int {
    hand_on!(xCheckReservedLock, file, is_locked)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    hand_on!(xFileControl, file, what, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    hand_on!(xSectorSize, file)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    hand_on!(xDeviceCharacteristics, file)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    found: *mut *mut c_void,
) -> c_int {
    match refusal(file, Call::ShmMap) {
        Some(code) => code,
        None => hand_on!(xShmMap, file, page, size, extend, found),
    }
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, at: c_int, length: c_int, flags: c_int) -> c_int {
    // Giving a lock back cannot fail: SQLite does not look.
    let is_taken = flags & SQLITE_SHM_UNLOCK == 0;
    match is_taken.then(|| refusal(file, Call::ShmLock)).flatten() {
        Some(code) => code,
        None => hand_on!(xShmLock, file, at, length, flags),
    }
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite calls methods of open files only.
    if let Some(method) = unsafe { methods(file) }.xShmBarrier {
        // SAFETY: as above.
        unsafe { method(real(file)) };
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    hand_on!(xShmUnmap, file, delete)
}
