//! Changing a link: what the vendor lets a merchant change, what it refuses, and what was told before.

use kadi_domain::link::Link;
use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::paytm::{fixed, generic, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn update(shop: &Shop, link: &Link, change: Value) -> Value {
    let answer = shop.link_call("update", &with(change, "linkId", link.id.get()));
    assert_eq!(answer.word(), "200", "{}", answer.text);
    answer.json()["body"].clone()
}

fn told(shop: &Shop, link: &Link, change: Value) -> (String, String, String) {
    shop.link_call("update", &with(change, "linkId", link.id.get())).told()
}

fn row(code: &str, text: &str, detail: &str) -> (String, String, String) {
    (code.to_owned(), text.to_owned(), detail.to_owned())
}

fn unknown(detail: &str) -> (String, String, String) {
    row("502", "Unknown Error Occurred", detail)
}

fn stored(shop: &Shop, link: &Link) -> Link {
    let id = link.id;
    shop.read(move |reader| reader.link(id)).unwrap()
}

#[test]
fn the_answer_is_the_link_as_it_is_now() {
    let shop = Shop::paytm();
    let link = shop.made(&with(with(fixed(), "merchantRequestId", "R-1"), "linkNotes", "old"));
    let end = shop.date(20);
    let change = json!({"amount": "250.50", "maxPaymentsAllowed": 2, "linkNotes": "new", "expiryDate": end,
        "changeTemplate": false, "templateId": "", "linkType": "FIXED", "linkName": "Invoice001",
        "sendSms": false, "partialPayment": "false"});
    let body = update(&shop, &link, change);
    assert_eq!((&body["amount"], &body["maxPaymentsAllowed"]), (&json!(250.5), &json!(2)));
    assert_eq!((&body["expiryDate"], &body["linkNotes"]), (&json!(end), &json!("new")));
    assert_eq!((&body["status"], &body["linkStatus"]), (&json!("INIT"), &json!("ACTIVE")));
    assert_eq!(body["merchantRequestId"], "R-1");
    let fetched = shop.link_call("fetch", &json!({"linkId": link.id.get()})).json();
    for (name, value) in body.as_object().unwrap().iter().filter(|(name, _)| *name != "resultInfo") {
        assert_eq!(&fetched["body"]["links"][0][name], value, "{name}");
    }
    let echoed = update(&shop, &link, json!({"merchantRequestId": "U-1"}));
    assert_eq!(echoed["merchantRequestId"], "U-1", "the call's own id is echoed");
    assert_eq!(shop.link_call("fetch", &json!({"merchantRequestId": "U-1"})).word(), "404", "and not kept");
    let (now, before) = (stored(&shop, &link), link.event_count);
    assert_eq!((now.edit_count, now.event_count), (1, before), "nobody is told");
    assert!(shop.verify().is_clean());
}

#[test]
fn notes_alone_change_and_stand_where_there_were_none() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    for notes in ["first", "second\nline"] {
        assert_eq!(update(&shop, &link, json!({"linkNotes": notes}))["linkNotes"], notes);
    }
    assert_eq!(
        update(&shop, &link, json!({"linkNotes": ""}))["linkNotes"],
        "second\nline",
        "empty is not said"
    );
    assert_eq!(stored(&shop, &link).edit_count, 0, "notes are no terms");
}

#[test]
fn payers_pay_by_the_new_terms_and_what_is_under_way_by_the_old() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let waiting = shop.pay(&link, Says::Wait);
    update(&shop, &link, json!({"amount": 100}));
    let link = stored(&shop, &link);
    let paid = shop.pay(&link, Says::Paid);
    assert_eq!((paid.applied.get(), waiting.applied.get()), (10_000, 49_900));
    shop.capture(&waiting);
    assert_eq!(stored(&shop, &link).sums.captured.get(), 59_900);
    let one_left = told(&shop, &link, json!({"maxPaymentsAllowed": 1}));
    assert_eq!(one_left, unknown("maxPaymentsAllowed"), "two are captured");
    let full = update(&shop, &link, json!({"maxPaymentsAllowed": "2"}));
    assert_eq!((&full["isActive"], &full["linkStatus"]), (&json!(false), &json!("INACTIVE")));
    assert_eq!(full["status"], "PAID");
    assert!(shop.verify().is_clean());
}

#[test]
fn the_new_end_counts_whether_it_is_sooner_or_later() {
    let shop = Shop::paytm();
    let (sooner, later) = (shop.made(&fixed()), shop.made(&with(fixed(), "expiryDate", shop.day(1))));
    let plain = shop.link(
        &shop.post("/v1/links", &json!({"kind": "fixed", "amount": 500, "currency": "INR", "name": "x"})),
    );
    assert_eq!(plain.expires_at, None);
    for (link, days) in [(&sooner, 1), (&later, 5), (&plain, 1)] {
        let end = update(&shop, link, json!({"expiryDate": shop.date(days)}))["expiryDate"].clone();
        assert_eq!(end, shop.date(days));
    }
    shop.advance(3 * DAY_MS);
    let status = |link: &Link| {
        let found = shop.link_call("fetch", &json!({"linkId": link.id.get()})).json();
        found["body"]["links"][0]["linkStatus"].as_str().unwrap().to_owned()
    };
    assert_eq!([&sooner, &later, &plain].map(status), ["EXPIRED", "ACTIVE", "EXPIRED"]);
    let due: Vec<i64> = shop
        .read(|reader| {
            reader.due_jobs(
                kadi_domain::time::Timestamp::from_ms(i64::MAX),
                kadi_domain::time::Timestamp::from_ms(i64::MAX),
                100,
            )
        })
        .iter()
        .filter(|job| job.key.kind == kadi_domain::job::JobKind::ExpireLink)
        .map(|job| job.key.subject)
        .collect();
    let ends = [&sooner, &plain, &later].map(|link| link.id.get());
    assert_eq!(due, ends, "each has its job, at its new time");
}

#[test]
fn what_is_wrong_is_told_in_order() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let wrong = json!({"merchantRequestId": 1, "linkType": "GENERIC", "amount": 0, "maxPaymentsAllowed": 0,
        "templateId": 7, "linkNotes": 5, "expiryDate": "yesterday"});
    let without_id = |id: Value| shop.link_call("update", &with(wrong.clone(), "linkId", id)).told();
    assert_eq!(without_id(Value::Null), row("312", "Link Id cannot be empty", ""));
    assert_eq!(without_id(json!("")), row("312", "Link Id cannot be empty", ""));
    assert_eq!(without_id(json!("L1")), unknown("linkId"));
    assert_eq!(without_id(json!(12)), row("404", "Data Not Found", ""));
    let ended = shop.made(&fixed());
    shop.link_call("expire", &json!({"linkId": ended.id.get()}));
    assert_eq!(told(&shop, &ended, wrong.clone()), row("5056", "Link is expired or inactive", ""));
    let steps = [
        ("merchantRequestId", unknown("merchantRequestId")),
        ("linkType", unknown("linkType")),
        ("amount", row("5009", "Amount should be greater than equal to Rs 1", "")),
        ("maxPaymentsAllowed", unknown("maxPaymentsAllowed")),
        ("templateId", row("5022", "Merchant not allowed payment forms", "")),
        ("linkNotes", unknown("linkNotes")),
        ("expiryDate", row("5021", "Expiry date is invalid.", "")),
    ];
    let mut body = wrong;
    for (name, expected) in steps {
        assert_eq!(told(&shop, &link, body.clone()), expected, "{name}");
        body.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(stored(&shop, &link).edit_count, 0, "nothing was changed on the way");
}

#[test]
fn every_other_refusal_names_its_field() {
    let shop = Shop::paytm();
    let link = shop.made(&with(fixed(), "orderId", "O-1"));
    let rows = [
        (json!({"amount": 1.234}), unknown("amount")),
        (json!({"amount": "100000.01"}), unknown("amount")),
        (json!({"amount": 60_000}), row("100", "Transaction refused by risk rules", "")),
        (json!({"changeTemplate": "true"}), row("5022", "Merchant not allowed payment forms", "")),
        (json!({"changeTemplate": 1}), unknown("changeTemplate")),
        (json!({"linkNotes": "a".repeat(255)}), unknown("linkNotes")),
        (
            json!({"expiryDate": shop.day(366)}),
            row("5027", "Expiry date cannot be set as more than 365 days from the current date", ""),
        ),
        (json!({"expiryDate": 5}), unknown("expiryDate")),
        (json!({"linkName": "Other"}), unknown("linkName")),
        (json!({"linkName": 5}), unknown("linkName")),
        (json!({"linkDescription": "Other"}), unknown("linkDescription")),
        (json!({"currency": "USD"}), unknown("currency")),
        (json!({"orderId": "O-2"}), unknown("orderId")),
        (json!({"linkOrderId": "O-2"}), unknown("linkOrderId")),
        (json!({"customerContact": {"customerMobile": "9000000001"}}), unknown("customerContact")),
        (json!({"sendSms": true}), unknown("sendSms")),
        (json!({"statusCallbackUrl": "https://shop.example"}), unknown("statusCallbackUrl")),
        (json!({"enablePaymentMode": [{"mode": "UPI"}]}), unknown("enablePaymentMode")),
    ];
    for (change, expected) in rows {
        assert_eq!(told(&shop, &link, change.clone()), expected, "{change}");
    }
    assert_eq!(update(&shop, &link, json!({"orderId": "O-1"}))["resultInfo"]["resultCode"], "200");
    let not_fixed = row("5082", "Amount can be updated only for Fixed Link", "");
    let lined = with(fixed(), "invoiceDetails", json!({"productName": "Atlas", "perUnitAmount": 499}));
    for (body, change, expected) in [
        (generic(), json!({"amount": 100}), not_fixed.clone()),
        (shop.invoice("I-1"), json!({"amount": 100}), not_fixed),
        (shop.invoice("I-2"), json!({"maxPaymentsAllowed": 2}), unknown("maxPaymentsAllowed")),
        (
            lined,
            json!({"amount": 100}),
            row(
                "5014",
                "The amount sent in the request does not match the total amount of the invoice items.",
                "",
            ),
        ),
    ] {
        let link = shop.made(&body);
        assert_eq!(told(&shop, &link, change), expected, "{body}");
    }
    let yen = json!({"kind": "fixed", "amount": 500, "currency": "JPY", "name": "x"});
    let yen = shop.link(&shop.post("/v1/links", &yen));
    assert_eq!(told(&shop, &yen, json!({"amount": 100})), unknown("amount"), "this API speaks of rupees");
    let rules = json!({"min": 20_000});
    let parts =
        json!({"kind": "fixed", "amount": 50_000, "currency": "INR", "name": "x", "part_rules": rules});
    let parts = shop.link(&shop.post("/v1/links", &parts));
    assert_eq!(told(&shop, &parts, json!({"amount": 100})), unknown("amount"), "smaller than its parts");
}

#[test]
fn what_the_own_api_told_before_reads_as_it_did() {
    let shop = Shop::paytm();
    let wish = json!({"kind": "fixed", "amount": 50_000, "currency": "INR", "name": "x"});
    let key = [("idempotency-key", "k-1")];
    let made = shop.call("POST", "/v1/links", &key, &wish.to_string());
    let link = shop.link(&made);
    let events = shop.get("/v1/events").text;
    let webhook = shop.deliveries(&link)[0].1.body.clone();
    update(&shop, &link, json!({"amount": 100, "expiryDate": shop.date(3)}));
    let again = shop.call("POST", "/v1/links", &key, &wish.to_string());
    assert_eq!(again.text, made.text, "one key, one answer, for ever");
    assert_eq!(shop.get("/v1/events").text, events);
    assert_eq!(shop.deliveries(&link)[0].1.body, webhook);
    let now = shop.get(&format!("/v1/links/{}", link.id.get())).json();
    assert_eq!((&now["amount"], now["expires_at"].is_string()), (&json!(10_000), true));
    update(&shop, &link, json!({"amount": 200}));
    shop.call("POST", &format!("/v1/links/{}/cancel", link.id.get()), &[], "");
    let told = shop.get("/v1/events").json();
    let amounts: Vec<&Value> =
        told["data"].as_array().unwrap().iter().map(|event| &event["data"]["amount"]).collect();
    assert_eq!(amounts, [&json!(20_000), &json!(50_000)], "cancelled with the newest, made with the first");
}
