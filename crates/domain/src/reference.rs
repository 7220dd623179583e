//! What merchants call their own things: one namespace for each dialect and kind, unique for ever.

use crate::id::{LinkId, MerchantId, RefundId};

/// A face of Kadi (a row of the table of dialects). The domain only tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dialect(pub u8);

impl Dialect {
    /// Kadi's own API.
    pub const NATIVE: Self = Self(0);
}

/// The kind of a reference within a dialect, so that no dialect's references collide with another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Namespace {
    /// Whose reference it is.
    pub dialect: Dialect,
    /// Which of that dialect's references; numbered by the dialect, never changed.
    pub kind: u8,
}

/// A merchant's reference to look up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferenceKey {
    /// The merchant whose reference it is.
    pub merchant_id: MerchantId,
    /// The dialect's namespace.
    pub namespace: Namespace,
    /// The text exactly as the merchant sent it.
    pub value: String,
}

/// A request to be carried out once: the merchant's key, hashed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdempotencyKey {
    /// The merchant who sent it.
    pub merchant_id: MerchantId,
    /// SHA-256 of the key.
    pub key_hash: [u8; 32],
}

/// What was done under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// SHA-256 over method, path and body of the request.
    pub fingerprint: [u8; 32],
    /// The link it made or changed.
    pub link_id: LinkId,
    /// The refund it made on that link, if it made one.
    pub refund_id: Option<RefundId>,
}
