//! `/v1/payments` and the payments of a link.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::Reader;
use kadi_engine::domain::id::{MerchantId, PaymentId};
use kadi_engine::domain::payment::Payment;

use super::caller::Caller;
use super::links;
use super::page::Page;
use super::path::PathId;
use super::problem::Problem;
use super::show::{PaymentBody, show_payment};
use super::wire::PaymentList;
use crate::door::Door;

/// Reads a payment.
#[utoipa::path(
    get, path = "/v1/payments/{id}", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The payment", body = PaymentBody),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Json<PaymentBody>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    Ok(Json(show_payment(&find(&door, caller.merchant.id, id.payment()?).await?)?))
}

/// The merchant's payment with this id.
pub(super) async fn find(door: &Door, merchant: MerchantId, id: PaymentId) -> Result<Payment, Problem> {
    let payment = door.engine.query(move |reader: &mut Reader| reader.payment(id)).await?;
    payment.filter(|payment| payment.merchant_id == merchant).ok_or_else(Problem::not_found)
}

/// Lists a link's payments, newest first.
#[utoipa::path(
    get, path = "/v1/links/{id}/payments",
    params(
        ("id" = String, Path),
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of payments", body = PaymentList),
        (status = 422, description = "`invalid_request`"),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn of_link(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
    page: Result<Page, Problem>,
) -> Result<Json<PaymentList>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let page = page?;
    let link = links::find(&door, caller.merchant.id, id.link()?).await?.link.id;
    let (after, rows) = (page.after.map(PaymentId::new), page.rows());
    let query = move |reader: &mut Reader| reader.payments_page(link, after, rows);
    let payments = door.engine.query(query).await?;
    let (payments, next) = page.cut(payments, |payment| payment.id.get());
    let data = payments.iter().map(show_payment).collect::<Result<_, _>>()?;
    Ok(Json(PaymentList { data, next }))
}
