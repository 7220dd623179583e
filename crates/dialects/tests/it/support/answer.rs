//! An answer as it went over the wire, and how it stands in a snapshot.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode};
use regex::Regex;
use serde_json::Value;

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|fault| panic!("{fault}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The own API's code of a problem; none for anything that is no problem.
    pub(crate) fn problem(&self) -> Option<String> {
        let is_problem = self.header("content-type") == Some("application/problem+json");
        is_problem.then(|| self.json()["code"].as_str().unwrap().to_owned())
    }

    pub(crate) fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap_or_default().to_owned()
    }

    /// Status, headers and body, with everything that differs from run to run replaced.
    pub(crate) fn shown(&self) -> String {
        let mut lines = vec![self.status.to_string()];
        let headers = self.headers.iter().filter(|(name, _)| *name != "content-length");
        lines.extend(headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
        lines.push(self.text.clone());
        redact(&lines.join("\n"))
    }
}

/// What differs from run to run: ids, codes, times, signatures.
static CHANGING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules = [
        (r#""(id|link_id|next)":"\d+""#, r#""$1":"[$1]""#),
        (r#""linkId":\d+"#, r#""linkId":[linkId]"#),
        (r"/v1/links/\d+", "/v1/links/[id]"),
        (r"LI_\d+", "LI_[linkId]"),
        (r"UTR-\d+", "UTR-[payment]"),
        (r"(?m)^(TXNID|ORDERID): \d+$", "$1: [payment]"),
        (r"(/p|/l/[^/]+)/[0-9A-Za-z]{13}", "$1/[code]"),
        (r#""code":"[0-9A-Za-z]{13}""#, r#""code":"[code]""#),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
        (r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", "[IST date]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0", "[IST date].0"),
        (r#""timestamp":"\d{10}""#, r#""timestamp":"[epoch]""#),
        (r#"[A-Za-z0-9+/]{107}="#, "[signature]"),
    ];
    rules.into_iter().map(|(pattern, with)| (Regex::new(pattern).unwrap(), with)).collect()
});

pub(crate) fn redact(text: &str) -> String {
    CHANGING.iter().fold(text.to_owned(), |text, (rule, with)| rule.replace_all(&text, *with).into_owned())
}
