//! Requests of Paytm's link API, signed as its clients sign them.

use axum::body::Body;
use axum::http::Request;
use kadi_dialects::paytm::sign::PaytmKey;
use kadi_dialects::shared::ist::ist_text;
use kadi_domain::link::Link;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use super::answer::Answer;
use super::merchants::{merchant, mid, with_keys};
use super::shop::Shop;

pub(crate) const KEY: &str = "0123456789abcdef";

impl Shop {
    /// A shop of `demo` with one key.
    pub(crate) fn paytm() -> Self {
        Self::open(vec![with_keys(merchant("demo"), &[("C11", KEY)])])
    }

    /// A date so many days from now, in the form of the vendor's requests.
    pub(crate) fn date(&self, days: i64) -> String {
        ist_text(self.engine().now().ms() + days * DAY_MS).unwrap()
    }

    /// The day alone.
    pub(crate) fn day(&self, days: i64) -> String {
        self.date(days).split(' ').next().unwrap().to_owned()
    }

    pub(crate) fn invoice(&self, id: &str) -> Value {
        json!({
            "mid": mid("demo"), "linkType": "INVOICE", "linkName": "Books", "linkDescription": "Two books",
            "amount": 291, "invoiceId": id, "expiryDate": self.date(30),
            "invoicePhoneNo": "9876543210", "invoiceEmail": "books@shop.example",
            "invoiceDetails": [
                {"productName": "Atlas", "productCode": "AT-1", "noOfUnits": "2", "perUnitAmount": "100.00",
                 "perUnitTax": [{"taxName": "CGST", "taxAmount": "9.00"},
                                {"taxName": "SGST", "taxAmount": "9.00"}]},
                {"productName": "Reader", "noOfUnits": "1", "perUnitAmount": "50.50",
                 "perUnitTax": {"taxName": "GST", "taxAmount": "4.50"}},
            ],
        })
    }

    /// Signs the body with [`KEY`] and posts it.
    pub(crate) fn create(&self, body: &Value) -> Answer {
        self.create_with(&json!({"tokenType": "AES"}), KEY, &body.to_string())
    }

    /// Signs this text of a body with a key and posts it under this head.
    pub(crate) fn create_with(&self, head: &Value, key: &str, body: &str) -> Answer {
        self.send_raw(signed(head, key, body))
    }

    /// Signs a body of `demo` with [`KEY`] and posts it to `/link/{call}`.
    pub(crate) fn link_call(&self, call: &str, body: &Value) -> Answer {
        let body = match body.get("mid") {
            Some(_) => body.clone(),
            None => with(body.clone(), "mid", mid("demo")),
        };
        let request = signed(&json!({"tokenType": "AES"}), KEY, &body.to_string());
        self.send(Request::post(format!("/paytm/link/{call}")).body(Body::from(request)).unwrap())
    }

    /// Makes a link with this body.
    pub(crate) fn made(&self, body: &Value) -> Link {
        let answer = self.create(body);
        assert_eq!(answer.word(), "200", "{body}");
        self.link(&answer)
    }

    pub(crate) fn send_raw(&self, request: impl AsRef<[u8]>) -> Answer {
        let body = Body::from(request.as_ref().to_owned());
        self.send(Request::post("/paytm/link/create").body(body).unwrap())
    }
}

/// The whole request.
pub(crate) fn signed(head: &Value, key: &str, body: &str) -> String {
    let mut head = head.clone();
    head["signature"] = json!(PaytmKey::new(key).unwrap().sign(body, *b"salt"));
    format!("{{\"head\":{head},\"body\":{body}}}")
}

pub(crate) fn fixed() -> Value {
    json!({
        "mid": mid("demo"), "linkType": "FIXED", "linkName": "Invoice001",
        "linkDescription": "Payment for Inv 001", "amount": 499,
    })
}

pub(crate) fn generic() -> Value {
    json!({
        "mid": mid("demo"), "linkType": "GENERIC", "linkName": "Donation_box 1",
        "linkDescription": "Any amount helps",
    })
}

/// A copy of the body with this member.
pub(crate) fn with(mut body: Value, member: &str, value: impl Into<Value>) -> Value {
    body[member] = value.into();
    body
}

/// A copy of the body without this member.
pub(crate) fn without(mut body: Value, member: &str) -> Value {
    assert!(body.as_object_mut().unwrap().remove(member).is_some(), "{member}");
    body
}

impl Answer {
    /// Code, text and detail of `resultInfo`.
    pub(crate) fn told(&self) -> (String, String, String) {
        let body = self.json();
        let text = |name: &str| body["body"]["resultInfo"][name].as_str().unwrap_or_default().to_owned();
        (text("resultCode"), text("resultMessage"), text("detail"))
    }

    /// `CODE`, or `502 DETAIL` where the answer names something.
    pub(crate) fn word(&self) -> String {
        let (code, _, detail) = self.told();
        if detail.is_empty() { code } else { format!("{code} {detail}") }
    }
}
