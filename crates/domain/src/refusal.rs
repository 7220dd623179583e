//! Every "no" that Kadi can say, in one flat list, and the faults that are nobody's "no".

use crate::edit::Term;
use crate::merchant::Feature;
use crate::reference::Namespace;

/// A rule said no. Each door (dialect, page, administration) maps every variant to its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No merchant has that id or name.
    MerchantUnknown,
    /// The merchant exists and is switched off.
    MerchantInactive,
    /// The merchant's environment may not use this rail (a live merchant on the sandbox rail).
    RailNotAllowed,
    /// The merchant has used this reference before; references are unique for ever.
    ReferenceUsed(Namespace),
    /// The idempotency key was used for another request.
    IdempotencyReused,
    /// No link has that id, or it is another merchant's.
    LinkUnknown,
    /// The link's time is over.
    LinkExpired,
    /// The link was cancelled.
    LinkCancelled,
    /// The link has taken all that it may take.
    LinkCompleted,
    /// Another payment of the link is under way and leaves no room.
    LinkBusy,
    /// An open link needs an amount from the payer.
    AmountRequired,
    /// The amount is not positive, not the link's own, or more than what is left.
    AmountInvalid,
    /// Below the merchant's smallest amount.
    AmountBelowMinimum,
    /// Above the merchant's largest amount for one link.
    AmountAboveMaximum,
    /// Above the largest amount for the merchant's account.
    AmountAboveAccountMaximum,
    /// A risk rule of the merchant or the platform refused.
    RiskRefused,
    /// The link's expiry is not in the future.
    ExpiryInvalid,
    /// Nothing that was to be sent has a channel that is set up.
    ChannelMissing,
    /// The link was sent again as often as its dialect allows.
    ResendsUsedUp,
    /// The merchant's fee table asks for a surcharge that the law forbids for this mode.
    SurchargeNotAllowed,
    /// The rails lack this payment mode, or the link does not take it, its channel or so much of a wallet.
    ModeNotAllowed,
    /// The link's list of payment modes leaves none that the rails have.
    ModesInvalid,
    /// Lines and taxes do not add up to the amount.
    LinesMismatch,
    /// The merchant may not use what the link asks for.
    FeatureOff(Feature),
    /// A share is for a merchant that is unknown or switched off.
    ChildUnknown,
    /// A share is for a merchant that is no child of the merchant or of its aggregator.
    ChildNotLinked,
    /// The shares are more than the payment, of a fixed amount where payments have none, or one child's
    /// twice.
    SplitInvalid,
    /// Rules or plan of parts do not fit the amount, or each other.
    PartsInvalid,
    /// The obligation is of another amount or currency, or the link is not one that is paid once.
    ObligationMismatch,
    /// The obligation is paid.
    ObligationPaid,
    /// The obligation has as many links as one may have.
    ObligationFull,
    /// Links of this kind do not have that term changed.
    TermFixed(Term),
    /// What is captured or under way leaves no room for that term as it is wished.
    TermTaken(Term),
    /// The merchant has no such template of the kind that is asked for.
    TemplateUnknown,
    /// Only the customer's mobile may pay the link, and that is not proven; or none is given where one must
    /// be.
    MobileRequired,
    /// The answers are not those to the link's form.
    FormInvalid,
    /// No payment has that id, or it is another merchant's.
    PaymentUnknown,
    /// The payment is not waiting for an outcome.
    PaymentNotPending,
    /// The payment has no captured money that could be refunded.
    PaymentNotCaptured,
    /// More than what is left of the payment after its other refunds.
    RefundTooLarge,
    /// The merchant out of whose part a refund is asked for has no part of the payment.
    PartUnknown,
    /// No held money has that id, or it is another merchant's.
    HoldUnknown,
    /// The held money was decided about otherwise.
    HoldDecided,
    /// The link has no room for the held money.
    HoldHasNoRoom,
    /// The held money is in another account or currency, or less than the fixed shares of the split, and
    /// cannot count for the link.
    HoldNotApplicable,
    /// No refund has that id, or it is another merchant's.
    RefundUnknown,
    /// The refund is not waiting for an outcome.
    RefundNotPending,
    /// The job is not due, is leased to another worker, or is done.
    JobNotDue,
    /// The clock of the sandbox never goes backwards.
    ClockBackwards,
    /// No live credential has that id.
    CredentialUnknown,
    /// The name (a merchant id, an account id of a dialect or a bearer key) belongs to another merchant.
    NameTaken(String),
}

/// Something is broken: a corrupt row, an overflow, a record that was not asked for. Never the caller's
/// mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl Fault {
    /// A fault with its description, which must hold no personal data and no secret.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// Why a decision ended without changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A rule said no.
    Refused(Refusal),
    /// Something is broken.
    Broken(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}
