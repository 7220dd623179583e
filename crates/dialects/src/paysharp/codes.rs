//! Paysharp's error codes: texts letter by letter from the vendor's page, and what our refusals become.

use std::borrow::Cow;

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::refusal::{Fault, Refusal};

use crate::shared::body::BodyFault;
use crate::shared::json::JsonFault;

/// A row of the vendor's table (vendor page, "Possible Errors").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u16, &'static str);

pub(super) const AMOUNT_BELOW: Code = Code(7001, "Amount should be greater than or equal to Minimum amount.");
pub(super) const AMOUNT_ABOVE: Code =
    Code(7001, "Amount should be less than or equal to the Maximum amount.");
const AMOUNT_ABOVE_POLICY: Code =
    Code(7001, "Amount should be less than or equal to The Maximum amount as per your account policy.");
const RESENDS_USED_UP: Code = Code(7002, "Maximum Resend attempts reached.");
/// Without a final full stop, as in the page's sample body (DECISIONS.md).
pub(super) const NOT_FOUND: Code = Code(7003, "Link Payment Id not found");
pub(super) const ALREADY_PAID: Code =
    Code(7004, "Unable to re-sent the Link Payment, link payment status is SUCCESS.");
pub(super) const ALREADY_EXPIRED: Code =
    Code(7005, "Unable to re-sent the Link Payment, link payment status is EXPIRED.");
/// Not on the page; seen by merchants (specs, part 6).
const INTERNAL: Code = Code(5001, "Internal Server Error");
/// No code of the page fits a request that is not well formed: the HTTP status stands for one.
const INVALID: u16 = 400;
/// What an answer says that asks for a channel without a provider.
pub(super) const CHANNEL_MISSING: &str = "no such channel is set up";

/// A "no" in Paysharp's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct No {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// `code` of the body.
    pub(super) code: u16,
    /// `errorCode`, where there is one.
    pub(super) error_code: Option<u16>,
    /// `message`.
    pub(super) message: Cow<'static, str>,
}

/// No live token of an active merchant.
pub(super) fn unauthorized() -> No {
    bare(StatusCode::UNAUTHORIZED, "Access denied")
}

/// The address has no such method.
pub(super) fn method_not_allowed() -> No {
    bare(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}

fn bare(status: StatusCode, message: &'static str) -> No {
    No { status, code: status.as_u16(), error_code: None, message: message.into() }
}

/// The request breaks a rule; `message` names the field.
pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> No {
    malformed(StatusCode::BAD_REQUEST, INVALID, message.into())
}

const fn malformed(status: StatusCode, code: u16, message: Cow<'static, str>) -> No {
    No { status, code, error_code: Some(code), message }
}

impl From<Code> for No {
    fn from(Code(code, text): Code) -> Self {
        Self { error_code: Some(code), ..invalid(text) }
    }
}

/// The "internal error" under this HTTP status.
fn internal(status: StatusCode) -> No {
    let Code(code, text) = INTERNAL;
    No { status, code: 500, error_code: Some(code), message: text.into() }
}

impl From<BodyFault> for No {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        malformed(status, status.as_u16(), fault.to_string().into())
    }
}

impl From<JsonFault> for No {
    fn from(fault: JsonFault) -> Self {
        invalid(fault.to_string())
    }
}

/// What a failure of the engine becomes (DECISIONS.md, "All dialects").
impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable => internal(StatusCode::SERVICE_UNAVAILABLE),
            Failure::Unknown => internal(StatusCode::INTERNAL_SERVER_ERROR),
            Failure::Broken(fault) => fault.into(),
        }
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a link-payment call failed");
        internal(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::MerchantUnknown | Refusal::MerchantInactive => unauthorized(),
            Refusal::AmountBelowMinimum => AMOUNT_BELOW.into(),
            // Above the largest amount that Kadi keeps at all.
            Refusal::AmountInvalid | Refusal::AmountAboveMaximum => AMOUNT_ABOVE.into(),
            Refusal::AmountAboveAccountMaximum => AMOUNT_ABOVE_POLICY.into(),
            Refusal::LinkUnknown | Refusal::PaymentUnknown => NOT_FOUND.into(),
            Refusal::LinkCompleted => ALREADY_PAID.into(),
            Refusal::LinkExpired | Refusal::LinkCancelled => ALREADY_EXPIRED.into(),
            Refusal::ResendsUsedUp => RESENDS_USED_UP.into(),
            Refusal::ChannelMissing => invalid(CHANNEL_MISSING),
            Refusal::RiskRefused => invalid("Transaction refused by risk rules"),
            Refusal::ExpiryInvalid => invalid("validity is over already"),
            Refusal::AmountRequired
            | Refusal::LinesMismatch
            | Refusal::ModeNotAllowed
            | Refusal::ModesInvalid
            | Refusal::TermFixed(_)
            | Refusal::TermTaken(_)
            | Refusal::ReferenceUsed(_)
            | Refusal::NameTaken(_)
            | Refusal::FeatureOff(_)
            | Refusal::ChildUnknown
            | Refusal::ChildNotLinked
            | Refusal::SplitInvalid
            | Refusal::PartsInvalid
            | Refusal::MobileRequired
            | Refusal::FormInvalid
            | Refusal::TemplateUnknown
            | Refusal::PaymentNotCaptured
            | Refusal::RefundTooLarge
            | Refusal::PartUnknown
            | Refusal::HoldUnknown
            | Refusal::HoldDecided
            | Refusal::HoldHasNoRoom
            | Refusal::HoldNotApplicable
            | Refusal::ObligationPaid
            | Refusal::ObligationMismatch
            | Refusal::ObligationFull
            | Refusal::RefundUnknown
            | Refusal::RefundNotPending
            | Refusal::SurchargeNotAllowed
            | Refusal::RailNotAllowed
            | Refusal::IdempotencyReused
            | Refusal::LinkBusy
            | Refusal::PaymentNotPending
            | Refusal::JobNotDue
            | Refusal::ClockBackwards
            | Refusal::CredentialUnknown => {
                Fault::new(format!("a refusal that no such call can meet: {refusal:?}")).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTTP status, `code` and `errorCode`.
    fn told(failure: Failure) -> (u16, u16, Option<u16>) {
        let no = No::from(failure);
        (no.status.as_u16(), no.code, no.error_code)
    }

    #[test]
    fn what_is_nobodys_no_is_an_internal_error() {
        let broken = Failure::Broken(Fault::new("row 7 of a secret table is corrupt"));
        assert_eq!(No::from(broken.clone()).message, "Internal Server Error");
        for failure in [broken, Failure::Unknown, Failure::Refused(Refusal::JobNotDue)] {
            assert_eq!(told(failure), (500, 500, Some(5001)));
        }
        for failure in [Failure::Busy, Failure::Unavailable] {
            assert_eq!(told(failure), (503, 500, Some(5001)));
        }
        let inactive = Failure::Refused(Refusal::MerchantInactive);
        assert_eq!(told(inactive), (401, 401, None));
    }
}
