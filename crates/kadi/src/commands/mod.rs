//! What each command of the command line does.

mod administer;
mod dev;
mod serve;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

/// Carries out the command line.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, String> {
    start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime does not start: {error}"))?;
    let folders = cli.folders;
    runtime.block_on(async move {
        match cli.command {
            Command::Dev(arguments) => dev::run(&folders, &arguments).await,
            Command::Serve(arguments) => serve::run(&folders, &arguments).await,
            Command::Merchant(command) => administer::merchant(&folders, command).await,
            Command::Template(command) => administer::template(&folders, command).await,
            Command::Verify(arguments) => verify::run(&folders, &arguments),
        }
    })
}

/// Tells why a command failed.
pub(crate) fn complain(failure: &str) {
    // Nothing can be done where standard error is closed.
    drop(writeln!(std::io::stderr(), "kadi: {failure}"));
}

/// Prints on standard output.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

/// Log lines go to standard error; `KADI_LOG` chooses what is told.
fn start_log() {
    let filter = EnvFilter::try_from_env("KADI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
