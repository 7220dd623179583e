//! `kadi dev`: a sandbox with a demo merchant and a first link.

use std::process::ExitCode;

use kadi_dialects::door::Door;
use kadi_dialects::native::settings::{ACCOUNT, API_KEY};
use kadi_documents::qr::qr_terminal;
use kadi_engine::commands::create_link::{CreateLink, Idempotency, Once};
use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::id::MerchantId;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::seal::{Keyring, hash_text};

use super::serve::{Started, start};
use crate::addresses::{Addresses, is_again};
use crate::admin::{import_merchants, import_templates};
use crate::app::{keys, told};
use crate::cli::{Demo, DemoLink, DevArguments, Folders, curl, human, json};
use crate::config::Settings;
use crate::files::{FreshMerchant, fresh_merchant};
use crate::folder::take_folder;

const MERCHANT: &str = "demo";
const MERCHANT_NAME: &str = "Demo Traders";
const TEMPLATE: &str = include_str!("demo_template.toml");
const FIRST_AMOUNT: Minor = Minor::new(49_900);

/// `kadi dev`
pub(super) async fn run(folders: &Folders, arguments: &DevArguments) -> Result<ExitCode, String> {
    let settings = Settings::for_dev(folders, arguments).map_err(|fault| fault.to_string())?;
    let folder = take_folder(&settings.places)?;
    let addresses = Addresses::take(&settings)?;
    match &folder {
        Some(folder) if arguments.fresh && !is_again() => folder.clear()?,
        None if arguments.fresh => {
            return Err(
                "--fresh deletes an embedded database only; drop and make the PostgreSQL one by hand".into(),
            );
        }
        Some(_) | None => {}
    }
    let keys = keys(&settings.places)?;
    let as_json = arguments.json;
    start(&settings, addresses, &keys, |started| async move { greet(&started, as_json).await }).await
}

async fn greet(started: &Started, as_json: bool) -> Result<String, String> {
    let door = &started.door;
    let fresh = demo_merchant(door.engine.keys()).map_err(|fault| fault.to_string())?;
    let imported = import_merchants(&door.engine, fresh.file.expose()).await?;
    let merchant = imported.first().ok_or("the demo merchant's file is empty")?.merchant_id;
    first_template(door, merchant).await?;
    let link = first_link(door, merchant).await?;
    let demo =
        Demo { base_url: started.base_url.clone(), merchant: fresh.id, accounts: fresh.accounts, link };
    if as_json {
        return Ok(format!("{}\n", json(&demo)));
    }
    let qr = qr_terminal(&demo.link.url).map_err(|error| error.to_string())?;
    let account = demo.accounts.iter().find(|account| account.dialect == ACCOUNT.key);
    let api_key = account.and_then(|account| account.credentials.iter().find(|(name, _)| *name == API_KEY));
    let api_key = api_key.map(|(_, value)| value.as_str()).ok_or("the demo merchant has no API key")?;
    Ok(human(&demo, &qr, &curl(&demo.base_url, api_key)))
}

/// The demo merchant. Its credentials follow from the installation's keys, so that every start prints the
/// same ones and none is kept in plain text.
fn demo_merchant(keys: &Keyring) -> Result<FreshMerchant, Fault> {
    let mut count = 0;
    fresh_merchant(MERCHANT, MERCHANT_NAME, || {
        count += 1;
        let seed = |part: u8| -> Result<[u8; 24], Fault> {
            let hash = keys.blind("demo credential", &format!("{count}.{part}"))?;
            hash.first_chunk().copied().ok_or_else(|| Fault::new("a hash is too short"))
        };
        Ok([seed(0)?, seed(1)?])
    })
}

/// Imports an invoice template, unless the merchant has templates already: a start changes none of them.
async fn first_template(door: &Door, merchant: MerchantId) -> Result<(), String> {
    let templates = door.engine.query(move |reader| reader.templates(merchant)).await;
    if templates.map_err(|failure| told(&failure))?.is_empty() {
        import_templates(&door.engine, TEMPLATE).await?;
    }
    Ok(())
}

/// The first link, made at the first start and found again at every other.
async fn first_link(door: &Door, merchant_id: MerchantId) -> Result<DemoLink, String> {
    let new = NewLink {
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(FIRST_AMOUNT),
        uses: Use::Many { max_payments: None },
        name: "Your first link".to_owned(),
        description: "Course fees".to_owned(),
        expiry: Expiry::Never,
        contact: Contact::default(),
        send: Vec::new(),
        lines: Vec::new(),
        texts: Vec::new(),
        references: Vec::new(),
        subscriptions: Vec::new(),
        extras: Extras::default(),
    };
    let print = hash_text("kadi dev: the first link");
    let idempotency = Some(Idempotency { key_hash: print, fingerprint: print });
    let made = door.engine.submit(CreateLink { merchant_id, new, idempotency }).await;
    let id = match made.map_err(|failure| told(&failure))? {
        Once::Done(made) => made.link.id,
        Once::Replayed(id) => id,
    };
    let told = |fault: Fault| fault.to_string();
    Ok(DemoLink { code: door.code(id).map_err(told)?, url: door.page_url(id).map_err(told)? })
}
