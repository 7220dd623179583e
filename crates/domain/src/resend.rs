//! Sending a link again: counted on the link itself, so that no crowd of callers sends it too often.

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
    /// The channels whose contact the customer has.
    pub channels: Vec<ChannelKind>,
    /// How often one link may be sent again in all.
    pub resends_max: i64,
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
    let customer = link.customer_id.filter(|_| !set_up.is_empty()).ok_or(Refusal::ChannelMissing)?;
    link.check_payable(moment.now)?;
    if link.resent_count >= asked.resends_max {
        return Err(Refusal::ResendsUsedUp.into());
    }
    link.resent_count += 1;
    let mut changes = Changes::default();
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
