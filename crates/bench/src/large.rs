//! What a million links change: creates and reads of a nearly empty store and of a large one, in process.

use std::path::Path;
use std::time::Instant;

use crate::figure::{Milli, micros, per_second};
use crate::in_process::WORKBENCH_FIRST;
use crate::report::Report;
use crate::server::Store;
use crate::shop::Order;
use crate::workbench::Workbench;

/// Links with which a store is filled before it is measured again, in one commit each so many.
const FILLED_AT_ONCE: usize = 4_096;
/// Batches and links of a measurement.
const BATCH: usize = 64;
const WARM_UP: u64 = 20_000;
const LINKS: u64 = 100_000;
/// Links that are looked up, anywhere in the store.
const READS: u64 = 50_000;
/// The size that the names of two figures speak of.
const MILLION: u64 = 1_000_000;

/// Creates and reads a second.
struct Rates {
    creates: u64,
    reads: u64,
}

/// Compares stores with so many links with nearly empty ones, once for each order of references: on SQLite,
/// or on the PostgreSQL database of this address, which must be empty and is filled, in rising order.
pub(crate) fn large_store(
    program: &Path,
    folder: &Path,
    postgres: Option<&str>,
    links: u64,
    report: &mut Report,
) -> Result<(), String> {
    report.set("flat_links", links);
    if let Some(url) = postgres {
        let store = Store::postgres(folder, url)?;
        return compare(program, &store, (Order::Rising, "rising"), links, report);
    }
    for order in [(Order::Rising, "rising"), (Order::Random, "random")] {
        let store = Store::sqlite(folder, &format!("flat-{}", order.1));
        compare(program, &store, order, links, report)?;
        std::fs::remove_dir_all(&store.data).map_err(|error| format!("{}: {error}", store.data.display()))?;
    }
    Ok(())
}

fn compare(
    program: &Path,
    store: &Store,
    (order, name): (Order, &str),
    links: u64,
    report: &mut Report,
) -> Result<(), String> {
    store.import(program)?;
    let mut bench = Workbench::open(&store.location, order, WORKBENCH_FIRST)?;
    bench.work_through(BATCH, WARM_UP)?;
    let empty = rates(&mut bench)?;
    bench.work_through(FILLED_AT_ONCE, links.saturating_sub(WARM_UP + LINKS))?;
    let full = rates(&mut bench)?;
    drop(bench);
    let key = |what: &str| store.figure(&format!("flat_{name}_{what}"));
    report.set(&key("empty_rps"), empty.creates);
    report.set(&key("full_rps"), full.creates);
    report.set(&key("empty_reads_rps"), empty.reads);
    report.set(&key("full_reads_rps"), full.reads);
    let ratio = Milli::ratio(full.creates, empty.creates);
    report.set_milli(&store.figure(&format!("flat_ratio_{name}")), ratio);
    if links == MILLION {
        report.set_milli(&store.figure(&format!("flat_ratio_1m_{name}")), ratio);
    }
    report
        .set(&key("bytes_per_link"), store.bytes().and_then(|bytes| bytes.checked_div(store.links().ok()?)));
    let kadi = store.start(program, None)?;
    let ready = Some(Milli(micros(kadi.server.start)));
    report.set_milli(&store.figure(&format!("open_to_ready_{name}_ms")), ready);
    kadi.server.stop()
}

fn rates(bench: &mut Workbench) -> Result<Rates, String> {
    let work = bench.work_through(BATCH, LINKS)?;
    let begun = Instant::now();
    bench.look_up(READS)?;
    Ok(Rates { creates: per_second(work.links, work.time), reads: per_second(READS, begun.elapsed()) })
}
