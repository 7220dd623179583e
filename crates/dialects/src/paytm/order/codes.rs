//! Result codes of payment requests and of order status, and what our refusals become.

use axum::http::StatusCode;
use kadi_engine::command::Failure;
use kadi_engine::domain::refusal::{Fault, Refusal};

use crate::paytm::codes::{CHECKSUM_INVALID, MID_EMPTY, MID_INVALID, MID_LENGTH, MID_TYPE, No as LinkNo};
use crate::shared::fields::Wrong;

/// A row of a table of result codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `resultCode`.
    pub(super) code: &'static str,
    /// `resultStatus`.
    pub(super) status: &'static str,
    /// `resultMsg`.
    pub(super) text: &'static str,
}

macro_rules! rows {
    ($($name:ident = $code:literal $status:literal $text:literal;)+) => {
        $(pub(super) const $name: Row = Row { code: $code, status: $status, text: $text };)+
    };
}

// Letter by letter from the vendor's page, "Response Codes & Messages".
rows! {
    SENT = "SPR_001" "SUCCESS" "Payment request sent successfully";
    ORDER_ID_BLANK = "SPR_002" "FAILURE" "merchantOrderid cannot be blank";
    MID_BLANK = "SPR_002" "FAILURE" "MID cannot be blank";
    AMOUNT_INVALID = "SPR_002" "FAILURE" "Invalid amount";
    EXPIRY_INVALID = "SPR_002" "FAILURE" "Invalid expiry date";
    PHONE_INVALID = "SPR_002" "FAILURE" "Invalid userPhoneNo";
    UPI_OFF = "SPR_003" "FAILURE" "UPI paymode not enabled on merchant";
    ORDER_ID_USED = "WM_1011" "FAILURE" "Duplicate Order ID";
    ANYTHING_ELSE = "GE_0003" "FAILURE" "We could not get the requested details. Please try again.";
    NO_VPA = "DQR_0004" "FAILURE" "Merchant's VPA-address not found";
    REQUESTS_OFF = "RSPR_005" "FAILURE" "Preference not enabled on Merchant";
    NOT_NOTIFIED = "SPRO_005" "FAILURE"
        "Could not notify user. Either resend notification or try with new orderId";
    PAID = "SPRO_006" "FAILURE" "Payment has been completed on this order";
    ORDER_ID_CHARACTERS = "SPRO_007" "FAILURE" "OrderId contains restricted special characters";
}

// Codes of specs/paytm-send-payment-request.md, part 6; texts as public clients of the vendor's know them.
rows! {
    TXN_SUCCESS = "01" "TXN_SUCCESS" "Txn Success";
    TXN_PENDING = "402" "PENDING"
        "Looks like the payment is not complete. Please wait while we confirm the status with your bank.";
    TXN_FAILED = "227" "TXN_FAILURE"
        "Your payment has been declined by your bank. Please contact your bank for any queries.";
    CHECKSUM_WRONG = "330" "TXN_FAILURE" "Invalid checksum";
    NO_SUCH_TXN = "331" "NO_RECORD_FOUND" "No Record Found";
    ORDER_ID_WRONG = "334" "TXN_FAILURE" "Invalid Order ID";
    MID_WRONG = "335" "TXN_FAILURE" "Invalid Merchant ID";
    SYSTEM = "501" "TXN_FAILURE" "System Error";
}

/// A "no" in this family's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct No {
    /// The HTTP status.
    pub(super) http: StatusCode,
    /// Code, status and text.
    pub(super) row: Row,
}

impl From<Row> for No {
    fn from(row: Row) -> Self {
        Self { http: StatusCode::OK, row }
    }
}

/// What a fault of the envelope, or of the caller's proof, is on a payment request. The vendor's clients drop
/// every answer but HTTP 200; only HTTP itself (413, 415) and overload (503) are told by HTTP too.
pub(super) fn request_no(no: impl Into<LinkNo>) -> No {
    let no = no.into();
    let row = if no.code == MID_EMPTY { MID_BLANK } else { ANYTHING_ELSE };
    No { http: http_of(no.status), row }
}

/// The same on order status.
pub(super) fn status_no(no: impl Into<LinkNo>) -> No {
    let no = no.into();
    let row = match no.code {
        MID_EMPTY | MID_TYPE | MID_LENGTH | MID_INVALID => MID_WRONG,
        CHECKSUM_INVALID => CHECKSUM_WRONG,
        _ => SYSTEM,
    };
    No { http: http_of(no.status), row }
}

fn http_of(status: StatusCode) -> StatusCode {
    if status == StatusCode::BAD_REQUEST { StatusCode::OK } else { status }
}

impl From<Wrong> for No {
    fn from(_: Wrong) -> Self {
        ANYTHING_ELSE.into()
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        request_no(fault)
    }
}

impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Unavailable | Failure::Unknown | Failure::Broken(_) => {
                request_no(failure)
            }
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        let row = match refusal {
            Refusal::ReferenceUsed(_) => ORDER_ID_USED,
            Refusal::AmountRequired
            | Refusal::AmountInvalid
            | Refusal::AmountBelowMinimum
            | Refusal::AmountAboveMaximum
            | Refusal::AmountAboveAccountMaximum => AMOUNT_INVALID,
            Refusal::ExpiryInvalid => EXPIRY_INVALID,
            Refusal::LinkCompleted => PAID,
            Refusal::ChannelMissing | Refusal::ResendsUsedUp => NOT_NOTIFIED,
            Refusal::MerchantUnknown
            | Refusal::MerchantInactive
            | Refusal::NameTaken(_)
            | Refusal::LinkUnknown
            | Refusal::PaymentUnknown
            | Refusal::RiskRefused
            | Refusal::LinesMismatch
            | Refusal::ChildUnknown
            | Refusal::ChildNotLinked
            | Refusal::FeatureOff(_)
            | Refusal::SplitInvalid
            | Refusal::PartsInvalid
            | Refusal::ModesInvalid
            | Refusal::ModeNotAllowed
            | Refusal::RailNotAllowed
            | Refusal::SurchargeNotAllowed
            | Refusal::TermFixed(_)
            | Refusal::TemplateUnknown
            | Refusal::MobileRequired
            | Refusal::FormInvalid
            | Refusal::TermTaken(_)
            | Refusal::IdempotencyReused
            | Refusal::LinkExpired
            | Refusal::LinkCancelled
            | Refusal::LinkBusy
            | Refusal::PaymentNotPending
            | Refusal::JobNotDue
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
            | Refusal::RefundNotPending => ANYTHING_ELSE,
        };
        row.into()
    }
}
