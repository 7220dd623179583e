//! How an order stands, whatever the rail said and in whatever order.

use kadi_domain::payment::HoldDecision;
use kadi_domain::rail::{Report, Taken};
use kadi_domain::time::{DAY_MS, HOUR_MS};
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::commands::end_reservation::KeepWaiting;
use kadi_engine::commands::record_report::RecordReport;
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::merchants::{mid, with_keys};
use crate::support::paytm::{KEY, fixed, with};
use crate::support::paytm_orders::{RESEND, SEND, STATUS, payee, payment_request};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn code(answer: &Answer) -> String {
    answer.row()[0].clone()
}

#[test]
fn what_is_paid_stays_paid_and_what_nobody_knows_is_pending() {
    let shop = Shop::orders();
    let link = shop.requested(&payment_request("KNOWN"));
    let word = || code(&shop.order_status("KNOWN"));
    assert_eq!(word(), "402");
    shop.pay(&link, Says::Declined);
    assert_eq!(word(), "227");
    let waits = shop.pay(&link, Says::Nothing);
    assert_eq!(word(), "402", "an end is open again");
    assert_eq!(shop.order_status("KNOWN").json()["body"]["txnId"], waits.id.get().to_string());
    let taken = Taken {
        reference: "UTR-late-answer".to_owned(),
        charged: waits.charged().unwrap(),
        currency: waits.currency,
        payee: waits.rail_account.clone(),
    };
    shop.submit(RecordReport::about(&waits, Report::Succeeded(taken)));
    assert_eq!(word(), "01");
    shop.advance(2 * DAY_MS);
    assert_eq!(word(), "01", "over, and paid");
}

#[test]
fn held_money_is_pending_until_it_is_sent_back() {
    let shop = Shop::orders();
    let link = shop.requested(&payment_request("HELD"));
    let held = shop.pay(&link, Says::TooMuch);
    assert_eq!(held.state.word(), "held");
    assert_eq!(code(&shop.order_status("HELD")), "402");
    let (merchant_id, payment_id) = (held.merchant_id, held.id);
    let decision = HoldDecision::Refund;
    let idempotency = None;
    shop.submit(DecideHold { merchant_id, link_id: link.id, payment_id, decision, idempotency });
    assert_eq!(code(&shop.order_status("HELD")), "227");
}

#[test]
fn an_unpaid_order_fails_when_its_time_is_over_or_it_is_cancelled() {
    let shop = Shop::orders();
    shop.requested(&payment_request("LATE"));
    shop.advance(DAY_MS - 60_000);
    assert_eq!(code(&shop.order_status("LATE")), "402");
    shop.advance(60_000);
    let answer = shop.order_status("LATE").json();
    assert_eq!(answer["body"]["resultInfo"]["resultCode"], "227");
    assert_eq!(answer["body"].get("txnId"), None, "nobody tried to pay");
    assert_eq!(answer["body"]["txnAmount"], "1303.00");
    let link = shop.requested(&payment_request("GONE"));
    assert_eq!(shop.post(&format!("/v1/links/{}/cancel", link.id.get()), &json!({})).status, 200);
    assert_eq!(code(&shop.order_status("GONE")), "227");
}

#[test]
fn money_that_went_back_is_a_failure_until_the_order_is_paid_again() {
    let shop = Shop::orders();
    let link = shop.requested(&payment_request("BACK"));
    let paid = shop.pay(&link, Says::Paid);
    shop.reverse(&paid);
    assert_eq!(code(&shop.order_status("BACK")), "227");
    shop.pay(&link, Says::Paid);
    assert_eq!(code(&shop.order_status("BACK")), "01");
}

#[test]
fn what_is_not_plain_is_left_out_of_a_signed_body() {
    let shop = Shop::paytm();
    let mut body = with(fixed(), "orderId", "आदेश");
    body["merchantUniqueReference"] = json!("it's");
    let link = shop.link(&shop.create(&body));
    shop.pay(&link, Says::Paid);
    let answer = shop.order_status("आदेश");
    assert_eq!(code(&answer), "01");
    assert!(answer.text.is_ascii() && !answer.text.contains('\''), "{}", answer.text);
    assert_eq!(answer.json()["body"].get("orderId"), None);
    let body = with(with(fixed(), "orderId", "O 1"), "merchantUniqueReference", "M-1");
    let link = shop.link(&shop.create(&body));
    shop.pay(&link, Says::Paid);
    let told = shop.order_status("O 1").json();
    assert_eq!(
        (&told["body"]["orderId"], &told["body"]["merchantUniqueReference"]),
        (&json!("O 1"), &json!("M-1"))
    );
}

#[test]
fn every_end_is_told_to_the_webhook_as_it_was() {
    let shop = Shop::orders();
    let link = shop.requested(&payment_request("HOOK"));
    shop.pay(&link, Says::Declined);
    let paid = shop.pay(&link, Says::Paid);
    shop.reverse(&paid);
    let told: Vec<_> = shop
        .deliveries(&link)
        .into_iter()
        .map(|(delivery, call)| {
            assert_eq!(
                (delivery.url.as_str(), call.content_type),
                ("https://hooks.example/paytm", "application/json")
            );
            assert!(
                call.body.is_ascii() && call.body.starts_with("{\"head\":{\"signature\":\""),
                "{}",
                call.body
            );
            let value: serde_json::Value = serde_json::from_str(&call.body).unwrap();
            let text = |name: &str| value["body"][name].as_str().unwrap().to_owned();
            [text("status"), text("respCode"), text("orderId")]
        })
        .collect();
    assert_eq!(told, [["TXN_FAILURE", "227", "HOOK"], ["TXN_SUCCESS", "01", "HOOK"]]);
}

#[test]
fn overload_and_http_itself_are_told_by_http_too() {
    let shop = Shop::orders();
    let large = "x".repeat(256 * 1024 + 1);
    for (path, code) in [(SEND, "GE_0003"), (RESEND, "GE_0003"), (STATUS, "501")] {
        let answer = shop.order_raw(path, large.clone());
        assert_eq!((answer.status.as_u16(), answer.row()[0].as_str()), (413, code));
        let request = axum::http::Request::post(path).header("content-encoding", "gzip");
        let answer = shop.send(request.body(axum::body::Body::from("x")).unwrap());
        assert_eq!((answer.status.as_u16(), answer.row()[0].as_str()), (415, code));
    }
    assert_eq!(shop.order_status("WARM").row()[0], "334", "the merchant is known by now");
    shop.engine().stop();
    for (path, code) in [(SEND, "GE_0003"), (RESEND, "GE_0003"), (STATUS, "501")] {
        let mut body = payment_request("BUSY");
        body["orderId"] = json!("BUSY");
        let answer = shop.order_call(path, &body);
        assert_eq!((answer.status.as_u16(), answer.row()[0].as_str()), (503, code), "{path}");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}

#[test]
fn an_open_end_stands_above_a_later_failure() {
    let shop = Shop::orders();
    let link = shop.requested(&payment_request("OPEN"));
    let waits = shop.pay(&link, Says::Nothing);
    shop.advance(HOUR_MS);
    let (merchant_id, payment_id) = (waits.merchant_id, waits.id);
    shop.submit(KeepWaiting { merchant_id, link_id: link.id, payment_id });
    let failed = shop.pay(&link, Says::Declined);
    assert!(failed.created_at > waits.created_at);
    let told = shop.order_status("OPEN");
    assert_eq!(code(&told), "402", "the first may still be paid: {}", told.text);
    assert_eq!(told.json()["body"]["txnId"], waits.id.get().to_string());
}

#[test]
fn payments_are_asked_about_by_their_merchant_and_by_the_id_that_callbacks_tell() {
    let keys = |slug| with_keys(payee(slug), &[("C11", KEY)]);
    let shop = Shop::open(vec![keys("demo"), keys("other")]);
    let link = shop.link(&shop.create(&with(fixed(), "orderId", "FIRST")));
    let (first, second) = (shop.pay(&link, Says::Paid), shop.pay(&link, Says::Paid));
    let (first, second) = (first.id.get().to_string(), second.id.get().to_string());
    let ask = |who: &str, id: &str| code(&shop.order_call(STATUS, &json!({"mid": mid(who), "orderId": id})));
    assert_eq!([ask("demo", "FIRST"), ask("demo", &first), ask("demo", &second)], ["01", "334", "01"]);
    assert_eq!([ask("other", "FIRST"), ask("other", &first), ask("other", &second)], ["334"; 3]);
    assert_eq!(shop.order_status("FIRST").json()["body"]["txnId"], first);
}

#[test]
fn of_links_with_one_order_id_the_newest_of_the_merchant_is_meant() {
    let keys = |slug| with_keys(payee(slug), &[("C11", KEY)]);
    let shop = Shop::open(vec![keys("demo"), keys("other")]);
    let order = |who: &str| with(with(fixed(), "mid", mid(who)), "linkOrderId", "SAME");
    let old = shop.link(&shop.create(&order("demo")));
    shop.pay(&old, Says::Declined);
    shop.create(&order("other"));
    assert_eq!(code(&shop.order_status("SAME")), "227");
    shop.create(&order("demo"));
    assert_eq!(code(&shop.order_status("SAME")), "402");
}
