//! The wiring: settings become a running engine, worker and router.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use kadi_dialects::door::Door;
use kadi_dialects::native::Problem;
use kadi_dialects::table;
use kadi_engine::command::Failure;
use kadi_engine::commands::key_prints::{MatchKeys, PRINTS_VALUE};
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::engine::Engine;
use kadi_engine::pace::Pace;
use kadi_engine::ports::{Answer, Channel, ReturnForm, ReturnForms};
use kadi_outbound::channels::mail::MailChannel;
use kadi_outbound::channels::sandbox::SandboxChannel;
use kadi_outbound::channels::smtp::SmtpChannel;
use kadi_outbound::http::{GuardPolicy, GuardedClient};
use kadi_outbound::rails::SandboxRail;
use kadi_store::{Location, Reader, Trouble};
use kadi_web::routes::Pages;
use percent_encoding::percent_decode_str;
use tokio::sync::watch;

use crate::addresses::Restart;
use crate::config::{KeysFile, Places, Settings};
use crate::worker::Worker;
use crate::{health, sandbox};

/// Starts the engine on a database whose folder the caller holds, and refuses other keys than the database
/// knows.
pub(crate) async fn start_engine(
    places: &Places,
    keys: &KeysFile,
    settings: Option<&Settings>,
) -> Result<Engine, String> {
    let ring = keys.keyring().map_err(|fault| fault.to_string())?;
    let mut setup = settings.map_or_else(kadi_engine::domain::moment::Setup::sandbox, Settings::setup);
    if let Some(settings) = settings {
        setup.risk = settings.risk.blind(&ring).map_err(|fault| fault.to_string())?;
    }
    let pace = settings.map_or_else(Pace::default, |settings| settings.pace);
    let engine = Engine::start_at_pace(&places.database, setup, ring, pace)
        .map_err(|trouble| format!("the database: {trouble}"))?;
    let matched = engine.submit(MatchKeys).await;
    match matched {
        Ok(Ok(())) => Ok(engine),
        Ok(Err(key)) => {
            engine.stop();
            Err(format!("the keys file does not fit the database: key {key} is missing or another one"))
        }
        Err(failure) => {
            engine.stop();
            Err(told(&failure))
        }
    }
}

/// Reads the keys, or makes them for a new database; a used database without its keys is a mistake.
pub(crate) fn keys(places: &Places) -> Result<KeysFile, String> {
    let path = &places.keys;
    if path.exists() {
        return KeysFile::read(path).map_err(|fault| fault.to_string());
    }
    let is_used = match places.embedded() {
        Some(file) => file.exists(),
        None => {
            aside(|| knows_keys(&places.database))?.map_err(|trouble| format!("the database: {trouble}"))?
        }
    };
    if is_used {
        return Err(format!("{}: the keys of this database are missing", path.display()));
    }
    KeysFile::create(path).map_err(|fault| fault.to_string())
}

/// Has a server with keys ever used the database?
fn knows_keys(database: &Location) -> Result<bool, Trouble> {
    kadi_store::migrate(database)?;
    Ok(Reader::open(database)?.value(PRINTS_VALUE)?.is_some())
}

/// Does something that waits for a database on a thread of its own, which no runtime works on.
pub(crate) fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    let done = std::thread::scope(|scope| scope.spawn(work).join());
    done.map_err(|_| "a thread panicked".to_owned())
}

/// A failure in words for a person at a terminal.
pub(crate) fn told(failure: &Failure) -> String {
    match failure {
        Failure::Refused(refusal) => format!("refused: {refusal:?}"),
        Failure::Busy => "too much is waiting; nothing was done".to_owned(),
        Failure::Unavailable => "the database does not answer; nothing was done".to_owned(),
        Failure::Unknown => "it may or may not have been done; look before trying again".to_owned(),
        Failure::Broken(fault) => format!("broken: {fault}"),
    }
}

/// A running Kadi, apart from its listeners.
pub(crate) struct App {
    pub(crate) door: Door,
    pub(crate) worker: Arc<Worker>,
    pub(crate) router: Router,
    pub(crate) admin_router: Router,
}

impl App {
    /// Puts everything together. `public_url` is known once the listener is bound; `stopping` becomes true
    /// when the server stops; `restart` is for the stories of the sandbox.
    pub(crate) fn new(
        engine: Engine,
        settings: &Settings,
        public_url: &str,
        token: Option<String>,
        stopping: watch::Receiver<bool>,
        restart: Restart,
    ) -> Result<Self, String> {
        let door = Door { engine: engine.clone(), public_url: Arc::from(public_url) };
        let rail = SandboxRail::new(engine.clone());
        let policy = GuardPolicy { allow_loopback: settings.sandbox, ..GuardPolicy::default() };
        let http = GuardedClient::new(policy).map_err(|fault| fault.to_string())?;
        let worker = Worker::new(door.clone(), rail.clone(), channels(settings)?, http, restart);
        let return_forms = Arc::new(Forms(door.clone()));
        let pages = Pages::new(engine.clone(), Arc::new(rail), return_forms, stopping, public_url);
        // Outside the sandbox its side doors are no addresses at all.
        let side_doors =
            if settings.sandbox { sandbox::router(Arc::clone(&worker), token) } else { Router::new() };
        let router = table::router(door.clone())
            .merge(kadi_web::routes::router(pages))
            .merge(health::public(engine.clone()))
            .merge(side_doors)
            .fallback(unknown_address)
            .method_not_allowed_fallback(unknown_method)
            .layer(from_fn(refuse_unreadable_paths));
        Ok(Self { door, worker, router, admin_router: health::administration(engine) })
    }
}

/// The dialects' forms, as the pages ask for them.
struct Forms(Door);

impl ReturnForms for Forms {
    fn after(&self, payment: PaymentId) -> Answer<'_, Result<Option<ReturnForm>, Failure>> {
        Box::pin(table::return_form(&self.0, payment))
    }
}

/// Every channel of the configuration; in the sandbox the others count as set up too.
fn channels(settings: &Settings) -> Result<Vec<Box<dyn Channel>>, String> {
    let mut channels: Vec<Box<dyn Channel>> = Vec::new();
    match settings.smtp.clone() {
        Some(smtp) => {
            let channel = SmtpChannel::new(smtp).map_err(|fault| fault.to_string())?;
            channels.push(Box::new(MailChannel(channel)));
        }
        None if settings.sandbox => channels.push(Box::new(SandboxChannel(ChannelKind::Email))),
        None => {}
    }
    if settings.sandbox {
        channels.push(Box::new(SandboxChannel(ChannelKind::Sms)));
        channels.push(Box::new(SandboxChannel(ChannelKind::WhatsApp)));
    }
    Ok(channels)
}

async fn unknown_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The address has no such method")
}

/// A path that is not UTF-8 behind its percent signs names nothing.
async fn refuse_unreadable_paths(request: Request, next: Next) -> Response {
    if percent_decode_str(request.uri().path()).decode_utf8().is_err() {
        return unknown_address().await.into_response();
    }
    next.run(request).await
}

async fn unknown_address() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address")
}

#[cfg(test)]
mod tests;
