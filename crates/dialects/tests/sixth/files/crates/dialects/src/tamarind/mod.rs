//! Tamarind's pods: links that are hung up, looked at and shaken off, by calls that are signed one by one.

mod answer;
mod basket;
pub(crate) mod callback;
mod caller;
mod codes;
mod hang;
mod look;
mod money;
mod namespaces;
mod pod;
pub mod settings;
mod shake;
mod sign;
mod state;

use crate::calls::Calls;

/// Where the calls are served.
pub(crate) const PREFIXES: [&str; 1] = ["/tamarind"];

/// All calls, without a prefix.
pub(crate) fn routes() -> Calls {
    Calls::new()
        .post("/pods", hang::handle)
        .get("/pods/{id}", look::handle)
        .post("/pods/{id}/shake", shake::handle)
        .other_methods(answer::method_not_allowed)
}
