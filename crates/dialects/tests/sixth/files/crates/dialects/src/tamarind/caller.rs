//! Who calls: the farm that signed method, address, time and body of this very call.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use kadi_engine::admission::Admitted;
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Secret;
use kadi_engine::faces::Account;

use super::codes::{No, UNSIGNED};
use super::settings::{DIALECT, FARM, SECRET};
use super::sign::{FARM_HEADER, SIGNATURE_HEADER, TIME_HEADER, verify};
use crate::door::Door;
use crate::shared::body::read_body;

/// How far the time of a signature may be from Kadi's, in seconds.
const DRIFT_S: u64 = 300;

/// A call whose signature has been verified, with its place until it is answered.
pub(super) struct Caller {
    account: Arc<Account>,
    /// The body.
    pub(super) body: Bytes,
    _place: Admitted,
}

impl Caller {
    /// The merchant.
    pub(super) fn merchant(&self) -> &Merchant {
        &self.account.merchant
    }
}

/// The farm's live secrets, opened.
pub(super) fn live_secrets(
    door: &Door,
    merchant: &Merchant,
    credentials: &[Credential],
) -> Result<Vec<Secret<String>>, Fault> {
    let is_own = |c: &&Credential| c.merchant_id == merchant.id && c.dialect == DIALECT && c.slot == SECRET;
    let live = credentials.iter().filter(is_own).filter(|credential| credential.is_live());
    live.map(|credential| credential.open(door.engine.keys())).collect()
}

/// The active merchant that signed the call.
pub(super) async fn authenticate(door: &Door, request: Request) -> Result<Caller, No> {
    let headers = request.headers().clone();
    let method = request.method().clone();
    let address = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let body = read_body(request).await?;
    let header = |name| text(&headers, name).ok_or(UNSIGNED);
    let (farm, time, signature) = (header(FARM_HEADER)?, header(TIME_HEADER)?, header(SIGNATURE_HEADER)?);
    let signed_at: i64 = time.parse().map_err(|_| UNSIGNED)?;
    if door.engine.real_now().seconds().abs_diff(signed_at) > DRIFT_S {
        return Err(UNSIGNED.into());
    }
    let account = door.engine.account(DIALECT, FARM, farm).await?;
    let account = account.filter(|account| account.merchant.active).ok_or(UNSIGNED)?;
    let parts = [method.as_str().as_bytes(), address.as_bytes(), time.as_bytes(), &body];
    for secret in live_secrets(door, &account.merchant, &account.credentials)? {
        if verify(secret.expose(), &parts, signature)? {
            let place = door.engine.admit(account.merchant.id).await?;
            return Ok(Caller { account, body, _place: place });
        }
    }
    Err(UNSIGNED.into())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
