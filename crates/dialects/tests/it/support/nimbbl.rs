//! Requests of Nimbbl's payment-link API, as its clients send them.

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_domain::link::Link;
use kadi_engine::commands::send_message::{RecordSending, Sending};
use serde_json::{Value, json};

use super::answer::Answer;
use super::merchants::{access_key, access_secret, merchant, with_keys};
use super::shop::Shop;

pub(crate) const TOKEN: &str = "/api/v3/generate-token";
pub(crate) const CREATE: &str = "/api/v3/payment-link";
pub(crate) const CREATE_V2: &str = "/api/v2/payment-link";
pub(crate) const ENQUIRY: &str = "/api/v3/payment-link/enquiry";
pub(crate) const ACTIONS: &str = "/api/v3/payment-link/actions";

/// A call with this token.
pub(crate) fn call(method: Method, path: &str, token: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    request.header("authorization", format!("Bearer {token}")).body(body.into()).unwrap()
}

impl Shop {
    /// A shop of `demo` and one of `other`.
    pub(crate) fn nimbbl() -> Self {
        Self::open(["demo", "other"].map(|slug| with_keys(merchant(slug), &[])).into())
    }

    /// What is answered to this key and secret.
    pub(crate) fn nimbbl_login(&self, key: &str, secret: &str) -> Answer {
        let body = json!({"access_key": key, "access_secret": secret}).to_string();
        self.send(Request::post(TOKEN).body(Body::from(body)).unwrap())
    }

    /// A new token of a merchant.
    pub(crate) fn nimbbl_token(&self, slug: &str) -> String {
        let answer = self.nimbbl_login(&access_key(slug), &access_secret(slug));
        answer.json()["token"].as_str().unwrap_or_else(|| panic!("no token: {}", answer.text)).to_owned()
    }

    pub(crate) fn nimbbl_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(call(Method::POST, path, &self.nimbbl_token("demo"), body))
    }

    /// `demo` posts.
    pub(crate) fn nimbbl_post(&self, path: &str, body: &Value) -> Answer {
        self.nimbbl_raw(path, body.to_string())
    }

    /// `demo` reads.
    pub(crate) fn nimbbl_get(&self, path: &str) -> Answer {
        self.send(call(Method::GET, path, &self.nimbbl_token("demo"), Body::empty()))
    }

    /// A link of `demo`.
    pub(crate) fn nimbbl_link(&self, body: &Value) -> (Answer, Link) {
        let answer = self.nimbbl_post(CREATE, body);
        let link = self.link(&answer);
        (answer, link)
    }

    /// The provider's word about every message of a link.
    pub(crate) fn provider_says(&self, link: &Link, sending: &Sending) {
        for message in self.messages_of(link) {
            let (merchant_id, message_id, sending) = (message.merchant_id, message.id, sending.clone());
            let first_of = link.sent_at.is_none().then_some(link.id);
            self.submit(RecordSending { merchant_id, message_id, first_of, sending });
        }
    }
}

/// A right request.
pub(crate) fn wish(invoice_id: &str) -> Value {
    json!({
        "invoice_id": invoice_id, "total_amount": 10, "currency": "INR",
        "user": {
            "email": "wonderwoman@themyscira.gov", "first_name": "Diana", "last_name": "Prince",
            "country_code": "+91", "mobile_number": "9876543210",
        },
    })
}

/// The older request.
pub(crate) fn wish_v2(invoice_id: &str) -> Value {
    json!({
        "invoice_id": invoice_id, "total_amount": 10, "currency": "INR",
        "payer_email_address": "wonderwoman@themyscira.gov", "payer_first_name": "Diana",
        "payer_last_name": "Prince", "payer_mobile_number": "9876543210",
        "notification_channel_sms": true, "notification_channel_email": false,
    })
}

impl Answer {
    /// HTTP status, code and detail of a "no", whose three texts are all there.
    pub(crate) fn nimbbl_no(&self) -> (u16, String, String) {
        let error = &self.json()["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        for name in ["nimbbl_error_code", "nimbbl_consumer_message", "nimbbl_merchant_message"] {
            assert!(!text(name).is_empty(), "{name}: {}", self.text);
        }
        (self.status.as_u16(), text("nimbbl_error_code"), text("detail"))
    }

    /// `status` of a link.
    pub(crate) fn nimbbl_status(&self) -> String {
        let body = self.json();
        let status = body["status"].as_str().or(body["payment_link_status"].as_str());
        status.unwrap_or_else(|| panic!("no status: {}", self.text)).to_owned()
    }
}
