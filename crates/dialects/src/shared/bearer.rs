//! Bearer tokens: the token of a request, and the merchant whose credential it is.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use kadi_engine::command::Failure;
use kadi_engine::domain::credential::CredentialKey;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::seal::hash_text;

use crate::door::Door;

/// The token of `Authorization: Bearer …`; none where there is no such header or nothing in it.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The active merchant whose live credential in this slot is the request's token.
pub(crate) async fn bearer_merchant(
    door: &Door,
    headers: &HeaderMap,
    dialect: Dialect,
    slot: &str,
) -> Result<Option<Arc<Merchant>>, Failure> {
    let Some(token) = bearer_token(headers) else { return Ok(None) };
    let key = CredentialKey { dialect, slot: slot.to_owned(), print: hash_text(token) };
    Ok(door.engine.bearer(key).await?.filter(|merchant| merchant.active))
}
