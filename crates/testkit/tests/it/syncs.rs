//! A commit whose sync failed is taken back, and never comes back through the log.

use std::collections::BTreeSet;
use std::time::Duration;

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Setup;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::create_link::CreateLink;
use kadi_engine::engine::Engine;
use kadi_store::{Location, SqliteFile};
use kadi_testkit::{Call, FailedSync, Fault, FaultyDisk, Plan, Platter, Tear};

use crate::check::{block_on, recover};
use crate::run::folder;
use crate::stock::{keys, merchant, plain};

/// The engine has asked no reader yet: its writer is all that keeps the store open, and is dropped after a
/// commit of unknown end. From the log alone SQLite would take the failed commit for a good one; and on
/// Linux, where what could not be synced is never written again, everything behind it would be lost with it.
#[test]
fn what_is_acknowledged_after_failed_syncs_is_on_the_disk() {
    for after in 0..3 {
        for times in 1..5 {
            block_on(one(after, times));
        }
    }
}

async fn one(after: u64, times: u64) {
    let folder = folder();
    let disk = FaultyDisk::new(folder.path()).unwrap();
    let file = folder.path().canonicalize().unwrap().join("kadi.db");
    let vfs = Some(FaultyDisk::vfs().to_owned());
    let location = Location::Sqlite(SqliteFile { vfs, ..SqliteFile::at(file) });
    let engine = Engine::start(&location, Setup::sandbox(), keys()).unwrap();
    disk.arm(Some(Plan { calls: &[Call::Sync], after, times, fault: Fault::Error }));
    let merchant = import(&engine).await;
    make(&engine, merchant, "first").await;
    make(&engine, merchant, "second").await;
    assert_eq!(disk.failed(), times);
    for policy in [FailedSync::IsMadeUp, FailedSync::Forgets] {
        let mut platter = Platter::new(policy);
        disk.log().iter().for_each(|entry| platter.apply(entry));
        for how in Tear::ALL {
            let found = recover(&platter.cut(how, after), engine.now());
            let found =
                found.unwrap_or_else(|breach| panic!("{after} {times} {policy:?} {how:?}: {breach:?}"));
            let is_there = |reference| found.link(reference).is_some();
            let told = (is_there("first"), is_there("second"));
            assert_eq!(told, (true, true), "lost after {after}, {times} failed syncs: {policy:?}, {how:?}");
        }
    }
    engine.stop();
}

async fn import(engine: &Engine) -> MerchantId {
    loop {
        let file = vec![(merchant("asha"), BTreeSet::new(), Vec::new())];
        match engine.submit(ImportMerchants::new(file, engine.keys()).unwrap()).await {
            Ok(imported) => return imported[0].merchant_id,
            Err(failure) => wait(&failure).await,
        }
    }
}

async fn make(engine: &Engine, merchant_id: MerchantId, reference: &str) {
    loop {
        let idempotency = Some(crate::steps::idempotency(reference));
        match engine.submit(CreateLink { merchant_id, new: plain(reference), idempotency }).await {
            Ok(_) => return,
            Err(failure) => wait(&failure).await,
        }
    }
}

async fn wait(failure: &Failure) {
    assert!(matches!(failure, Failure::Unavailable | Failure::Unknown | Failure::Busy), "{failure:?}");
    tokio::time::sleep(Duration::from_millis(5)).await;
}
