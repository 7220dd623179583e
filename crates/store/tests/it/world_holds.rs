//! Held money of the small world about which was decided: applied, also to a divided link, or sent back.

use kadi_domain::create::Use;
use kadi_domain::follow_up::announce;
use kadi_domain::hold::decide;
use kadi_domain::id::{LinkId, PaymentId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::link::LinkKind;
use kadi_domain::payment::HoldDecision;
use kadi_domain::rail::Report;
use kadi_domain::settle::Parties;
use kadi_domain::work::{Changes, Needs};

use crate::world::{Builder, merchant};

impl Builder {
    /// Money that came short and was applied; the same on a divided link; and some on its way back.
    pub(crate) fn decided(&mut self) {
        let once = self.link(LinkKind::Fixed, Use::Once, "applied");
        let payment = self.short(once);
        self.decide(once, payment, HoldDecision::Apply);
        let split = self.split("split and applied");
        let payment = self.short(split);
        self.decide(split, payment, HoldDecision::Apply);
        let back = self.link(LinkKind::Fixed, Use::Once, "not applied");
        let payment = self.short(back);
        self.decide(back, payment, HoldDecision::Refund);
    }

    fn short(&mut self, link: LinkId) -> PaymentId {
        let payment = self.pay(link, None);
        self.report(link, payment, &Report::Succeeded(self.taken(payment, 900)));
        payment
    }

    fn decide(&mut self, link: LinkId, payment: PaymentId, decision: HoldDecision) {
        let mut needs = Needs::default();
        needs.links.insert(link);
        needs.payments.insert(payment);
        needs.splits.insert(link);
        needs.subscriptions.insert(link);
        let shop = merchant(self.shop);
        self.commit(&needs, |view, moment| {
            let split = view.split_of(link).unwrap();
            let parties = Parties { merchant: &shop, split, parts: &[], paid_by: None };
            let (old_link, old) = (view.link(link).unwrap().clone(), view.payment(payment).unwrap().clone());
            let done = decide(old_link, old, &parties, decision, moment).unwrap();
            let (mut changes, mut link) = (Changes::default(), done.link);
            let subscriptions = view.subscriptions_of(link.id).unwrap();
            for kind in done.events {
                let about = kind.is_payment().then_some(payment);
                announce(&mut link, &shop, subscriptions, kind, about, &mut changes, moment).unwrap();
            }
            if let Some(refund) = done.refund {
                let job = Job::new(JobKind::RefundPayment, refund.id.get(), shop.id, moment.now);
                changes.jobs.new.push(job);
                changes.refunds.new.push(refund);
            }
            changes.entries = done.entries;
            changes.links.changed.push(link);
            changes.payments.changed.push(done.payment);
            changes
        });
    }
}
