//! Requests of NTT DATA's link API, as its clients send them.

use axum::body::Body;
use axum::http::Request;
use kadi_dialects::ntt::settings;
use kadi_dialects::ntt::sign::NttKey;
use kadi_dialects::shared::fields::Fields;
use kadi_dialects::shared::json::scan;
use kadi_domain::link::Link;
use kadi_domain::merchant::{Merchant, Setting};
use kadi_domain::moment::Setup;
use kadi_domain::secret::Secret;
use kadi_domain::template::{Field, FieldType, TemplateKind};
use kadi_engine::commands::administer::{ImportMerchants, ImportTemplates, NewCredential, TemplateInput};
use serde_json::{Value, json};

use super::answer::Answer;
use super::merchants::{merchant, with_keys};
use super::shop::Shop;

pub(crate) const ACTION: &str = "/ots/link";
pub(crate) const LIST: &str = "/ots/link/getTemplate";
pub(crate) const DETAILS: &str = "/ots/link/getTemplateDetails";
pub(crate) const CREATE: &str = "/ots/link/createPaymentLink";
pub(crate) const RESEND: &str = "/ots/link/resendPaymentLink";
pub(crate) const CANCEL: &str = "/ots/link/cancelPaymentLink";

/// Stand in bodies for what a caller shows of itself.
pub(crate) const MINE: [&str; 3] = ["@merchId@", "@password@", "@signature@"];

/// The merchant id of the merchant with this name: `demo` has that of the vendor's examples.
pub(crate) fn merch_id(slug: &str) -> String {
    if slug == "demo" { "446442".to_owned() } else { format!("id-{slug}") }
}

/// The password of the merchant with this name.
pub(crate) fn password(slug: &str) -> String {
    if slug == "demo" { "Test@123".to_owned() } else { format!("Test@{slug}") }
}

/// The request hash key of the merchant with this name.
pub(crate) fn hash_key(slug: &str) -> String {
    if slug == "demo" { "KEY123657234".to_owned() } else { format!("KEY{slug}") }
}

/// The signature over these parts, behind merchant id and password.
pub(crate) fn signature(slug: &str, parts: &[&str]) -> String {
    let (id, password) = (merch_id(slug), password(slug));
    NttKey::new(&hash_key(slug)).unwrap().sign(&[&[id.as_str(), &password], parts].concat())
}

/// The text of a body with what this caller shows of itself; nobody shows nothing.
pub(crate) fn shown_by(who: Option<&str>, body: &str) -> String {
    let Some(who) = who else {
        return MINE.iter().fold(body.to_owned(), |body, mine| body.replace(&format!("\"{mine}\""), "null"));
    };
    let [id, password, signed] = MINE;
    let signature = parts(body).map(|parts| {
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        signature(who, &parts)
    });
    let body = body.replace(id, &merch_id(who)).replace(password, &self::password(who));
    body.replace(signed, &signature.unwrap_or_else(|| "0".repeat(128)))
}

/// What a body signs, exactly as it stands there: the amount and the id, or the number of the invoice.
fn parts(body: &str) -> Option<Vec<String>> {
    let fields = Fields::parse(scan(body.as_bytes()).ok()?.text())?;
    let read = |name: &str| fields.number_or_text(name).ok().flatten();
    let of_invoice = || Some(vec![read("invoiceNo")?]);
    read("amount").map_or_else(of_invoice, |amount| Some(vec![amount, read("merchantTxnId")?]))
}

/// A right request to make an invoice, to be signed.
pub(crate) fn wish(txn_id: &str) -> Value {
    json!({
        "merchId": MINE[0], "password": MINE[1], "signature": MINE[2], "templateNo": "T001",
        "merchantTxnId": txn_id, "amount": "100.00", "custName": "Asha", "custEmail": "asha@example.com",
        "custMobile": "9000000001", "templateFields": {"course": "Maths"},
        "returnUrl": "https://shop.example/ret",
    })
}

/// A right request about an invoice, to be signed.
pub(crate) fn about(invoice_no: &str) -> Value {
    json!({"merchId": MINE[0], "password": MINE[1], "signature": MINE[2], "invoiceNo": invoice_no})
}

/// A right request about templates.
pub(crate) fn asks() -> Value {
    json!({"merchId": MINE[0], "password": MINE[1]})
}

/// The merchant with a setting of this dialect.
pub(crate) fn set(mut merchant: Merchant, name: &str, value: &str) -> Merchant {
    let (name, value) = (name.to_owned(), value.to_owned());
    merchant.settings.push(Setting { dialect: settings::DIALECT, name, value, identifies: false });
    merchant
}

fn field(name: &str, label: &str, field_type: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        field_type,
        required: false,
        min_length: None,
        max_length: None,
        pattern: None,
        default: None,
    }
}

/// The invoice template T001: a course that must be named, a batch with a default, and what may be empty.
pub(crate) fn fields() -> Vec<Field> {
    let pattern = Some("[A-Za-z ]+".to_owned());
    let choices = ["Morning", "Evening"].map(str::to_owned).to_vec();
    let (min_length, max_length) = (Some(2), Some(40));
    vec![
        Field {
            required: true,
            min_length,
            max_length,
            pattern,
            ..field("course", "Course", FieldType::Text)
        },
        Field { default: Some("Morning".to_owned()), ..field("batch", "Batch", FieldType::Choice(choices)) },
        field("fee", "Fee", FieldType::Amount),
    ]
}

impl Shop {
    /// A shop of `demo` and one of `other`, with the template T001 for each.
    pub(crate) fn ntt() -> Self {
        Self::ntt_of(Setup::sandbox(), vec![merchant("demo"), merchant("other")])
    }

    pub(crate) fn ntt_of(setup: Setup, merchants: Vec<Merchant>) -> Self {
        let shop = Self::with_setup(setup, merchants.iter().map(|it| with_keys(it.clone(), &[])).collect());
        merchants.iter().for_each(|merchant| shop.template(&merchant.slug, TemplateKind::Invoice, "T001"));
        shop
    }

    /// A template of a merchant's, with [`fields`].
    pub(crate) fn template(&self, slug: &str, kind: TemplateKind, number: &str) {
        let name = slug.to_owned();
        let merchant = self.read(move |reader| reader.merchant_by_slug(&name)).unwrap();
        self.submit(ImportTemplates {
            inputs: vec![TemplateInput {
                merchant: slug.to_owned(),
                merchant_id: merchant.id,
                kind,
                number: number.to_owned(),
                name: "Course fees".to_owned(),
                fields: fields(),
            }],
        });
    }

    /// The merchant as it is from now on.
    pub(crate) fn import(&self, merchant: Merchant) {
        self.import_with(merchant, &[]);
    }

    /// The same with more secrets of this dialect; nothing that was there ends.
    pub(crate) fn import_with(&self, merchant: Merchant, secrets: &[(&str, &str)]) {
        let (merchant, dialects, mut credentials) = with_keys(merchant, &[]);
        credentials.extend(secrets.iter().map(|(slot, secret)| NewCredential {
            dialect: settings::DIALECT,
            slot: (*slot).to_owned(),
            label: String::new(),
            secret: Secret::new((*secret).to_owned()),
            is_bearer: false,
        }));
        let inputs = vec![(merchant, dialects, credentials)];
        self.submit(ImportMerchants::new(inputs, self.engine().keys()).unwrap());
    }

    /// These bytes, whatever they are.
    pub(crate) fn ntt_raw(&self, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        self.send(Request::post(path).header("content-type", kind).body(body.into()).unwrap())
    }

    /// `demo` asks.
    pub(crate) fn ntt_text(&self, path: &str, body: &str) -> Answer {
        self.ntt_by(Some("demo"), path, body)
    }

    /// `demo` asks.
    pub(crate) fn ots(&self, path: &str, body: &Value) -> Answer {
        self.ntt_text(path, &body.to_string())
    }

    pub(crate) fn ntt_by(&self, who: Option<&str>, path: &str, body: &str) -> Answer {
        self.ntt_raw(path, "application/json", shown_by(who, body))
    }

    /// An invoice of `demo` and its number.
    pub(crate) fn ntt_link(&self, body: &Value) -> (Link, String) {
        let answer = self.ots(CREATE, body);
        let number = answer.json()["invoiceNo"].as_str().map(str::to_owned);
        (self.link(&answer), number.unwrap_or_else(|| panic!("no invoice: {}", answer.text)))
    }
}

impl Answer {
    /// `statusCode`, `statusMessage` and `detail` of an answer with HTTP 200 whose two forms agree.
    pub(crate) fn ots(&self) -> (String, String, String) {
        assert_eq!(self.status, 200, "{}", self.text);
        let body = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (code, message) = (text(&body["statusCode"]), text(&body["statusMessage"]));
        let word = if code.starts_with("OTS0") { "SUCCESS" } else { "FAILED" };
        let details = json!({"statusCode": code, "message": word, "description": message});
        assert_eq!(body["responseDetails"], details, "{}", self.text);
        (code, message, text(&body["detail"]))
    }

    /// `statusCode` and `detail`.
    pub(crate) fn ots_no(&self) -> (String, String) {
        let (code, _, detail) = self.ots();
        (code, detail)
    }
}
