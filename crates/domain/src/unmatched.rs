//! Money that a rail names and no attempt asked for: held in a book of its own, a link that nobody can pay.

use crate::amount::{AMOUNT_MAX, Currency, Minor};
use crate::claim::{Heard, Withdrawn};
use crate::event::EventKind;
use crate::follow_up::announce;
use crate::id::{LinkId, PaymentId};
use crate::ledger::Chain;
use crate::link::{Link, LinkKind, LinkStatus, Sums, Terms};
use crate::merchant::Merchant;
use crate::moment::Moment;
use crate::payment::{HoldReason, Payment, PaymentState, Refunds};
use crate::rail::{Report, Taken, Weight};
use crate::reference::{Dialect, Namespace, ReferenceKey};
use crate::refusal::{Fault, Refusal, Stop};
use crate::settle::{Parties, Settled, hold, reverse, settle};
use crate::ways::{Means, Ways};
use crate::work::Changes;

/// The merchant whose books have the money of accounts that are nobody's. Operators read them by giving it
/// a key.
pub const NOBODY: &str = "kadi-unmatched";

/// Under which reference a merchant's book is found.
pub fn book_key(merchant: &Merchant) -> ReferenceKey {
    let namespace = Namespace { dialect: Dialect::NATIVE, kind: 2 };
    ReferenceKey { merchant_id: merchant.id, namespace, value: "unmatched".to_owned() }
}

/// Makes a merchant's book for money that no attempt asked for.
pub fn open_book(merchant: &Merchant, moment: &mut Moment<'_>) -> Result<(LinkId, Changes), Fault> {
    let mut changes = Changes::default();
    let mut link = Link {
        id: LinkId::new(moment.mint(merchant.id)?),
        merchant_id: merchant.id,
        origin: Dialect::NATIVE,
        kind: LinkKind::Open,
        currency: Currency::INR,
        amount: None,
        due: None,
        max_payments: None,
        one_order: false,
        terms: Terms::default(),
        ways: Ways::default(),
        name: "Money that no payment asked for".to_owned(),
        description: String::new(),
        customer_id: None,
        created_at: moment.now,
        expires_at: None,
        status: LinkStatus::Active,
        sent_at: None,
        opened_at: None,
        sums: Sums::default(),
        resent_count: 0,
        edit_count: 0,
        event_count: 0,
        chain: Chain::default(),
        version: 0,
    };
    announce(&mut link, merchant, &[], EventKind::LinkCreated, None, &mut changes, moment)?;
    link.status = LinkStatus::Cancelled { at: moment.now };
    announce(&mut link, merchant, &[], EventKind::LinkCancelled, None, &mut changes, moment)?;
    changes.references.push((book_key(merchant), link.id));
    let id = link.id;
    changes.links.new.push(link);
    Ok((id, changes))
}

/// A payment in the book for money on its way into it.
pub fn arriving(book: &Link, rail: &str, taken: &Taken, moment: &mut Moment<'_>) -> Result<Payment, Fault> {
    Ok(Payment {
        id: PaymentId::new(moment.mint(book.merchant_id)?),
        link_id: book.id,
        merchant_id: book.merchant_id,
        rail: rail.to_owned(),
        rail_account: taken.payee.clone(),
        mode: "unknown".to_owned(),
        means: Means::default(),
        currency: book.currency,
        applied: taken.charged,
        discount: Minor::ZERO,
        surcharge: Minor::ZERO,
        payer_mobile: None,
        answers: None,
        token: None,
        created_at: moment.now,
        reserved_until: None,
        rail_reference: None,
        gave_away: None,
        taken: None,
        is_foreign: true,
        came_in: None,
        beside: None,
        decided: None,
        refunds: Refunds::default(),
        state: PaymentState::Started,
        version: 0,
    })
}

/// Holds what came, or what became of it since. `known` is the payment that has the money already. Refused
/// where the report names no money, or money that another link's payment has. Nobody can be asked about such
/// money, so the largest amount that was ever named under a reference is held, and a reversal is believed.
pub fn arrive(
    book: Link,
    known: Option<&Payment>,
    merchant: &Merchant,
    rail: &str,
    report: &Report,
    moment: &mut Moment<'_>,
) -> Result<Heard, Stop> {
    let (Report::Succeeded(taken) | Report::Reversed(taken)) = report else {
        return Err(Refusal::PaymentUnknown.into());
    };
    if !taken.charged.is_positive() || taken.charged > AMOUNT_MAX {
        return Err(Refusal::AmountInvalid.into());
    }
    let parties = Parties::alone(merchant);
    let of = |settled, is_new| Heard { settled, is_new, withdrawn: None };
    match (known, report) {
        (Some(known), Report::Succeeded(_)) if known.link_id == book.id => {
            let is_there = matches!(known.state, PaymentState::Held { .. });
            if !is_there || known.taken.is_some_and(|known| taken.charged <= known) {
                return Ok(of(Settled::unchanged(book, known.clone()), false));
            }
            let gone = reverse(book, known.clone(), &parties, None, moment)?;
            let payment = arriving(&gone.link, rail, taken, moment)?;
            let mut settled = hold(gone.link, payment, taken, HoldReason::Unmatched, moment)?;
            settled.payment.is_foreign = true;
            settled.entries = gone.entries.into_iter().chain(settled.entries).collect();
            Ok(Heard { withdrawn: Some(Withdrawn::of(gone.payment, gone.events)), ..of(settled, true) })
        }
        (Some(known), _) if known.link_id == book.id => {
            let (known, weight) = (known.clone(), Weight::Truth);
            Ok(of(settle(book, known, &parties, report, weight, moment)?, false))
        }
        (Some(_), _) => Err(Refusal::PaymentUnknown.into()),
        (None, Report::Succeeded(_)) => {
            let payment = arriving(&book, rail, taken, moment)?;
            let mut settled = hold(book, payment, taken, HoldReason::Unmatched, moment)?;
            settled.payment.is_foreign = true;
            Ok(of(settled, true))
        }
        (None, Report::Reversed(_) | Report::Failed { .. } | Report::Pending) => {
            let payment = arriving(&book, rail, taken, moment)?;
            Ok(of(settle(book, payment, &parties, report, Weight::Notice, moment)?, true))
        }
    }
}
