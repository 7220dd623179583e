//! Expiring a link: once, twice, and when it has ended otherwise.

use kadi_domain::event::EventKind;
use kadi_domain::link::LinkStatus;
use kadi_domain::time::DAY_MS;
use serde_json::json;

use crate::support::paytm::{fixed, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

#[test]
fn an_expired_link_takes_no_payment_and_stays_so_however_often_it_is_asked() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let body = json!({"linkId": link.id.get().to_string(), "merchantRequestId": "E-1"});
    for _ in 0..2 {
        let answer = shop.link_call("expire", &body).json();
        let told = &answer["body"];
        assert_eq!(told["resultInfo"]["resultStatus"], "SUCCESS");
        assert_eq!((&told["linkId"], &told["merchantRequestId"]), (&json!(link.id.get()), &json!("E-1")));
        assert_eq!((&told["isActive"], &told["lsActive"]), (&json!(false), &json!(false)));
        assert_eq!((&told["linkStatus"], &told["status"]), (&json!("EXPIRED"), &json!("EXPIRED")));
    }
    let kinds = shop.read(move |reader| reader.events_of(link.id));
    let kinds: Vec<EventKind> = kinds.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::LinkCreated, EventKind::LinkCancelled], "told once");
    assert!(shop.verify().is_clean());
}

#[test]
fn a_link_that_has_ended_otherwise_stays_as_it_is() {
    let shop = Shop::paytm();
    let paid = shop.made(&with(fixed(), "maxPaymentsAllowed", 1));
    shop.pay(&paid, Says::Paid);
    let over = shop.made(&with(fixed(), "expiryDate", shop.day(1)));
    shop.advance(2 * DAY_MS);
    for (link, link_status, status) in [(&paid, "INACTIVE", "PAID"), (&over, "EXPIRED", "EXPIRED")] {
        let answer = shop.link_call("expire", &json!({"linkId": link.id.get()})).json();
        let told = &answer["body"];
        assert_eq!(told["resultInfo"]["resultCode"], "200");
        assert_eq!((&told["isActive"], &told["linkStatus"]), (&json!(false), &json!(link_status)));
        assert_eq!(told["status"], status);
    }
    let id = paid.id;
    let status = shop.read(move |reader| reader.link(id)).unwrap().status;
    assert!(matches!(status, LinkStatus::Completed { .. }), "{status:?}");
}

#[test]
fn money_that_was_under_way_still_counts() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let payment = shop.pay(&link, Says::Wait);
    let answer = shop.link_call("expire", &json!({"linkId": link.id.get()})).json();
    let told = &answer["body"];
    assert_eq!((&told["linkStatus"], &told["status"]), (&json!("EXPIRED"), &json!("PENDING")));
    shop.capture(&payment);
    let answer = shop.link_call("expire", &json!({"linkId": link.id.get()})).json();
    assert_eq!(answer["body"]["status"], "PAID");
    assert!(shop.verify().is_clean());
}

#[test]
fn what_is_wrong_is_told_in_order() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed()).id.get();
    let told = |body: serde_json::Value| shop.link_call("expire", &body).told();
    let row = |code: &str, text: &str, detail: &str| (code.to_owned(), text.to_owned(), detail.to_owned());
    let empty = row("302", "linkId cannot be empty", "");
    for body in [json!({}), json!({"linkId": ""}), json!({"linkId": null, "merchantRequestId": 1})] {
        assert_eq!(told(body), empty);
    }
    let unknown = |detail| row("502", "Unknown Error Occurred", detail);
    assert_eq!(told(json!({"linkId": 0.5, "merchantRequestId": 1})), unknown("linkId"));
    assert_eq!(told(json!({"linkId": 1, "merchantRequestId": 1})), row("404", "Data Not Found", ""));
    assert_eq!(told(json!({"linkId": link, "merchantRequestId": 1})), unknown("merchantRequestId"));
}
