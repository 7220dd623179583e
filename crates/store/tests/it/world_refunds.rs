//! The refunds of the small world, in every state.

use kadi_domain::amount::Minor;
use kadi_domain::create::Use;
use kadi_domain::follow_up::announce_refund;
use kadi_domain::id::{LinkId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::LinkKind;
use kadi_domain::rail::{RefundReport, Report};
use kadi_domain::reference::{IdempotencyKey, IdempotencyRecord};
use kadi_domain::refund::{request, settle_refund};
use kadi_domain::sandbox::{ChargeWord, Payback, RefundStory, Story};
use kadi_domain::work::{Changes, Needs};

use crate::world::{Builder, merchant};

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
    }

    fn refund(&mut self, link: LinkId, payment: PaymentId, amount: i64, reports: &[RefundReport]) {
        let mut needs = Needs::default();
        needs.links.insert(link);
        needs.payments.insert(payment);
        needs.subscriptions.insert(link);
        let shop = merchant(self.shop);
        let mut made = None;
        self.commit(&needs, |view, moment| {
            let (link, payment) = (view.link(link).unwrap().clone(), view.payment(payment).unwrap().clone());
            let done = request(link, payment, &shop, Minor::new(amount), moment).unwrap();
            let settled = match reports.last() {
                None => None,
                Some(RefundReport::Failed { .. }) => Some(ChargeWord::Failed),
                Some(RefundReport::Reversed { .. }) => Some(ChargeWord::Reversed),
                Some(RefundReport::Pending | RefundReport::Succeeded { .. }) => Some(ChargeWord::Succeeded),
            };
            let mut changes = Changes::default();
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
        let refund = made.unwrap();
        needs.refunds.insert(refund);
        for report in reports {
            self.commit(&needs, |view, moment| {
                let (link, payment) = (view.link(link).unwrap().clone(), view.payment(payment).unwrap());
                let before = view.refund(refund).unwrap().clone();
                let done = settle_refund(link, payment.clone(), before, &shop, report, true, moment).unwrap();
                let (mut changes, mut link) = (Changes::default(), done.link);
                let subscriptions = view.subscriptions_of(link.id).unwrap();
                let kind = done.event.unwrap();
                announce_refund(&mut link, &shop, subscriptions, kind, refund, &mut changes, moment).unwrap();
                changes.jobs_done.push(JobKey { kind: JobKind::RefundPayment, subject: refund.get() });
                changes.entries = done.entries;
                changes.links.changed.push(link);
                changes.payments.changed.push(done.payment);
                changes.refunds.changed.push(done.refund);
                changes
            });
        }
    }
}
