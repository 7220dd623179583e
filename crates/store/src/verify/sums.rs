//! A link's sums, limits, lines and status.

use kadi_domain::amount::Minor;
use kadi_domain::event::EventKind;
use kadi_domain::fee::Charges;
use kadi_domain::ledger::Account;
use kadi_domain::link::{LinkKind, LinkStatus, lines_total};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::split::divide;

use super::report::{
    EDITS_KEPT, LINES_TOTAL, ONE_OUTCOME, PLAN_TOTAL, SPLIT_RULES, STATUS_FROM_SUMS, SUMS_FROM_ENTRIES,
    SUMS_FROM_PAYMENTS, Tally, WITHIN_DUE, WITHIN_MAX_PAYMENTS, count, sum,
};
use crate::queries::books::Book;

/// Checks the sums of a link.
pub(super) fn check(book: &Book, tally: &mut Tally) {
    from_payments(book, tally);
    from_entries(book, tally);
    limits(book, tally);
    status(book, tally);
    one_order(book, tally);
    split(book, tally);
    parts(book, tally);
    edits(book, tally);
    let link = &book.link;
    if link.kind == LinkKind::Invoice && !book.lines.is_empty() {
        let total = lines_total(&book.lines).ok();
        tally.check(LINES_TOTAL, total.is_some() && total == link.amount, || {
            format!("the lines of link {} do not add up to its amount", link.id.get())
        });
    }
}

fn from_payments(book: &Book, tally: &mut Tally) {
    let (link, sums) = (&book.link, &book.link.sums);
    let captured = || book.payments.iter().filter(|p| is_captured(p));
    let held =
        book.payments.iter().filter(|p| matches!(p.state, PaymentState::Held { .. }) && p.came_in.is_none());
    let reserved = || book.payments.iter().filter(|p| p.reserves());
    let found = [
        sum(captured().map(|p| p.applied)),
        count(captured()).into(),
        sum(captured().map(|p| p.refunds.refunded)),
        sum(captured().map(|p| p.refunds.pending)),
        sum(held.filter_map(|p| p.left().ok())),
        sum(reserved().map(|p| p.applied)),
        count(reserved()).into(),
    ];
    let stored = [
        sums.captured.get(),
        sums.captured_count,
        sums.refunded.get(),
        sums.refund_pending.get(),
        sums.held.get(),
        sums.reserved.get(),
        sums.reserved_count,
    ];
    // Links of earlier releases began to count later.
    let begun = sum(book.payments.iter().filter(|p| p.beside.is_none()).map(|p| p.asked().0));
    let is_begun = (0..=begun).contains(&i128::from(sums.attempted.get()));
    tally.check(SUMS_FROM_PAYMENTS, is_begun && found == stored.map(i128::from), || {
        format!(
            "link {}: captured, count, refunded, pending, held, reserved, count are {stored:?}, payments say \
             {found:?}; {} of {begun} begun are counted",
            link.id.get(),
            sums.attempted.get()
        )
    });
}

fn from_entries(book: &Book, tally: &mut Tally) {
    let (link, sums) = (&book.link, &book.link.sums);
    let balance = |of: fn(Account) -> bool| -> i128 {
        let entries = || book.entries.iter().filter(|e| e.currency == link.currency && of(e.posting.account));
        sum(entries().map(|e| e.posting.credit)) - sum(entries().map(|e| e.posting.debit))
    };
    let received = -balance(|account| account == Account::RailReceivable);
    let held = balance(|account| matches!(account, Account::Hold(_)));
    let on_way = balance(|account| account == Account::RefundPending);
    let is_there = |p: &&Payment| is_captured(p) || matches!(p.state, PaymentState::Held { .. });
    // Money in another currency stands in the books alone.
    let payments = || book.payments.iter().filter(|p| p.came_in.is_none());
    let taken = sum(payments().filter(is_there).filter_map(|p| p.taken));
    let refunded = sum(payments().flat_map(|p| [p.refunds.refunded, p.refunds.excess]));
    let pending = sum(payments().map(|p| p.refunds.pending));
    let is_held = held == i128::from(sums.held.get()) && on_way == pending;
    tally.check(SUMS_FROM_ENTRIES, is_held && received == taken - refunded, || {
        format!(
            "link {}: entries hold {held} of {received} received, {on_way} on its way back; link holds {}, \
             payments took {taken}, gave back {refunded} and are giving {pending}",
            link.id.get(),
            sums.held.get()
        )
    });
}

fn limits(book: &Book, tally: &mut Tally) {
    let (link, sums) = (&book.link, &book.link.sums);
    let amounts = [sums.captured, sums.refunded, sums.refund_pending, sums.held, sums.reserved];
    let counts = [sums.captured_count, sums.reserved_count];
    let positive = amounts.iter().all(|amount| *amount >= Minor::ZERO) && counts.iter().all(|n| *n >= 0);
    let taken = sum([sums.captured, sums.reserved].into_iter());
    let within = link.due.is_none_or(|due| taken <= i128::from(due.get()));
    let out = sum([sums.refunded, sums.refund_pending].into_iter());
    let within = within && out <= i128::from(sums.captured.get());
    tally.check(WITHIN_DUE, positive && within, || {
        format!("link {}: captured and reserved are {taken}", link.id.get())
    });
    let within = link.max_payments.is_none_or(|max| sums.captured_count <= max);
    tally.check(WITHIN_MAX_PAYMENTS, within, || {
        format!("link {}: {} payments captured", link.id.get(), sums.captured_count)
    });
}

fn status(book: &Book, tally: &mut Tally) {
    let link = &book.link;
    let is_full = link.is_full().unwrap_or(true);
    let holds = match link.status {
        LinkStatus::Active => !is_full,
        LinkStatus::Completed { .. } => is_full || link.one_order,
        LinkStatus::Cancelled { .. } | LinkStatus::Expired { .. } => true,
        LinkStatus::Closed { .. } => link.terms.obligation.is_some(),
    };
    tally.check(STATUS_FROM_SUMS, holds, || {
        format!("link {} is {:?} with {} captured", link.id.get(), link.status, link.sums.captured.get())
    });
}

fn one_order(book: &Book, tally: &mut Tally) {
    let link = &book.link;
    if !link.one_order {
        return;
    }
    let ended =
        book.payments.iter().any(|p| is_captured(p) || matches!(p.state, PaymentState::Failed { .. }));
    let completions = count(book.events.iter().filter(|event| event.kind == EventKind::LinkCompleted));
    let used_up = !ended || link.status != LinkStatus::Active;
    tally.check(ONE_OUTCOME, used_up && completions <= 1 && link.sums.captured_count <= 1, || {
        format!("one-order link {} is {:?} after {completions} completions", link.id.get(), link.status)
    });
}

fn parts(book: &Book, tally: &mut Tally) {
    let (link, plan) = (&book.link, &book.plan);
    let total = sum(plan.iter().map(|instalment| instalment.amount));
    let planned = plan.is_empty() || link.due.is_some_and(|due| i128::from(due.get()) == total);
    tally.check(PLAN_TOTAL, planned && count(plan.iter()) == link.terms.plan_count, || {
        format!("the plan of link {} has {} instalments over {total}", link.id.get(), plan.len())
    });
}

fn edits(book: &Book, tally: &mut Tally) {
    let (link, edits) = (&book.link, &book.edits);
    let numbered = edits.iter().map(|former| former.number).eq(1..=link.edit_count);
    let in_order = edits.is_sorted_by_key(|former| (former.after_event, former.changed_at));
    let within = edits.iter().all(|former| (1..=link.event_count).contains(&former.after_event));
    tally.check(EDITS_KEPT, numbered && in_order && within, || {
        format!("link {} was changed {} times and has {}", link.id.get(), link.edit_count, edits.len())
    });
}

fn split(book: &Book, tally: &mut Tally) {
    let (link, rules) = (&book.link, &book.split);
    let others = rules.iter().all(|rule| rule.child_id != link.merchant_id);
    let all = count(rules.iter()) == link.terms.split_count;
    let divides = link
        .amount
        .is_none_or(|amount| divide(amount, &Charges { net: amount, ..Charges::default() }, rules).is_ok());
    tally.check(SPLIT_RULES, others && all && divides, || {
        format!(
            "link {} was made with {} shares and has {}",
            link.id.get(),
            link.terms.split_count,
            rules.len()
        )
    });
}

const fn is_captured(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Captured { .. })
}
