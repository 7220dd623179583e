//! Events: numbers without gaps, and the link that follows from them.

use std::collections::BTreeSet;

use kadi_domain::event::{Event, EventKind};
use kadi_domain::id::{PaymentId, RefundId};
use kadi_domain::link::{Link, LinkStatus, LinkWord};
use kadi_domain::time::{DAY_MS, Timestamp};

use super::report::{EVENT_NUMBERS, LINK_EVENTS, TIMES_PAST, Tally};
use crate::queries::books::Book;

/// How far after the check's own time something may have happened: a tester may move the clock meanwhile.
const TOLERANCE_MS: i64 = DAY_MS;

/// Checks the events of a link.
pub(super) fn check(book: &Book, now: Timestamp, tally: &mut Tally) {
    let link = &book.link;
    let place = || format!("link {}", link.id.get());
    let payments: BTreeSet<PaymentId> = book.payments.iter().map(|payment| payment.id).collect();
    let refunds: BTreeSet<RefundId> = book.refunds.iter().map(|refund| refund.id).collect();
    let mut number = 0;
    for event in &book.events {
        number += 1;
        let known = event.payment_id.is_none_or(|id| payments.contains(&id))
            && event.refund_id.is_none_or(|id| refunds.contains(&id));
        let about = event.kind.is_payment() == event.payment_id.is_some()
            && event.kind.is_refund() == event.refund_id.is_some();
        let fits = event.number == number && event.merchant_id == link.merchant_id;
        tally.check(EVENT_NUMBERS, fits && known && about, || {
            format!("event {} of {} stands where {number} should", event.number, place())
        });
    }
    tally.check(EVENT_NUMBERS, number == link.event_count, || {
        format!("{} counts {} events, there are {number}", place(), link.event_count)
    });
    tally.check(LINK_EVENTS, replay(&book.events) == Some(facts(link)), || {
        format!("{} is {:?}, its events say otherwise", place(), link.status)
    });
    times(book, now, tally);
}

/// What events tell of a link.
#[derive(Debug, PartialEq, Eq)]
struct Facts {
    status: LinkStatus,
    sent_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    captured: i64,
    refunded: i64,
}

const fn facts(link: &Link) -> Facts {
    Facts {
        status: match link.status {
            // Told as a cancelling.
            LinkStatus::Closed { at } => LinkStatus::Cancelled { at },
            told @ (LinkStatus::Active
            | LinkStatus::Completed { .. }
            | LinkStatus::Cancelled { .. }
            | LinkStatus::Expired { .. }) => told,
        },
        sent_at: link.sent_at,
        opened_at: link.opened_at,
        captured: link.sums.captured.get(),
        refunded: link.sums.refunded.get(),
    }
}

/// The facts of a link that had exactly these events; none where they do not begin with its making.
fn replay(events: &[Event]) -> Option<Facts> {
    let last = events.last()?;
    if events.first()?.kind != EventKind::LinkCreated {
        return None;
    }
    let first_at = |kind| events.iter().find(|event| event.kind == kind).map(|event| event.at);
    let status = events.iter().fold(LinkStatus::Active, |status, event| match (event.kind, status) {
        (EventKind::LinkCompleted, _) => LinkStatus::Completed { at: event.at },
        (EventKind::LinkCancelled, _) => LinkStatus::Cancelled { at: event.at },
        (EventKind::LinkExpired, _) => LinkStatus::Expired { at: event.at },
        // Money that has gone again may reopen a link: the event tells whether it did.
        (EventKind::PaymentReversed, LinkStatus::Completed { .. })
            if event.facts.word != LinkWord::Completed =>
        {
            LinkStatus::Active
        }
        (
            EventKind::LinkCreated
            | EventKind::LinkSent
            | EventKind::LinkOpened
            | EventKind::PaymentCaptured
            | EventKind::PaymentFailed
            | EventKind::PaymentHeld
            | EventKind::PaymentReversed
            | EventKind::RefundSucceeded
            | EventKind::RefundFailed
            | EventKind::RefundReversed,
            _,
        ) => status,
    });
    Some(Facts {
        status,
        sent_at: first_at(EventKind::LinkSent),
        opened_at: first_at(EventKind::LinkOpened),
        captured: last.facts.captured.get(),
        refunded: last.facts.refunded.get(),
    })
}

fn times(book: &Book, now: Timestamp, tally: &mut Tally) {
    let latest = now.plus_ms(TOLERANCE_MS);
    let events = book.events.iter().map(|event| event.at);
    let entries = book.entries.iter().map(|entry| entry.booked_at);
    let payments = book.payments.iter().map(|payment| payment.created_at);
    let refunds = book.refunds.iter().map(|refund| refund.created_at);
    let times = events.chain(entries).chain(payments).chain(refunds).chain([book.link.created_at]);
    let last = times.max().unwrap_or(now);
    tally.check(TIMES_PAST, last <= latest, || {
        format!("link {} has something of {} ms, later than now", book.link.id.get(), last.ms())
    });
}
