//! The addresses that payers open, and what is done behind them.

mod link_page;
mod modes;
mod outcome_page;
mod pay_form;
mod request;
mod shown;
mod stylesheet;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use kadi_engine::engine::Engine;
use kadi_engine::ports::{Rail, ReturnForms};

use crate::stylesheet_path;

/// The largest form of a page, in bytes.
const FORM_BYTES_MAX: usize = 4 * 1024;

/// What the pages need.
pub struct Pages {
    /// The engine.
    pub engine: Engine,
    /// The rail that takes the money.
    pub rail: Arc<dyn Rail>,
    /// The forms that dialects post to merchants.
    pub return_forms: Arc<dyn ReturnForms>,
}

/// All payer's addresses.
pub fn router(pages: Pages) -> Router {
    Router::new()
        .route("/p/{code}", get(link_page::open))
        .route("/l/{name}/{code}", get(link_page::open_named))
        .route("/p/{code}/pay", get(pay_form::back).post(pay_form::answer))
        .route("/p/{code}/payments/{payment}", get(outcome_page::show))
        .route(stylesheet_path(), get(stylesheet::serve))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(Arc::new(pages))
}
