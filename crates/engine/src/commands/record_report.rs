//! A rail said something about a payment: its answer, its notice, or what it says when asked.

use kadi_domain::claim::{MoneyKey, hear};
use kadi_domain::follow_up::announce;
use kadi_domain::hold::decide;
use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::moment::Moment;
use kadi_domain::payment::{Payment, PaymentState};
use kadi_domain::rail::{Report, Weight};
use kadi_domain::refusal::{Fault, Stop};
use kadi_domain::settle::Parties;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use super::decide_hold::{count_for_obligation, write};
use crate::command::{Command, Decision, Lane, Route};

/// Applies a rail's report to payment, link and books. Recording one twice changes nothing.
#[derive(Debug)]
pub struct RecordReport {
    /// Whose payment.
    pub merchant_id: MerchantId,
    /// The payment's link.
    pub link_id: LinkId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// What the rail said.
    pub report: Report,
    /// The money that it spoke of, if it spoke of any.
    pub money: Option<MoneyKey>,
    /// Did it say so when it was asked?
    pub was_asked: bool,
    /// The version of the payment about which it was asked, where money was booked for it by then.
    pub about_booked: Option<i64>,
}

impl RecordReport {
    /// The report about a stored payment that came by a notice.
    pub fn about(payment: &Payment, report: Report) -> Self {
        let Payment { id, link_id, merchant_id, .. } = *payment;
        let money = MoneyKey::named(payment, &report);
        Self { merchant_id, link_id, payment_id: id, report, money, was_asked: false, about_booked: None }
    }

    /// What the rail answered when it was asked to start or to check a stored payment.
    pub fn answering(payment: &Payment, report: Report) -> Self {
        let mut answer = Self::about(payment, report);
        answer.was_asked = true;
        answer.about_booked = payment.taken.map(|_| payment.version);
        answer
    }

    /// An answer may be older than what is booked by now, for the question was put before.
    fn weight(&self, before: &Payment) -> Weight {
        match self.about_booked {
            Some(version) if version == before.version => Weight::Truth,
            Some(_) | None if self.was_asked => Weight::Answer,
            Some(_) | None => Weight::Notice,
        }
    }

    /// May it take booked money back, so that children give up their parts?
    const fn may_take_back(&self) -> bool {
        matches!(self.report, Report::Reversed(_)) || self.about_booked.is_some()
    }

    /// Need the rail not be asked any more? A contradiction is settled by asking, and not by the next notice
    /// that happens to agree with the books. A failure that came by notice is confirmed by asking: should the
    /// notice be wrong, the money is found. That the rail does not know yet is no last word, also about a
    /// payment that a notice has called failed.
    fn ends_asking(&self, before: &Payment, attempt: &Payment) -> bool {
        let is_failure = matches!(attempt.state, PaymentState::Failed { .. });
        let is_answer = self.was_asked && self.report != Report::Pending;
        let may_end = is_answer || (before.state.is_open() && !is_failure);
        may_end && !attempt.state.is_open()
    }

    /// Leaves a job that asks the rail, or ends the one that has.
    fn ask(
        &self,
        view: &View,
        (before, attempt): (&Payment, &Payment),
        ask_rail: bool,
        changes: &mut Changes,
        moment: &Moment<'_>,
    ) -> Result<(), Fault> {
        let check = view.jobs.get(&self.check_key())?;
        if ask_rail && check.is_none() {
            let due = moment.now.plus_ms(moment.setup.check_after_ms);
            let (id, merchant) = (before.id.get(), before.merchant_id);
            changes.jobs.new.push(Job::new(JobKind::CheckPayment, id, merchant, due));
        }
        if !ask_rail && check.is_some() && self.ends_asking(before, attempt) {
            changes.jobs_done.push(self.check_key());
        }
        Ok(())
    }

    const fn check_key(&self) -> JobKey {
        JobKey { kind: JobKind::CheckPayment, subject: self.payment_id.get() }
    }
}

impl Command for RecordReport {
    type Reply = Payment;

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: self.merchant_id, meets: self.link_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.obligations.insert(self.link_id);
        needs.links.insert(self.link_id);
        needs.payments.insert(self.payment_id);
        needs.money.extend(self.money.clone());
        needs.subscriptions.insert(self.link_id);
        needs.splits.insert(self.link_id);
        if self.may_take_back() {
            needs.split_parts.insert((self.link_id, self.payment_id));
            needs.split_parts_of_money.extend(self.money.clone());
        }
        needs.merchants.insert(self.merchant_id);
        needs.jobs.insert(self.check_key());
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.merchant(self.merchant_id)?;
        let (before_link, before) = (view.link(self.link_id)?, view.payment(self.payment_id)?);
        let paid_by = view.obligation_paid_by(self.link_id)?;
        let known = view.payment_with(self.money.as_ref())?;
        let of_payment = known.map_or(self.payment_id, |known| known.id);
        let key = Some((self.link_id, of_payment)).filter(|_| self.may_take_back());
        let parts = key.map(|key| view.split_parts.get(&key)).transpose()?.flatten();
        let parts = parts.map_or(&[][..], Vec::as_slice);
        let parties = Parties { merchant, split: view.split_of(self.link_id)?, parts, paid_by };
        let (link, asked_for) = (before_link.clone(), before.clone());
        let weight = self.weight(before);
        let heard = hear(link, asked_for, known, &parties, &self.report, weight, moment)?;
        let (settled, mut changes) = (heard.settled, Changes::default());
        let (withdrawn, told_first) = heard.withdrawn.map(|gone| (gone.payment, gone.events)).unzip();
        // Money beside the attempt leaves the attempt itself as it was.
        let after =
            |id| [Some(&settled.payment), withdrawn.as_ref()].into_iter().flatten().find(|p| p.id == id);
        let attempt = after(before.id).unwrap_or(before).clone();
        let earlier = known.into_iter().chain([before]).find(|payment| payment.id == settled.payment.id);
        if heard.is_new {
            changes.payments.new.push(settled.payment.clone());
        }
        let mut link = settled.link;
        let subscriptions = view.subscriptions_of(link.id)?;
        let first = told_first.into_iter().flatten().map(|kind| (kind, withdrawn.as_ref()));
        let then = settled.events.iter().map(|kind| (*kind, Some(&settled.payment)));
        for (kind, about) in first.chain(then) {
            let payment = about.filter(|_| kind.is_payment()).map(|payment| payment.id);
            announce(&mut link, merchant, subscriptions, kind, payment, &mut changes, moment)?;
        }
        self.ask(view, (before, &attempt), settled.ask_rail, &mut changes, moment)?;
        expire(before_link, &link, &mut changes);
        changes.entries = settled.entries;
        let is_new_hold = matches!(settled.payment.state, PaymentState::Held { .. })
            && !earlier.is_some_and(|earlier| matches!(earlier.state, PaymentState::Held { .. }));
        let (reply, gone) = (attempt, withdrawn.as_slice());
        changes.payments.changed.extend(gone.iter().cloned());
        if let (Some(policy), true) = (merchant.hold_policy, is_new_hold) {
            match decide(link.clone(), settled.payment.clone(), &parties, policy, moment) {
                Ok(done) => {
                    let payment = write(done, view, merchant, gone, &mut changes, moment)?;
                    let reply = if payment.id == reply.id { payment } else { reply };
                    return Ok(Decision { reply, changes });
                }
                // What the policy cannot do is left for the merchant to decide.
                Err(Stop::Refused(_)) => {}
                Err(broken @ Stop::Broken(_)) => return Err(broken),
            }
        }
        if link != *before_link {
            changes.links.changed.push(link);
        }
        count_for_obligation(view, gone, &settled.payment, &mut changes, moment)?;
        if earlier.is_some_and(|earlier| settled.payment != *earlier) {
            changes.payments.changed.push(settled.payment);
        }
        Ok(Decision { reply, changes })
    }
}

/// Ends the job that waits for the end of a link which has ended, and leaves one for a link that is open
/// again.
fn expire(before: &Link, link: &Link, changes: &mut Changes) {
    if link.status != before.status && link.status != LinkStatus::Active {
        changes.jobs_done.push(JobKey { kind: JobKind::ExpireLink, subject: link.id.get() });
    }
    if let (LinkStatus::Active, Some(end)) = (link.status, link.expires_at)
        && link.status != before.status
    {
        changes.jobs.new.push(Job::new(JobKind::ExpireLink, link.id.get(), link.merchant_id, end));
    }
}
