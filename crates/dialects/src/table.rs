//! The table of dialects: one row for each face that is served.

use axum::Router;
use kadi_engine::command::Failure;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::{Link, TextKind};
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::ports::ReturnForm;

use crate::calls::Calls;
use crate::door::Door;
use crate::telling::{Call, Telling};

/// Writes the form that tells about a payment, for the address that the merchant gave.
pub type WriteForm = fn(&Door, &Telling, &str) -> Result<ReturnForm, Fault>;

/// A served dialect.
pub struct DialectRow {
    /// Its number in stored rows.
    pub dialect: Dialect,
    /// Its name, which is the key of the merchant file and of `kadi dev --json`.
    pub name: &'static str,
    /// The prefixes of its paths; an empty one is the root.
    pub prefixes: &'static [&'static str],
    /// What its ids of links have behind the code, in addresses of pages too.
    pub id_ending: &'static str,
    /// Its calls.
    pub routes: fn() -> Calls,
    /// Writes the call that tells a merchant's endpoint about an event.
    pub tell: fn(&Door, &Telling) -> Result<Call, Fault>,
    /// Writes the form that a payer's browser posts to the merchant after paying, where there is one.
    pub return_form: Option<WriteForm>,
    /// The delays before a refused call is tried again, in milliseconds.
    pub delays_ms: &'static [i64],
}

/// Every served dialect.
pub const DIALECTS: &[DialectRow] = &[
    DialectRow {
        dialect: crate::native::settings::DIALECT,
        name: "native",
        prefixes: &["/v1"],
        id_ending: "",
        routes: crate::native::routes,
        tell: crate::native::callback::tell,
        return_form: None,
        delays_ms: &crate::native::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::paytm::settings::DIALECT,
        name: "paytm",
        prefixes: &["/paytm", ""],
        id_ending: "",
        routes: crate::paytm::routes,
        tell: crate::paytm::callback::tell,
        return_form: Some(crate::paytm::callback::return_form),
        delays_ms: &crate::paytm::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::ntt::settings::DIALECT,
        name: "ntt",
        prefixes: &["/ntt", ""],
        id_ending: "",
        routes: crate::ntt::routes,
        tell: crate::ntt::callback::tell,
        return_form: Some(crate::ntt::callback::return_form),
        delays_ms: &crate::ntt::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::paysharp::settings::DIALECT,
        name: "paysharp",
        prefixes: &crate::paysharp::PREFIXES,
        id_ending: crate::paysharp::ID_ENDING,
        routes: crate::paysharp::routes,
        tell: crate::paysharp::callback::tell,
        return_form: None,
        delays_ms: &crate::paysharp::callback::DELAYS_MS,
    },
    DialectRow {
        dialect: crate::nimbbl::settings::DIALECT,
        name: "nimbbl",
        prefixes: &["/nimbbl", ""],
        id_ending: "",
        routes: crate::nimbbl::routes,
        tell: crate::nimbbl::callback::tell,
        return_form: Some(crate::nimbbl::callback::return_form),
        delays_ms: &crate::nimbbl::callback::DELAYS_MS,
    },
];

/// The row of a dialect.
pub fn dialect(number: Dialect) -> Option<&'static DialectRow> {
    DIALECTS.iter().find(|row| row.dialect == number)
}

/// The address of a link's page as the dialect that made the link gives it.
pub fn page_url(door: &Door, link: &Link) -> Result<String, Fault> {
    let ending = dialect(link.origin).map_or("", |row| row.id_ending);
    Ok(door.page_url_of(&(door.code(link.id)? + ending)))
}

/// What a payer's browser posts to the merchant after this payment: the address and the fields. None where
/// the merchant did not ask for it, or nothing final has happened.
pub async fn return_form(door: &Door, payment: PaymentId) -> Result<Option<ReturnForm>, Failure> {
    let Some(telling) = Telling::of_payment(door, payment).await? else { return Ok(None) };
    let Some(action) = telling.text(TextKind::BrowserCallbackUrl) else { return Ok(None) };
    let write = dialect(telling.link.origin).and_then(|row| row.return_form);
    let Some(write) = write else { return Ok(None) };
    let (door, action) = (door.clone(), action.to_owned());
    aside(move || write(&door, &telling, &action)).await.map(Some).map_err(Failure::Broken)
}

impl DialectRow {
    /// Writes the call of a delivery on a thread that may take its time.
    pub async fn write_call(&self, door: &Door, telling: Telling) -> Result<Call, Fault> {
        let (tell, door) = (self.tell, door.clone());
        aside(move || tell(&door, &telling)).await
    }
}

/// Does what may take long because a key has to be derived first.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Fault::new("a thread panicked"))?
}

/// All calls of all dialects.
pub fn router(door: Door) -> Router {
    let mut router = Router::new();
    for row in DIALECTS {
        for &prefix in row.prefixes {
            let routes = (row.routes)().into_router();
            router = if prefix.is_empty() { router.merge(routes) } else { router.nest(prefix, routes) };
        }
    }
    router.with_state(door)
}
