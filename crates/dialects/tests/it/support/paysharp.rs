//! Requests of Paysharp's link API, as its clients send them.

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_domain::link::Link;
use kadi_domain::message::Message;
use serde_json::{Value, json};

use super::answer::Answer;
use super::merchants::{merchant, tokens, with_keys};
use super::shop::Shop;

pub(crate) const CREATE: &str = "/linkpayment";
pub(crate) const RESEND: &str = "/linkpayment/resend";

/// A call with this value of `authorization`.
pub(crate) fn call(method: Method, path: &str, authorization: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    request.header("authorization", authorization).body(body.into()).unwrap()
}

/// The value of `authorization` for the first token of the merchant with this name.
pub(crate) fn bearer(slug: &str) -> String {
    format!("Bearer {}", tokens(slug)[0])
}

impl Shop {
    /// A shop of `demo` and one of `other`.
    pub(crate) fn paysharp() -> Self {
        Self::open(["demo", "other"].map(|slug| with_keys(merchant(slug), &[])).into())
    }

    pub(crate) fn paysharp_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(call(Method::POST, path, &bearer("demo"), body))
    }

    /// `demo` asks for a link.
    pub(crate) fn paysharp_create(&self, body: &Value) -> Answer {
        self.paysharp_raw(CREATE, body.to_string())
    }

    pub(crate) fn paysharp_resend(&self, body: &Value) -> Answer {
        self.paysharp_raw(RESEND, body.to_string())
    }

    pub(crate) fn paysharp_status(&self, id: &str) -> Answer {
        self.send(call(Method::GET, &format!("/linkpayment/{id}"), &bearer("demo"), Body::empty()))
    }

    /// Every message about a link, oldest first.
    pub(crate) fn messages_of(&self, link: &Link) -> Vec<Message> {
        let id = link.id;
        let mut messages = self.read(|reader| reader.messages(None, 10_000));
        messages.retain(|message| message.link_id == id);
        messages.reverse();
        messages
    }
}

/// A right request: the vendor's own example.
pub(crate) fn wish() -> Value {
    json!({
        "amount": 500, "remarks": "InvoiceNo-APR8910005", "validity": 24, "customerName": "Ram",
        "customerMobileNo": "9111100000", "customerEmail": "", "sendEmail": false, "sendSms": true,
        "sendWhatsApp": true,
    })
}

/// A request to send the link of this answer again by SMS.
pub(crate) fn again(created: &Answer) -> Value {
    json!({"linkPaymentId": created.id(), "sendSms": true})
}

impl Answer {
    /// `linkPaymentId`.
    pub(crate) fn id(&self) -> String {
        let id = self.json()["data"]["linkPaymentId"].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("no link: {}", self.text))
    }

    /// HTTP status, `code`, `errorCode` and `message`; the first two are the same unless a test says so.
    pub(crate) fn paysharp_no(&self) -> (u16, u64, u64, String) {
        let body = self.json();
        let number = |name: &str| body[name].as_u64().unwrap_or_default();
        let message = body["message"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), number("code"), number("errorCode"), message)
    }
}
