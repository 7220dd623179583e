//! Of two faults the earlier one answers: JSON, OTS1001, OTS1008 of what must be there, OTS1002 and OTS1003,
//! the signature, the template or the invoice, then the fields.

use kadi_domain::merchant::Merchant;
use serde_json::{Value, json};

use crate::support::merchants::merchant;
use crate::support::ntt::{CANCEL, CREATE, DETAILS, LIST, RESEND, about, asks, wish};
use crate::support::paytm::with;
use crate::support::shop::Shop;

/// A request before it is sent.
struct Asked {
    body: Value,
    /// Where it is no JSON.
    text: Option<&'static str>,
}

/// What is answered (code and the first words of the detail), and the fault.
type Fault = (&'static str, fn(&mut Asked));

const NO_JSON: Fault = ("OTS1008 the body is not JSON", |asked| asked.text = Some("{"));
const NO_SIGNATURE: Fault = ("OTS1001 signature", |asked| drop_member(asked, "signature"));
const NO_PASSWORD: Fault = ("OTS1001 password", |asked| drop_member(asked, "password"));
const EMPTY_ID: Fault = ("OTS1008 merchId", |asked| put(asked, "merchId", json!("")));
const OTHER_ID: Fault = ("OTS1002 ", |asked| put(asked, "merchId", json!("446443")));
const OTHER_SIGNATURE: Fault = ("OTS1011 ", |asked| put(asked, "signature", json!("0".repeat(128))));
const STRANGE: Fault = ("OTS1009 colour: is not known", |asked| put(asked, "colour", json!("red")));

const OF_LIST: [Fault; 5] = [NO_JSON, NO_PASSWORD, EMPTY_ID, OTHER_ID, STRANGE];

const OF_DETAILS: [Fault; 6] = [
    NO_JSON,
    NO_PASSWORD,
    EMPTY_ID,
    OTHER_ID,
    ("OTS1005 ", |asked| put(asked, "templateNo", json!("T002"))),
    STRANGE,
];

const OF_CREATE: [Fault; 20] = [
    NO_JSON,
    NO_PASSWORD,
    NO_SIGNATURE,
    EMPTY_ID,
    OTHER_ID,
    OTHER_SIGNATURE,
    ("OTS1004 ", |asked| put(asked, "templateNo", json!("T002"))),
    ("OTS1006 course", |asked| field(asked, "course", json!(""))),
    ("OTS1007 batch", |asked| field(asked, "batch", json!(""))),
    ("OTS1009 templateFields.fee", |asked| field(asked, "fee", json!("much"))),
    ("OTS1009 merchantTxnId", |asked| put(asked, "merchantTxnId", json!("x".repeat(51)))),
    ("OTS1009 amount", |asked| put(asked, "amount", json!("1e2"))),
    ("OTS1009 txnCurrency", |asked| put(asked, "txnCurrency", json!("USD"))),
    ("OTS1009 custName", |asked| put(asked, "custName", json!(7))),
    ("OTS1009 custEmail", |asked| put(asked, "custEmail", json!("asha"))),
    ("OTS1009 custMobile", |asked| put(asked, "custMobile", json!("123"))),
    ("OTS1009 expiryDate", |asked| put(asked, "expiryDate", json!("01/01/2099"))),
    ("OTS1009 returnUrl", |asked| put(asked, "returnUrl", json!("ftp://a.example"))),
    ("OTS1009 udf1", |asked| put(asked, "udf1", json!("x".repeat(46)))),
    STRANGE,
];

const OF_INVOICE: [Fault; 7] = [
    NO_JSON,
    NO_PASSWORD,
    EMPTY_ID,
    OTHER_ID,
    OTHER_SIGNATURE,
    ("OTS1012 ", |asked| put(asked, "invoiceNo", json!("INV7"))),
    STRANGE,
];

fn drop_member(asked: &mut Asked, name: &str) {
    asked.body.as_object_mut().unwrap().remove(name);
}

/// Changes a member that is there still, unless another fault took it away.
fn put(asked: &mut Asked, name: &str, value: Value) {
    asked.body[name] = value;
}

fn field(asked: &mut Asked, name: &str, value: Value) {
    asked.body["templateFields"][name] = value;
}

fn told(shop: &Shop, path: &str, asked: &Asked) -> String {
    let text = asked.text.map_or_else(|| asked.body.to_string(), str::to_owned);
    let (code, detail) = shop.ntt_text(path, &text).ots_no();
    format!("{code} {detail}")
}

fn every_pair(shop: &Shop, path: &str, faults: &[Fault], body: &Value) {
    let send = |make: &[&Fault]| {
        let mut asked = Asked { body: body.clone(), text: None };
        make.iter().for_each(|(_, fault)| fault(&mut asked));
        told(shop, path, &asked)
    };
    for (at, fault) in faults.iter().enumerate() {
        let alone = send(&[fault]);
        assert!(alone.starts_with(fault.0), "{path}: {} alone: {alone}", fault.0);
        for other in faults.get(at + 1..).unwrap() {
            let both = send(&[other, fault]);
            assert!(both.starts_with(fault.0), "{path}: {} before {}: {both}", fault.0, other.0);
        }
    }
}

#[test]
fn of_two_faults_the_earlier_answers() {
    let shop = Shop::ntt();
    let (_, number) = shop.ntt_link(&wish("T-1"));
    every_pair(&shop, LIST, &OF_LIST, &asks());
    every_pair(&shop, DETAILS, &OF_DETAILS, &with(asks(), "templateNo", json!("T001")));
    every_pair(&shop, CREATE, &OF_CREATE, &wish("T-2"));
    every_pair(&shop, RESEND, &OF_INVOICE, &about(&number));
    every_pair(&shop, CANCEL, &OF_INVOICE, &about(&number));
    assert_eq!(shop.ots(CREATE, &wish("T-2")).ots().0, "OTS0001", "nothing of this was kept");
}

/// What the engine finds comes after everything that the request itself says.
#[test]
fn a_used_id_and_a_closed_invoice_are_told_last() {
    let shop = Shop::ntt();
    let (_, number) = shop.ntt_link(&wish("T-1"));
    let faults: Vec<Fault> =
        OF_CREATE.into_iter().filter(|(what, _)| !what.contains("merchantTxnId")).collect();
    every_pair(&shop, CREATE, &faults, &wish("T-1"));
    assert_eq!(shop.ots(CREATE, &wish("T-1")).ots_no().1, "merchantTxnId: was used before");
    assert_eq!(shop.ots(CANCEL, &about(&number)).ots().0, "OTS0002");
    for path in [RESEND, CANCEL] {
        every_pair(&shop, path, &OF_INVOICE, &about(&number));
        assert_eq!(shop.ots(path, &about(&number)).ots().0, "OTS1015");
    }
}

/// Of a merchant that is switched off nobody learns who lacks its password.
#[test]
fn an_inactive_merchant_is_told_behind_the_password_and_before_the_signature() {
    let shop = Shop::ntt();
    shop.import(Merchant { active: false, ..merchant("demo") });
    let code = |body: Value| shop.ots(CREATE, &body).ots().0;
    assert_eq!(code(wish("T-1")), "OTS1003");
    assert_eq!(code(with(wish("T-1"), "signature", json!("0"))), "OTS1003");
    assert_eq!(code(with(wish("T-1"), "templateNo", json!("T002"))), "OTS1003");
    assert_eq!(code(with(wish("T-1"), "password", json!("Test@124"))), "OTS1002");
}
