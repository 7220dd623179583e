//! Problems (RFC 9457) with stable codes, and what each of Kadi's refusals becomes.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::command::Failure;
use kadi_engine::domain::refusal::{Fault, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

/// A "no" of Kadi's own API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What went wrong, in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: &'static str,
    /// What exactly went wrong, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What is wrong with the fields of a template, by their names; only of `invoice_fields_invalid`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, String>,
}

impl Problem {
    /// A problem with its status, code and title.
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            code,
            detail: None,
            fields: BTreeMap::new(),
        }
    }

    /// The same with more to say.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The same with what is wrong with the fields of a template.
    pub fn fields(self, fields: BTreeMap<String, String>) -> Self {
        Self { fields, ..self }
    }

    /// The request's body or query breaks a rule.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid")
            .detail(detail)
    }

    /// What was asked for is absent, or another merchant's.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found")
    }

    /// No live key.
    pub const fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "A live API key is needed")
    }

    const fn conflict(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], text).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much is waiting; nothing was done")
            }
            Failure::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The store does not answer; nothing was done",
            ),
            Failure::Unknown => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "outcome_unknown",
                "It may or may not have been done: read before trying again",
            ),
            Failure::Broken(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a call of the own API failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something is broken; nothing was done",
        )
    }
}

/// What money refuses, with code and title.
const OF_MONEY: [(Refusal, &str, &str); 13] = [
    (Refusal::RailNotAllowed, "rail_not_allowed", "The merchant may not use this rail"),
    (Refusal::MobileRequired, "mobile_required", "Only the link's mobile number may pay it"),
    (Refusal::ObligationPaid, "obligation_paid", "The obligation is paid"),
    (Refusal::ObligationMismatch, "obligation_mismatch", "The obligation is of another amount"),
    (Refusal::ObligationFull, "obligation_full", "The obligation has as many links as one may have"),
    (Refusal::PaymentNotPending, "payment_not_pending", "The payment is not pending"),
    (Refusal::PaymentNotCaptured, "payment_not_captured", "The payment has no captured money"),
    (Refusal::RefundTooLarge, "refund_too_large", "More than what is left of the payment"),
    (Refusal::PartUnknown, "part_unknown", "The merchant has no part of the payment"),
    (Refusal::RefundNotPending, "refund_not_pending", "The refund is not pending"),
    (Refusal::HoldDecided, "hold_decided", "It was decided otherwise"),
    (Refusal::HoldHasNoRoom, "hold_has_no_room", "The link has no room for the money"),
    (
        Refusal::HoldNotApplicable,
        "hold_not_applicable",
        "The money is in another account or currency, or less than the fixed shares of the split",
    ),
];

/// The title of `surcharge_not_allowed`.
const UNLAWFUL_SURCHARGE: &str = "The merchant's fee table asks for a surcharge that the law forbids";

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::MerchantUnknown | Refusal::MerchantInactive => Self::unauthorized(),
            Refusal::LinkUnknown | Refusal::PaymentUnknown | Refusal::RefundUnknown => Self::not_found(),
            Refusal::IdempotencyReused => {
                Self::conflict("idempotency_key_reused", "The idempotency key was used for another request")
            }
            Refusal::ReferenceUsed(_) => Self::conflict("reference_used", "The reference was used before"),
            Refusal::LinkExpired => Self::conflict("link_expired", "The link has expired"),
            Refusal::LinkCancelled => Self::conflict("link_cancelled", "The link was cancelled"),
            Refusal::LinkCompleted => Self::conflict("link_completed", "The link is completed"),
            Refusal::LinkBusy => Self::conflict("link_busy", "Another payment of the link is under way"),
            Refusal::FormInvalid => Self::form_invalid("the answers are not those to the link's form"),
            Refusal::AmountRequired => Self::conflict("amount_required", "An amount is needed"),
            Refusal::RiskRefused => Self::conflict("risk_refused", "A risk rule refused"),
            Refusal::ModeNotAllowed => Self::conflict("mode_not_allowed", "The link does not take this mode"),
            Refusal::ModesInvalid => Self::invalid("the list of payment modes leaves none to pay by"),
            Refusal::SurchargeNotAllowed => Self::conflict("surcharge_not_allowed", UNLAWFUL_SURCHARGE),
            Refusal::PaymentNotPending
            | Refusal::MobileRequired
            | Refusal::RailNotAllowed
            | Refusal::PaymentNotCaptured
            | Refusal::RefundTooLarge
            | Refusal::PartUnknown
            | Refusal::RefundNotPending
            | Refusal::HoldUnknown
            | Refusal::HoldDecided
            | Refusal::HoldHasNoRoom
            | Refusal::ObligationPaid
            | Refusal::ObligationMismatch
            | Refusal::ObligationFull
            | Refusal::HoldNotApplicable => Self::of_money(&refusal),
            Refusal::ClockBackwards => Self::invalid("the clock never goes backwards"),
            Refusal::AmountInvalid => Self::amount_invalid("the amount is not one that the link takes"),
            Refusal::AmountBelowMinimum => Self::amount_invalid("the amount is below the merchant's minimum"),
            Refusal::AmountAboveMaximum | Refusal::AmountAboveAccountMaximum => {
                Self::amount_invalid("the amount is above the merchant's maximum")
            }
            Refusal::ExpiryInvalid => Self::invalid("expires_at is not in the future"),
            Refusal::FeatureOff(_) => {
                Self::conflict("feature_off", "The merchant may not use what the link asks for")
            }
            Refusal::ChildUnknown => {
                Self::split_invalid("a share is for a merchant that is unknown or switched off")
            }
            Refusal::ChildNotLinked => Self::split_invalid(
                "a share is for a merchant that is no child of yours or of your aggregator",
            ),
            Refusal::SplitInvalid => Self::split_invalid(
                "each child has one share; together they are at most the payment; amounts only where each \
                 payment is of the link's amount",
            ),
            Refusal::PartsInvalid => {
                let rule = "the smallest parts and the plan must fit the amount; instalments are in order of \
                            due dates, all in the future, and together the amount";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "parts_invalid", "The parts are not valid")
                    .detail(rule)
            }
            Refusal::LinesMismatch => Self::invalid("lines and taxes do not add up to the amount"),
            Refusal::TemplateUnknown => super::invoices::unknown(),
            Refusal::ChannelMissing
            | Refusal::TermFixed(_)
            | Refusal::TermTaken(_)
            | Refusal::ResendsUsedUp
            | Refusal::JobNotDue
            | Refusal::CredentialUnknown
            | Refusal::NameTaken(_) => Fault::new("a refusal that no call of the own API can get").into(),
        }
    }
}

impl Problem {
    /// What is not in the table is not there.
    fn of_money(refusal: &Refusal) -> Self {
        let row = OF_MONEY.iter().find(|(known, ..)| known == refusal);
        row.map_or_else(Self::not_found, |(_, code, title)| Self::conflict(code, title))
    }

    fn split_invalid(detail: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "split_invalid", "The split is not valid").detail(detail)
    }

    /// Answers that do not fit the link's form.
    pub fn form_invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", "The form is not valid").detail(detail)
    }

    /// An amount that the link or the merchant does not take.
    pub fn amount_invalid(detail: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "amount_invalid", "The amount is not valid")
            .detail(detail)
    }
}

/// Answers a method that a path does not have.
pub(super) async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The path has no such method")
}
