//! The whole run, one part after the other.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;

use crate::child::Server;
use crate::figure::Milli;
use crate::http::{Reads, of_kadi, of_the_baseline};
use crate::machine::{machine, resident_kib, revision};
use crate::report::Report;
use crate::rounds::{Plan, Series, measure};
use crate::server::Store;
use crate::shop::Shop;

/// What is measured, and with what.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `kadi` binary.
    pub program: PathBuf,
    /// A folder on the disk that is to be measured; everything stays in a temporary folder in it.
    pub folder: PathBuf,
    /// Fewer and shorter rounds, and nothing that takes minutes.
    pub quick: bool,
}

/// Measures. An error only where something could not be measured at all.
pub fn bench(options: &Options) -> Result<Report, String> {
    let folder = tempfile::Builder::new().prefix("kadi-bench-").tempdir_in(&options.folder);
    let folder = folder.map_err(|error| format!("{}: {error}", options.folder.display()))?;
    let mut report = Report::new();
    report.set("machine", machine());
    report.set("revision", revision());
    over_http(options, folder.path(), &mut report)?;
    Ok(report)
}

fn over_http(options: &Options, folder: &std::path::Path, report: &mut Report) -> Result<(), String> {
    let plan = if options.quick {
        Plan { rounds: 3, warm_up: Duration::from_millis(300), length: Duration::from_millis(1_000) }
    } else {
        Plan { rounds: 5, warm_up: Duration::from_millis(500), length: Duration::from_secs(3) }
    };
    let baseline = Server::start(&options.program, &["bench".to_owned(), "baseline".to_owned()], folder)?;
    let store = Store::sqlite(folder, "http");
    store.import(&options.program)?;
    let kadi = store.start(&options.program, None)?;
    report.set_milli("rss_mb", Milli::ratio(resident_kib(kadi.server.id())?, 1_024));
    let shop = RefCell::new(Shop::new()?);
    let reads = Reads::prepare(&kadi, &shop)?;
    let own = [std::process::id(), baseline.id(), kadi.server.id()];
    let mut subjects = of_the_baseline(&baseline, &shop);
    subjects.extend(of_kadi(&kadi, &shop, &reads));
    let series = measure(plan, &mut subjects, &own, &|text| drop(text.len()))?;
    let of = |name: &str, connections| {
        series.iter().find(|s: &&Series| s.name == name && s.connections == connections).map(|s| s.row)
    };
    if let (Some(echo), Some(create)) = (of("echo", 64), of("create", 64)) {
        report.set("echo_rps", echo.rate);
        report.set("create_rps", create.rate);
        report.set_milli("create_ratio", Milli::ratio(create.rate, echo.rate));
    }
    report.add(series);
    Ok(())
}
