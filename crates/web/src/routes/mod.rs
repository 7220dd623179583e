//! The addresses that payers open, and what is done behind them.

mod assets;
mod link_page;
mod modes;
mod outcome_page;
mod pay_form;
mod payment_events;
mod request;
mod shown;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use kadi_engine::engine::Engine;
use kadi_engine::ports::{Rail, ReturnForms};
use tokio::sync::watch;

use crate::{follow_script_path, stylesheet_path};

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
    /// Becomes true when the server stops: streams end then.
    pub stopping: watch::Receiver<bool>,
}

/// All payer's addresses.
pub fn router(pages: Pages) -> Router {
    Router::new()
        .route("/p/{code}", get(link_page::open))
        .route("/l/{name}/{code}", get(link_page::open_named))
        .route("/p/{code}/pay", get(pay_form::back).post(pay_form::answer))
        .route("/p/{code}/payments/{payment}", get(outcome_page::show))
        .route("/p/{code}/payments/{payment}/events", get(payment_events::follow))
        .route(stylesheet_path(), get(assets::stylesheet))
        .route(follow_script_path(), get(assets::follow_script))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(Arc::new(pages))
}
