//! Nimbbl's error codes with their texts, and what our refusals become.

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::edit::Term;
use kadi_engine::domain::refusal::{Fault, Refusal};

use crate::shared::body::BodyFault;
use crate::shared::fields::Wrong;
use crate::shared::json::JsonFault;

/// What a consumer may be told, whatever happened (vendor page).
pub(super) const CONSUMER_MESSAGE: &str =
    "Sorry, your payment cannot be processed due to a technical error. Please try again after some time.";

/// A code with its HTTP status and the text for the merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u16, &'static str, &'static str);

/// Code and text of the vendor's page.
pub(super) const INVALID: Code = Code(
    400,
    "INVALID_REQUEST_PARAMETER",
    "There is an input validation error, please check the payload of your request.",
);
/// The vendor's libraries fetch a new token after a 401 and try again.
pub(super) const AUTHENTICATION_FAILED: Code = Code(
    401,
    "AUTHENTICATION_FAILED",
    "The access key, the access secret or the token is wrong or no longer valid. Generate a new token.",
);
pub(super) const NOT_FOUND: Code =
    Code(404, "PAYMENT_LINK_NOT_FOUND", "There is no such payment link in this account.");
pub(super) const CANNOT_BE_CANCELLED: Code =
    Code(400, "LINK_CANNOT_BE_CANCELLED", "The payment link is paid, cancelled or expired.");
pub(super) const CANNOT_BE_SENT: Code =
    Code(400, "LINK_CANNOT_BE_SENT", "The payment link is paid, cancelled or expired.");
/// The name is the vendor's (specs, part 7).
pub(super) const CANNOT_BE_UPDATED: Code =
    Code(400, "LINK_CANNOT_BE_UPDATED", "The payment link, or this part of it, cannot be changed any more.");
const INTERNAL: Code =
    Code(500, "INTERNAL_SERVER_ERROR", "Something went wrong on the server. Please try again later.");
const METHOD: Code = Code(405, "METHOD_NOT_ALLOWED", "This address has no such method.");

/// A "no" in Nimbbl's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct No {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// `nimbbl_error_code`.
    pub(super) code: &'static str,
    /// `nimbbl_merchant_message`.
    pub(super) message: &'static str,
    /// `detail`: the member at fault, or what is wrong with the body.
    pub(super) detail: Option<String>,
}

impl From<Code> for No {
    fn from(Code(status, code, message): Code) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, code, message, detail: None }
    }
}

/// The request breaks a rule; `detail` names the member.
pub(super) fn invalid(detail: impl Into<String>) -> No {
    No { detail: Some(detail.into()), ..INVALID.into() }
}

/// The link keeps this member as it is.
pub(super) fn fixed(name: &str) -> No {
    No { detail: Some(name.to_owned()), ..CANNOT_BE_UPDATED.into() }
}

/// The address has no such method.
pub(super) fn method_not_allowed() -> No {
    METHOD.into()
}

impl No {
    /// What a failure becomes in a call for which a link that is closed has a code of its own.
    pub(super) fn of_closed(failure: Failure, code: Code) -> Self {
        let is_closed = matches!(
            failure,
            Failure::Refused(Refusal::LinkCompleted | Refusal::LinkCancelled | Refusal::LinkExpired)
        );
        if is_closed { code.into() } else { failure.into() }
    }

    /// What a failure becomes in a call that changes a link: the terms of some cannot be changed.
    pub(super) fn of_update(failure: Failure) -> Self {
        let is_about_amount = matches!(
            failure,
            Failure::Refused(
                Refusal::TermFixed(Term::Amount)
                    | Refusal::TermTaken(Term::Amount)
                    | Refusal::LinesMismatch
                    | Refusal::ObligationMismatch
                    | Refusal::SplitInvalid
                    | Refusal::PartsInvalid
            )
        );
        if failure == Failure::Refused(Refusal::TermFixed(Term::PayerName)) {
            return fixed("user");
        }
        if is_about_amount { fixed("total_amount") } else { Self::of_closed(failure, CANNOT_BE_UPDATED) }
    }
}

impl From<Wrong> for No {
    fn from(Wrong(path): Wrong) -> Self {
        invalid(path)
    }
}

impl From<JsonFault> for No {
    fn from(fault: JsonFault) -> Self {
        invalid(fault.to_string())
    }
}

impl From<BodyFault> for No {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        Self { status, ..invalid(fault.to_string()) }
    }
}

/// What a failure of the engine becomes (DECISIONS.md, "All dialects").
impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable => {
                Self { status: StatusCode::SERVICE_UNAVAILABLE, ..INTERNAL.into() }
            }
            Failure::Unknown => INTERNAL.into(),
            Failure::Broken(fault) => fault.into(),
        }
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a payment-link call failed");
        INTERNAL.into()
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::MerchantUnknown | Refusal::MerchantInactive => AUTHENTICATION_FAILED.into(),
            Refusal::LinkUnknown => NOT_FOUND.into(),
            Refusal::AmountInvalid
            | Refusal::AmountBelowMinimum
            | Refusal::AmountAboveMaximum
            | Refusal::AmountAboveAccountMaximum => invalid("total_amount"),
            Refusal::RiskRefused => invalid("total_amount: refused by risk rules"),
            Refusal::ReferenceUsed(_) => invalid("invoice_id: was used before"),
            Refusal::ExpiryInvalid => invalid("expires_at"),
            Refusal::ResendsUsedUp => invalid("action: was sent as often as may be"),
            Refusal::ChannelMissing => invalid("no channel is set up for the contacts of this link"),
            Refusal::LinkCompleted
            | Refusal::LinkCancelled
            | Refusal::LinkExpired
            | Refusal::LinkBusy
            | Refusal::AmountRequired
            | Refusal::LinesMismatch
            | Refusal::NameTaken(_)
            | Refusal::FeatureOff(_)
            | Refusal::ChildUnknown
            | Refusal::ChildNotLinked
            | Refusal::SplitInvalid
            | Refusal::PartsInvalid
            | Refusal::PaymentUnknown
            | Refusal::PaymentNotPending
            | Refusal::PaymentNotCaptured
            | Refusal::RefundTooLarge
            | Refusal::RefundUnknown
            | Refusal::RefundNotPending
            | Refusal::PartUnknown
            | Refusal::HoldUnknown
            | Refusal::HoldDecided
            | Refusal::HoldHasNoRoom
            | Refusal::HoldNotApplicable
            | Refusal::ObligationPaid
            | Refusal::ObligationMismatch
            | Refusal::ObligationFull
            | Refusal::SurchargeNotAllowed
            | Refusal::RailNotAllowed
            | Refusal::TermFixed(_)
            | Refusal::TemplateUnknown
            | Refusal::MobileRequired
            | Refusal::FormInvalid
            | Refusal::TermTaken(_)
            | Refusal::ModeNotAllowed
            | Refusal::ModesInvalid
            | Refusal::IdempotencyReused
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

    #[test]
    fn what_is_nobodys_no_is_an_internal_error() {
        let told = |failure| {
            let no = No::from(failure);
            (no.status.as_u16(), no.code, no.detail)
        };
        let broken = Failure::Broken(Fault::new("row 7 of a secret table is corrupt"));
        for failure in [broken, Failure::Unknown, Failure::Refused(Refusal::JobNotDue)] {
            assert_eq!(told(failure), (500, "INTERNAL_SERVER_ERROR", None));
        }
        for failure in [Failure::Busy, Failure::Unavailable] {
            assert_eq!(told(failure), (503, "INTERNAL_SERVER_ERROR", None));
        }
        let inactive = Failure::Refused(Refusal::MerchantInactive);
        assert_eq!(told(inactive), (401, "AUTHENTICATION_FAILED", None));
    }

    #[test]
    fn a_closed_link_has_the_code_of_its_call() {
        for refusal in [Refusal::LinkCompleted, Refusal::LinkCancelled, Refusal::LinkExpired] {
            let no = No::of_closed(Failure::Refused(refusal), CANNOT_BE_SENT);
            assert_eq!((no.status.as_u16(), no.code), (400, "LINK_CANNOT_BE_SENT"));
        }
        let no = No::of_closed(Failure::Refused(Refusal::LinkUnknown), CANNOT_BE_SENT);
        assert_eq!((no.status.as_u16(), no.code), (404, "PAYMENT_LINK_NOT_FOUND"));
    }
}
