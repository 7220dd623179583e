//! A rail names money that no attempt asked for: it is kept, in a book of its own.

use kadi_domain::claim::MoneyKey;
use kadi_domain::follow_up::announce;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::moment::Moment;
use kadi_domain::payment::Payment;
use kadi_domain::rail::Report;
use kadi_domain::refusal::Stop;
use kadi_domain::unmatched::{arrive, book_key, open_book};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Finds the merchant's book for such money, or makes it.
#[derive(Debug)]
pub struct OpenBook {
    /// Whose book.
    pub merchant: kadi_domain::merchant::Merchant,
}

impl Command for OpenBook {
    type Reply = LinkId;

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: self.merchant.id, meets: self.merchant.id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.merchants.insert(self.merchant.id);
        needs.references.insert(book_key(&self.merchant));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        if let Some(book) = view.references.get(&book_key(&self.merchant))? {
            return Ok(Decision::unchanged(*book));
        }
        let (reply, changes) = open_book(view.merchant(self.merchant.id)?, moment)?;
        Ok(Decision { reply, changes })
    }
}

/// Holds the money of a report, or what became of it. Recording one twice changes nothing.
#[derive(Debug)]
pub struct KeepUnmatched {
    /// Whose money, by the account that received it.
    pub merchant_id: MerchantId,
    /// The merchant's book.
    pub book: LinkId,
    /// The rail's name.
    pub rail: String,
    /// What the rail said.
    pub report: Report,
}

impl KeepUnmatched {
    fn key(&self) -> Option<MoneyKey> {
        let (Report::Succeeded(taken) | Report::Reversed(taken)) = &self.report else { return None };
        Some(MoneyKey {
            merchant_id: self.merchant_id,
            rail: self.rail.clone(),
            account: taken.payee.clone(),
            reference: taken.reference.clone(),
        })
    }
}

impl Command for KeepUnmatched {
    type Reply = Payment;

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: self.merchant_id, meets: self.book.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.book);
        needs.money.extend(self.key());
        needs.merchants.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let (merchant, before) = (view.merchant(self.merchant_id)?, view.link(self.book)?);
        let known = view.payment_with(self.key().as_ref())?;
        let heard = arrive(before.clone(), known, merchant, &self.rail, &self.report, moment)?;
        let (mut link, payment) = (heard.settled.link, heard.settled.payment);
        let mut changes = Changes { entries: heard.settled.entries, ..Changes::default() };
        if let Some(gone) = heard.withdrawn {
            for kind in gone.events {
                announce(&mut link, merchant, &[], kind, Some(gone.payment.id), &mut changes, moment)?;
            }
            changes.payments.changed.push(gone.payment);
        }
        for kind in heard.settled.events {
            announce(&mut link, merchant, &[], kind, Some(payment.id), &mut changes, moment)?;
        }
        if link != *before {
            changes.links.changed.push(link);
        }
        if heard.is_new {
            changes.payments.new.push(payment.clone());
        } else if known.is_some_and(|known| *known != payment) {
            changes.payments.changed.push(payment.clone());
        }
        Ok(Decision { reply: payment, changes })
    }
}
