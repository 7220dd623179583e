//! What a page request says besides its path, and how a page is answered.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kadi_engine::command::Failure;
use kadi_engine::domain::link::{Link, LinkStatus, LinkWord};
use kadi_engine::domain::merchant::Merchant as Payee;
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::domain::search::Standing;
use kadi_engine::domain::time::Timestamp;
use url::form_urlencoded;

use crate::{Lang, Merchant, Notice, NoticePage, notice, page_headers};

/// The query of every page; what is not known is passed over, of what stands twice the first counts.
#[derive(Clone, Debug, Default)]
pub(super) struct PageQuery {
    lang: Option<String>,
    /// The payer wants the page itself instead of the way on.
    pub(super) stay: bool,
}

impl<S: Sync> FromRequestParts<S> for PageQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let find = |name| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        Ok(Self { lang: find("lang").map(|(_, value)| value.into_owned()), stay: find("stay").is_some() })
    }
}

impl PageQuery {
    /// The payer's language.
    pub(super) fn lang(&self, headers: &HeaderMap) -> Lang {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::choose(self.lang.as_deref(), accepted)
    }
}

/// A finished page.
pub(super) fn page(status: u16, lang: Lang, body: askama::Result<String>) -> Response {
    match body {
        Ok(body) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let mut response = (status, page_headers(lang), body).into_response();
            if status == StatusCode::SERVICE_UNAVAILABLE {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that says why nothing can be paid.
pub(super) fn notice_page(
    notice_view: Notice<'_>,
    merchant: Option<(&str, bool)>,
    here: &str,
    lang: Lang,
) -> Response {
    notice_with_invoice(notice_view, merchant, None, here, lang)
}

/// The same with the way to the invoice of the link with this code, where it has one.
pub(super) fn notice_with_invoice(
    notice_view: Notice<'_>,
    merchant: Option<(&str, bool)>,
    invoice_of: Option<&str>,
    here: &str,
    lang: Lang,
) -> Response {
    let view = NoticePage {
        here,
        merchant: merchant.map(|(name, _)| Merchant { name, phone: None, email: None }),
        test: merchant.is_some_and(|(_, test)| test),
        invoice_of,
        notice: notice_view,
    };
    page(notice_view.status(), lang, notice(&view, lang))
}

/// Why a link cannot be paid now, if it cannot.
pub(super) fn closed(link: &Link, merchant: &Payee, now: Timestamp) -> Option<Notice<'static>> {
    match link.word(now) {
        LinkWord::Active if merchant.active => None,
        LinkWord::Active => Some(Notice::NoPayments),
        // What is owed is paid, however the link ended.
        LinkWord::Cancelled | LinkWord::Expired if link.standing(now) == Standing::Paid => {
            Some(Notice::Completed)
        }
        LinkWord::Cancelled => Some(withdrawn(Some(link))),
        LinkWord::Expired => Some(Notice::Expired { at_ms: link.expires_at.unwrap_or(now).ms() }),
        LinkWord::Completed if link.sums.captured_count == 0 => Some(Notice::UsedUp),
        LinkWord::Completed => Some(Notice::Completed),
    }
}

/// A link that takes no payments any more: the merchant withdrew it, or another paid what it is for.
fn withdrawn(link: Option<&Link>) -> Notice<'static> {
    match link.map(|link| (link.status, link.terms.obligation)) {
        // It was active when it was read, a moment ago.
        Some((LinkStatus::Closed { .. }, _) | (LinkStatus::Active, Some(_))) => Notice::PaidElsewhere,
        Some((
            LinkStatus::Active
            | LinkStatus::Completed { .. }
            | LinkStatus::Cancelled { .. }
            | LinkStatus::Expired { .. },
            _,
        ))
        | None => Notice::Cancelled,
    }
}

/// What a failure becomes on a page; amounts are told at the form instead.
pub(super) fn failed<'a>(failure: Failure, link: Option<&Link>, here: &'a str) -> Notice<'a> {
    match failure {
        Failure::Refused(refusal) => refused(refusal, link, here),
        Failure::Busy | Failure::Unavailable | Failure::Unknown => Notice::Trouble { retry: here },
        Failure::Broken(fault) => {
            tracing::error!(%fault, "a page failed");
            Notice::Trouble { retry: here }
        }
    }
}

/// What a fault becomes on a page.
pub(super) fn broken(fault: Fault, here: &str) -> Notice<'_> {
    failed(Failure::Broken(fault), None, here)
}

fn refused<'a>(refusal: Refusal, link: Option<&Link>, here: &'a str) -> Notice<'a> {
    match refusal {
        Refusal::LinkUnknown | Refusal::PaymentUnknown => Notice::Unknown,
        Refusal::LinkExpired => {
            Notice::Expired { at_ms: link.and_then(|link| link.expires_at).unwrap_or_default().ms() }
        }
        Refusal::LinkCancelled => withdrawn(link),
        Refusal::LinkCompleted => Notice::Completed,
        Refusal::LinkBusy => Notice::Busy { retry: here },
        Refusal::MerchantUnknown
        | Refusal::MerchantInactive
        | Refusal::RailNotAllowed
        | Refusal::SurchargeNotAllowed => Notice::NoPayments,
        Refusal::RiskRefused | Refusal::ModeNotAllowed => Notice::Refused,
        Refusal::MobileRequired
        | Refusal::FormInvalid
        | Refusal::TemplateUnknown
        | Refusal::ReferenceUsed(_)
        | Refusal::IdempotencyReused
        | Refusal::AmountRequired
        | Refusal::AmountInvalid
        | Refusal::AmountBelowMinimum
        | Refusal::AmountAboveMaximum
        | Refusal::AmountAboveAccountMaximum
        | Refusal::ExpiryInvalid
        | Refusal::LinesMismatch
        | Refusal::ModesInvalid
        | Refusal::FeatureOff(_)
        | Refusal::PartsInvalid
        | Refusal::ChildUnknown
        | Refusal::ChildNotLinked
        | Refusal::SplitInvalid
        | Refusal::PaymentNotPending
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
        | Refusal::RefundNotPending
        | Refusal::JobNotDue
        | Refusal::ChannelMissing
        | Refusal::TermFixed(_)
        | Refusal::TermTaken(_)
        | Refusal::ResendsUsedUp
        | Refusal::ClockBackwards
        | Refusal::CredentialUnknown
        | Refusal::NameTaken(_) => Notice::Trouble { retry: here },
    }
}
