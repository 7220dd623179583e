//! Messages: written with their link, tried after the table, never sent again once they were accepted.

use kadi_domain::create::NewLink;
use kadi_domain::customer::Contact;
use kadi_domain::id::MessageId;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::message::{ChannelKind, Message, MessageState};
use kadi_domain::secret::Pii;
use kadi_domain::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::send_message::{RecordSending, Sending};

use crate::world::{World, once};

/// The delays before each further try, before jitter (send_message.rs).
const DELAYS_MS: [i64; 9] = [
    10 * SECOND_MS,
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    12 * HOUR_MS,
    24 * HOUR_MS,
];

async fn queued_message(world: &World) -> Message {
    let contact = Contact { mobile: Some(Pii::new("9000000001")), ..Contact::default() };
    let link = world.link(NewLink { contact, send: vec![ChannelKind::Sms], ..once() }).await;
    assert_eq!(link.sent_at, Some(link.created_at));
    let messages = world.read(|reader| reader.messages(None, 10)).await;
    let [message] = messages.try_into().unwrap();
    message
}

/// A worker takes the message's job and reports what its provider said.
async fn attempt(world: &World, id: MessageId, sending: Sending) {
    let key = JobKey { kind: JobKind::SendMessage, subject: id.get() };
    let leased_until = world.engine.real_now().plus_ms(HOUR_MS);
    let lease = LeaseJob { merchant_id: world.merchant, key, leased_until };
    world.engine.submit(lease).await.unwrap();
    record(world, id, sending).await;
}

async fn record(world: &World, message_id: MessageId, sending: Sending) {
    let merchant_id = world.merchant;
    world.engine.submit(RecordSending { merchant_id, message_id, first_of: None, sending }).await.unwrap();
}

async fn state(world: &World, id: MessageId) -> MessageState {
    world.read(move |reader| reader.message(id)).await.unwrap().state
}

fn later() -> Sending {
    Sending::Later("busy".to_owned())
}

#[tokio::test]
async fn a_message_is_tried_after_the_table_and_then_has_failed() {
    let world = World::new().await;
    let id = queued_message(&world).await.id;
    for delay_ms in DELAYS_MS {
        let before = world.engine.now();
        attempt(&world, id, later()).await;
        assert_eq!(state(&world, id).await, MessageState::Queued);
        let job = world.job(JobKind::SendMessage, id.get()).await.unwrap();
        assert_eq!(job.leased_until, None);
        let waits = job.due_at.ms() - before.ms();
        let most = delay_ms + delay_ms / 10 + SECOND_MS;
        assert!((delay_ms..=most).contains(&waits), "{waits} instead of {delay_ms}");
        world.assert_clean().await;
        world.engine.advance_clock(waits).await.unwrap();
    }
    attempt(&world, id, later()).await;
    let MessageState::Failed { reason, .. } = state(&world, id).await else { panic!("not failed") };
    assert_eq!(reason, "busy");
    assert_eq!(world.job(JobKind::SendMessage, id.get()).await, None);
    world.assert_clean().await;
}

#[tokio::test]
async fn an_accepted_message_is_never_sent_again() {
    let world = World::new().await;
    let id = queued_message(&world).await.id;
    attempt(&world, id, Sending::Accepted("ref 1".to_owned())).await;
    let sent = state(&world, id).await;
    assert!(matches!(&sent, MessageState::Sent { reference, .. } if reference == "ref 1"));
    assert_eq!(world.job(JobKind::SendMessage, id.get()).await, None);
    // A second worker whose lease had run out comes late with any other word.
    for word in [Sending::Accepted("ref 2".to_owned()), Sending::Refused("no".to_owned()), later()] {
        record(&world, id, word).await;
        assert_eq!(state(&world, id).await, sent);
        assert_eq!(world.job(JobKind::SendMessage, id.get()).await, None);
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn an_acceptance_that_comes_late_ends_further_tries() {
    let world = World::new().await;
    let id = queued_message(&world).await.id;
    attempt(&world, id, later()).await;
    record(&world, id, Sending::Accepted("ref".to_owned())).await;
    assert!(matches!(state(&world, id).await, MessageState::Sent { .. }));
    assert_eq!(world.job(JobKind::SendMessage, id.get()).await, None);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_refused_message_has_failed_at_once() {
    let world = World::new().await;
    let id = queued_message(&world).await.id;
    attempt(&world, id, Sending::Refused("no such number".to_owned())).await;
    assert!(matches!(state(&world, id).await, MessageState::Failed { .. }));
    assert_eq!(world.job(JobKind::SendMessage, id.get()).await, None);
    world.assert_clean().await;
}
