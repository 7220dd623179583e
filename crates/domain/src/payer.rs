//! Who may pay a link, and how a payer's browser shows that this was proven.

use crate::customer::Customer;
use crate::id::LinkId;
use crate::link::Link;
use crate::refusal::{Fault, Refusal, Stop};
use crate::seal::Keyring;
use crate::secret::Pii;
use crate::time::{MINUTE_MS, Timestamp};

/// How long a proof counts, in milliseconds.
pub const PROOF_MS: i64 = 30 * MINUTE_MS;
const PROOF_KIND: &str = "payer proof";

/// Refuses a payer of a link that only its customer's mobile may pay, unless `mobile` is that one. Whoever
/// hands a number in here has seen the proof that the payer holds it.
pub fn check_payer(
    link: &Link,
    customer: Option<&Customer>,
    mobile: Option<&Pii>,
    now: Timestamp,
    keys: &Keyring,
) -> Result<(), Stop> {
    if !link.terms.only_mobile {
        return Ok(());
    }
    link.check_payable(now)?;
    match mobile {
        Some(mobile) if is_mobile_of(customer, mobile, keys)? => Ok(()),
        Some(_) | None => Err(Refusal::MobileRequired.into()),
    }
}

/// Is this the customer's mobile number?
pub(crate) fn is_mobile_of(customer: Option<&Customer>, mobile: &Pii, keys: &Keyring) -> Result<bool, Fault> {
    let index = customer.and_then(|customer| customer.mobile_index.as_deref()).unwrap_or_default();
    keys.is_blind("mobile", mobile.expose(), index)
}

/// The proof that a browser keeps after its payer typed a link's code; it counts for this link alone.
pub fn proof(keys: &Keyring, link: LinkId, now: Timestamp) -> Result<String, Fault> {
    let until = now.plus_ms(PROOF_MS).ms();
    let tag = keys.blind(PROOF_KIND, &tagged(link, until))?;
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{until}-{hex}"))
}

/// Is this text a proof for the link, made by this installation and not too long ago?
pub fn is_proof(keys: &Keyring, link: LinkId, text: &str, now: Timestamp) -> Result<bool, Fault> {
    let Some((until, hex)) = text.split_once('-') else { return Ok(false) };
    let (Ok(until_ms), Some(tag)) = (until.parse::<i64>(), bytes_of(hex)) else { return Ok(false) };
    let is_plain = until == until_ms.to_string();
    Ok(is_plain && keys.is_blind(PROOF_KIND, &tagged(link, until_ms), &tag)? && now.ms() < until_ms)
}

fn tagged(link: LinkId, until_ms: i64) -> String {
    format!("{} {until_ms}", link.get())
}

/// 32 bytes from lower-case hexadecimal digits.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if hex.len() != 64 || !hex.bytes().all(is_hex) {
        return None;
    }
    let pair = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..hex.len()).step_by(2).map(pair).collect()
}
