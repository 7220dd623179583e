//! What follows from an event: the event row itself, one delivery with its job for each subscriber, and the
//! payer's receipt.

use crate::delivery::{Delivery, DeliveryState, Subscription};
use crate::event::{Event, EventKind, LinkFacts};
use crate::id::{CustomerId, DeliveryId, EventId, MessageId, PaymentId, RefundId};
use crate::job::{Job, JobKind};
use crate::link::Link;
use crate::merchant::Merchant;
use crate::message::{ChannelKind, Message, MessageState, Occasion};
use crate::moment::Moment;
use crate::refusal::Fault;
use crate::time::Timestamp;
use crate::work::Changes;

/// Writes an event of `link` (whose event count grows by one) with all deliveries into `changes`.
pub fn announce(
    link: &mut Link,
    merchant: &Merchant,
    subscriptions: &[Subscription],
    kind: EventKind,
    payment: Option<PaymentId>,
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<(), Fault> {
    write((link, merchant, subscriptions), kind, (payment, None), changes, moment)
}

/// Writes an event about a refund, as [`announce`] does.
pub fn announce_refund(
    link: &mut Link,
    merchant: &Merchant,
    subscriptions: &[Subscription],
    kind: EventKind,
    refund: RefundId,
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<(), Fault> {
    write((link, merchant, subscriptions), kind, (None, Some(refund)), changes, moment)
}

fn write(
    (link, merchant, subscriptions): (&mut Link, &Merchant, &[Subscription]),
    kind: EventKind,
    (payment_id, refund_id): (Option<PaymentId>, Option<RefundId>),
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<(), Fault> {
    link.event_count += 1;
    let event = Event {
        id: EventId::new(moment.mint(link.merchant_id)?),
        merchant_id: link.merchant_id,
        link_id: link.id,
        number: link.event_count,
        kind,
        payment_id,
        refund_id,
        at: moment.now,
        facts: LinkFacts::of(link, moment.now),
    };
    for subscription in subscriptions.iter().filter(|s| s.events.contains(kind)) {
        let own = |name| merchant.setting(subscription.dialect, name).map(str::to_owned);
        let fallback = || own(WEBHOOK_URL).or_else(|| own(CALLBACK_URL));
        let Some(url) = subscription.url.clone().or_else(fallback) else { continue };
        let id = DeliveryId::new(moment.mint(link.merchant_id)?);
        changes.deliveries.new.push(Delivery {
            id,
            merchant_id: link.merchant_id,
            link_id: link.id,
            event_id: event.id,
            dialect: subscription.dialect,
            form: subscription.form,
            url,
            created_at: moment.now,
            attempts: 0,
            last_status: None,
            last_answer: None,
            state: DeliveryState::Waiting,
        });
        changes.jobs.new.push(Job::new(JobKind::Deliver, id.get(), link.merchant_id, moment.now));
    }
    let wants_receipt = kind == EventKind::PaymentCaptured && merchant.receipts && link.terms.has_email;
    if let (Some(customer), true) = (link.customer_id, wants_receipt && moment.setup.has(ChannelKind::Email))
    {
        let occasion = Occasion::Receipt { event_id: event.id };
        queue_message(link, customer, ChannelKind::Email, (occasion, moment.now), changes, moment)?;
    }
    changes.events.push(event);
    Ok(())
}

/// Writes a message with its job, which is due then; the message has the date of that time.
pub(crate) fn queue_message(
    link: &Link,
    customer_id: CustomerId,
    channel: ChannelKind,
    (occasion, due): (Occasion, Timestamp),
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<(), Fault> {
    let id = MessageId::new(moment.mint(link.merchant_id)?);
    changes.messages.new.push(Message {
        id,
        merchant_id: link.merchant_id,
        link_id: link.id,
        customer_id,
        channel,
        occasion,
        created_at: due,
        state: MessageState::Queued,
    });
    changes.jobs.new.push(Job::new(JobKind::SendMessage, id.get(), link.merchant_id, due));
    Ok(())
}

/// The name of the setting that holds a merchant's address for webhooks.
pub const WEBHOOK_URL: &str = "webhook_url";
/// Its name where the dialect calls them callbacks.
pub const CALLBACK_URL: &str = "callback_url";
