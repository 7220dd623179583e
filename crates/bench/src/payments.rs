//! Payments in process: many links paid once each, one link paid by everybody; and how long `verify` takes
//! over links that are paid.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use kadi_domain::id::MerchantId;
use kadi_engine::clock::KadiClock;
use kadi_store::{Location, Reader, verify};

use crate::callers::ask;
use crate::crowd::{make, pay, pay_each, popular_link};
use crate::figure::{Milli, median, micros, per_second};
use crate::machine::peak_kib;
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::workbench::{keys, told};

/// The first references of links that are only made, of those that are paid, and of the one that all pay.
const MADE_FIRST: u64 = 1 << 46;
const PAID_FIRST: u64 = 1 << 47;
const POPULAR: u64 = 1 << 48;
/// Callers at a time, and payers of one link.
const CALLERS: usize = 256;
const CROWD: usize = 1_000;
/// Links of one round that are there to be paid.
const PAID_EACH: u64 = 10_000;

/// Links that are paid before `verify` reads them.
const VERIFIED: u64 = 60_000;

/// Rows by table.
type Rows = BTreeMap<String, i64>;

/// Measures creates, payments of many links and payments of one in interleaved rounds.
pub(crate) fn payments(program: &Path, store: &Store, plan: Plan, report: &mut Report) -> Result<(), String> {
    store.import(program)?;
    let merchant = store.merchant()?.ok_or("the merchant is missing")?;
    let location = &store.location;
    let popular = popular_link(location, merchant, POPULAR)?;
    let (mut created, mut paid, mut crowd) = (Vec::new(), Vec::new(), Vec::new());
    let mut per_payment = Rows::new();
    for round in 0..u64::try_from(plan.rounds).unwrap_or(1) {
        created.push(ask(location, CALLERS, plan.length, MADE_FIRST + (round << 32))?.rate);
        let (rate, rows) = paid_each(location, merchant, PAID_FIRST + (round << 32))?;
        paid.push(rate);
        per_payment = rows;
        crowd.push(pay(location, merchant, popular, CROWD, plan.length)?);
    }
    let figure = |key: &str| store.figure(key);
    let (created, paid) = (median(&created), median(&paid));
    report.set(&figure("paid_creates_rps"), created);
    report.set(&figure("paid_rps"), paid);
    let ratio = Milli::ratio(paid.unwrap_or(0), created.unwrap_or(0));
    report.set_milli(&figure("paid_to_creates_ratio"), ratio);
    report.set(&figure("paid_one_link_rps"), median(&crowd));
    let rows: serde_json::Map<_, _> =
        per_payment.into_iter().map(|(table, rows)| (table, Milli(rows.unsigned_abs()).json())).collect();
    report.set(&figure("rows_per_payment"), rows);
    Ok(())
}

/// Payments of as many links a second, and thousandths of rows that each left.
fn paid_each(location: &Location, merchant: MerchantId, first: u64) -> Result<(u64, Rows), String> {
    let links = make(location, merchant, first..first + PAID_EACH, CALLERS)?;
    let before = rows(location)?;
    let rate = pay_each(location, merchant, links, CALLERS)?;
    let mut left = rows(location)?;
    for (table, rows) in &mut left {
        let more = *rows - before.get(table).copied().unwrap_or(0);
        *rows = more.saturating_mul(1_000) / i64::try_from(PAID_EACH).unwrap_or(1);
    }
    left.retain(|_, rows| *rows != 0);
    Ok((rate, left))
}

fn rows(location: &Location) -> Result<Rows, String> {
    let counts = Reader::open(location).and_then(|reader| reader.row_counts()).map_err(told)?;
    Ok(counts.into_iter().collect())
}

/// How many entries `verify` reads a second, and how much memory it asks for, where every link is paid.
pub(crate) fn verified(program: &Path, store: &Store, report: &mut Report) -> Result<(), String> {
    store.import(program)?;
    let merchant = store.merchant()?.ok_or("the merchant is missing")?;
    let mut first = PAID_FIRST;
    while first < PAID_FIRST + VERIFIED {
        let links = make(&store.location, merchant, first..first + PAID_EACH, CALLERS)?;
        pay_each(&store.location, merchant, links, CALLERS)?;
        first += PAID_EACH;
    }
    let reader = Reader::open(&store.location).map_err(told)?;
    let before = peak_kib(std::process::id())?;
    let begun = Instant::now();
    let found = verify(&reader, &keys()?, KadiClock::new(0).now()).map_err(told)?;
    let time = begun.elapsed();
    let more = peak_kib(std::process::id())?.saturating_sub(before);
    if !found.is_clean() {
        return Err(format!("verify found {} breaches: {:?}", found.broken_count, found.broken));
    }
    let entries = rows(&store.location)?.get("entry").copied().unwrap_or(0).unsigned_abs();
    report.set(&store.figure("verified_entries"), entries);
    report.set(&store.figure("verify_entries_rps"), per_second(entries, time));
    report.set_milli(&store.figure("verify_s"), Some(Milli(micros(time) / 1_000)));
    report.set_milli(&store.figure("verify_more_mb"), Milli::ratio(more, 1_024));
    Ok(())
}
