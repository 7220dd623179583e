//! In process: the raw store at several batch sizes, the engine without HTTP, one transaction alone, and what
//! a million links change.

use std::path::Path;

use crate::callers::ask;
use crate::figure::{Milli, median, micros, per_second};
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::shop::Order;
use crate::workbench::Workbench;

/// The first reference of the workbench: far from those that came by HTTP.
const WORKBENCH_FIRST: u64 = 1 << 36;
/// The first reference of callers of the engine: far from those of the workbench.
const CALLERS_FIRST: u64 = 1 << 40;
/// Transactions of which the middle one is told.
const TRANSACTIONS: usize = 1_000;
/// Links with which a store is filled before a large one is measured, in one commit each so many.
const FILLED_AT_ONCE: usize = 4_096;
/// Batches and links of a measurement in a large store.
const FLAT_BATCH: usize = 64;
const FLAT_WARM_UP: u64 = 20_000;
const FLAT_LINKS: u64 = 100_000;
/// The size that the names of two figures speak of.
const MILLION: u64 = 1_000_000;

/// Measures the store and the engine in one process, in interleaved rounds.
pub(crate) fn store_alone(
    program: &Path,
    store: &Store,
    plan: Plan,
    report: &mut Report,
) -> Result<(), String> {
    store.import(program)?;
    let batches = [(1, "store_single"), (64, "store_batch64"), (256, "store_batch256")];
    let callers = [(1, "engine_1"), (64, "engine_64"), (256, "engine_256")];
    let mut rates: Vec<Vec<u64>> = vec![Vec::new(); batches.len()];
    let (mut singles, mut bares) = (Vec::new(), Vec::new());
    let mut seen: Vec<Vec<crate::callers::Seen>> = vec![Vec::new(); callers.len()];
    let mut bench = Workbench::open(&store.location, Order::Rising, WORKBENCH_FIRST)?;
    bench.work_through(256, FLAT_WARM_UP)?;
    let mut next = CALLERS_FIRST;
    for _ in 0..plan.rounds {
        for ((batch, _), rates) in batches.iter().zip(&mut rates) {
            let work = bench.work_for(*batch, plan.length)?;
            rates.push(per_second(work.links, work.time));
        }
        for _ in 0..TRANSACTIONS {
            bares.push(micros(bench.bare_transaction()?));
            singles.push(micros(bench.work_through(1, 1)?.time));
        }
        for ((callers, _), seen) in callers.iter().zip(&mut seen) {
            seen.push(ask(&store.location, *callers, plan.length, next)?);
            next += 1 << 32;
        }
    }
    let figure = |key: &str| store.figure(key);
    for ((_, name), rates) in batches.iter().zip(&rates) {
        report.set(&figure(&format!("{name}_rps")), median(rates));
    }
    for ((_, name), seen) in callers.iter().zip(&seen) {
        let middle = |of: fn(&crate::callers::Seen) -> u64| median(&seen.iter().map(of).collect::<Vec<_>>());
        report.set(&figure(&format!("{name}_rps")), middle(|seen| seen.rate));
        report.set_milli(&figure(&format!("{name}_p50_ms")), middle(|seen| seen.latency.p50_us).map(Milli));
        report.set_milli(
            &figure(&format!("{name}_batch")),
            middle(|seen| seen.batch.map_or(0, |b| b.0)).map(Milli),
        );
    }
    let (single, bare) = (median(&singles).unwrap_or(0), median(&bares).unwrap_or(0));
    report.set_milli(&figure("store_single_p50_ms"), Some(Milli(single)));
    report.set_milli(&figure("bare_transaction_p50_ms"), Some(Milli(bare)));
    report.set_milli(&figure("store_single_ratio"), Milli::ratio(single, bare));
    report.compare_with_store(store);
    Ok(())
}

/// Compares a store with so many links with a nearly empty one, once for each order of references; the first
/// one is also opened by a server.
pub(crate) fn flatness(program: &Path, folder: &Path, links: u64, report: &mut Report) -> Result<(), String> {
    report.set("flat_links", links);
    for (order, name) in [(Order::Rising, "rising"), (Order::Random, "random")] {
        let store = Store::sqlite(folder, &format!("flat-{name}"));
        store.import(program)?;
        let mut bench = Workbench::open(&store.location, order, WORKBENCH_FIRST)?;
        bench.work_through(FLAT_BATCH, FLAT_WARM_UP)?;
        let empty = bench.work_through(FLAT_BATCH, FLAT_LINKS)?;
        let there = FLAT_WARM_UP + empty.links;
        bench.work_through(FILLED_AT_ONCE, links.saturating_sub(there))?;
        let full = bench.work_through(FLAT_BATCH, FLAT_LINKS)?;
        drop(bench);
        let (empty, full) = (per_second(empty.links, empty.time), per_second(full.links, full.time));
        let ratio = Milli::ratio(full, empty);
        report.set(&format!("flat_{name}_empty_rps"), empty);
        report.set(&format!("flat_{name}_full_rps"), full);
        report.set_milli(&format!("flat_ratio_{name}"), ratio);
        if links == MILLION {
            report.set_milli(&format!("flat_ratio_1m_{name}"), ratio);
        }
        let links_now = store.links()?;
        let bytes = store.bytes().and_then(|bytes| bytes.checked_div(links_now));
        report.set(&format!("flat_{name}_bytes_per_link"), bytes);
        let kadi = store.start(program, None)?;
        report.set_milli(&format!("open_to_ready_{name}_ms"), Some(Milli(micros(kadi.server.start))));
        kadi.server.stop()?;
        std::fs::remove_dir_all(&store.data).map_err(|error| format!("{}: {error}", store.data.display()))?;
    }
    Ok(())
}
