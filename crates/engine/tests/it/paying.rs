//! Paying from end to end: the reservation, the rail's word whatever it is, the books, and what is told.

use std::time::Duration;

use kadi_domain::amount::Minor;
use kadi_domain::create::{Expiry, NewLink};
use kadi_domain::event::EventKind;
use kadi_domain::id::LinkId;
use kadi_domain::job::JobKind;
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::payment::Payment;
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refusal::Refusal;
use kadi_engine::command::Failure;
use kadi_engine::commands::create_link::CreateLink;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::pay::{Pay, check, pay};
use kadi_engine::ports::Word;

use crate::gate::{hold, queued};
use crate::rail::{Meanwhile, TestRail, attempt, failed, reversed, succeeded, taken};
use crate::world::{World, begun, once};

const CAPTURED: [EventKind; 3] =
    [EventKind::LinkCreated, EventKind::PaymentCaptured, EventKind::LinkCompleted];

fn asked(link: &Link, choice: &str) -> Pay {
    let choice = choice.to_owned();
    Pay { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt(), choice }
}

async fn paid(world: &World, choice: &str) -> (Link, Payment) {
    let link = world.link(once()).await;
    let payment = pay(&world.engine, &TestRail::default(), asked(&link, choice)).await.unwrap();
    assert_eq!(world.payment(payment.id).await.state, payment.state);
    (link, payment)
}

async fn hear(world: &World, payment: &Payment, report: Report) -> Payment {
    world.engine.submit(RecordReport::about(payment, report)).await.unwrap()
}

/// Asks a rail that says this.
async fn ask(world: &World, payment: &Payment, word: Word) -> Payment {
    let rail = TestRail::default();
    rail.tell(payment, word);
    check(&world.engine, &rail, &world.payment(payment.id).await).await.unwrap()
}

async fn events(world: &World, link: LinkId) -> Vec<EventKind> {
    let events = world.read(move |reader| reader.events_of(link)).await;
    events.into_iter().map(|event| event.kind).collect()
}

async fn is_watched(world: &World, payment: &Payment) -> bool {
    world.job(JobKind::CheckPayment, payment.id.get()).await.is_some()
}

#[tokio::test]
async fn success_is_captured_booked_and_told() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    assert_eq!(payment.state.word(), "captured");
    assert_eq!(payment.charges().net, Minor::new(988));
    let stored = world.stored(link.id).await;
    assert!(matches!(stored.status, LinkStatus::Completed { .. }));
    assert_eq!((stored.sums.captured, stored.sums.reserved), (Minor::new(1_000), Minor::ZERO));
    assert_eq!(events(&world, link.id).await, CAPTURED);
    assert!(!is_watched(&world, &payment).await);
    let again = pay(&world.engine, &TestRail::default(), asked(&link, "success")).await;
    assert_eq!(again, Err(Failure::Refused(Refusal::LinkCompleted)));
    world.assert_clean().await;
}

/// The rail has the money: "nothing was done" would be a lie, and the payer would pay again.
#[tokio::test]
async fn a_word_that_cannot_be_recorded_leaves_the_payment_as_it_was_started() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let rail = Meanwhile { rail: TestRail::default(), then: || world.take_away() };
    let payment = pay(&world.engine, &rail, asked(&link, "success")).await.unwrap();
    assert_eq!(payment.state.word(), "started");
    world.put_back();
    assert_eq!(world.payment(payment.id).await, payment);
    assert!(is_watched(&world, &payment).await);
    let asked_again = ask(&world, &payment, Word::Report(succeeded(&payment))).await;
    assert_eq!(asked_again.state.word(), "captured");
}

#[tokio::test]
async fn failure_frees_the_link_for_the_next_try() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "failure").await;
    assert_eq!(payment.state.word(), "failed");
    assert!(!is_watched(&world, &payment).await);
    assert_eq!(world.stored(link.id).await.sums, begun(&link));
    let next = pay(&world.engine, &TestRail::default(), asked(&link, "success")).await.unwrap();
    assert_eq!(next.state.word(), "captured");
    world.assert_clean().await;
}

#[tokio::test]
async fn pending_is_neither_paid_nor_failed_until_the_rail_says_so() {
    for (word, expected) in [("captured", true), ("failed", false)] {
        let world = World::new().await;
        let (link, payment) = paid(&world, "pending").await;
        assert_eq!(payment.state.word(), "pending");
        assert!(is_watched(&world, &payment).await);
        let busy = pay(&world.engine, &TestRail::default(), asked(&link, "success")).await;
        assert_eq!(busy, Err(Failure::Refused(Refusal::LinkBusy)));
        world.pass(60).await;
        let report = if expected { succeeded(&payment) } else { failed() };
        assert_eq!(hear(&world, &payment, report.clone()).await.state.word(), word);
        // A failure that came by notice is confirmed by asking.
        assert_eq!(is_watched(&world, &payment).await, !expected);
        assert_eq!(ask(&world, &payment, Word::Report(report)).await.state.word(), word);
        assert!(!is_watched(&world, &payment).await);
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn money_behind_a_wrong_notice_of_failure_is_found_by_asking() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "silence").await;
    assert_eq!(hear(&world, &payment, failed()).await.state.word(), "failed");
    let truth = Word::Report(succeeded(&payment));
    assert_eq!(ask(&world, &payment, truth).await.state.word(), "captured");
    assert_eq!(world.stored(link.id).await.sums.captured, Minor::new(1_000));
    assert!(!is_watched(&world, &payment).await);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_rail_that_does_not_know_yet_whether_it_failed_is_asked_again() {
    let world = World::new().await;
    let (_, payment) = paid(&world, "pending").await;
    assert_eq!(hear(&world, &payment, failed()).await.state.word(), "failed");
    ask(&world, &payment, Word::Report(Report::Pending)).await;
    assert!(is_watched(&world, &payment).await, "money that comes after all would be found by nobody");
    let truth = Word::Report(succeeded(&payment));
    assert!(ask(&world, &payment, truth).await.taken.is_some());
    assert!(!is_watched(&world, &payment).await);
    world.assert_clean().await;
}

#[tokio::test]
async fn silence_leaves_a_job_that_asks_and_believes_the_rail() {
    for choice in ["silence", "not found"] {
        let world = World::new().await;
        let (link, payment) = paid(&world, choice).await;
        assert_eq!(payment.state.word(), "started");
        let job = world.job(JobKind::CheckPayment, payment.id.get()).await.unwrap();
        assert_eq!(job.due_at.ms() - payment.created_at.ms(), world.engine.setup().check_after_ms);
        assert_eq!(ask(&world, &payment, Word::Silence).await.state.word(), "started");
        assert!(is_watched(&world, &payment).await);
        let truth = Word::Report(succeeded(&payment));
        assert_eq!(ask(&world, &payment, truth).await.state.word(), "captured");
        assert_eq!(events(&world, link.id).await, CAPTURED);
        assert!(!is_watched(&world, &payment).await);
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn a_payment_that_the_rail_never_heard_of_has_failed() {
    for word in [Word::NotFound, Word::Report(failed())] {
        let world = World::new().await;
        let (link, payment) = paid(&world, "silence").await;
        assert_eq!(ask(&world, &payment, word).await.state.word(), "failed");
        assert_eq!(world.stored(link.id).await.sums, begun(&link));
        // The money of a call that was still under way is not lost: the room is still there.
        assert_eq!(hear(&world, &payment, succeeded(&payment)).await.state.word(), "captured");
        assert_eq!(world.stored(link.id).await.sums.captured, Minor::new(1_000));
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn duplicate_notices_change_and_tell_nothing() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    let before = world.stored(link.id).await;
    for _ in 0..3 {
        assert_eq!(hear(&world, &payment, succeeded(&payment)).await.state, payment.state);
    }
    assert_eq!(world.stored(link.id).await, before);
    assert!(!is_watched(&world, &payment).await);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_late_pending_notice_takes_nothing_back() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    assert_eq!(hear(&world, &payment, Report::Pending).await.state, payment.state);
    assert_eq!(events(&world, link.id).await, CAPTURED);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_contradiction_is_settled_by_asking_and_by_nothing_else() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    assert_eq!(hear(&world, &payment, failed()).await.state, payment.state);
    assert!(is_watched(&world, &payment).await);
    // Neither the same contradiction nor an echo of the success settles it.
    for report in [failed(), succeeded(&payment)] {
        hear(&world, &payment, report).await;
        assert!(is_watched(&world, &payment).await);
    }
    for word in [Word::Silence, Word::Report(Report::Pending), Word::NotFound] {
        ask(&world, &payment, word).await;
        assert!(is_watched(&world, &payment).await, "asked again");
    }
    let settled = ask(&world, &payment, Word::Report(succeeded(&payment))).await;
    assert_eq!(settled.state, payment.state);
    assert!(!is_watched(&world, &payment).await);
    assert_eq!(events(&world, link.id).await, CAPTURED);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_contradiction_that_was_a_reversal_ends_reversed() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    hear(&world, &payment, failed()).await;
    let settled = ask(&world, &payment, Word::Report(reversed(&payment))).await;
    assert_eq!(settled.state.word(), "reversed");
    assert!(!is_watched(&world, &payment).await);
    assert_eq!(world.stored(link.id).await.status, LinkStatus::Active);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_reversal_takes_the_money_back_and_opens_the_link() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    world.pass(1).await;
    for _ in 0..2 {
        assert_eq!(hear(&world, &payment, reversed(&payment)).await.state.word(), "reversed");
    }
    let stored = world.stored(link.id).await;
    assert_eq!((stored.status, stored.sums), (LinkStatus::Active, begun(&link)));
    let told = [&CAPTURED[..], &[EventKind::PaymentReversed]].concat();
    assert_eq!(events(&world, link.id).await, told);
    world.assert_clean().await;
    let next = pay(&world.engine, &TestRail::default(), asked(&link, "success")).await.unwrap();
    assert_eq!(next.state.word(), "captured");
    world.assert_clean().await;
}

#[tokio::test]
async fn another_amount_for_the_same_money_is_asked_about_and_never_booked_unseen() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "success").await;
    let before = world.stored(link.id).await;
    let other = Taken { charged: Minor::new(900), ..taken(&payment) };
    for report in [Report::Succeeded(other.clone()), Report::Reversed(other)] {
        hear(&world, &payment, report).await;
        assert_eq!(world.stored(link.id).await, before);
        assert!(is_watched(&world, &payment).await);
    }
    world.assert_clean().await;
}

#[tokio::test]
async fn a_wrong_amount_is_held_by_name() {
    let world = World::new().await;
    let (link, payment) = paid(&world, "silence").await;
    let short = Taken { charged: Minor::new(999), ..taken(&payment) };
    assert_eq!(hear(&world, &payment, Report::Succeeded(short)).await.state.word(), "held");
    let sums = world.stored(link.id).await.sums;
    assert_eq!((sums.held, sums.captured, sums.reserved), (Minor::new(999), Minor::ZERO, Minor::ZERO));
    assert_eq!(events(&world, link.id).await, [EventKind::LinkCreated, EventKind::PaymentHeld]);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_payer_who_goes_away_while_the_rail_is_called_leaves_a_payment_that_is_asked_about() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let rail = TestRail::default();
    let call = pay(&world.engine, &rail, asked(&link, "hang"));
    assert!(tokio::time::timeout(Duration::from_millis(200), call).await.is_err());
    let world = world.restarted();
    let payments = world.read(move |reader| reader.payments_page(link.id, None, i64::MAX)).await;
    let [payment] = payments.try_into().unwrap();
    assert_eq!(payment.state.word(), "started");
    assert!(is_watched(&world, &payment).await);
    let truth = Word::Report(succeeded(&payment));
    assert_eq!(ask(&world, &payment, truth).await.state.word(), "captured");
    world.assert_clean().await;
}

#[tokio::test]
async fn lines_and_expiry_do_not_stand_in_the_way_of_a_payment_under_way() {
    let world = World::new().await;
    let end = world.engine.now().plus_ms(5 * 60_000);
    let link = world.link(NewLink { expiry: Expiry::At(end), ..once() }).await;
    let payment = pay(&world.engine, &TestRail::default(), asked(&link, "silence")).await.unwrap();
    world.pass(6).await;
    let refused = pay(&world.engine, &TestRail::default(), asked(&link, "success")).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::LinkExpired)));
    assert_eq!(hear(&world, &payment, succeeded(&payment)).await.state.word(), "captured");
    world.assert_clean().await;
}

#[tokio::test]
async fn money_that_a_rail_names_for_two_payments_is_booked_once_and_harms_nobody_else() {
    let world = World::new().await;
    let (_, first) = paid(&world, "success").await;
    let (link, second) = paid(&world, "silence").await;
    let same = Report::Succeeded(Taken { reference: taken(&first).reference, ..taken(&second) });
    let held = hold(&world.engine);
    let neighbour = CreateLink { merchant_id: world.merchant, new: once(), idempotency: None };
    let before = queued(&world.engine, neighbour);
    let twice = queued(&world.engine, RecordReport::about(&second, same.clone()));
    held.open().await;
    assert!(before.await.is_ok());
    assert_eq!(twice.await.unwrap().state.word(), "started", "a notice is not enough");
    assert!(is_watched(&world, &second).await);

    // Asking gives the same word: the payment ends, and nothing is booked twice.
    let asked = ask(&world, &second, Word::Report(same)).await;
    assert_eq!((asked.state.word(), asked.taken), ("held", Some(Minor::ZERO)));
    assert!(!is_watched(&world, &second).await);
    assert_eq!(world.stored(link.id).await.sums, begun(&link));
    world.assert_clean().await;
}
