//! Sending a link again: to its customer, to somebody else, and what is impossible.

use kadi_domain::id::CustomerId;
use kadi_domain::link::Link;
use kadi_domain::message::{ChannelKind, Message, Occasion};
use kadi_domain::moment::Setup;
use serde_json::{Value, json};

use crate::support::merchants::{merchant, with_keys};
use crate::support::paytm::{KEY, fixed, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn known(shop: &Shop) -> Link {
    let asha = json!({"customerName": "Asha", "customerMobile": "9000000001",
        "customerEmail": "asha@shop.example"});
    shop.made(&with(fixed(), "customerContact", asha))
}

/// Contact and `notifyStatus` of each entry.
fn details(answer: &Value) -> Vec<(String, String)> {
    let entries = answer["body"]["notificationDetails"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries.iter().map(|entry| (text(&entry["contact"]), text(&entry["notifyStatus"]))).collect()
}

fn messages(shop: &Shop) -> Vec<Message> {
    let mut messages = shop.read(|reader| reader.messages(None, 100));
    messages.reverse();
    messages
}

fn entry(contact: &str, status: &str) -> (String, String) {
    (contact.to_owned(), status.to_owned())
}

#[test]
fn the_customer_is_written_to_by_every_channel_that_is_asked_for() {
    let shop = Shop::paytm();
    let link = known(&shop);
    let both = json!({"linkId": link.id.get(), "sendSms": true, "sendEmail": true});
    for resend in 1..=5 {
        let answer = shop.link_call("resendNotification", &both).json();
        let expected = [entry("9000000001", "SUCCESS"), entry("asha@shop.example", "SUCCESS")];
        assert_eq!(details(&answer), expected);
        assert_eq!(answer["body"]["notificationDetails"][0]["customerName"], "Asha");
        assert_eq!(answer["body"]["linkId"], link.id.get());
        let last: Vec<_> =
            messages(&shop).into_iter().rev().take(2).map(|m| (m.channel, m.occasion)).collect();
        let occasion = Occasion::Request { resend };
        assert_eq!(last, [(ChannelKind::Email, occasion), (ChannelKind::Sms, occasion)]);
    }
    let id = link.id;
    let link = shop.read(move |reader| reader.link(id)).unwrap();
    assert_eq!((link.resent_count, link.sent_at.is_some()), (5, true), "without a cap, and counted");
    assert!(shop.verify().is_clean());
}

#[test]
fn another_contact_gets_the_link_and_does_not_become_its_customer() {
    let shop = Shop::paytm();
    let (asha, nobody) = (known(&shop), shop.made(&fixed()));
    let ravi = json!({"customerName": "Ravi", "customerMobile": "09000000002"});
    for link in [&asha, &nobody] {
        let body =
            json!({"linkId": link.id.get(), "sendSms": true, "sendEmail": true, "notifyContact": ravi});
        let answer = shop.link_call("resendNotification", &body).json();
        // The customer's own address is not taken for what the other contact lacks.
        assert_eq!(details(&answer), [entry("9000000002", "SUCCESS"), entry("", "FAILED")]);
        let last = messages(&shop).pop().unwrap();
        let (customer, id) = (last.customer_id, link.id);
        assert_ne!(Some(customer), link.customer_id);
        assert_eq!(shop.read(move |reader| reader.link(id)).unwrap().customer_id, link.customer_id);
        let keys = shop.engine().clone();
        let contact = shop.read(move |reader| {
            let found = reader.customer(CustomerId::new(customer.get()))?.unwrap();
            Ok(found.open(keys.keys()).unwrap())
        });
        assert_eq!(contact.mobile.unwrap().expose(), "9000000002");
    }
    let ravi = shop.link_call("fetch", &json!({"customerMobile": "9000000002"}));
    assert_eq!(ravi.word(), "404", "nobody's link");
    assert!(shop.verify().is_clean());
}

#[test]
fn what_is_impossible_is_told_and_not_counted() {
    let shop = Shop::with_setup(
        Setup { sms: false, ..Setup::sandbox() },
        vec![with_keys(merchant("demo"), &[("C11", KEY)])],
    );
    let (asha, nobody) = (known(&shop), shop.made(&fixed()));
    let resend = |link: &Link, email: bool| {
        let body = json!({"linkId": link.id.get(), "sendSms": true, "sendEmail": email});
        let answer = shop.link_call("resendNotification", &body);
        assert_eq!(answer.word(), "200");
        let id = link.id;
        (details(&answer.json()), shop.read(move |reader| reader.link(id)).unwrap().resent_count)
    };
    assert_eq!(resend(&asha, false), (vec![entry("9000000001", "FAILED")], 0));
    assert_eq!(resend(&nobody, true), (vec![entry("", "FAILED"), entry("", "FAILED")], 0));
    let (told, count) = resend(&asha, true);
    assert_eq!(told, [entry("9000000001", "FAILED"), entry("asha@shop.example", "SUCCESS")]);
    assert_eq!((count, messages(&shop).len()), (1, 1));
    assert!(shop.verify().is_clean());
}

#[test]
fn what_is_wrong_is_told_in_order() {
    let shop = Shop::paytm();
    let (open, done) = (known(&shop), shop.made(&with(fixed(), "maxPaymentsAllowed", 1)));
    shop.pay(&done, Says::Paid);
    let gone = shop.made(&fixed());
    shop.link_call("expire", &json!({"linkId": gone.id.get()}));
    let told = |body: Value| shop.link_call("resendNotification", &body).told();
    let row = |code: &str, text: &str, detail: &str| (code.to_owned(), text.to_owned(), detail.to_owned());
    let unknown = |detail| row("502", "Unknown Error Occurred", detail);
    assert_eq!(told(json!({"sendSms": 1})), row("302", "linkId cannot be empty", ""));
    assert_eq!(told(json!({"linkId": "x", "sendSms": 1})), unknown("linkId"));
    assert_eq!(told(json!({"linkId": 7, "sendSms": 1})), row("404", "Data Not Found", ""));
    for link in [done, gone] {
        let body = json!({"linkId": link.id.get(), "sendSms": 1});
        assert_eq!(told(body), row("5056", "Link is expired or inactive", ""));
    }
    let id = open.id.get();
    assert_eq!(told(json!({"linkId": id, "sendSms": 1})), unknown("sendSms"));
    assert_eq!(told(json!({"linkId": id, "sendEmail": "yes"})), unknown("sendEmail"));
    assert_eq!(told(json!({"linkId": id, "notifyContact": 1})), unknown("sendSms"), "nothing is asked for");
    assert_eq!(told(json!({"linkId": id, "sendSms": true, "notifyContact": 1})), unknown("notifyContact"));
    let bad = json!({"linkId": id, "sendSms": true, "notifyContact": {"customerMobile": "123"}});
    assert_eq!(told(bad), unknown("notifyContact.customerMobile"));
    assert!(messages(&shop).is_empty());
}
