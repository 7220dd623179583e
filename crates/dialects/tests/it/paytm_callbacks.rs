//! The forms that tell a merchant about payments, byte for byte, and what they say when things change.

use kadi_dialects::paytm::sign::PaytmKey;
use kadi_dialects::telling::Call;
use kadi_domain::event::EventKind;
use kadi_domain::merchant::Merchant;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::answer::redact;
use crate::support::merchants::{merchant, mid, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

type Pairs = Vec<(String, String)>;

fn pairs(call: &Call) -> Pairs {
    assert_eq!(call.content_type, "application/x-www-form-urlencoded");
    assert!(call.headers.is_empty());
    form_urlencoded::parse(call.body.as_bytes()).into_owned().collect()
}

fn assert_signed(pairs: &[(String, String)], key: &str) {
    let signed: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))).collect();
    let signature = value(pairs, "CHECKSUMHASH");
    assert!(PaytmKey::new(key).unwrap().verify_form(&signed, signature), "{pairs:?}");
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = pairs.iter().filter(|(n, _)| n == name);
    let (_, value) = found.next().unwrap_or_else(|| panic!("{name} is missing"));
    assert!(found.next().is_none(), "{name} stands twice");
    value
}

fn shown(pairs: &[(String, String)]) -> String {
    let lines: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    redact(&lines.join("\n"))
}

/// A link that calls back.
fn calling(body: Value) -> Value {
    with(body, "statusCallbackUrl", "https://shop.example/cb")
}

#[test]
fn success_and_failure_are_told_with_every_field() {
    let shop = Shop::paytm();
    let mut body = calling(fixed());
    let contact = json!({"customerEmail": "asha@customer.example", "customerMobile": "9000000001",
        "customerId": "CUST-1"});
    body = with(with(body, "customerContact", contact), "linkNotes", "नोट & more|=");
    let link = shop.link(&shop.create(&body));
    shop.pay(&link, Says::Declined);
    shop.pay(&link, Says::Paid);
    let told: Vec<Pairs> = shop.deliveries(&link).iter().map(|(_, call)| pairs(call)).collect();
    assert_eq!(told.len(), 2);
    told.iter().for_each(|pairs| assert_signed(pairs, KEY));
    insta::assert_snapshot!("paytm_callback_failure", shown(&told[0]));
    insta::assert_snapshot!("paytm_callback_success", shown(&told[1]));
}

#[test]
fn only_ends_are_told_and_held_money_is_none() {
    let shop = Shop::paytm();
    let link = shop.link(&shop.create(&calling(fixed())));
    for says in [Says::Wait, Says::Nothing, Says::TooMuch, Says::Reversed] {
        shop.pay(&link, says);
    }
    assert!(shop.deliveries(&link).is_empty());
    let silent = shop.link(&shop.create(&fixed()));
    shop.pay(&silent, Says::Paid);
    assert!(shop.deliveries(&silent).is_empty(), "nobody asked to be called");
}

#[test]
fn a_form_tells_the_moment_of_its_event_whatever_came_later() {
    let shop = Shop::paytm();
    let link = shop.link(&shop.create(&calling(fixed())));
    let payment = shop.pay(&link, Says::Paid);
    let before = pairs(&shop.deliveries(&link)[0].1);
    shop.advance(60_000);
    shop.reverse(&payment);
    let after = pairs(&shop.deliveries(&link)[0].1);
    assert_eq!(value(&after, "STATUS"), "TXN_SUCCESS");
    let without_signature = |pairs: &Pairs| -> Pairs {
        pairs.iter().filter(|(name, _)| name != "CHECKSUMHASH").cloned().collect()
    };
    assert_eq!(without_signature(&after), without_signature(&before));
    assert_signed(&after, KEY);
}

#[test]
fn the_merchants_order_id_stands_for_the_first_payment_or_for_the_one_order() {
    let shop = Shop::paytm();
    let orders = |body: Value, says: &[Says]| -> Vec<String> {
        let link = shop.link(&shop.create(&calling(body)));
        let ids: Vec<String> = says.iter().map(|&says| shop.pay(&link, says).id.get().to_string()).collect();
        let deliveries = shop.deliveries(&link);
        let told = deliveries.iter().zip(&ids).map(|((_, call), id)| {
            let pairs = pairs(call);
            assert_eq!(value(&pairs, "TXNID"), id);
            let order = value(&pairs, "ORDERID");
            if order == id { "own".to_owned() } else { order.to_owned() }
        });
        told.collect()
    };
    let twice = [Says::Declined, Says::Paid];
    assert_eq!(orders(fixed(), &twice), ["own", "own"]);
    assert_eq!(orders(with(fixed(), "orderId", "O-1"), &twice), ["O-1", "own"]);
    assert_eq!(orders(with(generic(), "orderId", "O-1"), &[Says::Paid, Says::Paid]), ["O-1", "own"]);
    assert_eq!(orders(with(fixed(), "linkOrderId", "L-1"), &[Says::Declined]), ["L-1"]);
    let both = with(with(fixed(), "linkOrderId", "L-1"), "orderId", "O-1");
    assert_eq!(orders(both, &[Says::Paid]), ["L-1"]);
}

#[test]
fn the_text_null_is_never_sent() {
    let shop = Shop::paytm();
    for null in ["null", "NULL", "Null"] {
        let mut body = with(calling(fixed()), "linkNotes", null);
        body = with(with(body, "orderId", null), "customerContact", json!({"customerId": null}));
        body["customerContact"]["customerId"] = json!(null.to_owned());
        let link = shop.link(&shop.create(&body));
        shop.pay(&link, Says::Paid);
        let told = pairs(&shop.deliveries(&link)[0].1);
        assert_signed(&told, KEY);
        for name in ["LINKNOTES", "ORDERID", "CUSTID"] {
            assert_eq!(value(&told, name), "", "{name}");
        }
    }
}

#[test]
fn a_child_without_a_key_is_told_under_its_aggregators() {
    const PARENT: &str = "the-aggregators!";
    let child = Merchant { aggregator: Some("agg".to_owned()), ..merchant("child") };
    let shop = Shop::open(vec![with_keys(merchant("agg"), &[("C11", PARENT)]), with_keys(child, &[])]);
    let body = with(calling(fixed()), "mid", mid("child"));
    let link = shop.link(&shop.create_with(&json!({"tokenType": "AES"}), PARENT, &body.to_string()));
    shop.pay(&link, Says::Paid);
    let told = pairs(&shop.deliveries(&link)[0].1);
    assert_eq!(value(&told, "MID"), mid("child"));
    assert_signed(&told, PARENT);
}

#[test]
fn the_payers_browser_posts_the_same_form_to_the_callback_url() {
    let shop = Shop::paytm();
    let link = shop.link(&shop.create(&with(fixed(), "callbackUrl", "https://shop.example/back")));
    let waiting = shop.pay(&link, Says::Wait);
    assert_eq!(shop.return_form(&waiting), None, "nothing has ended yet");
    let paid = shop.pay(&link, Says::Paid);
    let form = shop.return_form(&paid).unwrap();
    assert_eq!(form.action, "https://shop.example/back");
    let pairs: Pairs = form.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    assert_signed(&pairs, KEY);
    assert_eq!((value(&pairs, "STATUS"), value(&pairs, "TXNAMOUNT")), ("TXN_SUCCESS", "499.00"));
    let silent = shop.link(&shop.create(&fixed()));
    assert_eq!(shop.return_form(&shop.pay(&silent, Says::Paid)), None, "nobody asked for it");
    assert_eq!(
        shop.read(move |reader| reader.events_of(link.id)).last().unwrap().kind,
        EventKind::PaymentCaptured
    );
}
