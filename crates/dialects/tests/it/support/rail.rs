//! A rail that says what the test wants.

use kadi_domain::id::{PaymentId, RefundId};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refusal::Fault;
use kadi_engine::ports::{Answer, Notice, Rail, RefundOrder, RefundWord, Start, Word};

/// What the rail says to every start.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Says {
    Paid,
    Declined,
    Wait,
    TooMuch,
    Reversed,
    Nothing,
}

impl Says {
    fn word(self, start: &Start) -> Word {
        let taken = Taken {
            reference: format!("UTR-{}", start.payment_id.get()),
            charged: start.charged,
            currency: start.currency,
            payee: start.account.clone(),
        };
        let more = || taken.charged.plus(kadi_domain::amount::Minor::new(1)).unwrap();
        Word::Report(match self {
            Self::Paid => Report::Succeeded(taken),
            Self::Declined => Report::Failed { reason: "Declined by the bank".to_owned() },
            Self::Wait => Report::Pending,
            Self::TooMuch => Report::Succeeded(Taken { charged: more(), ..taken }),
            Self::Reversed => Report::Reversed(taken),
            Self::Nothing => return Word::Silence,
        })
    }
}

impl Rail for Says {
    fn name(&self) -> &'static str {
        "test"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn start(&self, start: Start) -> Answer<'_, Word> {
        let word = self.word(&start);
        Box::pin(async move { word })
    }

    fn check(&self, _payment: PaymentId) -> Answer<'_, Word> {
        Box::pin(async { Word::Silence })
    }

    fn refund(&self, _order: RefundOrder) -> Answer<'_, RefundWord> {
        Box::pin(async { RefundWord::Silence })
    }

    fn check_refund(&self, _refund: RefundId) -> Answer<'_, RefundWord> {
        Box::pin(async { RefundWord::Silence })
    }

    fn read_notice(&self, _body: &[u8]) -> Result<Option<Notice>, Fault> {
        Ok(None)
    }
}
