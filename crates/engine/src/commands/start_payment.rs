//! A payer starts to pay: the reservation and the record of the attempt, before any rail is called.

use kadi_domain::attempt::{Attempt, start};
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::payer::check_payer;
use kadi_domain::payment::Payment;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::risk::{PaceKey, check_payment};
use kadi_domain::seal::Keyring;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};
use crate::commands::create_link::Once;

/// Reserves the amount and leaves a job that asks the rail, should the process die before the rail's word is
/// recorded. Replies with the payment that the same form has started before, if it has: the rail knows of
/// that one, and is not to be called again.
#[derive(Debug)]
pub struct StartPayment {
    /// Whose link.
    pub merchant_id: MerchantId,
    /// Which link.
    pub link_id: LinkId,
    /// What the payer asks for.
    pub attempt: Attempt,
}

impl Command for StartPayment {
    type Reply = Once<Payment, Payment>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.obligations.insert(self.link_id);
        needs.links.insert(self.link_id);
        needs.payers.insert(self.link_id);
        needs.tokens.extend(self.attempt.token.map(|token| (self.link_id, token)));
        needs.merchants.insert(self.merchant_id);
        needs.risk.links.insert(self.link_id, self.merchant_id);
    }

    fn needs_by_index(&self, keys: &Keyring, needs: &mut Needs) {
        let given = self.attempt.payer_mobile.as_ref();
        needs.risk.paces.extend(given.and_then(|mobile| PaceKey::of(self.merchant_id, mobile, keys).ok()));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        if let Some(payment) = view.payment_by_token(self.link_id, self.attempt.token)? {
            return Ok(Decision::unchanged(Once::Replayed(payment.clone())));
        }
        let merchant = view.merchant(self.merchant_id)?;
        if view.obligation_of(self.link_id)?.is_some_and(|obligation| obligation.paid_by.is_some()) {
            // As it will stand once the job has closed it.
            view.link(self.link_id)?.check_payable(moment.now)?;
            return Err(Refusal::LinkCancelled.into());
        }
        let (link, payer) = (view.link(self.link_id)?, view.payers.get(&self.link_id)?);
        let given = self.attempt.payer_mobile.as_ref();
        check_payer(link, payer, given, moment.now, moment.keys)?;
        let (link, payment) = start(link.clone(), merchant, &self.attempt, moment)?;
        let paces = check_payment(merchant, &payment, given, view, moment)?;
        let mut changes = Changes { paces, ..Changes::default() };
        let check_at = moment.now.plus_ms(moment.setup.check_after_ms);
        changes.jobs.new.push(Job::new(JobKind::CheckPayment, payment.id.get(), merchant.id, check_at));
        changes.links.changed.push(link);
        changes.payments.new.push(payment.clone());
        Ok(Decision { reply: Once::Done(payment), changes })
    }
}
