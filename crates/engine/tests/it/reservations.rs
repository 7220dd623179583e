//! Reservations end: by the clock, by the job, and never twice.

use kadi_domain::amount::Minor;
use kadi_domain::job::{JobKey, JobKind};
use kadi_domain::link::Link;
use kadi_domain::payment::{HoldReason, Payment, PaymentState};
use kadi_domain::refusal::Refusal;
use kadi_domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use kadi_engine::command::Failure;
use kadi_engine::commands::lease_job::LeaseJob;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::pay::{Pay, check, pay};

use crate::rail::{TestRail, attempt, failed, succeeded};
use crate::world::{World, begun, once, one_order};

async fn begin(world: &World, link: &Link, choice: &str) -> Result<Payment, Failure> {
    let choice = choice.to_owned();
    let asked = Pay { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt(), choice };
    pay(&world.engine, &TestRail::default(), asked).await
}

/// What a worker does: it takes the job, and the rail has no word.
async fn ask_in_vain(world: &World, payment: &Payment) -> Payment {
    let key = JobKey { kind: JobKind::CheckPayment, subject: payment.id.get() };
    let leased_until = world.engine.real_now().plus_ms(HOUR_MS);
    let lease = LeaseJob { merchant_id: world.merchant, key, leased_until };
    world.engine.submit(lease).await.unwrap();
    check(&world.engine, &TestRail::default(), &world.payment(payment.id).await).await.unwrap()
}

fn held_for(payment: &Payment) -> Option<HoldReason> {
    let PaymentState::Held { reason, .. } = payment.state else { return None };
    Some(reason)
}

#[tokio::test]
async fn a_reservation_ends_after_fifteen_minutes_and_a_late_success_is_held() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let first = begin(&world, &link, "silence").await.unwrap();
    world.pass(14).await;
    assert_eq!(ask_in_vain(&world, &first).await.reserved_until, first.reserved_until);
    assert_eq!(begin(&world, &link, "success").await, Err(Failure::Refused(Refusal::LinkBusy)));
    world.pass(1).await;
    let ended = ask_in_vain(&world, &first).await;
    assert_eq!((ended.reserved_until, ended.state.word()), (None, "started"));
    assert_eq!(world.stored(link.id).await.sums, begun(&link));
    world.assert_clean().await;

    let second = begin(&world, &link, "success").await.unwrap();
    assert_eq!(second.state.word(), "captured");
    let late = world.engine.submit(RecordReport::about(&first, succeeded(&first))).await.unwrap();
    assert_eq!(held_for(&late), Some(HoldReason::Late));
    let sums = world.stored(link.id).await.sums;
    assert_eq!((sums.captured, sums.held), (Minor::new(1_000), Minor::new(1_000)));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_success_is_late_by_the_clock_even_where_no_job_has_run() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let payment = begin(&world, &link, "silence").await.unwrap();
    world.pass(15).await;
    let late = world.engine.submit(RecordReport::about(&payment, succeeded(&payment))).await.unwrap();
    assert_eq!(held_for(&late), Some(HoldReason::Late));
    assert_eq!(world.stored(link.id).await.sums.reserved, Minor::ZERO);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_failure_after_the_end_gives_nothing_back_twice() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let first = begin(&world, &link, "silence").await.unwrap();
    world.pass(15).await;
    ask_in_vain(&world, &first).await;
    begin(&world, &link, "silence").await.unwrap();
    world.engine.submit(RecordReport::about(&first, failed())).await.unwrap();
    let sums = world.stored(link.id).await.sums;
    assert_eq!((sums.reserved, sums.reserved_count), (Minor::new(1_000), 1), "the second payer's");
    world.assert_clean().await;
}

#[tokio::test]
async fn a_closed_tab_does_not_use_up_a_one_order_link() {
    let world = World::new().await;
    let link = world.link(one_order()).await;
    let first = begin(&world, &link, "silence").await.unwrap();
    world.pass(15).await;
    ask_in_vain(&world, &first).await;
    assert_eq!(begin(&world, &link, "success").await.unwrap().state.word(), "captured");
    world.engine.submit(RecordReport::about(&first, failed())).await.unwrap();
    assert_eq!(begin(&world, &link, "success").await, Err(Failure::Refused(Refusal::LinkCompleted)));
    world.assert_clean().await;
}

#[tokio::test]
async fn a_pending_payment_is_asked_about_after_the_table_and_reserves_for_six_days() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let payment = begin(&world, &link, "pending").await.unwrap();
    let reserved_until = payment.created_at.plus_ms(6 * DAY_MS);
    assert_eq!(payment.reserved_until, Some(reserved_until));
    let delays = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, DAY_MS];
    for delay_ms in delays {
        let job = world.job(JobKind::CheckPayment, payment.id.get()).await.unwrap();
        let until_due = job.due_at.ms() - world.engine.now().ms();
        world.engine.advance_clock(until_due.max(0)).await.unwrap();
        let before = world.engine.now();
        ask_in_vain(&world, &payment).await;
        let next = world.job(JobKind::CheckPayment, payment.id.get()).await.unwrap();
        let waits = next.due_at.ms() - before.ms();
        assert!((delay_ms..delay_ms + 1_000).contains(&waits), "{waits} instead of {delay_ms}");
    }
    world.pass(6 * 24 * 60).await;
    assert_eq!(ask_in_vain(&world, &payment).await.reserved_until, None);
    assert_eq!(world.stored(link.id).await.sums, begun(&link));
    world.assert_clean().await;
}

#[tokio::test]
async fn the_next_question_is_never_later_than_the_end_of_the_reservation() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let payment = begin(&world, &link, "silence").await.unwrap();
    for _ in 0..20 {
        let job = world.job(JobKind::CheckPayment, payment.id.get()).await.unwrap();
        let stored = world.payment(payment.id).await;
        let Some(until) = stored.reserved_until else {
            assert!(world.engine.now() >= payment.reserved_until.unwrap());
            return world.assert_clean().await;
        };
        assert!(job.due_at <= until);
        let until_due = job.due_at.ms() - world.engine.now().ms();
        world.engine.advance_clock(until_due.max(0)).await.unwrap();
        ask_in_vain(&world, &payment).await;
    }
    panic!("the reservation never ended");
}

#[tokio::test]
async fn after_thirty_days_without_a_word_nobody_asks_any_more() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let payment = begin(&world, &link, "silence").await.unwrap();
    world.pass(30 * 24 * 60).await;
    let end = ask_in_vain(&world, &payment).await;
    assert_eq!((end.state.word(), end.reserved_until), ("started", None));
    assert_eq!(world.job(JobKind::CheckPayment, payment.id.get()).await, None);
    // The money is still taken in when the rail speaks at last.
    let late = world.engine.submit(RecordReport::about(&payment, succeeded(&payment))).await.unwrap();
    assert_eq!(held_for(&late), Some(HoldReason::Late));
    world.assert_clean().await;
}
