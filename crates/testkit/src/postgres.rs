//! PostgreSQL clusters for tests: one that the tests of a process share, and private ones with other
//! settings.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Error, NoTls, SimpleQueryMessage};

/// A running cluster; it ends with this value, or with the process.
#[derive(Debug)]
pub struct Cluster {
    socket: String,
    child: Child,
    // The script behind the child stops the server when this end is closed, also by a dying process.
    script: Mutex<Option<Script>>,
}

/// What the script reads and writes.
#[derive(Debug)]
struct Script {
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A database in a cluster, gone with its cluster.
#[derive(Clone, Debug)]
pub struct Database {
    socket: String,
    name: String,
}

impl Cluster {
    /// Starts a cluster with these settings on top of the usual ones. Panics where it does not start.
    pub fn start(settings: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/postgres");
        let child = Command::new(script).args(settings).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = must(child, "tests/postgres");
        let commands = must(child.stdin.take().ok_or("no input"), "tests/postgres");
        let output = must(child.stdout.take().ok_or("no output"), "tests/postgres");
        let mut script = Script { commands, answers: BufReader::new(output) };
        let socket = script.line();
        Self { socket, child, script: Mutex::new(Some(script)) }
    }

    /// The cluster that all tests of this process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]))
    }

    /// A new, empty database.
    pub fn database(&self) -> Database {
        self.made("kadi", "")
    }

    /// A new, empty database made with more words behind CREATE DATABASE and its name.
    pub fn database_with(&self, words: &str) -> Database {
        self.made("kadi", words)
    }

    /// A new database with the tables and rows of another one, which nobody may be connected to.
    pub fn copy(&self, from: &Database) -> Database {
        self.made(&format!("{}_copy", from.name), &format!("TEMPLATE {}", from.name))
    }

    /// The database that every cluster has from the start.
    pub fn first_database(&self) -> Database {
        Database { socket: self.socket.clone(), name: "postgres".to_owned() }
    }

    /// Runs a statement for the whole cluster.
    pub fn run(&self, statement: &str) {
        must(self.first_database().execute(statement), statement);
    }

    /// Stops the server, which lets no session finish what it has begun.
    pub fn stop(&self) {
        self.command("stop");
    }

    /// Kills all its processes, as a power cut would.
    pub fn kill(&self) {
        self.command("kill");
    }

    /// Starts the server again; it can be reached when this returns.
    pub fn start_again(&self) {
        self.command("start");
    }

    /// From now on none of its processes does anything. Connections can still be begun.
    pub fn freeze(&self) {
        self.command("freeze");
    }

    /// Its processes go on.
    pub fn thaw(&self) {
        self.command("thaw");
    }

    /// Ends all sessions of this application; it may begin others.
    pub fn end_sessions(&self, application: &str) {
        self.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{application}'"
        ));
    }

    /// From now on transactions may only read, unless they say otherwise; or may write as usual.
    pub fn refuse_writes(&self, refuse: bool) {
        self.run(&format!("ALTER SYSTEM SET default_transaction_read_only = {refuse}"));
        self.run("SELECT pg_reload_conf()");
    }

    fn command(&self, command: &str) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let script = must(script.as_mut().ok_or("it has ended"), "tests/postgres");
        must(writeln!(script.commands, "{command}"), "tests/postgres");
        assert_eq!(script.line(), "done", "{command}");
    }

    fn made(&self, name: &str, words: &str) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("{name}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name} {words}"));
        Database { socket: self.socket.clone(), name }
    }
}

impl Script {
    /// What it writes next.
    fn line(&mut self) -> String {
        let mut line = String::new();
        must(self.answers.read_line(&mut line), "tests/postgres");
        assert!(!line.is_empty(), "tests/postgres has ended; it says why above");
        line.trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.script.lock().unwrap_or_else(PoisonError::into_inner).take());
        // It ends by itself; a failure to wait leaves nothing behind.
        drop(self.child.wait());
    }
}

impl Database {
    /// Its `postgres://` address.
    pub fn url(&self) -> String {
        format!("postgres://kadi@{}/{}", self.socket.replace('/', "%2F"), self.name)
    }

    /// The folder of its own files within its cluster.
    pub fn files(&self) -> PathBuf {
        let number = self.query("SELECT oid FROM pg_database WHERE datname = current_database()");
        let number = must(number.first().and_then(|row| row.first()).ok_or("no number"), "pg_database");
        self.folder().join("data/base").join(number)
    }

    /// The folder of its cluster, with everything that the server stores.
    pub fn folder(&self) -> PathBuf {
        PathBuf::from(&self.socket)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows this table has.
    pub fn rows(&self, table: &str) -> usize {
        self.query(&format!("SELECT 1 FROM {table}")).len()
    }

    /// A connection that stays.
    pub fn connect(&self) -> Line {
        must(Line::open(self), &self.name)
    }

    /// Runs statements behind Kadi's back; the rows that the last one changed, or what the server refused.
    pub fn execute(&self, statements: &str) -> Result<u64, String> {
        Line::open(self)?.execute(statements)
    }

    /// What a query gives, every cell as text, an empty one for nothing.
    pub fn query(&self, query: &str) -> Vec<Vec<String>> {
        self.connect().query(query)
    }
}

/// One connection to a database, in which a transaction can be kept open by hand.
#[derive(Debug)]
pub struct Line {
    client: Client,
    runtime: Runtime,
}

impl Line {
    fn open(database: &Database) -> Result<Self, String> {
        let runtime = must(Builder::new_current_thread().enable_all().build(), "runtime");
        let connected = runtime.block_on(tokio_postgres::connect(&database.url(), NoTls));
        let (client, connection) = connected.map_err(|error| told(&error))?;
        runtime.spawn(connection);
        Ok(Self { client, runtime })
    }

    /// Runs statements; the rows that the last one changed, or what the server refused.
    pub fn execute(&self, statements: &str) -> Result<u64, String> {
        let changed = self.messages(statements)?;
        let counts = changed.iter().filter_map(|message| {
            if let SimpleQueryMessage::CommandComplete(count) = message { Some(*count) } else { None }
        });
        Ok(counts.last().unwrap_or_default())
    }

    /// What a query gives, every cell as text, an empty one for nothing.
    pub fn query(&self, query: &str) -> Vec<Vec<String>> {
        let messages = must(self.messages(query), query);
        let rows = messages.iter().filter_map(|message| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            Some((0..row.len()).map(|at| row.get(at).unwrap_or_default().to_owned()).collect())
        });
        rows.collect()
    }

    fn messages(&self, text: &str) -> Result<Vec<SimpleQueryMessage>, String> {
        self.runtime.block_on(self.client.simple_query(text)).map_err(|error| told(&error))
    }
}

/// What the server said, or what became of the connection.
fn told(error: &Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |told| told.message().to_owned())
}

#[expect(clippy::panic, reason = "a test without its database has failed")]
fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}
