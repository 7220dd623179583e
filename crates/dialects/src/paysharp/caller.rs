//! Who calls: the merchant behind a bearer token, of which several may be live.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use kadi_engine::domain::credential::CredentialKey;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::seal::hash_text;

use super::codes::{No, unauthorized};
use super::settings::{DIALECT, TOKEN};
use crate::door::Door;

/// The active merchant whose live token the request carries.
pub(super) async fn authenticate(door: &Door, headers: &HeaderMap) -> Result<Arc<Merchant>, No> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(unauthorized());
    }
    let key = CredentialKey { dialect: DIALECT, slot: TOKEN.to_owned(), print: hash_text(token.trim()) };
    let merchant = door.engine.bearer(key).await?;
    merchant.filter(|merchant| merchant.active).ok_or_else(unauthorized)
}
