//! A program written for Kadi's own API.

use serde_json::{Value, json};

use super::http::{Answer, Call, Line};
use super::shop::Shop;

impl Shop<'_> {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.server.send(&Call::get(path).bearer(&self.api_key))
    }

    /// Gets what must be there.
    pub(crate) fn found(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.server.send(&Call::post(path).bearer(&self.api_key).json(body))
    }

    /// The same on a line that stays open.
    pub(crate) fn post_json_on(&self, line: &mut Line, path: &str, body: &Value) -> Answer {
        Call::post(path).bearer(&self.api_key).json(body).send_on(line)
    }

    pub(crate) fn post_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.server.send(&Call::post(path).bearer(&self.api_key).header("idempotency-key", key).json(body))
    }

    /// A new link of the own API.
    pub(crate) fn link(&self, wish: &Value) -> Value {
        let answer = self.post_json("/v1/links", wish);
        assert_eq!(answer.status, 201, "{wish}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn show(&self, link: &Value) -> Value {
        self.found(&format!("/v1/links/{}", text(&link["id"])))
    }

    pub(crate) fn cancel(&self, link: &Value) -> Answer {
        self.post_json(&format!("/v1/links/{}/cancel", text(&link["id"])), &json!({}))
    }

    /// The link with this code, whichever door made it.
    pub(crate) fn link_with_code(&self, code: &str) -> Value {
        let links = self.found("/v1/links?limit=100");
        let links = links["data"].as_array().expect("a list").clone();
        links.into_iter().find(|link| link["code"] == code).unwrap_or_else(|| panic!("no link {code}"))
    }

    pub(crate) fn payments(&self, link: &Value) -> Vec<Value> {
        let page = self.found(&format!("/v1/links/{}/payments", text(&link["id"])));
        page["data"].as_array().expect("a list").clone()
    }

    /// The types of this link's events, oldest first.
    pub(crate) fn events_of(&self, link: &Value) -> Vec<String> {
        let page = self.found("/v1/events?limit=100");
        let about = |event: &&Value| {
            let data = &event["data"];
            let payments_link = data.get("link_id");
            payments_link.unwrap_or(&data["id"]) == &link["id"]
        };
        let events = page["data"].as_array().expect("a list");
        events.iter().rev().filter(about).map(|event| text(&event["type"]).to_owned()).collect()
    }
}

/// The text of a JSON string.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// A link with one line and a tax on it.
pub(crate) fn bill() -> Value {
    json!({
        "kind": "invoice", "amount": 59_000, "name": "Order 4711",
        "lines": [{"name": "Steel bottle", "code": "7323", "units": 2, "unit_amount": 25_000,
                   "taxes": [{"name": "IGST", "amount": 4_500}]}],
    })
}

/// A fixed link over 1,000 rupees.
pub(crate) fn fixed() -> Value {
    json!({"kind": "fixed", "amount": 100_000, "currency": "INR", "name": "School fees"})
}

/// Asserts an RFC 9457 problem with this status and code.
pub(crate) fn problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body = answer.json();
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert!(body["title"].is_string() && body["type"].is_string(), "{body}");
}
