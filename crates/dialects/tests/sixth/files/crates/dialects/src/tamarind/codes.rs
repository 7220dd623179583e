//! Tamarind's codes, and what our refusals become.

use std::borrow::Cow;

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::refusal::{Fault, Refusal};

use crate::shared::body::BodyFault;

/// A "no" in Tamarind's words.
#[derive(Debug)]
pub(super) struct No {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// `code`.
    pub(super) code: &'static str,
    /// `says`.
    pub(super) says: Cow<'static, str>,
}

/// A row of the table of codes.
#[derive(Clone, Copy)]
pub(super) struct Code(StatusCode, &'static str, &'static str);

pub(super) const UNSIGNED: Code = Code(StatusCode::UNAUTHORIZED, "T1", "Nobody knows this farm");
pub(super) const NOT_HERE: Code = Code(StatusCode::NOT_FOUND, "T2", "No such pod hangs here");
const BASKET_FULL: Code = Code(StatusCode::CONFLICT, "T3", "The basket has a pod");
const FALLEN: Code = Code(StatusCode::CONFLICT, "T4", "The pod has fallen");
const TOO_LIGHT: Code = Code(StatusCode::UNPROCESSABLE_ENTITY, "T5", "The price is too small");
const TOO_HEAVY: Code = Code(StatusCode::UNPROCESSABLE_ENTITY, "T6", "The price is too large");
const FROWNED_UPON: Code = Code(StatusCode::FORBIDDEN, "T7", "The elders refuse");
const UNRIPE: Code = Code(StatusCode::BAD_REQUEST, "T8", "");
const TOO_MANY: Code = Code(StatusCode::SERVICE_UNAVAILABLE, "T9", "Come back later");
const BROKEN: Code = Code(StatusCode::INTERNAL_SERVER_ERROR, "T10", "A branch is broken");
pub(super) const NO_SUCH_METHOD: Code =
    Code(StatusCode::METHOD_NOT_ALLOWED, "T11", "The tree does not bend that way");

/// The request breaks a rule, which the text names.
pub(super) fn unripe(says: impl Into<Cow<'static, str>>) -> No {
    No { says: says.into(), ..UNRIPE.into() }
}

impl From<Code> for No {
    fn from(Code(status, code, says): Code) -> Self {
        Self { status, code, says: says.into() }
    }
}

impl From<BodyFault> for No {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        Self { status, ..unripe(fault.to_string()) }
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a call about a pod failed");
        BROKEN.into()
    }
}

impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable => TOO_MANY.into(),
            Failure::Unknown => BROKEN.into(),
            Failure::Broken(fault) => fault.into(),
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::MerchantUnknown | Refusal::MerchantInactive => UNSIGNED.into(),
            Refusal::LinkUnknown => NOT_HERE.into(),
            Refusal::ReferenceUsed(_) => BASKET_FULL.into(),
            Refusal::LinkExpired | Refusal::LinkCancelled | Refusal::LinkCompleted => FALLEN.into(),
            Refusal::AmountBelowMinimum => TOO_LIGHT.into(),
            Refusal::AmountInvalid | Refusal::AmountAboveMaximum | Refusal::AmountAboveAccountMaximum => {
                TOO_HEAVY.into()
            }
            Refusal::RiskRefused => FROWNED_UPON.into(),
            Refusal::ChannelMissing => unripe("nobody carries messages here"),
            Refusal::ExpiryInvalid => unripe("hours end beyond the calendar"),
            Refusal::RailNotAllowed
            | Refusal::IdempotencyReused
            | Refusal::LinkBusy
            | Refusal::AmountRequired
            | Refusal::ResendsUsedUp
            | Refusal::SurchargeNotAllowed
            | Refusal::ModeNotAllowed
            | Refusal::ModesInvalid
            | Refusal::LinesMismatch
            | Refusal::FeatureOff(_)
            | Refusal::ChildUnknown
            | Refusal::ChildNotLinked
            | Refusal::SplitInvalid
            | Refusal::PartsInvalid
            | Refusal::ObligationMismatch
            | Refusal::ObligationPaid
            | Refusal::ObligationFull
            | Refusal::TermFixed(_)
            | Refusal::TermTaken(_)
            | Refusal::TemplateUnknown
            | Refusal::MobileRequired
            | Refusal::FormInvalid
            | Refusal::PaymentUnknown
            | Refusal::PaymentNotPending
            | Refusal::PaymentNotCaptured
            | Refusal::RefundTooLarge
            | Refusal::PartUnknown
            | Refusal::HoldUnknown
            | Refusal::HoldDecided
            | Refusal::HoldHasNoRoom
            | Refusal::HoldNotApplicable
            | Refusal::RefundUnknown
            | Refusal::RefundNotPending
            | Refusal::JobNotDue
            | Refusal::ClockBackwards
            | Refusal::CredentialUnknown
            | Refusal::NameTaken(_) => {
                Fault::new(format!("a refusal that no such call can meet: {refusal:?}")).into()
            }
        }
    }
}
