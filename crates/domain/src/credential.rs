//! Credentials: sealed keys and hashed bearer tokens, several of a kind live at once.

use crate::id::{CredentialId, MerchantId};
use crate::reference::Dialect;
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::secret::Secret;
use crate::time::Timestamp;

/// How a credential is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A bearer key: only its hash (the [`Credential::print`]) is kept.
    Hashed,
    /// A key that Kadi itself must use: sealed.
    Sealed(Vec<u8>),
}

/// A stored credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The row, which `kadi merchant revoke` names.
    pub id: CredentialId,
    /// Whose it is.
    pub merchant_id: MerchantId,
    /// The dialect that uses it.
    pub dialect: Dialect,
    /// The key of the merchant file, such as `key` or `api_key`.
    pub slot: String,
    /// The merchant's or vendor's name for it, or empty.
    pub label: String,
    /// SHA-256 of a bearer key; a keyed hash of merchant and value for a sealed one.
    pub print: [u8; 32],
    /// How it is kept.
    pub guard: Guard,
    /// When it came.
    pub created_at: Timestamp,
    /// When it stopped being accepted.
    pub revoked_at: Option<Timestamp>,
}

/// Finds a credential without opening it: within a dialect and slot a print stands once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialKey {
    /// The dialect that uses it.
    pub dialect: Dialect,
    /// The key of the merchant file.
    pub slot: String,
    /// See [`Credential::print`].
    pub print: [u8; 32],
}

impl Credential {
    /// The secret of a sealed credential; a fault for a hashed one.
    pub fn open(&self, keys: &Keyring) -> Result<Secret<String>, Fault> {
        match &self.guard {
            Guard::Sealed(blob) => keys.open_text(place(self.id), blob).map(Secret::new),
            Guard::Hashed => Err(Fault::new("a hashed credential cannot be opened")),
        }
    }

    /// Is it still accepted?
    pub const fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }

    /// The key to find it by.
    pub fn key(&self) -> CredentialKey {
        CredentialKey { dialect: self.dialect, slot: self.slot.clone(), print: self.print }
    }
}

/// Where a credential's sealed value stands.
pub const fn place(id: CredentialId) -> Place {
    Place { table: "credential", row: id.get(), column: "sealed" }
}

/// The print of a value that will be sealed: bound to its merchant and slot, so that equal keys of two
/// merchants differ.
pub fn sealed_print(
    keys: &Keyring,
    merchant_slug: &str,
    dialect: Dialect,
    slot: &str,
    label: &str,
    value: &str,
) -> Result<[u8; 32], Fault> {
    keys.blind("credential", &format!("{merchant_slug}|{}|{slot}|{label}|{value}", dialect.0))
}
