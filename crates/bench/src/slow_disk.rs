//! On a slower disk: batches against one commit for each link, where every commit takes a millisecond more.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use crate::figure::Milli;
use crate::generator::Pace;
use crate::report::Report;
use crate::rounds::{Plan, Subject, measure};
use crate::server::{Kadi, Slowed, Store};
use crate::shop::{BENCH_MID, CREATE_PATH, Customer, MADE, Shop};

const DELAY: Duration = Duration::from_millis(1);
const CONNECTIONS: usize = 64;

/// Measures both in interleaved rounds.
pub(crate) fn slow_sync(
    program: &Path,
    folder: &Path,
    plan: Plan,
    report: &mut Report,
) -> Result<(), String> {
    let (batched, single) = (Store::sqlite(folder, "slow-batched"), Store::sqlite(folder, "slow-single"));
    let start = |store: &Store, batch_max| {
        store.import(program)?;
        store.start(program, Some(Slowed { batch_max, commit_delay: DELAY }))
    };
    let (batched, single) = (start(&batched, 256)?, start(&single, 1)?);
    let shop = RefCell::new(Shop::new(BENCH_MID)?);
    let subject = |name, kadi: &Kadi| Subject {
        store: kadi.store,
        name,
        address: kadi.server.address,
        process: kadi.server.id(),
        admin: Some(kadi.admin),
        connections: CONNECTIONS,
        pace: Pace::Closed,
        expected: MADE,
        requests: Box::new(|count| shop.borrow_mut().creates(CREATE_PATH, Customer::Nobody, count)),
    };
    let mut subjects = [
        subject("create, syncs 1 ms slower", &batched),
        subject("create, syncs 1 ms slower, one commit each", &single),
    ];
    let own = [std::process::id(), batched.server.id(), single.server.id()];
    let series = measure(plan, &mut subjects, &own)?;
    if let [batched, single] = series.as_slice() {
        report.set_milli("slow_sync_ratio", Milli::ratio(batched.row.rate, single.row.rate));
    }
    report.add(series);
    Ok(())
}
