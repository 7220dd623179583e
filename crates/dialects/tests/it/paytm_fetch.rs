//! Links are found by what they are, by whom they are for and by what the merchant calls them.

use kadi_domain::link::Link;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::answer::redact;
use crate::support::merchants::{merchant, mid, with_keys};
use crate::support::paytm::{KEY, fixed, generic, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

const NONE: (&str, &str) = ("404", "Data Not Found");

/// The ids of the links that are found, newest first.
fn found(shop: &Shop, body: &Value) -> Vec<i64> {
    let answer = shop.link_call("fetch", body);
    if answer.word() == "404" {
        let (code, text, _) = answer.told();
        assert_eq!((code.as_str(), text.as_str()), NONE);
        return Vec::new();
    }
    assert_eq!(answer.word(), "200", "{body}: {}", answer.text);
    let body = answer.json();
    body["body"]["links"].as_array().unwrap().iter().map(|link| link["linkId"].as_i64().unwrap()).collect()
}

fn by(shop: &Shop, name: &str, value: impl Into<Value>) -> Vec<i64> {
    let (mut beside, mut within) = (json!({}), json!({"searchFilterRequestBody": {}}));
    let value = value.into();
    beside[name] = value.clone();
    within["searchFilterRequestBody"][name] = value;
    let found_beside = found(shop, &beside);
    assert_eq!(found_beside, found(shop, &within), "{name} in its object");
    found_beside
}

fn ids(links: &[&Link]) -> Vec<i64> {
    links.iter().map(|link| link.id.get()).collect()
}

fn contact(name: &str, mobile: &str, email: &str) -> Value {
    json!({"customerName": name, "customerMobile": mobile, "customerEmail": email})
}

#[test]
fn one_link_is_shown_with_everything() {
    let shop = Shop::paytm();
    let mut body = with(fixed(), "linkNotes", "private नोट");
    body = with(with(body, "merchantRequestId", "R-1"), "merchantUniqueReference", "M-1");
    body = with(with(body, "maxPaymentsAllowed", "3"), "orderId", "O-1");
    let asha = contact("Asha", "9000000001", "asha@shop.example");
    let link = shop.made(&with(with(body, "customerContact", asha), "expiryDate", shop.date(5)));
    shop.pay(&link, Says::Declined);
    shop.pay(&link, Says::Paid);
    let shown = shop.link_call("fetch", &json!({"linkId": link.id.get()}));
    let text = redact(&shown.text).replace(&shop.day(5), "[day]");
    let text =
        regex::Regex::new(r#""(txnId|orderId)":"\d+""#).unwrap().replace_all(&text, r#""$1":"[payment]""#);
    let text = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").unwrap().replace_all(&text, "[time]");
    insta::assert_snapshot!("paytm_fetch", text);
}

#[test]
fn a_link_is_named_by_its_id_or_by_the_merchants_ids() {
    let shop = Shop::paytm();
    let one = shop.made(&with(fixed(), "merchantRequestId", "R 1"));
    let two = shop.made(&with(generic(), "merchantRequestId", "R 1"));
    let three = shop.made(&with(shop.invoice("INV-9"), "merchantRequestId", "R 2"));
    assert_eq!(by(&shop, "linkId", one.id.get()), ids(&[&one]));
    assert_eq!(by(&shop, "linkId", one.id.get().to_string()), ids(&[&one]), "as a text");
    assert_eq!(by(&shop, "linkId", two.id.get() + 1), ids(&[]));
    assert_eq!(by(&shop, "merchantRequestId", "R 1"), ids(&[&two, &one]), "a repeat is accepted");
    assert_eq!(by(&shop, "merchantRequestId", "r 1"), ids(&[]));
    assert_eq!(by(&shop, "invoiceId", "INV-9"), ids(&[&three]));
    assert_eq!(by(&shop, "invoiceId", "INV-8"), ids(&[]));
    let both = json!({"linkId": one.id.get(), "merchantRequestId": "R 2"});
    assert_eq!(found(&shop, &both), ids(&[]), "every filter narrows");
    let both = json!({"linkId": one.id.get(), "searchFilterRequestBody": {"linkId": two.id.get()}});
    assert_eq!(found(&shop, &both), ids(&[]));
    assert_eq!(by(&shop, "linkId", ""), ids(&[&three, &two, &one]), "an empty id asks for all");
}

#[test]
fn contacts_are_found_without_being_opened() {
    let shop = Shop::paytm();
    let to = |contact: Value| shop.made(&with(fixed(), "customerContact", contact));
    let asha = to(contact("Asha  Rao", "9000000001", "Asha@Shop.example"));
    let again = to(contact("asha rao", "+919000000001", "other@shop.example"));
    let ravi = to(contact("आशा", "9000000002", "ravi@shop.example"));
    assert_eq!(by(&shop, "customerName", " ASHA RAO "), ids(&[&again, &asha]));
    assert_eq!(by(&shop, "customerName", "आशा"), ids(&[&ravi]));
    assert_eq!(by(&shop, "customerName", "Asha"), ids(&[]), "the whole name");
    for mobile in ["customerMobile", "customerPhone"] {
        assert_eq!(by(&shop, mobile, "09000000001"), ids(&[&again, &asha]));
        assert_eq!(by(&shop, mobile, "9000000003"), ids(&[]));
    }
    assert_eq!(by(&shop, "customerEmail", "asha@shop.EXAMPLE"), ids(&[&asha]));
    let both = json!({"customerName": "Asha Rao", "customerEmail": "other@shop.example"});
    let both = json!({"searchFilterRequestBody": both});
    assert_eq!(found(&shop, &both), ids(&[&again]));
}

#[test]
fn links_are_found_by_how_they_stand() {
    let shop = Shop::paytm();
    let untouched = shop.made(&fixed());
    let paid = shop.made(&with(fixed(), "maxPaymentsAllowed", 1));
    shop.pay(&paid, Says::Paid);
    let reusable = shop.made(&generic());
    shop.pay(&reusable, Says::Paid);
    let waiting = shop.made(&shop.invoice("W"));
    shop.pay(&waiting, Says::Wait);
    let used_up = shop.made(&with(fixed(), "singleTransactionOnly", true));
    shop.pay(&used_up, Says::Declined);
    let ended = shop.made(&with(fixed(), "expiryDate", shop.day(1)));
    let cancelled = shop.made(&fixed());
    assert_eq!(shop.link_call("expire", &json!({"linkId": cancelled.id.get()})).word(), "200");
    let over = shop.made(&shop.invoice("O"));
    shop.pay(&over, Says::Paid);
    shop.advance(2 * DAY_MS);
    let status = |word: &str| by(&shop, "paymentStatus", word);
    assert_eq!(status("INIT"), ids(&[&untouched]));
    assert_eq!(status("PENDING"), ids(&[&waiting]));
    assert_eq!(status("PAID"), ids(&[&over, &reusable, &paid]));
    assert_eq!(status("expired"), ids(&[&cancelled, &ended, &used_up]), "in any case");
    let link_status = |word: &str| by(&shop, "linkStatus", word);
    assert_eq!(link_status("ACTIVE"), ids(&[&waiting, &reusable, &untouched]));
    assert_eq!(link_status("EXPIRED"), ids(&[&cancelled, &ended]));
    assert_eq!(link_status("INACTIVE"), ids(&[&over, &used_up, &paid]));
    assert_eq!(by(&shop, "isActive", true), link_status("ACTIVE"));
    assert_eq!(by(&shop, "isActive", "False"), ids(&[&over, &cancelled, &ended, &used_up, &paid]));
    let none = json!({"isActive": true, "searchFilterRequestBody": {"linkStatus": "EXPIRED"}});
    assert_eq!(found(&shop, &none), ids(&[]));
    let types = |types: Value| found(&shop, &json!({"linkTypeMultiple": types}));
    assert_eq!(types(json!(["GENERIC", "INVOICE"])), ids(&[&over, &waiting, &reusable]));
    assert_eq!(types(json!("GENERIC")), ids(&[&reusable]));
    assert_eq!(types(json!([])).len(), 8);
    // The same words by a name of few links, which are looked at one by one.
    for link in [&untouched, &waiting, &paid, &ended, &cancelled] {
        let one =
            |status: &str| found(&shop, &json!({"linkId": link.id.get(), "paymentStatus": status})).len();
        let by_word: Vec<usize> = ["INIT", "PENDING", "PAID", "EXPIRED"].map(one).into();
        assert_eq!(by_word.iter().sum::<usize>(), 1, "{link:?}");
    }
}

#[test]
fn links_are_found_by_the_days_in_india_on_which_they_were_made() {
    let shop = Shop::paytm();
    let first = shop.made(&fixed());
    let day = shop.day(0);
    shop.advance(DAY_MS);
    let second = shop.made(&fixed());
    let next = shop.day(0);
    let between = |from: &str, to: &str| {
        let filter = json!({"fromDate": from, "toDate": to});
        found(&shop, &json!({"searchFilterRequestBody": filter}))
    };
    assert_eq!(between(&day, &next), ids(&[&second, &first]));
    assert_eq!(between(&day, &day), ids(&[&first]));
    assert_eq!(between(&next, &next), ids(&[&second]));
    assert_eq!(between(&next, &day), ids(&[]));
    assert_eq!(by(&shop, "fromDate", next.as_str()), ids(&[&second]));
    assert_eq!(by(&shop, "toDate", format!("{next} 00:00:00")), ids(&[&first]));
}

#[test]
fn pages_are_numbered_and_counted() {
    let shop = Shop::paytm();
    let links: Vec<Link> = (0..23).map(|_| shop.made(&fixed())).collect();
    let page = |body: Value| {
        let answer = shop.link_call("fetch", &body).json();
        let told = |name: &str| answer["body"][name].as_i64();
        let count = answer["body"]["links"].as_array().map_or(0, Vec::len);
        (told("pageNo"), told("pageSize"), told("totalCount"), count)
    };
    assert_eq!(page(json!({})), (Some(1), Some(20), Some(23), 20));
    assert_eq!(page(json!({"pageNo": 2})), (Some(2), Some(20), Some(23), 3));
    assert_eq!(page(json!({"pageNo": "3", "pageSize": "10"})), (Some(3), Some(10), Some(23), 3));
    assert_eq!(page(json!({"pageSize": 100})), (Some(1), Some(100), Some(23), 23));
    assert_eq!(page(json!({"pageNo": 3})), (None, None, None, 0));
    let third = found(&shop, &json!({"pageNo": 3, "pageSize": 2}));
    assert_eq!(third, ids(&[&links[18], &links[17]]));
    let narrowed = json!({"pageNo": 2, "pageSize": 1, "searchFilterRequestBody": {"linkStatus": "ACTIVE"}});
    assert_eq!(found(&shop, &narrowed), ids(&[&links[21]]));
    let refused = [
        (json!({"pageNo": 0}), "pageNo"),
        (json!({"pageNo": -1}), "pageNo"),
        (json!({"pageNo": 1.5}), "pageNo"),
        (json!({"pageNo": 1_000_000_001}), "pageNo"),
        (json!({"pageSize": 101}), "pageSize"),
        (json!({"pageSize": "ten"}), "pageSize"),
        (json!({"pageSize": []}), "pageSize"),
        (json!({"linkId": -1}), "linkId"),
        (json!({"linkId": 1.0}), "linkId"),
        (json!({"linkId": "abc"}), "linkId"),
        (json!({"linkId": "99999999999999999999"}), "linkId"),
        (json!({"linkId": true}), "linkId"),
        (json!({"merchantRequestId": "a".repeat(65)}), "merchantRequestId"),
        (json!({"searchFilterRequestBody": []}), "searchFilterRequestBody"),
        (json!({"searchFilterRequestBody": {"linkId": "x"}}), "searchFilterRequestBody.linkId"),
        (json!({"searchFilterRequestBody": {"fromDate": "2026-11-22"}}), "searchFilterRequestBody.fromDate"),
        (json!({"searchFilterRequestBody": {"toDate": "31/02/2026"}}), "searchFilterRequestBody.toDate"),
        (json!({"linkStatus": "OPEN"}), "linkStatus"),
        (json!({"paymentStatus": "SUCCESS"}), "paymentStatus"),
        (json!({"isActive": 1}), "isActive"),
        (json!({"invoiceId": {}}), "invoiceId"),
        (json!({"customerName": 1}), "customerName"),
        (json!({"customerName": "a\u{202e}b"}), "customerName"),
        (json!({"customerMobile": "12345"}), "customerMobile"),
        (json!({"customerPhone": "12345"}), "customerPhone"),
        (json!({"customerEmail": "nobody"}), "customerEmail"),
        (json!({"linkTypeMultiple": ["FIXED", "OPEN"]}), "linkTypeMultiple"),
        (json!({"linkTypeMultiple": 5}), "linkTypeMultiple"),
    ];
    for (body, field) in refused {
        assert_eq!(shop.link_call("fetch", &body).word(), format!("502 {field}"), "{body}");
    }
}

#[test]
fn links_of_every_api_are_the_merchants_and_nobody_elses() {
    let shop = Shop::open(vec![
        with_keys(merchant("demo"), &[("C11", KEY)]),
        with_keys(merchant("other"), &[("C11", KEY)]),
    ]);
    let own = shop.made(&with(fixed(), "merchantRequestId", "R"));
    let kuwaiti = json!({"kind": "fixed", "amount": 1_500, "currency": "KWD", "name": "../A&B \u{1f64f}",
        "customer": {"mobile": "9000000001"}});
    let native = shop.link(&shop.post("/v1/links", &kuwaiti));
    let mut foreign = with(with(fixed(), "mid", mid("other")), "merchantRequestId", "R");
    foreign = with(foreign, "customerContact", json!({"customerMobile": "9000000001"}));
    let foreign = shop.made(&foreign);
    assert_eq!(found(&shop, &json!({})), ids(&[&native, &own]));
    assert_eq!(found(&shop, &json!({"mid": mid("other")})), ids(&[&foreign]));
    assert_eq!(by(&shop, "merchantRequestId", "R"), ids(&[&own]));
    assert_eq!(by(&shop, "customerMobile", "9000000001"), ids(&[&native]));
    assert_eq!(by(&shop, "linkId", foreign.id.get()), ids(&[]), "not yours is not there");
    let shown = shop.link_call("fetch", &json!({"linkId": native.id.get()})).json();
    let link = &shown["body"]["links"][0];
    assert_eq!((&link["amount"], &link["currency"]), (&json!(1.5), &json!("KWD")));
    assert_eq!(link["expiryDate"], "", "a link of the own API may have no end");
    let code = shop.door.code(native.id).unwrap();
    let long = format!("https://pay.example/l/..%2FA&B%20%F0%9F%99%8F/{code}");
    assert_eq!(link["longUrl"], long);
}
