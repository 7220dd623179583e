//! What the store shows of a link, held against what the model says; and its invariants.

use std::collections::BTreeMap;

use kadi_domain::amount::Currency;
use kadi_domain::ledger::Entry;
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::time::Timestamp;
use kadi_store::{Reader, Trouble, verify_links};

use super::telling::{Play, Told, Wrong};
use crate::oracle::{Shown, ShownPayment, ShownRefund};

/// More than any story has of anything.
const MANY: i64 = 10_000;

impl Play<'_> {
    /// All invariants of the link, and everything that it shows.
    pub(super) fn compare(&self, link: usize) -> Result<(), Wrong> {
        let (told, now) = (&self.links[link], self.stage.engine.now());
        let report =
            verify_links(&self.stage.reader, &[told.id], now).map_err(|trouble| trouble.to_string())?;
        if !report.is_clean() {
            return Err(format!("link {link} breaks invariants: {:?}", report.broken));
        }
        let found =
            self.stage.reader.snapshot(|reader| self.read(reader, told, now)).map_err(|t| t.to_string())?;
        let expected = told.model.shown(now.ms());
        if found == expected {
            Ok(())
        } else {
            Err(format!("link {link}: {}", difference(&found, &expected)))
        }
    }

    fn read(&self, reader: &Reader, told: &Told, now: Timestamp) -> Result<Shown, Trouble> {
        let link = reader.link(told.id)?.unwrap();
        let mut payments = reader.payments_page(told.id, None, MANY)?;
        payments.sort_by_key(|payment| payment.id);
        let number_of = |id| told.payments.iter().position(|known| *known == id).unwrap_or(usize::MAX);
        let mut refunds = Vec::new();
        for id in &told.refunds {
            refunds.extend(reader.refund(*id)?);
        }
        let mut events = Vec::new();
        for event in reader.events_of(told.id)? {
            let about = event.payment_id.map(number_of);
            let back = |id| told.refunds.iter().position(|known| *known == id).unwrap_or(usize::MAX);
            let about = about.or(event.refund_id.map(back));
            events.push(about.map_or_else(
                || event.kind.name().to_owned(),
                |number| format!("{} {number}", event.kind.name()),
            ));
        }
        let entries = reader.entries_page(self.merchant, (0, 0, 0), Timestamp::from_ms(i64::MAX), MANY)?;
        Ok(Shown {
            word: word(link.word(now)),
            captured: link.sums.captured.get(),
            refunded: link.sums.refunded.get(),
            refund_pending: link.sums.refund_pending.get(),
            held: link.sums.held.get(),
            reserved: link.sums.reserved.get(),
            is_opened: link.opened_at.is_some(),
            is_sent: link.sent_at.is_some(),
            resent: link.resent_count,
            payments: payments.iter().map(shown).collect(),
            refunds: refunds
                .iter()
                .map(|refund| shown_refund(refund, number_of(refund.payment_id)))
                .collect(),
            events,
            deliveries: reader.deliveries_of(told.id)?.len(),
            balances: self.balances(entries.iter().filter(|entry| entry.link_id == told.id)),
        })
    }

    fn balances<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> BTreeMap<String, i64> {
        let mut balances = BTreeMap::new();
        for entry in entries {
            let posting = entry.posting;
            let child = posting.child.map(|id| self.children.iter().position(|child| *child == id).unwrap());
            let name = posting.account.name();
            let name = child.map_or_else(|| name.to_owned(), |child| format!("{name} {child}"));
            let dollars = if entry.currency == Currency::INR { "" } else { "USD " };
            let name = format!("{dollars}{name}");
            *balances.entry(name).or_default() += posting.debit.get() - posting.credit.get();
        }
        balances.retain(|_, balance| *balance != 0);
        balances
    }

    /// How the links stand, in few words.
    pub(super) fn summary(&self) -> String {
        let now = self.now();
        let link = |(number, told): (usize, &Told)| {
            let shown = told.model.shown(now);
            let payment = |payment: &ShownPayment| {
                let more = [&payment.reason, &payment.decided].into_iter().flatten();
                more.fold(payment.state.clone(), |text, word| format!("{text} {word}"))
            };
            let payments: Vec<_> = shown.payments.iter().map(payment).collect();
            let word = |refund: &ShownRefund| {
                let excess = if refund.is_excess { " excess" } else { "" };
                format!("{}{excess}", refund.state)
            };
            let refunds: Vec<_> = shown.refunds.iter().map(word).collect();
            format!(
                "[{number} {} captured {} held {} {payments:?} {refunds:?} {} events]",
                shown.word,
                shown.captured,
                shown.held,
                shown.events.len()
            )
        };
        self.links.iter().enumerate().map(link).collect()
    }
}

fn word(word: kadi_domain::link::LinkWord) -> String {
    format!("{word:?}").to_lowercase()
}

fn shown(payment: &Payment) -> ShownPayment {
    let (charges, decided) = (payment.charges(), payment.decided);
    let reason = match &payment.state {
        PaymentState::Held { reason, .. } => Some(*reason),
        PaymentState::Reversed { held, .. } => held.or(decided.map(|decided| decided.reason)),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. } => decided.map(|decided| decided.reason),
    };
    ShownPayment {
        state: payment.state.word().to_owned(),
        applied: payment.applied.get(),
        surcharge: payment.surcharge.get(),
        has_place: payment.reserves(),
        took: payment.taken.map(|taken| taken.get()),
        reason: reason.map(|reason| reason.word().to_owned()),
        decided: decided.map(|decided| decided.decision.word().to_owned()),
        fee: charges.fee.get(),
        tax: charges.fee_tax.get(),
        refunded: payment.refunds.refunded.get(),
        refund_pending: payment.refunds.pending.get(),
    }
}

fn shown_refund(refund: &Refund, payment: usize) -> ShownRefund {
    let state: &RefundState = &refund.state;
    ShownRefund {
        payment,
        state: state.word().to_owned(),
        amount: refund.amount.get(),
        fee: refund.shares.fee.get(),
        tax: refund.shares.fee_tax.get(),
        is_excess: refund.is_excess,
    }
}

/// The lines in which two pictures differ.
fn difference(found: &Shown, expected: &Shown) -> String {
    let (found, expected) = (format!("{found:#?}"), format!("{expected:#?}"));
    let only = |these: &str, others: &str| -> Vec<String> {
        let others: Vec<&str> = others.lines().collect();
        these.lines().filter(|line| !others.contains(line)).map(|line| line.trim().to_owned()).collect()
    };
    format!("the store shows {:?}, expected {:?}", only(&found, &expected), only(&expected, &found))
}
