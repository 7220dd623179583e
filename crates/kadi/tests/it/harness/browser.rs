//! Headless Chromium, driven through a plan of steps by `tests/peers/browser.mjs`.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::peers::folder;
use super::server::Server;

/// What a person's browser is like.
#[derive(Clone, Copy)]
pub(crate) struct Browser {
    pub(crate) javascript: bool,
    pub(crate) width: u32,
    pub(crate) locale: &'static str,
    pub(crate) text_percent: u32,
    pub(crate) dark: bool,
}

/// A phone with English texts.
pub(crate) const PHONE: Browser =
    Browser { javascript: true, width: 360, locale: "en-IN", text_percent: 100, dark: false };

/// What was seen on the way.
pub(crate) struct Seen(Value);

impl Browser {
    /// Walks through the steps; panics when one cannot be done.
    pub(crate) fn walk(&self, server: &Server, steps: &[Value]) -> Seen {
        let plan = json!({
            "base": server.base_url(), "javascript": self.javascript, "width": self.width,
            "locale": self.locale, "text_percent": self.text_percent, "dark": self.dark, "steps": steps,
        });
        let mut command = Command::new("node");
        command.arg(folder().join("browser.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node starts: run ./test");
        child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let seen: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|fault| panic!("the browser did not start ({fault}): run ./test"));
        assert!(seen["fault"].is_null(), "{}\n{}", seen["fault"], seen["page"]);
        Seen(seen)
    }
}

impl Seen {
    /// What step number `index` gave.
    pub(crate) fn step(&self, index: usize) -> &Value {
        &self.0["steps"][index]
    }

    pub(crate) fn text(&self, index: usize) -> &str {
        self.step(index).as_str().expect("a text")
    }

    pub(crate) fn requests(&self) -> &[Value] {
        self.0["requests"].as_array().expect("requests")
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.0["bytes"].as_u64().expect("a number of bytes")
    }

    /// Nothing was fetched from elsewhere, no dialog opened, nothing was blocked or broke.
    pub(crate) fn was_clean(&self, server: &Server) {
        let origin = format!("{}/", server.base_url());
        let foreign: Vec<_> = self
            .requests()
            .iter()
            .filter(|url| !url.as_str().expect("an address").starts_with(&origin))
            .collect();
        assert!(foreign.is_empty(), "requests left the origin: {foreign:?}");
        assert_eq!(self.0["dialogs"], json!([]), "a script ran");
        assert_eq!(self.0["errors"], json!([]), "the browser complained");
    }
}

pub(crate) fn open(path: &str) -> Value {
    json!({"do": "open", "path": path})
}

pub(crate) fn click(selector: &str) -> Value {
    json!({"do": "click", "selector": selector})
}

pub(crate) fn fill(selector: &str, value: &str) -> Value {
    json!({"do": "fill", "selector": selector, "value": value})
}

pub(crate) fn select(selector: &str, value: &str) -> Value {
    json!({"do": "select", "selector": selector, "value": value})
}

/// The text that a person sees.
pub(crate) fn body_text() -> Value {
    json!({"do": "text"})
}

/// A step without arguments.
pub(crate) fn step(name: &str) -> Value {
    json!({"do": name})
}
