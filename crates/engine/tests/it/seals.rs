//! Seals: each covers what grew since the one before, and nothing is sealed twice.

use kadi_domain::id::MerchantId;
use kadi_engine::command::Failure;
use kadi_engine::commands::seal_books::SealBooks;
use kadi_engine::pay::{Pay, pay};

use crate::gate::{hold, queued};
use crate::rail::{TestRail, attempt};
use crate::world::{World, many, once};

async fn seal(world: &World) -> Result<usize, Failure> {
    world.engine.submit(SealBooks { merchant_id: world.merchant }).await
}

async fn capture(world: &World, link: &kadi_domain::link::Link) {
    let choice = "success".to_owned();
    let asked = Pay { merchant_id: link.merchant_id, link_id: link.id, attempt: attempt(), choice };
    pay(&world.engine, &TestRail::default(), asked).await.unwrap();
}

#[tokio::test]
async fn a_seal_covers_every_chain_that_grew_and_a_second_one_nothing() {
    let world = World::new().await;
    assert_eq!(seal(&world).await, Ok(0));
    let (first, second) = (world.link(many(None)).await, world.link(once()).await);
    world.link(once()).await;
    capture(&world, &first).await;
    capture(&world, &second).await;
    assert_eq!(world.read(|reader| reader.merchants_with_open_books(10)).await, [world.merchant]);
    assert_eq!(seal(&world).await, Ok(2));
    assert_eq!(seal(&world).await, Ok(0));
    assert!(world.read(|reader| reader.merchants_with_open_books(10)).await.is_empty());
    world.assert_clean().await;

    capture(&world, &first).await;
    assert_eq!(seal(&world).await, Ok(1), "only the chain that grew");
    let world = world.restarted();
    capture(&world, &first).await;
    assert_eq!(seal(&world).await, Ok(1), "the chain of seals goes on after a restart");
    world.assert_clean().await;
}

#[tokio::test]
async fn two_seals_in_one_batch_are_one() {
    let world = World::new().await;
    let link = world.link(once()).await;
    capture(&world, &link).await;
    let held = hold(&world.engine);
    let calls = [0, 1].map(|_| queued(&world.engine, SealBooks { merchant_id: world.merchant }));
    held.open().await;
    let mut sealed = Vec::new();
    for call in calls {
        sealed.push(call.await.unwrap());
    }
    assert_eq!(sealed, [1, 0]);
    world.assert_clean().await;
}

#[tokio::test]
async fn a_merchant_without_books_has_nothing_to_seal() {
    let world = World::new().await;
    let nobody = SealBooks { merchant_id: MerchantId::new(999_999) };
    assert_eq!(world.engine.submit(nobody).await, Ok(0));
    world.assert_clean().await;
}
