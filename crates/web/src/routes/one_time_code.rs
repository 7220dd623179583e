//! `POST /p/{code}/mobile` and `/p/{code}/code`: a payer proves to hold the one mobile that may pay a link.
//!
//! Nothing tells whether a number is the right one: the same answers, after the same time, and the same
//! limits.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use kadi_engine::commands::request_code::request_code;
use kadi_engine::commands::try_code::TryCode;
use kadi_engine::domain::one_time_code::Tried;
use kadi_engine::domain::plain_text::indian_mobile;
use kadi_engine::domain::secret::{Pii, Secret};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::Pages;
use super::addresses::Peer;
use super::link_page::{Typed, pay_page};
use super::proof::{Payer, set_cookie};
use super::request::{PageQuery, broken, closed, failed, notice_page};
use super::shown::Shown;
use crate::{CodeFault, Gate, Lang, Notice};

/// Every answer about a number comes after this time: longer than a commit takes, with a message or without.
const ANSWER_AFTER: Duration = Duration::from_millis(300);

/// What the page asks for first.
#[derive(Deserialize)]
pub(super) struct MobileForm {
    mobile: String,
}

/// What the page asks for then.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    code: String,
}

/// A link that only one mobile may pay, and whoever asks has not proven to hold it.
struct Asking {
    pages: Arc<Pages>,
    shown: Shown,
    /// The link's own code, whatever the address said.
    code: String,
    here: String,
    lang: Lang,
}

impl Asking {
    /// The page to go on with, where nothing is to be proven.
    async fn find(
        pages: Arc<Pages>,
        code: &str,
        query: &PageQuery,
        headers: &HeaderMap,
    ) -> Result<Self, Response> {
        let (lang, here) = (query.lang(headers), format!("/p/{code}"));
        let refuse = |notice, name| notice_page(notice, name, &here, lang);
        let shown = match Shown::find(&pages, code, None).await {
            Ok(Some(shown)) => shown,
            Ok(None) => return Err(refuse(Notice::Unknown, None)),
            Err(failure) => return Err(refuse(failed(failure, None, &here), None)),
        };
        if let Some(notice) = closed(&shown.page.link, &shown.payee, pages.engine.now()) {
            return Err(refuse(notice, Some(shown.name())));
        }
        let code = pages.engine.keys().code().encode(shown.page.link.id);
        let code = code.map_err(|fault| refuse(broken(fault, &here), Some(shown.name())))?;
        let here = format!("/p/{code}");
        let asking = Self { pages, shown, code, here, lang };
        match Payer::of(&asking.pages, &asking.shown, headers) {
            Ok(Payer::Unproven) => Ok(asking),
            Ok(Payer::Anyone | Payer::Proven(_)) => Err(asking.lead_to("")),
            Err(failure) => Err(asking.refuse(failed(failure, None, &asking.here))),
        }
    }

    /// Leads to a page of the link, so that a reload sends nothing again.
    fn lead_to(&self, page: &str) -> Response {
        Redirect::to(&format!("{}{page}?lang={}", self.here, self.lang.tag())).into_response()
    }

    fn refuse(&self, notice: Notice<'_>) -> Response {
        notice_page(notice, Some(self.shown.name()), &self.here, self.lang)
    }

    fn show(&self, status: u16, gate: Gate<'_>) -> Response {
        let (here, typed) = (&self.here, Typed { gate, ..Typed::default() });
        let at = if matches!(gate, Gate::Code { .. }) { "/code" } else { "" };
        let here = format!("{here}{at}");
        pay_page(&self.pages, &self.shown, &self.code, &here, self.lang, status, typed)
    }

    /// A form that could not be read.
    fn unreadable(&self, rejection: &FormRejection) -> Response {
        let mut response = self.refuse(Notice::Trouble { retry: &self.here });
        *response.status_mut() = rejection.status();
        response
    }

    fn may_ask(&self, peer: Option<Peer>) -> bool {
        self.pages.addresses.may(peer, self.pages.engine.real_now())
    }
}

/// Takes a number, and leads to the page that asks for the code.
pub(super) async fn take_mobile(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    form: Result<Form<MobileForm>, FormRejection>,
) -> Response {
    let answer_at = Instant::now() + ANSWER_AFTER;
    let asking = match Asking::find(pages, &code, &query, &headers).await {
        Ok(asking) => asking,
        Err(response) => return response,
    };
    let typed = match form {
        Ok(Form(form)) => form.mobile,
        Err(rejection) => return asking.unreadable(&rejection),
    };
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
    let Some(mobile) = indian_mobile(&plain) else {
        return asking.show(422, Gate::Mobile { is_malformed: true });
    };
    if !asking.may_ask(peer.map(|Extension(peer)| peer)) {
        return asking.refuse(Notice::TooMany { retry: &asking.here });
    }
    let link = &asking.shown.page.link;
    let asked = request_code(&asking.pages.engine, link.merchant_id, link.id, Pii::new(mobile)).await;
    sleep_until(answer_at).await;
    match asked {
        Ok(true) => asking.lead_to("/code"),
        Ok(false) => asking.refuse(Notice::TooMany { retry: &asking.here }),
        Err(failure) => asking.refuse(failed(failure, Some(link), &asking.here)),
    }
}

/// Asks for the code.
pub(super) async fn ask_code(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    headers: HeaderMap,
) -> Response {
    match Asking::find(pages, &code, &query, &headers).await {
        Ok(asking) => asking.show(200, Gate::Code { fault: None }),
        Err(response) => response,
    }
}

/// Takes a code, and leads to the page that takes the payment.
pub(super) async fn take_code(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    headers: HeaderMap,
    peer: Option<Extension<Peer>>,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Response {
    let asking = match Asking::find(pages, &code, &query, &headers).await {
        Ok(asking) => asking,
        Err(response) => return response,
    };
    let typed = match form {
        Ok(Form(form)) => form.code,
        Err(rejection) => return asking.unreadable(&rejection),
    };
    if !asking.may_ask(peer.map(|Extension(peer)| peer)) {
        return asking.refuse(Notice::TooMany { retry: &asking.here });
    }
    let link = &asking.shown.page.link;
    let typed = Secret::new(typed.split_whitespace().collect::<String>());
    let command = TryCode { merchant_id: link.merchant_id, link_id: link.id, typed };
    match asking.pages.engine.submit(command).await {
        Ok(Tried::Proven) => match set_cookie(&asking.pages, &asking.shown, &asking.code) {
            Ok(cookie) => {
                let mut response = asking.lead_to("");
                response.headers_mut().insert(header::SET_COOKIE, cookie);
                response
            }
            Err(fault) => asking.refuse(broken(fault, &asking.here)),
        },
        Ok(Tried::Wrong) => asking
            .show(StatusCode::UNPROCESSABLE_ENTITY.as_u16(), Gate::Code { fault: Some(CodeFault::Wrong) }),
        Ok(Tried::Over) => asking
            .show(StatusCode::UNPROCESSABLE_ENTITY.as_u16(), Gate::Code { fault: Some(CodeFault::Over) }),
        Err(failure) => asking.refuse(failed(failure, Some(link), &asking.here)),
    }
}
