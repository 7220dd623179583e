//! Paytm's result codes: texts letter by letter from the vendor's page, and what our refusals become.

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::edit::Term;
use kadi_engine::domain::merchant::Feature;
use kadi_engine::domain::refusal::{Fault, Refusal};

use super::namespaces::INVOICE_ID;
use crate::shared::body::BodyFault;
use crate::shared::fields::Wrong;
use crate::shared::json::JsonFault;

/// A row of the vendor's table (vendor page, "Response Codes & Messages").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// `resultCode`.
    pub code: &'static str,
    /// `resultMessage`.
    pub text: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal $text:literal;)+) => {
        $(pub(crate) const $name: Code = Code { code: $code, text: $text };)+
    };
}

codes! {
    SUCCESS = "200" "Success";
    RISK = "100" "Transaction refused by risk rules";
    NOT_FOUND = "404" "Data Not Found";
    INTERNAL = "501" "Internal Server Error";
    UNKNOWN = "502" "Unknown Error Occurred";
    MID_EMPTY = "5004" "empty merchant Id.";
    LINK_NAME_EMPTY = "5005" "empty link name.";
    LINK_NAME_BLANK = "5005" "link name cannot be blank";
    DESCRIPTION_LENGTH = "5006" "Link Description should be from 3 to 30 characters.";
    LINK_NAME_CHARACTERS = "5007" "link name contains special character.";
    FIXED_AMOUNT_MISSING = "5008" "Payment amount is mandatory for Fixed Link";
    AMOUNT_BELOW_ONE = "5009" "Amount should be greater than equal to Rs 1";
    INVOICE_EXPIRY_MISSING = "5010" "Expiry date is mandatory for Invoice Link Type";
    INVOICE_ID_MISSING = "5011" "Empty Invoice Id for Invoice type Payment Link";
    INVOICE_AMOUNT_MISSING = "5012" "Amount cannot be empty for invoice link";
    TOO_MANY_ITEMS = "5013" "Invoice details cannot be greater than 50";
    SUM_MISMATCH = "5014" "The amount sent in the request does not match the total amount of the invoice items.";
    INVOICE_ID_USED = "5015" "This invoice ID has already been used for your account. Enter a new invoice ID";
    ITEM_NAME_BLANK = "5016" "Product name cannot be blank";
    ITEM_NAME_LENGTH = "5017" "Product Name should be from 3 to 30 characters.";
    ITEM_AMOUNT_NEGATIVE = "5018" "Amount cannot be less than 0";
    ITEM_UNITS = "5019" "Number of units cannot be less than or equal to 0";
    ITEM_TAX_NEGATIVE = "5020" "Tax amount cannot be less than 0";
    EXPIRY_INVALID = "5021" "Expiry date is invalid.";
    FORMS_NOT_ALLOWED = "5022" "Merchant not allowed payment forms";
    MID_INVALID = "5023" "Merchant Id is invalid.";
    CHILD_MID_INVALID = "5024" "Invalid child MID";
    CHILD_NOT_LINKED = "5025" "Invalid Merchant ID. Mentioned ID is not linked to Aggregator.";
    EXPIRY_TOO_LATE = "5027" "Expiry date cannot be set as more than 365 days from the current date";
    CHECKSUM_INVALID = "5028" "Checksum provided is invalid.";
    BODY_EMPTY = "5029" "request body cannot be empty";
    REQUEST_EMPTY = "5029" "empty request.";
    HEAD_EMPTY = "5030" "request head cannot be empty";
    DESCRIPTION_CHARACTERS = "5033" "Link Description should not contain any special characters";
    INVOICE_PHONE = "5050" "Invoice phone number is invalid";
    INVOICE_EMAIL = "5051" "Invoice email id is invalid";
    LINK_ID_EMPTY = "302" "linkId cannot be empty";
    LINK_ID_MISSING = "312" "Link Id cannot be empty";
    LINK_ENDED = "5056" "Link is expired or inactive";
    AMOUNT_NOT_FIXED = "5082" "Amount can be updated only for Fixed Link";
    MID_TYPE = "5052" "Invalid mid type";
    MID_LENGTH = "5053" "invalid mid length";
}

/// A "no" in Paytm's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct No {
    /// The HTTP status: 200 for every rule, another for unreadable requests and overload.
    pub status: StatusCode,
    /// Code and text.
    pub code: Code,
    /// What an answer with code 502 adds: the field or fault by name.
    pub detail: Option<String>,
}

impl From<Code> for No {
    fn from(code: Code) -> Self {
        Self { status: StatusCode::OK, code, detail: None }
    }
}

impl From<Wrong> for No {
    fn from(wrong: Wrong) -> Self {
        Self { detail: Some(wrong.0), ..UNKNOWN.into() }
    }
}

impl From<BodyFault> for No {
    fn from(fault: BodyFault) -> Self {
        let status = match fault {
            BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyFault::Broken => StatusCode::BAD_REQUEST,
        };
        Self { status, detail: Some(fault.to_string()), ..UNKNOWN.into() }
    }
}

impl From<JsonFault> for No {
    fn from(fault: JsonFault) -> Self {
        Self { status: StatusCode::BAD_REQUEST, detail: Some(fault.to_string()), ..UNKNOWN.into() }
    }
}

impl No {
    /// 502 with the name of a field.
    pub(crate) fn field(name: &str) -> Self {
        Self { detail: Some(name.to_owned()), ..UNKNOWN.into() }
    }
}

/// What a failure of the engine becomes. Overload is told by HTTP too (DECISIONS.md, "All dialects").
impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable => {
                Self { status: StatusCode::SERVICE_UNAVAILABLE, ..INTERNAL.into() }
            }
            Failure::Unknown => UNKNOWN.into(),
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
            Refusal::MerchantUnknown | Refusal::MerchantInactive => MID_INVALID.into(),
            Refusal::ReferenceUsed(namespace) if namespace == INVOICE_ID => INVOICE_ID_USED.into(),
            Refusal::ReferenceUsed(_) | Refusal::NameTaken(_) => UNKNOWN.into(),
            Refusal::LinkUnknown | Refusal::PaymentUnknown => NOT_FOUND.into(),
            Refusal::AmountRequired => FIXED_AMOUNT_MISSING.into(),
            Refusal::AmountInvalid
            | Refusal::AmountBelowMinimum
            | Refusal::AmountAboveMaximum
            | Refusal::AmountAboveAccountMaximum => Self::field("amount"),
            Refusal::RiskRefused => RISK.into(),
            Refusal::ExpiryInvalid => EXPIRY_INVALID.into(),
            Refusal::LinesMismatch => SUM_MISMATCH.into(),
            Refusal::ChildUnknown => CHILD_MID_INVALID.into(),
            Refusal::ChildNotLinked => CHILD_NOT_LINKED.into(),
            Refusal::FeatureOff(Feature::Split) | Refusal::SplitInvalid => Self::field("splitSettlementInfo"),
            Refusal::FeatureOff(Feature::Partial) | Refusal::PartsInvalid => Self::field("partialPayment"),
            Refusal::FeatureOff(Feature::Forms) | Refusal::TemplateUnknown => FORMS_NOT_ALLOWED.into(),
            Refusal::FeatureOff(Feature::Upi | Feature::PaymentRequest) => UNKNOWN.into(),
            Refusal::ModesInvalid => Self::field("enablePaymentMode"),
            Refusal::LinkExpired | Refusal::LinkCancelled | Refusal::LinkCompleted => LINK_ENDED.into(),
            Refusal::TermFixed(Term::Amount) => AMOUNT_NOT_FIXED.into(),
            Refusal::TermTaken(Term::Amount) => Self::field("amount"),
            Refusal::TermFixed(Term::MaxPayments) | Refusal::TermTaken(Term::MaxPayments) => {
                Self::field("maxPaymentsAllowed")
            }
            Refusal::MobileRequired => Self::field("bindLinkIdMobile"),
            Refusal::TermFixed(Term::PayerName)
            | Refusal::TermTaken(Term::PayerName)
            | Refusal::FormInvalid
            | Refusal::RailNotAllowed
            | Refusal::ModeNotAllowed
            | Refusal::SurchargeNotAllowed
            | Refusal::IdempotencyReused
            | Refusal::LinkBusy
            | Refusal::PaymentNotPending
            | Refusal::JobNotDue
            | Refusal::ChannelMissing
            | Refusal::ResendsUsedUp
            | Refusal::ClockBackwards
            | Refusal::CredentialUnknown
            | Refusal::HoldUnknown
            | Refusal::HoldDecided
            | Refusal::HoldHasNoRoom
            | Refusal::HoldNotApplicable
            | Refusal::ObligationPaid
            | Refusal::ObligationMismatch
            | Refusal::ObligationFull
            | Refusal::PaymentNotCaptured
            | Refusal::RefundTooLarge
            | Refusal::PartUnknown
            | Refusal::RefundUnknown
            | Refusal::RefundNotPending => UNKNOWN.into(),
        }
    }
}
