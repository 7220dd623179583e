//! The checker as a process, on a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use kadi_testkit::postgres::Cluster;
use tempfile::TempDir;

/// The crates that the server is made of.
const SERVER: [&str; 9] =
    ["domain", "store", "engine", "documents", "dialects", "web", "outbound", "bench", "kadi"];

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Campaigns run one after the other, so that each has the machine for itself.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server's binary, which cargo puts beside the checker's. Only the workspace's build makes both, so that
/// an older one is refused.
fn kadi() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_kadi-checker")).with_file_name("kadi");
    let built = fs::metadata(&binary).and_then(|facts| facts.modified());
    let built = built.unwrap_or_else(|_| panic!("{}: cargo build -p kadi", binary.display()));
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let newest = SERVER.iter().map(|name| newest(&crates.join(name).join("src"))).max().unwrap();
    assert!(newest <= built, "{} is older than its source: cargo build -p kadi", binary.display());
    binary
}

fn newest(folder: &Path) -> SystemTime {
    let times = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { newest(&path) } else { fs::metadata(&path).unwrap().modified().unwrap() }
    });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A place for one campaign.
pub(crate) struct Place {
    folder: TempDir,
    /// Where the store is not the embedded one: its cluster, and its address without the database's name.
    postgres: Option<(Cluster, String)>,
}

/// How a checker ended.
pub(crate) struct End {
    pub(crate) success: bool,
    pub(crate) said: String,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), postgres: None }
    }

    /// With a PostgreSQL cluster of its own, in which so many first starts find an empty database.
    pub(crate) fn postgres(first_starts: u64) -> Self {
        let cluster = Cluster::start(&[]);
        let names = (1..=first_starts).map(|number| format!("first{number}"));
        for name in names.chain(["main".to_owned()]) {
            cluster.run(&format!("CREATE DATABASE kadi_{name} STRATEGY = FILE_COPY"));
        }
        let url = cluster.database().url();
        let address = url.rsplit_once('/').expect("the name comes last").0.to_owned();
        Self { folder: tempfile::tempdir().unwrap(), postgres: Some((cluster, address)) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path in UTF-8").to_owned()
    }

    /// A campaign.
    pub(crate) fn run(&self, options: &[&str]) -> End {
        let database = ["--database".to_owned(), self.text("{store}/kadi.db")];
        let database: Vec<&str> = database.iter().map(String::as_str).collect();
        let embedded = if self.postgres.is_none() { database.as_slice() } else { &[] };
        self.checker("run", &[embedded, options].concat())
    }

    /// Compares the store with the campaign's journal.
    pub(crate) fn check(&self, options: &[&str]) -> End {
        self.checker("check", options)
    }

    fn checker(&self, task: &str, options: &[&str]) -> End {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kadi-checker"));
        command.arg(task).arg("--kadi").arg(kadi()).args(["--folder", &self.text("campaign")]);
        command.args(options).args(["--", "--data", &self.text("{store}")]);
        if let Some((_, address)) = &self.postgres {
            command.args(["--database-url", &format!("{address}/kadi_{{store}}")]);
        }
        let Output { status, stdout, stderr } = command.output().expect("the checker starts");
        let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        End { success: status.success(), said }
    }

    /// What the server wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("campaign/server.log")).unwrap_or_default()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What a failed campaign leaves is worth looking at.
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            eprintln!("--- kept: {}", self.folder.path().display());
        }
    }
}

/// Copies a folder with its files.
pub(crate) fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success(), "{} was not copied", from.display());
}
