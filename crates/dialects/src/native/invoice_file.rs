//! `GET /v1/links/{id}/invoice.pdf`: the merchant's copy of an invoice, with who is asked to pay.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use kadi_documents::invoice::{file_name, link_invoice, number_of};

use super::caller::Caller;
use super::path::PathId;
use super::problem::Problem;
use crate::door::Door;

/// Reads the invoice of a link as a PDF file.
#[utoipa::path(
    get, path = "/v1/links/{id}/invoice.pdf", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The invoice", body = Vec<u8>, content_type = "application/pdf"),
        (status = 404, description = "Absent, another merchant's, or without an invoice"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Response, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let id = id.link()?;
    let page = door.engine.link_page(id).await?.filter(|page| page.link.merchant_id == caller.merchant.id);
    let (page, face) = page.zip(door.engine.link_face(id).await?).ok_or_else(Problem::not_found)?;
    let contact = face.customer.as_ref().map(|customer| customer.open(door.engine.keys())).transpose()?;
    let (name, url) = (file_name(&number_of(&page)), door.page_url(id)?);
    let file = link_invoice(&door.engine, page, caller.merchant, contact, url).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, file).into_response())
}
