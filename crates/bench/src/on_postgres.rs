//! The same on PostgreSQL, and against what a hand-written program would do there.

use std::path::Path;

use crate::callers::ask;
use crate::crowd::{pay, popular_link};
use crate::figure::{Milli, median};
use crate::http::over_http;
use crate::in_process::store_alone;
use crate::report::Report;
use crate::rounds::Plan;
use crate::server::Store;
use crate::watch::wait_for_quiet;
use crate::yardstick::{CREATE, PAY, Yardstick};

/// The first references of what is made here: far from all others.
const CALLERS_FIRST: u64 = 1 << 44;
const LINKS_FIRST: u64 = 1 << 45;
const CLIENTS: usize = 64;
const CALLERS: usize = 256;
const PAYERS: usize = 1_000;

/// Measures everything that can be measured on this database, which is filled.
pub(crate) fn on_postgres(
    program: &Path,
    folder: &Path,
    url: &str,
    (plan, alone): (Plan, Plan),
    report: &mut Report,
) -> Result<(), String> {
    let store = Store::postgres(folder, url)?;
    over_http(program, folder, &store, plan, report)?;
    store_alone(program, &store, alone, report)?;
    against_the_yardstick(folder, url, &store, plan, report)
}

fn against_the_yardstick(
    folder: &Path,
    url: &str,
    store: &Store,
    plan: Plan,
    report: &mut Report,
) -> Result<(), String> {
    let merchant = store.merchant()?.ok_or("the merchant is missing")?;
    let Some(mut yardstick) = Yardstick::new(url, folder, merchant)? else {
        return Err("there is no pgbench here to compare with (Debian: postgresql-contrib)".to_owned());
    };
    let location = &store.location;
    let by_hand = popular_link(location, merchant, LINKS_FIRST)?;
    let by_kadi = popular_link(location, merchant, LINKS_FIRST + 1)?;
    let (mut created, mut asked) = (Vec::new(), Vec::new());
    let (mut paid_64, mut paid_1, mut crowd) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = CALLERS_FIRST;
    for _ in 0..plan.rounds {
        wait_for_quiet(&[std::process::id()], plan.patience)?;
        created.push(yardstick.run(CREATE, CLIENTS, plan.length, by_hand)?);
        asked.push(ask(location, CALLERS, plan.length, first)?.rate);
        first += 1 << 32;
        paid_64.push(yardstick.run(PAY, CLIENTS, plan.length, by_hand)?);
        paid_1.push(yardstick.run(PAY, 1, plan.length, by_hand)?);
        crowd.push(pay(location, merchant, by_kadi, PAYERS, plan.length)?);
    }
    let middle = |rates: &[u64]| median(rates).unwrap_or(0);
    let (created, asked, crowd) = (middle(&created), middle(&asked), middle(&crowd));
    let (paid_64, paid_1) = (middle(&paid_64), middle(&paid_1));
    report.set("pgbench_create_tps", created);
    report.set("pgbench_pay_64_tps", paid_64);
    report.set("pgbench_pay_1_tps", paid_1);
    report.set("postgres_crowd_rps", crowd);
    report
        .set_milli("postgres_create_to_pgbench", Milli::ratio(report.number("postgres_create_rps"), created));
    report.set_milli("postgres_engine_256_to_pgbench", Milli::ratio(asked, created));
    report.set_milli("postgres_crowd_to_pgbench_64", Milli::ratio(crowd, paid_64));
    report.set_milli("postgres_crowd_to_pgbench_1", Milli::ratio(crowd, paid_1));
    Ok(())
}
