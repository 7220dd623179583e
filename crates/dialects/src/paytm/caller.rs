//! Who calls: the merchant behind `mid`, and the key with which the body was signed.

use std::sync::Arc;

use kadi_engine::admission::Admitted;
use kadi_engine::domain::credential::Credential;
use kadi_engine::faces::Account;

use super::codes::{CHECKSUM_INVALID, MID_EMPTY, MID_INVALID, MID_LENGTH, MID_TYPE, No};
use super::envelope::Envelope;
use super::keys::{live_keys, open_key};
use super::settings::{DIALECT, MID};
use super::sign::{PaytmKey, SIGNATURE_CHARS};
use crate::door::Door;

/// The longest `mid`.
const MID_CHARS_MAX: usize = 20;

/// Members that stand in the bodies of our answers and webhooks, and in no request.
const OUR_OWN: [&str; 2] = ["resultInfo", "respCode"];

/// A caller whose signature has been verified.
pub(crate) struct Caller {
    /// The account of the merchant whose `mid` the body names.
    pub(crate) account: Arc<Account>,
    /// The key of the request, which signs the answer too.
    pub(crate) key: PaytmKey,
    /// Its place, until it is answered.
    pub(crate) admitted: Admitted,
}

/// What a family of calls asks of the head beside a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// `tokenType` AES.
    TokenType,
    /// `clientId`, where the merchant has several keys.
    ClientId,
    /// Nothing.
    Nothing,
}

/// Finds the caller: the mid (5004, 5052, 5053, 5023), then `tokenType`, then the signature (both 5028). Only
/// then is it let in: nobody else takes places of the merchant's.
pub(crate) async fn authenticate(door: &Door, envelope: &Envelope<'_>) -> Result<Caller, No> {
    authenticate_as(door, envelope, Asks::TokenType).await
}

/// As [`authenticate`], for a family of calls that asks otherwise of the head.
pub(crate) async fn authenticate_as(door: &Door, envelope: &Envelope<'_>, asks: Asks) -> Result<Caller, No> {
    let mid = read_mid(envelope)?;
    // A call for a child may be signed by its aggregator (DECISIONS.md): its credentials are among these.
    let account = door.engine.account(DIALECT, MID, &mid).await?;
    let account = account.filter(|account| account.merchant.active).ok_or(MID_INVALID)?;
    let head =
        |name, chars_max| envelope.head.filled(name, chars_max).map_err(|_| No::from(CHECKSUM_INVALID));
    if asks == Asks::TokenType && head("tokenType", usize::MAX)?.as_deref() != Some("AES") {
        return Err(CHECKSUM_INVALID.into());
    }
    let signature = head("signature", SIGNATURE_CHARS)?.unwrap_or_default();
    let client = head("clientId", usize::MAX)?;
    let own_keys = || live_keys(&account.credentials).filter(|key| key.merchant_id == account.merchant.id);
    if asks == Asks::ClientId && client.is_none() && own_keys().count() > 1 {
        return Err(CHECKSUM_INVALID.into());
    }
    let key = verify(door, &account.credentials, client.as_deref(), envelope.signed, &signature)?;
    // Answers and webhooks are signed with the same key: they are nobody's requests.
    if OUR_OWN.iter().any(|name| envelope.body.raw(name).is_some()) {
        return Err(CHECKSUM_INVALID.into());
    }
    let admitted = door.engine.admit(account.merchant.id).await?;
    Ok(Caller { account, key, admitted })
}

fn read_mid(envelope: &Envelope<'_>) -> Result<String, No> {
    if envelope.body.raw("mid").is_none() {
        return Err(MID_EMPTY.into());
    }
    let mid = envelope.body.text("mid", usize::MAX).ok().flatten().ok_or(MID_TYPE)?;
    match mid.chars().count() {
        0 => Err(MID_EMPTY.into()),
        1..=MID_CHARS_MAX => Ok(mid),
        _ => Err(MID_LENGTH.into()),
    }
}

/// Tries the live keys: those of the name that the caller gives, or all where it gives none. A key without a
/// name in the merchant file answers to every name.
fn verify(
    door: &Door,
    credentials: &[Credential],
    client: Option<&str>,
    signed: &str,
    signature: &str,
) -> Result<PaytmKey, No> {
    let is_named = |label: &str| client.is_none_or(|client| label == client || label.is_empty());
    for credential in live_keys(credentials).filter(|credential| is_named(&credential.label)) {
        let key = open_key(door, credential)?;
        if key.verify(signed, signature) {
            return Ok(key);
        }
    }
    Err(CHECKSUM_INVALID.into())
}
