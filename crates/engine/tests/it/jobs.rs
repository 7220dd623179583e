//! Leases: a due job has one worker at a time, and another one when that one's time is over.

use std::time::Duration;

use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::job::{Job, JobKey, JobKind};
use kadi_domain::refusal::Refusal;
use kadi_domain::time::{HOUR_MS, MINUTE_MS};
use kadi_engine::command::Failure;
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::return_job::ReturnJob;

use crate::gate::{hold, queued};
use crate::world::{World, once};

/// A job that becomes due in ten minutes.
async fn later(world: &World) -> LeaseJob {
    let end = world.engine.now().plus_ms(10 * MINUTE_MS);
    let link = world.link(NewLink { expiry: Expiry::At(end), ..once() }).await;
    let key = JobKey { kind: JobKind::ExpireLink, subject: link.id.get() };
    LeaseJob { merchant_id: world.merchant, key, leased_until: world.engine.real_now().plus_ms(HOUR_MS) }
}

fn again(world: &World, lease: &LeaseJob, lease_ms: i64) -> LeaseJob {
    let leased_until = world.engine.real_now().plus_ms(lease_ms);
    LeaseJob { merchant_id: lease.merchant_id, key: lease.key, leased_until }
}

async fn due(world: &World) -> Vec<Job> {
    let (now, real_now) = (world.engine.now(), world.engine.real_now());
    world.read(move |reader| reader.due_jobs(now, real_now, 100)).await
}

const NOT_DUE: Failure = Failure::Refused(Refusal::JobNotDue);

#[tokio::test]
async fn a_job_is_not_leased_before_it_is_due() {
    let world = World::new().await;
    let lease = later(&world).await;
    assert_eq!(world.engine.submit(again(&world, &lease, HOUR_MS)).await, Err(NOT_DUE));
    assert!(due(&world).await.is_empty());
    world.pass(10).await;
    assert_eq!(due(&world).await.len(), 1);
    let leased = world.engine.submit(lease).await.unwrap();
    assert_eq!(leased.attempts, 1);
}

#[tokio::test]
async fn a_leased_job_is_nobody_elses_and_the_sandbox_clock_does_not_end_the_lease() {
    let world = World::new().await;
    let lease = later(&world).await;
    world.pass(10).await;
    world.engine.submit(again(&world, &lease, HOUR_MS)).await.unwrap();
    for _ in 0..2 {
        assert!(due(&world).await.is_empty());
        assert_eq!(world.engine.submit(again(&world, &lease, HOUR_MS)).await, Err(NOT_DUE));
        world.pass(24 * 60).await;
    }
}

#[tokio::test]
async fn a_job_whose_lease_is_over_in_real_time_has_another_worker() {
    let world = World::new().await;
    let lease = later(&world).await;
    world.pass(10).await;
    world.engine.submit(again(&world, &lease, 5)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(due(&world).await.len(), 1);
    assert_eq!(world.engine.submit(again(&world, &lease, 5)).await.unwrap().attempts, 2);
}

#[tokio::test]
async fn of_workers_that_ask_together_one_gets_the_job() {
    let world = World::new().await;
    let lease = later(&world).await;
    world.pass(10).await;
    let held = hold(&world.engine);
    let calls: Vec<_> = (0..20).map(|_| queued(&world.engine, again(&world, &lease, HOUR_MS))).collect();
    held.open().await;
    let mut won = 0;
    for call in calls {
        match call.await {
            Ok(job) => won += job.attempts,
            Err(refused) => assert_eq!(refused, NOT_DUE),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_job_that_is_done_or_never_was_is_not_due() {
    let world = World::new().await;
    let mut lease = later(&world).await;
    lease.key.subject += 1;
    assert_eq!(world.engine.submit(lease).await, Err(NOT_DUE));
}

fn give_back(job: &Job, delay_ms: i64) -> ReturnJob {
    ReturnJob { merchant_id: job.merchant_id, key: job.key, leased_until: job.leased_until, delay_ms }
}

#[tokio::test]
async fn a_job_that_is_given_back_is_due_after_its_delay() {
    let world = World::new().await;
    let lease = later(&world).await;
    world.pass(10).await;
    let first = world.engine.submit(again(&world, &lease, HOUR_MS)).await.unwrap();
    world.engine.submit(give_back(&first, 2 * MINUTE_MS)).await.unwrap();
    assert_eq!(world.engine.submit(again(&world, &lease, HOUR_MS)).await, Err(NOT_DUE));
    world.pass(2).await;
    let second = world.engine.submit(again(&world, &lease, HOUR_MS)).await.unwrap();
    assert_eq!(second.attempts, 2);
    world.engine.submit(give_back(&second, 0)).await.unwrap();
    assert_eq!(world.engine.submit(again(&world, &lease, HOUR_MS)).await.unwrap().attempts, 3);
}

#[tokio::test]
async fn nobody_gives_back_a_job_that_another_has_by_now() {
    let world = World::new().await;
    let lease = later(&world).await;
    world.pass(10).await;
    let held = world.engine.submit(again(&world, &lease, HOUR_MS)).await.unwrap();
    let mut stale = give_back(&held, 0);
    stale.leased_until = held.leased_until.map(|until| until.plus_ms(-1));
    world.engine.submit(stale).await.unwrap();
    assert_eq!(world.job(lease.key.kind, lease.key.subject).await, Some(held));
}

#[tokio::test]
async fn a_job_that_nobody_has_cannot_be_given_back() {
    let world = World::new().await;
    let lease = later(&world).await;
    let before = world.job(lease.key.kind, lease.key.subject).await.unwrap();
    world.engine.submit(give_back(&before, 0)).await.unwrap();
    assert_eq!(world.job(lease.key.kind, lease.key.subject).await, Some(before.clone()));
    let mut absent = give_back(&before, 0);
    absent.key.subject += 1;
    world.engine.submit(absent).await.unwrap();
    assert_eq!(world.job(lease.key.kind, lease.key.subject + 1).await, None);
}
