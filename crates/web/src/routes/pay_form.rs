//! `POST /p/{code}/pay`: a payer pays; the answer leads to the payment's own page, so that a reload pays
//! nothing.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::attempt::{Attempt, AttemptToken};
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::pay::{Pay, pay};

use super::Pages;
use super::form_fields::Filled;
use super::link_page::{Typed, pay_page};
use super::modes::chosen;
use super::proof::Payer;
use super::request::{PageQuery, broken, closed, failed, notice_page};
use super::shown::Shown;
use crate::{AmountFault, Gate, Lang, Notice};

/// The choices of the sandbox rail's buttons.
const CHOICES: [&str; 3] = ["success", "failure", "pending"];

/// The form of the page.
struct PayForm {
    /// What tells the form from every other; programs that post without are not told apart.
    attempt: Option<String>,
    outcome: String,
    amount: String,
    /// What the page asked for, in minor units, where that was one amount.
    asked: Option<String>,
    mode: Option<String>,
    bank: Option<String>,
    sub_wallet: Option<String>,
    filled: Filled,
}

impl PayForm {
    /// The form in what was posted; of what stands twice the first counts.
    fn of(pairs: &[(String, String)]) -> Self {
        let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        Self {
            attempt: find("attempt"),
            outcome: find("outcome").unwrap_or_default(),
            amount: find("amount").unwrap_or_default(),
            asked: find("asked"),
            mode: find("mode"),
            bank: find("channel_NB"),
            sub_wallet: find("channel_PPI"),
            filled: Filled::of(pairs),
        }
    }
}

impl PayForm {
    /// The token of the form; an error where it is none.
    fn token(&self) -> Result<Option<AttemptToken>, ()> {
        self.attempt.as_deref().map(|text| AttemptToken::parse(text).ok_or(())).transpose()
    }
}

/// A page that is shown again with what the payer typed.
struct Again<'a> {
    pages: &'a Pages,
    code: &'a str,
    here: &'a str,
    lang: Lang,
    gate: Gate<'a>,
    form: &'a PayForm,
}

impl Again<'_> {
    fn show(&self, shown: &Shown, fault: Option<AmountFault<'_>>) -> Response {
        let form = self.form;
        let typed = Typed { text: &form.amount, fault, gate: self.gate, filled: Some(&form.filled) };
        pay_page(self.pages, shown, self.code, self.here, self.lang, 422, typed)
    }

    /// The payment's own page; where the amount was the matter this page once more, else why nothing was
    /// paid.
    async fn after(&self, end: Result<Payment, Failure>, shown: &Shown, amount: Option<Minor>) -> Response {
        let refuse = |notice: Notice<'_>| notice_page(notice, Some(shown.name()), self.here, self.lang);
        match end {
            Ok(payment) => own_page(self.pages, shown, self.code, self.lang, &payment),
            Err(Failure::Refused(Refusal::AmountBelowMinimum)) => {
                self.show(shown, Some(AmountFault::Below(shown.money(shown.payee.limit.min))))
            }
            Err(Failure::Refused(Refusal::AmountAboveMaximum | Refusal::AmountAboveAccountMaximum)) => {
                let most = shown.payee.limit.max.or(shown.payee.limit.account_max).unwrap_or_default();
                self.show(shown, Some(AmountFault::Above(shown.money(most))))
            }
            Err(Failure::Refused(Refusal::AmountInvalid)) if shown.page.link.terms.parts.is_some() => {
                // Somebody else may have paid a part meanwhile.
                match part_fault(self.pages, self.code, amount).await {
                    Ok(Some((now, fault))) => self.show(&now, Some(fault.shown(&now))),
                    Ok(None) => refuse(Notice::Unknown),
                    Err(failure) => refuse(failed(failure, None, self.here)),
                }
            }
            Err(Failure::Refused(Refusal::AmountInvalid)) => {
                match Shown::find(self.pages, self.code, None).await {
                    // The merchant has changed the amount since the page was shown.
                    Ok(Some(now)) => self.show(&now, None),
                    Ok(None) => refuse(Notice::Unknown),
                    Err(failure) => refuse(failed(failure, None, self.here)),
                }
            }
            Err(failure) => refuse(failed(failure, Some(&shown.page.link), self.here)),
        }
    }
}

/// The answer to a form that the page never had.
fn unreadable(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response.headers_mut().remove(RETRY_AFTER);
    response
}

/// Leads to the payment's own page.
fn own_page(pages: &Pages, shown: &Shown, code: &str, lang: Lang, payment: &Payment) -> Response {
    match pages.engine.keys().code().encode_payment(payment.id) {
        Ok(own) => Redirect::to(&format!("/p/{code}/payments/{own}?lang={}", lang.tag())).into_response(),
        Err(fault) => {
            let here = format!("/p/{code}");
            notice_page(broken(fault, &here), Some(shown.name()), &here, lang)
        }
    }
}

/// The payment that this form has begun, if it has. A token counts for its link alone.
async fn begun(
    pages: &Pages,
    shown: &Shown,
    token: Option<AttemptToken>,
) -> Result<Option<Payment>, Failure> {
    let (Some(token), link) = (token, shown.page.link.id) else { return Ok(None) };
    pages.engine.query(move |reader: &mut Reader| reader.payment_by_token(link, token)).await
}

/// Pays.
async fn pay_link(
    pages: &Pages,
    shown: &Shown,
    code: &str,
    mut form: PayForm,
    payer: Payer,
    lang: Lang,
) -> Response {
    let here = format!("/p/{code}");
    let refuse = |notice: Notice<'_>| notice_page(notice, Some(shown.name()), &here, lang);
    let Ok(token) = form.token() else { return unreadable(refuse(Notice::Trouble { retry: &here })) };
    if let Some(notice) = closed(&shown.page.link, &shown.payee, pages.engine.now()) {
        // By this very form, perhaps: the first of two taps.
        return match begun(pages, shown, token).await {
            Ok(Some(payment)) => own_page(pages, shown, code, lang, &payment),
            Ok(None) => refuse(notice),
            Err(failure) => refuse(failed(failure, None, &here)),
        };
    }
    if let Payer::Unproven = payer {
        let typed = Typed { gate: payer.gate(None), ..Typed::default() };
        return pay_page(pages, shown, code, &here, lang, StatusCode::FORBIDDEN.as_u16(), typed);
    }
    let by = chosen(form.mode.as_deref(), form.bank.as_deref(), form.sub_wallet.as_deref());
    let Some(by) = by.filter(|_| CHOICES.contains(&form.outcome.as_str())) else {
        return unreadable(refuse(Notice::Trouble { retry: &here }));
    };
    let answers = form.filled.check(shown);
    let (form, mask) = (&form, payer.mask());
    let again = Again { pages, code, here: &here, lang, gate: payer.gate(mask.as_deref()), form };
    let (amount, answers) = match (amount_of(shown, form), answers) {
        (Ok(amount), Some(answers)) => (amount, answers),
        (amount, Some(_) | None) => return again.show(shown, amount.err()),
    };
    let attempt = Attempt {
        amount,
        by,
        payer_mobile: payer.mobile(),
        answers,
        token,
        rail: pages.rail.name().to_owned(),
        rail_is_sandbox: pages.rail.is_sandbox(),
    };
    let (merchant_id, link_id) = (shown.page.link.merchant_id, shown.page.link.id);
    let asked = Pay { merchant_id, link_id, attempt, choice: form.outcome.clone() };
    again.after(pay(&pages.engine, pages.rail.as_ref(), asked).await, shown, amount).await
}

/// What is wrong with a part.
enum PartFault {
    Below(Minor),
    Above(Minor),
}

impl PartFault {
    fn shown<'a>(&self, shown: &'a Shown) -> AmountFault<'a> {
        match self {
            Self::Below(least) => AmountFault::Below(shown.money(*least)),
            Self::Above(most) => AmountFault::Above(shown.money(*most)),
        }
    }
}

/// The link as it is now, and what is wrong with the part that it refused.
async fn part_fault(
    pages: &Pages,
    code: &str,
    amount: Option<Minor>,
) -> Result<Option<(Shown, PartFault)>, Failure> {
    let Some(shown) = Shown::find(pages, code, None).await? else { return Ok(None) };
    let bounds = shown.page.link.part_bounds().map_err(Failure::Broken)?;
    let (least, most) = bounds.unwrap_or_default();
    let is_above = amount.is_some_and(|amount| amount > most);
    let fault = if is_above { PartFault::Above(most) } else { PartFault::Below(least) };
    Ok(Some((shown, fault)))
}

/// The amount that the payer typed, or that the page asked for: nothing else may be taken.
fn amount_of<'a>(shown: &Shown, form: &PayForm) -> Result<Option<Minor>, AmountFault<'a>> {
    let link = &shown.page.link;
    if link.amount.is_some() && link.terms.parts.is_none() {
        let asked = form.asked.as_deref().map(str::parse).transpose().map_err(|_| AmountFault::Malformed)?;
        return Ok(asked.map(Minor::new));
    }
    let plain: String = form.amount.chars().filter(|c| !matches!(c, ',' | '₹' | ' ' | '\u{a0}')).collect();
    if plain.is_empty() {
        return Err(AmountFault::Missing);
    }
    let amount =
        Minor::parse_typed(&plain, shown.page.link.currency.exponent()).filter(|amount| amount.is_positive());
    amount.map(Some).ok_or(AmountFault::Malformed)
}

/// Answers the form.
pub(super) async fn answer(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let lang = query.lang(&headers);
    let here = format!("/p/{code}");
    let shown = match Shown::find(&pages, &code, None).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return notice_page(Notice::Unknown, None, &here, lang),
        Err(failure) => return notice_page(failed(failure, None, &here), None, &here, lang),
    };
    let payer = match Payer::of(&pages, &shown, &headers) {
        Ok(payer) => payer,
        Err(failure) => return notice_page(failed(failure, None, &here), Some(shown.name()), &here, lang),
    };
    match form {
        Ok(Form(pairs)) => pay_link(&pages, &shown, &code, PayForm::of(&pairs), payer, lang).await,
        Err(rejection) => {
            tracing::debug!(status = rejection.status().as_u16(), "a payment form could not be read");
            let mut response = notice_page(Notice::Trouble { retry: &here }, Some(shown.name()), &here, lang);
            *response.status_mut() = rejection.status();
            response
        }
    }
}

/// Leads a reader of the form's address, who reloaded or typed it, back to the page. Only a link's code is
/// repeated: anything else might not fit into a header.
pub(super) async fn back(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    headers: HeaderMap,
) -> Response {
    let here = format!("/p/{code}");
    match pages.engine.keys().code().decode(&code) {
        Some(_) => Redirect::to(&here).into_response(),
        None => notice_page(Notice::Unknown, None, &here, query.lang(&headers)),
    }
}
