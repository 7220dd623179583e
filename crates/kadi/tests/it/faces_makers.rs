//! One merchant with an account of every API, and a link made in each of them, of each kind that it knows.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::nimbbl;
use crate::harness::ntt::Ntt;
use crate::harness::own_api::text;
use crate::harness::paytm_orders::SEND;
use crate::harness::sandbox::code_of;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// What a link of every kind asks for, in minor units.
pub(crate) const AMOUNT: i64 = 50_000;
const CHILD: &str = "facechild";
const INVOICE: &str = r#"[[template]]
merchant = "MERCHANT"
kind = "invoice"
number = "I001"
name = "Course fees"
field = [{ name = "course", label = "Course", type = "text", required = true }]
"#;

/// An API that makes links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    Own,
    Paytm,
    Request,
    Paysharp,
    Nimbbl,
    Ntt,
}

/// Every maker, by its name in the table.
pub(crate) const MAKERS: [(&str, Maker); 6] = [
    ("`/v1`", Maker::Own),
    ("Paytm", Maker::Paytm),
    ("request", Maker::Request),
    ("Paysharp", Maker::Paysharp),
    ("Nimbbl", Maker::Nimbbl),
    ("NTT", Maker::Ntt),
];

/// What a link is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Once,
    ManyTimes,
    InParts,
    OneOrder,
    AnyAmount,
    WithLines,
    WithForm,
    Shared,
    ForAnObligation,
    InDollars,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) kind: Kind,
    /// By SMS.
    pub(crate) send: bool,
    /// Over within the hour.
    pub(crate) short: bool,
}

/// A link that was made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) maker: Maker,
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) mobile: String,
    /// What its maker's API calls it, beside the ids that follow from its code.
    pub(crate) reference: String,
}

/// The server and the merchant.
pub(crate) struct Stage<'a> {
    pub(crate) server: &'a Server,
    pub(crate) shop: Shop<'a>,
    pub(crate) ntt: Ntt<'a>,
    now: Timestamp,
}

/// A number of the run that nothing else has.
fn unused() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

impl<'a> Stage<'a> {
    pub(crate) fn open(server: &'a Server, id: &str) -> Self {
        let line = nimbbl::line(id, "");
        let ntt = json!({
            "merch_id": format!("8{:06}", unused()), "password": "Test@123",
            "request_hash_key": format!("request key of {id}"),
            "response_hash_key": format!("response key of {id}"),
        });
        let accounts = format!(
            "vpa = \"{id}@kadi\"\npaysharp = {{ tokens = [\"paysharp_{id}_token\"] }}\n{line}\nntt = {}",
            toml_of(&ntt)
        );
        let shop = Shop::open_with(server, id, &accounts);
        Shop::open_with(server, &format!("{CHILD}{id}"), &format!("aggregator = \"{id}\""));
        let form = include_str!("tables/forms.toml").replace("MERCHANT", id);
        for (name, text) in [("forms", form), ("invoices", INVOICE.replace("MERCHANT", id))] {
            let file = server.write(&format!("{id}-{name}.toml"), &text);
            server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
        }
        let ntt = Ntt { server, account: ntt };
        Self { server, shop, ntt, now: server.now().parse().expect("a time") }
    }

    /// The token of the API that has one for ever.
    pub(crate) fn paysharp_token(&self) -> String {
        format!("paysharp_{}_token", self.shop.id)
    }

    pub(crate) fn paysharp(&self, path: &str, body: &Value) -> Answer {
        self.server.send(&Call::post(path).bearer(&self.paysharp_token()).json(body))
    }

    /// A call of Nimbbl's API with a fresh token, which outlives no hour.
    pub(crate) fn nimbbl(&self, method: &'static str, path: &str, body: &Value) -> Answer {
        let call = Call::new(method, path).bearer(&nimbbl::token(self.server, &self.shop.id));
        self.server.send(&if body.is_null() { call } else { call.json(body) })
    }

    fn child(&self) -> Shop<'_> {
        Shop::credentials(self.server, &format!("{CHILD}{}", self.shop.id))
    }

    fn end(&self, wish: Wish) -> Timestamp {
        self.now + if wish.short { 1.hour() } else { 12.hours() }
    }

    /// Makes it.
    pub(crate) fn make(&self, maker: Maker, wish: Wish) -> Made {
        let number = unused();
        let mobile = format!("9{number:09}");
        self.make_as(maker, wish, &mobile, &format!("ref-{number}"))
    }

    /// Makes it with this reference of its API.
    pub(crate) fn make_as(&self, maker: Maker, wish: Wish, mobile: &str, reference: &str) -> Made {
        let code = match maker {
            Maker::Own => self.make_own(wish, mobile, reference),
            Maker::Paytm => self.make_paytm(wish, mobile, reference),
            Maker::Request => self.make_request(wish, mobile, reference),
            Maker::Paysharp => self.make_paysharp(wish, mobile),
            Maker::Nimbbl => self.make_nimbbl(wish, mobile, reference),
            Maker::Ntt => self.make_ntt(wish, mobile, reference),
        };
        // Of those that were made last: a page of a hundred takes long.
        let newest = self.shop.found("/v1/links?limit=20")["data"].clone();
        let own = newest.as_array().expect("a list").iter().find(|link| link["code"] == code);
        let id = text(&own.expect("the link")["id"]).to_owned();
        let (mobile, reference) = (mobile.to_owned(), reference.to_owned());
        Made { maker, kind: wish.kind, id, code, mobile, reference }
    }

    fn make_own(&self, wish: Wish, mobile: &str, reference: &str) -> String {
        let mut body = json!({
            "kind": "fixed", "amount": AMOUNT, "name": "School fees", "customer": {"mobile": mobile},
            "expires_at": self.end(wish).to_string(), "reference": reference,
        });
        if wish.send {
            body["send"] = json!(["sms"]);
        }
        match wish.kind {
            Kind::Once => {}
            Kind::ManyTimes => body["reusable"] = json!(true),
            Kind::InParts => body["parts"] = json!(true),
            Kind::AnyAmount => {
                body.as_object_mut().unwrap().remove("amount");
                (body["kind"], body["reusable"]) = (json!("open"), json!(true));
            }
            Kind::WithLines => {
                body["kind"] = json!("invoice");
                body["lines"] = json!([{"name": "Term 2", "units": 1, "unit_amount": AMOUNT}]);
            }
            Kind::Shared => body["split"] = json!([{"merchant": self.child().id, "percent": "12.50"}]),
            Kind::ForAnObligation => body["obligation"] = json!(reference),
            Kind::InDollars => body["currency"] = json!("USD"),
            Kind::OneOrder | Kind::WithForm => panic!("/v1 makes no {:?}", wish.kind),
        }
        text(&self.shop.link(&body)["code"]).to_owned()
    }

    fn make_paytm(&self, wish: Wish, mobile: &str, reference: &str) -> String {
        let mut body = if wish.kind == Kind::AnyAmount { self.shop.generic() } else { self.shop.fixed() };
        body["merchantRequestId"] = json!(reference);
        (body["customerContact"], body["sendSms"]) = (json!({"customerMobile": mobile}), json!(wish.send));
        body["expiryDate"] = json!(ist(self.end(wish)).strftime("%d/%m/%Y %H:%M:%S").to_string());
        if wish.kind != Kind::AnyAmount {
            body["amount"] = json!("500.00");
        }
        match wish.kind {
            Kind::Once => body["maxPaymentsAllowed"] = json!(1),
            Kind::AnyAmount | Kind::ManyTimes => {}
            Kind::InParts => body["partialPayment"] = json!("true"),
            Kind::OneOrder => body["linkOrderId"] = json!(reference),
            Kind::WithLines => {
                (body["linkType"], body["invoiceId"]) = (json!("INVOICE"), json!(reference));
                body["invoiceDetails"] =
                    json!([{"productName": "Atlas", "noOfUnits": "1", "perUnitAmount": "500.00"}]);
            }
            Kind::WithForm => {
                (body["templateId"], body["maxPaymentsAllowed"]) = (json!("T001"), json!(1));
            }
            Kind::Shared => {
                (body["splitSettlementInfo"], body["maxPaymentsAllowed"]) = (self.split(), json!(1));
            }
            Kind::ForAnObligation | Kind::InDollars => panic!("Paytm makes no {:?}", wish.kind),
        }
        self.shop.create(&body).link_code()
    }

    fn split(&self) -> Value {
        json!({"splitMethod": "PERCENTAGE", "splitInfo": [{"mid": self.child().mid, "percentage": "12.50"}]})
    }

    fn make_request(&self, wish: Wish, mobile: &str, reference: &str) -> String {
        let mut body = json!({
            "mid": self.shop.mid, "merchantOrderId": reference, "amount": "500.00", "userPhoneNo": mobile,
            "posId": "S1", "expiry": ist(self.end(wish)).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        });
        assert!(wish.send, "a payment request is sent");
        let is_shared = matches!(wish.kind, Kind::Shared);
        assert!(is_shared || matches!(wish.kind, Kind::Once), "no payment request is {:?}", wish.kind);
        if is_shared {
            body["splitSettlementInfo"] = self.split();
        }
        self.shop.order_call(SEND, &body).link_code()
    }

    fn make_paysharp(&self, wish: Wish, mobile: &str) -> String {
        assert_eq!(wish.kind, Kind::Once, "Paysharp makes one kind");
        let body = json!({
            "amount": 500, "remarks": "Inv-1001", "validity": if wish.short { 1 } else { 12 },
            "customerName": "Asha", "customerMobileNo": mobile, "sendSms": wish.send,
        });
        let answer = self.paysharp("/linkpayment", &body).json();
        text(&answer["data"]["linkPaymentId"]).trim_end_matches("--a").to_owned()
    }

    fn make_nimbbl(&self, wish: Wish, mobile: &str, reference: &str) -> String {
        assert_eq!(wish.kind, Kind::Once, "Nimbbl makes one kind");
        let body = json!({
            "invoice_id": reference, "total_amount": 500, "currency": "INR", "send_sms": wish.send,
            "user": {"email": format!("a{mobile}@customer.example"), "first_name": "Asha", "last_name": "Rao",
                     "country_code": "+91", "mobile_number": mobile},
            "expires_at": self.end(wish).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        });
        let answer = self.nimbbl("POST", "/api/v3/payment-link", &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        code_of(&answer.json()["payment_link_url"])
    }

    fn make_ntt(&self, wish: Wish, mobile: &str, reference: &str) -> String {
        assert_eq!(wish.kind, Kind::Once, "NTT makes one kind");
        assert!(wish.send, "an invoice goes out where there is a contact");
        let body = json!({
            "templateNo": "I001", "merchantTxnId": reference, "amount": "500.00", "custName": "Asha",
            "custMobile": mobile, "templateFields": {"course": "Maths"},
            "expiryDate": ist(self.end(wish)).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        });
        code_of(&self.ntt.create(&body)["paymentLink"])
    }
}

/// A flat object as a table of a merchant file.
fn toml_of(object: &Value) -> String {
    let pairs = object.as_object().expect("an object").iter();
    let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// The same moment as its date and time in India, which is five and a half hours ahead.
fn ist(at: Timestamp) -> Timestamp {
    at + 330.minutes()
}
