//! `kadi serve`: from settings to a server that runs until it is told to stop.

use std::future::Future;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::run::print;
use crate::addresses::Addresses;
use crate::admin::listen;
use crate::app::{App, keys, start_engine, told};
use crate::cli::{Folders, ServeArguments};
use crate::config::{KeysFile, Settings, default_public_url};
use crate::folder::take_folder;
use crate::http::serve;

/// `kadi serve`
pub(super) async fn run(folders: &Folders, arguments: &ServeArguments) -> Result<ExitCode, String> {
    run_with(&Settings::for_serve(folders, arguments).map_err(|fault| fault.to_string())?).await
}

/// Takes the data folder and serves.
pub(super) async fn run_with(settings: &Settings) -> Result<ExitCode, String> {
    let _folder = take_folder(&settings.places)?;
    let addresses = Addresses::take(settings)?;
    let keys = keys(&settings.places)?;
    start(settings, addresses, &keys, |_| async { Ok(String::new()) }).await
}

/// Serves until SIGTERM or SIGINT. `greet` is told of the running server and gives what is printed after the
/// ready line.
pub(super) async fn start<G: Future<Output = Result<String, String>>>(
    settings: &Settings,
    addresses: Addresses,
    keys: &KeysFile,
    greet: impl FnOnce(Started) -> G,
) -> Result<ExitCode, String> {
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| format!("no signals: {error}"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| format!("no signals: {error}"))?;
    let engine = start_engine(&settings.places, keys, Some(settings)).await?;
    let (address, restart) = (addresses.public()?, addresses.restart()?);
    let public_url = settings.public_url.clone().unwrap_or_else(|| default_public_url(address));
    let token = (!address.ip().is_loopback()).then(|| keys.sandbox_token().expose().clone());
    let (stop, stopping) = watch::channel(false);
    let app = App::new(engine.clone(), settings, &public_url, token, stopping.clone(), restart)?;
    if settings.places.embedded().is_some() {
        listen(&settings.places.data, engine.clone(), stopping.clone())
            .await
            .map_err(|error| format!("the administration socket: {error}"))?;
    }
    if engine.started_alone() {
        app.worker.give_back_all().await.map_err(|failure| told(&failure))?;
    }
    let [listener, admin] = addresses.listen()?;
    let worker = tokio::spawn(app.worker.clone().run(stopping.clone()));
    let server = tokio::spawn(serve(listener, app.router, stopping.clone()));
    let admin = tokio::spawn(serve(admin, app.admin_router, stopping));
    let greeting = greet(Started { door: app.door, base_url: public_url }).await?;
    let mode = if settings.sandbox { " (sandbox)" } else { "" };
    print(&format!("kadi ready on http://{address}{mode}\n{greeting}"))?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    // Everyone who listens has ended already where this fails.
    let _ = stop.send(true);
    for part in [server, admin, worker] {
        part.await.map_err(|error| format!("a part of the server failed: {error}"))?;
    }
    engine.stop();
    Ok(ExitCode::SUCCESS)
}

/// A server that has started.
pub(super) struct Started {
    /// The engine and the address for payers.
    pub(super) door: kadi_dialects::door::Door,
    /// Scheme and host.
    pub(super) base_url: String,
}
