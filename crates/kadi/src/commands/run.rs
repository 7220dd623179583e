//! From the command line to the command, with its log and its output.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{administer, backup, bench, dev, serve, verify};
use crate::app::aside;
use crate::cli::{Cli, Command};

/// What is logged unless `KADI_LOG` says otherwise; the migration library's own words are about nothing.
const LOGGED: &str = "info,refinery_core=warn";

/// SIGXFSZ on Linux and the BSDs. Left to itself it ends the process in the middle of its work.
const FILE_TOO_LARGE: i32 = 25;

/// Carries out the command line.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, String> {
    start_log()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime does not start: {error}"))?;
    let folders = cli.folders;
    runtime.block_on(async move {
        // A write beyond a limit on the size of files then fails like one on a full disk.
        let _caught =
            signal(SignalKind::from_raw(FILE_TOO_LARGE)).map_err(|error| format!("no signals: {error}"))?;
        match cli.command {
            Command::Dev(arguments) => dev::run(&folders, &arguments).await,
            Command::Serve(arguments) => serve::run(&folders, &arguments).await,
            Command::Merchant(command) => administer::merchant(&folders, command).await,
            Command::Template(command) => administer::template(&folders, command).await,
            Command::Verify(arguments) => aside(|| verify::run(&folders, &arguments))?,
            Command::Backup { file } => backup::backup(&folders, &file),
            Command::Restore { file } => backup::restore(&folders, &file),
            Command::Bench(arguments) => bench::run(&folders, &arguments).await,
        }
    })
}

/// Tells why a command failed.
pub(crate) fn complain(failure: &str) {
    // Nothing can be done where standard error is closed.
    drop(writeln!(std::io::stderr(), "kadi: {failure}"));
}

/// Prints on standard output.
pub(super) fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

/// Log lines go to standard error; `KADI_LOG` chooses what is told (such as `warn`, or
/// `info,kadi_store=debug`).
fn start_log() -> Result<(), String> {
    let wish = std::env::var("KADI_LOG").unwrap_or_else(|_| LOGGED.to_owned());
    let filter = EnvFilter::try_new(&wish).map_err(|error| format!("KADI_LOG: {error}"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(|| Log).init();
    Ok(())
}

/// Standard error as the log's end. A log line that cannot be written is lost, and nothing else: whoever logs
/// must not fail because the disk is full or the reader of a pipe has gone.
struct Log;

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        Ok(std::io::stderr().write(line).unwrap_or(line.len()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        drop(std::io::stderr().flush());
        Ok(())
    }
}
