//! A job that panics is a job that failed: it is due again, and the moving clock goes on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use kadi_engine::commands::create_link::CreateLink;
use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::reference::Dialect;
use kadi_engine::domain::secret::Pii;
use kadi_engine::engine::Engine;
use kadi_engine::ports::{Answer, Channel, Outgoing, SendFault};
use kadi_outbound::http::{GuardPolicy, GuardedClient};
use kadi_outbound::rails::SandboxRail;
use kadi_store::Location;

use super::*;
use crate::admin::import_merchants;
use crate::config::KeysFile;

/// Breaks at its first message and takes the others.
struct Fragile(Arc<AtomicUsize>);

impl Channel for Fragile {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Sms
    }

    fn send(&self, _: Outgoing) -> Answer<'_, Result<String, SendFault>> {
        let before = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            assert!(before > 0, "the first message breaks the channel");
            Ok("taken".to_owned())
        })
    }
}

fn sent_by_sms() -> NewLink {
    NewLink {
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(Minor::new(49_900)),
        uses: Use::Once,
        name: "Tea".to_owned(),
        description: String::new(),
        expiry: Expiry::Never,
        contact: Contact { mobile: Some(Pii::new("9876501234")), ..Contact::default() },
        send: vec![ChannelKind::Sms],
        lines: Vec::new(),
        texts: Vec::new(),
        references: Vec::new(),
        subscriptions: Vec::new(),
        extras: Extras::default(),
    }
}

#[tokio::test]
async fn a_job_that_panics_is_due_again_and_holds_up_no_clock() {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeysFile::create(&folder.path().join("keys.toml")).unwrap().keyring().unwrap();
    let location = Location::sqlite(folder.path().join("kadi.db"));
    kadi_store::migrate(&location).unwrap();
    let engine = Engine::start(&location, Setup::sandbox(), keys).unwrap();
    let file = "[[merchant]]\nid = \"demo\"\nname = \"Demo\"\n";
    let merchant_id = import_merchants(&engine, file).await.unwrap()[0].merchant_id;
    let door = Door { engine: engine.clone(), public_url: Arc::from("https://pay.example") };
    let tried = Arc::new(AtomicUsize::new(0));
    let channels: Vec<Box<dyn Channel>> = vec![Box::new(Fragile(Arc::clone(&tried)))];
    let http = GuardedClient::new(GuardPolicy::default()).unwrap();
    let rail = SandboxRail::new(engine.clone());
    let worker = Worker::new(door, rail, channels, http, Box::new(|| {}));
    engine.submit(CreateLink { merchant_id, new: sent_by_sms(), idempotency: None }).await.unwrap();

    let began = Instant::now();
    worker.advance(1_000).await.unwrap();
    assert_eq!(tried.load(Ordering::SeqCst), 1);
    worker.advance(FAILED_AGAIN_MS).await.unwrap();
    assert_eq!(tried.load(Ordering::SeqCst), 2, "it was done again a minute later");
    assert!(began.elapsed() < PATIENCE, "nobody waited for its lease");
    engine.stop();
}
