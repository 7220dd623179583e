//! Payments: amounts, bookings, reservations and the events about them.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;
use kadi_domain::event::{Event, EventKind};
use kadi_domain::fee::Charges;
use kadi_domain::id::PaymentId;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::ledger::{Account, Entry, Posting};
use kadi_domain::payment::{HoldReason, Payment, PaymentState, Refunds};
use kadi_domain::split::{Part, SplitRule, divide};

use super::report::{
    ANSWERS_OF_FORM, NET, PAYMENT_BOOKED, PAYMENT_EVENTS, PAYMENT_MONEY, PAYMENT_OF_LINK,
    RESERVATION_WATCHED, SPLIT_PARTS, Tally, sum,
};
use crate::queries::books::Book;

/// Checks the payments of a link.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    let mut entries: BTreeMap<PaymentId, Vec<&Entry>> = BTreeMap::new();
    let mut events: BTreeMap<PaymentId, Vec<&Event>> = BTreeMap::new();
    for entry in &book.entries {
        entries.entry(entry.payment_id).or_default().push(entry);
    }
    for (payment, event) in book.events.iter().filter_map(|event| Some((event.payment_id?, event))) {
        events.entry(payment).or_default().push(event);
    }
    for payment in &book.payments {
        let entries = entries.remove(&payment.id).unwrap_or_default();
        let events = events.remove(&payment.id).unwrap_or_default();
        let name = || format!("payment {} of link {}", payment.id.get(), book.link.id.get());
        let fits = payment.currency == book.link.currency && payment.merchant_id == book.link.merchant_id;
        tally.check(PAYMENT_OF_LINK, fits, name);
        let has_form = book.link.terms.form.is_some();
        tally.check(ANSWERS_OF_FORM, payment.answers.is_none() || has_form, name);
        tally.check(NET, net_follows(payment), name);
        tally.check(PAYMENT_MONEY, money_follows(payment), name);
        let (booked, expected) = (bookings(&entries), expected_bookings(payment, &book.split));
        tally.check(SPLIT_PARTS, parts_add_up(payment, &booked), name);
        let is_booked = if payment.decided.is_none()
            && payment.refunds == Refunds::default()
            && !has_refunds(book, payment)
        {
            booked == expected
        } else {
            super::refunds::is_booked(&entries, &expected, payment, book)
        };
        tally.check(PAYMENT_BOOKED, is_booked, || {
            format!("{} is {} with {} bookings", name(), payment.state.word(), booked.len())
        });
        let watch = JobKey { kind: JobKind::CheckPayment, subject: payment.id.get() };
        let watched = !payment.reserves() || book.jobs.contains(&watch);
        tally.check(RESERVATION_WATCHED, watched, || format!("{} reserves unwatched", name()));
        tally.check(PAYMENT_EVENTS, events_agree(&events, payment), || {
            format!("{} is {}, its events say otherwise", name(), payment.state.word())
        });
    }
}

fn has_refunds(book: &Book, payment: &Payment) -> bool {
    book.refunds.iter().any(|refund| refund.payment_id == payment.id)
}

fn net_follows(payment: &Payment) -> bool {
    let Charges { fee, fee_tax, net } = payment.charges();
    let parts = sum([fee, fee_tax, net].into_iter());
    let expected = payment.captured_at().map_or(Minor::ZERO, |_| payment.applied);
    fee >= Minor::ZERO && fee_tax >= Minor::ZERO && net >= Minor::ZERO && parts == i128::from(expected.get())
}

fn money_follows(payment: &Payment) -> bool {
    let came = payment.taken.is_some() && payment.reference().is_some();
    match &payment.state {
        PaymentState::Captured { .. } | PaymentState::Reversed { captured_at: Some(_), .. } => {
            came && payment.charged().ok() == payment.taken
        }
        // The rail claimed money that is booked for another payment.
        PaymentState::Held { reason: HoldReason::Duplicate, .. } if payment.taken == Some(Minor::ZERO) => {
            payment.rail_reference.is_none()
        }
        PaymentState::Held { .. } | PaymentState::Reversed { captured_at: None, .. } => came,
        PaymentState::Started | PaymentState::Pending | PaymentState::Failed { .. } => {
            payment.taken.is_none() && payment.rail_reference.is_none()
        }
    }
}

/// The postings of a payment's bookings, in order.
fn bookings(entries: &[&Entry]) -> Vec<Vec<Posting>> {
    let (mut bookings, mut last) = (Vec::<Vec<Posting>>::new(), None);
    for entry in entries {
        match bookings.last_mut() {
            Some(open) if last == Some(entry.booking_id) => open.push(entry.posting),
            Some(_) | None => bookings.push(vec![entry.posting]),
        }
        last = Some(entry.booking_id);
    }
    bookings
}

/// The bookings that a payment in its state must have: money that was there was booked once, and money that
/// has gone again was booked back.
fn expected_bookings(payment: &Payment, split: &[SplitRule]) -> Vec<Vec<Posting>> {
    let taken = payment.taken.unwrap_or(Minor::ZERO);
    let there = match &payment.state {
        PaymentState::Captured { charges, .. } => Some((captured(payment, taken, charges, split), false)),
        PaymentState::Held { reason, .. } => Some((held(taken, *reason), false)),
        PaymentState::Reversed { captured_at: Some(_), charges, .. } => {
            Some((captured(payment, taken, charges, split), true))
        }
        PaymentState::Reversed { held: Some(reason), .. } => Some((held(taken, *reason), true)),
        PaymentState::Reversed { captured_at: None, held: None, .. }
        | PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Failed { .. } => None,
    };
    let Some((postings, gone)) = there else { return Vec::new() };
    let empty = |posting: &Posting| posting.debit == Minor::ZERO && posting.credit == Minor::ZERO;
    let postings: Vec<Posting> = postings.into_iter().filter(|posting| !empty(posting)).collect();
    if postings.is_empty() {
        return Vec::new();
    }
    let back: Vec<Posting> = postings.iter().map(|posting| posting.inverse()).collect();
    if gone { vec![postings, back] } else { vec![postings] }
}

/// What a capture books; of a split, what its rules make of it.
fn captured(payment: &Payment, taken: Minor, charges: &Charges, split: &[SplitRule]) -> Vec<Posting> {
    let net = |part: Part| part.net().unwrap_or_default();
    let Ok(division) = divide(payment.applied, charges, split) else { return Vec::new() };
    let Ok(own) = Posting::balance(Account::MerchantPayable, net(division.own)) else { return Vec::new() };
    let children = division.children.iter().map(|(child, part)| Posting::owed_to(*child, net(*part)));
    let mut postings = vec![Posting::debit(Account::RailReceivable, taken), own];
    postings.extend(children);
    postings.extend([
        Posting::credit(Account::FeeIncome, charges.fee),
        Posting::credit(Account::FeeTax, charges.fee_tax),
        Posting::credit(Account::SurchargeIncome, payment.surcharge),
    ]);
    postings
}

/// Is what merchant and children were given by a capture its net, to the last minor unit?
fn parts_add_up(payment: &Payment, booked: &[Vec<Posting>]) -> bool {
    if payment.captured_at().is_none() {
        return true;
    }
    let capture = match payment.decided {
        None => booked.first(),
        Some(_) => booked.iter().find(|postings| is_out_of_hold(postings)),
    };
    let given =
        |posting: &&Posting| matches!(posting.account, Account::MerchantPayable | Account::ChildPayable);
    let given: Vec<&Posting> = capture.into_iter().flatten().filter(given).collect();
    let credits = sum(given.iter().map(|posting| posting.credit));
    credits - sum(given.iter().map(|posting| posting.debit)) == i128::from(payment.charges().net.get())
}

/// Does held money become the merchant's by it, and not a refund's?
fn is_out_of_hold(postings: &[Posting]) -> bool {
    let leaves_hold =
        |posting: &Posting| matches!(posting.account, Account::Hold(_)) && posting.debit != Minor::ZERO;
    postings.iter().any(leaves_hold) && postings.iter().all(|p| p.account != Account::RefundPending)
}

fn held(taken: Minor, reason: HoldReason) -> Vec<Posting> {
    vec![Posting::debit(Account::RailReceivable, taken), Posting::credit(Account::Hold(reason), taken)]
}

fn events_agree(events: &[&Event], payment: &Payment) -> bool {
    let once = |kind| events.iter().filter(|event| event.kind == kind).count() <= 1;
    let last = events.last().map(|event| (event.kind, event.at));
    let expected = match &payment.state {
        PaymentState::Started | PaymentState::Pending => None,
        PaymentState::Captured { at, .. } => Some((EventKind::PaymentCaptured, *at)),
        PaymentState::Failed { at, .. } => Some((EventKind::PaymentFailed, *at)),
        PaymentState::Held { at, .. } => Some((EventKind::PaymentHeld, *at)),
        PaymentState::Reversed { at, .. } => Some((EventKind::PaymentReversed, *at)),
    };
    // What a reversed payment remembers of its past.
    let past = match &payment.state {
        PaymentState::Reversed { captured_at, held, .. } => {
            let at = |kind| events.iter().find(|event| event.kind == kind).map(|event| event.at);
            at(EventKind::PaymentCaptured) == *captured_at
                && at(EventKind::PaymentHeld).is_some() == (held.is_some() || payment.decided.is_some())
        }
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Held { .. } => true,
    };
    last == expected
        && past
        && [EventKind::PaymentCaptured, EventKind::PaymentFailed, EventKind::PaymentHeld]
            .into_iter()
            .all(once)
}
