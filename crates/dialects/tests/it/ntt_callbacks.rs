//! What merchants are told: each payment's end, signed; the answer to a create once more; a cancel whose
//! signature had been seen; the way back of the payer's browser; all of it encrypted where there are keys.

use kadi_dialects::ntt::crypt::DataKey;
use kadi_dialects::ntt::settings::{CALLBACK_URL, DIALECT, ENCRYPTION, RETURN_URL};
use kadi_dialects::ntt::sign::NttKey;
use kadi_dialects::table::dialect;
use kadi_dialects::telling::Call;
use kadi_domain::link::Link;
use kadi_domain::time::{HOUR_MS, MINUTE_MS};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::ntt::{CANCEL, RESEND, about, merch_id, wish};
use crate::support::ntt_account::{self, RESPONSE_KEY, account, opened};
use crate::support::paytm::{with, without};
use crate::support::rail::Says;
use crate::support::shop::Shop;

const ANSWERS: &str = "https://shop.example/answers";
const CALLBACKS: &str = "https://hooks.example/ntt";
const FORM: &str = "application/x-www-form-urlencoded";

fn shop(secrets: &[(&str, &str)]) -> Shop {
    ntt_account::shop(&[(RETURN_URL, ANSWERS), (CALLBACK_URL, CALLBACKS)], secrets)
}

/// What goes to this address about a link, oldest first.
fn sent(shop: &Shop, link: &Link, url: &str) -> Vec<Call> {
    let deliveries = shop.deliveries(link).into_iter();
    deliveries.filter(|(delivery, _)| delivery.url == url).map(|(_, call)| call).collect()
}

fn pairs(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// The `payInstrument` of a form, whose signature is right.
fn instrument(fields: &[(String, String)]) -> Value {
    let [(name, text)] = fields else { panic!("{fields:?}") };
    assert_eq!(name, "payInstrument");
    let it: Value = serde_json::from_str(text).unwrap();
    assert_signed(&it, RESPONSE_KEY);
    it
}

fn assert_signed(it: &Value, key: &str) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let paid = &it["payDetails"];
    let parts = [
        text(&it["merchDetails"]["merchId"]),
        text(&paid["atomTxnId"]),
        text(&it["merchDetails"]["merchTxnId"]),
        format!("{:.2}", paid["totalAmount"].as_f64().unwrap()),
        text(&it["responseDetails"]["statusCode"]),
        text(&it["payModeSpecificData"]["subChannel"][0]),
        text(&it["payModeSpecificData"]["bankDetails"]["bankTxnId"]),
    ];
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    assert_eq!(paid["signature"], NttKey::new(key).unwrap().sign(&parts));
}

fn told(shop: &Shop, link: &Link) -> Vec<Value> {
    let calls = sent(shop, link, CALLBACKS);
    assert!(calls.iter().all(|call| call.content_type == FORM));
    calls.iter().map(|call| instrument(&pairs(&call.body))).collect()
}

#[test]
fn each_end_of_a_payment_is_told_and_signed() {
    let shop = shop(&[]);
    let (answer, link) = shop.ntt_made(&with(wish("TXN0001"), "udf1", "row 7"));
    shop.pay(&link, Says::Declined);
    let paid = shop.pay(&link, Says::Paid);
    let told = told(&shop, &link);
    let [failure, success] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        failure["responseDetails"],
        json!({"statusCode": "OTS1014", "message": "FAILED", "description": "Declined by the bank"})
    );
    assert_eq!(failure["payModeSpecificData"]["bankDetails"]["bankTxnId"], "");
    let (begun, done) = (&success["payDetails"]["txnInitDate"], &success["payDetails"]["txnCompleteDate"]);
    assert!(begun.as_str().is_some_and(|text| text.len() == 19) && begun.as_str() <= done.as_str());
    let reference = format!("UTR-{}", paid.id.get());
    let expected = json!({
        "merchDetails": {"merchId": 446_442, "merchTxnId": "TXN0001",
            "merchTxnDate": success["merchDetails"]["merchTxnDate"]},
        "payDetails": {"atomTxnId": paid.id.get(),
            "prodDetails": [{"prodName": "Course fees", "prodAmount": 100.0}],
            "amount": 100.0, "surchargeAmount": 0.0, "totalAmount": 100.0,
            "custAccNo": null, "clientCode": null,
            "txnInitDate": begun, "txnCompleteDate": done, "signature": success["payDetails"]["signature"]},
        "payModeSpecificData": {"subChannel": ["UP"],
            "bankDetails": {"bankTxnId": reference, "otsBankId": null, "otsBankName": ""}},
        "responseDetails": {"statusCode": "OTS0000", "message": "SUCCESS",
            "description": "Request Executed Successfully"},
        "invoiceNo": answer["invoiceNo"], "extras": {"udf1": "row 7"},
    });
    assert_eq!(*success, expected);
    assert!(sent(&shop, &link, CALLBACKS)[1].body.contains("%22totalAmount%22%3A100.00%2C"));
}

#[test]
fn money_that_is_held_or_waits_is_not_told() {
    let shop = shop(&[]);
    for (txn, says) in [("a", Says::Wait), ("b", Says::TooMuch), ("c", Says::Nothing)] {
        let (_, link) = shop.ntt_made(&wish(txn));
        shop.pay(&link, says);
        assert_eq!(told(&shop, &link), Vec::<Value>::new(), "{says:?}");
    }
}

#[test]
fn the_answer_is_posted_to_the_merchants_address() {
    let shop = shop(&[]);
    let (answer, link) = shop.ntt_made(&with(wish("TXN0001"), "returnUrl", "https://shop.example/back"));
    let calls = sent(&shop, &link, ANSWERS);
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.content_type, "application/json");
    assert_eq!(serde_json::from_str::<Value>(&call.body).unwrap(), answer);
    let shop = ntt_account::shop(&[], &[]);
    let (_, link) = shop.ntt_made(&wish("TXN0001"));
    shop.pay(&link, Says::Paid);
    assert_eq!(shop.deliveries(&link), vec![], "there is no address");
}

#[test]
fn a_cancel_is_reported_only_where_a_resend_had_its_signature() {
    let shop = shop(&[]);
    let (silent, number) = shop.ntt_link(&wish("TXN0001"));
    shop.ntt_done(CANCEL, &about(&number));
    assert_eq!(told(&shop, &silent), Vec::<Value>::new());
    let (link, number) = shop.ntt_link(&wish("TXN0002"));
    shop.ntt_done(RESEND, &about(&number));
    shop.ntt_done(CANCEL, &about(&number));
    let told = told(&shop, &link);
    let [report] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        report["responseDetails"],
        json!({"statusCode": "OTS1015", "message": "CANCELLED",
            "description": "Cancelled Invoice: the signature of the cancel had been seen on a resend"})
    );
    assert_eq!((&report["payDetails"]["totalAmount"], &report["invoiceNo"]), (&json!(0.0), &json!(number)));
}

#[test]
fn retries_are_the_vendors() {
    let table = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS];
    assert_eq!(dialect(DIALECT).unwrap().delays_ms, table);
}

#[test]
fn the_browser_comes_back_with_what_is_signed() {
    let shop = shop(&[]);
    let back = "https://shop.example/back?a=b";
    let asked = with(with(wish("TXN0001"), "returnUrl", back), "udf1", "private");
    let (_, link) = shop.ntt_made(&asked);
    let code = |payment: &kadi_domain::payment::Payment| {
        let form = shop.return_form(payment).unwrap();
        assert_eq!(form.action, back);
        let fields: Vec<_> =
            form.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let it = instrument(&fields);
        assert_eq!(it.get("extras"), None, "it stands on a page");
        it["responseDetails"]["statusCode"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(&shop.pay(&link, Says::Declined)), "OTS1014");
    assert_eq!(code(&shop.pay(&link, Says::Paid)), "OTS0000");
    let silent = |txn| without(wish(txn), "returnUrl");
    let (_, link) = shop.ntt_made(&silent("TXN0002"));
    assert_eq!(shop.return_form(&shop.pay(&link, Says::Paid)).unwrap().action, ANSWERS);
    let shop = ntt_account::shop(&[], &[]);
    let (_, link) = shop.ntt_made(&silent("TXN0001"));
    assert_eq!(shop.return_form(&shop.pay(&link, Says::Paid)), None, "nobody asked for it");
}

#[test]
fn merchants_with_encryption_keys_are_told_encrypted() {
    let shop = shop(&[(ENCRYPTION, ntt_account::ENCRYPTION)]);
    let key = DataKey::derive("response key", "response salt");
    let open = |body: &str| {
        let fields = pairs(body);
        let [(data, sealed), (merchant, id)] = &fields[..] else { panic!("{fields:?}") };
        assert_eq!(
            (data.as_str(), merchant.as_str(), id.as_str()),
            ("encData", "merchId", &*merch_id("demo"))
        );
        serde_json::from_str::<Value>(&key.decrypt(sealed).unwrap()).unwrap()
    };
    let (answer, link) = shop.ntt_made(&wish("TXN0001"));
    let payment = shop.pay(&link, Says::Paid);
    let posted = &sent(&shop, &link, ANSWERS)[0];
    assert_eq!((open(&posted.body), posted.content_type), (answer, FORM));
    let told = open(&sent(&shop, &link, CALLBACKS)[0].body);
    assert_eq!(told.as_object().unwrap().len(), 1);
    assert_signed(&told["payInstrument"], RESPONSE_KEY);
    let form = shop.return_form(&payment).unwrap();
    assert_eq!(form.fields.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["encData", "merchId"]);
    let by_browser: Value = serde_json::from_str(&key.decrypt(&form.fields[0].1).unwrap()).unwrap();
    assert_eq!(by_browser, told);
}

/// A merchant that has no response key cannot check a signature, and is not sent one of something else.
#[test]
fn without_a_response_key_nothing_is_signed() {
    let mut demo = account(&[(CALLBACK_URL, CALLBACKS)], &[]);
    demo.2.retain(|credential| credential.slot != kadi_dialects::ntt::settings::RESPONSE_HASH_KEY);
    let shop = opened(demo);
    let (_, link) = shop.ntt_made(&wish("TXN0001"));
    shop.pay(&link, Says::Paid);
    let fields = pairs(&sent(&shop, &link, CALLBACKS)[0].body);
    let it: Value = serde_json::from_str(&fields[0].1).unwrap();
    assert_eq!(it["payDetails"]["signature"], "");
}
