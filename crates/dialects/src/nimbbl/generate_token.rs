//! `POST /api/v3/generate-token`: a merchant's program shows its key and secret, and gets a token.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use super::answer::answer;
use super::caller::{account_of, open_key, secrets_of};
use super::codes::{AUTHENTICATION_FAILED, No};
use super::members::{open, required};
use super::times::time_text_with_t;
use super::token::{self, Claims};
use crate::door::Door;
use crate::shared::body::read_body;

/// No key or secret of the merchant file is longer.
const CHARS_MAX: usize = 512;

/// The answer.
#[derive(Serialize)]
struct Given {
    token: String,
    expires_at: String,
}

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Given, No> {
    let bytes = read_body(request).await?;
    let body = open(&bytes)?;
    let access_key = required(&body, "access_key", CHARS_MAX)?;
    let access_secret = required(&body, "access_secret", CHARS_MAX)?;
    let account = account_of(door, &access_key).await?;
    for credential in secrets_of(&account, &access_key) {
        let secret = credential.open(door.engine.keys())?;
        if !bool::from(secret.expose().as_bytes().ct_eq(access_secret.as_bytes())) {
            continue;
        }
        let key = open_key(door, credential)?;
        let merchant = &account.merchant.slug;
        let claims = Claims::at(door.engine.now(), &access_key, credential.id.get(), merchant);
        let token = token::issue(&key, &claims)?;
        return Ok(Given { token, expires_at: time_text_with_t(claims.ends_at_ms())? });
    }
    Err(AUTHENTICATION_FAILED.into())
}
