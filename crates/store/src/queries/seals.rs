//! Seals with their heads, each beside what the books hold now, for `kadi verify`.

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::ledger::{Chain, Seal};
use kadi_domain::refusal::Fault;

use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::statements;
use crate::tables::books::seal_of;
use crate::tables::merchants;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    NEXT(merchant_id Int, number Int) =
        "SELECT seal.id, seal.merchant_id, seal.number, seal.sealed_at, seal.key_id, seal.tag \
        FROM seal, input WHERE seal.merchant_id = input.merchant_id AND seal.number > input.number ORDER BY \
        seal.number LIMIT 1";
    HEADS(seal_id Int) =
        "SELECT seal_head.link_id, seal_head.chain_count, seal_head.chain_head, entry.hash, \
        link.merchant_id, link.chain_count, link.sealed_count FROM seal_head LEFT JOIN entry ON \
        entry.link_id = seal_head.link_id AND entry.position = seal_head.chain_count LEFT JOIN link ON \
        link.id = seal_head.link_id, input WHERE seal_head.seal_id = input.seal_id ORDER BY \
        seal_head.link_id";
    WRONG_COUNTS(row_limit Int) =
        "SELECT link.id, link.sealed_count, link.chain_count, COALESCE((SELECT max(seal_head.chain_count) \
        FROM seal_head JOIN seal ON seal.id = seal_head.seal_id WHERE seal_head.link_id = link.id), 0) \
        FROM link, input WHERE link.sealed_count > link.chain_count OR link.sealed_count <> \
        COALESCE((SELECT max(seal_head.chain_count) \
        FROM seal_head JOIN seal ON seal.id = seal_head.seal_id WHERE seal_head.link_id = link.id), 0) \
        ORDER BY link.id LIMIT (SELECT input.row_limit FROM input)";
}

/// A sealed head beside what stands in the books now.
#[derive(Debug)]
pub(crate) struct SealedHead {
    /// The link.
    pub(crate) link_id: LinkId,
    /// What was sealed.
    pub(crate) sealed: Chain,
    /// The hash of the entry at the sealed position, if there is such an entry.
    pub(crate) entry_hash: Option<[u8; 32]>,
    /// The link's merchant, chain count and sealed count, if there is such a link.
    pub(crate) link: Option<(MerchantId, i64, i64)>,
}

/// A link whose count of sealed entries is not what its seals say.
#[derive(Debug)]
pub(crate) struct WrongCount {
    /// The link.
    pub(crate) link_id: LinkId,
    /// How many entries are sealed, by the link.
    pub(crate) sealed: i64,
    /// How many entries there are, by the link.
    pub(crate) entries: i64,
    /// How many entries are sealed, by the seals.
    pub(crate) by_seals: i64,
}

impl Reader {
    /// Every merchant's row id, in order.
    pub(crate) fn merchant_ids(&self) -> Result<Vec<MerchantId>, Trouble> {
        Ok(read(self.ask(&merchants::IDS, row![])?, |row| row.int().map(MerchantId::new))?)
    }

    /// The merchant's first seal after the one with this number, with the heads that it binds.
    pub(crate) fn seal_after(
        &self,
        merchant: MerchantId,
        number: i64,
    ) -> Result<Option<(Seal, Vec<SealedHead>)>, Trouble> {
        self.snapshot(|reader| {
            let Some(mut seal) = first(reader.ask(&NEXT, row![merchant, number])?, seal_of)? else {
                return Ok(None);
            };
            let heads = read(reader.ask(&HEADS, row![seal.id])?, sealed_head_of)?;
            seal.heads = heads.iter().map(|head| (head.link_id, head.sealed)).collect();
            Ok(Some((seal, heads)))
        })
    }

    /// At most `limit` links whose sealed count is not that of their highest sealed head, or exceeds their
    /// entries.
    pub(crate) fn wrong_sealed_counts(&self, limit: i64) -> Result<Vec<WrongCount>, Trouble> {
        Ok(read(self.ask(&WRONG_COUNTS, row![limit])?, |row| {
            let link_id = LinkId::new(row.int()?);
            Ok(WrongCount { link_id, sealed: row.int()?, entries: row.int()?, by_seals: row.int()? })
        })?)
    }
}

fn sealed_head_of(row: &mut Row) -> Result<SealedHead, Fault> {
    Ok(SealedHead {
        link_id: LinkId::new(row.int()?),
        sealed: Chain { count: row.int()?, head: row.hash()? },
        entry_hash: row.opt_hash()?,
        link: match (row.opt_int()?, row.opt_int()?, row.opt_int()?) {
            (Some(merchant), Some(count), Some(sealed)) => Some((MerchantId::new(merchant), count, sealed)),
            _ => None,
        },
    })
}
