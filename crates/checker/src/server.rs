//! The server as a process: started, heard, killed.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A public address that no start changes, so that a replay can give the same answer.
const PUBLIC_URL: &str = "https://pay.checker.example";
/// How long a polite stop may take.
const STOP_PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(5);

/// The built binary with the options that name its store.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) kadi: PathBuf,
    pub(crate) store: Vec<String>,
    /// Where the server's words go.
    pub(crate) log: PathBuf,
}

/// A server that is ready.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Kept open for as long as the server lives.
    _out: BufReader<ChildStdout>,
}

impl Binary {
    fn command(&self, arguments: &[OsString]) -> Result<Command, String> {
        let log = || OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log().map_err(|error| format!("{}: {error}", self.log.display()))?;
        let mut command = Command::new(&self.kadi);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("KADI_")) {
            command.env_remove(name);
        }
        command.env("KADI_LOG", "warn").args(arguments).args(&self.store);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Ok(command)
    }

    /// Starts a server without waiting for it.
    pub(crate) fn spawn(&self) -> Result<Child, String> {
        let any = "127.0.0.1:0";
        let arguments =
            ["serve", "--sandbox", "--listen", any, "--admin-listen", any, "--public-url", PUBLIC_URL];
        let mut command = self.command(&arguments.map(OsString::from))?;
        command.stdout(Stdio::piped());
        command.spawn().map_err(|error| format!("{}: {error}", self.kadi.display()))
    }

    /// Starts a server and waits until it is ready.
    pub(crate) fn serve(&self) -> Result<Server, String> {
        let mut child = self.spawn()?;
        let out = child.stdout.take().ok_or("the server has no standard output")?;
        let mut out = BufReader::new(out);
        let mut line = String::new();
        let read = out.read_line(&mut line).map_err(|error| error.to_string());
        let address = line.trim_end().strip_prefix("kadi ready on http://");
        let address = address.and_then(|rest| rest.strip_suffix(" (sandbox)")?.parse().ok());
        match (read, address) {
            (Ok(_), Some(address)) => Ok(Server { child, address, _out: out }),
            (read, _) => {
                let end = end(&mut child);
                Err(format!("the server did not become ready: {line:?} {read:?}, {end:?}; see its log"))
            }
        }
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[OsString]) -> Result<(), String> {
        let mut command = self.command(arguments)?;
        let out = OpenOptions::new().append(true).open(&self.log);
        command.stdout(out.map_or_else(|_| Stdio::null(), File::into));
        let status = command.status().map_err(|error| format!("{}: {error}", self.kadi.display()))?;
        if status.success() { Ok(()) } else { Err(format!("kadi {arguments:?} ended with {status}")) }
    }

    /// `kadi verify`.
    pub(crate) fn verify(&self) -> Result<(), String> {
        self.run(&["verify".into()])
    }
}

/// Kills without a word and waits for the end.
pub(crate) fn end(child: &mut Child) -> Result<ExitStatus, String> {
    child.kill().and_then(|()| child.wait()).map_err(|error| format!("the server cannot be killed: {error}"))
}

impl Server {
    /// Kills without a word (SIGKILL). A server that had ended by itself is an error.
    pub(crate) fn kill(mut self) -> Result<(), String> {
        let earlier = self.child.try_wait().map_err(|error| error.to_string())?;
        end(&mut self.child)?;
        match earlier {
            None => Ok(()),
            Some(status) => Err(format!("the server had ended by itself: {status}")),
        }
    }

    /// Asks the server to stop (SIGTERM) and waits until it did.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        asked.map_err(|error| format!("kill: {error}"))?;
        let give_up = Instant::now() + STOP_PATIENCE;
        while Instant::now() < give_up {
            match self.child.try_wait().map_err(|error| error.to_string())? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the server stopped with {status}")),
                None => std::thread::sleep(STEP),
            }
        }
        Err("the server did not stop".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where this fails.
        drop(end(&mut self.child));
    }
}
