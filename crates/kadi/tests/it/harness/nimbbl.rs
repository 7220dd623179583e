//! A program written for Nimbbl's payment links: calls through `tests/peers/nimbbl.py`.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::http::Call;
use super::peers::nimbbl;
use super::server::Server;
use super::shop::Shop;

/// A merchant with an account of this API.
pub(crate) struct Nimbbl<'a> {
    pub(crate) server: &'a Server,
    pub(crate) id: String,
}

/// The access key of the merchant with this id.
pub(crate) fn key(id: &str) -> String {
    format!("access_key_{id}")
}

/// Its access secret.
pub(crate) fn secret(id: &str) -> String {
    format!("access_secret_of_{id}")
}

/// The line of the merchant file, with more members.
pub(crate) fn line(id: &str, more: &str) -> String {
    format!("nimbbl = {{ access_key = \"{}\", access_secret = \"{}\"{more} }}", key(id), secret(id))
}

/// An invoice id that no other link of the run has.
pub(crate) fn unused() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("inv-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A token of the merchant with this id.
pub(crate) fn token(server: &Server, id: &str) -> String {
    token_for(server, id, &secret(id))
}

fn token_for(server: &Server, id: &str, secret: &str) -> String {
    let body = json!({"access_key": key(id), "access_secret": secret});
    let answer = server.send(&Call::post("/api/v3/generate-token").json(&body));
    answer.json()["token"].as_str().unwrap_or_else(|| panic!("no token: {}", answer.text())).to_owned()
}

/// A secret of the shop's access key that was live, and a token of it, both revoked before the token's time.
pub(crate) fn revoked(server: &Server, shop: &Shop<'_>) -> (Option<String>, Option<String>) {
    let gone = "access_secret_gone".to_owned();
    let listed = || server.kadi_ok(&["merchant", "list"]);
    let before = listed();
    let line = line(&shop.id, "").replace(&secret(&shop.id), &gone);
    let text = format!("[[merchant]]\nid = \"{}\"\nname = \"Shop of {}\"\n{line}\n", shop.id, shop.id);
    let file = server.write("gone.toml", &text);
    server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    let token = token_for(server, &shop.id, &gone);
    let listed = listed();
    let new = listed.lines().find(|line| line.contains("nimbbl") && !before.contains(*line));
    let number = new.and_then(|line| line.split_whitespace().next()).expect("a number");
    server.kadi_ok(&["merchant", "revoke", &shop.id, number]);
    (Some(gone), Some(token))
}

impl<'a> Nimbbl<'a> {
    /// With more members in its line of the merchant file.
    pub(crate) fn open(server: &'a Server, id: &str, more: &str) -> Self {
        Shop::open_with(server, id, &line(id, more));
        Self { server, id: id.to_owned() }
    }

    fn ask(&self, mut question: Value) -> Value {
        question["base_url"] = json!(self.server.base_url());
        question["access_key"] = json!(key(&self.id));
        question["access_secret"] = json!(secret(&self.id));
        nimbbl().ask(&question)
    }

    /// A call: `status`, `body`, and how many tokens the program has asked for.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(json!({"op": "call", "method": method, "path": path, "body": body}))
    }

    /// A new link; the answer.
    pub(crate) fn create(&self, body: &Value) -> Value {
        yes(&self.call("POST", "/api/v3/payment-link", body))
    }

    /// How it stands, by its invoice id.
    pub(crate) fn by_invoice(&self, invoice_id: &str) -> Value {
        yes(&self.ask(json!({"op": "by_invoice", "invoice_id": invoice_id})))
    }
}

/// The body of a "yes".
pub(crate) fn yes(reply: &Value) -> Value {
    assert_eq!(reply["status"], 200, "{reply}");
    reply["body"].clone()
}

/// A right request.
pub(crate) fn wish(invoice_id: &str) -> Value {
    json!({
        "invoice_id": invoice_id, "total_amount": 10, "currency": "INR",
        "user": {"email": "asha@customer.example", "first_name": "Asha", "last_name": "Rao",
                 "country_code": "+91", "mobile_number": "9111100031"},
    })
}

/// The older request.
pub(crate) fn wish_v2(invoice_id: &str) -> Value {
    json!({
        "invoice_id": invoice_id, "total_amount": 10, "currency": "INR", "payer_first_name": "Asha",
        "payer_mobile_number": "9111100031", "notification_channel_sms": false,
        "notification_channel_email": false,
    })
}
