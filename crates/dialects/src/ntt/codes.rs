//! NTT DATA's status codes: texts letter by letter from the vendor's page, and what our refusals become.

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::refusal::{Fault, Refusal};

use crate::shared::body::BodyFault;
use crate::shared::fields::Wrong;
use crate::shared::json::JsonFault;

/// A row of the vendor's table (vendor page, "Status Codes"; what stands there in brackets is no text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// `statusCode`.
    pub(super) code: &'static str,
    /// `statusMessage`.
    pub(super) text: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal $text:literal;)+) => {
        $(pub(super) const $name: Code = Code { code: $code, text: $text };)+
    };
}

codes! {
    EXECUTED = "OTS0000" "Request Executed Successfully";
    LINK_SENT = "OTS0001" "Invoice Link Sent Successfully";
    LINK_CANCELLED = "OTS0002" "Invoice Link Cancelled Successfully";
    PARAMETERS_MISSING = "OTS1001" "Parameters Are Missing";
    INVALID_MERCHANT = "OTS1002" "Invalid Merch ID/Password";
    INACTIVE_MERCHANT = "OTS1003" "Inactive Merchant";
    TEMPLATE_NOT_FOUND = "OTS1004" "Template Not Found";
    TEMPLATE_DETAILS_NOT_FOUND = "OTS1005" "Template Details Not Found";
    TEMPLATE_FIELDS_MISSING = "OTS1006" "Template Field/s Is/Are Missing";
    DEFAULT_VALUE_MISSING = "OTS1007" "Default Value Missing";
    VALUE_MISSING = "OTS1008" "Value Missing";
    BAD_REQUEST = "OTS1009" "Bad Request";
    SOMETHING_WENT_WRONG = "OTS1010" "Something Went Wrong";
    SIGNATURE_MISMATCHED = "OTS1011" "Signature Mismatched";
    INVOICE_NOT_FOUND = "OTS1012" "Invoice Not Found";
    ACTION_NOT_FOUND = "OTS1013" "Action Not Found";
    REQUEST_FAILED = "OTS1014" "Request Failed";
    CANCELLED_INVOICE = "OTS1015" "Cancelled Invoice";
}

/// A "no" in NTT DATA's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct No {
    /// The HTTP status: 200 for every code, another for what is no request and for overload.
    pub(super) status: StatusCode,
    /// Code and text.
    pub(super) code: Code,
    /// What an answer adds where the code alone does not tell: the member at fault, or why.
    pub(super) detail: Option<String>,
}

impl Code {
    /// The "no" with this code and more words.
    pub(super) fn with(self, detail: impl Into<String>) -> No {
        No { detail: Some(detail.into()), ..self.into() }
    }
}

impl From<Code> for No {
    fn from(code: Code) -> Self {
        Self { status: StatusCode::OK, code, detail: None }
    }
}

impl From<Wrong> for No {
    fn from(Wrong(path): Wrong) -> Self {
        BAD_REQUEST.with(path)
    }
}

impl From<JsonFault> for No {
    fn from(fault: JsonFault) -> Self {
        VALUE_MISSING.with(fault.to_string())
    }
}

impl From<BodyFault> for No {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        Self { status, ..BAD_REQUEST.with(fault.to_string()) }
    }
}

/// What a failure of the engine becomes (DECISIONS.md, "All dialects").
impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable => {
                Self { status: StatusCode::SERVICE_UNAVAILABLE, ..SOMETHING_WENT_WRONG.into() }
            }
            Failure::Unknown => SOMETHING_WENT_WRONG.into(),
            Failure::Broken(fault) => fault.into(),
        }
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a link call failed");
        SOMETHING_WENT_WRONG.into()
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::MerchantUnknown => INVALID_MERCHANT.into(),
            Refusal::MerchantInactive => INACTIVE_MERCHANT.into(),
            Refusal::LinkUnknown => INVOICE_NOT_FOUND.into(),
            Refusal::LinkCancelled => CANCELLED_INVOICE.into(),
            Refusal::LinkCompleted => REQUEST_FAILED.with("InvoiceNo: is paid, or its one order is used up"),
            Refusal::LinkExpired => REQUEST_FAILED.with("InvoiceNo: has expired"),
            Refusal::ResendsUsedUp => REQUEST_FAILED.with("InvoiceNo: was sent as often as may be"),
            Refusal::ChannelMissing => REQUEST_FAILED.with(NOTHING_TO_SEND_BY),
            Refusal::TemplateUnknown => TEMPLATE_NOT_FOUND.into(),
            Refusal::ReferenceUsed(_) => REQUEST_FAILED.with(USED_BEFORE),
            // What a create signs is its key (`signed.rs`).
            Refusal::IdempotencyReused => SIGNATURE_MISMATCHED.with(OTHER_PARTS),
            Refusal::AmountInvalid => BAD_REQUEST.with("amount"),
            Refusal::AmountBelowMinimum => REQUEST_FAILED.with("amount: is below the merchant's least"),
            Refusal::AmountAboveMaximum | Refusal::AmountAboveAccountMaximum => {
                REQUEST_FAILED.with("amount: is above the merchant's most")
            }
            Refusal::RiskRefused => REQUEST_FAILED.with("refused by risk rules"),
            Refusal::ExpiryInvalid => BAD_REQUEST.with("expiryDate"),
            Refusal::AmountRequired
            | Refusal::LinkBusy
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
            | Refusal::MobileRequired
            | Refusal::FormInvalid
            | Refusal::TermTaken(_)
            | Refusal::ModeNotAllowed
            | Refusal::ModesInvalid
            | Refusal::JobNotDue
            | Refusal::ClockBackwards
            | Refusal::CredentialUnknown => {
                Fault::new(format!("a refusal that no such call can meet: {refusal:?}")).into()
            }
        }
    }
}

/// What is said of a `merchantTxnId` that another link has.
pub(super) const USED_BEFORE: &str = "merchantTxnId: was used before";
/// What is said where the text that was signed is that of an earlier create with other parts.
pub(super) const OTHER_PARTS: &str = "amount and merchantTxnId were joined otherwise before";
/// What is said where a message was asked for and nobody could carry it.
pub(super) const NOTHING_TO_SEND_BY: &str = "no channel is set up for the contacts of this invoice";

#[cfg(test)]
mod tests {
    use super::*;

    fn told(failure: Failure) -> (u16, &'static str, Option<String>) {
        let no = No::from(failure);
        (no.status.as_u16(), no.code.code, no.detail)
    }

    #[test]
    fn what_is_nobodys_no_is_an_internal_error() {
        let broken = Failure::Broken(Fault::new("row 7 of a secret table is corrupt"));
        for failure in [broken, Failure::Unknown, Failure::Refused(Refusal::JobNotDue)] {
            assert_eq!(told(failure), (200, "OTS1010", None));
        }
        for failure in [Failure::Busy, Failure::Unavailable] {
            assert_eq!(told(failure), (503, "OTS1010", None));
        }
        assert_eq!(told(Failure::Refused(Refusal::MerchantInactive)), (200, "OTS1003", None));
    }
}
