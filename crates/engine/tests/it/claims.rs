//! Raw notices about money that no attempt asked for, on a real store: booked once each, whatever comes how
//! often and at the same moment.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Extras, NewLink};
use kadi_domain::id::RefundId;
use kadi_domain::job::JobKind;
use kadi_domain::merchant::{Feature, Merchant};
use kadi_domain::payment::{HoldDecision, HoldReason, Payment, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::split::{NewShare, Share};
use kadi_domain::time::Timestamp;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::request_refund::RequestRefund;
use kadi_engine::give_back::give_back;
use kadi_engine::pay::{Pay, check, pay};
use kadi_engine::ports::Word;

use crate::gate::{hold, queued};
use crate::rail::{TestRail, attempt, succeeded, taken};
use crate::world::{World, import, many, merchant, once};

async fn paid(world: &World, choice: &str) -> Payment {
    let link = world.link(once()).await;
    let asked = Pay {
        merchant_id: link.merchant_id,
        link_id: link.id,
        attempt: attempt(),
        choice: choice.to_owned(),
    };
    pay(&world.engine, &TestRail::default(), asked).await.unwrap()
}

fn under(payment: &Payment, reference: &str) -> Report {
    Report::Succeeded(Taken { reference: reference.to_owned(), ..taken(payment) })
}

async fn held(world: &World) -> Vec<Payment> {
    let merchant = world.merchant;
    world.read(move |reader| reader.holds_page(merchant, None, 100)).await
}

const fn reason(payment: &Payment) -> Option<HoldReason> {
    match payment.state {
        PaymentState::Held { reason, .. } => Some(reason),
        PaymentState::Started
        | PaymentState::Pending
        | PaymentState::Captured { .. }
        | PaymentState::Failed { .. }
        | PaymentState::Reversed { .. } => None,
    }
}

async fn decide(world: &World, payment: &Payment, decision: HoldDecision) -> Payment {
    let Payment { merchant_id, link_id, id, .. } = *payment;
    let decide = DecideHold { merchant_id, link_id, payment_id: id, decision, idempotency: None };
    match world.engine.submit(decide).await.unwrap() {
        Once::Done(payment) => *payment,
        Once::Replayed(id) => panic!("{id:?} was decided under a key"),
    }
}

/// The refund that a job is to carry out.
async fn refund(world: &World) -> Refund {
    let far = Timestamp::from_ms(i64::MAX);
    let jobs = world.read(move |reader| reader.due_jobs(far, far, 100)).await;
    let job = jobs.into_iter().find(|job| job.key.kind == JobKind::RefundPayment).unwrap();
    world.read(move |reader| reader.refund(RefundId::new(job.key.subject))).await.unwrap()
}

#[tokio::test]
async fn a_hundred_notices_of_a_second_reference_at_one_moment_are_one_hold() {
    let world = World::new().await;
    let payment = paid(&world, "success").await;
    for round in 0..2 {
        let gate = hold(&world.engine);
        let notices = (0..100).map(|_| RecordReport::about(&payment, under(&payment, "UTR second")));
        let calls: Vec<_> = notices.map(|notice| queued(&world.engine, notice)).collect();
        gate.open().await;
        for call in calls {
            assert_eq!(call.await.unwrap().id, payment.id, "the answer is about the attempt");
        }
        let holds = held(&world).await;
        assert_eq!(holds.len(), 1, "round {round}");
        assert_eq!((reason(&holds[0]), holds[0].beside), (Some(HoldReason::Duplicate), Some(payment.id)));
        world.assert_clean().await;
    }
    // The rail is asked about the attempt, and its answer ends the question.
    assert!(world.job(JobKind::CheckPayment, payment.id.get()).await.is_some());
    let rail = TestRail::default();
    rail.tell(&payment, Word::Report(succeeded(&payment)));
    check(&world.engine, &rail, &payment).await.unwrap();
    assert!(world.job(JobKind::CheckPayment, payment.id.get()).await.is_none());
}

#[tokio::test]
async fn money_under_a_second_reference_may_come_and_go_in_one_batch() {
    let world = World::new().await;
    let payment = paid(&world, "success").await;
    let reversal = Report::Reversed(Taken { reference: "UTR second".to_owned(), ..taken(&payment) });
    let gate = hold(&world.engine);
    let notices = [under(&payment, "UTR second"), reversal.clone(), reversal];
    let calls: Vec<_> = notices
        .into_iter()
        .map(|notice| queued(&world.engine, RecordReport::about(&payment, notice)))
        .collect();
    gate.open().await;
    for call in calls {
        call.await.unwrap();
    }
    assert!(held(&world).await.is_empty());
    assert_eq!(world.stored(payment.link_id).await.sums.captured, Minor::new(1_000));
}

#[tokio::test]
async fn money_under_a_second_reference_goes_back_by_itself() {
    let world = World::new().await;
    let payment = paid(&world, "success").await;
    world.engine.submit(RecordReport::about(&payment, under(&payment, "UTR second"))).await.unwrap();
    let second = held(&world).await.remove(0);
    let second = decide(&world, &second, HoldDecision::Refund).await;
    let merchant = world.merchant;
    assert!(second.decided.is_some());
    let refund = refund(&world).await;
    assert_eq!((refund.amount, refund.merchant_id), (Minor::new(1_000), merchant));
    let second = world.payment(refund.payment_id).await;
    give_back(&world.engine, &TestRail::default(), &second, &refund, true).await.unwrap();
    let refund = world.read(move |reader| reader.refund(refund.id)).await.unwrap();
    assert!(matches!(refund.state, RefundState::Succeeded { .. }));
    let link = world.stored(payment.link_id).await;
    assert_eq!((link.sums.captured, link.sums.held), (Minor::new(1_000), Minor::ZERO));
    assert!(held(&world).await.is_empty());
}

#[tokio::test]
async fn one_reference_for_payments_of_two_links_is_booked_once_and_both_end() {
    let world = World::new().await;
    let first = paid(&world, "success").await;
    let second = paid(&world, "silence").await;
    let claim = Report::Succeeded(Taken { charged: second.charged().unwrap(), ..taken(&first) });
    let heard = world.engine.submit(RecordReport::about(&second, claim.clone())).await.unwrap();
    assert_eq!(heard.state, PaymentState::Started, "a notice is not enough: the rail is asked");
    let rail = TestRail::default();
    rail.tell(&second, Word::Report(claim));
    for _ in 0..2 {
        let ended = check(&world.engine, &rail, &world.payment(second.id).await).await.unwrap();
        assert_eq!((reason(&ended), ended.taken), (Some(HoldReason::Duplicate), Some(Minor::ZERO)));
        assert!(world.job(JobKind::CheckPayment, second.id.get()).await.is_none());
        world.assert_clean().await;
    }
    assert_eq!(world.payment(first.id).await.state, first.state);
    assert_eq!(held(&world).await.len(), 1);
    // There is nothing to send back: the decision closes it.
    decide(&world, &second, HoldDecision::Refund).await;
    assert!(held(&world).await.is_empty());
}

#[tokio::test]
async fn one_reference_for_many_payments_at_one_moment_is_booked_once() {
    let world = World::new().await;
    let link = world.link(many(None)).await;
    let mut payments = Vec::new();
    for _ in 0..20 {
        let (merchant_id, link_id) = (link.merchant_id, link.id);
        let asked = Pay { merchant_id, link_id, attempt: attempt(), choice: "silence".into() };
        payments.push(pay(&world.engine, &TestRail::default(), asked).await.unwrap());
    }
    let gate = hold(&world.engine);
    let answer = |payment| RecordReport::answering(payment, under(payment, "UTR one"));
    let calls: Vec<_> = payments.iter().map(|payment| queued(&world.engine, answer(payment))).collect();
    gate.open().await;
    let mut captured = 0;
    for call in calls {
        captured += i64::from(call.await.unwrap().state.word() == "captured");
    }
    let link = world.stored(link.id).await;
    assert_eq!((captured, link.sums.captured, link.sums.reserved_count), (1, Minor::new(1_000), 0));
    assert_eq!(held(&world).await.len(), 19);
}

#[tokio::test]
async fn money_in_another_currency_is_held_in_its_own_books_and_goes_back_in_it() {
    let world = World::new().await;
    let payment = paid(&world, "silence").await;
    let usd = Currency::parse("USD").unwrap();
    let report = Report::Succeeded(Taken { currency: usd, ..taken(&payment) });
    world.engine.submit(RecordReport::about(&payment, report)).await.unwrap();
    let held = held(&world).await.remove(0);
    assert_eq!((reason(&held), held.came_in), (Some(HoldReason::Currency), Some(usd)));
    assert_eq!(world.stored(payment.link_id).await.sums.held, Minor::ZERO);
    world.assert_clean().await;
    decide(&world, &held, HoldDecision::Refund).await;
    let refund = refund(&world).await;
    assert_eq!(refund.currency, usd);
    give_back(&world.engine, &TestRail::default(), &world.payment(payment.id).await, &refund, true)
        .await
        .unwrap();
    world.assert_clean().await;
}

#[tokio::test]
async fn divided_money_beside_an_attempt_is_taken_back_with_what_its_parts_have_given_back() {
    let world = World::new().await;
    let owner = Merchant { features: Feature::ALL.into_iter().collect(), ..merchant("owner") };
    let owner = import(&world.engine, owner).await;
    import(&world.engine, Merchant { aggregator: Some("owner".into()), ..merchant("hall") }).await;
    let share = NewShare { child: "hall".into(), share: Share::Percent(4_000), bears_fee: true };
    let extras = Extras { split: vec![share], ..Extras::default() };
    let create = CreateLink { merchant_id: owner, new: NewLink { extras, ..many(None) }, idempotency: None };
    let Once::Done(made) = world.engine.submit(create).await.unwrap() else { panic!("there before") };
    let (link_id, choice) = (made.link.id, "success".to_owned());
    let asked = Pay { merchant_id: owner, link_id, attempt: attempt(), choice };
    let payment = pay(&world.engine, &TestRail::default(), asked).await.unwrap();
    world.engine.submit(RecordReport::about(&payment, under(&payment, "UTR second"))).await.unwrap();
    let beside = world.read(move |reader| reader.holds_page(owner, None, 100)).await.remove(0);
    let applied = decide(&world, &beside, HoldDecision::Apply).await;
    assert_eq!(applied.state.word(), "captured");
    let (payment_id, amount) = (applied.id, Minor::new(300));
    let refund =
        RequestRefund { merchant_id: owner, link_id, payment_id, amount, of: None, idempotency: None };
    let Once::Done(refund) = world.engine.submit(refund).await.unwrap() else { panic!("there before") };
    give_back(&world.engine, &TestRail::default(), &applied, &refund, true).await.unwrap();
    let reversal = Report::Reversed(Taken { reference: "UTR second".to_owned(), ..taken(&payment) });
    world.engine.submit(RecordReport::about(&payment, reversal)).await.unwrap();
    assert_eq!(world.payment(applied.id).await.state.word(), "reversed");
    world.assert_clean().await;
}
