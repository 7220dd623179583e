//! The sandbox rail's own memory: what it was asked to take, what it told, and what a tester decided.

use kadi_domain::id::{MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::sandbox::{Charge, ChargeWord, Plot};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};
use crate::ports::Start;

const fn notice_key(payment: PaymentId) -> JobKey {
    JobKey { kind: JobKind::RailNotice, subject: payment.get() }
}

const fn route(merchant: MerchantId, payment: PaymentId) -> Route {
    Route { lane: Lane::Outcome, merchant, meets: payment.get() }
}

/// The rail is asked to take money. Asking again for the same payment changes nothing.
#[derive(Debug)]
pub struct OpenCharge {
    /// What it is asked to take.
    pub start: Start,
    /// What it will do.
    pub plot: Plot,
}

impl Command for OpenCharge {
    type Reply = Charge;

    fn route(&self) -> Route {
        route(self.start.merchant_id, self.start.payment_id)
    }

    fn needs(&self, needs: &mut Needs) {
        needs.charges.insert(self.start.payment_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        if let Some(charge) = view.charges.get(&self.start.payment_id)? {
            return Ok(Decision::unchanged(charge.clone()));
        }
        let charge = Charge {
            payment_id: self.start.payment_id,
            merchant_id: self.start.merchant_id,
            account: self.start.account.clone(),
            currency: self.start.currency,
            amount: self.start.charged,
            plot: self.plot.clone(),
            opened_at: moment.now,
            reserved_until: self.start.reserved_until,
            told: 0,
            settled: None,
            refund_story: self.plot.refunds(),
        };
        let mut changes = Changes::default();
        if let Some((due, _)) = charge.next_step() {
            let (id, merchant) = (charge.payment_id.get(), charge.merchant_id);
            changes.jobs.new.push(Job::new(JobKind::RailNotice, id, merchant, due));
        }
        changes.charges.new.push(charge.clone());
        Ok(Decision { reply: charge, changes })
    }
}

/// A tester decides a waiting payment; the reply is the charge to send a notice about.
#[derive(Debug)]
pub struct SettleCharge {
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// Taken or not.
    pub word: ChargeWord,
}

impl Command for SettleCharge {
    type Reply = Charge;

    fn route(&self) -> Route {
        route(self.merchant_id, self.payment_id)
    }

    fn needs(&self, needs: &mut Needs) {
        needs.charges.insert(self.payment_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut charge = view.charges.get(&self.payment_id)?.ok_or(Refusal::PaymentUnknown)?.clone();
        if charge.settled.is_some() || charge.truth(moment.now) != Some(ChargeWord::Pending) {
            return Err(Refusal::PaymentNotPending.into());
        }
        charge.settled = Some(self.word);
        let mut changes = Changes::default();
        changes.jobs_done.push(notice_key(charge.payment_id));
        changes.charges.changed.push(charge.clone());
        Ok(Decision { reply: charge, changes })
    }
}

/// The rail has done a step: the next one becomes due, if there is one.
#[derive(Debug)]
pub struct TellNotice {
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// How many steps had been done before this one.
    pub told_before: i64,
}

impl Command for TellNotice {
    type Reply = ();

    fn route(&self) -> Route {
        route(self.merchant_id, self.payment_id)
    }

    fn needs(&self, needs: &mut Needs) {
        needs.charges.insert(self.payment_id);
        needs.jobs.insert(notice_key(self.payment_id));
    }

    fn decide(&self, view: &View, _moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let found = view.charges.get(&self.payment_id)?;
        let mut charge = found.cloned().ok_or_else(|| Fault::new("a charge is missing"))?;
        if charge.told != self.told_before {
            return Ok(Decision::unchanged(()));
        }
        charge.told += 1;
        let mut changes = Changes::default();
        match (charge.next_step(), view.jobs.get(&notice_key(charge.payment_id))?) {
            (Some((due, _)), Some(job)) => changes.jobs.changed.push(job.clone().again_at(due)),
            (Some(_) | None, _) => changes.jobs_done.push(notice_key(charge.payment_id)),
        }
        changes.charges.changed.push(charge);
        Ok(Decision { reply: (), changes })
    }
}
