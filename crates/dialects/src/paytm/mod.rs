//! Paytm's payment links.

pub(crate) mod callback;
mod caller;
mod codes;
mod envelope;
mod keys;
mod link;
mod namespaces;
pub mod settings;
pub mod sign;

use crate::calls::Calls;

/// All calls, without the dialect's prefix.
pub(crate) fn routes() -> Calls {
    Calls::new().post("/link/create", link::create::handle)
}
