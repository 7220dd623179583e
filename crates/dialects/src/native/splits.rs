//! `GET /v1/payments/{id}/split`: what of a captured payment falls to each child, and what to the merchant.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::Reader;
use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::payment::PaymentState;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::split::{Part, SplitRule};
use kadi_engine::domain::split_refund::{SplitPart, parts_of};
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
    /// Of the amount, what refunds on their way and those that succeeded have taken.
    pub refunded: i64,
    /// What the merchant gives for those refunds; below zero where it got a fee back that it bore for others.
    pub given_back: i64,
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
        reader.snapshot(|reader| {
            let Some(payment) = reader.payment(id)?.filter(|payment| payment.merchant_id == owner) else {
                return Ok(None);
            };
            Ok(Some((reader.split_of(payment.link_id)?, reader.split_parts(&payment)?, payment)))
        })
    });
    let (shares, stored, payment) = found.await?.ok_or_else(Problem::not_found)?;
    if !matches!(payment.state, PaymentState::Captured { .. }) {
        return Ok(Json(SplitParts { data: Vec::new() }));
    }
    let rules: Vec<SplitRule> = shares.iter().map(|(_, rule)| *rule).collect();
    let parts = parts_of(&payment, &rules, stored.as_ref())?;
    let (charges, gone) = (payment.charges(), payment.refunds);
    let mut own = Part { amount: payment.applied, fee: charges.fee, fee_tax: charges.fee_tax };
    let mut own_refunded = gone.refunded.plus(gone.pending)?;
    let mut own_given = own_refunded.minus(gone.fee)?.minus(gone.fee_tax)?;
    let mut data = Vec::new();
    for ((slug, _), SplitPart { part, back, .. }) in shares.iter().zip(&parts) {
        own = own.minus(*part)?;
        own_refunded = own_refunded.minus(back.amount)?;
        own_given = own_given.minus(back.net()?)?;
        data.push(show_part(slug, *part, back.amount, back.net()?)?);
    }
    data.push(show_part(&merchant.slug, own, own_refunded, own_given)?);
    Ok(Json(SplitParts { data }))
}

fn show_part(slug: &str, part: Part, refunded: Minor, given_back: Minor) -> Result<PartBody, Fault> {
    Ok(PartBody {
        merchant: slug.to_owned(),
        amount: part.amount.get(),
        fee: part.fee.get(),
        fee_tax: part.fee_tax.get(),
        net: part.net()?.get(),
        refunded: refunded.get(),
        given_back: given_back.get(),
    })
}
