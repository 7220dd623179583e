//! Rails that contradict what is booked, on a real store: what they say when they are asked is booked, and
//! what was told before reads the same for ever.

use kadi_domain::amount::Minor;
use kadi_domain::create::{Extras, NewLink};
use kadi_domain::id::LinkId;
use kadi_domain::job::JobKind;
use kadi_domain::link::LinkStatus;
use kadi_domain::merchant::{Feature, Merchant};
use kadi_domain::payment::{HoldDecision, HoldReason, Payment, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::split::{NewShare, Share};
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::commands::record_report::RecordReport;
use kadi_engine::commands::request_refund::RequestRefund;
use kadi_engine::give_back::give_back;
use kadi_engine::pay::{Pay, check, pay};
use kadi_engine::ports::Word;
use kadi_engine::unmatched::keep_unmatched;

use crate::rail::{TestRail, attempt, failed, succeeded, taken};
use crate::world::{World, import, many, merchant, once};

async fn paid(world: &World, link: LinkId, choice: &str) -> Payment {
    let merchant_id = world.stored(link).await.merchant_id;
    let asked = Pay { merchant_id, link_id: link, attempt: attempt(), choice: choice.to_owned() };
    pay(&world.engine, &TestRail::default(), asked).await.unwrap()
}

/// A notice, and then the rail's answer to the question that it raises, which is the same.
async fn insist(world: &World, payment: &Payment, report: Report) -> Payment {
    world.engine.submit(RecordReport::about(payment, report.clone())).await.unwrap();
    assert!(is_watched(world, payment).await, "it is to be asked");
    let rail = TestRail::default();
    rail.tell(payment, Word::Report(report));
    let end = check(&world.engine, &rail, &world.payment(payment.id).await).await.unwrap();
    assert!(!is_watched(world, payment).await, "it is believed");
    end
}

async fn is_watched(world: &World, payment: &Payment) -> bool {
    world.job(JobKind::CheckPayment, payment.id.get()).await.is_some()
}

/// All payments of a link, oldest first.
async fn payments(world: &World, link: LinkId) -> Vec<Payment> {
    let mut all = world.read(move |reader| reader.payments_page(link, None, 100)).await;
    all.sort_by_key(|payment| payment.id);
    all
}

/// What every event about a payment tells.
async fn told(world: &World, link: LinkId) -> Vec<Payment> {
    let events = world.read(move |reader| reader.events_of(link)).await;
    let mut told = Vec::new();
    for (event, id) in
        events.into_iter().filter_map(|event| Some((event.payment_id?, event))).map(|(id, e)| (e, id))
    {
        told.push(Payment { version: 0, ..world.payment(id).await.as_of(&event).unwrap() });
    }
    told
}

fn other(payment: &Payment, amount: i64) -> Report {
    Report::Succeeded(Taken { charged: Minor::new(amount), ..taken(payment) })
}

fn words(payments: &[Payment]) -> Vec<&'static str> {
    payments.iter().map(|payment| payment.state.word()).collect()
}

#[tokio::test]
async fn a_rail_that_insists_that_it_took_nothing_gets_its_money_out_of_the_books() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let payment = paid(&world, link.id, "success").await;
    let before = told(&world, link.id).await;
    assert_eq!(insist(&world, &payment, failed()).await.state.word(), "reversed");
    let stored = world.stored(link.id).await;
    assert_eq!((stored.status, stored.sums.captured), (LinkStatus::Active, Minor::ZERO));
    assert_eq!(told(&world, link.id).await[..1], before, "what was told reads the same");
    world.assert_clean().await;
    assert_eq!(paid(&world, link.id, "success").await.state.word(), "captured");
}

#[tokio::test]
async fn an_answer_that_is_older_than_the_money_takes_nothing_back() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let started = paid(&world, link.id, "silence").await;
    world.engine.submit(RecordReport::about(&started, succeeded(&started))).await.unwrap();
    // The question was put while nothing was booked.
    let end = world.engine.submit(RecordReport::answering(&started, failed())).await.unwrap();
    assert_eq!((end.state.word(), is_watched(&world, &started).await), ("captured", true));
    // A rail that has lost its memory is not believed either.
    let rail = TestRail::default();
    rail.tell(&started, Word::NotFound);
    let end = check(&world.engine, &rail, &world.payment(started.id).await).await.unwrap();
    assert_eq!((end.state.word(), is_watched(&world, &started).await), ("captured", true));
    // Nor an answer about a payment that has changed since.
    let before = world.payment(started.id).await;
    let (merchant_id, link_id, payment_id, amount) = (world.merchant, link.id, started.id, Minor::new(1));
    let refund = RequestRefund { merchant_id, link_id, payment_id, amount, of: None, idempotency: None };
    world.engine.submit(refund).await.unwrap();
    let end = world.engine.submit(RecordReport::answering(&before, failed())).await.unwrap();
    assert_eq!((end.state.word(), is_watched(&world, &started).await), ("captured", true));
}

#[tokio::test]
async fn another_amount_takes_the_place_of_the_first_when_the_rail_insists() {
    for (first, second, ends) in [
        (1_000, 1_300, ["reversed", "held"]),
        (1_300, 1_000, ["reversed", "captured"]),
        (900, 1_000, ["reversed", "captured"]),
        (1_000, 900, ["reversed", "held"]),
    ] {
        let world = World::new().await;
        let link = world.link(once()).await;
        let payment = paid(&world, link.id, "silence").await;
        world.engine.submit(RecordReport::about(&payment, other(&payment, first))).await.unwrap();
        let before = told(&world, link.id).await;
        let end = insist(&world, &payment, other(&payment, second)).await;
        assert_eq!((end.id, end.state.word()), (payment.id, "reversed"));
        let all = payments(&world, link.id).await;
        assert_eq!(words(&all), ends, "{first} {second}");
        assert_eq!((all[1].beside, all[1].taken), (Some(payment.id), Some(Minor::new(second))));
        assert_eq!(told(&world, link.id).await[..before.len()], before, "what was told reads the same");
        world.assert_clean().await;
        // The rail says it once more, and then that it was the first after all.
        let again = world.engine.submit(RecordReport::about(&payment, other(&payment, second))).await;
        assert_eq!((again.unwrap(), is_watched(&world, &payment).await), (end, false));
        insist(&world, &payment, other(&payment, first)).await;
        let last = payments(&world, link.id).await.pop().unwrap();
        assert_eq!(last.taken, Some(Minor::new(first)));
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn a_policy_decides_about_the_money_that_takes_the_place() {
    for policy in [HoldDecision::Apply, HoldDecision::Refund] {
        let world = World::new().await;
        let owner = Merchant { hold_policy: Some(policy), ..merchant("owner") };
        let merchant_id = import(&world.engine, owner).await;
        let create = CreateLink { merchant_id, new: many(None), idempotency: None };
        let Once::Done(made) = world.engine.submit(create).await.unwrap() else { panic!("there before") };
        let payment = paid(&world, made.link.id, "success").await;
        insist(&world, &payment, other(&payment, 1_300)).await;
        let all = payments(&world, made.link.id).await;
        let word = if policy == HoldDecision::Apply { "captured" } else { "held" };
        assert_eq!(words(&all), ["reversed", word]);
        assert_eq!(all[1].decided.map(|it| (it.decision, it.reason)), Some((policy, HoldReason::Over)));
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn divided_and_partly_refunded_money_makes_room_for_what_the_rail_says() {
    let world = World::new().await;
    let owner = Merchant { features: Feature::ALL.into_iter().collect(), ..merchant("owner") };
    let owner = import(&world.engine, owner).await;
    import(&world.engine, Merchant { aggregator: Some("owner".into()), ..merchant("hall") }).await;
    let share = NewShare { child: "hall".into(), share: Share::Percent(4_000), bears_fee: true };
    let extras = Extras { split: vec![share], ..Extras::default() };
    let create = CreateLink { merchant_id: owner, new: NewLink { extras, ..many(None) }, idempotency: None };
    let Once::Done(made) = world.engine.submit(create).await.unwrap() else { panic!("there before") };
    let link_id = made.link.id;
    for report in [|payment: &Payment| other(payment, 1_300), |_: &Payment| failed()] {
        let payment = paid(&world, link_id, "success").await;
        let (payment_id, amount) = (payment.id, Minor::new(300));
        let refund =
            RequestRefund { merchant_id: owner, link_id, payment_id, amount, of: None, idempotency: None };
        let Once::Done(refund) = world.engine.submit(refund).await.unwrap() else { panic!("there before") };
        let report = report(&payment);
        insist(&world, &payment, report).await;
        world.assert_clean().await;
        give_back(&world.engine, &TestRail::default(), &world.payment(payment_id).await, &refund, true)
            .await
            .unwrap();
        world.assert_clean().await;
    }
}

#[tokio::test]
async fn of_money_that_no_attempt_asked_for_the_largest_amount_is_held_in_every_order() {
    for amounts in [[500, 700, 600], [700, 500, 600], [600, 700, 500], [500, 600, 700]] {
        let world = World::new().await;
        let report = |amount| {
            let (reference, payee) = ("UTR stray".to_owned(), "demo".to_owned());
            let currency = kadi_domain::amount::Currency::INR;
            Taken { reference, charged: Minor::new(amount), currency, payee }
        };
        let mut kept = None;
        for amount in amounts.into_iter().chain(amounts) {
            kept =
                Some(keep_unmatched(&world.engine, "test", Report::Succeeded(report(amount))).await.unwrap());
        }
        let book = world.stored(kept.unwrap().link_id).await;
        assert_eq!(book.sums.held, Minor::new(700), "{amounts:?}");
        let all = payments(&world, book.id).await;
        let held = all.iter().filter(|p| matches!(p.state, PaymentState::Held { .. })).count();
        assert_eq!(held, 1, "{amounts:?}");
        world.assert_clean().await;
        for amount in amounts {
            keep_unmatched(&world.engine, "test", Report::Reversed(report(amount))).await.unwrap();
            keep_unmatched(&world.engine, "test", Report::Succeeded(report(9_000))).await.unwrap();
        }
        assert_eq!(world.stored(book.id).await.sums.held, Minor::ZERO, "{amounts:?}");
        world.assert_clean().await;
    }
}
