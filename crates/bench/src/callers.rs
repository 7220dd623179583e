//! The engine in process: callers that ask for links, each waiting for its answer, without HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kadi_domain::moment::Setup;
use kadi_engine::clock::KadiClock;
use kadi_engine::commands::create_link::CreateLink;
use kadi_engine::engine::Engine;
use kadi_store::{Location, Reader};

use crate::figure::{Milli, per_second};
use crate::latency::{Latency, Quantiles};
use crate::shop::Order;
use crate::workbench::{keys, new_link, told};

/// What callers saw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// Links a second.
    pub(crate) rate: u64,
    /// How long a caller waited.
    pub(crate) latency: Quantiles,
    /// Commands in a batch.
    pub(crate) batch: Option<Milli>,
}

/// Lets so many callers ask for links, one after the other each, until the time is over. `first` is the first
/// number of their references.
pub(crate) fn ask(location: &Location, callers: usize, length: Duration, first: u64) -> Result<Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("a runtime: {error}"))?;
    let merchants = Reader::open(location).and_then(|reader| reader.merchants()).map_err(told)?;
    let merchant_id = merchants.first().ok_or("the store has no merchant")?.id;
    let engine = Engine::start(location, Setup::sandbox(), keys()?).map_err(told)?;
    let next = Arc::new(AtomicU64::new(first));
    let before = engine.counts();
    let begun = Instant::now();
    let until = begun + length;
    let caller = |engine: Engine, next: Arc<AtomicU64>| async move {
        let (mut latency, clock) = (Latency::new()?, KadiClock::new(0));
        while Instant::now() < until {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let new = new_link(number, Order::Rising, &clock);
            let asked_at = Instant::now();
            let made = engine.submit(CreateLink { merchant_id, new, idempotency: None }).await;
            made.map_err(|failure| format!("a link was refused: {failure:?}"))?;
            latency.record(asked_at.elapsed());
        }
        Ok::<Latency, String>(latency)
    };
    let latency = runtime.block_on(async {
        let tasks: Vec<_> =
            (0..callers).map(|_| tokio::spawn(caller(engine.clone(), Arc::clone(&next)))).collect();
        let mut sum = Latency::new()?;
        for task in tasks {
            sum.add(&task.await.map_err(|error| format!("a caller: {error}"))??)?;
        }
        Ok::<Latency, String>(sum)
    });
    let (time, after) = (begun.elapsed(), engine.counts());
    engine.stop();
    let latency = latency?;
    Ok(Seen {
        rate: per_second(latency.count(), time),
        latency: latency.quantiles(),
        batch: Milli::ratio(after.commands - before.commands, after.batches - before.batches),
    })
}
