//! The webhook: on success only, in the common shape of the vendor's products, with a count of the tries.

use kadi_domain::delivery::DeliveryState;
use kadi_engine::commands::deliver::{RecordDelivery, Verdict};
use serde_json::{Value, json};

use crate::support::merchants::PAYSHARP_WEBHOOK;
use crate::support::paysharp::wish;
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn body(call: &kadi_dialects::telling::Call) -> Value {
    assert_eq!(call.content_type, "application/json");
    assert!(call.headers.is_empty(), "nothing signs it");
    serde_json::from_str(&call.body).unwrap()
}

#[test]
fn a_success_is_told_with_every_member() {
    let shop = Shop::paysharp();
    let made = shop.paysharp_create(&wish());
    let link = shop.link(&made);
    for says in [Says::Declined, Says::Paid] {
        shop.pay(&link, says);
    }
    let deliveries = shop.deliveries(&link);
    assert_eq!(deliveries.len(), 1, "a failure is not told");
    let (delivery, call) = &deliveries[0];
    assert_eq!(delivery.url, PAYSHARP_WEBHOOK, "byte for byte");
    let status = shop.paysharp_status(&made.id()).json()["data"].clone();
    let expected = json!({
        "orderId": format!("lp-{}", made.id()), "customerId": "9111100000", "amount": 500, "fee": 5,
        "tax": 0.9, "totalFee": 5.9, "netAmount": 494.1,
        "paysharpReferenceNo": status["paysharpReferenceNo"], "utrNumber": status["utrNumber"],
        "transactionDate": status["transactionDate"], "status": "SUCCESS",
        "remarks": "InvoiceNo-APR8910005", "source": "LINK_PAYMENT", "linkPaymentId": made.id(),
        "attemptCount": 1,
    });
    assert_eq!(body(call), expected);
    assert!(call.body.contains("\"tax\":0.90,\"totalFee\":5.90,\"netAmount\":494.10"), "{}", call.body);
}

#[test]
fn what_is_no_success_is_not_told() {
    let shop = Shop::paysharp();
    for says in [Says::Wait, Says::Nothing, Says::TooMuch, Says::Reversed, Says::Declined] {
        let link = shop.link(&shop.paysharp_create(&wish()));
        shop.pay(&link, says);
        assert!(shop.deliveries(&link).is_empty(), "{says:?}");
    }
}

/// The count grows with each try; what the endpoint said last is kept.
#[test]
fn tries_are_counted_and_the_acknowledgement_is_kept() {
    let shop = Shop::paysharp();
    let link = shop.link(&shop.paysharp_create(&wish()));
    shop.pay(&link, Says::Paid);
    let tries = [
        (Verdict::Again, Some(503), Some("busy"), DeliveryState::Waiting),
        (Verdict::Again, None, None, DeliveryState::Waiting),
    ];
    for (number, (verdict, status, answer, state)) in tries.into_iter().enumerate() {
        let (delivery, call) = shop.deliveries(&link).remove(0);
        assert_eq!(body(&call)["attemptCount"], number + 1);
        shop.submit(RecordDelivery {
            merchant_id: delivery.merchant_id,
            delivery_id: delivery.id,
            verdict,
            status,
            answer: answer.map(str::to_owned),
            delays_ms: &[1_000, 1_000, 1_000],
        });
        let delivery = shop.deliveries(&link).remove(0).0;
        assert_eq!((delivery.state, delivery.last_answer.as_deref()), (state, answer));
    }
    let (delivery, call) = shop.deliveries(&link).remove(0);
    assert_eq!(body(&call)["attemptCount"], 3);
    let said = "{\"code\":200,\"message\":\"success\"}";
    shop.submit(RecordDelivery {
        merchant_id: delivery.merchant_id,
        delivery_id: delivery.id,
        verdict: Verdict::Accepted,
        status: Some(200),
        answer: Some(said.to_owned()),
        delays_ms: &[1_000],
    });
    let delivery = shop.deliveries(&link).remove(0).0;
    assert_eq!(delivery.last_answer.as_deref(), Some(said));
    assert!(matches!(delivery.state, DeliveryState::Delivered { .. }));
}

/// A success stays one in its webhook, whatever the rail does later.
#[test]
fn a_webhook_tells_the_moment_of_its_event() {
    let shop = Shop::paysharp();
    let link = shop.link(&shop.paysharp_create(&wish()));
    let payment = shop.pay(&link, Says::Paid);
    let before = body(&shop.deliveries(&link)[0].1);
    shop.reverse(&payment);
    let deliveries = shop.deliveries(&link);
    assert_eq!(deliveries.len(), 1, "a reversal is not told");
    assert_eq!(body(&deliveries[0].1), before);
}
