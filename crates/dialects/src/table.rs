//! The table of dialects: one row for each face that is served.

use axum::Router;
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::refusal::Fault;

use crate::door::Door;
use crate::telling::{Call, Telling};

/// A served dialect.
pub struct DialectRow {
    /// Its number in stored rows.
    pub dialect: Dialect,
    /// Its name, which is the key of the merchant file and of `kadi dev --json`.
    pub name: &'static str,
    /// The prefix of its paths, and whether they are served without it too.
    pub mount: Mount,
    /// Its calls.
    pub routes: fn() -> Router<Door>,
    /// Writes the call that tells a merchant's endpoint about an event.
    pub tell: fn(&Door, &Telling) -> Result<Call, Fault>,
    /// The delays before a refused call is tried again, in milliseconds.
    pub delays_ms: &'static [i64],
}

/// Where a dialect's calls are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mount {
    /// Under this path only.
    Under(&'static str),
    /// Under this path and at the root.
    UnderAndRoot(&'static str),
}

/// Every served dialect.
pub const DIALECTS: [DialectRow; 2] = [
    DialectRow {
        dialect: crate::native::settings::DIALECT,
        name: "native",
        mount: Mount::Under("/v1"),
        routes: crate::native::routes,
        tell: crate::native::callback::tell,
        delays_ms: &crate::native::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::paytm::settings::DIALECT,
        name: "paytm",
        mount: Mount::UnderAndRoot("/paytm"),
        routes: crate::paytm::routes,
        tell: crate::paytm::callback::tell,
        delays_ms: &crate::paytm::callback::DELAYS_MS,
    },
];

/// The row of a dialect.
pub fn dialect(number: Dialect) -> Option<&'static DialectRow> {
    const ROWS: &[DialectRow] = &DIALECTS;
    ROWS.iter().find(|row| row.dialect == number)
}

/// All calls of all dialects.
pub fn router(door: Door) -> Router {
    let mut router = Router::new();
    for row in &DIALECTS {
        router = match row.mount {
            Mount::Under(prefix) => router.nest(prefix, (row.routes)()),
            Mount::UnderAndRoot(prefix) => router.nest(prefix, (row.routes)()).merge((row.routes)()),
        };
    }
    router.with_state(door)
}
