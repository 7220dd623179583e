//! A merchant's stored Paytm keys.

use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::refusal::Fault;

use super::settings::{DIALECT, KEY};
use super::sign::PaytmKey;
use crate::door::Door;

/// The keys that sign and verify, in the order in which they came.
pub(super) fn live_keys(credentials: &[Credential]) -> impl Iterator<Item = &Credential> {
    credentials.iter().filter(|c| c.dialect == DIALECT && c.slot == KEY && c.is_live())
}

/// A stored key, ready to use.
pub(super) fn open_key(door: &Door, credential: &Credential) -> Result<PaytmKey, Fault> {
    let secret = credential.open(door.engine.keys())?;
    PaytmKey::new(secret.expose()).map_err(|fault| Fault::new(fault.to_string()))
}
