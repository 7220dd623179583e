//! `GET /linkpayment/{linkPaymentId}`: how a link stands, with its payment once it was collected.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::link::{Link, LinkWord};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::HOUR_MS;
use kadi_engine::faces::LinkFace;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{NOT_FOUND, No};
use super::link_id::{link_of, link_payment_id};
use super::money::Money;
use super::paid::{Paid, date};
use super::settings::DIALECT;
use crate::door::Door;

/// `data` of the answer (specs, part 4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    link_payment_url: String,
    link_payment_id: String,
    amount: Money,
    #[serde(flatten)]
    paid: Option<Paid>,
    status: &'static str,
    remarks: String,
    validity: i64,
    created_date: String,
    expired_date: String,
}

/// Answers one call.
pub(super) async fn handle(
    State(door): State<Door>,
    headers: HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    answer(call(&door, &headers, id).await)
}

async fn call(
    door: &Door,
    headers: &HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Result<Status, No> {
    let merchant = authenticate(door, headers).await?;
    let _place = door.engine.admit(merchant.id).await?;
    let Path(id) = id.map_err(|_| No::from(NOT_FOUND))?;
    let face = find(door, &merchant, &id).await?;
    if face.link.word(door.engine.now()) != LinkWord::Completed {
        return Ok(show(door, &face.link, &[])?);
    }
    let (link, payments) = collected(door, face.link.id).await?;
    Ok(show(door, &link, &payments)?)
}

/// The merchant's link of this API with this id.
pub(super) async fn find(door: &Door, merchant: &Merchant, id: &str) -> Result<Arc<LinkFace>, No> {
    let link = link_of(door, id).ok_or(NOT_FOUND)?;
    let face = door.engine.link_face(link).await?;
    let is_own = |link: &Link| link.merchant_id == merchant.id && link.origin == DIALECT;
    face.filter(|face| is_own(&face.link)).ok_or_else(|| NOT_FOUND.into())
}

/// The link and its captured payments at one moment; none where the rail has taken the money back meanwhile.
async fn collected(door: &Door, id: LinkId) -> Result<(Link, Vec<Payment>), No> {
    let query = move |reader: &mut Reader| {
        reader.snapshot(|reader| Ok((reader.link(id)?, reader.captured_payments_of(id)?)))
    };
    let (link, payments) = door.engine.query(query).await?;
    Ok((link.ok_or(NOT_FOUND)?, payments))
}

fn show(door: &Door, link: &Link, payments: &[Payment]) -> Result<Status, Fault> {
    let id = link_payment_id(door, link.id)?;
    let amount = link.amount.ok_or_else(|| Fault::new("a link of this dialect without an amount"))?;
    let end = link.expires_at.ok_or_else(|| Fault::new("a link of this dialect without an end"))?;
    let word = link.word(door.engine.now());
    let (status, payments) = match word {
        LinkWord::Completed if !payments.is_empty() => ("SUCCESS", payments),
        LinkWord::Active => ("PENDING", &[][..]),
        // The page has no word for a link that was cancelled by another API: it takes no payment any more.
        LinkWord::Expired | LinkWord::Cancelled | LinkWord::Completed => ("EXPIRED", &[][..]),
    };
    Ok(Status {
        link_payment_url: door.page_url_of(&id),
        link_payment_id: id,
        amount: Money(amount.get()),
        paid: Paid::of(door, payments)?,
        status,
        remarks: link.name.clone(),
        validity: (end.ms() - link.created_at.ms()) / HOUR_MS,
        created_date: date(link.created_at.ms())?,
        expired_date: date(end.ms())?,
    })
}
