//! In process: the raw store at several batch sizes, the engine without HTTP, and one transaction alone.

use std::path::Path;

use crate::callers::ask;
use crate::figure::{Milli, median, micros, per_second};
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::shop::Order;
use crate::workbench::Workbench;

/// The first reference of the workbench: far from those that came by HTTP.
pub(crate) const WORKBENCH_FIRST: u64 = 1 << 36;
/// The first reference of callers of the engine: far from those of the workbench.
const CALLERS_FIRST: u64 = 1 << 40;
/// Transactions of which the middle one is told.
const TRANSACTIONS: usize = 1_000;
/// Links that a new store gets before it is measured.
const WARM_UP: u64 = 20_000;

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
    bench.work_through(256, WARM_UP)?;
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
