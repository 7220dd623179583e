//! A link that is changed while it lives: with its job, its end, and a crowd that pays it meanwhile.

use kadi_domain::amount::Minor;
use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::customer::{Contact, name_index};
use kadi_domain::edit::{Edit, Term};
use kadi_domain::event::EventKind;
use kadi_domain::job::JobKind;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::refusal::Refusal;
use kadi_domain::secret::Pii;
use kadi_domain::time::MINUTE_MS;
use kadi_engine::command::Failure;
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::commands::update_link::UpdateLink;

use crate::gate::{hold, queued};
use crate::rail::{attempt, succeeded};
use crate::world::{World, import, many, merchant, once};

fn update(link: &Link, wished: Edit) -> UpdateLink {
    UpdateLink { merchant_id: link.merchant_id, link_id: link.id, wished }
}

fn max(max: i64) -> Edit {
    Edit { max_payments: Some(max), ..Edit::default() }
}

fn amount(amount: i64) -> Edit {
    Edit { amount: Some(Minor::new(amount)), ..Edit::default() }
}

async fn kinds(world: &World, link: &Link) -> Vec<EventKind> {
    let id = link.id;
    let events = world.read(move |reader| reader.events_of(id)).await;
    events.into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn the_job_of_the_expiry_goes_with_the_end() {
    let world = World::new().await;
    let link = world.link(NewLink { expiry: Expiry::After { ms: 10 * MINUTE_MS }, ..once() }).await;
    let end = |minutes: i64| Edit {
        expires_at: Some(world.engine.now().plus_ms(minutes * MINUTE_MS)),
        ..Edit::default()
    };
    let due = || async { world.job(JobKind::ExpireLink, link.id.get()).await.map(|job| job.due_at) };
    for wished in [end(20), end(5)] {
        let changed = world.engine.submit(update(&link, wished.clone())).await.unwrap();
        assert_eq!((changed.expires_at, due().await), (wished.expires_at, wished.expires_at));
    }
    world.pass(6).await;
    let late = world.engine.submit(update(&link, end(20))).await;
    assert_eq!(late, Err(Failure::Refused(Refusal::LinkExpired)), "there is no way back");
    let expire = ExpireLink { merchant_id: link.merchant_id, link_id: link.id };
    world.engine.submit(expire).await.unwrap();
    assert_eq!(kinds(&world, &link).await, [EventKind::LinkCreated, EventKind::LinkExpired]);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_link_that_is_full_by_its_new_terms_is_completed_and_told_so() {
    let world = World::new().await;
    let link = world.link(many(Some(3))).await;
    let start = StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt() };
    let payment = world.engine.submit(start).await.unwrap().either();
    let none_left = world.engine.submit(update(&link, max(1))).await.unwrap();
    assert_eq!(none_left.status, LinkStatus::Active, "the only payment is still under way");
    world.engine.submit(update(&link, max(2))).await.unwrap();
    world.engine.submit(RecordReport::about(&payment, succeeded(&payment))).await.unwrap();
    let full = world.engine.submit(update(&link, max(1))).await.unwrap();
    assert!(matches!(full.status, LinkStatus::Completed { .. }), "{full:?}");
    let told = [EventKind::LinkCreated, EventKind::PaymentCaptured, EventKind::LinkCompleted];
    assert_eq!(kinds(&world, &link).await, told);
    assert_eq!(world.job(JobKind::ExpireLink, link.id.get()).await, None);
    let again = world.engine.submit(update(&link, max(2))).await;
    assert_eq!(again, Err(Failure::Refused(Refusal::LinkCompleted)));
    assert_eq!(world.read(move |reader| reader.edits_of(link.id)).await.len(), 3);
    world.assert_clean().await;
}

#[tokio::test]
async fn who_has_a_name_gets_another_and_nobody_else_one() {
    let world = World::new().await;
    let named = |name: &str| Contact { name: Some(Pii::new(name.to_owned())), ..Contact::default() };
    let rename = |name: &str| Edit { payer_name: named(name).name, ..Edit::default() };
    let link = world.link(NewLink { contact: named("Asha Rao"), ..once() }).await;
    world.engine.submit(update(&link, rename("Asha Menon"))).await.unwrap();
    let customer = world.read(move |reader| reader.customer(link.customer_id.unwrap())).await.unwrap();
    assert_eq!(customer.open(world.engine.keys()).unwrap(), named("Asha Menon"));
    let index = name_index(world.engine.keys(), "asha menon").unwrap().to_vec();
    assert_eq!(customer.name_index, Some(index), "found by the new name");
    let mobile = Some(Pii::new("9000000001".to_owned()));
    for contact in [Contact::default(), Contact { mobile, ..Contact::default() }] {
        let nobody = world.link(NewLink { contact, ..once() }).await;
        let refused = world.engine.submit(update(&nobody, rename("Asha"))).await;
        assert_eq!(refused, Err(Failure::Refused(Refusal::TermFixed(Term::PayerName))));
    }
}

#[tokio::test]
async fn nobody_changes_another_merchants_link() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let stranger = import(&world.engine, merchant("stranger")).await;
    let asked = UpdateLink { merchant_id: stranger, ..update(&link, amount(500)) };
    assert_eq!(world.engine.submit(asked).await, Err(Failure::Refused(Refusal::LinkUnknown)));
    assert_eq!(world.stored(link.id).await, link);
}

#[tokio::test]
async fn payers_and_changes_in_one_batch_leave_no_more_than_may_be() {
    let world = World::new().await;
    let link = world.link(many(Some(100))).await;
    let held = hold(&world.engine);
    let (mut starts, mut updates) = (Vec::new(), Vec::new());
    for round in 0..40 {
        for _ in 0..3 {
            let start = StartPayment { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt() };
            starts.push(queued(&world.engine, start));
        }
        updates.push((round, queued(&world.engine, update(&link, max(60 + round % 7)))));
        updates.push((round, queued(&world.engine, update(&link, amount(500 + round)))));
    }
    held.open().await;
    let (mut started, mut refused) = (Vec::new(), 0);
    for call in starts {
        match call.await {
            Ok(payment) => started.push(payment.either()),
            Err(failure) => {
                assert_eq!(failure, Failure::Refused(Refusal::LinkBusy));
                refused += 1;
            }
        }
    }
    for (round, call) in updates {
        let end = call.await;
        let is_taken = end == Err(Failure::Refused(Refusal::TermTaken(Term::MaxPayments)));
        assert!(end.is_ok() || is_taken, "{round}: {end:?}");
    }
    assert!(refused > 0 && (60..=66).contains(&started.len()), "{} started", started.len());
    let prices: std::collections::BTreeSet<i64> =
        started.iter().map(|payment| payment.applied.get()).collect();
    assert!(prices.len() > 10, "each pays the price of its moment: {prices:?}");
    world.assert_clean().await;
    for payment in &started {
        world.engine.submit(RecordReport::about(payment, succeeded(payment))).await.unwrap();
    }
    let paid = world.stored(link.id).await;
    let sum: i64 = started.iter().map(|payment| payment.applied.get()).sum();
    assert_eq!(paid.sums.captured, Minor::new(sum));
    world.assert_clean().await;
}
