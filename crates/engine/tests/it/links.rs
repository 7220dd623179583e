//! A link's life between its making and its end: opened, cancelled, expired, each told once.

use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::event::EventKind;
use kadi_domain::id::LinkId;
use kadi_domain::job::JobKind;
use kadi_domain::link::{Link, LinkStatus, LinkWord};
use kadi_domain::refusal::Refusal;
use kadi_domain::time::MINUTE_MS;
use kadi_engine::command::Failure;
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::expire_link::ExpireLink;
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;

use crate::rail::{attempt, reversed, succeeded};
use crate::world::{World, import, merchant, once};

fn expiring() -> NewLink {
    NewLink { expiry: Expiry::After { ms: 10 * MINUTE_MS }, ..once() }
}

fn expire(link: &Link) -> ExpireLink {
    ExpireLink { merchant_id: link.merchant_id, link_id: link.id }
}

fn cancel(link: &Link) -> CancelLink {
    CancelLink { merchant_id: link.merchant_id, link_id: link.id, idempotency: None, also: Vec::new() }
}

async fn events(world: &World, link: LinkId) -> Vec<EventKind> {
    let events = world.read(move |reader| reader.events_of(link)).await;
    events.into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn an_expiry_is_told_once_and_only_when_the_time_is_over() {
    let world = World::new().await;
    let link = world.link(expiring()).await;
    world.engine.submit(expire(&link)).await.unwrap();
    assert_eq!(events(&world, link.id).await, [EventKind::LinkCreated]);
    assert!(world.job(JobKind::ExpireLink, link.id.get()).await.is_some(), "too early: the job stays");

    world.pass(10).await;
    let now = world.engine.now();
    assert_eq!(world.stored(link.id).await.word(now), LinkWord::Expired, "the clock alone expires a link");
    for _ in 0..3 {
        world.engine.submit(expire(&link)).await.unwrap();
    }
    assert_eq!(events(&world, link.id).await, [EventKind::LinkCreated, EventKind::LinkExpired]);
    assert_eq!(world.job(JobKind::ExpireLink, link.id.get()).await, None);
    assert!(matches!(world.stored(link.id).await.status, LinkStatus::Expired { .. }));
    let refused = world.engine.submit(cancel(&link)).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::LinkExpired)));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_link_that_has_ended_does_not_expire_any_more() {
    let world = World::new().await;
    let link = world.link(expiring()).await;
    world.engine.submit(cancel(&link)).await.unwrap();
    assert_eq!(world.job(JobKind::ExpireLink, link.id.get()).await, None);
    world.pass(11).await;
    world.engine.submit(expire(&link)).await.unwrap();
    assert_eq!(events(&world, link.id).await, [EventKind::LinkCreated, EventKind::LinkCancelled]);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_reopened_link_expires_at_its_old_time() {
    let world = World::new().await;
    let link = world.link(expiring()).await;
    let start = StartPayment { merchant_id: world.merchant, link_id: link.id, attempt: attempt() };
    let payment = world.engine.submit(start).await.unwrap().either();
    world.engine.submit(RecordReport::about(&payment, succeeded(&payment))).await.unwrap();
    assert_eq!(world.job(JobKind::ExpireLink, link.id.get()).await, None, "a completed link cannot expire");
    world.engine.submit(RecordReport::about(&payment, reversed(&payment))).await.unwrap();
    let job = world.job(JobKind::ExpireLink, link.id.get()).await.unwrap();
    assert_eq!(Some(job.due_at), link.expires_at);
    world.pass(10).await;
    world.engine.submit(expire(&link)).await.unwrap();
    assert!(matches!(world.stored(link.id).await.status, LinkStatus::Expired { .. }));
    world.assert_clean().await;
}

#[tokio::test]
async fn only_the_first_opening_is_told() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let open = || OpenLink { merchant_id: link.merchant_id, link_id: link.id };
    world.engine.submit(open()).await.unwrap();
    let opened_at = world.stored(link.id).await.opened_at;
    assert!(opened_at.is_some());
    world.pass(5).await;
    world.engine.submit(open()).await.unwrap();
    assert_eq!(world.stored(link.id).await.opened_at, opened_at);
    assert_eq!(events(&world, link.id).await, [EventKind::LinkCreated, EventKind::LinkOpened]);
    world.assert_clean().await;
}

#[tokio::test]
async fn another_merchants_link_and_an_unknown_one_are_equally_unknown() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let other = import(&world.engine, merchant("other")).await;
    let foreign = CancelLink { merchant_id: other, ..cancel(&link) };
    let absent = CancelLink { link_id: LinkId::new(link.id.get() + 1), ..cancel(&link) };
    for command in [foreign, absent] {
        assert_eq!(world.engine.submit(command).await, Err(Failure::Refused(Refusal::LinkUnknown)));
    }
    assert_eq!(world.stored(link.id).await.status, LinkStatus::Active);
}
