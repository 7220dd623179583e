//! What the engine asks of the world outside: rails, channels, time and randomness. Several of each exist at
//! run time, hence traits.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{MerchantId, PaymentId, RefundId};
use kadi_domain::message::ChannelKind;
use kadi_domain::rail::{RefundReport, Report};
use kadi_domain::refusal::Fault;
use kadi_domain::secret::Pii;
use kadi_domain::time::Timestamp;

use crate::command::Failure;

/// Real time and randomness: the system's, or those of a story that can be told again to the letter.
pub trait Nature: Debug + Send + Sync {
    /// Real time.
    fn real_now(&self) -> Timestamp;

    /// Fills `bytes` with randomness.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault>;
}

/// A boxed future, so that ports can be kept in tables.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a rail is asked to take: exactly what the attempt recorded.
#[derive(Clone, Debug)]
pub struct Start {
    /// The payment, the attempt's reference at the rail.
    pub payment_id: PaymentId,
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// The account that must receive the money.
    pub account: String,
    /// How much.
    pub charged: Minor,
    /// In which currency.
    pub currency: Currency,
    /// The payment mode.
    pub mode: String,
    /// When the reservation ends.
    pub reserved_until: Timestamp,
    /// What the payer chose on the rail's own page or buttons.
    pub choice: String,
}

/// What a rail says when it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It knows.
    Report(Report),
    /// It has never heard of the payment.
    NotFound,
    /// No answer: the payment may or may not have been taken.
    Silence,
}

/// What a rail is asked to give back.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// The refund, its key at the rail: an order that comes again is carried out once.
    pub refund_id: RefundId,
    /// The payment, the attempt's reference at the rail.
    pub payment_id: PaymentId,
    /// On whose behalf.
    pub merchant_id: MerchantId,
    /// The account that received the money.
    pub account: String,
    /// The rail's reference of the money.
    pub rail_reference: String,
    /// How much.
    pub amount: Minor,
    /// In which currency.
    pub currency: Currency,
}

/// What a rail says when it is asked for a refund or about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundWord {
    /// It knows.
    Report(RefundReport),
    /// It has never heard of the refund.
    NotFound,
    /// No answer: it may or may not have been carried out.
    Silence,
}

/// What a rail tells unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// About a payment.
    Payment(PaymentId, Report),
    /// About a refund.
    Refund(RefundId, RefundReport),
}

/// A way to take money and to give it back. Called outside any transaction; whatever it says may come twice,
/// late or never.
pub trait Rail: Send + Sync {
    /// Its name in rows and answers.
    fn name(&self) -> &'static str;

    /// Does it only simulate?
    fn is_sandbox(&self) -> bool;

    /// Asks it to take the money.
    fn start(&self, start: Start) -> Answer<'_, Word>;

    /// Asks what became of a payment.
    fn check(&self, payment: PaymentId) -> Answer<'_, Word>;

    /// Asks it to give money back.
    fn refund(&self, order: RefundOrder) -> Answer<'_, RefundWord>;

    /// Asks what became of a refund.
    fn check_refund(&self, refund: RefundId) -> Answer<'_, RefundWord>;

    /// Reads a notice that claims to come from the rail; none where it is not authentic.
    fn read_notice(&self, body: &[u8]) -> Result<Option<Notice>, Fault>;
}

/// A form that a payer's browser posts to the merchant after paying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnForm {
    /// The merchant's address, checked when the link was made.
    pub action: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

/// Writes the form for a payment, where the merchant asked for one.
pub trait ReturnForms: Send + Sync {
    /// The form after this payment, if any.
    fn after(&self, payment: PaymentId) -> Answer<'_, Result<Option<ReturnForm>, Failure>>;
}

/// A message ready to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// A stable id, so that a doubtful repeat can be recognised.
    pub message_id: String,
    /// The mobile number or address.
    pub to: Pii,
    /// The person's name, if known.
    pub to_name: Option<Pii>,
    /// The subject, where the channel has one.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, where the channel has it.
    pub html: String,
    /// When the message was accepted from the merchant.
    pub created_at: Timestamp,
}

/// Why a message was not accepted by its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// The provider refused it for good.
    Refused(String),
    /// Nothing was accepted: try again later.
    Later(String),
    /// It may have been accepted: try again with the same id.
    Unknown(String),
}

/// A way to send messages.
pub trait Channel: Send + Sync {
    /// Which one.
    fn kind(&self) -> ChannelKind;

    /// Sends; the provider's reference.
    fn send(&self, message: Outgoing) -> Answer<'_, Result<String, SendFault>>;
}
