//! The refunds of the small world, in every state.

use kadi_domain::amount::Minor;
use kadi_domain::create::Use;
use kadi_domain::follow_up::announce_refund;
use kadi_domain::id::{LinkId, MerchantId, PaymentId, RefundId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::LinkKind;
use kadi_domain::rail::{RefundReport, Report};
use kadi_domain::reference::{IdempotencyKey, IdempotencyRecord};
use kadi_domain::refund::{Refundable, request, settle_refund};
use kadi_domain::sandbox::{ChargeWord, Payback, RefundStory, Story};
use kadi_domain::split_refund::parts_of;
use kadi_domain::work::{Changes, Needs};

use crate::world::{Builder, CHILDREN, merchant};

impl Builder {
    /// A payment with a refund in every state.
    pub(crate) fn refunds(&mut self) {
        let link = self.link(LinkKind::Fixed, Use::Once, "refunded");
        let payment = self.pay(link, Some(Story::Success));
        self.report(link, payment, &Report::Succeeded(self.taken(payment, self.charged)));
        let reference = || "SBXR".to_owned();
        self.refund(link, payment, 500, &[RefundReport::Succeeded { reference: reference() }]);
        self.refund(link, payment, 100, &[RefundReport::Failed { reason: "closed".into() }]);
        let came_back = RefundReport::Reversed { reference: reference() };
        self.refund(link, payment, 70, &[RefundReport::Succeeded { reference: reference() }, came_back]);
        self.refund(link, payment, 30, &[]);
        self.split_refunds();
    }

    /// Refunds of all parts and of single ones, and of a payment that the rail then takes back.
    fn split_refunds(&mut self) {
        let succeeded = || RefundReport::Succeeded { reference: "SBXR".to_owned() };
        let failed = || RefundReport::Failed { reason: "closed".into() };
        for is_taken_back in [false, true] {
            let link = self.split(if is_taken_back { "split and gone" } else { "split and refunded" });
            let payment = self.pay(link, Some(if is_taken_back { Story::Reversal } else { Story::Success }));
            let taken = self.taken(payment, self.charged);
            self.report(link, payment, &Report::Succeeded(taken.clone()));
            self.refund(link, payment, 333, &[succeeded()]);
            self.refund_of(link, payment, Some(CHILDREN[0]), 41, &[failed(), succeeded()]);
            self.refund_of(link, payment, Some(CHILDREN[1]), 17, &[]);
            self.refund_of(link, payment, Some(self.shop.get()), 11, &[failed()]);
            if is_taken_back {
                self.report(link, payment, &Report::Reversed(taken));
            }
        }
    }

    fn refund(&mut self, link: LinkId, payment: PaymentId, amount: i64, reports: &[RefundReport]) {
        self.refund_of(link, payment, None, amount, reports);
    }

    fn refund_of(
        &mut self,
        link: LinkId,
        payment: PaymentId,
        of: Option<i64>,
        amount: i64,
        reports: &[RefundReport],
    ) {
        let mut needs = Needs::default();
        needs.links.insert(link);
        needs.payments.insert(payment);
        needs.splits.insert(link);
        needs.split_parts.insert((link, payment));
        needs.subscriptions.insert(link);
        let shop = merchant(self.shop);
        let mut made = None;
        self.commit(&needs, |view, moment| {
            let stored = view.split_parts.get(&(link, payment)).unwrap();
            let (keys, rules) = ((link, payment), view.split_of(link).unwrap());
            let (link, payment) = (view.link(link).unwrap().clone(), view.payment(payment).unwrap().clone());
            let parts = parts_of(&payment, rules, stored).unwrap();
            let (of, paid) = (of.map(MerchantId::new), Refundable { link, payment, parts });
            let done = request(paid, &shop, of, Minor::new(amount), moment).unwrap();
            let settled = match reports.last() {
                None => None,
                Some(RefundReport::Failed { .. }) => Some(ChargeWord::Failed),
                Some(RefundReport::Reversed { .. }) => Some(ChargeWord::Reversed),
                Some(RefundReport::Pending | RefundReport::Succeeded { .. }) => Some(ChargeWord::Succeeded),
            };
            let mut changes = Changes::default();
            if !done.parts.is_empty() {
                let puts = &mut changes.split_parts;
                if stored.is_some() { &mut puts.changed } else { &mut puts.new }.push((keys, done.parts));
            }
            if !done.children.is_empty() {
                changes.split_refunds.new.push(((keys.0, done.refund.id), done.children));
            }
            changes.paybacks.new.push(Payback {
                refund_id: done.refund.id,
                payment_id: done.payment.id,
                merchant_id: shop.id,
                amount: done.refund.amount,
                story: RefundStory::Pending,
                settled,
            });
            let job = Job::new(JobKind::RefundPayment, done.refund.id.get(), shop.id, moment.now);
            changes.jobs.new.push(job);
            let key = IdempotencyKey { merchant_id: shop.id, key_hash: moment.random().unwrap() };
            let record = IdempotencyRecord {
                fingerprint: [2; 32],
                link_id: done.link.id,
                refund_id: Some(done.refund.id),
            };
            changes.idempotency.push((key, record));
            changes.entries = done.entries;
            changes.links.changed.push(done.link);
            changes.payments.changed.push(done.payment);
            made = Some(done.refund.id);
            changes.refunds.new.push(done.refund);
            changes
        });
        self.tell(needs, link, payment, made.unwrap(), reports);
    }

    fn tell(
        &mut self,
        mut needs: Needs,
        link: LinkId,
        payment: PaymentId,
        refund: RefundId,
        reports: &[RefundReport],
    ) {
        let shop = merchant(self.shop);
        let (parts_key, children_key) = ((link, payment), (link, refund));
        needs.refunds.insert(refund);
        needs.split_refunds.insert(children_key);
        for report in reports {
            self.commit(&needs, |view, moment| {
                let (link, payment) = (view.link(link).unwrap().clone(), view.payment(payment).unwrap());
                let before = view.refund(refund).unwrap().clone();
                let parts = view.split_parts.get(&parts_key).unwrap().cloned().unwrap_or_default();
                let children = view.split_refunds.get(&children_key).unwrap().cloned().unwrap_or_default();
                let paid = Refundable { link, payment: payment.clone(), parts };
                let done = settle_refund(paid, before, children, &shop, report, true, moment).unwrap();
                let (mut changes, mut link) = (Changes::default(), done.link);
                let subscriptions = view.subscriptions_of(link.id).unwrap();
                let kind = done.event.unwrap();
                announce_refund(&mut link, &shop, subscriptions, kind, refund, &mut changes, moment).unwrap();
                changes.jobs_done.push(JobKey { kind: JobKind::RefundPayment, subject: refund.get() });
                changes.entries = done.entries;
                changes.links.changed.push(link);
                changes.payments.changed.push(done.payment);
                changes.refunds.changed.push(done.refund);
                if !done.parts.is_empty() {
                    changes.split_parts.changed.push((parts_key, done.parts));
                }
                if !done.children.is_empty() {
                    changes.split_refunds.changed.push((children_key, done.children));
                }
                changes
            });
        }
    }
}
