//! `GET /p/{code}/invoice.pdf`: the invoice of a link as a file, for whoever has the page's address.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kadi_documents::invoice::{file_name, link_invoice, number_of};

use super::Pages;
use super::request::{PageQuery, closed, failed, notice_page};
use super::shown::Shown;
use crate::headers::POLICY_OF_FILES;
use crate::{Lang, Notice, page_headers};

/// The file; as public as the page, and like the page without the names of who is asked to pay. It stays when
/// nothing can be paid any more and says how it ended.
pub(super) async fn get(
    State(pages): State<Arc<Pages>>,
    Path(code): Path<String>,
    query: PageQuery,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let (here, lang) = (uri.path(), query.lang(&headers));
    let shown = match Shown::find(&pages, &code, None).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return notice_page(Notice::Unknown, None, here, lang),
        Err(failure) => return notice_page(failed(failure, None, here), None, here, lang),
    };
    // Nobody is asked to pay a merchant that takes no payments.
    if let Some(Notice::NoPayments) = closed(&shown.page.link, &shown.payee, pages.engine.now()) {
        return notice_page(Notice::NoPayments, Some(shown.name()), here, lang);
    }
    let url = format!("{}/p/{code}", pages.public_url);
    let (page, payee) = (Arc::clone(&shown.page), Arc::clone(&shown.payee));
    match link_invoice(&pages.engine, page, payee, None, url).await {
        Ok(Some(file)) => served(file, &number_of(&shown.page)),
        Ok(None) => notice_page(Notice::Unknown, None, here, lang),
        Err(failure) => notice_page(failed(failure, None, here), Some(shown.name()), here, lang),
    }
}

/// A file under the rules of the pages: nobody keeps, frames, indexes or names it.
fn served(file: Vec<u8>, number: &str) -> Response {
    let mut response = (page_headers(Lang::English), file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_OF_FILES));
    headers.remove(header::VARY);
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{}\"", file_name(number))) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
