//! The data folder: made for its owner only, and, where the database lies in it, used by one process at a
//! time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::config::{DATABASE_FILE, Places};

const LOCK_FILE: &str = "lock";
/// What `--fresh` deletes: Kadi's own files and nothing else.
const OWN_FILES: [&str; 5] = [DATABASE_FILE, "kadi.db-wal", "kadi.db-shm", "keys.toml", "admin.sock"];

/// A data folder that this process holds until it ends.
pub(crate) struct Folder {
    path: PathBuf,
    // Held, never read: the lock ends with the file.
    _lock: File,
}

/// Takes the folder of an embedded database. On PostgreSQL the folder holds keys only, which any number of
/// processes may read.
pub(crate) fn take_folder(places: &Places) -> Result<Option<Folder>, String> {
    if places.embedded().is_some() { Folder::take(&places.data).map(Some) } else { Ok(None) }
}

impl Folder {
    /// Makes the folder where it is missing and takes it; an error where another process has it.
    fn take(path: &Path) -> Result<Self, String> {
        let told = |error: std::io::Error| format!("the data folder {}: {error}", path.display());
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(told)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(path.join(LOCK_FILE)).map_err(told)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(format!("another Kadi uses the data folder {}; stop it first", path.display()))
            }
            Err(TryLockError::Error(error)) => Err(told(error)),
        }
    }

    /// Deletes Kadi's own files in it.
    pub(crate) fn clear(&self) -> Result<(), String> {
        for name in OWN_FILES {
            let file = self.path.join(name);
            match std::fs::remove_file(&file) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("{}: {error}", file.display())),
            }
        }
        Ok(())
    }
}
