//! A Python peer from tests/peers that talks in JSON lines.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Peer {
    child: Child,
    lines: Receiver<String>,
}

impl Peer {
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Self {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
        let mut child = Command::new(python(&peers))
            .arg(peers.join(script))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the peer starts");
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line; fails when none comes.
    pub(crate) fn hear(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("the peer says something");
        serde_json::from_str(&line).unwrap()
    }

    /// Whether the peer stays silent for a moment.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.lines.recv_timeout(Duration::from_millis(300)), Err(RecvTimeoutError::Timeout))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _status = self.child.wait();
    }
}

fn python(peers: &Path) -> PathBuf {
    let python = match std::env::var_os("KADI_PEERS_PYTHON") {
        Some(path) => PathBuf::from(path),
        None => peers.join(".venv/bin/python"),
    };
    assert!(
        python.exists(),
        "{} is missing: run ./test, which installs what the tests need",
        python.display()
    );
    python
}
