//! Admission: places of a merchant that calls alone and among others, turns of those that wait, and who is
//! refused.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use kadi_domain::id::MerchantId;
use kadi_engine::admission::Admitted;
use kadi_engine::command::Failure;
use kadi_engine::engine::Engine;

use crate::world::World;

/// Limits of admission.rs.
const ALONE_MAX: usize = 512;
const AMONG_OTHERS_MAX: usize = 16;
const WAITING_MAX: usize = 512;

const GREEDY: MerchantId = MerchantId::new(1);
const SMALL: MerchantId = MerchantId::new(2);

type Coming = Pin<Box<dyn Future<Output = Result<Admitted, Failure>> + Send>>;

/// A call that has come to the door, and what it was told at once.
fn come(engine: &Engine, merchant: MerchantId) -> (Coming, Poll<Result<Admitted, Failure>>) {
    let engine = engine.clone();
    let mut coming: Coming = Box::pin(async move { engine.admit(merchant).await });
    let told = look(&mut coming);
    (coming, told)
}

fn look(coming: &mut Coming) -> Poll<Result<Admitted, Failure>> {
    coming.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn entered(engine: &Engine, merchant: MerchantId) -> Admitted {
    match come(engine, merchant).1 {
        Poll::Ready(Ok(admitted)) => admitted,
        Poll::Ready(Err(failure)) => panic!("refused: {failure:?}"),
        Poll::Pending => panic!("it has to wait"),
    }
}

fn waiting(engine: &Engine, merchant: MerchantId) -> Coming {
    let (coming, told) = come(engine, merchant);
    assert!(told.is_pending());
    coming
}

#[tokio::test]
async fn a_merchant_that_calls_alone_fills_two_batches() {
    let world = World::new().await;
    let engine = &world.engine;
    let _places: Vec<_> = (0..ALONE_MAX).map(|_| entered(engine, GREEDY)).collect();
    drop(waiting(engine, GREEDY));
}

#[tokio::test]
async fn a_merchant_among_others_has_few_places_and_leaves_theirs_alone() {
    let world = World::new().await;
    let engine = &world.engine;
    let small = entered(engine, SMALL);
    let greedy: Vec<_> = (0..AMONG_OTHERS_MAX).map(|_| entered(engine, GREEDY)).collect();
    let _waits: Vec<_> = (0..WAITING_MAX).map(|_| waiting(engine, GREEDY)).collect();
    let _others: Vec<_> = (1..AMONG_OTHERS_MAX).map(|_| entered(engine, SMALL)).collect();
    drop(waiting(engine, SMALL));
    drop((small, greedy));
}

#[tokio::test]
async fn those_that_wait_are_let_in_as_they_came_and_the_gone_are_passed_over() {
    let world = World::new().await;
    let engine = &world.engine;
    let _small = entered(engine, SMALL);
    let mut places: Vec<_> = (0..AMONG_OTHERS_MAX).map(|_| entered(engine, GREEDY)).collect();
    let (mut first, gone, mut second) =
        (waiting(engine, GREEDY), waiting(engine, GREEDY), waiting(engine, GREEDY));
    drop(gone);
    drop(places.pop());
    let Poll::Ready(Ok(place)) = look(&mut first) else { panic!("the first one still waits") };
    assert!(look(&mut second).is_pending());
    drop(place);
    assert!(matches!(look(&mut second), Poll::Ready(Ok(_))));
}

#[tokio::test]
async fn a_place_that_was_given_to_a_caller_that_has_gone_is_given_on() {
    let world = World::new().await;
    let engine = &world.engine;
    let _small = entered(engine, SMALL);
    let mut places: Vec<_> = (0..AMONG_OTHERS_MAX).map(|_| entered(engine, GREEDY)).collect();
    let (gone, mut next) = (waiting(engine, GREEDY), waiting(engine, GREEDY));
    drop(places.pop());
    // It has its place by now, and never learns of it.
    drop(gone);
    assert!(matches!(look(&mut next), Poll::Ready(Ok(_))));
}

#[tokio::test]
async fn a_caller_too_many_is_refused_and_the_next_one_let_in_when_all_is_done() {
    let world = World::new().await;
    let engine = &world.engine;
    let _small = entered(engine, SMALL);
    let places: Vec<_> = (0..AMONG_OTHERS_MAX).map(|_| entered(engine, GREEDY)).collect();
    let waits: Vec<_> = (0..WAITING_MAX).map(|_| waiting(engine, GREEDY)).collect();
    for _ in 0..3 {
        assert_eq!(engine.admit(GREEDY).await.err(), Some(Failure::Busy));
    }
    drop(places);
    for place in waits {
        drop(place.await.unwrap());
    }
    let _again: Vec<_> = (0..AMONG_OTHERS_MAX).map(|_| entered(engine, GREEDY)).collect();
    drop(waiting(engine, GREEDY));
}
