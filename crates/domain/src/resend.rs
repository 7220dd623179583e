//! Sending a link again: counted on the link itself, so that no crowd of callers sends it too often.

use crate::customer::{Contact, Customer};
use crate::delivery::Subscription;
use crate::event::EventKind;
use crate::follow_up::{announce, queue_message};
use crate::link::Link;
use crate::merchant::Merchant;
use crate::message::{ChannelKind, Occasion};
use crate::moment::Moment;
use crate::refusal::{Refusal, Stop};
use crate::work::Changes;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Resend {
    /// The channels for which there is a contact.
    pub channels: Vec<ChannelKind>,
    /// Whom to, where it is somebody else than the link's customer. The link stays the customer's.
    pub to: Option<Contact>,
    /// How often one link may be sent again in all; none without limit.
    pub resends_max: Option<i64>,
}

/// Sends an active link again by each of the channels that is set up, and counts it once. Refused where none
/// is, where the link is closed, and where it was sent again often enough, in this order.
pub fn resend(
    mut link: Link,
    merchant: &Merchant,
    subscriptions: &[Subscription],
    asked: &Resend,
    moment: &mut Moment<'_>,
) -> Result<(Link, Changes), Stop> {
    merchant.check_active()?;
    let set_up: Vec<_> = asked.channels.iter().filter(|channel| moment.setup.has(**channel)).collect();
    if set_up.is_empty() || (asked.to.is_none() && link.customer_id.is_none()) {
        return Err(Refusal::ChannelMissing.into());
    }
    link.check_payable(moment.now)?;
    if asked.resends_max.is_some_and(|max| link.resent_count >= max) {
        return Err(Refusal::ResendsUsedUp.into());
    }
    link.resent_count += 1;
    let mut changes = Changes::default();
    let other = asked.to.as_ref().map(|contact| Customer::seal(contact, link.merchant_id, moment));
    changes.customers.extend(other.transpose()?);
    let other = changes.customers.first().map(|customer| customer.id);
    let customer = other.or(link.customer_id).ok_or(Refusal::ChannelMissing)?;
    let occasion = Occasion::Request { resend: link.resent_count };
    for channel in set_up {
        queue_message(&link, customer, *channel, (occasion, moment.now), &mut changes, moment)?;
    }
    if link.sent_at.is_none() {
        link.sent_at = Some(moment.now);
        announce(&mut link, merchant, subscriptions, EventKind::LinkSent, None, &mut changes, moment)?;
    }
    changes.links.changed.push(link.clone());
    Ok((link, changes))
}
