//! The official client libraries in Node and Python, as long-lived helpers that speak JSON lines.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use serde_json::{Value, json};

/// One helper process; it ends with the test binary, when its input closes.
pub(crate) struct Peer {
    name: &'static str,
    pipes: Mutex<Pipes>,
}

struct Pipes {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// npm paytmchecksum and standardwebhooks.
pub(crate) fn node() -> &'static Peer {
    static PEER: OnceLock<Peer> = OnceLock::new();
    PEER.get_or_init(|| {
        assert!(folder().join("node_modules/.stamp").exists(), "Node packages are missing: run ./test");
        let mut command = Command::new("node");
        command.arg(folder().join("official.mjs"));
        Peer::start("node", &mut command)
    })
}

/// PyPI paytmchecksum and standardwebhooks, and Python's own calendar.
pub(crate) fn python() -> &'static Peer {
    static PEER: OnceLock<Peer> = OnceLock::new();
    PEER.get_or_init(|| {
        let mut command = python_command();
        command.arg(folder().join("official.py"));
        Peer::start("python", &mut command)
    })
}

/// A program for Nimbbl's links, written with Python's standard library alone.
pub(crate) fn nimbbl() -> &'static Peer {
    static PEER: OnceLock<Peer> = OnceLock::new();
    PEER.get_or_init(|| {
        let mut command = python_command();
        command.arg(folder().join("nimbbl.py"));
        Peer::start("nimbbl", &mut command)
    })
}

/// A program for NTT DATA's links, written with Python's standard library and the openssl program.
pub(crate) fn ntt() -> &'static Peer {
    static PEER: OnceLock<Peer> = OnceLock::new();
    PEER.get_or_init(|| {
        let mut command = python_command();
        command.arg(folder().join("ntt.py"));
        Peer::start("ntt", &mut command)
    })
}

/// The Python that has the test packages.
pub(crate) fn python_command() -> Command {
    let named = std::env::var_os("KADI_PEERS_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| folder().join(".venv/bin/python"));
    assert!(python.exists(), "{} is missing: run ./test", python.display());
    Command::new(python)
}

/// `tests/peers` of the workspace.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}

impl Peer {
    fn start(name: &'static str, command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|fault| panic!("{name} does not start: {fault}"));
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { name, pipes: Mutex::new(Pipes { _child: child, input, output }) }
    }

    /// The helper's value, or the error of the library.
    pub(crate) fn try_ask(&self, question: &Value) -> Result<Value, String> {
        let mut reply = String::new();
        {
            let mut pipes = self.pipes.lock().unwrap();
            writeln!(pipes.input, "{question}").expect("the helper listens");
            pipes.output.read_line(&mut reply).expect("the helper answers");
        }
        let mut reply: Value = serde_json::from_str(&reply)
            .unwrap_or_else(|fault| panic!("{} said {reply:?} ({fault}) to {question}", self.name));
        match reply.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(reply["value"].take()),
        }
    }

    pub(crate) fn ask(&self, question: &Value) -> Value {
        self.try_ask(question).unwrap_or_else(|error| panic!("{} {question}: {error}", self.name))
    }

    fn ask_text(&self, question: &Value) -> String {
        self.ask(question).as_str().expect("a text").to_owned()
    }

    /// A whole signed Paytm request as clients in this language send it.
    pub(crate) fn request(&self, key: &str, head: &Value, body: &Value) -> String {
        self.ask_text(&json!({"op": "request", "key": key, "head": head, "body": body}))
    }

    pub(crate) fn sign(&self, key: &str, text: &str) -> String {
        self.ask_text(&json!({"op": "sign", "key": key, "text": text}))
    }

    pub(crate) fn verify(&self, key: &str, text: &str, signature: &str) -> bool {
        self.ask(&json!({"op": "verify", "key": key, "text": text, "signature": signature})) == json!(true)
    }

    /// Whether the fields carry a `CHECKSUMHASH` that the library accepts.
    pub(crate) fn verify_form(&self, key: &str, fields: &Value) -> bool {
        self.ask(&json!({"op": "verify_form", "key": key, "fields": fields})) == json!(true)
    }

    /// What the library makes of an answer's text: `verified`, and `stable` (node) or `head_first` (python).
    pub(crate) fn answer(&self, key: &str, text: &str) -> Value {
        self.ask(&json!({"op": "answer", "key": key, "text": text}))
    }

    /// The event of a Standard Webhook, when the library accepts it.
    pub(crate) fn webhook(&self, secret: &str, headers: &Value, payload: &str) -> Result<Value, String> {
        self.try_ask(&json!({"op": "webhook", "secret": secret, "headers": headers, "payload": payload}))
    }
}

/// `dd/mm/yyyy hh:mm:ss` in India of an RFC 3339 time plus days, at another time of day if given.
pub(crate) fn ist(now: &str, days: i64, at: Option<&str>) -> String {
    python().ask_text(&json!({"op": "ist", "now": now, "days": days, "at": at}))
}

/// Seconds since 1970 of an RFC 3339 time or a vendor's date.
pub(crate) fn epoch_s(text: &str) -> i64 {
    python().ask(&json!({"op": "epoch_s", "text": text})).as_i64().expect("seconds")
}

/// The real time, which sandbox clocks do not move.
pub(crate) fn real_now_s() -> i64 {
    python().ask(&json!({"op": "real_now_s"})).as_i64().expect("seconds")
}
