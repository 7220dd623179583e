//! Who calls: the merchant behind `mid`, and the key with which the body was signed.

use kadi_engine::Reader;
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::merchant::Merchant;

use super::codes::{CHECKSUM_INVALID, MID_EMPTY, MID_INVALID, MID_LENGTH, MID_TYPE, No};
use super::envelope::Envelope;
use super::settings::{DIALECT, KEY, MID};
use super::sign::PaytmKey;
use crate::door::Door;

/// The longest `mid`.
const MID_CHARS_MAX: usize = 20;

/// A caller whose signature has been verified.
pub(crate) struct Caller {
    /// The merchant whose `mid` the body names.
    pub(crate) merchant: Merchant,
    /// The key of the request, which signs the answer too.
    pub(crate) key: PaytmKey,
}

/// Finds the caller: the mid (5004, 5052, 5053, 5023), then `tokenType`, then the signature (both 5028).
pub(crate) async fn authenticate(
    door: &Door,
    envelope: &Envelope<'_>,
    client: Option<&str>,
) -> Result<Caller, No> {
    let mid = read_mid(envelope)?;
    let query = move |reader: &mut Reader| {
        let Some(merchant) = reader.merchant_by_identity(DIALECT, MID, &mid)? else { return Ok(None) };
        let mut credentials = reader.credentials_of(merchant.id)?;
        // A call for a child may be signed by its aggregator (DECISIONS.md).
        if let Some(slug) = &merchant.aggregator
            && let Some(aggregator) = reader.merchant_by_slug(slug)?
        {
            credentials.extend(reader.credentials_of(aggregator.id)?);
        }
        Ok(Some((merchant, credentials)))
    };
    let found = door.engine.query(query).await?;
    let (merchant, credentials) = found.filter(|(merchant, _)| merchant.active).ok_or(MID_INVALID)?;
    let token_type = envelope.head.text("tokenType", 16).ok().flatten();
    if token_type.as_deref() != Some("AES") {
        return Err(CHECKSUM_INVALID.into());
    }
    let signature = envelope.head.text("signature", 256).ok().flatten().unwrap_or_default();
    let key = verify(door, &credentials, client, envelope.signed, &signature)?;
    Ok(Caller { merchant, key })
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

/// Tries the live keys: the one that the caller names, or any of them where it names none.
fn verify(
    door: &Door,
    credentials: &[Credential],
    client: Option<&str>,
    signed: &str,
    signature: &str,
) -> Result<PaytmKey, No> {
    let live = credentials.iter().filter(|c| c.dialect == DIALECT && c.slot == KEY && c.is_live());
    for credential in live.filter(|c| client.is_none_or(|client| c.label == client || c.label.is_empty())) {
        let secret = credential.open(door.engine.keys()).map_err(kadi_engine::command::Failure::Broken)?;
        let Ok(key) = PaytmKey::new(secret.expose()) else { continue };
        if key.verify(signed, signature) {
            return Ok(key);
        }
    }
    Err(CHECKSUM_INVALID.into())
}
