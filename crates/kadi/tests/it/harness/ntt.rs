//! A program written for NTT DATA's link based payments: calls through `tests/peers/ntt.py`.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::peers::ntt;
use super::receiver::{Post, Receiver};
use super::server::Server;
use super::shop::Shop;

/// Where the answers to creates are posted on the test's receiver.
pub(crate) const ANSWERS: &str = "/answers";
/// Where callbacks are.
pub(crate) const CALLBACK: &str = "/callback";

/// The invoice template that every merchant of these tests has.
const TEMPLATE: &str = r#"kind = "invoice"
number = "T001"
name = "Course fees"
field = [
    { name = "course", label = "Course", type = "text", required = true, max_length = 40 },
    { name = "batch", label = "Batch", type = "choice", default = "Morning", choices = ["Morning", "Noon"] },
]
"#;

/// A merchant with an account of this API and an invoice template.
pub(crate) struct Ntt<'a> {
    pub(crate) server: &'a Server,
    /// The account as its program has it.
    pub(crate) account: Value,
}

/// A number that no other merchant of the run has.
fn unused() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(700_001);
    COUNT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// A table of a merchant file.
fn table(object: &Value) -> String {
    let written = |value: &Value| if value.is_object() { table(value) } else { value.to_string() };
    let pairs = object.as_object().unwrap().iter().map(|(key, value)| format!("{key} = {}", written(value)));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

impl<'a> Ntt<'a> {
    /// A merchant who is told at the receiver's addresses.
    pub(crate) fn open(server: &'a Server, receiver: &Receiver, id: &str) -> Self {
        let more = json!({"return_url": receiver.url(ANSWERS), "callback_url": receiver.url(CALLBACK)});
        Self::with(server, id, &more)
    }

    /// The same with encryption keys.
    pub(crate) fn encrypted(server: &'a Server, receiver: &Receiver, id: &str) -> Self {
        let keys = ["request_key", "request_salt", "response_key", "response_salt"];
        let keys: Value =
            keys.iter().map(|key| ((*key).to_owned(), json!(format!("{key} of {id}")))).collect();
        let more = json!({"return_url": receiver.url(ANSWERS), "callback_url": receiver.url(CALLBACK),
            "encryption": keys});
        Self::with(server, id, &more)
    }

    /// With more keys in its table of the merchant file.
    pub(crate) fn with(server: &'a Server, id: &str, more: &Value) -> Self {
        let mut account = json!({
            "merch_id": unused(), "password": "Test@123", "request_hash_key": format!("request key of {id}"),
            "response_hash_key": format!("response key of {id}"),
        });
        for (key, value) in more.as_object().unwrap() {
            account[key] = value.clone();
        }
        Shop::open_with(server, id, &format!("ntt = {}", table(&account)));
        let file = server.write("invoices.toml", &format!("[[template]]\nmerchant = \"{id}\"\n{TEMPLATE}"));
        server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
        Self { server, account }
    }

    /// A call in this form (`flat`, `nested`, `action`, `encrypted`): `status`, `kind` and `body`.
    pub(crate) fn call(&self, action: &str, param: &Value, form: &str) -> Value {
        ntt().ask(&json!({
            "op": "call", "base_url": format!("{}/ntt", self.server.base_url()), "account": self.account,
            "action": action, "param": param, "form": form,
        }))
    }

    /// A call whose code and text are these; the answer.
    pub(crate) fn says(&self, action: &str, param: &Value, code: &str, text: &str) -> Value {
        self.answers(action, param, "flat", code, text)
    }

    /// As [`Self::says`] in another form.
    pub(crate) fn answers(&self, action: &str, param: &Value, form: &str, code: &str, text: &str) -> Value {
        let reply = self.call(action, param, form);
        let body = &reply["body"];
        let said = (&reply["status"], &body["statusCode"], &body["statusMessage"]);
        assert_eq!(said, (&json!(200), &json!(code), &json!(text)), "{action} {param}: {reply}");
        body.clone()
    }

    /// A new link; the answer.
    pub(crate) fn create(&self, wish: &Value) -> Value {
        self.says("CREATE", wish, "OTS0001", "Invoice Link Sent Successfully")
    }

    /// The `payInstrument` that was posted, when its signature is right.
    pub(crate) fn told(&self, post: &Post) -> Value {
        post.form();
        self.ask("told", json!({"text": post.text()}))
    }

    /// An op of the peer about this account.
    pub(crate) fn ask(&self, op: &str, mut question: Value) -> Value {
        question["op"] = json!(op);
        question["account"] = self.account.clone();
        ntt().ask(&question)
    }
}

/// A right request.
pub(crate) fn wish(merchant_txn_id: &str) -> Value {
    json!({
        "templateNo": "T001", "merchantTxnId": merchant_txn_id, "amount": "100.00", "custName": "Asha",
        "custMobile": "9111100041", "templateFields": {"course": "Maths"}, "udf1": "row 7",
    })
}
