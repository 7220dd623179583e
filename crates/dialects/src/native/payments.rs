//! `/v1/payments` and the payments of a link.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use kadi_engine::Reader;
use kadi_engine::domain::id::PaymentId;

use super::caller::authenticate;
use super::links::{Page, find};
use super::problem::Problem;
use super::show::{PaymentBody, show_payment};
use super::wire::PaymentList;
use crate::door::Door;

/// Reads a payment.
#[utoipa::path(
    get, path = "/v1/payments/{id}", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The payment", body = PaymentBody),
        (status = 404, description = "Absent, or another merchant's", body = Problem),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<PaymentBody>, Problem> {
    let merchant = authenticate(&door, &headers).await?;
    let id = PaymentId::new(id.parse().map_err(|_| Problem::not_found())?);
    let payment = door.engine.query(move |reader: &mut Reader| reader.payment(id)).await?;
    let payment =
        payment.filter(|payment| payment.merchant_id == merchant.id).ok_or_else(Problem::not_found)?;
    Ok(Json(show_payment(&payment)?))
}

/// Lists a link's payments, newest first.
#[utoipa::path(
    get, path = "/v1/links/{id}/payments",
    params(
        ("id" = String, Path),
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses((status = 200, description = "A page of payments", body = PaymentList))
)]
pub(super) async fn of_link(
    State(door): State<Door>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<PaymentList>, Problem> {
    let merchant = authenticate(&door, &headers).await?;
    let (limit, after) = Page::read(query)?;
    let link = find(&door, merchant.id, &id).await?.link.id;
    let payments = door.engine.query(move |reader: &mut Reader| reader.payments_of(link)).await?;
    let rest: Vec<_> = payments.iter().filter(|p| after.is_none_or(|after| p.id.get() < after)).collect();
    let page: Vec<_> = rest.iter().take(limit).copied().collect();
    let next = (rest.len() > limit).then(|| page.last().map(|last| last.id.get().to_string())).flatten();
    let data = page.into_iter().map(show_payment).collect::<Result<_, _>>()?;
    Ok(Json(PaymentList { data, next }))
}
