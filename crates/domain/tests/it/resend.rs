//! Sending a link again: what is counted, what is sent, and every refusal in its order.

use kadi_domain::customer::Contact;
use kadi_domain::event::EventKind;
use kadi_domain::id::CustomerId;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::merchant::Merchant;
use kadi_domain::message::ChannelKind::{self, Email, Sms, WhatsApp};
use kadi_domain::message::Occasion;
use kadi_domain::moment::{Moment, Setup};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::resend::{Resend, resend};
use kadi_domain::secret::Pii;
use kadi_domain::work::Changes;

use crate::world::{Counter, KEYS, START, merchant, once};

fn known() -> Link {
    Link { customer_id: Some(CustomerId::new(2_055)), ..once() }
}

fn send(
    link: Link,
    merchant: &Merchant,
    setup: &Setup,
    channels: &[ChannelKind],
    resends_max: i64,
) -> Result<(Link, Changes), Refusal> {
    let mut source = Counter::at(100);
    let mut moment = Moment::new(START, START, setup, &KEYS, &mut source);
    let asked = Resend { channels: channels.to_vec(), to: None, resends_max: Some(resends_max) };
    resend(link, merchant, &[], &asked, &mut moment).map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal,
        Stop::Broken(fault) => panic!("{fault}"),
    })
}

#[test]
fn each_resend_counts_once_and_sends_by_every_channel() {
    let mut link = known();
    for number in 1..=3 {
        let (sent, changes) = send(link, &merchant(), &Setup::sandbox(), &[Email, Sms, WhatsApp], 3).unwrap();
        assert_eq!(sent.resent_count, number);
        let messages: Vec<_> = changes.messages.new.iter().map(|m| (m.channel, m.occasion)).collect();
        let resend = Occasion::Request { resend: number };
        assert_eq!(messages, [(Email, resend), (Sms, resend), (WhatsApp, resend)]);
        assert_eq!(changes.jobs.new.len(), 3);
        let events: Vec<_> = changes.events.iter().map(|event| event.kind).collect();
        // Only the first sending of a link is one that it can be told by.
        assert_eq!(events, if number == 1 { vec![EventKind::LinkSent] } else { vec![] });
        assert_eq!(sent.sent_at, Some(START));
        assert_eq!(changes.links.changed.as_slice(), std::slice::from_ref(&sent));
        link = sent;
    }
    let refused = send(link, &merchant(), &Setup::sandbox(), &[Sms], 3).unwrap_err();
    assert_eq!(refused, Refusal::ResendsUsedUp);
}

#[test]
fn channels_that_are_not_set_up_are_passed_over_and_alone_refused() {
    let setup = Setup { sms: false, whatsapp: false, ..Setup::sandbox() };
    let (sent, changes) = send(known(), &merchant(), &setup, &[Sms, Email], 3).unwrap();
    assert_eq!((sent.resent_count, changes.messages.new.len()), (1, 1));
    for channels in [vec![Sms, WhatsApp], vec![]] {
        assert_eq!(send(known(), &merchant(), &setup, &channels, 3).unwrap_err(), Refusal::ChannelMissing);
    }
}

#[test]
fn another_contact_is_written_to_without_becoming_the_customer() {
    let setup = Setup::sandbox();
    let mut source = Counter::at(100);
    let mut moment = Moment::new(START, START, &setup, &KEYS, &mut source);
    let to = Contact { mobile: Some(Pii::new("9000000002".to_owned())), ..Contact::default() };
    let asked = Resend { channels: vec![Sms], to: Some(to.clone()), resends_max: None };
    for link in [known(), Link { resent_count: 1_000, ..once() }] {
        let (sent, changes) = resend(link.clone(), &merchant(), &[], &asked, &mut moment).unwrap();
        assert_eq!((sent.customer_id, sent.resent_count), (link.customer_id, link.resent_count + 1));
        let [other] = changes.customers.as_slice() else { panic!("{changes:?}") };
        assert_eq!(other.open(&KEYS).unwrap(), to);
        assert_eq!(changes.messages.new[0].customer_id, other.id);
    }
}

/// Each fault with all that come after it.
#[test]
fn the_earlier_of_two_refusals_is_told() {
    let setup = Setup { sms: false, ..Setup::sandbox() };
    let worn = Link { resent_count: 3, ..known() };
    let over = Link { expires_at: Some(START), ..worn.clone() };
    let (cancelled, completed) = (LinkStatus::Cancelled { at: START }, LinkStatus::Completed { at: START });
    let off = Merchant { active: false, ..merchant() };
    let rows = [
        (over.clone(), off, Sms, Refusal::MerchantInactive),
        (over.clone(), merchant(), Sms, Refusal::ChannelMissing),
        (Link { customer_id: None, ..over.clone() }, merchant(), Email, Refusal::ChannelMissing),
        (over, merchant(), Email, Refusal::LinkExpired),
        (Link { status: cancelled, ..worn.clone() }, merchant(), Email, Refusal::LinkCancelled),
        (Link { status: completed, ..worn.clone() }, merchant(), Email, Refusal::LinkCompleted),
        (worn, merchant(), Email, Refusal::ResendsUsedUp),
    ];
    for (link, merchant, channel, refusal) in rows {
        assert_eq!(send(link, &merchant, &setup, &[channel], 3).unwrap_err(), refusal);
    }
}
