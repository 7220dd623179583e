//! A merchant's stored secrets of this dialect.

use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::id::MerchantId;

use super::settings::DIALECT;

/// The merchant's own live secrets of a slot, in the order in which they came.
pub(super) fn live<'a>(
    credentials: &'a [Credential],
    merchant: MerchantId,
    slot: &'static str,
) -> impl Iterator<Item = &'a Credential> {
    let is_it = move |c: &&Credential| {
        c.merchant_id == merchant && c.dialect == DIALECT && c.slot == slot && c.is_live()
    };
    credentials.iter().filter(is_it)
}
