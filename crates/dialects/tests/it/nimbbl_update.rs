//! Changing a link: what may be changed while it is only made, what while it may be paid, and what never.

use axum::http::Method;
use kadi_domain::link::Link;
use kadi_domain::time::{DAY_MS, HOUR_MS};
use kadi_engine::commands::open_link::OpenLink;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::nimbbl::{ACTIONS, CREATE, ENQUIRY, call, wish};
use crate::support::paysharp::wish as paysharp_wish;
use crate::support::paytm::with;
use crate::support::rail::Says;
use crate::support::shop::Shop;

impl Shop {
    fn nimbbl_update(&self, body: &Value) -> Answer {
        self.send(call(Method::PATCH, CREATE, &self.nimbbl_token("demo"), body.to_string()))
    }

    fn enquiry(&self, invoice_id: &str) -> Value {
        self.nimbbl_post(ENQUIRY, &json!({"invoice_id": invoice_id})).json()
    }
}

fn refused(detail: &str) -> (u16, String, String) {
    (400, "LINK_CANNOT_BE_UPDATED".to_owned(), detail.to_owned())
}

fn lines(titles: &[&str]) -> Value {
    titles.iter().map(|title| json!({"title": title, "rate": 5})).collect()
}

#[test]
fn a_link_that_is_only_made_may_be_changed_whole() {
    let shop = Shop::nimbbl();
    let mut body = wish("u-1");
    body["order_line_items"] = lines(&["one", "two", "three"]);
    body["terms_and_conditions"] = json!("old");
    let (made, link) = shop.nimbbl_link(&body);
    let change = json!({
        "invoice_id": "u-1", "total_amount": 12.5, "expires_at": "2199-01-01 00:00:00",
        "order_line_items": lines(&["four"]), "custom_attributes": {"k": 1}, "terms_and_conditions": "new",
        "description": "Apples",
        "user": {"first_name": "Steve", "last_name": "Trevor", "country_code": "+91"},
    });
    let answer = shop.nimbbl_update(&change);
    let mut expected = made.json();
    expected["total_amount"] = json!(12.5);
    expected["expires_at"] = json!("2199-01-01 00:00:00.000000");
    expected["custom_attributes"] = json!({"k": 1});
    expected["terms_and_conditions"] = json!("new");
    expected["description"] = json!("Apples");
    expected["user"]["first_name"] = json!("Steve");
    expected["user"]["last_name"] = json!("Trevor");
    let line = json!({"title": "four", "description": "", "image_url": "", "rate": 5, "quantity": 1,
                      "amount_before_tax": 5, "tax": 0, "total_amount": 5});
    expected["order_line_items"] = json!([line]);
    assert_eq!(answer.json(), expected);
    let mut read = shop.enquiry("u-1");
    assert!(read.as_object_mut().unwrap().remove("orders_with_transactions").is_some());
    assert_eq!(read, expected);
    let paid = shop.pay(&shop.link(&answer), Says::Paid);
    assert_eq!(paid.applied.get(), 1_250);
    assert_eq!(shop.enquiry("u-1")["status"], "paid");
    assert_eq!(shop.nimbbl_update(&change).nimbbl_no(), refused(""));
    // What was told before the change reads as it did.
    let first: Value = serde_json::from_str(&shop.deliveries(&link)[0].1.body).unwrap();
    assert_eq!((&first["status"], &first["payment_link"]["amount"]), (&json!("created"), &json!(10)));
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

#[test]
fn one_that_was_sent_or_opened_keeps_what_it_asks_for() {
    let shop = Shop::nimbbl();
    let open = |link: &Link| shop.submit(OpenLink { merchant_id: link.merchant_id, link_id: link.id });
    let (_, link) = shop.nimbbl_link(&with(wish("u-1"), "custom_attributes", json!({"k": 1})));
    open(&link);
    shop.nimbbl_link(&with(with(wish("u-2"), "custom_attributes", json!({"k": 1})), "send_sms", true));
    for id in ["u-1", "u-2"] {
        let change = |name: &str, value: Value| with(json!({"invoice_id": id}), name, value);
        for (name, value) in [
            ("total_amount", json!(11)),
            ("order_line_items", lines(&["x"])),
            ("custom_attributes", json!({"k": 2})),
        ] {
            assert_eq!(shop.nimbbl_update(&change(name, value)).nimbbl_no(), refused(name), "{id}");
        }
        for (name, value) in [
            ("total_amount", json!("10.00")),
            ("custom_attributes", json!({"k": 1})),
            ("expires_at", json!("2199-01-01 00:00:00")),
            ("terms_and_conditions", json!("new")),
            ("description", json!("Apples")),
            ("user", json!({"first_name": "Diana", "last_name": ""})),
        ] {
            assert_eq!(shop.nimbbl_update(&change(name, value)).status, 200, "{id} {name}");
        }
        for name in ["first_name", "last_name"] {
            let answer = shop.nimbbl_update(&change("user", json!({name: "x"})));
            assert_eq!(answer.nimbbl_no(), refused(&format!("user.{name}")), "{id}");
        }
        let shown = shop.enquiry(id);
        assert_eq!(
            (&shown["description"], &shown["user"]["first_name"]),
            (&json!("Apples"), &json!("Diana"))
        );
        let found = (&shown["expires_at"], &shown["terms_and_conditions"], &shown["total_amount"]);
        assert_eq!(found, (&json!("2199-01-01 00:00:00.000000"), &json!("new"), &json!(10)));
    }
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

#[test]
fn what_a_link_keeps_for_ever_may_be_repeated_and_not_changed() {
    let shop = Shop::nimbbl();
    let mut body = wish("u-1");
    body["description"] = json!("Mangoes");
    body["callback_url"] = json!("https://shop.example/back");
    let (made, _) = shop.nimbbl_link(&body);
    assert_eq!(shop.nimbbl_update(&body).json(), made.json(), "the same again");
    let by_id = json!({"payment_link_id": made.json()["payment_link_id"]});
    for (name, value) in [
        ("invoice_id", "u-2"),
        ("currency", "USD"),
        ("callback_url", "https://other.example/"),
        ("notification_scheduled_at", "2199-01-01 00:00:00"),
        ("reminder_frequency", "daily"),
        ("bank_account", "x"),
    ] {
        assert_eq!(shop.nimbbl_update(&with(by_id.clone(), name, value)).nimbbl_no(), refused(name));
    }
    for name in ["email", "country_code", "mobile_number"] {
        let change = with(by_id.clone(), "user", json!({name: "x"}));
        assert_eq!(shop.nimbbl_update(&change).nimbbl_no(), refused(&format!("user.{name}")));
    }
    let invalid = |name: &str| (400, "INVALID_REQUEST_PARAMETER".to_owned(), name.to_owned());
    for (name, value, detail) in [
        ("total_amount", json!(0), "total_amount"),
        ("total_amount", json!(200_000), "total_amount"),
        ("total_amount", json!(50_000.01), "total_amount: refused by risk rules"),
        ("expires_at", json!("2020-01-01 00:00:00"), "expires_at"),
        ("order_line_items", json!([{"title": "x"}]), "order_line_items[0].rate"),
        ("custom_attributes", json!([1]), "custom_attributes"),
        ("terms_and_conditions", json!(1), "terms_and_conditions"),
        ("description", json!(1), "description"),
        ("user", json!({"first_name": 1}), "user.first_name"),
        ("user", json!({"last_name": "a\nb"}), "user.last_name"),
        ("user", json!([]), "user"),
    ] {
        assert_eq!(shop.nimbbl_update(&with(by_id.clone(), name, value)).nimbbl_no(), invalid(detail));
    }
    assert_eq!(shop.nimbbl_update(&json!({"invoice_id": "nobody"})).nimbbl_no().0, 404);
    assert_eq!(shop.nimbbl_update(&json!({})).nimbbl_no(), invalid("invoice_id"));
    assert_eq!(shop.enquiry("u-1")["total_amount"], 10, "nothing changed");
}

/// Cancelled, expired, and with money under way.
#[test]
fn a_link_that_is_closed_or_being_paid_is_not_changed() {
    let shop = Shop::nimbbl();
    for id in ["u-1", "u-2", "u-3"] {
        shop.nimbbl_link(&wish(id));
    }
    let more = |id: &str| shop.nimbbl_update(&json!({"invoice_id": id, "total_amount": 11}));
    shop.nimbbl_post(ACTIONS, &json!({"invoice_id": "u-1", "action": "cancel"}));
    assert_eq!(more("u-1").nimbbl_no(), refused(""));
    let waiting = shop.nimbbl_post(ENQUIRY, &json!({"invoice_id": "u-2"}));
    shop.pay(&shop.link(&waiting), Says::Wait);
    assert_eq!(more("u-2").nimbbl_no(), refused("total_amount"));
    shop.advance(90 * DAY_MS - HOUR_MS);
    let kept = json!({"invoice_id": "u-2", "expires_at": "2199-01-01 00:00:00"});
    assert_eq!(shop.nimbbl_update(&kept).status, 200);
    shop.advance(HOUR_MS);
    assert_eq!(more("u-3").nimbbl_no(), refused(""));
    assert_ne!(shop.enquiry("u-2")["status"], "expired");
}

/// Each name by itself, as every API of the merchant's and the merchant's own search see it.
#[test]
fn the_name_of_who_is_asked_to_pay_may_be_changed_while_the_link_is_only_made() {
    let shop = Shop::nimbbl();
    shop.nimbbl_link(&wish("u-1"));
    let names = |shown: &Value| {
        ["first_name", "last_name"].map(|name| shown["user"][name].as_str().unwrap_or("-").to_owned())
    };
    let rename = |name: &str, value: &str| {
        let answer = shop.nimbbl_update(&json!({"invoice_id": "u-1", "user": {name: value}}));
        assert_eq!(names(&answer.json()), names(&shop.enquiry("u-1")), "{}", answer.text);
        names(&answer.json())
    };
    assert_eq!(rename("first_name", "Anna Maria"), ["Anna Maria", "Prince"]);
    assert_eq!(rename("last_name", "de la Cruz"), ["Anna Maria", "de la Cruz"]);
    assert_eq!(rename("last_name", ""), ["Anna Maria", "de la Cruz"]);
    let mut alone = wish("u-2");
    alone["user"].as_object_mut().unwrap().remove("last_name");
    shop.nimbbl_link(&alone);
    let both = json!({"invoice_id": "u-2", "user": {"first_name": "Anna Maria"}});
    assert_eq!(names(&shop.nimbbl_update(&both).json()), ["Anna Maria", ""]);
    // A link that names nobody gets no name.
    let nobody = json!({"kind": "fixed", "amount": 300, "name": "Fees", "currency": "INR"});
    let nobody = shop.link(&shop.post("/v1/links", &nobody));
    let id = format!("pl_{}", shop.door.code(nobody.id).unwrap());
    let named = json!({"payment_link_id": id, "user": {"last_name": "x"}});
    assert_eq!(shop.nimbbl_update(&named).nimbbl_no(), refused("user.last_name"));
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

/// The terms of links that other APIs made.
#[test]
fn a_link_of_another_api_is_changed_as_far_as_it_can_be() {
    let shop = Shop::nimbbl();
    let invoice = json!({"kind": "invoice", "amount": 300, "name": "Fees", "currency": "INR",
                         "lines": [{"name": "Tea", "units": 3, "unit_amount": 100, "taxes": []}]});
    let lined = shop.link(&shop.post("/v1/links", &invoice));
    let open = json!({"kind": "open", "name": "Any", "currency": "INR"});
    let open = shop.link(&shop.post("/v1/links", &open));
    let paysharp = shop.link(&shop.paysharp_create(&paysharp_wish()));
    let id = |link: &Link| json!({"payment_link_id": format!("pl_{}", shop.door.code(link.id).unwrap())});
    for link in [&lined, &open] {
        let answer = shop.nimbbl_update(&with(id(link), "total_amount", 11));
        assert_eq!(answer.nimbbl_no(), refused("total_amount"));
        assert_eq!(shop.nimbbl_update(&with(id(link), "expires_at", "2199-01-01 00:00:00")).status, 200);
    }
    let sent = shop.nimbbl_update(&with(id(&paysharp), "terms_and_conditions", "new"));
    assert_eq!(sent.json()["terms_and_conditions"], "new");
    let dollars = json!({"kind": "fixed", "amount": 300, "name": "Fees", "currency": "USD"});
    let dollars = shop.link(&shop.post("/v1/links", &dollars));
    assert_eq!(shop.nimbbl_update(&id(&dollars)).nimbbl_no().0, 404, "amounts here are rupees");
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}
