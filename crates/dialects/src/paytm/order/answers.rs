//! The answers of this family: its head has a `responseTimestamp` and no `tokenType`, its result a
//! `resultMsg`.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use kadi_engine::admission::Admitted;
use kadi_engine::faces::Account;
use serde::Serialize;

use super::codes::{No, Row};
use crate::door::Door;
use crate::paytm::caller::{Asks, Caller, authenticate_as};
use crate::paytm::codes;
use crate::paytm::envelope::{Echo, Envelope, respond, seal};
use crate::paytm::sign::PaytmKey;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    version: &'a str,
    response_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

/// `resultInfo`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultInfo {
    result_code: &'static str,
    result_status: &'static str,
    result_msg: &'static str,
}

impl From<Row> for ResultInfo {
    fn from(row: Row) -> Self {
        Self { result_code: row.code, result_status: row.status, result_msg: row.text }
    }
}

/// The body of an answer that has nothing to say but its result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    result_info: ResultInfo,
}

impl From<Row> for Told {
    fn from(row: Row) -> Self {
        Self { result_info: row.into() }
    }
}

/// Writes answers: signed with the caller's key once the caller is known, unsigned before.
pub(super) struct Answers<'a> {
    /// The engine's time and randomness.
    door: &'a Door,
    /// What is repeated.
    echo: Echo,
    /// The key with which the request verified.
    key: Option<PaytmKey>,
}

impl<'a> Answers<'a> {
    /// Answers to a request of which nothing is known yet.
    pub(super) fn new(door: &'a Door) -> Self {
        Self { door, echo: Echo::default(), key: None }
    }

    /// Finds out who asks, and lets them in; from then on answers are signed with their key.
    pub(super) async fn let_in(
        &mut self,
        envelope: &Envelope<'_>,
        asks: Asks,
    ) -> Result<(Arc<Account>, Admitted), codes::No> {
        self.echo = Echo::of(&envelope.head);
        let Caller { account, key, admitted } = authenticate_as(self.door, envelope, asks).await?;
        self.key = Some(key);
        Ok((account, admitted))
    }

    /// What a call ended with.
    pub(super) fn end(&self, end: Result<impl Serialize, No>) -> Response {
        match end {
            Ok(body) => self.answer(StatusCode::OK, &body),
            Err(no) => self.answer(no.http, &Told::from(no.row)),
        }
    }

    fn answer(&self, http: StatusCode, body: &impl Serialize) -> Response {
        let text = seal(self.door, self.key.as_ref(), body, |signature| Head {
            client_id: self.echo.client_id.as_deref(),
            version: self.echo.version.as_deref().unwrap_or("v1"),
            response_timestamp: self.door.engine.now().seconds().to_string(),
            channel_id: self.echo.channel_id.as_deref(),
            signature,
        });
        respond(http, text)
    }
}
