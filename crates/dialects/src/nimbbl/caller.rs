//! Who calls: the merchant behind a token, and the access secret that signed it.

use std::sync::Arc;

use axum::http::HeaderMap;
use kadi_engine::admission::Admitted;
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::faces::Account;

use super::codes::{AUTHENTICATION_FAILED, No};
use super::settings::{ACCESS_KEY, ACCESS_SECRET, DIALECT};
use super::sign::NimbblKey;
use super::token;
use crate::door::Door;
use crate::shared::bearer::bearer_token;

/// A caller whose token has been verified.
pub(super) struct Caller {
    account: Arc<Account>,
    /// The key that signed its token, and signs what it is answered.
    pub(super) key: NimbblKey,
}

impl Caller {
    /// The merchant.
    pub(super) fn merchant(&self) -> &Merchant {
        &self.account.merchant
    }

    /// A place for the call, until it is answered.
    pub(super) async fn admit(&self, door: &Door) -> Result<Admitted, No> {
        Ok(door.engine.admit(self.merchant().id).await?)
    }
}

/// The live access secrets, in the order in which they came.
pub(super) fn live_secrets(credentials: &[Credential]) -> impl Iterator<Item = &Credential> {
    let is_secret = |c: &&Credential| c.dialect == DIALECT && c.slot == ACCESS_SECRET && c.is_live();
    credentials.iter().filter(is_secret)
}

/// A stored secret, ready to use.
pub(super) fn open_key(door: &Door, credential: &Credential) -> Result<NimbblKey, Fault> {
    NimbblKey::new(credential.open(door.engine.keys())?.expose())
}

/// The active merchant with this access key.
pub(super) async fn account_of(door: &Door, access_key: &str) -> Result<Arc<Account>, No> {
    let account = door.engine.account(DIALECT, ACCESS_KEY, access_key).await?;
    account.filter(|account| account.merchant.active).ok_or_else(|| AUTHENTICATION_FAILED.into())
}

/// The merchant's own live secrets of this access key.
pub(super) fn secrets_of<'a>(account: &'a Account, access_key: &str) -> impl Iterator<Item = &'a Credential> {
    let merchant = account.merchant.id;
    live_secrets(&account.credentials).filter(move |c| c.merchant_id == merchant && c.label == access_key)
}

/// The merchant whose live token the request carries. A token ends with its time and with its secret.
pub(super) async fn authenticate(door: &Door, headers: &HeaderMap) -> Result<Caller, No> {
    let denied = || No::from(AUTHENTICATION_FAILED);
    let sent = bearer_token(headers).ok_or_else(denied)?;
    let claims = token::read(sent).ok_or_else(denied)?;
    let account = account_of(door, &claims.sub).await?;
    let mut secrets = secrets_of(&account, &claims.sub);
    let secret = secrets.find(|secret| secret.id.get() == claims.kid).ok_or_else(denied)?;
    let key = open_key(door, secret)?;
    if !token::verify(&key, sent)? || claims.is_over(door.engine.now()) {
        return Err(denied());
    }
    drop(secrets);
    Ok(Caller { account, key })
}
