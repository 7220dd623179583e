//! `kadi bench`: measures this binary, whose other processes are this binary too.

use std::process::ExitCode;
use std::time::Duration;

use kadi_bench::{FLAT_LINKS, Options, baseline, bench};
use kadi_engine::pace::Pace;

use super::run::print;
use super::serve;
use crate::app::aside;
use crate::cli::{BenchArguments, BenchPart, Folders, PacedArguments};
use crate::config::Settings;

/// `kadi bench`: 0 whenever figures were printed, whatever they say.
pub(super) async fn run(folders: &Folders, arguments: &BenchArguments) -> Result<ExitCode, String> {
    match &arguments.part {
        None => measure(folders, arguments).await,
        Some(BenchPart::Baseline { page_bytes }) => {
            let ready = |address| print(&format!("baseline ready on http://{address}\n"));
            baseline::serve(*page_bytes, ready).await?;
            Ok(ExitCode::SUCCESS)
        }
        Some(BenchPart::Serve(paced)) => serve_at_pace(folders, paced).await,
    }
}

async fn measure(folders: &Folders, arguments: &BenchArguments) -> Result<ExitCode, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program's own file: {error}"))?;
    let options = Options {
        program,
        folder: folders.data.clone().unwrap_or_else(std::env::temp_dir),
        quick: arguments.quick,
        only: arguments.only.clone(),
        links: arguments.links.unwrap_or(FLAT_LINKS),
        postgres: folders.database_url.clone(),
    };
    let as_json = arguments.json;
    let report = aside(|| bench(&options))??;
    print(&if as_json { report.json() } else { report.text() })?;
    Ok(ExitCode::SUCCESS)
}

async fn serve_at_pace(folders: &Folders, paced: &PacedArguments) -> Result<ExitCode, String> {
    let mut settings = Settings::for_serve(folders, &paced.serve).map_err(|fault| fault.to_string())?;
    settings.pace =
        Pace { batch_max: paced.batch_max, commit_delay: Duration::from_micros(paced.commit_delay_us) };
    serve::run_with(&settings).await
}
