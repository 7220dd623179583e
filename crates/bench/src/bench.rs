//! The whole run, one part after the other.

use std::path::PathBuf;
use std::time::Duration;

use crate::disk::sync_cost;
use crate::figure::Milli;
use crate::http::over_http;
use crate::in_process::{flatness, store_alone};
use crate::machine::{file_system, machine, revision};
use crate::on_postgres::on_postgres;
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::slow_disk::slow_sync;

/// Links in the store whose rate is compared with that of an empty one.
pub const FLAT_LINKS: u64 = 1_000_000;

/// What is measured, and with what.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `kadi` binary.
    pub program: PathBuf,
    /// A folder on the disk that is to be measured; everything stays in a temporary folder in it.
    pub folder: PathBuf,
    /// Fewer and shorter rounds, and nothing that takes minutes.
    pub quick: bool,
    /// Links in a large store.
    pub links: u64,
    /// The address of an empty PostgreSQL database that may be filled, if that is to be measured too.
    pub postgres: Option<String>,
}

/// One part of the benchmark: it adds its figures to the report.
type Part<'p> = &'p dyn Fn(&mut Report) -> Result<(), String>;

/// Measures. An error only where something could not be measured at all.
pub fn bench(options: &Options) -> Result<Report, String> {
    let told = |error| format!("{}: {error}", options.folder.display());
    std::fs::create_dir_all(&options.folder).map_err(told)?;
    let folder = tempfile::Builder::new().prefix("kadi-bench-").tempdir_in(&options.folder).map_err(told)?;
    let (program, folder) = (options.program.as_path(), folder.path());
    let (plan, slow, alone) = plans(options.quick);
    let mut report = Report::new();
    report.set("machine", machine());
    report.set("file_system", file_system(folder));
    report.set("revision", revision());
    report.set("build", if cfg!(debug_assertions) { "debug" } else { "release" });
    report.set("rounds", plan.rounds);
    let sync = sync_cost(folder)?;
    report.set_milli("sync_p50_ms", Some(Milli(sync.p50_us)));
    report.set_milli("sync_p99_ms", Some(Milli(sync.p99_us)));
    let parts: [(&str, Part<'_>); 5] = [
        ("http", &|report| over_http(program, folder, &Store::sqlite(folder, "http"), plan, report)),
        ("store", &|report| store_alone(program, &Store::sqlite(folder, "alone"), alone, report)),
        ("slow disk", &|report| slow_sync(program, folder, slow, report)),
        ("large store", &|report| match options.quick {
            true => Ok(()),
            false => flatness(program, folder, options.links, report),
        }),
        ("PostgreSQL", &|report| match &options.postgres {
            None => Ok(()),
            Some(url) => on_postgres(program, folder, url, (plan, alone), report),
        }),
    ];
    for (name, part) in parts {
        // What was measured before is still worth printing.
        if let Err(fault) = part(&mut report) {
            report.fault(&format!("{name}: {fault}"));
        }
    }
    report.judge_quiet();
    if report.is_empty() { Err(report.faults()) } else { Ok(report) }
}

/// The rounds over HTTP, on the slower disk, and in process.
fn plans(quick: bool) -> (Plan, Plan, Plan) {
    let patience = Duration::from_secs(if quick { 5 } else { 20 });
    let plan = |rounds, warm_up_ms, length_ms| Plan {
        patience,
        rounds,
        warm_up: Duration::from_millis(warm_up_ms),
        length: Duration::from_millis(length_ms),
    };
    if quick {
        (plan(3, 300, 1_000), plan(2, 300, 1_500), plan(3, 0, 700))
    } else {
        (plan(5, 500, 3_000), plan(3, 500, 3_000), plan(5, 0, 2_000))
    }
}
