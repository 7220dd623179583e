//! What merchants are told: every step of a link, signed nested and at the top; the v4 envelope; encrypted;
//! and the way back of the payer's browser.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kadi_dialects::nimbbl::settings::{DIALECT, ENCRYPTED, SCHEDULED_EVENT, V4_ENVELOPE};
use kadi_dialects::nimbbl::sign::NimbblKey;
use kadi_dialects::table::dialect;
use kadi_domain::link::Link;
use kadi_domain::merchant::Setting;
use kadi_domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::open_link::OpenLink;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::nimbbl_vectors::open;
use crate::support::merchants::{access_secret, merchant, with_keys};
use crate::support::nimbbl::{ACTIONS, wish};
use crate::support::paytm::with;
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// The webhooks of a link, oldest first.
fn told(shop: &Shop, link: &Link) -> Vec<Value> {
    let deliveries = shop.deliveries(link);
    let told = deliveries.iter().map(|(delivery, call)| {
        assert_eq!(
            (delivery.url.as_str(), call.content_type),
            ("https://hooks.example/nimbbl", "application/json")
        );
        serde_json::from_str(&call.body).unwrap()
    });
    told.collect()
}

/// Verifies a v3 body as both of the vendor's libraries do: one reads what is nested, one what is at the top.
fn assert_signed(body: &Value, secret: &str) {
    let key = NimbblKey::new(secret).unwrap();
    let nested = &body["payment_link"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fields = |place: &Value, hash: &str, paid: &str| {
        let paid = place[paid].as_f64().unwrap();
        format!(
            "{}|{}|{}|{paid:.2}|{}",
            text(&place["invoice_id"]),
            text(&place["status"]),
            text(&place["currency"]),
            text(&place[hash])
        )
    };
    assert_eq!(nested["signature"], key.sign(&fields(nested, "hash", "amount_paid")));
    assert_eq!(body["signature"], key.sign(&fields(body, "payment_link_hash", "payment_link_amount_paid")));
    assert_eq!(body["nimbbl_signature"], body["signature"]);
    assert_eq!(body["amount_paid"], body["payment_link_amount_paid"]);
}

/// Type, status before and after of each.
fn steps(told: &[Value]) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let step = |body: &Value| {
        assert_eq!((&body["is_webhook"], &body["version"]), (&json!(true), &json!("v3")));
        assert_eq!(body["status"], body["payment_link"]["status"]);
        assert_signed(body, &access_secret("demo"));
        (word(&body["event_type"]), word(&body["payment_link"]["previous_status"]), word(&body["status"]))
    };
    told.iter().map(step).collect()
}

fn step(event: &str, before: &str) -> (String, String, String) {
    (format!("payment_link_{event}"), before.to_owned(), event.to_owned())
}

#[test]
fn every_step_of_a_link_is_told_and_signed() {
    let shop = Shop::nimbbl();
    let body = with(with(wish("w-1"), "send_sms", true), "custom_attributes", json!({"k": "v"}));
    let (_, link) = shop.nimbbl_link(&body);
    shop.submit(OpenLink { merchant_id: link.merchant_id, link_id: link.id });
    shop.pay(&link, Says::Declined);
    let payment = shop.pay(&link, Says::Paid);
    let told_of_it = told(&shop, &link);
    let expected =
        [step("created", "-"), step("sent", "created"), step("opened", "sent"), step("paid", "opened")];
    assert_eq!(steps(&told_of_it), expected);
    let (first, paid) = (&told_of_it[0], &told_of_it[3]);
    assert_eq!((&first["amount_paid"], &first["transaction"]), (&json!(0), &Value::Null));
    assert_eq!((&paid["amount_paid"], &paid["payment_link"]["amount"]), (&json!(10), &json!(10)));
    let code = shop.door.code(link.id).unwrap();
    assert_eq!((&paid["user"], &paid["custom_attributes"]), (&body["user"], &json!({"k": "v"})));
    assert_eq!(paid["order"], json!({"order_id": format!("o_{code}"), "invoice_id": "w-1"}));
    let transaction = &paid["transaction"];
    let id = format!("o_{code}-{}", payment.id.get());
    assert_eq!((&transaction["transaction_id"], &transaction["status"]), (&json!(id), &json!("succeeded")));
    let key = NimbblKey::new(&access_secret("demo")).unwrap();
    let signed = key.sign(&format!("w-1|{id}|10.00|INR|succeeded|payment"));
    assert_eq!(
        (&transaction["signature"], &transaction["signature_version"]),
        (&json!(signed), &json!("v3"))
    );
    let shown = shop.nimbbl_post("/api/v3/payment-link/enquiry", &json!({"invoice_id": "w-1"})).json();
    assert_eq!(shown["orders_with_transactions"][0]["transactions"][1], *transaction);
}

#[test]
fn the_ends_of_a_link_are_told() {
    let shop = Shop::nimbbl();
    let (_, over) = shop.nimbbl_link(&wish("w-1"));
    let (_, cancelled) = shop.nimbbl_link(&with(wish("w-2"), "send_email", true));
    shop.nimbbl_post(ACTIONS, &json!({"invoice_id": "w-2", "action": "cancel"}));
    let ended = [step("created", "-"), step("sent", "created"), step("cancelled", "sent")];
    assert_eq!(steps(&told(&shop, &cancelled)), ended);
    shop.nimbbl_post(ACTIONS, &json!({"invoice_id": "w-1", "action": "send"}));
    shop.advance(90 * DAY_MS);
    shop.submit(ExpireLink { merchant_id: over.merchant_id, link_id: over.id });
    let ended = [step("created", "-"), step("sent", "created"), step("expired", "sent")];
    assert_eq!(steps(&told(&shop, &over)), ended);
}

#[test]
fn that_messages_wait_for_their_time_is_told_where_it_is_asked_for() {
    let later = |shop: &Shop| {
        let due = jiff::Timestamp::from_second(shop.engine().now().plus_ms(DAY_MS).seconds()).unwrap();
        let due = due.strftime("%Y-%m-%d %H:%M:%S").to_string();
        with(with(wish("w-1"), "send_sms", true), "notification_scheduled_at", due)
    };
    let shop = Shop::nimbbl();
    let (_, link) = shop.nimbbl_link(&later(&shop));
    assert_eq!(steps(&told(&shop, &link)), [step("created", "-")], "not asked for");
    let shop = asking_for(&[SCHEDULED_EVENT]);
    let (answer, link) = shop.nimbbl_link(&later(&shop));
    assert_eq!(answer.nimbbl_status(), "created", "a word of webhooks alone");
    assert_eq!(steps(&told(&shop, &link)), [step("created", "-"), step("scheduled", "created")]);
    let (_, link) = shop.nimbbl_link(&with(wish("w-2"), "send_sms", true));
    assert_eq!(steps(&told(&shop, &link)), [step("created", "-"), step("sent", "created")], "at once");
}

#[test]
fn retries_are_the_vendors() {
    let table = [25 * SECOND_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 16 * HOUR_MS];
    assert_eq!(dialect(DIALECT).unwrap().delays_ms, table);
}

/// A shop whose merchant asks for these.
fn asking_for(names: &[&str]) -> Shop {
    let mut demo = merchant("demo");
    demo.settings.extend(names.iter().map(|name| Setting {
        dialect: DIALECT,
        name: (*name).to_owned(),
        value: "true".to_owned(),
        identifies: false,
    }));
    Shop::open(vec![with_keys(demo, &[])])
}

/// The v3 body in a v4 envelope, whose signature stands under this name.
fn opened(envelope: &Value, signature: &str) -> Value {
    let names: Vec<_> = envelope.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = ["payload", signature, "sub_merchant_id", "version"];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!((&envelope["version"], &envelope["sub_merchant_id"]), (&json!("v4"), &json!("demo")));
    let payload = STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    let payload = String::from_utf8(payload).unwrap();
    let key = NimbblKey::new(&access_secret("demo")).unwrap();
    assert_eq!(envelope[signature], key.sign(&payload));
    serde_json::from_str(&payload).unwrap()
}

/// What is in `encrypted_response`.
fn decrypted(body: &Value) -> Value {
    assert_eq!(body.as_object().unwrap().len(), 1);
    let secret = access_secret("demo");
    let key = Sha256::digest(secret.strip_prefix("access_secret_").unwrap());
    let text = open(&key.into(), body["encrypted_response"].as_str().unwrap()).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_merchant_may_ask_for_the_envelope_and_for_encryption() {
    let shop = asking_for(&[V4_ENVELOPE]);
    let (_, link) = shop.nimbbl_link(&wish("w-1"));
    assert_eq!(steps(&[opened(&told(&shop, &link)[0], "signature")]), [step("created", "-")]);
    let shop = asking_for(&[ENCRYPTED]);
    let (_, link) = shop.nimbbl_link(&wish("w-1"));
    let (one, two) = (told(&shop, &link), told(&shop, &link));
    assert_ne!(one, two, "a new nonce each time");
    assert_eq!(decrypted(&one[0]), decrypted(&two[0]));
    assert_eq!(steps(&[decrypted(&one[0])]), [step("created", "-")]);
    let shop = asking_for(&[ENCRYPTED, V4_ENVELOPE]);
    let (_, link) = shop.nimbbl_link(&wish("w-1"));
    assert_eq!(steps(&[opened(&decrypted(&told(&shop, &link)[0]), "signature")]), [step("created", "-")]);
}

#[test]
fn the_browser_comes_back_with_what_is_signed() {
    let shop = Shop::nimbbl();
    let (_, link) = shop.nimbbl_link(&with(wish("w-1"), "callback_url", "https://shop.example/back?a=b"));
    let response = |payment: &kadi_domain::payment::Payment| {
        let form = shop.return_form(payment).unwrap();
        let address = Url::parse(&form.action).unwrap();
        let query: Vec<_> = address.query_pairs().into_owned().collect();
        assert_eq!(query[0], ("a".to_owned(), "b".to_owned()));
        assert_eq!((query[1].0.as_str(), form.fields), ("response", vec![("response", query[1].1.clone())]));
        assert_eq!(address.host_str(), Some("shop.example"));
        let body: Value = serde_json::from_slice(&STANDARD.decode(&query[1].1).unwrap()).unwrap();
        assert_signed(&body, &access_secret("demo"));
        assert_eq!(body["is_webhook"], false);
        (
            body["status"].as_str().unwrap().to_owned(),
            body["transaction"]["status"].as_str().unwrap().to_owned(),
        )
    };
    let declined = shop.pay(&link, Says::Declined);
    assert_eq!(response(&declined), ("created".to_owned(), "failed".to_owned()));
    let paid = shop.pay(&link, Says::Paid);
    assert_eq!(response(&paid), ("paid".to_owned(), "succeeded".to_owned()));
    let (_, silent) = shop.nimbbl_link(&wish("w-2"));
    assert_eq!(shop.return_form(&shop.pay(&silent, Says::Paid)), None, "nobody asked for it");
    let shop = asking_for(&[V4_ENVELOPE]);
    let (_, link) = shop.nimbbl_link(&with(wish("w-1"), "callback_url", "https://shop.example/back"));
    let form = shop.return_form(&shop.pay(&link, Says::Paid)).unwrap();
    let envelope: Value = serde_json::from_slice(&STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    assert_eq!(opened(&envelope, "nimbbl_signature")["status"], "paid");
}
