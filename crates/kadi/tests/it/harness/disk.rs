//! A disk that fails on demand, without privileges: a small library between the server and the system's
//! calls.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::server::Surroundings;

/// How a disk fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DiskFault {
    /// Nothing grows (ENOSPC).
    Full,
    /// Nothing is written (EROFS).
    ReadOnly,
    /// What was written cannot be made durable (EIO).
    NoSync,
}

/// The disk below one folder.
pub(crate) struct Disk {
    folder: PathBuf,
    switch: TempDir,
}

impl Disk {
    /// In good order until told otherwise.
    pub(crate) fn below(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), switch: tempfile::tempdir().unwrap() }
    }

    /// What a server must be started with.
    pub(crate) fn surroundings(&self) -> Surroundings {
        let variables = vec![
            ("LD_PRELOAD", library().to_owned()),
            ("DISK_FOLDER", self.folder.clone()),
            ("DISK_SWITCH", self.switch()),
        ];
        Surroundings { variables, ..Surroundings::default() }
    }

    /// From now on the disk fails.
    pub(crate) fn fail(&self, fault: DiskFault) {
        let letter = match fault {
            DiskFault::Full => "f",
            DiskFault::ReadOnly => "r",
            DiskFault::NoSync => "s",
        };
        // In one step, so that nobody reads an empty file.
        let draft = self.switch.path().join("draft");
        std::fs::write(&draft, letter).unwrap();
        std::fs::rename(draft, self.switch()).unwrap();
    }

    /// From now on it works.
    pub(crate) fn mend(&self) {
        std::fs::remove_file(self.switch()).unwrap();
    }

    fn switch(&self) -> PathBuf {
        self.switch.path().join("switch")
    }
}

/// The library, built once by the compiler that also built SQLite.
fn library() -> &'static PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("disk-{}.so", std::process::id()));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/harness/disk.c");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
            .arg(&target)
            .args([source, "-ldl"]);
        let output = compiler.output().expect("a C compiler");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        target
    })
}
