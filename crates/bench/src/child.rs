//! Processes of the benchmark: this very program, started with other arguments, ended when dropped.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A server in a process of its own.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process to its ready line.
    pub(crate) start: Duration,
}

impl Server {
    /// Starts `program` and waits for the line that tells its address. What it logs goes into a file of
    /// `folder`.
    pub(crate) fn start(program: &Path, arguments: &[String], folder: &Path) -> Result<Self, String> {
        let log = File::create(folder.join("server.log")).map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let mut child = command(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        match ready(&mut child) {
            Some(address) => Ok(Self { child, address, start: begun.elapsed() }),
            None => {
                end(&mut child);
                let log = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
                Err(format!("a server did not start: {arguments:?}: {log}"))
            }
        }
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits until it did.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        asked.map_err(|error| format!("kill: {error}"))?;
        let give_up = Instant::now() + PATIENCE;
        while Instant::now() < give_up {
            match self.child.try_wait().map_err(|error| error.to_string())? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("a server stopped with {status}")),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        Err("a server did not stop within a minute".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Runs `program` to its end; an error with what it said where it fails.
pub(crate) fn run(program: &Path, arguments: &[String]) -> Result<(), String> {
    let output = command(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The program without what the caller's environment sets for it.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KADI_") {
            command.env_remove(name);
        }
    }
    command
}

/// The address at the end of the ready line.
fn ready(child: &mut Child) -> Option<SocketAddr> {
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let line = lines.find_map(|line| line.ok()?.split_once(" ready on http://").map(|(_, at)| at.to_owned()));
    // Nothing more is read: a server says nothing else on standard output.
    line?.split(' ').next()?.parse().ok()
}

fn end(child: &mut Child) {
    // It may be gone already.
    drop(child.kill());
    drop(child.wait());
}
