//! Payers: each reserves, and captures when the rail has said yes. A crowd on one link, or each on its own.

use std::ops::Range;
use std::time::{Duration, Instant};

use kadi_domain::amount::Minor;
use kadi_domain::attempt::Attempt;
use kadi_domain::create::{NewLink, Use};
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::link::LinkKind;
use kadi_domain::mode::Mode;
use kadi_domain::moment::Setup;
use kadi_domain::rail::{Report, Taken};
use kadi_engine::clock::KadiClock;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::start_payment::StartPayment;
use kadi_engine::engine::Engine;
use kadi_store::Location;
use tokio::task::JoinSet;

use crate::figure::per_second;
use crate::shop::Order;
use crate::workbench::{keys, new_link, told};

const AMOUNT: Minor = Minor::new(1_000);

/// Makes a link that any number of payers may pay.
pub(crate) fn popular_link(
    location: &Location,
    merchant_id: MerchantId,
    number: u64,
) -> Result<LinkId, String> {
    with_engine(location, async |engine| {
        let plain = new_link(number, Order::Rising, &KadiClock::new(0));
        let uses = Use::Many { max_payments: None };
        let new = NewLink { kind: LinkKind::Fixed, amount: Some(AMOUNT), uses, ..plain };
        create(&engine, merchant_id, new).await
    })
}

/// Lets so many payers pay again and again until the time is over; payments a second.
pub(crate) fn pay(
    location: &Location,
    merchant_id: MerchantId,
    link_id: LinkId,
    payers: usize,
    length: Duration,
) -> Result<u64, String> {
    with_engine(location, async |engine| {
        let begun = Instant::now();
        let until = begun + length;
        let payer = |engine: Engine| async move {
            let mut count = 0;
            while Instant::now() < until {
                pay_once(&engine, merchant_id, link_id).await?;
                count += 1;
            }
            Ok::<u64, String>(count)
        };
        let tasks: Vec<_> = (0..payers).map(|_| tokio::spawn(payer(engine.clone()))).collect();
        let mut count = 0;
        for task in tasks {
            count += task.await.map_err(|error| format!("a payer: {error}"))??;
        }
        Ok(per_second(count, begun.elapsed()))
    })
}

/// Makes the links with these numbers, so many at a time.
pub(crate) fn make(
    location: &Location,
    merchant_id: MerchantId,
    numbers: Range<u64>,
    callers: usize,
) -> Result<Vec<LinkId>, String> {
    with_engine(location, async |engine| {
        let make = |engine: Engine, number| async move {
            let new = new_link(number, Order::Rising, &KadiClock::new(0));
            create(&engine, merchant_id, new).await
        };
        at_once(numbers.map(|number| (engine.clone(), number)), callers, make).await
    })
}

/// Pays each of these links once, so many at a time; payments a second.
pub(crate) fn pay_each(
    location: &Location,
    merchant_id: MerchantId,
    links: Vec<LinkId>,
    payers: usize,
) -> Result<u64, String> {
    with_engine(location, async |engine| {
        let begun = Instant::now();
        let pay = |engine: Engine, link_id| async move { pay_once(&engine, merchant_id, link_id).await };
        let paid = at_once(links.into_iter().map(|link| (engine.clone(), link)), payers, pay).await?;
        Ok(per_second(u64::try_from(paid.len()).unwrap_or(0), begun.elapsed()))
    })
}

/// Does the work of each item, so many at a time.
async fn at_once<I, T, W>(
    items: impl Iterator<Item = (Engine, I)>,
    workers: usize,
    work: impl Fn(Engine, I) -> W,
) -> Result<Vec<T>, String>
where
    T: Send + 'static,
    W: Future<Output = Result<T, String>> + Send + 'static,
{
    let (mut tasks, mut done) = (JoinSet::new(), Vec::new());
    for (engine, item) in items {
        if tasks.len() >= workers
            && let Some(end) = tasks.join_next().await
        {
            done.push(end.map_err(|error| format!("a worker: {error}"))??);
        }
        tasks.spawn(work(engine, item));
    }
    while let Some(end) = tasks.join_next().await {
        done.push(end.map_err(|error| format!("a worker: {error}"))??);
    }
    Ok(done)
}

async fn create(engine: &Engine, merchant_id: MerchantId, new: NewLink) -> Result<LinkId, String> {
    match engine.submit(CreateLink { merchant_id, new, idempotency: None }).await.map_err(said)? {
        Once::Done(made) => Ok(made.link.id),
        Once::Replayed(link) => Ok(link),
    }
}

async fn pay_once(engine: &Engine, merchant_id: MerchantId, link_id: LinkId) -> Result<(), String> {
    let attempt = Attempt {
        amount: None,
        by: Mode::Upi.into(),
        payer_mobile: None,
        answers: None,
        token: None,
        rail: "bench".to_owned(),
        rail_is_sandbox: true,
    };
    let start = StartPayment { merchant_id, link_id, attempt };
    let payment = engine.submit(start).await.map_err(said)?.either();
    let taken = Taken {
        reference: format!("UTR{}", payment.id.get()),
        charged: payment.charged().map_err(|fault| fault.to_string())?,
        currency: payment.currency,
        payee: payment.rail_account.clone(),
    };
    engine.submit(RecordReport::answering(&payment, Report::Succeeded(taken))).await.map_err(said)?;
    Ok(())
}

fn said(failure: Failure) -> String {
    format!("the engine said {failure:?}")
}

/// Starts an engine on the store, works with it, and stops it.
fn with_engine<T>(
    location: &Location,
    work: impl AsyncFnOnce(Engine) -> Result<T, String>,
) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("a runtime: {error}"))?;
    let engine = Engine::start(location, Setup::sandbox(), keys()?).map_err(told)?;
    let done = runtime.block_on(work(engine.clone()));
    engine.stop();
    done
}
