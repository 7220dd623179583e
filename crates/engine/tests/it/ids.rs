//! Ids: handed out in durable blocks, never twice, and never too few for a batch.

use std::collections::BTreeSet;

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_engine::command::{Command, Decision, Failure, Lane, Route};

use crate::world::{World, once};

/// How many ids a batcher takes at a time, and keeps ready for a batch (source.rs).
const BLOCK: usize = 65_536;
const RESERVE: usize = 16_384;

/// Draws so many ids.
struct Mint(usize);

impl Command for Mint {
    type Reply = Vec<i64>;

    fn route(&self) -> Route {
        Route { lane: Lane::Request, merchant: MerchantId::new(1), meets: 0 }
    }

    fn needs(&self, _: &mut Needs) {}

    fn decide(&self, _: &View, moment: &mut Moment<'_>) -> Result<Decision<Vec<i64>>, Stop> {
        let mut ids = Vec::new();
        for _ in 0..self.0 {
            ids.push(moment.mint(MerchantId::new(1))?);
        }
        Ok(Decision::unchanged(ids))
    }
}

#[tokio::test]
async fn a_batch_always_finds_its_reserve_of_ids_and_none_comes_twice() {
    let world = World::new().await;
    let mut all = Vec::new();
    // The odd draws leave every possible remainder of a block behind.
    for at in 0..20 {
        all.extend(world.engine.submit(Mint(RESERVE - at * 77)).await.unwrap());
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert!(all.is_sorted());
}

#[tokio::test]
async fn a_command_that_wants_more_ids_than_a_block_has_is_broken_and_harms_nobody() {
    let world = World::new().await;
    assert!(matches!(world.engine.submit(Mint(BLOCK + 1)).await, Err(Failure::Broken(_))));
    world.link(once()).await;
}
