//! `GET /v1/payments/{id}/split`: what of a captured payment falls to each child, and what to the merchant.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::Reader;
use kadi_engine::domain::payment::PaymentState;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::split::{Part, SplitRule, divide};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::path::PathId;
use super::problem::Problem;
use crate::door::Door;

/// What falls to one merchant of a payment, in minor units.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PartBody {
    /// The `id` of the merchant's file.
    pub merchant: String,
    /// Of the amount.
    pub amount: i64,
    /// Of the fee.
    pub fee: i64,
    /// Of the tax on the fee.
    pub fee_tax: i64,
    /// What the merchant is owed: amount less fee and tax; below zero where it bears more fee than its part.
    pub net: i64,
}

/// A payment divided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SplitParts {
    /// The children's parts in the order of the link's shares, then the merchant's own.
    pub data: Vec<PartBody>,
}

/// Tells how a payment is divided.
#[utoipa::path(
    get, path = "/v1/payments/{id}/split", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The parts; none where the payment is not captured", body = SplitParts),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Json<SplitParts>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let merchant = &caller.merchant;
    let (id, owner) = (id.payment()?, merchant.id);
    let found = door.engine.query(move |reader: &mut Reader| {
        let payment = reader.payment(id)?.filter(|payment| payment.merchant_id == owner);
        payment.map(|payment| Ok((reader.split_of(payment.link_id)?, payment))).transpose()
    });
    let (shares, payment) = found.await?.ok_or_else(Problem::not_found)?;
    if !matches!(payment.state, PaymentState::Captured { .. }) {
        return Ok(Json(SplitParts { data: Vec::new() }));
    }
    let rules: Vec<SplitRule> = shares.iter().map(|(_, rule)| *rule).collect();
    let division = divide(payment.applied, &payment.charges(), &rules)?;
    let children = shares.iter().zip(&division.children);
    let mut data =
        children.map(|((slug, _), (_, part))| show_part(slug, *part)).collect::<Result<Vec<_>, Fault>>()?;
    data.push(show_part(&merchant.slug, division.own)?);
    Ok(Json(SplitParts { data }))
}

fn show_part(slug: &str, part: Part) -> Result<PartBody, Fault> {
    Ok(PartBody {
        merchant: slug.to_owned(),
        amount: part.amount.get(),
        fee: part.fee.get(),
        fee_tax: part.fee_tax.get(),
        net: part.net()?.get(),
    })
}
