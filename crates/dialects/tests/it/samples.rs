//! A right request of every call that is served: what the tests of bad input make worse. A new call needs one
//! entry here and nothing else.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{Method, Request};
use kadi_domain::id::MerchantId;
use kadi_domain::link::Link;
use kadi_domain::template::TemplateKind;
use serde_json::{Value, json};

use crate::callers::{OWNER, show, take_token};
use crate::support::merchants::{access_key, access_secret, mid};
use crate::support::nimbbl::{self, wish_v2};
use crate::support::ntt;
use crate::support::paysharp::wish;
use crate::support::paytm::{KEY, signed};
use crate::support::paytm_orders::{SEND, payment_request};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// Stands in a body for a reference that no request had before.
const FRESH: &str = "@fresh@";
/// A payment request of the furnished merchant.
const ORDER: &str = "furnished";
static COUNT: AtomicU64 = AtomicU64::new(1);

/// What there is when a call is made.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) merchant: MerchantId,
    link: String,
    /// One that no other call ends.
    open_link: String,
    payment: String,
    refund: String,
    hold: String,
    paysharp_link: String,
    /// A link with lines.
    bill: String,
    invoice: String,
    nimbbl_id: String,
    nimbbl_hash: String,
    ots_invoice: String,
    /// One that no other call ends.
    ots_kept: String,
    /// A date in the form of Paytm's requests.
    next_month: String,
}

/// A right request of one call.
pub(crate) struct Sample {
    dialect: &'static str,
    method: &'static str,
    /// As the dialect names it.
    path: &'static str,
    /// What stands for `{id}` in the path.
    id: fn(&Known) -> &str,
    /// The query, one parameter after the other, of a call that reads it.
    pub(crate) query: &'static [(&'static str, &'static str)],
    /// The body, of a call that reads it: under Paytm the signed one, without its head.
    pub(crate) body: Option<fn(&Known) -> Value>,
}

impl Known {
    /// Every id.
    pub(crate) fn ids(&self) -> [&str; 12] {
        [
            &self.link,
            &self.open_link,
            &self.payment,
            &self.refund,
            &self.hold,
            &self.paysharp_link,
            &self.bill,
            &self.invoice,
            &self.nimbbl_id,
            &self.nimbbl_hash,
            &self.ots_invoice,
            &self.ots_kept,
        ]
    }

    /// Ids of the same form that nobody has.
    pub(crate) fn absent(&self) -> Self {
        let other = |id: &String| {
            if id.bytes().all(|byte| byte.is_ascii_digit()) {
                return format!("1{id}");
            }
            let change = |(at, letter)| match letter {
                '7' if at + 6 == id.len() => '8',
                _ if at + 6 == id.len() => '7',
                other => other,
            };
            id.char_indices().map(change).collect()
        };
        Self {
            link: other(&self.link),
            open_link: other(&self.open_link),
            payment: other(&self.payment),
            refund: other(&self.refund),
            hold: other(&self.hold),
            paysharp_link: other(&self.paysharp_link),
            bill: other(&self.bill),
            invoice: other(&self.invoice),
            nimbbl_id: other(&self.nimbbl_id),
            nimbbl_hash: other(&self.nimbbl_hash),
            ots_invoice: other(&self.ots_invoice),
            ots_kept: other(&self.ots_kept),
            ..self.clone()
        }
    }
}

const SAMPLES: &[Sample] = &[
    post("native", "/links", |_| own_link()),
    get("native", "/links", nothing, PAGE),
    get("native", "/links/{id}", |known| &known.link, &[]),
    get("native", "/links/{id}/invoice.pdf", |known| &known.bill, &[]),
    post("native", "/links/{id}/cancel", |_| json!({})).of(|known| &known.link),
    get("native", "/links/{id}/payments", |known| &known.link, PAGE),
    get("native", "/payments/{id}", |known| &known.payment, &[]),
    get("native", "/payments/{id}/split", |known| &known.payment, &[]),
    get("native", "/payments/{id}/tax", |known| &known.payment, &[]),
    post("native", "/payments/{id}/refunds", |_| json!({"amount": 7})).of(|known| &known.payment),
    get("native", "/refunds/{id}", |known| &known.refund, &[]),
    get("native", "/statement", nothing, TIMES),
    get("native", "/statement/owed", nothing, TIMES),
    get("native", "/holds", nothing, PAGE),
    post("native", "/holds/{id}/decide", |_| json!({"decision": "refund"})).of(|known| &known.hold),
    get("native", "/events", nothing, PAGE),
    get("native", "/openapi.json", nothing, &[]),
    post("paytm", "/link/create", paytm_link),
    post("paytm", "/link/fetch", |known| {
        json!({"mid": mid("demo"), "linkId": known.link, "pageNo": 1, "pageSize": "5",
               "linkTypeMultiple": ["FIXED"], "searchFilterRequestBody": {"fromDate": "01/01/2020"}})
    }),
    post("paytm", "/link/update", |known| {
        json!({"mid": mid("demo"), "linkId": known.open_link, "amount": 1_000, "linkNotes": "new",
               "maxPaymentsAllowed": "7", "expiryDate": known.next_month})
    }),
    post("paytm", "/link/expire", |known| json!({"mid": mid("demo"), "linkId": known.link})),
    post("paytm", "/link/resendNotification", |known| {
        json!({"mid": mid("demo"), "linkId": known.open_link, "sendSms": true, "sendEmail": false,
               "notifyContact": {"customerName": "Asha", "customerMobile": "9000000001"}})
    }),
    post("paytm", "/link/fetchTransaction", |known| {
        json!({"mid": mid("demo"), "linkId": known.link, "pageNo": 1, "pageSize": 5, "fetchAllTxns": true,
               "searchStartDate": "01/01/2020", "searchEndDate": "31/12/2090"})
    }),
    post("paytm", "/order/sendpaymentrequest", |_| {
        let mut body = payment_request(FRESH);
        body["expiry"] = json!("2099-01-30 12:30:30");
        body["gstInformation"] = json!({"gstIn": "29"});
        body
    }),
    post("paytm", "/order/resendpaymentrequest", order),
    post("paytm", "/order/resendPaymentRequest", order),
    post("paytm", "/v3/order/status", status_of_order),
    post("paytm", "/merchant-status/api/v1/getPaymentStatus", status_of_order),
    post("ntt", "/ots/link", |_| by_action()),
    post("ntt", "/ots/link/getTemplate", |_| ntt::asks()),
    post("ntt", "/ots/link/getTemplateDetails", |_| {
        let mut body = ntt::asks();
        body["templateNo"] = json!("T001");
        body
    }),
    post("ntt", "/ots/link/createPaymentLink", |_| ntt_link()),
    post("ntt", "/ots/link/resendPaymentLink", |known| ntt::about(&known.ots_kept)),
    post("ntt", "/ots/link/cancelPaymentLink", |known| ntt::about(&known.ots_invoice)),
    post("paysharp", "/linkpayment", |_| wish()),
    post(
        "paysharp",
        "/linkpayment/resend",
        |known| json!({"linkPaymentId": known.paysharp_link, "sendSms": true, "sendEmail": false}),
    ),
    get("paysharp", "/linkpayment/{id}", |known| &known.paysharp_link, &[]),
    post("nimbbl", "/api/v3/generate-token", |_| nimbbl_account()),
    post("nimbbl", "/api/v3/payment-link", |_| nimbbl_link()),
    patch(
        "nimbbl",
        "/api/v3/payment-link",
        |known| json!({"payment_link_id": known.nimbbl_id, "terms_and_conditions": "x", "total_amount": 12}),
    ),
    post("nimbbl", "/api/v3/payment-link/enquiry", |known| json!({"payment_link_id": known.nimbbl_id})),
    post(
        "nimbbl",
        "/api/v3/payment-link/actions",
        |known| json!({"invoice_id": known.invoice, "action": "send", "send_sms": true}),
    ),
    get("nimbbl", "/api/v3/payment-link/{id}", |known| &known.invoice, &[]),
    get("nimbbl", "/api/v3/payment-link/invoice/{id}", |known| &known.invoice, &[]),
    get("nimbbl", "/api/v3/payment-links/invoice/{id}", |known| &known.invoice, &[]),
    get("nimbbl", "/api/v3/payment-link/hash/{id}", |known| &known.nimbbl_hash, &[]),
    post("nimbbl", "/api/v2/payment-link", |_| wish_v2(FRESH)),
];

const PAGE: &[(&str, &str)] = &[("limit", "5"), ("after", "9007199254740991")];
const TIMES: &[(&str, &str)] =
    &[("from", "2020-01-01T00:00:00Z"), ("to", "2090-01-01T00:00:00Z"), ("limit", "5")];

fn own_link() -> Value {
    json!({
        "kind": "invoice", "amount": 300, "currency": "INR", "name": "Fees", "description": "Term 1",
        "send": ["sms"], "reference": null, "part_rules": {"max": 3, "min": 50, "min_first": 100},
        "customer": {"name": "Asha", "mobile": "9000000001", "email": "asha@mail.example"},
        "expires_at": "2099-01-01T00:00:00Z", "success_url": "https://shop.example/ok",
        "lines": [{"name": "Tea", "units": 3, "unit_amount": 90, "taxes": [{"name": "GST", "amount": 10}]}],
        "split": [],
    })
}

fn paytm_link(known: &Known) -> Value {
    json!({
        "mid": mid("demo"), "linkType": "INVOICE", "linkName": "Books", "linkDescription": "Two books",
        "amount": "209", "invoiceId": FRESH, "expiryDate": known.next_month,
        "invoicePhoneNo": "9876543210", "invoiceEmail": "books@shop.example",
        "sendSms": true, "customerContact": {"customerMobile": "9000000001", "customerName": "Asha"},
        "invoiceDetails": [{"productName": "Atlas", "noOfUnits": "2", "perUnitAmount": "100.00",
                            "perUnitTax": [{"taxName": "CGST", "taxAmount": "4.50"}]}],
        "extendInfo": {"ref1": "a"},
    })
}

fn nimbbl_account() -> Value {
    json!({"access_key": access_key("demo"), "access_secret": access_secret("demo")})
}

fn nimbbl_link() -> Value {
    let mut body = nimbbl::wish(FRESH);
    body["order_line_items"] = json!([{"title": "Tea", "rate": 10, "quantity": 1, "serial_numbers": ["S"]}]);
    body["custom_attributes"] = json!({"k": "v"});
    body["send_sms"] = json!(true);
    body["expires_at"] = json!("2099-01-01 00:00:00");
    body["callback_url"] = json!("https://shop.example/back");
    body
}

fn ntt_link() -> Value {
    let mut body = ntt::wish(FRESH);
    body["templateFields"] = json!({"course": "Maths", "batch": "Evening", "fee": 12.5});
    body["txnCurrency"] = json!("INR");
    body["expiryDate"] = json!("2099-01-01 00:00:00");
    body["udf1"] = json!("one");
    body
}

fn by_action() -> Value {
    let mut body = ntt_link();
    body["action"] = json!("CREATE");
    body
}

fn order(_: &Known) -> Value {
    json!({"mid": mid("demo"), "merchantOrderId": ORDER})
}

fn status_of_order(_: &Known) -> Value {
    json!({"mid": mid("demo"), "orderId": ORDER, "txnType": ""})
}

const fn nothing(_: &Known) -> &str {
    ""
}

const fn get(
    dialect: &'static str,
    path: &'static str,
    id: fn(&Known) -> &str,
    query: &'static [(&'static str, &'static str)],
) -> Sample {
    Sample { dialect, method: "GET", path, id, query, body: None }
}

const fn post(dialect: &'static str, path: &'static str, body: fn(&Known) -> Value) -> Sample {
    Sample { dialect, method: "POST", path, id: nothing, query: &[], body: Some(body) }
}

const fn patch(dialect: &'static str, path: &'static str, body: fn(&Known) -> Value) -> Sample {
    Sample { dialect, method: "PATCH", path, id: nothing, query: &[], body: Some(body) }
}

impl Sample {
    /// The same with an id in the path.
    const fn of(self, id: fn(&Known) -> &str) -> Self {
        let Self { dialect, path, query, body, .. } = self;
        Self { dialect, method: "POST", path, id, query, body }
    }

    /// The sample of a call.
    pub(crate) fn find(dialect: &str, method: &Method, path: &str) -> &'static Self {
        let is_it = |it: &&Self| (it.dialect, it.method, it.path) == (dialect, method.as_str(), path);
        let found = SAMPLES.iter().find(is_it);
        found.unwrap_or_else(|| panic!("{dialect} {method} {path} has no sample in tests/it/samples.rs"))
    }

    /// Every call that has one.
    pub(crate) fn count() -> usize {
        SAMPLES.len()
    }

    pub(crate) fn is_of(&self, dialect: &str) -> bool {
        self.dialect == dialect
    }

    /// Does it name a thing in its path?
    pub(crate) fn names_a_thing(&self) -> bool {
        self.path.contains("{id}")
    }

    /// The right path below the dialect's prefix.
    pub(crate) fn path(&self, known: &Known) -> String {
        self.path_of((self.id)(known))
    }

    /// The path about another thing.
    pub(crate) fn path_of(&self, id: &str) -> String {
        self.path.replace("{id}", id)
    }

    /// The body of a call that has one.
    pub(crate) fn body_text(&self, known: &Known) -> String {
        self.body.map_or_else(String::new, |body| body(known).to_string())
    }

    /// A whole request with this body text, which is signed where the dialect wants that.
    pub(crate) fn request(&self, address: &str, body: &str) -> Request<Body> {
        self.request_of(Some(OWNER), address, body)
    }

    /// The same by the merchant with this name, or by nobody.
    pub(crate) fn request_of(&self, who: Option<&str>, address: &str, body: &str) -> Request<Body> {
        let body = body.replace(FRESH, &format!("R{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let whole = match self.dialect {
            "paytm" => signed(&json!({"tokenType": "AES", "clientId": "C11"}), KEY, &body),
            "ntt" => ntt::shown_by(who, &body),
            _ => body,
        };
        self.raw_of(who, address, Some("application/json"), whole.into())
    }

    /// A whole request with exactly these bytes behind its head.
    pub(crate) fn raw(&self, address: &str, kind: Option<&str>, body: impl Into<Vec<u8>>) -> Request<Body> {
        self.raw_of(Some(OWNER), address, kind, body.into())
    }

    fn raw_of(&self, who: Option<&str>, address: &str, kind: Option<&str>, body: Vec<u8>) -> Request<Body> {
        let request = Request::builder().method(self.method).uri(address);
        let request = kind.into_iter().fold(request, |request, kind| request.header("content-type", kind));
        let mut request = request.body(body).unwrap();
        if let Some(who) = who {
            show(self.dialect, who, &mut request);
        }
        request.map(Body::from)
    }
}

/// A merchant with one of each thing that calls name.
pub(crate) fn furnished() -> (Shop, Known) {
    let shop = Shop::orders();
    let asked = shop.order_call(SEND, &payment_request(ORDER));
    assert_eq!(asked.row()[0], "SPR_001", "{}", asked.text);
    let reusable = json!({"kind": "fixed", "amount": 100_000, "name": "Fees", "reusable": true});
    let made = shop.post("/v1/links", &reusable);
    let link: Link = shop.link(&made);
    let (paid, held) = (shop.pay(&link, Says::Paid), shop.pay(&link, Says::TooMuch));
    let payment = paid.id.get().to_string();
    let refund = shop.post(&format!("/v1/payments/{payment}/refunds"), &json!({"amount": 5}));
    take_token(shop.nimbbl_token(OWNER));
    shop.template(OWNER, TemplateKind::Invoice, "T001");
    let (invoiced, _) = shop.nimbbl_link(&nimbbl::wish("inv-1"));
    let of = |name: &str| invoiced.json()[name].as_str().unwrap().to_owned();
    let known = Known {
        merchant: link.merchant_id,
        link: link.id.get().to_string(),
        open_link: shop.link(&shop.post("/v1/links", &reusable)).id.get().to_string(),
        payment,
        refund: refund.json()["id"].as_str().unwrap().to_owned(),
        hold: held.id.get().to_string(),
        invoice: of("invoice_id"),
        nimbbl_id: of("payment_link_id"),
        nimbbl_hash: of("payment_link_hash"),
        ots_invoice: shop.ntt_link(&ntt::wish("furnished-1")).1,
        ots_kept: shop.ntt_link(&ntt::wish("furnished-2")).1,
        paysharp_link: shop.paysharp_create(&wish()).id(),
        bill: shop.link(&shop.post("/v1/links", &own_link())).id.get().to_string(),
        next_month: shop.date(30),
    };
    (shop, known)
}
