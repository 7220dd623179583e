//! Deliveries: one for each subscriber of an event, tried after the dialect's table, parked and never
//! dropped.

use kadi_domain::create::NewLink;
use kadi_domain::delivery::{Delivery, DeliveryState, EventSet, Subscription};
use kadi_domain::event::EventKind;
use kadi_domain::follow_up::WEBHOOK_URL;
use kadi_domain::id::DeliveryId;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::merchant::Setting;
use kadi_domain::reference::Dialect;
use kadi_domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use kadi_engine::commands::deliver::{RecordDelivery, Verdict};
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::open_link::OpenLink;

use crate::world::{World, import, merchant, once};

static DELAYS_MS: [i64; 3] = [MINUTE_MS, 5 * MINUTE_MS, HOUR_MS];

fn subscription(url: Option<&str>, events: EventSet) -> Subscription {
    Subscription { dialect: Dialect::NATIVE, form: 1, url: url.map(str::to_owned), events }
}

/// A link whose making is told to one endpoint.
async fn delivery(world: &World) -> Delivery {
    let created = EventSet::of(&[EventKind::LinkCreated]);
    let subscriptions = vec![subscription(Some("https://shop.example/hook"), created)];
    let link = world.link(NewLink { subscriptions, ..once() }).await;
    let deliveries = world.read(move |reader| reader.deliveries_of(link.id)).await;
    let [delivery] = deliveries.try_into().unwrap();
    delivery
}

async fn attempt(world: &World, id: DeliveryId, verdict: Verdict, status: Option<i64>) {
    let key = JobKey { kind: JobKind::Deliver, subject: id.get() };
    let leased_until = world.engine.real_now().plus_ms(HOUR_MS);
    let lease = LeaseJob { merchant_id: world.merchant, key, leased_until };
    world.engine.submit(lease).await.unwrap();
    record(world, id, verdict, status).await;
}

async fn record(world: &World, delivery_id: DeliveryId, verdict: Verdict, status: Option<i64>) {
    let merchant_id = world.merchant;
    let command =
        RecordDelivery { merchant_id, delivery_id, verdict, status, answer: None, delays_ms: &DELAYS_MS };
    world.engine.submit(command).await.unwrap();
}

async fn stored(world: &World, id: DeliveryId) -> Delivery {
    world.read(move |reader| reader.delivery(id)).await.unwrap()
}

#[tokio::test]
async fn a_delivery_is_tried_after_the_table_and_then_parked() {
    let world = World::new().await;
    let id = delivery(&world).await.id;
    for (tried, delay_ms) in (1..).zip(DELAYS_MS) {
        let before = world.engine.now();
        attempt(&world, id, Verdict::Again, Some(503)).await;
        let waiting = stored(&world, id).await;
        assert_eq!(waiting.state, DeliveryState::Waiting);
        assert_eq!((waiting.attempts, waiting.last_status), (tried, Some(503)));
        let job = world.job(JobKind::Deliver, id.get()).await.unwrap();
        let waits = job.due_at.ms() - before.ms();
        let (least, most) = (delay_ms - delay_ms / 10, delay_ms + delay_ms / 10 + SECOND_MS);
        assert!((least..=most).contains(&waits), "{waits} instead of {delay_ms}");
        world.assert_clean().await;
        world.engine.advance_clock(waits).await.unwrap();
    }
    attempt(&world, id, Verdict::Again, None).await;
    let parked = stored(&world, id).await;
    assert!(matches!(parked.state, DeliveryState::Parked { .. }));
    assert_eq!((parked.attempts, parked.last_status), (4, None));
    assert_eq!(world.job(JobKind::Deliver, id.get()).await, None);
    world.assert_clean().await;
}

#[tokio::test]
async fn an_accepted_delivery_is_never_sent_again() {
    let world = World::new().await;
    let id = delivery(&world).await.id;
    attempt(&world, id, Verdict::Accepted, Some(200)).await;
    let delivered = stored(&world, id).await;
    assert!(matches!(delivered.state, DeliveryState::Delivered { .. }));
    for verdict in [Verdict::Again, Verdict::Gone, Verdict::Accepted] {
        record(&world, id, verdict, Some(500)).await;
        assert_eq!(stored(&world, id).await, delivered);
        assert_eq!(world.job(JobKind::Deliver, id.get()).await, None);
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_not_called_again() {
    let world = World::new().await;
    let id = delivery(&world).await.id;
    attempt(&world, id, Verdict::Gone, Some(410)).await;
    assert!(matches!(stored(&world, id).await.state, DeliveryState::Parked { .. }));
    assert_eq!(world.job(JobKind::Deliver, id.get()).await, None);
    world.assert_clean().await;
}

#[tokio::test]
async fn each_subscriber_hears_the_events_it_asked_for_at_its_own_address() {
    let world = World::new().await;
    let mut demo = merchant("demo");
    demo.settings = vec![Setting {
        dialect: Dialect::NATIVE,
        name: WEBHOOK_URL.into(),
        value: "https://merchant.example/hook".into(),
        identifies: false,
    }];
    import(&world.engine, demo).await;
    let opened = EventSet::of(&[EventKind::LinkOpened]);
    let elsewhere = Subscription { dialect: Dialect(9), ..subscription(None, EventSet::all()) };
    let subscriptions = vec![
        subscription(Some("https://own.example"), opened),
        subscription(None, EventSet::all()),
        elsewhere,
    ];
    let link = world.link(NewLink { subscriptions, ..once() }).await;
    world.engine.submit(OpenLink { merchant_id: world.merchant, link_id: link.id }).await.unwrap();
    let deliveries = world.read(move |reader| reader.deliveries_of(link.id)).await;
    let events = world.read(move |reader| reader.events_of(link.id)).await;
    let told: Vec<_> = deliveries
        .iter()
        .map(|delivery| {
            let event = events.iter().find(|event| event.id == delivery.event_id).unwrap();
            (event.kind, delivery.url.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            (EventKind::LinkCreated, "https://merchant.example/hook"),
            (EventKind::LinkOpened, "https://own.example"),
            (EventKind::LinkOpened, "https://merchant.example/hook"),
        ]
    );
    world.assert_clean().await;
}
