//! A program written for Paytm's link API, which signs with the official libraries.

use serde_json::{Value, json};

use super::http::Call;
use super::peers::{self, Peer};
use super::sandbox::code_of;
use super::shop::Shop;

pub(crate) const CREATE: &str = "/paytm/link/create";

/// An answer of the dialect, whatever it says.
pub(crate) struct Reply {
    pub(crate) http: u16,
    pub(crate) text: String,
    pub(crate) value: Value,
}

impl Reply {
    pub(crate) fn code(&self) -> &str {
        self.result("resultCode")
    }

    pub(crate) fn message(&self) -> &str {
        self.result("resultMessage")
    }

    /// The member that names what a 502 complains about; empty when there is none.
    pub(crate) fn detail(&self) -> &str {
        self.value["body"]["resultInfo"]["detail"].as_str().unwrap_or_default()
    }

    fn result(&self, member: &str) -> &str {
        let text = self.value["body"]["resultInfo"][member].as_str();
        text.unwrap_or_else(|| panic!("HTTP {}, no {member}: {}", self.http, self.text))
    }

    /// The body of a success.
    pub(crate) fn ok(&self) -> &Value {
        assert_eq!((self.http, self.code()), (200, "200"), "{}", self.text);
        &self.value["body"]
    }

    /// Asserts an answer with HTTP 200 and this code and text, letter by letter.
    pub(crate) fn refused(&self, what: &str, code: &str, message: &str) {
        let told = (self.http, self.code(), self.result("resultStatus"), self.message());
        assert_eq!(told, (200, code, "FAILED", message), "{what}: {}", self.text);
        assert_eq!(self.result("resultMsg"), message, "{what}");
    }

    /// Asserts the 502 that names this field.
    pub(crate) fn refused_by_name(&self, what: &str, field: &str) {
        self.refused(what, "502", "Unknown Error Occurred");
        assert!(self.detail().contains(field), "{what}: the detail does not name {field}: {}", self.text);
    }

    pub(crate) fn signature(&self) -> Option<&str> {
        self.value["head"]["signature"].as_str()
    }

    /// The code of the link that was made.
    pub(crate) fn link_code(&self) -> String {
        code_of(&self.ok()["shortUrl"])
    }
}

impl Shop<'_> {
    pub(crate) fn head(&self) -> Value {
        json!({"tokenType": "AES", "timestamp": "1795298264", "clientId": self.client_id})
    }

    pub(crate) fn fixed(&self) -> Value {
        json!({
            "mid": self.mid, "linkType": "FIXED", "linkName": "Invoice001",
            "linkDescription": "Payment for Inv 001", "amount": 499,
        })
    }

    pub(crate) fn generic(&self) -> Value {
        json!({
            "mid": self.mid, "linkType": "GENERIC", "linkName": "Donation",
            "linkDescription": "Any amount helps",
        })
    }

    /// Two products at 2 x (100 + 18) + 1 x (50.50 + 4.50) = 291.
    pub(crate) fn invoice(&self, id: &str) -> Value {
        json!({
            "mid": self.mid, "linkType": "INVOICE", "linkName": "Books",
            "linkDescription": "Two kinds of books", "amount": 291, "invoiceId": id,
            "expiryDate": peers::ist(&self.server.now(), 30, None),
            "invoicePhoneNo": "9876543210", "invoiceEmail": "books@shop.example",
            "invoiceDetails": [
                {"productName": "Atlas", "productCode": "AT-1", "noOfUnits": "2", "perUnitAmount": "100.00",
                 "perUnitTax": [{"taxName": "CGST", "taxAmount": "9.00"},
                                {"taxName": "SGST", "taxAmount": "9.00"}]},
                {"productName": "Reader", "noOfUnits": "1", "perUnitAmount": "50.50",
                 "perUnitTax": [{"taxName": "GST", "taxAmount": "4.50"}]},
            ],
        })
    }

    /// Signs in Node and posts.
    pub(crate) fn create(&self, body: &Value) -> Reply {
        self.create_by(peers::node(), &self.head(), body)
    }

    pub(crate) fn create_by(&self, client: &Peer, head: &Value, body: &Value) -> Reply {
        self.post(client.request(&self.paytm_key, head, body))
    }

    /// Signs a call of `/link/{call}` in Node and posts it.
    pub(crate) fn link_call(&self, call: &str, body: &Value) -> Reply {
        self.link_call_by(peers::node(), call, body)
    }

    pub(crate) fn link_call_by(&self, client: &Peer, call: &str, body: &Value) -> Reply {
        let mut body = body.clone();
        if body["mid"].is_null() {
            body["mid"] = json!(self.mid);
        }
        let request = client.request(&self.paytm_key, &self.head(), &body);
        self.link_post(call, request)
    }

    /// Posts bytes as they are to `/link/{call}`.
    pub(crate) fn link_post(&self, call: &str, request: impl Into<Vec<u8>>) -> Reply {
        let path = format!("/paytm/link/{call}");
        self.post_call(&Call::post(&path).body("application/json", request))
    }

    /// Signs this text of a body, which no serializer would write, and posts it.
    pub(crate) fn create_raw(&self, body: &str) -> Reply {
        let mut head = self.head();
        head["signature"] = json!(peers::node().sign(&self.paytm_key, body));
        self.post(format!("{{\"head\":{head},\"body\":{body}}}"))
    }

    /// Posts bytes as they are.
    pub(crate) fn post(&self, request: impl Into<Vec<u8>>) -> Reply {
        self.post_call(&Call::post(CREATE).body("application/json", request))
    }

    pub(crate) fn post_call(&self, call: &Call) -> Reply {
        let answer = self.server.send(call);
        assert_eq!(answer.header("content-type"), Some("application/json"), "{}", answer.text());
        Reply { http: answer.status, text: answer.text().to_owned(), value: answer.json() }
    }
}
