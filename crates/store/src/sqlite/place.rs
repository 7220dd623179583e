//! Are the files of an open connection still where it found them? Whatever is written into files that were
//! moved away or deleted is gone at the next start, so nothing of it may be answered.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::draft::companion;
use crate::location::{FileId, SqliteFile};
use crate::trouble::Trouble;

/// What a connection in WAL mode has open beside the database itself.
const OPEN_BESIDE: [&str; 2] = ["-wal", "-shm"];

/// The files of one connection, the database first.
#[derive(Debug)]
pub(super) struct Place {
    files: Vec<(PathBuf, FileId)>,
}

impl Place {
    /// Where the files of a connection that was just opened are. Another layer than SQLite's own may keep
    /// them elsewhere, so there nothing is watched.
    pub(super) fn of(location: &SqliteFile) -> Result<Self, Trouble> {
        let mut files = Vec::new();
        if location.vfs.is_none() {
            for end in [""].into_iter().chain(OPEN_BESIDE) {
                let path = companion(&location.file, end);
                files.push((path.clone(), file_id(&path)?));
            }
        }
        Ok(Self { files })
    }

    /// Is the database there? One look.
    pub(super) fn check_database(&self) -> Result<(), Trouble> {
        self.files.first().map_or(Ok(()), |(path, id)| check(path, *id))
    }

    /// Are all files there?
    pub(super) fn check_all(&self) -> Result<(), Trouble> {
        self.files.iter().try_for_each(|(path, id)| check(path, *id))
    }
}

/// The file that is at this path now.
pub(super) fn file_id(path: &Path) -> Result<FileId, Trouble> {
    let facts = std::fs::metadata(path);
    let facts = facts.map_err(|error| Trouble::Down(format!("{}: {error}", path.display())))?;
    Ok(FileId { device: facts.dev(), number: facts.ino() })
}

/// Refuses another file than this one.
pub(super) fn check(path: &Path, id: FileId) -> Result<(), Trouble> {
    if file_id(path)? == id {
        return Ok(());
    }
    Err(Trouble::Down(format!(
        "{} is another file than the one in use; put that one back, or start Kadi anew",
        path.display()
    )))
}
