//! The bare server that others are measured against: the same runtime, allocator and profile, and nothing of
//! Kadi.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// Serves on a free loopback port until the process ends, with a static page of so many bytes; `ready` is
/// told the address.
pub async fn serve(
    page_bytes: usize,
    ready: impl FnOnce(SocketAddr) -> Result<(), String>,
) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.map_err(|error| format!("the baseline server: {error}"))?;
    ready(listener.local_addr().map_err(|error| error.to_string())?)?;
    let page: &'static str = String::leak("x".repeat(page_bytes));
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/echo", post(echo))
        .route("/page", get(move || async move { ([(CONTENT_TYPE, "text/html")], page) }));
    axum::serve(listener, router).await.map_err(|error| format!("the baseline server: {error}"))
}

/// A request to make a link, read without copying and written again.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(borrow)]
    head: Head<'a>,
    #[serde(borrow)]
    body: Body<'a>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    token_type: &'a str,
    timestamp: &'a str,
    client_id: &'a str,
    version: &'a str,
    channel_id: &'a str,
    signature: &'a str,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    mid: &'a str,
    link_type: &'a str,
    link_name: &'a str,
    link_description: &'a str,
    amount: &'a str,
    invoice_id: &'a str,
    expiry_date: &'a str,
    merchant_request_id: &'a str,
    send_sms: bool,
    send_email: bool,
}

async fn echo(bytes: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<Request<'_>>(&bytes) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match serde_json::to_vec(&request) {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
