//! Ids: whole numbers below 2^53, a sequence number above ten bits that name the merchant's shard.

use crate::refusal::Fault;

/// How many low bits of an id name the shard.
pub const SHARD_BITS: u32 = 10;
/// The first number that is too large for an id: JavaScript is exact below it (some faces print ids as JSON
/// numbers).
pub const ID_LIMIT: i64 = 1 << 53;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id of a stored row or of an outside number that was looked up.
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number itself.
            pub const fn get(self) -> i64 {
                self.0
            }
        }
    )+};
}

ids! {
    /// A merchant's row.
    MerchantId,
    /// A credential's row.
    CredentialId,
    /// A link's row; its public code is computed from it.
    LinkId,
    /// An obligation's row.
    ObligationId,
    /// A customer's row, the only place of names and contacts.
    CustomerId,
    /// A payment's row: one attempt to pay a link.
    PaymentId,
    /// A refund's row, which is its key at the rail too.
    RefundId,
    /// A ledger transaction: all entries of one booking share it.
    BookingId,
    /// An event's row; events are listed in the order of their ids.
    EventId,
    /// A message's row.
    MessageId,
    /// A delivery's row: one event on its way to one endpoint.
    DeliveryId,
    /// A version of a template.
    TemplateId,
    /// A seal over a merchant's books.
    SealId,
}

/// The id with this sequence number in the merchant's shard; a fault where the sequence is used up.
pub fn compose(sequence: i64, merchant: MerchantId) -> Result<i64, Fault> {
    let id = sequence.checked_shl(SHARD_BITS).filter(|id| (0..ID_LIMIT).contains(id));
    let id = id.filter(|id| id >> SHARD_BITS == sequence);
    Ok(id.ok_or_else(|| Fault::new("the id sequence is used up"))? | shard(merchant))
}

/// The shard of a merchant: ten bits of a multiplicative hash, so that neighbours spread.
pub fn shard(merchant: MerchantId) -> i64 {
    let mixed = merchant.get().wrapping_mul(-7_046_029_254_386_353_131);
    (mixed >> 32) & ((1 << SHARD_BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_with_the_sequence_and_stay_exact_in_javascript() {
        let merchant = MerchantId::new(7);
        let first = compose(1, merchant).unwrap();
        let second = compose(2, merchant).unwrap();
        assert!(first < second);
        assert_eq!(first & 1023, second & 1023);
        let last = compose((1 << 43) - 1, merchant).unwrap();
        assert!(last < ID_LIMIT);
        assert!(compose(1 << 43, merchant).is_err());
        assert!(compose(1 << 60, merchant).is_err());
        assert!(compose(-1, merchant).is_err());
    }

    #[test]
    fn merchants_spread_over_the_shards() {
        let shards: std::collections::BTreeSet<i64> = (1..=2000).map(|m| shard(MerchantId::new(m))).collect();
        assert!(shards.len() > 700, "only {} shards in use", shards.len());
    }
}
