//! `GET /v1/payments/{id}/tax`: what of an invoice's taxes lies on a payment.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::Reader;
use kadi_engine::domain::link::LineTax;
use kadi_engine::faces::taxes_of;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::path::PathId;
use super::problem::Problem;
use crate::door::Door;

/// A payment's share of a tax.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TaxShare {
    /// The name of the tax.
    pub name: String,
    /// In minor units of the payment's currency.
    pub amount: i64,
}

/// The taxes on a payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PaymentTaxes {
    /// Each tax of the link's lines by its name, in the order in which they first appear.
    pub data: Vec<TaxShare>,
}

/// Tells what of the link's taxes lies on a payment. The shares of all payments of an invoice that is paid in
/// parts are together exactly its taxes.
#[utoipa::path(
    get, path = "/v1/payments/{id}/tax", params(("id" = String, Path)),
    responses(
        (
            status = 200, description = "The taxes; none where it was never captured, or the link has none",
            body = PaymentTaxes,
        ),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Json<PaymentTaxes>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let (id, owner) = (id.payment()?, caller.merchant.id);
    let found = door.engine.query(move |reader: &mut Reader| {
        reader.snapshot(|reader| {
            let payment = reader.payment(id)?.filter(|payment| payment.merchant_id == owner);
            let Some(payment) = payment else { return Ok(None) };
            let Some(link) = reader.link(payment.link_id)? else { return Ok(None) };
            let lines = reader.lines_of(link.id)?;
            Ok(Some(taxes_of(reader, &link, &lines)?.of(payment.id)))
        })
    });
    let taxes = found.await?.ok_or_else(Problem::not_found)?;
    let show = |tax: LineTax| TaxShare { name: tax.name, amount: tax.amount.get() };
    Ok(Json(PaymentTaxes { data: taxes.into_iter().map(show).collect() }))
}
