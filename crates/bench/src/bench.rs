//! The whole run, one part after the other.

use std::path::PathBuf;
use std::time::Duration;

use crate::disk::sync_cost;
use crate::fairness::{Pulse, fairness};
use crate::figure::Milli;
use crate::http::over_http;
use crate::in_process::store_alone;
use crate::large::large_store;
use crate::machine::{file_system, machine, revision};
use crate::on_postgres::on_postgres;
use crate::payments::{payments, verified};
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::slow_disk::slow_sync;

/// Links in the store whose rate is compared with that of an empty one.
pub const FLAT_LINKS: u64 = 1_000_000;

/// The names of the parts of a run, in their order.
pub const PARTS: [&str; 7] =
    ["http", "store", "payments", "slow-disk", "large-store", "fairness", "postgres"];

/// What is measured, and with what.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `kadi` binary.
    pub program: PathBuf,
    /// A folder on the disk that is to be measured; everything stays in a temporary folder in it.
    pub folder: PathBuf,
    /// Fewer and shorter rounds, and nothing that takes minutes.
    pub quick: bool,
    /// Only this one of [`PARTS`].
    pub only: Option<String>,
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
    let parts: [Part<'_>; 7] = [
        &|report| over_http(program, folder, &Store::sqlite(folder, "http"), plan, report),
        &|report| store_alone(program, &Store::sqlite(folder, "alone"), alone, report),
        &|report| {
            // In a run of all parts the database of this address belongs to the last one.
            match options.postgres.as_deref().filter(|_| options.only.is_some()) {
                Some(url) => payments(program, &Store::postgres(folder, url)?, alone, report),
                None => {
                    payments(program, &Store::sqlite(folder, "payments"), alone, report)?;
                    verified(program, &Store::sqlite(folder, "verified"), report)
                }
            }
        },
        &|report| slow_sync(program, folder, slow, report),
        &|report| match options.quick {
            true => Ok(()),
            false => {
                let postgres = options.postgres.as_deref().filter(|_| options.only.is_some());
                large_store(program, folder, postgres, options.links, report)
            }
        },
        &|report| fairness(program, folder, plan, pulse(options.quick), report),
        &|report| match &options.postgres {
            None => Ok(()),
            Some(url) => on_postgres(program, folder, url, (plan, alone), report),
        },
    ];
    for (name, part) in PARTS.into_iter().zip(parts) {
        if options.only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        // What was measured before is still worth printing.
        if let Err(fault) = part(&mut report) {
            report.fault(&format!("{name}: {fault}"));
        }
    }
    report.judge_quiet();
    if report.has_failed() { Err(report.faults()) } else { Ok(report) }
}

/// How the small merchant is watched: a thousand links at least, for a p99 that means something.
fn pulse(quick: bool) -> Pulse {
    let (per_second, length) = if quick { (250, 4) } else { (100, 15) };
    Pulse { per_second, length: Duration::from_secs(length) }
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
