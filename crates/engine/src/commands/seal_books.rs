//! The books of a merchant are sealed: a tag, under a key outside the database, over all chains that grew.

use kadi_domain::id::{MerchantId, SealId};
use kadi_domain::ledger::{Seal, seal_parts};
use kadi_domain::moment::Moment;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

/// Seals what grew since the last seal; the reply is how many chains that were.
#[derive(Debug)]
pub struct SealBooks {
    /// Whose books.
    pub merchant_id: MerchantId,
}

impl Command for SealBooks {
    type Reply = usize;

    fn route(&self) -> Route {
        Route { lane: Lane::Job, merchant: self.merchant_id, meets: self.merchant_id.get() }
    }

    fn needs(&self, needs: &mut Needs) {
        needs.books.insert(self.merchant_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let books = view.books.get(&self.merchant_id)?.ok_or(Refusal::MerchantUnknown)?;
        let sealed_in_this_batch = view.added.seals.iter().any(|seal| seal.merchant_id == self.merchant_id);
        if books.heads.is_empty() || sealed_in_this_batch {
            return Ok(Decision::unchanged(0));
        }
        let (last, previous) = books.last.unwrap_or((0, [0; 32]));
        let number = last + 1;
        let parts = seal_parts(self.merchant_id, number, moment.now, &previous, &books.heads);
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let (key_id, tag) = moment.keys.tag_books(&parts)?;
        let mut changes = Changes::default();
        changes.seals.push(Seal {
            id: SealId::new(moment.mint(self.merchant_id)?),
            merchant_id: self.merchant_id,
            number,
            sealed_at: moment.now,
            key_id,
            tag,
            heads: books.heads.clone(),
        });
        Ok(Decision { reply: books.heads.len(), changes })
    }
}
