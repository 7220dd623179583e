//! A rail that does what the payer's choice says, and answers checks as a test has told it to.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kadi_domain::amount::Minor;
use kadi_domain::attempt::Attempt;
use kadi_domain::id::{PaymentId, RefundId};
use kadi_domain::mode::Mode;
use kadi_domain::payment::Payment;
use kadi_domain::rail::RefundReport::Succeeded;
use kadi_domain::rail::{RefundReport, Report, Taken};
use kadi_domain::refusal::Fault;
use kadi_engine::ports::{Answer, Notice, Rail, RefundOrder, RefundWord, Start, Word};

#[derive(Default)]
pub(crate) struct TestRail {
    truths: Mutex<BTreeMap<PaymentId, Word>>,
    pub(crate) refunds: Mutex<RefundBook>,
}

/// What the rail did about refunds.
#[derive(Default)]
pub(crate) struct RefundBook {
    /// What the next order is answered, whatever becomes of it.
    pub(crate) told: Option<RefundWord>,
    /// Every refund that was carried out, with its truth.
    pub(crate) done: BTreeMap<RefundId, (Minor, RefundReport)>,
}

impl TestRail {
    /// From now on a check of this payment says so.
    pub(crate) fn tell(&self, payment: &Payment, word: Word) {
        self.truths.lock().unwrap_or_else(PoisonError::into_inner).insert(payment.id, word);
    }
}

impl Rail for TestRail {
    fn name(&self) -> &'static str {
        "test"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn start(&self, start: Start) -> Answer<'_, Word> {
        let taken = Taken {
            reference: reference(start.payment_id),
            charged: start.charged,
            currency: start.currency,
            payee: start.account,
        };
        Box::pin(async move {
            match start.choice.as_str() {
                "success" => Word::Report(Report::Succeeded(taken)),
                "failure" => Word::Report(failed()),
                "pending" => Word::Report(Report::Pending),
                "reversal" => Word::Report(Report::Reversed(taken)),
                "not found" => Word::NotFound,
                "silence" => Word::Silence,
                "hang" => std::future::pending().await,
                other => panic!("no such choice: {other}"),
            }
        })
    }

    /// What a test has told; silence where it has told nothing.
    fn check(&self, payment: PaymentId) -> Answer<'_, Word> {
        let truths = self.truths.lock().unwrap_or_else(PoisonError::into_inner);
        let word = truths.get(&payment).cloned().unwrap_or(Word::Silence);
        Box::pin(async move { word })
    }

    /// Carries an order out at once, as a test has told: once for each refund, whatever it answers.
    fn refund(&self, order: RefundOrder) -> Answer<'_, RefundWord> {
        let mut book = self.refunds.lock().unwrap_or_else(PoisonError::into_inner);
        let told = book.told.take();
        let reference = format!("RFN{}", order.refund_id.get());
        let truth = book.done.entry(order.refund_id).or_insert((order.amount, Succeeded { reference }));
        let word = told.unwrap_or_else(|| RefundWord::Report(truth.1.clone()));
        Box::pin(async move { word })
    }

    fn check_refund(&self, refund: RefundId) -> Answer<'_, RefundWord> {
        let book = self.refunds.lock().unwrap_or_else(PoisonError::into_inner);
        let known = book.done.get(&refund).map(|(_, report)| RefundWord::Report(report.clone()));
        Box::pin(async move { known.unwrap_or(RefundWord::NotFound) })
    }

    fn read_notice(&self, _: &[u8]) -> Result<Option<Notice>, Fault> {
        Ok(None)
    }
}

/// The same rail, while something happens before it has answered a start.
pub(crate) struct Meanwhile<F> {
    pub(crate) rail: TestRail,
    pub(crate) then: F,
}

impl<F: Fn() + Send + Sync> Rail for Meanwhile<F> {
    fn name(&self) -> &'static str {
        self.rail.name()
    }

    fn is_sandbox(&self) -> bool {
        self.rail.is_sandbox()
    }

    fn start(&self, start: Start) -> Answer<'_, Word> {
        (self.then)();
        self.rail.start(start)
    }

    fn check(&self, payment: PaymentId) -> Answer<'_, Word> {
        self.rail.check(payment)
    }

    fn refund(&self, order: RefundOrder) -> Answer<'_, RefundWord> {
        self.rail.refund(order)
    }

    fn check_refund(&self, refund: RefundId) -> Answer<'_, RefundWord> {
        self.rail.check_refund(refund)
    }

    fn read_notice(&self, bytes: &[u8]) -> Result<Option<Notice>, Fault> {
        self.rail.read_notice(bytes)
    }
}

pub(crate) fn attempt() -> Attempt {
    Attempt {
        amount: None,
        by: Mode::Upi.into(),
        payer_mobile: None,
        answers: None,
        token: None,
        rail: "test".into(),
        rail_is_sandbox: true,
    }
}

fn reference(payment: PaymentId) -> String {
    format!("UTR{}", payment.get())
}

pub(crate) fn taken(payment: &Payment) -> Taken {
    Taken {
        reference: reference(payment.id),
        charged: payment.charged().unwrap(),
        currency: payment.currency,
        payee: payment.rail_account.clone(),
    }
}

pub(crate) fn succeeded(payment: &Payment) -> Report {
    Report::Succeeded(taken(payment))
}

pub(crate) fn reversed(payment: &Payment) -> Report {
    Report::Reversed(taken(payment))
}

pub(crate) fn failed() -> Report {
    Report::Failed { reason: "declined".into() }
}
