//! `GET /p/{code}`: the page of a link.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use kadi_documents::invoice::{has_invoice, number_of, shown_fields};
use kadi_engine::command::Failure;
use kadi_engine::commands::open_link::OpenLink;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::attempt::AttemptToken;
use kadi_engine::domain::link::{Line as Sold, LineTax, LinkKind, TextKind};
use kadi_engine::domain::parts::{Standing, standing};
use kadi_engine::domain::refusal::Fault;

use super::Pages;
use super::form_fields::{Filled, UNTOUCHED};
use super::modes::offered;
use super::proof::Payer;
use super::request::{PageQuery, broken, closed, failed, notice_page, notice_with_invoice, page};
use super::shown::Shown;
use crate::{
    AmountEntry, AmountFault, Asked, Currency, FormView, Gate, Instalment, InvoiceView, Lang, Line, Notice,
    PayPage, Rail, Tax, counts_as_opening, pay,
};

/// What a payer typed, with what is wrong about it, and what stands before the payment.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub(super) text: &'a str,
    pub(super) fault: Option<AmountFault<'a>>,
    pub(super) gate: Gate<'a>,
    pub(super) filled: Option<&'a Filled>,
}

/// How a browser keeps the page: for the way back alone, so that a payer who goes back from a payment has the
/// same form, and pays nothing twice with it. Whoever reloads or opens the link has a new one.
const GOING_BACK: &str = "private, max-age=0, must-revalidate";

/// The page under its short address.
pub(super) async fn open(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let lang = query.lang(&headers);
    let counts = counts_as_opening(&method, &headers);
    answer(&pages, &code, uri.path(), lang, counts, &headers).await
}

/// The same page under the long address, whose name part is only for people.
pub(super) async fn open_named(
    pages: State<Arc<Pages>>,
    Path((_, code)): Path<(String, String)>,
    query: PageQuery,
    uri: OriginalUri,
    method: Method,
    headers: HeaderMap,
) -> Response {
    open(pages, Path(code), query, uri, method, headers).await
}

async fn answer(
    pages: &Pages,
    code: &str,
    here: &str,
    lang: Lang,
    counts: bool,
    headers: &HeaderMap,
) -> Response {
    let shown = match Shown::find(pages, code, None).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return notice_page(Notice::Unknown, None, here, lang),
        Err(failure) => return notice_page(failed(failure, None, here), None, here, lang),
    };
    if counts && shown.page.link.opened_at.is_none() {
        record_opening(pages, &shown);
    }
    if let Some(notice) = closed(&shown.page.link, &shown.payee, pages.engine.now()) {
        let invoice_of =
            Some(code).filter(|_| has_invoice(&shown.page) && !matches!(notice, Notice::NoPayments));
        return notice_with_invoice(notice, Some(shown.name()), invoice_of, here, lang);
    }
    let payer = match Payer::of(pages, &shown, headers) {
        Ok(payer) => payer,
        Err(failure) => return notice_page(failed(failure, None, here), Some(shown.name()), here, lang),
    };
    let mask = payer.mask();
    let gate = payer.gate(mask.as_deref());
    let mut response = pay_page(pages, &shown, code, here, lang, 200, Typed { gate, ..Typed::default() });
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(GOING_BACK));
    }
    response
}

/// Records the opening beside the answer: the payer does not wait for it.
fn record_opening(pages: &Pages, shown: &Shown) {
    let (engine, merchant_id, link_id) =
        (pages.engine.clone(), shown.page.link.merchant_id, shown.page.link.id);
    tokio::spawn(async move {
        match engine.submit(OpenLink { merchant_id, link_id }).await {
            Ok(()) => {}
            Err(Failure::Broken(fault)) => tracing::error!(%fault, "an opening was not recorded"),
            Err(failure) => tracing::warn!(link = link_id.get(), ?failure, "an opening was not recorded"),
        }
    });
}

/// What is paid for, at length.
fn description(shown: &Shown) -> Option<&str> {
    let own = Some(shown.page.link.description.as_str()).filter(|text| !text.is_empty());
    own.or_else(|| shown.text(TextKind::OrderDetails))
}

/// The page on which a link is paid.
pub(super) fn pay_page(
    pages: &Pages,
    shown: &Shown,
    code: &str,
    here: &str,
    lang: Lang,
    status: u16,
    typed: Typed<'_>,
) -> Response {
    let (name, typed) = (shown.name(), &typed);
    match view_of(pages, shown, code, here, typed, |view| page(status, lang, pay(view, lang))) {
        Ok(Some(response)) => response,
        Ok(None) => notice_page(Notice::NoPayments, Some(name), here, lang),
        Err(fault) => notice_page(broken(fault, here), Some(name), here, lang),
    }
}

/// Writes the page; none where there is no way to pay the link.
fn view_of(
    pages: &Pages,
    shown: &Shown,
    code: &str,
    here: &str,
    typed: &Typed<'_>,
    write: impl FnOnce(&PayPage<'_>) -> Response,
) -> Result<Option<Response>, Fault> {
    let (link, lines) = (&shown.page.link, &shown.page.lines);
    let taxes = lines.iter().map(|line| line_taxes(shown, line)).collect::<Result<Vec<_>, _>>()?;
    let units: Vec<String> = lines.iter().map(|line| line.units.to_string()).collect();
    let parts = lines.iter().zip(&units).zip(&taxes);
    let lines = parts.map(|((line, units), taxes)| show_line(shown, line, units, taxes));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let asked = link.default_amount()?;
    let exactly = asked.filter(|_| link.terms.parts.is_none());
    let modes = offered(shown, exactly, pages.rail.name(), pages.engine.setup().modes)?;
    if modes.is_empty() {
        return Ok(None);
    }
    let (bounds, plan) = (link.part_bounds()?, plan(shown)?);
    let proposal = shown.money(proposal(&plan, bounds)).plain();
    let asked = match (asked, bounds) {
        (Some(left), Some(bounds)) => Asked::Parts {
            total: shown.money(link.due.unwrap_or(left)),
            paid: shown.money(link.sums.captured),
            left: shown.money(left),
            entry: part_entry(shown, typed, bounds, &proposal),
        },
        (Some(amount), None) => Asked::Exact(shown.money(amount)),
        (None, _) => Asked::Open(entry(shown, typed)),
    };
    let taxes_left: Vec<Tax<'_>> = shown.page.taxes_left.iter().map(|tax| show_tax(shown, tax)).collect();
    let fields = typed.filled.unwrap_or(&UNTOUCHED).fields(shown);
    let form = shown.page.form.as_ref().map(|form| FormView { name: &form.name, fields: &fields });
    let attempt = AttemptToken::new(pages.engine.random()?).to_text();
    let number = invoice_number(shown);
    let filled = shown.page.invoice.as_ref().map(|sealed| sealed.open(pages.engine.keys())).transpose()?;
    let filled_in = filled.as_ref().map(shown_fields).unwrap_or_default();
    let invoice = invoice_view(shown, &filled_in);
    Ok(Some(write(&PayPage {
        here,
        code,
        merchant: shown.merchant(),
        test: shown.is_test(),
        title: &link.name,
        description: description(shown),
        invoice_details: shown.text(TextKind::InvoiceDetails),
        comment: shown.text(TextKind::Comment),
        invoice_number: number.as_deref(),
        invoice,
        asked,
        lines: &lines,
        expires_at_ms: link.expires_at.map(|at| at.ms()),
        attempt: &attempt,
        gate: typed.gate,
        form,
        rail: Rail::Sandbox,
        modes: &modes,
        plan: &plan,
        taxes_left: &taxes_left,
    })))
}

fn invoice_number(shown: &Shown) -> Option<String> {
    if has_invoice(&shown.page) {
        return Some(number_of(&shown.page));
    }
    let reference = shown.page.references.first().filter(|_| shown.page.link.kind == LinkKind::Invoice);
    reference.map(|reference| reference.value.clone())
}

/// What of an invoice stands beside its number and its lines.
fn invoice_view<'a>(shown: &'a Shown, fields: &'a [(&'a str, &'a str)]) -> Option<InvoiceView<'a>> {
    let (address, gstin) = (shown.payee.address.as_deref(), shown.payee.gstin.as_deref());
    has_invoice(&shown.page).then_some(InvoiceView { address, gstin, fields })
}

/// The instalments with what is left of each.
fn plan(shown: &Shown) -> Result<Vec<Instalment<'_>>, Fault> {
    let standing = standing(&shown.page.plan, shown.page.link.sums.captured)?;
    let show = |one: Standing| Instalment {
        amount: shown.money(one.instalment.amount),
        due_at_ms: one.instalment.due_at.ms(),
        left: shown.money(one.left),
    };
    Ok(standing.into_iter().map(show).collect())
}

/// What is proposed to a payer of parts: what is left of the earliest instalment that is not paid, as far as
/// the link takes it; without a plan all that is left.
fn proposal(plan: &[Instalment<'_>], bounds: Option<(Minor, Minor)>) -> Minor {
    let (least, most) = bounds.unwrap_or_default();
    let next = plan.iter().map(|one| Minor::new(one.left.minor)).find(|left| left.is_positive());
    next.map_or(most, |next| next.max(least).min(most))
}

fn part_entry<'a>(
    shown: &'a Shown,
    typed: &Typed<'a>,
    (least, most): (Minor, Minor),
    proposal: &'a str,
) -> AmountEntry<'a> {
    let unit = &shown.page.link.currency;
    AmountEntry {
        currency: Currency { code: unit.code(), exponent: unit.exponent() },
        min: Some(shown.money(least)),
        max: Some(shown.money(most)),
        typed: if typed.fault.is_some() { typed.text } else { proposal },
        fault: typed.fault,
    }
}

fn entry<'a>(shown: &'a Shown, typed: &Typed<'a>) -> AmountEntry<'a> {
    let unit = &shown.page.link.currency;
    AmountEntry {
        currency: Currency { code: unit.code(), exponent: unit.exponent() },
        min: Some(shown.money(shown.payee.limit.min)),
        max: shown.payee.limit.max.map(|max| shown.money(max)),
        typed: typed.text,
        fault: typed.fault,
    }
}

fn show_tax<'a>(shown: &'a Shown, tax: &'a LineTax) -> Tax<'a> {
    Tax { name: &tax.name, amount: shown.money(tax.amount) }
}

fn line_taxes<'a>(shown: &'a Shown, line: &'a Sold) -> Result<Vec<Tax<'a>>, Fault> {
    let tax =
        |tax: &'a LineTax| Ok(Tax { name: &tax.name, amount: shown.money(tax.amount.times(line.units)?) });
    line.taxes.iter().map(tax).collect()
}

fn show_line<'a>(
    shown: &'a Shown,
    line: &'a Sold,
    units: &'a str,
    taxes: &'a [Tax<'a>],
) -> Result<Line<'a>, Fault> {
    let net: Minor = line.unit_amount.times(line.units)?;
    Ok(Line {
        name: &line.name,
        code: line.code.as_deref(),
        units,
        unit_price: shown.money(line.unit_amount),
        net: shown.money(net),
        taxes,
    })
}
