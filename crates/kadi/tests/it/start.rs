//! Everything under which a promise would not hold stops the start, each with its own reason: one table.

use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::Path;

use kadi_store::{Found, PostgresFound, Trouble, check, check_postgres};
use tempfile::TempDir;

use crate::harness::server::{Server, Surroundings, kadi};

/// What stands in the way of a start.
enum Cause {
    /// What SQLite reports of itself.
    Sqlite(Found),
    /// What PostgreSQL reports of itself.
    Postgres(PostgresFound),
    /// What was done to a data folder that worked, and the options of `kadi serve`.
    Folder(fn(&Path), &'static [&'static str]),
    /// A server that uses the data folder.
    Neighbour,
}

const SANDBOX: &[&str] = &["--sandbox"];

fn sqlite() -> Found {
    Found {
        version: 3_051_003,
        journal_mode: "wal".into(),
        synchronous: 2,
        page_size: 4_096,
        wal_autocheckpoint: 0,
        application_id: 0,
    }
}

fn postgres() -> PostgresFound {
    let on = || "on".to_owned();
    PostgresFound {
        version: 140_000,
        synchronous_commit: on(),
        fsync: on(),
        full_page_writes: on(),
        server_encoding: "UTF8".into(),
        is_standby: false,
    }
}

/// The settings of the databases.
fn settings() -> Vec<(&'static str, Cause)> {
    let lite = |change: fn(&mut Found)| {
        let mut found = sqlite();
        change(&mut found);
        Cause::Sqlite(found)
    };
    let pg = |change: fn(&mut PostgresFound)| {
        let mut found = postgres();
        change(&mut found);
        Cause::Postgres(found)
    };
    vec![
        ("SQLite 3051002 is older than 3.51.3", lite(|found| found.version = 3_051_002)),
        ("journal_mode is delete, not wal", lite(|found| found.journal_mode = "delete".into())),
        ("synchronous is 1, not 2 (FULL)", lite(|found| found.synchronous = 1)),
        ("synchronous is 0, not 2 (FULL)", lite(|found| found.synchronous = 0)),
        ("page_size is 1024, not 4096", lite(|found| found.page_size = 1_024)),
        ("wal_autocheckpoint is 1000, not 0", lite(|found| found.wal_autocheckpoint = 1_000)),
        ("application_id is 7, not 0", lite(|found| found.application_id = 7)),
        ("PostgreSQL 13 is older than 14", pg(|found| found.version = 139_999)),
        ("synchronous_commit is off", pg(|found| found.synchronous_commit = "off".into())),
        ("synchronous_commit is local", pg(|found| found.synchronous_commit = "local".into())),
        ("synchronous_commit is remote_write", pg(|found| found.synchronous_commit = "remote_write".into())),
        ("fsync is off, not on", pg(|found| found.fsync = "off".into())),
        ("full_page_writes is off, not on", pg(|found| found.full_page_writes = "off".into())),
        ("server_encoding is LATIN1, not UTF8", pg(|found| found.server_encoding = "LATIN1".into())),
        ("the server is a standby", pg(|found| found.is_standby = true)),
    ]
}

/// Data folders and options.
fn folders() -> Vec<(&'static str, Cause)> {
    let of = |change| Cause::Folder(change, SANDBOX);
    vec![
        ("another Kadi uses the data folder", Cause::Neighbour),
        ("no payment rail is set up", Cause::Folder(|_| {}, &[])),
        ("no payment rail is set up", Cause::Folder(|_| {}, &["--sandbox=false"])),
        ("keys.toml: the keys of this database are missing", of(|data| remove(data, "keys.toml"))),
        ("line 4, code: is no random key", of(|data| change_key(data, "code", &"0".repeat(64)))),
        ("key code.0 is missing or another one", of(|data| change_key(data, "code", &"ab".repeat(32)))),
        ("key blind.0 is missing or another one", of(|data| change_key(data, "blind", &"cd".repeat(32)))),
        ("other users may read or change the keys (mode 0644)", of(open_the_keys)),
        ("file is not a database", of(|data| patch(data, 0, b"no database at all"))),
        ("page_size is 1024, not 4096", of(|data| replace(data, &small_pages()))),
        ("the file is a backup; put it in place with `kadi restore`", of(|data| patch(data, 68, b"KdBk"))),
        ("application_id is 7, not 0: another program's file", of(|data| patch(data, 68, &[0, 0, 0, 7]))),
        // SQLite never writes to files of a later format: as good as a read-only mount, also for root.
        ("kadi.db may only be read", of(|data| patch(data, 18, &[3]))),
    ]
}

fn remove(data: &Path, name: &str) {
    std::fs::remove_file(data.join(name)).unwrap();
}

fn open_the_keys(data: &Path) {
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(data.join("keys.toml"), mode).unwrap();
}

/// Another key in the place of this one.
fn change_key(data: &Path, name: &str, key: &str) {
    let text = std::fs::read_to_string(data.join("keys.toml")).unwrap();
    let is_its = |line: &&str| line.starts_with(&format!("{name} = "));
    let line = text.lines().find(is_its).expect("the key's line").to_owned();
    std::fs::write(data.join("keys.toml"), text.replace(&line, &format!("{name} = \"{key}\""))).unwrap();
}

/// Other bytes at this place of the database file, whose log is empty after a clean stop.
fn patch(data: &Path, at: u64, bytes: &[u8]) {
    let file = std::fs::File::options().write(true).open(data.join("kadi.db")).unwrap();
    file.write_all_at(bytes, at).unwrap();
}

fn replace(data: &Path, bytes: &[u8]) {
    std::fs::write(data.join("kadi.db"), bytes).unwrap();
}

/// An empty database of one page of 1,024 bytes (the SQLite file format, 1.3 and 1.6).
fn small_pages() -> Vec<u8> {
    let mut page = vec![0; 1_024];
    page[..16].copy_from_slice(b"SQLite format 3\0");
    page[16..24].copy_from_slice(&[4, 0, 1, 1, 0, 64, 32, 32]);
    (page[31], page[47], page[59], page[100]) = (1, 4, 1, 13);
    page[105..107].copy_from_slice(&[4, 0]);
    page
}

/// A data folder in which a server worked and was stopped.
fn used() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // The second has one connection only: the last to go moves the log into the database.
    for command in [&["merchant", "list"][..], &["verify"]] {
        let output = kadi().args(command).arg("--data").arg(&data).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert!(!data.join("kadi.db-wal").exists(), "the log is empty");
    folder
}

/// What `kadi serve` says instead of starting.
fn complaint(data: &Path, options: &[&str]) -> String {
    let mut command = kadi();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(options);
    let output = command.output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{options:?} started: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn whatever_would_break_a_promise_stops_the_start_by_name() {
    for (reason, cause) in settings().into_iter().chain(folders()) {
        let said = match cause {
            Cause::Sqlite(found) => refusal(check(&found)),
            Cause::Postgres(found) => refusal(check_postgres(&found)),
            Cause::Folder(change, options) => {
                let folder = used();
                let data = folder.path().join("data");
                change(&data);
                complaint(&data, options)
            }
            Cause::Neighbour => {
                let server = Server::embedded(tempfile::tempdir().unwrap(), Surroundings::default());
                complaint(&server.data(), SANDBOX)
            }
        };
        assert!(said.contains(reason), "{reason}\nwas not said, but: {said}");
    }
}

fn refusal(checked: Result<(), Trouble>) -> String {
    checked.expect_err("a refusal").to_string()
}

#[test]
fn what_is_right_is_not_refused() {
    assert_eq!(check(&sqlite()), Ok(()));
    assert_eq!(check(&Found { version: 3_054_000, ..sqlite() }), Ok(()));
    assert_eq!(check_postgres(&postgres()), Ok(()));
    let applied = PostgresFound { synchronous_commit: "remote_apply".into(), version: 180_000, ..postgres() };
    assert_eq!(check_postgres(&applied), Ok(()));
    let folder = used();
    drop(Server::embedded(folder, Surroundings::default()));
}
