//! Refunds: never more than what came, each booked, watched and told, and at the sandbox rail as in the
//! books.

use std::collections::BTreeMap;

use kadi_domain::amount::Minor;
use kadi_domain::event::EventKind;
use kadi_domain::id::{MerchantId, PaymentId};
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::ledger::{Account, Entry, Posting};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::sandbox::ChargeWord;
use kadi_domain::split::{Part, divide};

use super::report::{
    RAIL_AGREES, REFUND_EVENTS, REFUND_OF_PAYMENT, REFUND_WATCHED, REFUNDS_WITHIN, SPLIT_REFUNDS, Tally, sum,
};
use crate::queries::books::Book;

/// Checks the refunds of a link.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    for payment in &book.payments {
        within(book, payment, tally);
        split(book, payment, tally);
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
        tally.check(SPLIT_REFUNDS, shares_fit(book, refund), name);
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
    let all = || book.refunds.iter().filter(|refund| refund.payment_id == payment.id);
    let own = || all().filter(|refund| !refund.is_excess);
    let excess = all().filter(|refund| refund.is_excess && refund.state.is_out());
    let pending = || own().filter(|refund| refund.state == RefundState::Pending);
    let succeeded = || own().filter(|refund| matches!(refund.state, RefundState::Succeeded { .. }));
    let out = || own().filter(|refund| refund.state.is_out());
    let sums = payment.refunds;
    let found = [
        sum(succeeded().map(|refund| refund.amount)),
        sum(pending().map(|refund| refund.amount)),
        sum(out().map(|refund| refund.shares.fee)),
        sum(out().map(|refund| refund.shares.fee_tax)),
        sum(excess.map(|refund| refund.amount)),
    ];
    let stored =
        [sums.refunded, sums.pending, sums.fee, sums.fee_tax, sums.excess].map(|sum| i128::from(sum.get()));
    let cost = payment.charges();
    let within = payment.left().is_ok_and(|left| left >= Minor::ZERO)
        && sums.fee <= cost.fee
        && sums.fee_tax <= cost.fee_tax;
    tally.check(REFUNDS_WITHIN, found == stored && within, || {
        format!(
            "payment {} of link {}: refunded, pending, fee, tax, excess are {stored:?}, refunds say {found:?}",
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
    let mut balances: BTreeMap<(Account, Option<MerchantId>), i128> = BTreeMap::new();
    let mut add = |posting: &Posting, sign: i128| {
        let amount = i128::from(posting.debit.get()) - i128::from(posting.credit.get());
        *balances.entry((posting.account, posting.child)).or_default() += sign * amount;
    };
    entries.iter().for_each(|entry| add(&entry.posting, 1));
    expected.iter().flatten().for_each(|posting| add(posting, -1));
    let out = |refund: &&Refund| refund.payment_id == payment.id && refund.state.is_out();
    for refund in book.refunds.iter().filter(out) {
        refund_postings(payment, refund, book).iter().for_each(|posting| add(posting, -1));
    }
    balances.values().all(|balance| *balance == 0)
}

/// What a refund that is out leaves in the books. Of a payment that was reversed the children are settled
/// with, and the merchant bears all of it.
fn refund_postings(payment: &Payment, refund: &Refund, book: &Book) -> Vec<Posting> {
    if refund.is_excess {
        let (amount, rail) = (refund.amount, Account::RailReceivable);
        return vec![Posting::debit(Account::MerchantPayable, amount), Posting::credit(rail, amount)];
    }
    let source = match refund.held {
        Some(reason) if matches!(payment.state, PaymentState::Held { .. }) => Account::Hold(reason),
        // Held money that the rail has taken back since is the merchant's loss.
        Some(_) | None => Account::MerchantPayable,
    };
    let to =
        if refund.state == RefundState::Pending { Account::RefundPending } else { Account::RailReceivable };
    let mut postings = vec![Posting::credit(to, refund.amount)];
    if matches!(payment.state, PaymentState::Reversed { .. }) {
        postings.push(Posting::debit(source, refund.amount));
    } else {
        postings.push(Posting::debit(source, refund.shares.net));
        postings.push(Posting::debit(Account::FeeIncome, refund.shares.fee));
        postings.push(Posting::debit(Account::FeeTax, refund.shares.fee_tax));
    }
    let children = book.split_refunds.get(&refund.id).filter(|_| is_captured(payment));
    for child in children.into_iter().flatten() {
        let net = child.part.net().unwrap_or_default();
        postings.push(Posting::owed_to(child.child_id, net).inverse());
        postings.push(Posting::credit(source, net));
    }
    postings
}

const fn is_captured(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Captured { .. })
}

/// Are the children's parts of a payment what its capture made them, do the payment's refunds take out of
/// them what they have given back, and no more than they got?
fn split(book: &Book, payment: &Payment, tally: &mut Tally) {
    let own = || book.refunds.iter().filter(|refund| refund.payment_id == payment.id);
    let of_captured = own().filter(|refund| refund.held.is_none());
    let shared = of_captured.clone().any(|refund| book.split_refunds.contains_key(&refund.id));
    let Some(parts) = book.split_parts.get(&payment.id) else {
        let whole = book.split.is_empty() || of_captured.count() == 0;
        tally.check(SPLIT_REFUNDS, whole && !shared, || {
            format!("payment {} of link {} lacks its parts", payment.id.get(), book.link.id.get())
        });
        return;
    };
    let divided = divide(payment.applied, &payment.charges(), &book.split);
    let got = divided.map(|division| division.children).unwrap_or_default();
    let as_captured = parts.iter().map(|part| (part.child_id, part.part)).eq(got);
    let holds = parts.iter().all(|part| {
        let taken = own().filter(|refund| refund.state.is_out());
        let taken = taken.filter_map(|refund| book.split_refunds.get(&refund.id)).flatten();
        let taken = || taken.clone().filter(|share| share.child_id == part.child_id).map(|share| share.part);
        let found =
            [sum(taken().map(|p| p.amount)), sum(taken().map(|p| p.fee)), sum(taken().map(|p| p.fee_tax))];
        let back = [part.back.amount, part.back.fee, part.back.fee_tax].map(|back| i128::from(back.get()));
        let within = |left: Part| {
            let amounts = [left.amount, left.fee, left.fee_tax, left.net().unwrap_or(Minor::new(-1))];
            amounts.into_iter().all(|amount| amount >= Minor::ZERO)
        };
        found == back && within(part.back) && part.left().is_ok_and(within)
    });
    tally.check(SPLIT_REFUNDS, as_captured && holds, || {
        format!("the parts of payment {} of link {} say {parts:?}", payment.id.get(), book.link.id.get())
    });
}

/// Does a refund take of the children what it may: of the one whose part it is of alone, or of all?
fn shares_fit(book: &Book, refund: &Refund) -> bool {
    let empty = Vec::new();
    let children = book.split_refunds.get(&refund.id).unwrap_or(&empty);
    let named = || children.iter().map(|share| share.child_id);
    let whose = match refund.of {
        _ if refund.held.is_some() => children.is_empty(),
        None => named().eq(book.split.iter().map(|rule| rule.child_id)),
        Some(own) if own == refund.merchant_id => children.is_empty(),
        Some(child) => named().eq([child]),
    };
    let whole = children.iter().all(|share| {
        share.part.amount >= Minor::ZERO && share.part.net().is_ok_and(|net| net >= Minor::ZERO)
    });
    whose && whole && sum(children.iter().map(|share| share.part.amount)) <= refund.amount.get().into()
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
