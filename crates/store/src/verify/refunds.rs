//! Refunds: never more than what came, each booked, watched and told, and at the sandbox rail as in the
//! books.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;
use kadi_domain::event::EventKind;
use kadi_domain::id::PaymentId;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::ledger::{Account, Entry, Posting};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::sandbox::ChargeWord;

use super::report::{
    RAIL_AGREES, REFUND_EVENTS, REFUND_OF_PAYMENT, REFUND_WATCHED, REFUNDS_WITHIN, Tally, sum,
};
use crate::queries::books::Book;

/// Checks the refunds of a link.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    for payment in &book.payments {
        within(book, payment, tally);
    }
    for refund in &book.refunds {
        let name = || format!("refund {} of link {}", refund.id.get(), book.link.id.get());
        let payment = book.payments.iter().find(|payment| payment.id == refund.payment_id);
        let shares = [refund.shares.fee, refund.shares.fee_tax, refund.shares.net];
        let whole = sum(shares.into_iter()) == i128::from(refund.amount.get())
            && shares.iter().all(|share| *share >= Minor::ZERO)
            && refund.amount.is_positive();
        let fits = payment.is_some_and(|payment| {
            payment.money_currency() == refund.currency && payment.merchant_id == refund.merchant_id
        });
        tally.check(REFUND_OF_PAYMENT, fits && whole, name);
        let watch = JobKey { kind: JobKind::RefundPayment, subject: refund.id.get() };
        let watched = refund.state != RefundState::Pending || book.jobs.contains(&watch);
        tally.check(REFUND_WATCHED, watched, || format!("{} is pending unwatched", name()));
        tally.check(REFUND_EVENTS, events_agree(book, refund), || {
            format!("{} is {}, its events say otherwise", name(), refund.state.word())
        });
        let sandbox = payment.is_some_and(|payment| payment.rail == super::rail::SANDBOX);
        let attempt = payment.map_or(refund.payment_id, |payment| payment.beside.unwrap_or(payment.id));
        tally.check(RAIL_AGREES, !sandbox || rail_agrees(book, refund, attempt), || {
            format!("{} is {}, the sandbox rail remembers otherwise", name(), refund.state.word())
        });
    }
}

/// Do the payment's sums follow from its refunds, and are they no more than what came and counts?
fn within(book: &Book, payment: &Payment, tally: &mut Tally) {
    let own = || book.refunds.iter().filter(|refund| refund.payment_id == payment.id);
    let pending = || own().filter(|refund| refund.state == RefundState::Pending);
    let succeeded = || own().filter(|refund| matches!(refund.state, RefundState::Succeeded { .. }));
    let out = || own().filter(|refund| refund.state.is_out());
    let sums = payment.refunds;
    let found = [
        sum(succeeded().map(|refund| refund.amount)),
        sum(pending().map(|refund| refund.amount)),
        sum(out().map(|refund| refund.shares.fee)),
        sum(out().map(|refund| refund.shares.fee_tax)),
    ];
    let stored = [sums.refunded, sums.pending, sums.fee, sums.fee_tax].map(|sum| i128::from(sum.get()));
    let cost = payment.charges();
    let within = payment.refundable().is_ok_and(|left| left >= Minor::ZERO)
        && sums.fee <= cost.fee
        && sums.fee_tax <= cost.fee_tax;
    tally.check(REFUNDS_WITHIN, found == stored && within, || {
        format!(
            "payment {} of link {}: refunded, pending, fee, tax are {stored:?}, refunds say {found:?}",
            payment.id.get(),
            book.link.id.get()
        )
    });
}

/// Do the entries of a payment with refunds leave on each account what payment and refunds say?
pub(super) fn is_booked(
    entries: &[&Entry],
    expected: &[Vec<Posting>],
    payment: &Payment,
    book: &Book,
) -> bool {
    let mut balances: BTreeMap<Account, i128> = BTreeMap::new();
    let mut add = |posting: &Posting, sign: i128| {
        let amount = i128::from(posting.debit.get()) - i128::from(posting.credit.get());
        *balances.entry(posting.account).or_default() += sign * amount;
    };
    entries.iter().for_each(|entry| add(&entry.posting, 1));
    expected.iter().flatten().for_each(|posting| add(posting, -1));
    let out = |refund: &&Refund| refund.payment_id == payment.id && refund.state.is_out();
    for refund in book.refunds.iter().filter(out) {
        refund_postings(payment, refund).iter().for_each(|posting| add(posting, -1));
    }
    balances.values().all(|balance| *balance == 0)
}

/// What a refund that is out leaves in the books.
fn refund_postings(payment: &Payment, refund: &Refund) -> [Posting; 4] {
    let source = match refund.held {
        Some(reason) if matches!(payment.state, PaymentState::Held { .. }) => Account::Hold(reason),
        // Held money that the rail has taken back since is the merchant's loss.
        Some(_) | None => Account::MerchantPayable,
    };
    let to =
        if refund.state == RefundState::Pending { Account::RefundPending } else { Account::RailReceivable };
    [
        Posting::debit(source, refund.shares.net),
        Posting::debit(Account::FeeIncome, refund.shares.fee),
        Posting::debit(Account::FeeTax, refund.shares.fee_tax),
        Posting::credit(to, refund.amount),
    ]
}

fn events_agree(book: &Book, refund: &Refund) -> bool {
    let told: Vec<_> = book.events.iter().filter(|event| event.refund_id == Some(refund.id)).collect();
    let last = told.last().map(|event| (event.kind, event.at));
    let expected = match &refund.state {
        RefundState::Pending => None,
        RefundState::Succeeded { at } => Some((EventKind::RefundSucceeded, *at)),
        RefundState::Failed { at, .. } => Some((EventKind::RefundFailed, *at)),
        RefundState::Reversed { at } => Some((EventKind::RefundReversed, *at)),
    };
    let each_once =
        EventKind::ALL.into_iter().all(|kind| told.iter().filter(|event| event.kind == kind).count() <= 1);
    last == expected && each_once
}

/// Is the refund where the rail's truth leaves it, or on its way there? What a person decided is told by the
/// very request that decides it.
fn rail_agrees(book: &Book, refund: &Refund, attempt: PaymentId) -> bool {
    let Some(payback) = book.paybacks.get(&refund.id) else {
        return matches!(refund.state, RefundState::Pending | RefundState::Failed { .. });
    };
    let asked = payback.amount == refund.amount
        && payback.payment_id == attempt
        && payback.merchant_id == refund.merchant_id;
    let truth = payback.truth();
    asked
        && match &refund.state {
            RefundState::Pending => true,
            RefundState::Succeeded { .. } => truth == ChargeWord::Succeeded || truth == ChargeWord::Reversed,
            RefundState::Failed { .. } => truth == ChargeWord::Failed,
            RefundState::Reversed { .. } => truth == ChargeWord::Reversed,
        }
}
