//! The sandbox rail's memory: asked twice it remembers once, and only a waiting payment can be decided.

use kadi_domain::job::JobKind;
use kadi_domain::payment::Payment;
use kadi_domain::refusal::Refusal;
use kadi_domain::sandbox::{Charge, ChargeWord, Story};
use kadi_domain::time::MINUTE_MS;
use kadi_engine::command::Failure;
use kadi_engine::commands::sandbox_charge::{OpenCharge, SettleCharge, TellNotice};
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::ports::Start;

use crate::rail::attempt;
use crate::world::{World, once};

async fn open(world: &World, story: Story) -> (Payment, Charge) {
    let link = world.link(once()).await;
    let start = StartPayment { merchant_id: world.merchant, link_id: link.id, attempt: attempt() };
    let payment = world.engine.submit(start).await.unwrap().either();
    let charge = world.engine.submit(opening(&payment, story)).await.unwrap();
    (payment, charge)
}

fn opening(payment: &Payment, story: Story) -> OpenCharge {
    let start = Start {
        payment_id: payment.id,
        merchant_id: payment.merchant_id,
        account: payment.rail_account.clone(),
        charged: payment.charged().unwrap(),
        currency: payment.currency,
        mode: payment.mode.clone(),
        reserved_until: payment.reserved_until.unwrap(),
        choice: String::new(),
    };
    OpenCharge { start, plot: story.into() }
}

fn decide(payment: &Payment, word: ChargeWord) -> SettleCharge {
    SettleCharge { merchant_id: payment.merchant_id, payment_id: payment.id, word }
}

#[tokio::test]
async fn a_charge_is_opened_once_with_its_first_story() {
    let world = World::new().await;
    let (payment, charge) = open(&world, Story::Reversal).await;
    let again = world.engine.submit(opening(&payment, Story::Failure)).await.unwrap();
    assert_eq!(again, charge);
    let job = world.job(JobKind::RailNotice, payment.id.get()).await.unwrap();
    assert_eq!(job.due_at, charge.opened_at.plus_ms(MINUTE_MS));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_waiting_payment_is_decided_once() {
    let world = World::new().await;
    let (payment, _) = open(&world, Story::PendingThenFailure).await;
    let decided = world.engine.submit(decide(&payment, ChargeWord::Succeeded)).await.unwrap();
    assert_eq!(decided.settled, Some(ChargeWord::Succeeded));
    assert_eq!(world.job(JobKind::RailNotice, payment.id.get()).await, None, "the story is over");
    let again = world.engine.submit(decide(&payment, ChargeWord::Failed)).await;
    assert_eq!(again, Err(Failure::Refused(Refusal::PaymentNotPending)));
}

#[tokio::test]
async fn what_does_not_wait_cannot_be_decided() {
    let world = World::new().await;
    for story in [Story::Success, Story::Failure, Story::LateSuccess, Story::Reversal] {
        let (payment, _) = open(&world, story).await;
        let refused = world.engine.submit(decide(&payment, ChargeWord::Succeeded)).await;
        assert_eq!(refused, Err(Failure::Refused(Refusal::PaymentNotPending)), "{story:?}");
    }
    let (payment, _) = open(&world, Story::PendingThenSuccess).await;
    world.pass(1).await;
    let too_late = world.engine.submit(decide(&payment, ChargeWord::Failed)).await;
    assert_eq!(too_late, Err(Failure::Refused(Refusal::PaymentNotPending)));
}

#[tokio::test]
async fn each_notice_is_counted_once_and_the_job_ends_with_the_last() {
    let world = World::new().await;
    let (payment, charge) = open(&world, Story::DuplicateNotice).await;
    let tell =
        |told_before| TellNotice { merchant_id: payment.merchant_id, payment_id: payment.id, told_before };
    let told = async || {
        let id = payment.id;
        world.read(move |reader| reader.charge(id)).await.unwrap().told
    };
    assert_eq!(charge.told, 0);
    for _ in 0..2 {
        world.engine.submit(tell(0)).await.unwrap();
        assert_eq!(told().await, 1);
        assert!(world.job(JobKind::RailNotice, payment.id.get()).await.is_some());
    }
    world.engine.submit(tell(1)).await.unwrap();
    assert_eq!(told().await, 2);
    assert_eq!(world.job(JobKind::RailNotice, payment.id.get()).await, None);
}
