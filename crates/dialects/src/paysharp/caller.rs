//! Who calls: the merchant behind a bearer token, of which several may be live.

use std::sync::Arc;

use axum::http::HeaderMap;
use kadi_engine::domain::merchant::Merchant;

use super::codes::{No, unauthorized};
use super::settings::{DIALECT, TOKEN};
use crate::door::Door;
use crate::shared::bearer::bearer_merchant;

/// The active merchant whose live token the request carries.
pub(super) async fn authenticate(door: &Door, headers: &HeaderMap) -> Result<Arc<Merchant>, No> {
    bearer_merchant(door, headers, DIALECT, TOKEN).await?.ok_or_else(unauthorized)
}
