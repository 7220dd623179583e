//! The sandbox rail: a real rail with a memory of its own, whose payers choose how the story goes.

use kadi_engine::command::Failure;
use kadi_engine::commands::sandbox_charge::{OpenCharge, SettleCharge, TellNotice};
use kadi_engine::commands::sandbox_payback::{OpenPayback, SettlePayback};
use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::id::{MerchantId, PaymentId, RefundId};
use kadi_engine::domain::rail::{RefundReport, Report, Taken};
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::sandbox::{Charge, ChargeWord, Payback, Plot, Story};
use kadi_engine::domain::script::{Said, Script};
use kadi_engine::engine::Engine;
use kadi_engine::ports::{Answer, Notice, Rail, RefundOrder, RefundWord, Start, Word};
use url::form_urlencoded;

/// The kind of the keyed hash that makes a notice authentic.
const NOTICE_TAG: &str = "sandbox notice";

/// An id that no payment has.
const NOBODYS: PaymentId = PaymentId::new(0);

/// What the rail does in one step.
#[derive(Debug)]
pub enum Deed {
    /// It says nothing; what a check says may be another thing from now on.
    Nothing,
    /// It sends a notice about the payment.
    Notice(Vec<u8>),
    /// It decides the payment's newest refund.
    Refund(ChargeWord),
    /// It goes on, and Kadi dies.
    Restart,
}

/// The sandbox rail.
#[derive(Clone)]
pub struct SandboxRail {
    engine: Engine,
}

impl SandboxRail {
    /// A rail that remembers in the engine's store.
    pub const fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Decides a waiting payment; the notice that the rail sends about it.
    pub async fn settle(
        &self,
        merchant_id: MerchantId,
        payment_id: PaymentId,
        word: ChargeWord,
    ) -> Result<Vec<u8>, Failure> {
        let charge = self.engine.submit(SettleCharge { merchant_id, payment_id, word }).await?;
        self.write_notice(&charge, word, 1, None).map_err(Failure::Broken)
    }

    /// Decides a refund; the notice that the rail sends about it.
    pub async fn settle_refund(&self, refund: &Refund, word: ChargeWord) -> Result<Vec<u8>, Failure> {
        let Refund { merchant_id, payment_id, id, .. } = *refund;
        let payback =
            self.engine.submit(SettlePayback { merchant_id, payment_id, refund_id: id, word }).await?;
        let text = form_urlencoded::Serializer::new(String::new())
            .append_pair("refund", &payback.refund_id.get().to_string())
            .append_pair("word", word.word())
            .append_pair("reference", &payback.reference())
            .finish();
        self.sign(&text).map_err(Failure::Broken)
    }

    /// The step that is due for a payment, if one is.
    pub async fn due_step(&self, payment: PaymentId) -> Result<Option<(Charge, Deed)>, Failure> {
        let Some(charge) = self.engine.query(move |reader| reader.charge(payment)).await? else {
            return Ok(None);
        };
        let Some((_, step)) = charge.next_step().filter(|_| charge.settled.is_none()) else {
            return Ok(None);
        };
        let deed = match step.says {
            None => Deed::Nothing,
            Some(Said::Refund(word)) => Deed::Refund(word),
            Some(Said::Restart) => Deed::Restart,
            Some(Said::Payment { word, reference, percent }) => {
                Deed::Notice(self.write_notice(&charge, word, reference, percent).map_err(Failure::Broken)?)
            }
            Some(Said::Stray(word)) => {
                Deed::Notice(self.write_stray(&charge, word).map_err(Failure::Broken)?)
            }
        };
        Ok(Some((charge, deed)))
    }

    /// Remembers that a step was done.
    pub async fn told(&self, charge: &Charge) -> Result<(), Failure> {
        let Charge { merchant_id, payment_id, told, .. } = *charge;
        self.engine.submit(TellNotice { merchant_id, payment_id, told_before: told }).await
    }

    fn write_notice(
        &self,
        charge: &Charge,
        word: ChargeWord,
        time: i64,
        percent: Option<i64>,
    ) -> Result<Vec<u8>, Fault> {
        let money = (charge.reference_of(time), charge.taken_at(percent));
        self.write(charge, charge.payment_id, word, money)
    }

    /// A notice about a payment that nobody began.
    fn write_stray(&self, charge: &Charge, word: ChargeWord) -> Result<Vec<u8>, Fault> {
        self.write(charge, NOBODYS, word, (charge.stray_reference(), charge.taken()))
    }

    fn write(
        &self,
        charge: &Charge,
        payment: PaymentId,
        word: ChargeWord,
        (reference, charged): (String, Minor),
    ) -> Result<Vec<u8>, Fault> {
        let text = form_urlencoded::Serializer::new(String::new())
            .append_pair("payment", &payment.get().to_string())
            .append_pair("word", word.word())
            .append_pair("reference", &reference)
            .append_pair("charged", &charged.get().to_string())
            .append_pair("currency", charge.taken_currency().code())
            .append_pair("payee", charge.taken_account())
            .finish();
        self.sign(&text)
    }

    fn sign(&self, text: &str) -> Result<Vec<u8>, Fault> {
        let tag = self.engine.keys().blind(NOTICE_TAG, text)?;
        Ok(format!("{text}&tag={}", data_encoding::HEXLOWER.encode(&tag)).into_bytes())
    }

    async fn answer(&self, start: Start) -> Result<Word, Failure> {
        let story = Story::parse(&start.choice).map(Plot::Story);
        let plot = story.or_else(|| Script::parse(&start.choice).map(Plot::Script));
        let plot =
            plot.ok_or_else(|| Failure::Broken(Fault::new("the sandbox rail does not know that story")))?;
        let charge = self.engine.submit(OpenCharge { start, plot }).await?;
        Ok(charge.plot.answer().map_or(Word::Silence, |word| Word::Report(report(&charge, word))))
    }

    async fn answer_refund(&self, order: RefundOrder) -> Result<RefundWord, Failure> {
        let payback = self.engine.submit(OpenPayback { order }).await?;
        // A refund that was settled since is not answered by its story any more.
        let word = payback.settled.or(payback.story.answer());
        Ok(word.map_or(RefundWord::Silence, |word| RefundWord::Report(refund_report(&payback, word))))
    }

    async fn refund_truth(&self, refund: RefundId) -> Result<RefundWord, Failure> {
        let payback = self.engine.query(move |reader| reader.payback(refund)).await?;
        let report = |payback: Payback| RefundWord::Report(refund_report(&payback, payback.truth()));
        Ok(payback.map_or(RefundWord::NotFound, report))
    }

    async fn truth(&self, payment: PaymentId) -> Result<Word, Failure> {
        let Some(charge) = self.engine.query(move |reader| reader.charge(payment)).await? else {
            return Ok(Word::NotFound);
        };
        let truth = charge.truth(self.engine.now());
        Ok(truth.map_or(Word::Silence, |word| Word::Report(report(&charge, word))))
    }
}

impl Rail for SandboxRail {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn start(&self, start: Start) -> Answer<'_, Word> {
        Box::pin(async move { self.answer(start).await.unwrap_or_else(silence) })
    }

    fn check(&self, payment: PaymentId) -> Answer<'_, Word> {
        Box::pin(async move { self.truth(payment).await.unwrap_or_else(silence) })
    }

    fn refund(&self, order: RefundOrder) -> Answer<'_, RefundWord> {
        Box::pin(async move { self.answer_refund(order).await.unwrap_or_else(refund_silence) })
    }

    fn check_refund(&self, refund: RefundId) -> Answer<'_, RefundWord> {
        Box::pin(async move { self.refund_truth(refund).await.unwrap_or_else(refund_silence) })
    }

    fn read_notice(&self, body: &[u8]) -> Result<Option<Notice>, Fault> {
        let Some((signed, tag)) = std::str::from_utf8(body).ok().and_then(|text| text.rsplit_once("&tag="))
        else {
            return Ok(None);
        };
        let right = self.engine.keys().blind(NOTICE_TAG, signed)?;
        let sent = data_encoding::HEXLOWER.decode(tag.as_bytes()).unwrap_or_default();
        if !bool::from(subtle::ConstantTimeEq::ct_eq(sent.as_slice(), right.as_slice())) {
            return Ok(None);
        }
        Ok(read(signed))
    }
}

/// A rail that cannot reach its own memory gives no answer: the payment stays open and is asked about.
fn silence(failure: Failure) -> Word {
    tracing::error!(?failure, "the sandbox rail gave no answer");
    Word::Silence
}

fn refund_silence(failure: Failure) -> RefundWord {
    tracing::error!(?failure, "the sandbox rail gave no answer about a refund");
    RefundWord::Silence
}

fn refund_report(payback: &Payback, word: ChargeWord) -> RefundReport {
    refund_word(word, payback.reference())
}

fn refund_word(word: ChargeWord, reference: String) -> RefundReport {
    match word {
        ChargeWord::Pending => RefundReport::Pending,
        ChargeWord::Succeeded => RefundReport::Succeeded { reference },
        ChargeWord::Failed => RefundReport::Failed { reason: "Declined by the sandbox rail".to_owned() },
        ChargeWord::Reversed => RefundReport::Reversed { reference },
    }
}

fn report(charge: &Charge, word: ChargeWord) -> Report {
    let taken = || Taken {
        reference: charge.reference(),
        charged: charge.taken(),
        currency: charge.taken_currency(),
        payee: charge.taken_account().to_owned(),
    };
    from_word(word, taken)
}

fn from_word(word: ChargeWord, taken: impl FnOnce() -> Taken) -> Report {
    match word {
        ChargeWord::Pending => Report::Pending,
        ChargeWord::Succeeded => Report::Succeeded(taken()),
        ChargeWord::Failed => Report::Failed { reason: "Declined by the sandbox rail".to_owned() },
        ChargeWord::Reversed => Report::Reversed(taken()),
    }
}

fn read(signed: &str) -> Option<Notice> {
    let field = |name: &str| {
        form_urlencoded::parse(signed.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    };
    let word = ChargeWord::parse(&field("word")?)?;
    if let Some(refund) = field("refund") {
        let refund = RefundId::new(refund.parse().ok()?);
        return Some(Notice::Refund(refund, refund_word(word, field("reference")?)));
    }
    let payment = PaymentId::new(field("payment")?.parse().ok()?);
    let taken = Taken {
        reference: field("reference")?,
        charged: Minor::new(field("charged")?.parse().ok()?),
        currency: Currency::parse(&field("currency")?)?,
        payee: field("payee")?,
    };
    Some(Notice::Payment(payment, from_word(word, || taken)))
}
