//! Resends: counted on the link, sent as counted, three and no more, whatever the crowd.

use axum::http::Method;
use kadi_domain::message::{ChannelKind, Message, Occasion};
use serde_json::{Value, json};

use crate::support::paysharp::{RESEND, again, bearer, call, wish};
use crate::support::paytm::with;
use crate::support::shop::Shop;

/// The channels of a link's messages by the resend that they belong to.
fn sent(shop: &Shop, created: &crate::support::answer::Answer) -> Vec<(i64, ChannelKind)> {
    let messages = shop.messages_of(&shop.link(created));
    let resend = |message: &Message| match message.occasion {
        Occasion::Request { resend } => resend,
        Occasion::Receipt { .. } | Occasion::Code { .. } => panic!("{message:?}"),
    };
    messages.iter().map(|message| (resend(message), message.channel)).collect()
}

#[test]
fn messages_go_where_they_were_asked_to_and_can_go() {
    let shop = Shop::paysharp();
    let mut body = with(wish(), "customerEmail", "ram@customer.example");
    body["sendEmail"] = json!(true);
    body["sendSms"] = json!(false);
    let made = shop.paysharp_create(&body);
    assert_eq!(sent(&shop, &made), [(0, ChannelKind::Email), (0, ChannelKind::WhatsApp)]);
    let resend = json!({"linkPaymentId": made.id(), "sendSms": true, "sendEmail": true});
    assert_eq!(shop.paysharp_resend(&resend).json()["data"]["resentCount"], 1);
    assert_eq!(sent(&shop, &made)[2..], [(1, ChannelKind::Email), (1, ChannelKind::Sms)]);
    // Ten digits that no mobile number has, and no address: nothing is sent, and that is no error.
    let mut nowhere = with(wish(), "customerMobileNo", "1111100000");
    nowhere["sendEmail"] = json!(true);
    let made = shop.paysharp_create(&nowhere);
    assert_eq!(made.status, 200);
    assert!(made.json()["data"].get("detail").is_none());
    assert!(sent(&shop, &made).is_empty());
    assert_eq!(shop.paysharp_resend(&again(&made)).status, 400);
    assert_eq!(shop.link(&made).resent_count, 0);
}

/// The first sending of a link that was not sent before is its sending, and told once.
#[test]
fn a_first_sending_by_a_resend_is_an_event() {
    let shop = Shop::paysharp();
    let mut body = wish();
    body["sendSms"] = json!(false);
    body["sendWhatsApp"] = json!(false);
    let made = shop.paysharp_create(&body);
    assert_eq!(shop.link(&made).sent_at, None);
    for _ in 0..2 {
        assert_eq!(shop.paysharp_resend(&again(&made)).status, 200);
    }
    let link = shop.link(&made);
    assert!(link.sent_at.is_some());
    assert_eq!((link.resent_count, link.event_count), (2, 2), "made and sent");
}

#[test]
fn of_a_thousand_resends_at_once_three_are_sent() {
    let shop = Shop::paysharp();
    let made = shop.paysharp_create(&wish());
    let body = again(&made).to_string();
    let calls = (0..1_000).map(|_| call(Method::POST, RESEND, &bearer("demo"), body.clone()));
    let answers = shop.send_all(calls.collect());
    let mut counts: Vec<Value> = Vec::new();
    for answer in answers {
        match answer.status.as_u16() {
            200 => counts.push(answer.json()["data"]["resentCount"].clone()),
            _ => assert_eq!(answer.paysharp_no().2, 7002, "{}", answer.text),
        }
    }
    counts.sort_by_key(Value::as_i64);
    assert_eq!(counts, [1, 2, 3]);
    let resends: Vec<_> = sent(&shop, &made).into_iter().filter(|(resend, _)| *resend > 0).collect();
    let sms = ChannelKind::Sms;
    assert_eq!(resends, [(1, sms), (2, sms), (3, sms)]);
    assert_eq!(shop.link(&made).resent_count, 3);
    assert!(shop.verify().is_clean(), "{:?}", shop.verify().broken);
}
