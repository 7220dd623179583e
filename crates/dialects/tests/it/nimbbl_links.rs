//! What links are made, shown, sent and cancelled as, and links that other APIs made.

use kadi_domain::job::JobKind;
use kadi_domain::link::Link;
use kadi_domain::message::ChannelKind;
use kadi_domain::moment::Setup;
use kadi_domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::commands::send_message::Sending;
use serde_json::{Value, json};

use crate::support::merchants::{merchant, with_keys};
use crate::support::nimbbl::{ACTIONS, CREATE, CREATE_V2, ENQUIRY, wish, wish_v2};
use crate::support::paysharp::wish as paysharp_wish;
use crate::support::paytm::with;
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn act(invoice_id: &str, action: &str) -> Value {
    json!({"invoice_id": invoice_id, "action": action})
}

fn channels(shop: &Shop, link: &Link) -> Vec<ChannelKind> {
    shop.messages_of(link).into_iter().map(|message| message.channel).collect()
}

#[test]
fn a_create_answers_with_everything_that_was_asked_for() {
    let shop = Shop::nimbbl();
    let mut body = wish("inv_0001");
    let attributes = r#"{"b":[1,1.50],"a":{"note":"x"},"serial_numbers":["S1"]}"#;
    body["total_amount"] = json!(129.5);
    body["description"] = json!("Two\nmangoes");
    body["terms_and_conditions"] = json!("No returns");
    body["callback_url"] = json!("https://shop.example/back?a=b");
    body["expires_at"] = json!("2199-12-18 17:35:11");
    body["custom_attributes"] = json!("ATTRIBUTES");
    body["order_line_items"] = json!([
        {"sku_id": "M1", "title": "Mango", "rate": 50.25, "quantity": 2, "tax": "4.50",
         "serial_numbers": ["A", "B"]},
        {"title": "Bag", "rate": 24.5},
    ]);
    let text = body.to_string().replace("\"ATTRIBUTES\"", attributes);
    let answer = shop.nimbbl_raw(CREATE, text);
    let (link, made) = (shop.link(&answer), answer.json());
    let code = shop.door.code(link.id).unwrap();
    let url = format!("https://pay.example/p/{code}");
    let expected = json!({
        "payment_link_id": format!("pl_{code}"), "payment_link_hash": code, "payment_link_url": url,
        "short_url": url, "invoice_id": "inv_0001", "status": "created", "currency": "INR",
        "total_amount": 129.5, "payment_link_amount_paid": 0, "created_at": made["created_at"],
        "expires_at": "2199-12-18 17:35:11.000000", "user": body["user"],
        "order_line_items": [
            {"sku_id": "M1", "title": "Mango", "description": "", "image_url": "", "rate": 50.25,
             "quantity": 2,
             "amount_before_tax": 100.5, "tax": 4.5, "total_amount": 105, "serial_numbers": ["A", "B"]},
            {"title": "Bag", "description": "", "image_url": "", "rate": 24.5, "quantity": 1,
             "amount_before_tax": 24.5, "tax": 0, "total_amount": 24.5},
        ],
        "description": "Two\nmangoes", "terms_and_conditions": "No returns",
        "callback_url": "https://shop.example/back?a=b",
        "custom_attributes": serde_json::from_str::<Value>(attributes).unwrap(),
        "sms_sent": false, "email_sent": false, "payment_link_signature": made["payment_link_signature"],
    });
    assert_eq!(made, expected);
    assert!(answer.text.contains(attributes), "as it was sent: {}", answer.text);
    assert_eq!((link.name.as_str(), link.description.as_str()), ("Mango", "Two\nmangoes"));
    let mut read = shop.nimbbl_post(ENQUIRY, &json!({"invoice_id": "inv_0001"})).json();
    let orders = read.as_object_mut().unwrap().remove("orders_with_transactions").unwrap();
    assert_eq!(read, made, "an enquiry says the same");
    let order = json!([{"order_id": format!("o_{code}"), "invoice_id": "inv_0001", "currency": "INR",
                        "total_amount": 129.5, "transactions": []}]);
    assert_eq!(orders, order);
    let shown = shop.nimbbl_get("/api/v3/payment-link/inv_0001").json();
    assert_eq!(shown["order_line_items"], made["order_line_items"]);
    assert_eq!(shown["product_details"]["title"], "Mango");
}

#[test]
fn the_older_create_makes_the_same_link() {
    let shop = Shop::nimbbl();
    let mut old = wish_v2("v2-1");
    old["products"] = json!([{"title": "Mango", "rate": 10}]);
    let made = shop.nimbbl_post(CREATE_V2, &old);
    let link = shop.link(&made);
    assert_eq!(made.json()["user"], wish("x")["user"]);
    assert_eq!((made.nimbbl_status(), link.name.as_str()), ("sent".to_owned(), "Mango"));
    assert_eq!(channels(&shop, &link), [ChannelKind::Sms]);
    assert_eq!(link.expires_at.unwrap().ms() - link.created_at.ms(), 90 * DAY_MS);
    let quiet = shop.nimbbl_post(CREATE_V2, &with(wish_v2("v2-2"), "generate_only", true));
    assert_eq!(quiet.nimbbl_status(), "created");
    assert!(channels(&shop, &shop.link(&quiet)).is_empty());
    let again = shop.nimbbl_post(CREATE, &wish("v2-1"));
    assert_eq!(again.nimbbl_no().2, "invoice_id: was used before");
}

#[test]
fn a_person_with_one_name_has_no_last_name() {
    let shop = Shop::nimbbl();
    for (number, (first, last)) in
        [("Asha", None), ("Asha Rani", Some("Devi")), ("आशा", Some("देवी रानी"))].into_iter().enumerate()
    {
        let mut body = wish(&format!("n-{number}"));
        body["user"]["first_name"] = json!(first);
        body["user"]["last_name"] = json!(last);
        shop.nimbbl_link(&body);
        let found = shop.nimbbl_get(&format!("/api/v3/payment-link/n-{number}")).json();
        assert_eq!(found["payer_info"]["payer_first_name"], first);
        assert_eq!(found["payer_info"]["payer_last_name"], last.unwrap_or_default());
    }
}

#[test]
fn a_link_goes_through_its_states() {
    let shop = Shop::nimbbl();
    let word = |id: &str| shop.nimbbl_get(&format!("/api/v3/payment-link/{id}")).nimbbl_status();
    let (made, link) = shop.nimbbl_link(&with(wish("s-1"), "send_sms", true));
    assert_eq!((made.nimbbl_status(), word("s-1")), ("sent".to_owned(), "sent".to_owned()));
    let (made, _) = shop.nimbbl_link(&wish("s-2"));
    assert_eq!((made.nimbbl_status(), word("s-2")), ("created".to_owned(), "created".to_owned()));
    shop.submit(OpenLink { merchant_id: link.merchant_id, link_id: link.id });
    assert_eq!(word("s-1"), "opened");
    shop.pay(&link, Says::Declined);
    assert_eq!(word("s-1"), "opened");
    let paid = shop.pay(&link, Says::Paid);
    assert_eq!(word("s-1"), "paid");
    shop.reverse(&paid);
    assert_eq!(word("s-1"), "opened", "what was taken back may be paid again");
    assert_eq!(shop.nimbbl_post(ACTIONS, &act("s-2", "cancel")).nimbbl_status(), "cancelled");
    assert_eq!(word("s-2"), "cancelled");
    shop.advance(90 * DAY_MS - MINUTE_MS);
    assert_eq!(word("s-1"), "opened");
    shop.advance(MINUTE_MS);
    assert_eq!(word("s-1"), "expired");
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

/// `sms_sent` and `email_sent` are the provider's word, `sent` is Kadi's.
#[test]
fn what_was_sent_is_what_the_provider_took() {
    let shop = Shop::nimbbl();
    let told = |id: &str| {
        let found = shop.nimbbl_get(&format!("/api/v3/payment-link/{id}")).json();
        (found["sms_sent"].clone(), found["email_sent"].clone())
    };
    let both = with(with(wish("p-1"), "send_sms", true), "send_email", true);
    let (made, link) = shop.nimbbl_link(&both);
    assert_eq!((made.nimbbl_status().as_str(), told("p-1")), ("sent", (json!(false), json!(false))));
    shop.provider_says(&link, &Sending::Later("busy".to_owned()));
    assert_eq!(told("p-1"), (json!(false), json!(false)));
    shop.provider_says(&link, &Sending::Accepted("ok".to_owned()));
    assert_eq!(told("p-1"), (json!(true), json!(true)));
    let (_, link) = shop.nimbbl_link(&with(wish("p-2"), "send_sms", true));
    shop.provider_says(&link, &Sending::Refused("no such number".to_owned()));
    assert_eq!(told("p-2"), (json!(false), json!(false)));
    let sent = shop.nimbbl_post(ACTIONS, &with(act("p-2", "send"), "send_email", true));
    assert_eq!(sent.nimbbl_status(), "sent");
    shop.provider_says(&link, &Sending::Accepted("ok".to_owned()));
    assert_eq!(told("p-2"), (json!(false), json!(true)));
    assert_eq!(shop.nimbbl_post(ENQUIRY, &json!({"invoice_id": "p-2"})).json()["email_sent"], true);
}

/// Nothing goes out before its time; the link is sent when a provider takes it.
#[test]
fn a_message_may_wait_for_its_time() {
    let shop = Shop::nimbbl();
    let due = shop.engine().now().plus_ms(DAY_MS);
    let seconds = jiff::Timestamp::from_second(due.seconds()).unwrap();
    let at = seconds.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let body = with(with(wish("l-1"), "send_sms", true), "notification_scheduled_at", at);
    let (made, link) = shop.nimbbl_link(&body);
    assert_eq!((made.nimbbl_status().as_str(), made.json().get("detail")), ("created", None));
    let jobs = |now| {
        let due = shop.read(move |reader| reader.due_jobs(now, now, 100));
        due.into_iter().filter(|job| job.key.kind == JobKind::SendMessage).count()
    };
    let start = due.seconds() * 1_000;
    assert_eq!((jobs(Timestamp::from_ms(start - 1)), jobs(Timestamp::from_ms(start))), (0, 1));
    shop.advance(DAY_MS);
    let word = || shop.nimbbl_get("/api/v3/payment-link/l-1").json();
    assert_eq!(word()["payment_link_status"], "created");
    shop.provider_says(&link, &Sending::Later("busy".to_owned()));
    assert_eq!(word()["payment_link_status"], "created");
    shop.provider_says(&link, &Sending::Accepted("ok".to_owned()));
    assert_eq!((&word()["payment_link_status"], &word()["sms_sent"]), (&json!("sent"), &json!(true)));
    assert_eq!(shop.deliveries(&link).len(), 2, "created and sent are told");
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

#[test]
fn links_are_sent_again_and_cancelled() {
    let shop = Shop::nimbbl();
    let (made, link) = shop.nimbbl_link(&wish("a-1"));
    let id = made.json()["payment_link_id"].clone();
    let sent = shop.nimbbl_post(ACTIONS, &act("a-1", "send"));
    assert_eq!(
        sent.json(),
        json!({"status": "sent", "payment_link_url": made.json()["payment_link_url"], "payment_link_id": id,
               "invoice_id": "a-1"})
    );
    assert_eq!(channels(&shop, &link), [ChannelKind::Sms, ChannelKind::Email]);
    shop.nimbbl_post(ACTIONS, &json!({"payment_link_id": id, "action": "send", "send_whatsapp": true}));
    assert_eq!(channels(&shop, &link)[2..], [ChannelKind::WhatsApp]);
    for _ in 2..100 {
        let answer = shop.nimbbl_post(ACTIONS, &with(act("a-1", "send"), "send_sms", true));
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let often = shop.nimbbl_post(ACTIONS, &act("a-1", "send"));
    assert_eq!(often.nimbbl_no().2, "action: was sent as often as may be");
    let cancelled = shop.nimbbl_post(ACTIONS, &json!({"payment_link_id": id, "action": "cancel"}));
    assert_eq!(cancelled.nimbbl_status(), "cancelled");
    for (action, code) in [("cancel", "LINK_CANNOT_BE_CANCELLED"), ("send", "LINK_CANNOT_BE_SENT")] {
        let refused = shop.nimbbl_post(ACTIONS, &act("a-1", action));
        assert_eq!(refused.nimbbl_no(), (400, code.to_owned(), String::new()));
        shop.nimbbl_link(&wish(&format!("paid-{action}")));
        let paid = shop.nimbbl_post(ENQUIRY, &json!({"invoice_id": format!("paid-{action}")}));
        shop.pay(&shop.link(&paid), Says::Paid);
        let refused = shop.nimbbl_post(ACTIONS, &act(&format!("paid-{action}"), action));
        assert_eq!(refused.nimbbl_no().1, code);
    }
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

/// A link belongs to the merchant, not to the API that made it.
#[test]
fn links_of_other_apis_are_found_by_their_hash() {
    let shop = Shop::nimbbl();
    let own = json!({"kind": "open", "name": "Any", "currency": "INR", "reference": "r-1"});
    let native = shop.link(&shop.post("/v1/links", &own));
    let paysharp = shop.link(&shop.paysharp_create(&paysharp_wish()));
    for (link, amount) in [(&native, Value::Null), (&paysharp, json!(500))] {
        let code = shop.door.code(link.id).unwrap();
        let found = shop.nimbbl_get(&format!("/api/v3/payment-link/hash/{code}")).json();
        assert_eq!(
            (&found["payment_link_amount"], &found["payment_link_invoice_id"]),
            (&amount, &Value::Null)
        );
        let by_id = json!({"payment_link_id": format!("pl_{code}")});
        let enquiry = shop.nimbbl_post(ENQUIRY, &by_id).json();
        let ending = if link.id == paysharp.id { "--a" } else { "" };
        assert_eq!(enquiry["payment_link_url"], format!("https://pay.example/p/{code}{ending}"));
        let cancelled = shop.nimbbl_post(ACTIONS, &with(by_id, "action", "cancel"));
        assert_eq!(cancelled.nimbbl_status(), "cancelled");
    }
    // A reference of another API is no invoice id, and the ids of another API are none here.
    assert_eq!(shop.nimbbl_get("/api/v3/payment-link/r-1").nimbbl_no().0, 404);
    let code = shop.door.code(paysharp.id).unwrap();
    for id in [format!("{code}--a"), format!("pl_{code}"), code.to_lowercase()] {
        assert_eq!(shop.nimbbl_get(&format!("/api/v3/payment-link/hash/{id}")).nimbbl_no().0, 404, "{id}");
    }
    for id in [format!("pl_{code}--a"), code, "pl_".to_owned()] {
        assert_eq!(shop.nimbbl_post(ENQUIRY, &json!({"payment_link_id": id})).nimbbl_no().0, 404, "{id}");
    }
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}

#[test]
fn a_link_that_is_named_twice_must_be_one() {
    let shop = Shop::nimbbl();
    let (one, _) = shop.nimbbl_link(&wish("one"));
    shop.nimbbl_link(&wish("two"));
    let id = &one.json()["payment_link_id"];
    let ask =
        |invoice: &str| shop.nimbbl_post(ENQUIRY, &json!({"payment_link_id": id, "invoice_id": invoice}));
    assert_eq!(ask("one").status, 200);
    assert_eq!(ask("two").nimbbl_no().0, 404);
}

/// Outside the sandbox nothing carries SMS yet: the answer says so.
#[test]
fn a_channel_that_is_not_set_up_is_told() {
    let setup = Setup { sms: false, whatsapp: false, ..Setup::sandbox() };
    let shop = Shop::with_setup(setup, vec![with_keys(merchant("demo"), &[])]);
    let body = with(with(wish("c-1"), "send_sms", true), "send_whatsapp", true);
    let (made, link) = shop.nimbbl_link(&body);
    assert_eq!(made.json()["detail"], "send_sms, send_whatsapp: nothing was sent");
    assert_eq!((made.nimbbl_status().as_str(), channels(&shop, &link).len()), ("created", 0));
    let refused = shop.nimbbl_post(ACTIONS, &with(act("c-1", "send"), "send_sms", true));
    assert_eq!(refused.nimbbl_no().2, "no channel is set up for the contacts of this link");
    let sent = shop.nimbbl_post(ACTIONS, &act("c-1", "send"));
    assert_eq!((sent.nimbbl_status().as_str(), channels(&shop, &link)), ("sent", vec![ChannelKind::Email]));
}

/// Of thirty programs that ask for one invoice id at once, one gets a link.
#[test]
fn an_invoice_id_is_used_once_whatever_the_crowd() {
    let shop = Shop::nimbbl();
    let token = shop.nimbbl_token("demo");
    let call =
        || crate::support::nimbbl::call(axum::http::Method::POST, CREATE, &token, wish("crowd").to_string());
    let answers = shop.send_all((0..30).map(|_| call()).collect());
    let made = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        let told = (400, "INVALID_REQUEST_PARAMETER".to_owned(), "invoice_id: was used before".to_owned());
        assert_eq!(answer.nimbbl_no(), told);
    }
    assert_eq!(
        shop.send(crate::support::nimbbl::call(
            axum::http::Method::POST,
            CREATE,
            &shop.nimbbl_token("other"),
            wish("crowd").to_string()
        ))
        .status,
        200
    );
}
