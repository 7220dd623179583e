//! Seals: a recomputed chain and a cut tail do not fit the last seal, whose key is outside the database.

use kadi_domain::id::MerchantId;
use kadi_domain::ledger::{Seal, seal_parts};
use kadi_domain::seal::Keyring;
use kadi_domain::time::{DAY_MS, Timestamp};

use super::report::{SEAL_HEADS, SEAL_NUMBERS, SEAL_TAG, SEALED_COUNT, TIMES_PAST, Tally};
use crate::queries::seals::{SealedHead, WrongCount};
use crate::reader::Reader;
use crate::trouble::Trouble;

/// The most links whose count is wrong that are named.
const WRONG_MAX: i64 = 100;

/// Checks how much of every link counts as sealed: whoever removes a seal leaves links that know of it.
pub(super) fn check_counts(reader: &Reader, tally: &mut Tally) -> Result<(), Trouble> {
    let wrong = reader.wrong_sealed_counts(WRONG_MAX)?;
    tally.check(SEALED_COUNT, wrong.is_empty(), || {
        let of = |w: &WrongCount| {
            let WrongCount { link_id, sealed, entries, by_seals } = w;
            format!("link {}: {sealed} of {entries} entries sealed, {by_seals} by its seals", link_id.get())
        };
        wrong.iter().map(of).collect::<Vec<_>>().join("; ")
    });
    Ok(())
}

/// Checks the seals of a merchant against its books.
pub(super) fn check(
    reader: &Reader,
    keys: &Keyring,
    merchant: MerchantId,
    now: Timestamp,
    tally: &mut Tally,
) -> Result<(), Trouble> {
    let (mut number, mut previous): (i64, _) = (0, [0; 32]);
    while let Some((seal, heads)) = reader.seal_after(merchant, number)? {
        let name = || format!("seal {} of merchant {}", seal.number, merchant.get());
        tally.check(SEAL_NUMBERS, number.checked_add(1) == Some(seal.number), name);
        let tag = expected_tag(&seal, &previous, keys);
        tally.check(SEAL_TAG, tag == Some(seal.tag), name);
        tally.check(TIMES_PAST, seal.sealed_at <= now.plus_ms(DAY_MS), name);
        for head in &heads {
            check_head(&seal, head, tally);
        }
        (number, previous) = (seal.number, seal.tag);
    }
    Ok(())
}

fn expected_tag(seal: &Seal, previous: &[u8; 32], keys: &Keyring) -> Option<[u8; 32]> {
    let parts = seal_parts(seal.merchant_id, seal.number, seal.sealed_at, previous, &seal.heads);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    keys.tag_books_with(seal.key_id, &parts).ok()
}

fn check_head(seal: &Seal, head: &SealedHead, tally: &mut Tally) {
    let reaches = head.link.is_some_and(|(merchant, count, sealed)| {
        merchant == seal.merchant_id && count >= head.sealed.count && sealed >= head.sealed.count
    });
    tally.check(SEAL_HEADS, reaches && head.entry_hash == Some(head.sealed.head), || {
        format!(
            "link {} does not hold the {} entries that seal {} of merchant {} bound",
            head.link_id.get(),
            head.sealed.count,
            seal.number,
            seal.merchant_id.get()
        )
    });
}
