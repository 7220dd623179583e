//! Money that no attempt asked for: kept once, in a book of its own, with whoever's account received it.

use std::collections::BTreeSet;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::Merchant;
use kadi_domain::payment::{HoldDecision, HoldReason, Payment, PaymentState};
use kadi_domain::rail::{Report, Taken};
use kadi_domain::refusal::Refusal;
use kadi_domain::unmatched::NOBODY;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::ImportMerchants;
use kadi_engine::commands::create_link::Once;
use kadi_engine::commands::decide_hold::DecideHold;
use kadi_engine::pay::{Pay, pay};
use kadi_engine::unmatched::keep_unmatched;

use crate::rail::{TestRail, attempt, taken};
use crate::world::{World, import, merchant, once};

fn money(reference: &str, payee: &str) -> Taken {
    let (reference, payee) = (reference.to_owned(), payee.to_owned());
    Taken { reference, charged: Minor::new(700), currency: Currency::INR, payee }
}

async fn came(world: &World, taken: &Taken) -> Payment {
    keep_unmatched(&world.engine, "test", Report::Succeeded(taken.clone())).await.unwrap()
}

async fn holds(world: &World, merchant: MerchantId) -> Vec<Payment> {
    world.read(move |reader| reader.holds_page(merchant, None, 100)).await
}

async fn found(world: &World, slug: &'static str) -> Option<Merchant> {
    world.engine.query(move |reader| reader.merchant_by_slug(slug)).await.unwrap()
}

async fn decide(world: &World, payment: &Payment, decision: HoldDecision) -> Result<Payment, Failure> {
    let Payment { merchant_id, link_id, id, .. } = *payment;
    let decide = DecideHold { merchant_id, link_id, payment_id: id, decision, idempotency: None };
    world.engine.submit(decide).await.map(|done| match done {
        Once::Done(payment) => *payment,
        Once::Replayed(id) => panic!("{id:?} was decided under a key"),
    })
}

#[tokio::test]
async fn money_for_an_unknown_payment_is_held_with_the_merchant_whose_account_received_it() {
    let world = World::new().await;
    let other = import(&world.engine, merchant("other")).await;
    let first = came(&world, &money("UTR1", "demo")).await;
    assert!(matches!(first.state, PaymentState::Held { reason: HoldReason::Unmatched, .. }));
    for _ in 0..2 {
        assert_eq!(came(&world, &money("UTR1", "demo")).await.id, first.id, "told twice");
    }
    let second = came(&world, &money("UTR2", "demo")).await;
    let theirs = came(&world, &money("UTR1", "other")).await;
    assert_eq!(second.link_id, first.link_id, "one book for each merchant");
    assert_ne!(theirs.link_id, first.link_id);
    let ids = |payments: &[Payment]| payments.iter().map(|payment| payment.id).collect::<BTreeSet<_>>();
    assert_eq!(ids(&holds(&world, world.merchant).await), BTreeSet::from([first.id, second.id]));
    assert_eq!(ids(&holds(&world, other).await), BTreeSet::from([theirs.id]));
    let book = world.stored(first.link_id).await;
    assert_eq!((book.sums.held, book.sums.captured), (Minor::new(1_400), Minor::ZERO));
    assert_eq!(book.check_payable(world.engine.now()), Err(Refusal::LinkCancelled));
    world.assert_clean().await;

    assert_eq!(
        decide(&world, &first, HoldDecision::Apply).await,
        Err(Failure::Refused(Refusal::HoldNotApplicable))
    );
    assert!(decide(&world, &first, HoldDecision::Refund).await.unwrap().decided.is_some());
    let reversal = Report::Reversed(money("UTR2", "demo"));
    let gone = keep_unmatched(&world.engine, "test", reversal).await.unwrap();
    assert_eq!((gone.id, gone.state.word()), (second.id, "reversed"));
    assert!(holds(&world, world.merchant).await.is_empty());
}

#[tokio::test]
async fn a_reversal_that_comes_first_leaves_nothing_to_hold() {
    let world = World::new().await;
    let taken = money("UTR1", "demo");
    let reversal = || keep_unmatched(&world.engine, "test", Report::Reversed(taken.clone()));
    assert_eq!(reversal().await.unwrap().state.word(), "reversed");
    assert_eq!(came(&world, &taken).await.state.word(), "reversed");
    assert_eq!(reversal().await.unwrap().state.word(), "reversed");
    assert!(holds(&world, world.merchant).await.is_empty());
}

#[tokio::test]
async fn money_of_an_unknown_account_is_kept_for_operators() {
    let world = World::new().await;
    assert!(found(&world, NOBODY).await.is_none());
    let kept = came(&world, &money("UTR1", "nobody we know")).await;
    let nobody = found(&world, NOBODY).await.unwrap();
    assert_eq!((kept.merchant_id, nobody.active), (nobody.id, false));
    let usd = Taken { currency: Currency::parse("USD").unwrap(), ..money("UTR2", "somebody else") };
    let dollars = came(&world, &usd).await;
    assert_eq!(dollars.came_in, Some(usd.currency));
    assert_eq!(holds(&world, nobody.id).await.len(), 2);
    assert!(holds(&world, world.merchant).await.is_empty());
    world.assert_clean().await;
}

#[tokio::test]
async fn money_that_a_payment_has_is_not_kept_again_and_what_names_none_is_refused() {
    let world = World::new().await;
    let link = world.link(once()).await;
    let (merchant_id, link_id) = (link.merchant_id, link.id);
    let asked = Pay { merchant_id, link_id, attempt: attempt(), choice: "success".into() };
    let paid = pay(&world.engine, &TestRail::default(), asked).await.unwrap();
    let unknown = Err(Failure::Refused(Refusal::PaymentUnknown));
    for report in [
        Report::Succeeded(taken(&paid)),
        Report::Reversed(taken(&paid)),
        Report::Failed { reason: "declined".into() },
        Report::Pending,
    ] {
        assert_eq!(keep_unmatched(&world.engine, "test", report).await, unknown);
    }
    let nothing = Taken { charged: Minor::ZERO, ..money("UTR0", "demo") };
    let refused = keep_unmatched(&world.engine, "test", Report::Succeeded(nothing)).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::AmountInvalid)));
    assert!(holds(&world, world.merchant).await.is_empty());
}

#[tokio::test]
async fn a_policy_of_refunds_sends_it_back() {
    let world = World::new().await;
    let refunding = Merchant { hold_policy: Some(HoldDecision::Refund), ..merchant("demo") };
    let file = vec![(refunding, BTreeSet::new(), Vec::new())];
    world.engine.submit(ImportMerchants::new(file, world.engine.keys()).unwrap()).await.unwrap();
    let kept = came(&world, &money("UTR1", "demo")).await;
    assert_eq!(kept.decided.map(|decided| decided.decision), Some(HoldDecision::Refund));
    assert!(holds(&world, world.merchant).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_notices_at_one_moment_are_one_book_and_one_hold_for_each_reference() {
    let world = World::new().await;
    let calls: Vec<_> = (0..60)
        .map(|at| {
            let engine = world.engine.clone();
            let report = Report::Succeeded(money(&format!("UTR{}", at % 6), "demo"));
            tokio::spawn(async move { keep_unmatched(&engine, "test", report).await })
        })
        .collect();
    let mut books = BTreeSet::new();
    for call in calls {
        books.insert(call.await.unwrap().unwrap().link_id);
    }
    assert_eq!((books.len(), holds(&world, world.merchant).await.len()), (1, 6));
}
