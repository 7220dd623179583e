//! The addresses that payers open, and what is done behind them.

mod addresses;
mod assets;
mod form_fields;
mod invoice_file;
mod link_page;
mod modes;
mod one_time_code;
mod outcome_page;
mod pages;
mod pay_form;
mod payment_events;
mod proof;
mod request;
mod shown;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

pub use self::addresses::Peer;
pub use self::pages::Pages;
use self::pages::{ANSWERS_BYTES_MAX, FORM_BYTES_MAX};
use crate::{follow_script_path, stylesheet_path};

/// All payer's addresses.
pub fn router(pages: Pages) -> Router {
    let answers = DefaultBodyLimit::max(ANSWERS_BYTES_MAX);
    Router::new()
        .route("/p/{code}", get(link_page::open))
        .route("/l/{name}/{code}", get(link_page::open_named))
        .route("/p/{code}/invoice.pdf", get(invoice_file::get))
        .route("/p/{code}/pay", get(pay_form::back).post(pay_form::answer).layer(answers))
        .route("/p/{code}/mobile", get(pay_form::back).post(one_time_code::take_mobile))
        .route("/p/{code}/code", get(one_time_code::ask_code).post(one_time_code::take_code))
        .route("/p/{code}/payments/{payment}", get(outcome_page::show))
        .route("/p/{code}/payments/{payment}/events", get(payment_events::follow))
        .route(stylesheet_path(), get(assets::stylesheet))
        .route(follow_script_path(), get(assets::follow_script))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(Arc::new(pages))
}
