//! `GET /p/{code}/payments/{payment code}`: what became of a payment, and the way back to the merchant.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use kadi_documents::invoice::has_invoice;
use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::time::Timestamp;
use kadi_engine::ports::ReturnForm;
use url::Url;

use super::Pages;
use super::request::{PageQuery, closed, failed, notice_page, page};
use super::shown::{Shown, money};
use crate::headers::{policy_following, policy_posting_to};
use crate::{
    Lang, Leaving, Notice, Onward, Outcome, OutcomePage, Post, Returning, leaving, outcome, returning,
};

/// Shows how a payment stands.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Path((code, payment)): Path<(String, String)>,
    query: PageQuery,
    headers: HeaderMap,
) -> Response {
    let lang = query.lang(&headers);
    let here = format!("/p/{code}/payments/{payment}");
    let unknown = || notice_page(Notice::Unknown, None, &here, lang);
    let Some(id) = pages.engine.keys().code().decode_payment(&payment) else { return unknown() };
    let shown = match Shown::find(&pages, &code, Some(id)).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return unknown(),
        Err(failure) => return notice_page(failed(failure, None, &here), None, &here, lang),
    };
    let Some(payment) = &shown.payment else { return unknown() };
    let retry = closed(&shown.page.link, &shown.payee, pages.engine.now()).is_none();
    let target = onward(&shown, payment);
    if let (Some((url, host)), false) = (&target, query.stay) {
        return go_on(&shown, payment, &here, Onward { url, host }, lang);
    }
    let form =
        if target.is_none() && is_final(payment) { pages.return_forms.after(id).await } else { Ok(None) };
    match form {
        Ok(form) => {
            outcome_page(&shown, payment, (&code, &here), (target.as_ref(), form.as_ref()), retry, lang)
        }
        Err(failure) => notice_page(failed(failure, None, &here), Some(shown.name()), &here, lang),
    }
}

/// Has the rail said its last word, as far as the payer is concerned?
const fn is_final(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Captured { .. } | PaymentState::Failed { .. })
}

fn outcome_page(
    shown: &Shown,
    payment: &Payment,
    (code, here): (&str, &str),
    (target, form): (Option<&(String, String)>, Option<&ReturnForm>),
    retry: bool,
    lang: Lang,
) -> Response {
    let (outcome_word, at) = word(shown, payment, retry);
    let own_reference = payment.id.get().to_string();
    let action = form.and_then(|form| Url::parse(&form.action).ok());
    let view = OutcomePage {
        here,
        code,
        merchant: shown.merchant(),
        test: shown.is_test(),
        title: &shown.page.link.name,
        outcome: outcome_word,
        amount: money(payment.taken.unwrap_or(payment.applied), &payment.currency),
        reference: payment.reference().unwrap_or(&own_reference),
        has_invoice: has_invoice(&shown.page),
        at_ms: at.ms(),
        onward: target.map(|(url, host)| Onward { url, host }),
        post: action.as_ref().zip(form).map(|(action, form)| Post {
            onward: Onward { url: action.as_str(), host: action.host_str().unwrap_or_default() },
            fields: &form.fields,
        }),
    };
    let mut response = page(200, lang, outcome(&view, lang));
    let origin = action.as_ref().map(|action| action.origin().ascii_serialization());
    let policy = match (view.refresh_s(), origin) {
        (Some(_), _) => Some(policy_following()),
        (None, origin) => origin.map(|origin| policy_posting_to(&origin)),
    };
    if let Some(Ok(policy)) = policy.as_deref().map(HeaderValue::from_str) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(seconds) = view.refresh_s() {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from(seconds));
    }
    response
}

fn word<'a>(shown: &'a Shown, payment: &Payment, retry: bool) -> (Outcome<'a>, Timestamp) {
    match &payment.state {
        // An unknown end is never shown as failed or paid.
        PaymentState::Started | PaymentState::Pending => (Outcome::Pending, payment.created_at),
        PaymentState::Captured { at, .. } => {
            (Outcome::Paid { message: shown.text(TextKind::SuccessMessage) }, *at)
        }
        PaymentState::Failed { at, .. } => (Outcome::Failed { retry }, *at),
        PaymentState::Held { at, .. } => (Outcome::Held, *at),
        PaymentState::Reversed { at, .. } => (Outcome::Reversed { retry }, *at),
    }
}

/// Where the merchant wants the payer to go after this payment, with its host.
fn onward(shown: &Shown, payment: &Payment) -> Option<(String, String)> {
    let kind = match &payment.state {
        PaymentState::Captured { .. } => TextKind::SuccessUrl,
        PaymentState::Failed { .. } => TextKind::FailureUrl,
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Held { .. }
        | PaymentState::Reversed { .. } => {
            return None;
        }
    };
    // Checked when the link was made; parsed again so that what is shown is what a browser will open.
    let url = Url::parse(shown.text(kind)?).ok()?;
    let host = url.host_str()?.to_owned();
    Some((url.to_string(), host))
}

/// Leads to the merchant's site: at once, or after asking where the merchant has a list and the host is not
/// on it.
fn go_on(shown: &Shown, payment: &Payment, here: &str, onward: Onward<'_>, lang: Lang) -> Response {
    let (merchant, test) = (shown.merchant(), shown.is_test());
    let paid = matches!(payment.state, PaymentState::Captured { .. });
    let listed = &shown.payee.redirect_hosts;
    if listed.is_empty() || listed.iter().any(|host| host.eq_ignore_ascii_case(onward.host)) {
        return page(200, lang, returning(&Returning { here, merchant, test, paid, onward }, lang));
    }
    let stay = format!("{here}?stay=1");
    page(200, lang, leaving(&Leaving { here, merchant, test, paid, onward, stay: &stay }, lang))
}
