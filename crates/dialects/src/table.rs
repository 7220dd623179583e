//! The table of dialects: one row for each face that is served.

use axum::Router;
use kadi_engine::command::Failure;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::ports::ReturnForm;

use crate::door::Door;
use crate::telling::{Call, Form, Telling};

/// Writes the form that tells about a payment.
pub type WriteForm = fn(&Door, &Telling) -> Result<Form, Fault>;

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
    /// Writes the form that a payer's browser posts to the merchant after paying, where there is one.
    pub return_form: Option<WriteForm>,
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
        return_form: None,
        delays_ms: &crate::native::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::paytm::settings::DIALECT,
        name: "paytm",
        mount: Mount::UnderAndRoot("/paytm"),
        routes: crate::paytm::routes,
        tell: crate::paytm::callback::tell,
        return_form: Some(crate::paytm::callback::fields),
        delays_ms: &crate::paytm::callback::DELAYS_MS,
    },
];

/// The row of a dialect.
pub fn dialect(number: Dialect) -> Option<&'static DialectRow> {
    const ROWS: &[DialectRow] = &DIALECTS;
    ROWS.iter().find(|row| row.dialect == number)
}

/// What a payer's browser posts to the merchant after this payment: the address and the fields. None where
/// the merchant did not ask for it, or nothing final has happened.
pub async fn return_form(door: &Door, payment: PaymentId) -> Result<Option<ReturnForm>, Failure> {
    let Some(telling) = Telling::of_payment(door, payment).await? else { return Ok(None) };
    let Some(action) = telling.text(TextKind::BrowserCallbackUrl) else { return Ok(None) };
    let write = dialect(telling.link.origin).and_then(|row| row.return_form);
    let Some(write) = write else { return Ok(None) };
    let fields = write(door, &telling).map_err(Failure::Broken)?;
    Ok(Some(ReturnForm { action: action.to_owned(), fields }))
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
