//! `GET /linkpayment/{linkPaymentId}`: how a link stands, with its payment once it was collected.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::link::{Link, LinkWord};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::search::Standing;
use kadi_engine::domain::time::{HOUR_MS, Timestamp};
use kadi_engine::faces::LinkFace;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{NOT_FOUND, No};
use super::link_id::{link_of, link_payment_id};
use super::money::Money;
use super::paid::{Paid, date};
use crate::door::Door;

/// `data` of the answer (specs, part 4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    link_payment_url: String,
    link_payment_id: String,
    /// Left out where the payer chooses and has not paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
    #[serde(flatten)]
    paid: Option<Paid>,
    status: &'static str,
    remarks: String,
    /// Left out, with `expired_date`, on a link of another API that has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    validity: Option<i64>,
    created_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_date: Option<String>,
}

/// The page's three words for how a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It may be paid, or it is not known yet what becomes of the money.
    Pending,
    /// It takes no payment any more, and is paid.
    Success,
    /// It takes no payment any more, and is not paid.
    Expired,
}

impl Word {
    /// The word of a link, whichever API made it. The page has none for a link that is cancelled, paid in
    /// part or may be paid again.
    pub(super) fn of(link: &Link, now: Timestamp) -> Self {
        match (link.word(now), link.standing(now)) {
            (LinkWord::Active, _) | (_, Standing::UnderWay) => Self::Pending,
            (_, Standing::Paid) => Self::Success,
            (LinkWord::Completed | LinkWord::Cancelled | LinkWord::Expired, _) => Self::Expired,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Expired => "EXPIRED",
        }
    }
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
    if Word::of(&face.link, door.engine.now()) != Word::Success {
        return Ok(show(door, &face.link, &[])?);
    }
    let (link, payments) = collected(door, face.link.id).await?;
    Ok(show(door, &link, &payments)?)
}

/// The merchant's link with this id, whichever API made it. Amounts of this API are rupees: nothing here has
/// a word for other decimals.
pub(super) async fn find(door: &Door, merchant: &Merchant, id: &str) -> Result<Arc<LinkFace>, No> {
    let link = link_of(door, id).ok_or(NOT_FOUND)?;
    let face = door.engine.link_face(link).await?;
    let is_own = |link: &Link| link.merchant_id == merchant.id && link.currency == Currency::INR;
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
    let word = Word::of(link, door.engine.now());
    let is_paid = word == Word::Success;
    // Of a link that was paid more often than is read at once, sums over all would be guesses.
    let is_whole = i64::try_from(payments.len()) == Ok(link.sums.captured_count);
    let payments = if is_paid && is_whole { payments } else { &[] };
    let amount = if is_paid { Some(link.sums.captured) } else { link.amount };
    // A begun hour counts whole: ends that other APIs set are of any length.
    let hours = |end: Timestamp| (end.ms() - link.created_at.ms() + HOUR_MS - 1) / HOUR_MS;
    Ok(Status {
        link_payment_url: door.page_url_of(&id),
        link_payment_id: id,
        amount: amount.map(|amount| Money(amount.get())),
        paid: Paid::of(door, payments)?,
        status: word.text(),
        remarks: link.name.clone(),
        validity: link.expires_at.map(hours),
        created_date: date(link.created_at.ms())?,
        expired_date: link.expires_at.map(|end| date(end.ms())).transpose()?,
    })
}
