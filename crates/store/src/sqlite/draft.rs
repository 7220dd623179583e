//! A database file that is made under another name and appears under its own when it is whole.

use std::fs::{File, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use tempfile::{Builder, TempDir, TempPath};

use super::errors::trouble;
use crate::backup::BackupFault;

/// What SQLite may keep beside a database file, by the ends of the names.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

const OWNER_ONLY_FILE: u32 = 0o600;
const OWNER_ONLY_FOLDER: u32 = 0o700;

/// An empty file in a folder of its own, which goes with everything in it when the draft is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    folder: TempDir,
    beside: PathBuf,
}

impl Draft {
    /// A draft in the folder where `target` is to be.
    pub(super) fn beside(target: &Path) -> Result<Self, BackupFault> {
        let beside = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new(".")).to_owned();
        let mut builder = Builder::new();
        builder.prefix(".kadi-draft-").permissions(Permissions::from_mode(OWNER_ONLY_FOLDER));
        let draft = Self { folder: builder.tempdir_in(&beside).map_err(at(&beside))?, beside };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(OWNER_ONLY_FILE);
        options.open(draft.file()).map_err(at(&draft.file()))?;
        Ok(draft)
    }

    /// The file.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("draft.db")
    }

    /// Opens it, with SQLite's own settings.
    pub(super) fn open(&self) -> Result<Connection, BackupFault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(self.file(), flags);
        Ok(connection.map_err(|error| trouble("open a copy", &error))?)
    }

    /// Makes the closed file durable and gives it its name, unless that is taken; its size in bytes.
    pub(super) fn publish(self, target: &Path) -> Result<u64, BackupFault> {
        let file = File::open(self.file()).map_err(at(target))?;
        file.sync_all().map_err(at(target))?;
        let bytes = file.metadata().map_err(at(target))?.len();
        let path = TempPath::try_from_path(self.file()).map_err(at(target))?;
        path.persist_noclobber(target).map_err(|refused| {
            if refused.error.kind() == ErrorKind::AlreadyExists {
                BackupFault::Exists(target.to_owned())
            } else {
                at(target)(refused.error)
            }
        })?;
        self.folder.close().map_err(at(&self.beside))?;
        File::open(&self.beside).and_then(|folder| folder.sync_all()).map_err(at(&self.beside))?;
        Ok(bytes)
    }
}

/// A fault of the file system at this path.
pub(super) fn at(path: &Path) -> impl Fn(std::io::Error) -> BackupFault {
    move |error| BackupFault::Io { path: path.to_owned(), error }
}

/// The path with this at the end of its name.
pub(super) fn companion(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}
