//! A real SMTP server (aiosmtpd) on loopback that keeps what arrived.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::Value;

use super::peers::{folder, python_command};
use super::wait::wait_for;

/// Runs until dropped.
pub(crate) struct MailServer {
    child: Child,
    pub(crate) port: u64,
    mails: Arc<Mutex<Vec<Value>>>,
}

impl MailServer {
    /// On a free port, with these options of `smtp_sink.py`.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut command = python_command();
        command.arg(folder().join("smtp_sink.py")).args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the mail server starts");
        let mails = Arc::<Mutex<Vec<Value>>>::default();
        let (ready, started) = mpsc::channel();
        let (lines, kept) = (BufReader::new(child.stdout.take().unwrap()).lines(), Arc::clone(&mails));
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let record: Value = serde_json::from_str(&line).expect("a record of the mail server");
                match record["event"].as_str() {
                    Some("ready") => ready.send(record["port"].as_u64().expect("a port")).unwrap(),
                    _ => kept.lock().unwrap().push(record),
                }
            }
        });
        let port = started.recv_timeout(Duration::from_secs(20)).expect("the mail server gets ready");
        Self { child, port, mails }
    }

    /// Kadi's configuration for a mail server at this port.
    pub(crate) fn config(port: u64) -> String {
        format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"pay@kadi.example\"\ntls = \"none\"\n")
    }

    /// Everything that arrived for this address.
    pub(crate) fn mails(&self, to: &str) -> Vec<Value> {
        let is_for = |mail: &&Value| mail["rcpt_tos"] == serde_json::json!([to]);
        self.mails.lock().unwrap().iter().filter(is_for).cloned().collect()
    }

    pub(crate) fn wait_for_mail(&self, to: &str) -> Value {
        wait_for(&format!("a mail to {to}"), || self.mails(to).into_iter().next())
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a header.
pub(crate) fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
    let headers = mail["headers"].as_array().expect("headers");
    let found =
        headers.iter().find(|pair| pair[0].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name)));
    found.and_then(|pair| pair[1].as_str()).unwrap_or_else(|| panic!("no header {name} in {mail}"))
}

/// The text of the part with this type.
pub(crate) fn part<'a>(mail: &'a Value, kind: &str) -> &'a str {
    let parts = mail["parts"].as_array().expect("parts");
    let found = parts.iter().find(|part| part["type"] == kind);
    found.and_then(|part| part["text"].as_str()).unwrap_or_else(|| panic!("no part {kind} in {mail}"))
}
