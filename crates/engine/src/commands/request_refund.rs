//! A merchant asks for a refund of captured money.

use kadi_domain::amount::Minor;
use kadi_domain::id::{LinkId, MerchantId, PaymentId, RefundId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::reference::IdempotencyRecord;
use kadi_domain::refund::{Refund, Refundable, request};
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::split_refund::parts_of;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use super::create_link::{Idempotency, Once};
use crate::command::{Command, Decision, Lane, Route};

/// Takes the money out of the payment and leaves a job that asks the rail, once for each idempotency key.
#[derive(Debug)]
pub struct RequestRefund {
    /// Who asks.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Minor,
    /// The `id` of the merchant file whose part of a divided payment it comes from; none for all parts.
    pub of: Option<String>,
    /// The caller's key with the fingerprint of the request, if one was given.
    pub idempotency: Option<Idempotency>,
}

impl Command for RequestRefund {
    type Reply = Once<Box<Refund>, RefundId>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.merchants.insert(self.merchant_id);
        needs.splits.insert(self.link_id);
        needs.split_parts.insert((self.link_id, self.payment_id));
        needs.slugs.extend(self.of.clone());
        needs.idempotency.extend(self.idempotency.map(|i| i.key(self.merchant_id)));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        if let Some(idempotency) = self.idempotency
            && let Some(record) = idempotency.earlier_record(merchant.id, view)?
        {
            let refund = record.refund_id.ok_or_else(|| Fault::new("a refund's key names no refund"))?;
            return Ok(Decision::unchanged(Once::Replayed(refund)));
        }
        let payment = view.payment(self.payment_id)?;
        if payment.merchant_id != self.merchant_id || payment.link_id != self.link_id {
            return Err(Refusal::PaymentUnknown.into());
        }
        let of = match &self.of {
            None => None,
            Some(slug) => Some(*view.slugs.get(slug)?.ok_or(Refusal::PartUnknown)?),
        };
        let stored = view.split_parts.get(&(self.link_id, self.payment_id))?;
        let parts = parts_of(payment, view.split_of(self.link_id)?, stored)?;
        let (link, payment) = (view.link(self.link_id)?.clone(), payment.clone());
        let refunded = request(Refundable { link, payment, parts }, merchant, of, self.amount, moment)?;
        let refund = refunded.refund;
        let mut changes = Changes::default();
        if !refunded.parts.is_empty() {
            let parts = ((self.link_id, self.payment_id), refunded.parts);
            let puts = &mut changes.split_parts;
            if stored.is_some() { puts.changed.push(parts) } else { puts.new.push(parts) }
        }
        if !refunded.children.is_empty() {
            changes.split_refunds.new.push(((self.link_id, refund.id), refunded.children));
        }
        changes.jobs.new.push(Job::new(JobKind::RefundPayment, refund.id.get(), merchant.id, moment.now));
        if let Some(idempotency) = self.idempotency {
            let record = idempotency.record(refund.link_id);
            let record = IdempotencyRecord { refund_id: Some(refund.id), ..record };
            changes.idempotency.push((idempotency.key(merchant.id), record));
        }
        changes.entries = refunded.entries;
        changes.links.changed.push(refunded.link);
        changes.payments.changed.push(refunded.payment);
        changes.refunds.new.push(refund.clone());
        Ok(Decision { reply: Once::Done(Box::new(refund)), changes })
    }
}
