//! A program written for Paysharp's link API: calls by hand, and the npm library `paysharp-node`.

use serde_json::{Value, json};

use super::http::{Answer, Call};
use super::peers::node;
use super::server::Server;
use super::shop::Shop;

/// A merchant with an account of this API.
pub(crate) struct Paysharp<'a> {
    pub(crate) shop: Shop<'a>,
    pub(crate) token: String,
}

impl<'a> Paysharp<'a> {
    /// With two tokens, and webhooks to this address.
    pub(crate) fn open(server: &'a Server, id: &str, webhook_url: Option<&str>) -> Self {
        let (token, other) = (format!("paysharp_{id}_token"), format!("paysharp_{id}_other"));
        let url = webhook_url.map(|url| format!(", webhook_url = \"{url}\"")).unwrap_or_default();
        let line = format!("paysharp = {{ tokens = [\"{token}\", \"{other}\"]{url} }}");
        Self { shop: Shop::open_with(server, id, &line), token }
    }

    pub(crate) fn other_token(&self) -> String {
        self.token.trim_end_matches("token").to_owned() + "other"
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.shop.server.send(&Call::post(path).bearer(&self.token).json(body))
    }

    /// A new link; `data` of the answer.
    pub(crate) fn create(&self, body: &Value) -> Value {
        data(&self.post("/linkpayment", body))
    }

    pub(crate) fn status(&self, link: &Value) -> Value {
        data(&self.shop.server.send(&self.status_call(link)))
    }

    fn status_call(&self, link: &Value) -> Call {
        let id = link["linkPaymentId"].as_str().unwrap();
        Call::get(&format!("/linkpayment/{id}"))
            .bearer(&self.token)
            .header("content-type", "application/json")
    }

    pub(crate) fn resend(&self, link: &Value) -> Answer {
        self.shop.server.send(&self.resend_call(link))
    }

    /// The same, to be sent on any line.
    pub(crate) fn resend_call(&self, link: &Value) -> Call {
        let body = json!({"linkPaymentId": link["linkPaymentId"], "sendSms": true});
        Call::post("/linkpayment/resend").bearer(&self.token).json(&body)
    }

    /// A method of the library's `paymentLinks`, under this base path: its value, or its error's fields.
    pub(crate) fn library(&self, base: &str, method: &str, argument: &Value) -> Value {
        node().ask(&json!({
            "op": "paysharp", "base_url": format!("{}{base}", self.shop.server.base_url()),
            "token": self.token, "method": method, "argument": argument,
        }))
    }
}

/// `data` of a "yes".
fn data(answer: &Answer) -> Value {
    let body = answer.json();
    assert_eq!(
        (answer.status, &body["code"], &body["message"]),
        (200, &json!(200), &json!("success")),
        "{body}"
    );
    body["data"].clone()
}

/// A right request; `member` is said otherwise.
pub(crate) fn wish(mobile: &str) -> Value {
    json!({
        "amount": 500, "remarks": "Inv-1001", "validity": 24, "customerName": "Asha",
        "customerMobileNo": mobile,
    })
}
