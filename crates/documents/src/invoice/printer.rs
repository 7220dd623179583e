//! Makes the files of invoices beside the threads that answer, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use kadi_engine::command::Failure;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::engine::Engine;
use kadi_engine::faces::LinkPage;
use tokio::sync::Semaphore;

use super::of_link::{Asked, Unwritten, file, has_invoice};

/// How many files are made at the same time: each takes a processor for some milliseconds.
const FILES_MAX: usize = 2;
/// For how long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

static TURNS: Semaphore = Semaphore::const_new(FILES_MAX);

/// The invoice of a link as a PDF file; none where it has no invoice. `customer` is who is asked to pay,
/// where the reader may know; `url` is the address of the link's page.
///
/// # Errors
/// [`Failure::Busy`] where too many are asked for at once, [`Failure::Broken`] where it cannot be written.
pub async fn link_invoice(
    engine: &Engine,
    page: Arc<LinkPage>,
    payee: Arc<Merchant>,
    customer: Option<Contact>,
    url: String,
) -> Result<Option<Vec<u8>>, Failure> {
    if !has_invoice(&page) {
        return Ok(None);
    }
    let filled = page.invoice.as_ref().map(|sealed| sealed.open(engine.keys())).transpose();
    let (filled, now) = (filled.map_err(Failure::Broken)?, engine.now());
    let turn = tokio::time::timeout(PATIENCE, TURNS.acquire()).await;
    let turn = turn.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Unavailable)?;
    let work = move || {
        // Kept until the file is made, even if nobody waits for it any more.
        let _turn = turn;
        let (filled, contact) = (filled.as_ref(), customer.as_ref());
        file(&Asked { page: &page, payee: &payee, filled, contact, url: &url, now })
    };
    let made = tokio::task::spawn_blocking(work).await;
    match made {
        Ok(Ok(file)) => Ok(Some(file)),
        Ok(Err(Unwritten::Link(fault))) => Err(Failure::Broken(fault)),
        Ok(Err(Unwritten::File(error))) => Err(Failure::Broken(Fault::new(error.to_string()))),
        Err(error) => Err(Failure::Broken(Fault::new(format!("an invoice was not written: {error}")))),
    }
}

/// The name under which a browser keeps the file of an invoice with this number: letters and digits of it.
pub fn file_name(number: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let number: String = number.chars().take(64).map(plain).collect();
    format!("invoice-{number}.pdf")
}
