//! The built binary as a child process: started, read, killed, and started again on the same data.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use kadi_testkit::postgres::{Cluster, Database};
use serde_json::Value;
use tempfile::TempDir;

use super::http::{Answer, Call, Line};
use super::wait::wait_for;

const DEV: &[&str] = &["dev", "--json", "--port", "0"];
/// Which store the servers of this run use: `postgres`, or the embedded one.
const STORE: &str = "KADI_TEST_STORE";
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server process finds beside its options.
#[derive(Clone, Default)]
pub(crate) struct Surroundings {
    /// Environment variables.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
    /// Where its standard error goes, instead of the test's own log.
    pub(crate) log: Option<PathBuf>,
    /// The program, where it is not that of this tree.
    pub(crate) program: Option<PathBuf>,
}

/// A running server with a data folder of its own; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// `host:port` as announced.
    pub(crate) address: String,
    /// The object that `kadi dev --json` printed at the first start.
    pub(crate) demo: Value,
    folder: TempDir,
    /// Where it is not the embedded one.
    database: Option<Database>,
    arguments: Vec<String>,
    surroundings: Surroundings,
    log: Arc<Mutex<String>>,
}

impl Server {
    pub(crate) fn dev() -> Self {
        Self::start(DEV, None)
    }

    /// Of another program than that of this tree.
    pub(crate) fn dev_of(program: PathBuf) -> Self {
        Self::start_in(DEV, None, Surroundings { program: Some(program), ..Surroundings::default() })
    }

    /// With `--fresh`, which only the embedded store takes: none in a run on the other.
    pub(crate) fn dev_fresh() -> Option<Self> {
        database().is_none().then(|| Self::start(&[DEV, &["--fresh"]].concat(), None))
    }

    /// With this text as its configuration file.
    pub(crate) fn dev_with_config(config: &str) -> Self {
        Self::start(DEV, Some(config))
    }

    /// `kadi serve` with these options, which must say `--sandbox`; there is no demo merchant.
    pub(crate) fn serve(options: &[&str]) -> Self {
        Self::start(&[&["serve"], options].concat(), None)
    }

    fn start(command: &[&str], config: Option<&str>) -> Self {
        Self::start_in(command, config, Surroundings::default())
    }

    fn start_in(command: &[&str], config: Option<&str>, surroundings: Surroundings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().expect("a path in UTF-8").to_owned();
        let mut arguments: Vec<String> = command.iter().map(|&argument| argument.to_owned()).collect();
        let database = database();
        arguments.extend(store_options(path("data"), database.as_ref()));
        if let Some(config) = config {
            std::fs::write(path("kadi.toml"), config).unwrap();
            arguments.extend(["--config".to_owned(), path("kadi.toml")]);
        }
        Self::spawned(folder, database, arguments, surroundings)
    }

    /// `kadi serve` on the embedded store, in every run: for tests about its files. They are, or will be, in
    /// the folder `data` in this one.
    pub(crate) fn embedded(folder: TempDir, surroundings: Surroundings) -> Self {
        Self::administered(folder, None, surroundings)
    }

    /// `kadi serve` on this database, in every run: for tests about its server.
    pub(crate) fn on(database: Database) -> Self {
        Self::administered(tempfile::tempdir().unwrap(), Some(database), Surroundings::default())
    }

    /// Another process on the database of this one, with its keys.
    pub(crate) fn neighbour(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |path: PathBuf| path.to_str().expect("a path in UTF-8").to_owned();
        let mut arguments: Vec<String> =
            ["serve", "--sandbox", "--listen", "127.0.0.1:0", "--keys"].map(str::to_owned).into();
        arguments.push(path(self.data().join("keys.toml")));
        arguments.extend(store_options(path(folder.path().join("data")), self.database.as_ref()));
        Self::spawned(folder, None, arguments, Surroundings::default())
    }

    fn administered(folder: TempDir, database: Option<Database>, surroundings: Surroundings) -> Self {
        // Free a moment ago; nothing on this machine takes ports in this order.
        let admin = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap();
        let data = folder.path().join("data").to_str().expect("a path in UTF-8").to_owned();
        let options = ["serve", "--sandbox", "--listen", "127.0.0.1:0"];
        let mut arguments: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        arguments.extend(store_options(data, database.as_ref()));
        arguments.extend(["--admin-listen".to_owned(), admin.to_string()]);
        Self::spawned(folder, database, arguments, surroundings)
    }

    fn spawned(
        folder: TempDir,
        database: Option<Database>,
        arguments: Vec<String>,
        surroundings: Surroundings,
    ) -> Self {
        let log = Arc::default();
        let (child, address, demo) = spawn(&arguments, &surroundings, &log);
        Self { child, address, demo, folder, database, arguments, surroundings, log }
    }

    /// What `/readyz` says to operators, on the administration address of [`Server::embedded`] and
    /// [`Server::on`].
    pub(crate) fn readiness(&self) -> (u16, String) {
        let admin = self.arguments.last().expect("--admin-listen comes last");
        let answer = Call::get("/readyz").send(admin);
        (answer.status, answer.text().to_owned())
    }

    /// The PostgreSQL database, in a run on that store.
    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file of the test's own beside the data folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends and reads the whole answer; panics when there is none. What only reads is asked again: a story
    /// may restart the server at that moment. One that is dead for good has no answer for half a minute.
    pub(crate) fn send(&self, call: &Call) -> Answer {
        if call.only_reads() {
            return wait_for("an answer", || call.try_send(&self.address));
        }
        call.send(&self.address)
    }

    /// A connection for many calls.
    pub(crate) fn line(&self) -> Line {
        Line::open(&self.address)
    }

    /// Everything the server wrote on standard output and error so far, over all starts.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills without a word (SIGKILL), as a power cut would.
    pub(crate) fn kill9(&mut self) {
        let _ = self.child.kill(); // a test may have killed it by its number
        self.child.wait().unwrap();
    }

    /// Asks the server to stop (SIGTERM) and waits until it did; panics if it failed or took too long.
    pub(crate) fn stop(&mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let give_up = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "the server stopped with {status}\n{}", self.log());
                return;
            }
            assert!(Instant::now() < give_up, "the server did not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts again on the same data; the address changes.
    pub(crate) fn start_again(&mut self) {
        let (child, address, _) = spawn(&self.arguments, &self.surroundings, &self.log);
        self.child = child;
        self.address = address;
    }

    /// Runs an administration command beside the server, on its data.
    pub(crate) fn kadi(&self, arguments: &[&str]) -> Output {
        let mut command = self.surroundings.kadi();
        let data = self.data().to_str().expect("a path in UTF-8").to_owned();
        command.args(arguments).args(store_options(data, self.database.as_ref()));
        command.stdin(Stdio::null()).output().expect("kadi runs")
    }

    /// As `kadi`, and panics unless it succeeds; gives its standard output.
    pub(crate) fn kadi_ok(&self, arguments: &[&str]) -> String {
        let output = self.kadi(arguments);
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "kadi {arguments:?}: {}\n{out}\n{err}", output.status);
        out
    }

    /// All books hold.
    pub(crate) fn verify(&self) {
        self.kadi_ok(&["verify"]);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already; a test that fails shows what the server said.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the server's output ---\n{}", self.log());
        }
    }
}

/// A new database for a server of a run on PostgreSQL.
fn database() -> Option<Database> {
    match std::env::var(STORE).as_deref() {
        Ok("postgres") => Some(Cluster::shared().database()),
        Ok("sqlite") | Err(_) => None,
        Ok(other) => panic!("{STORE} is {other}, not sqlite or postgres"),
    }
}

fn store_options(data: String, database: Option<&Database>) -> Vec<String> {
    let url = database.map(|database| ["--database-url".to_owned(), database.url()]);
    ["--data".to_owned(), data].into_iter().chain(url.into_iter().flatten()).collect()
}

/// The binary, free of what the caller's environment may set.
pub(crate) fn kadi() -> Command {
    Surroundings::default().kadi()
}

impl Surroundings {
    fn kadi(&self) -> Command {
        let program = self.program.as_deref().unwrap_or(Path::new(env!("CARGO_BIN_EXE_kadi")));
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KADI_")) {
            command.env_remove(name);
        }
        command
    }
}

fn spawn(
    arguments: &[String],
    surroundings: &Surroundings,
    log: &Arc<Mutex<String>>,
) -> (Child, String, Value) {
    let mut command = surroundings.kadi();
    command.args(arguments).envs(surroundings.variables.iter().cloned());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(path) = &surroundings.log {
        command.stderr(File::options().append(true).open(path).expect("a log"));
    }
    let mut child = command.spawn().expect("the kadi binary starts");
    let (lines, received) = mpsc::channel();
    follow(child.stdout.take().unwrap(), Arc::clone(log), Some(lines));
    if let Some(stderr) = child.stderr.take() {
        follow(stderr, Arc::clone(log), None);
    }
    match announcement(&received, arguments.iter().any(|argument| argument == "--json")) {
        Ok((address, demo)) => (child, address, demo),
        Err(fault) => {
            let _ = child.kill();
            let status = child.wait();
            panic!("kadi {fault} ({status:?}); it said:\n{}", log.lock().unwrap());
        }
    }
}

/// Copies a stream into the log, and its lines to whoever waits for them.
fn follow(stream: impl Read + Send + 'static, log: Arc<Mutex<String>>, lines: Option<mpsc::Sender<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            log.lock().unwrap().push_str(&format!("{line}\n"));
            if let Some(lines) = &lines {
                let _ = lines.send(line); // after the start nobody listens any more
            }
        }
    });
}

/// The address of the ready line and the object of `--json`, in whichever order they come.
fn announcement(lines: &mpsc::Receiver<String>, wants_object: bool) -> Result<(String, Value), &'static str> {
    let give_up = Instant::now() + PATIENCE;
    let (mut address, mut text) = (None, String::new());
    let mut demo = (!wants_object).then_some(Value::Null);
    loop {
        let line = match lines.recv_timeout(give_up.saturating_duration_since(Instant::now())) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Timeout) => return Err("did not become ready in a minute"),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err("ended before it was ready"),
        };
        if let Some(rest) = line.strip_prefix("kadi ready on http://") {
            let at = rest.strip_suffix(" (sandbox)").ok_or("did not say that it is a sandbox")?;
            address = Some(at.replace("0.0.0.0", "127.0.0.1"));
        } else {
            text.push_str(&line);
            demo = serde_json::from_str::<Value>(&text).ok().or(demo);
        }
        if let (Some(address), Some(demo)) = (&address, &demo) {
            return Ok((address.clone(), demo.clone()));
        }
    }
}
