//! What signatures leave behind, since what they cover has no separators: a text that was signed once is that
//! of one create, and a resend's signature is known again on a cancel (DECISIONS.md, "NTT DATA").
//!
//! Kept are keyed hashes, as keys of what was done: the text holds the merchant's password.

use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::Idempotency;
use kadi_engine::domain::id::MerchantId;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::domain::seal::hash_parts;

use super::caller::Caller;
use super::codes::No;
use crate::door::Door;

/// What is hashed of a create: the text that was signed.
const CREATE: &str = "ntt create";
/// What is hashed of a resend: the signature.
const RESEND: &str = "ntt resend";

/// The key under which a create is carried out: the text that it signed, and how that is divided. Refused
/// where an earlier one divided the same text otherwise.
pub(super) async fn key_of_create(
    door: &Door,
    caller: &Caller,
    amount: &str,
    txn_id: &str,
) -> Result<Idempotency, No> {
    let text = caller.signed_text(&[amount, txn_id]);
    let key_hash = door.engine.keys().blind(CREATE, &text)?;
    let fingerprint = hash_parts(&[amount.as_bytes(), txn_id.as_bytes()]);
    let (idempotency, merchant) = (Idempotency { key_hash, fingerprint }, caller.merchant().id);
    let earlier = idempotency.earlier_now(&door.engine, merchant).await;
    log_reused(merchant, &earlier);
    earlier?;
    Ok(idempotency)
}

/// Writes to the log that a create was refused since an earlier one divided its signed text otherwise: found
/// out before the commit, or only in it where both came at once.
pub(super) fn log_reused<T>(merchant: MerchantId, outcome: &Result<T, Failure>) {
    if matches!(outcome, Err(Failure::Refused(Refusal::IdempotencyReused))) {
        tracing::warn!(
            merchant = merchant.get(),
            "a create was refused: its signed text is that of an earlier one with another amount"
        );
    }
}

/// What a resend with this signature leaves behind, by which a cancel with the same one is known.
pub(super) fn mark_of_resend(door: &Door, signature: &str) -> Result<Idempotency, No> {
    let key_hash = door.engine.keys().blind(RESEND, signature)?;
    Ok(Idempotency { key_hash, fingerprint: key_hash })
}
