//! The rail of the stories: what it has taken and given back, and what it says when it is asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{PaymentId, RefundId};
use kadi_domain::rail::{RefundReport, Report, Taken};
use kadi_domain::refusal::Fault;
use kadi_engine::ports::{Answer, Notice, Rail, RefundOrder, RefundWord, Start, Word};

use crate::oracle::{Say, SayBack, Took};
use crate::story::Does;

/// What the rail did about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Waits,
    Declined,
    Took(Taken),
    TookBack(Taken),
}

/// What the rail did about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payback {
    pub(crate) amount: i64,
    pub(crate) word: SayBack,
}

/// A question that the rail was asked, with its answer; none where it said nothing.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Payment(PaymentId, Option<Say>),
    Refund(RefundId, Option<SayBack>),
}

#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// What it was asked to take.
    pub(crate) starts: BTreeMap<PaymentId, Start>,
    pub(crate) deeds: BTreeMap<PaymentId, Deed>,
    pub(crate) paybacks: BTreeMap<RefundId, Payback>,
    /// What it will do about the next payment, and whether it will answer.
    pub(crate) next: Option<(Does, bool)>,
    /// What it will do about the next refund that it first hears of, and whether it will answer.
    pub(crate) next_refund: Option<(SayBack, bool)>,
    /// It answers no question for now.
    pub(crate) is_deaf: bool,
    /// The account of the merchant whose story is told.
    pub(crate) account: String,
    pub(crate) asked: Vec<Asked>,
}

/// The rail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Till(Arc<Mutex<Memory>>);

impl Till {
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap()
    }

    /// Does something about a payment that it is asked to take.
    pub(crate) fn charge(&self, start: &Start, does: Does) -> Deed {
        let deed = deed(start, does);
        self.memory().starts.insert(start.payment_id, start.clone());
        self.memory().deeds.entry(start.payment_id).or_insert(deed).clone()
    }
}

/// The money exactly as it was asked for.
pub(crate) fn taken(start: &Start) -> Taken {
    Taken {
        reference: format!("T{}", start.payment_id.get()),
        charged: start.charged,
        currency: start.currency,
        payee: start.account.clone(),
    }
}

fn deed(start: &Start, does: Does) -> Deed {
    let taken = |by| Taken { charged: Minor::new(start.charged.get() + by), ..taken(start) };
    match does {
        Does::Takes => Deed::Took(taken(0)),
        Does::TakesOver(by) => Deed::Took(taken(by)),
        Does::TakesShort => Deed::Took(taken(-1)),
        Does::TakesElsewhere => Deed::Took(Taken { payee: "somebody".to_owned(), ..taken(0) }),
        Does::TakesDollars => Deed::Took(Taken { currency: Currency::parse("USD").unwrap(), ..taken(0) }),
        Does::Declines => Deed::Declined,
        Does::Waits => Deed::Waits,
    }
}

/// A deed as the rail tells it.
pub(crate) fn report(deed: &Deed) -> Report {
    match deed.clone() {
        Deed::Waits => Report::Pending,
        Deed::Declined => Report::Failed { reason: "declined".to_owned() },
        Deed::Took(taken) => Report::Succeeded(taken),
        Deed::TookBack(taken) => Report::Reversed(taken),
    }
}

/// A report in the words of the model. `payee` is the account that was asked for.
pub(crate) fn say(report: &Report, payee: &str) -> Say {
    let took = |taken: &Taken| Took {
        reference: taken.reference.clone(),
        amount: taken.charged.get(),
        is_ours: taken.payee == payee,
        is_rupees: taken.currency == Currency::INR,
    };
    match report {
        Report::Succeeded(taken) => Say::Took(took(taken)),
        Report::Failed { .. } => Say::Failed,
        Report::Pending => Say::Pending,
        Report::Reversed(taken) => Say::TookBack(took(taken)),
    }
}

/// A word about a refund as the rail tells it.
pub(crate) fn report_back(refund: RefundId, word: SayBack) -> RefundReport {
    let reference = format!("B{}", refund.get());
    match word {
        SayBack::Paid => RefundReport::Succeeded { reference },
        SayBack::Failed => RefundReport::Failed { reason: "no such account".to_owned() },
        SayBack::Pending => RefundReport::Pending,
        SayBack::CameBack => RefundReport::Reversed { reference },
    }
}

impl Rail for Till {
    fn name(&self) -> &'static str {
        "till"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn start(&self, start: Start) -> Answer<'_, Word> {
        let (does, answers) = self.memory().next.take().unwrap();
        let report = report(&self.charge(&start, does));
        let said = answers.then(|| say(&report, &start.account));
        self.memory().asked.push(Asked::Payment(start.payment_id, said));
        Box::pin(async move { if answers { Word::Report(report) } else { Word::Silence } })
    }

    fn check(&self, payment: PaymentId) -> Answer<'_, Word> {
        let mut memory = self.memory();
        let word = match memory.deeds.get(&payment) {
            _ if memory.is_deaf => Word::Silence,
            Some(deed) => Word::Report(report(deed)),
            None => Word::NotFound,
        };
        let said = match &word {
            Word::Report(report) => Some(say(report, &memory.account)),
            Word::NotFound => Some(Say::Failed),
            Word::Silence => None,
        };
        memory.asked.push(Asked::Payment(payment, said));
        Box::pin(async move { word })
    }

    fn refund(&self, order: RefundOrder) -> Answer<'_, RefundWord> {
        let mut memory = self.memory();
        let (word, answers) = match memory.paybacks.get(&order.refund_id) {
            Some(known) => (known.word, true),
            None => memory.next_refund.take().unwrap_or((SayBack::Paid, true)),
        };
        let known = Payback { amount: order.amount.get(), word };
        memory.paybacks.entry(order.refund_id).or_insert(known);
        memory.asked.push(Asked::Refund(order.refund_id, answers.then_some(word)));
        let word = if answers {
            RefundWord::Report(report_back(order.refund_id, word))
        } else {
            RefundWord::Silence
        };
        Box::pin(async move { word })
    }

    fn check_refund(&self, refund: RefundId) -> Answer<'_, RefundWord> {
        let mut memory = self.memory();
        let known = memory.paybacks.get(&refund).map(|payback| payback.word);
        let word = match known {
            _ if memory.is_deaf => RefundWord::Silence,
            Some(word) => RefundWord::Report(report_back(refund, word)),
            None => RefundWord::NotFound,
        };
        let said = known.or(Some(SayBack::Failed)).filter(|_| !memory.is_deaf);
        memory.asked.push(Asked::Refund(refund, said));
        Box::pin(async move { word })
    }

    fn read_notice(&self, _: &[u8]) -> Result<Option<Notice>, Fault> {
        Ok(None)
    }
}
