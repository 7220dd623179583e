//! The sandbox rail's memory beside the payments: money that the rail took is booked, and no other.

use kadi_domain::amount::Minor;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::sandbox::{Charge, ChargeWord};
use kadi_domain::time::Timestamp;

use super::report::{RAIL_AGREES, Tally};
use crate::queries::books::Book;

/// The sandbox rail's name in payments.
pub(super) const SANDBOX: &str = "sandbox";

/// Checks the payments of a link against what the sandbox rail remembers of them.
pub(super) fn check(book: &Book, now: Timestamp, tally: &mut Tally) {
    for payment in &book.payments {
        let agrees = match book.charges.get(&payment.id) {
            Some(charge) => {
                let watch = JobKey { kind: JobKind::CheckPayment, subject: payment.id.get() };
                is_asked(payment, charge) && is_booked(payment, charge, book.jobs.contains(&watch), now)
            }
            None => payment.rail != SANDBOX || payment.taken.is_none() || is_unasked(payment),
        };
        tally.check(RAIL_AGREES, agrees, || {
            format!(
                "payment {} of link {} is {}, the sandbox rail remembers otherwise",
                payment.id.get(),
                book.link.id.get(),
                payment.state.word()
            )
        });
    }
}

/// Is it money that no attempt asked for, so that the rail was asked for nothing?
const fn is_unasked(payment: &Payment) -> bool {
    payment.beside.is_some() || payment.is_foreign
}

/// Was the rail asked for what the attempt recorded?
fn is_asked(payment: &Payment, charge: &Charge) -> bool {
    // Applied late, a payment counts with what came, which the rail was asked for.
    let applied_late = payment.decided.is_some() && payment.charged().ok() == Some(charge.taken());
    (payment.charged().ok() == Some(charge.amount) || applied_late)
        && payment.currency == charge.currency
        && payment.rail_account == charge.account
        && payment.merchant_id == charge.merchant_id
}

/// Is the payment where the rail's truth leaves it, or on its way there? `now` may be older than the books of
/// a running server, so what is booked is measured by the later of both times.
fn is_booked(payment: &Payment, charge: &Charge, watched: bool, now: Timestamp) -> bool {
    if charge.is_anothers() {
        return payment.rail_reference.is_none() && payment.taken.is_none_or(|taken| taken == Minor::ZERO);
    }
    let truth = charge.truth(now);
    let taken = matches!(truth, Some(ChargeWord::Succeeded | ChargeWord::Reversed));
    let given_back =
        truth == Some(ChargeWord::Reversed) && charge.settled.is_none() && charge.next_step().is_none();
    match &payment.state {
        // A person's decision is told by the very request that takes it.
        PaymentState::Started | PaymentState::Pending => {
            !given_back && (!taken || watched || charge.settled.is_some())
        }
        // What a notice said otherwise is being asked about.
        PaymentState::Captured { at, .. } | PaymentState::Held { at, .. } => {
            let known = charge.truth(now.max(*at));
            let was_taken = matches!(known, Some(ChargeWord::Succeeded | ChargeWord::Reversed));
            watched || (!given_back && was_taken && is_known(payment, charge))
        }
        // Another payment has the money, and an answer that none was taken takes it back too.
        PaymentState::Reversed { .. } if payment.is_withdrawn() => true,
        PaymentState::Reversed { at, .. } => match charge.truth(now.max(*at)) {
            Some(ChargeWord::Reversed) => is_known(payment, charge),
            Some(ChargeWord::Failed) => true,
            Some(ChargeWord::Pending | ChargeWord::Succeeded) | None => false,
        },
        // The rail may have said so by a notice, which is being confirmed, or have been asked about the
        // payment before it knew of it.
        PaymentState::Failed { at, .. } => {
            let will_tell = charge.settled.is_none() && charge.next_step().is_some();
            !given_back && (!taken || watched || will_tell || charge.opened_at >= *at)
        }
    }
}

/// Is the booked money the rail's?
fn is_known(payment: &Payment, charge: &Charge) -> bool {
    payment.taken == Some(charge.taken()) && payment.rail_reference == Some(charge.reference())
}
