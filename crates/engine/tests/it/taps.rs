//! One form of a link's page is one payment, however often and whenever it is sent.

use kadi_domain::amount::Minor;
use kadi_domain::attempt::{Attempt, AttemptToken};
use kadi_domain::link::Link;
use kadi_domain::payment::Payment;
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::pay::{Pay, pay};

use crate::gate::{hold, queued};
use crate::rail::{TestRail, attempt};
use crate::world::{World, many, once};

/// A choice on which the rail of the tests panics: it is not called.
const NOT_CALLED: &str = "not called";

fn sent(form: u8) -> Attempt {
    Attempt { token: Some(AttemptToken::new([form; 16])), ..attempt() }
}

async fn tap(world: &World, link: &Link, form: u8, choice: &str) -> Result<Payment, Failure> {
    let (merchant_id, link_id, choice) = (link.merchant_id, link.id, choice.to_owned());
    let asked = Pay { merchant_id, link_id, attempt: sent(form), choice };
    let payment = pay(&world.engine, &TestRail::default(), asked).await?;
    // How often the row was changed is not told to payers.
    Ok(Payment { version: 0, ..payment })
}

#[tokio::test]
async fn a_form_that_is_sent_again_shows_its_payment_and_a_new_one_pays_again() {
    let world = World::new().await;
    let link = world.link(many(None)).await;
    let first = tap(&world, &link, 1, "success").await.unwrap();
    assert_eq!(tap(&world, &link, 1, NOT_CALLED).await, Ok(first.clone()));
    assert_eq!(world.stored(link.id).await.sums.captured, Minor::new(1_000));
    let second = tap(&world, &link, 2, "success").await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(world.stored(link.id).await.sums.captured, Minor::new(2_000));
    // A token counts for its link alone: elsewhere it tells nothing of this payment.
    let other = world.link(many(None)).await;
    assert_eq!(tap(&world, &other, 1, "success").await.unwrap().link_id, other.id);
    let world = world.restarted();
    assert_eq!(tap(&world, &link, 1, NOT_CALLED).await.map(|payment| payment.id), Ok(first.id));
}

#[tokio::test]
async fn taps_that_come_together_are_one_reservation() {
    let world = World::new().await;
    let link = world.link(many(None)).await;
    let start = || StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt: sent(7) };
    let held = hold(&world.engine);
    let calls: Vec<_> = (0..5).map(|_| queued(&world.engine, start())).collect();
    held.open().await;
    let (mut done, mut again) = (Vec::new(), Vec::new());
    for call in calls {
        match call.await.unwrap() {
            Once::Done(payment) => done.push(payment),
            Once::Replayed(payment) => again.push(payment),
        }
    }
    assert_eq!((done.len(), again), (1, vec![done[0].clone(); 4]));
    let sums = world.stored(link.id).await.sums;
    assert_eq!((sums.reserved, sums.reserved_count), (Minor::new(1_000), 1));
    // The rail was not called yet: the second tap waits as the first does, and calls nobody.
    assert_eq!(tap(&world, &link, 7, NOT_CALLED).await, Ok(done[0].clone()));
}

#[tokio::test]
async fn the_form_that_closed_a_link_shows_its_payment_and_others_hear_that_it_is_closed() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let paid = tap(&world, &link, 1, "success").await.unwrap();
    assert_eq!(tap(&world, &link, 1, NOT_CALLED).await, Ok(paid));
    let closed = Err(Failure::Refused(Refusal::LinkCompleted));
    assert_eq!(tap(&world, &link, 2, NOT_CALLED).await, closed);
}

#[tokio::test]
async fn a_payment_that_failed_stays_failed_until_the_page_is_opened_anew() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let failed = tap(&world, &link, 1, "failure").await.unwrap();
    assert_eq!(tap(&world, &link, 1, NOT_CALLED).await, Ok(failed));
    assert_eq!(tap(&world, &link, 2, "success").await.unwrap().state.word(), "captured");
}
