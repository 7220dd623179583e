//! Giving money back through a rail that answers, stays silent or has never heard of it.

use kadi_domain::amount::Minor;
use kadi_domain::job::JobKind;
use kadi_domain::payment::Payment;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::Refund;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::record_refund::RecordRefund;
use kadi_engine::commands::request_refund::RequestRefund;
use kadi_engine::give_back::give_back;
use kadi_engine::pay::{Pay, pay};
use kadi_engine::ports::RefundWord;

use crate::rail::{TestRail, attempt};
use crate::world::{World, once};

async fn paid(world: &World) -> Payment {
    let link = world.link(once()).await;
    let wish = Pay {
        merchant_id: link.merchant_id,
        link_id: link.id,
        attempt: attempt(),
        choice: "success".to_owned(),
    };
    pay(&world.engine, &TestRail::default(), wish).await.unwrap()
}

async fn asked(world: &World, payment: &Payment, amount: i64) -> Refund {
    let command = RequestRefund {
        merchant_id: payment.merchant_id,
        link_id: payment.link_id,
        payment_id: payment.id,
        amount: Minor::new(amount),
        of: None,
        idempotency: None,
    };
    match world.engine.submit(command).await.unwrap() {
        Once::Done(refund) => *refund,
        Once::Replayed(id) => panic!("{id:?} was there before"),
    }
}

async fn stored(world: &World, refund: &Refund) -> Refund {
    let id = refund.id;
    world.read(move |reader| reader.refund(id)).await.unwrap()
}

async fn is_watched(world: &World, refund: &Refund) -> bool {
    world.job(JobKind::RefundPayment, refund.id.get()).await.is_some()
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_and_the_money_goes_back_once() {
    let world = World::new().await;
    let payment = paid(&world).await;
    let refund = asked(&world, &payment, 400).await;
    let rail = TestRail::default();
    rail.refunds.lock().unwrap().told = Some(RefundWord::Silence);
    give_back(&world.engine, &rail, &payment, &refund, true).await.unwrap();
    assert_eq!(stored(&world, &refund).await.state.word(), "pending");
    assert!(is_watched(&world, &refund).await);
    for _ in 0..2 {
        let now = stored(&world, &refund).await;
        give_back(&world.engine, &rail, &payment, &now, false).await.unwrap();
        assert_eq!(stored(&world, &refund).await.state.word(), "succeeded");
        assert!(!is_watched(&world, &refund).await);
    }
    let orders: Vec<i64> = rail.refunds.lock().unwrap().done.values().map(|(sum, _)| sum.get()).collect();
    assert_eq!(orders, [400], "the rail gave back once");
    world.assert_clean().await;
}

#[tokio::test]
async fn an_order_that_never_arrived_is_given_again() {
    let world = World::new().await;
    let payment = paid(&world).await;
    let refund = asked(&world, &payment, 400).await;
    let rail = TestRail::default();
    give_back(&world.engine, &rail, &payment, &refund, false).await.unwrap();
    assert_eq!(stored(&world, &refund).await.state.word(), "succeeded");
    world.assert_clean().await;
}

#[tokio::test]
async fn a_notice_of_failure_is_believed_only_once_the_rail_was_asked() {
    let world = World::new().await;
    let payment = paid(&world).await;
    let refund = asked(&world, &payment, 400).await;
    let failed = RefundReport::Failed { reason: "closed".to_owned() };
    let heard = world.engine.submit(RecordRefund::about(&refund, failed.clone())).await.unwrap();
    assert_eq!(heard.state.word(), "pending");
    assert!(is_watched(&world, &refund).await);
    let rail = TestRail::default();
    rail.refunds.lock().unwrap().done.insert(refund.id, (refund.amount, failed));
    give_back(&world.engine, &rail, &payment, &refund, false).await.unwrap();
    assert_eq!(stored(&world, &refund).await.state.word(), "failed");
    assert_eq!(world.payment(payment.id).await.refundable().unwrap(), Minor::new(1_000));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_success_that_a_notice_denies_is_settled_by_the_rails_own_word() {
    for (truth, word) in [
        (RefundReport::Succeeded { reference: "RFN".to_owned() }, "succeeded"),
        (RefundReport::Failed { reason: "closed".to_owned() }, "reversed"),
    ] {
        let world = World::new().await;
        let payment = paid(&world).await;
        let refund = asked(&world, &payment, 400).await;
        let rail = TestRail::default();
        give_back(&world.engine, &rail, &payment, &refund, true).await.unwrap();
        let failed = RefundReport::Failed { reason: "closed".to_owned() };
        world.engine.submit(RecordRefund::about(&refund, failed)).await.unwrap();
        let denied = stored(&world, &refund).await;
        assert_eq!(denied.state.word(), "succeeded");
        assert!(is_watched(&world, &refund).await);
        rail.refunds.lock().unwrap().done.insert(refund.id, (refund.amount, truth));
        give_back(&world.engine, &rail, &payment, &denied, true).await.unwrap();
        assert_eq!(stored(&world, &refund).await.state.word(), word);
        assert!(!is_watched(&world, &refund).await);
        world.assert_clean().await;
    }
}
