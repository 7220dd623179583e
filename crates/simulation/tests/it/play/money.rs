//! What payers and the rail do, and what merchants decide about held money.

use kadi_domain::amount::Minor;
use kadi_domain::attempt::{Attempt, AttemptToken};
use kadi_domain::id::PaymentId;
use kadi_domain::mode::Mode;
use kadi_domain::payment::{HoldDecision, Payment};
use kadi_domain::rail::{Report, Taken};
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::pay::{Pay, pay};
use kadi_engine::ports::Start;

use super::telling::{Play, Wrong};
use crate::gate::together;
use crate::oracle::Say;
use crate::story::{Does, Size, Tells, Until};
use crate::till::{Asked, Deed, report, say, taken};

impl Play<'_> {
    /// What a payer asks to pay.
    fn amount(&self, link: usize, size: Size) -> Option<i64> {
        let model = &self.links[link].model;
        let left = model.left().or(model.terms.amount).unwrap_or(5_000);
        match size {
            Size::Asked => None,
            Size::Exact(amount) => Some(amount),
            Size::Of(thousandths) => Some((left * thousandths / 1_000).max(1)),
            Size::TooMuch => Some(left + 1),
        }
    }

    pub(super) async fn pay(
        &mut self,
        link: usize,
        mode: &'static str,
        size: Size,
        does: Does,
        until: Until,
    ) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let (amount, now) = (self.amount(link, size), self.now());
        let (merchant_id, link_id) = (self.merchant, self.links[link].id);
        let form = self.new_form();
        let (attempt, shop) = (attempt(form, mode, amount), &self.story.shop);
        let expected = self.links[link].model.start(shop, form, ("till", mode), amount, now);
        let answered = if until == Until::Started {
            let start = StartPayment { merchant_id, link_id, attempt };
            self.stage.engine.submit(start).await.map(Once::either)
        } else {
            self.till.memory().next = Some((does, until == Until::Answered));
            let asked = Pay { merchant_id, link_id, attempt, choice: String::new() };
            pay(&self.stage.engine, &self.till, asked).await
        };
        self.till.memory().next = None;
        if let Some((payment, number)) = self.agree(answered, expected)? {
            let asked = self.till.memory().starts.get(&payment.id).cloned();
            self.started(link, number, form, asked.unwrap_or_else(|| to_rail(&payment)))?;
            self.take_in(None);
        }
        self.find_refunds(link)?;
        self.compare(link)
    }

    /// The form of a payment is sent once more, whatever became of the payment: the rail is not called.
    pub(super) async fn tap_again(&mut self, payment: usize) -> Result<(), Wrong> {
        let Some((link, number)) = self.payment(payment) else { return Ok(()) };
        let (merchant_id, link_id, now) = (self.merchant, self.links[link].id, self.now());
        let id = self.links[link].payments[number];
        let Some(form) = self.forms.get(&id).copied() else { return Ok(()) };
        let asked =
            Pay { merchant_id, link_id, attempt: attempt(form, "CC", Some(1)), choice: String::new() };
        let answered = pay(&self.stage.engine, &self.till, asked).await;
        let expected = self.links[link].model.start(&self.story.shop, form, ("till", "CC"), Some(1), now);
        if let Some((payment, again)) = self.agree(answered, expected)? {
            same((payment.id, again), (id, number))?;
            self.answers.push("tapped".to_owned());
        }
        self.compare(link)
    }

    /// A page with a form of its own.
    fn new_form(&mut self) -> u128 {
        self.pages += 1;
        self.pages
    }

    /// Several payers at once, each tapping so often: their reservations are one batch, the rail's words
    /// another.
    pub(super) async fn crowd(
        &mut self,
        link: usize,
        size: Size,
        does: &[Does],
        taps: usize,
    ) -> Result<(), Wrong> {
        let Some(link) = self.link(link) else { return Ok(()) };
        let (amount, now) = (self.amount(link, size), self.now());
        let (merchant_id, link_id, shop) = (self.merchant, self.links[link].id, &self.story.shop);
        let forms: Vec<u128> = does.iter().map(|_| self.new_form()).collect();
        let tapped: Vec<(u128, Does)> =
            forms.iter().zip(does).flat_map(|(form, does)| vec![(*form, *does); taps]).collect();
        let start = |(form, _): &(u128, Does)| StartPayment {
            merchant_id,
            link_id,
            attempt: attempt(*form, "UPI", amount),
        };
        let commands = tapped.iter().map(start).collect();
        let answers = together(&self.stage.engine, commands).await;
        let mut words = Vec::new();
        for (answered, (form, does)) in answers.into_iter().zip(tapped) {
            let expected = self.links[link].model.start(shop, form, ("till", "UPI"), amount, now);
            if let Some((payment, number)) = self.agree(answered.map(Once::either), expected)? {
                if let Some(first) = self.links[link].payments.get(number) {
                    same((payment.id, number), (*first, number))?;
                    continue;
                }
                let start = to_rail(&payment);
                self.started(link, number, form, start.clone())?;
                let report = report(&self.till.charge(&start, does));
                words.push((payment, number, report));
            }
        }
        self.compare(link)?;
        let answering = |(payment, _, report): &(Payment, usize, Report)| {
            RecordReport::answering(payment, report.clone())
        };
        let commands = words.iter().map(answering).collect();
        let answers = together(&self.stage.engine, commands).await;
        for (answered, (_, number, report)) in answers.into_iter().zip(words) {
            self.links[link].model.hear(shop, number, &say(&report, &self.slug), now);
            self.agree(answered, Ok(()))?;
        }
        self.find_refunds(link)?;
        self.compare(link)
    }

    /// Remembers a payment that was started.
    fn started(&mut self, link: usize, number: usize, form: u128, start: Start) -> Result<(), Wrong> {
        let told = &mut self.links[link];
        let model = &told.model.payments[number];
        let asked = model.applied + model.surcharge;
        if (start.charged.get(), number) != (asked, told.payments.len()) {
            return Err(format!("the rail is to take {}, expected {asked}", start.charged.get()));
        }
        told.payments.push(start.payment_id);
        self.payments.push((link, number));
        self.forms.insert(start.payment_id, form);
        self.starts.insert(start.payment_id, start);
        Ok(())
    }

    /// Tells the model what the rail answered since; `waited` is a payment that goes on waiting.
    pub(super) fn take_in(&mut self, waited: Option<PaymentId>) {
        let asked = std::mem::take(&mut self.till.memory().asked);
        let now = self.now();
        for question in asked {
            match question {
                Asked::Payment(id, Some(said)) => {
                    let (link, number) = self.place(id);
                    self.links[link].model.hear(&self.story.shop, number, &said, now);
                }
                Asked::Refund(id, Some(said)) => self.hear_back(id, said, true),
                Asked::Payment(_, None) | Asked::Refund(_, None) => {}
            }
        }
        if let Some(id) = waited {
            let (link, number) = self.place(id);
            self.links[link].model.keep_waiting(number, now);
        }
    }

    /// The link of a payment, and its number there.
    pub(super) fn place(&self, id: PaymentId) -> (usize, usize) {
        let number = |(link, number): &&(usize, usize)| self.links[*link].payments[*number] == id;
        *self.payments.iter().find(number).unwrap()
    }

    /// The rail makes up its mind, or changes it.
    pub(super) fn turn(&mut self, payment: usize, is_good: bool) -> Result<(), Wrong> {
        let Some((link, number)) = self.payment(payment) else { return Ok(()) };
        let id = self.links[link].payments[number];
        let Some(deed) = self.till.memory().deeds.get(&id).cloned() else { return Ok(()) };
        let takes = || Deed::Took(taken(&self.starts[&id]));
        let deed = match deed {
            Deed::Waits | Deed::Declined if is_good => takes(),
            Deed::Waits | Deed::Declined => Deed::Declined,
            Deed::Took(taken) if !is_good => Deed::TookBack(taken),
            Deed::Took(_) | Deed::TookBack(_) => deed,
        };
        let before = self.till.memory().deeds.insert(id, deed.clone());
        if before != Some(deed) && before != Some(Deed::Waits) {
            self.owed.insert((link, number));
        }
        Ok(())
    }

    /// The rail tells, unasked: so often, in one batch.
    pub(super) async fn notice(&mut self, payment: usize, tells: Tells, times: usize) -> Result<(), Wrong> {
        let Some((link, number)) = self.payment(payment) else { return Ok(()) };
        let id = self.links[link].payments[number];
        if tells == Tells::BorrowedReference {
            return self.borrow_reference(link, number).await;
        }
        let Some(report) = self.report(link, number, tells) else { return Ok(()) };
        let stored = self.stage.reader.payment(id).unwrap().unwrap();
        let commands = (0..times).map(|_| RecordReport::about(&stored, report.clone())).collect();
        let answers = together(&self.stage.engine, commands).await;
        let (said, now) = (say(&report, &self.slug), self.now());
        for answered in answers {
            let model = &mut self.links[link].model;
            if let (Tells::OtherReference, Say::Took(took)) = (tells, &said) {
                model.hear_other(&self.story.shop, number, took, now);
            } else {
                model.hear(&self.story.shop, number, &said, now);
            }
            self.agree(answered, Ok(()))?;
        }
        self.find_payments(link);
        self.find_refunds(link)?;
        self.compare(link)
    }

    /// What a notice says; none where the rail would not say it of this payment.
    fn report(&self, link: usize, number: usize, tells: Tells) -> Option<Report> {
        let model = &self.links[link].model.payments[number];
        let id = self.links[link].payments[number];
        let is_known = matches!(model.state, "captured" | "held");
        let own = || taken(&self.starts[&id]);
        match tells {
            Tells::Truth => self.till.memory().deeds.get(&id).map(report),
            Tells::Failure => Some(Report::Failed { reason: "declined".to_owned() }),
            Tells::Pending => Some(Report::Pending),
            Tells::OtherReference if is_known => {
                Some(Report::Succeeded(Taken { reference: format!("X{}", id.get()), ..own() }))
            }
            Tells::OtherReversal if is_known => {
                let took = model.took.clone().unwrap();
                let charged = Minor::new(took.amount + 100_000);
                Some(Report::Reversed(Taken { reference: took.reference, charged, ..own() }))
            }
            Tells::OtherReference | Tells::OtherReversal | Tells::BorrowedReference => None,
        }
    }

    /// Finds the payments of money that came beside what was asked for; the rail has it.
    fn find_payments(&mut self, link: usize) {
        let mut stored = self.stage.reader.payments_page(self.links[link].id, None, 1_000).unwrap();
        stored.sort_by_key(|payment| payment.id);
        for payment in stored {
            if !self.links[link].payments.contains(&payment.id) {
                let number = self.links[link].payments.len();
                let start = to_rail(&payment);
                let reference = payment.rail_reference.clone().unwrap_or_default();
                let money = Taken { reference, ..taken(&start) };
                self.till.memory().deeds.insert(payment.id, Deed::Took(money));
                self.links[link].payments.push(payment.id);
                self.payments.push((link, number));
                self.starts.insert(payment.id, start);
            }
        }
    }

    /// Money under a reference that is booked already is not booked again.
    async fn borrow_reference(&mut self, link: usize, number: usize) -> Result<(), Wrong> {
        let told = &self.links[link];
        let model = &told.model.payments[number];
        let is_free = model.is_open() || model.state == "failed";
        let lent =
            self.links.iter().flat_map(|told| &told.model.payments).find_map(|other| other.took.clone());
        let Some(lent) = lent.filter(|_| is_free) else { return Ok(()) };
        let id = told.payments[number];
        let stored = self.stage.reader.payment(id).unwrap().unwrap();
        let money = Taken { reference: lent.reference, ..taken(&self.starts[&id]) };
        let notice = RecordReport::about(&stored, Report::Succeeded(money));
        let answered = self.stage.engine.submit(notice).await;
        self.answers.push("borrowed".to_owned());
        self.agree(answered, Ok(()))?;
        self.compare(link)
    }

    pub(super) async fn decide(&mut self, payment: usize, what: &'static str) -> Result<(), Wrong> {
        let Some((link, number)) = self.payment(payment) else { return Ok(()) };
        let decision = HoldDecision::parse(what).unwrap();
        let told = &self.links[link];
        let (merchant_id, link_id, payment_id) = (self.merchant, told.id, told.payments[number]);
        let command = DecideHold { merchant_id, link_id, payment_id, decision, idempotency: None };
        let answered = self.stage.engine.submit(command).await;
        let expected = self.links[link].model.decide(&self.story.shop, number, what);
        self.agree(answered, expected)?;
        self.find_refunds(link)?;
        self.compare(link)
    }
}

/// One form is one payment.
fn same(found: (PaymentId, usize), first: (PaymentId, usize)) -> Result<(), Wrong> {
    if found == first { Ok(()) } else { Err(format!("one form began {first:?} and {found:?}")) }
}

fn attempt(form: u128, mode: &str, amount: Option<i64>) -> Attempt {
    Attempt {
        amount: amount.map(Minor::new),
        by: Mode::parse(mode).unwrap().into(),
        payer_mobile: None,
        answers: None,
        token: Some(AttemptToken::new(form.to_be_bytes())),
        rail: "till".to_owned(),
        rail_is_sandbox: true,
    }
}

fn to_rail(payment: &Payment) -> Start {
    Start {
        payment_id: payment.id,
        merchant_id: payment.merchant_id,
        account: payment.rail_account.clone(),
        charged: payment.charged().unwrap(),
        currency: payment.currency,
        mode: payment.mode.clone(),
        reserved_until: payment.created_at,
        choice: String::new(),
    }
}
