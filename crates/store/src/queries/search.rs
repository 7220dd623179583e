//! Looking for links: by what names few of them, or else along all of a merchant's.

use std::collections::BTreeSet;

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::link::{Link, LinkKind, LinkWord};
use kadi_domain::reference::ReferenceKey;
use kadi_domain::refusal::Fault;
use kadi_domain::search::{Clue, LinkFilter, LinkSearch, Standing};
use kadi_domain::time::Timestamp;

use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::{Value, statements};
use crate::tables::links;
use crate::tables::links::{link_columns, link_of};
use crate::trouble::Trouble;
use crate::value::row;

/// The links of a merchant that a filter takes: the words of `LinkFilter::matches` in SQL, by which a test
/// holds them. A set is a sum of the powers of two that stand in the cases here.
macro_rules! matching {
    () => {
        " FROM link WHERE link.merchant_id = (SELECT input.merchant_id FROM input) \
         AND link.created_at >= (SELECT input.since FROM input) \
         AND link.created_at <= (SELECT input.until FROM input) \
         AND ((SELECT input.kinds FROM input) & CASE link.kind WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 4 END) <> 0 \
         AND ((SELECT input.words FROM input) & CASE WHEN link.status = 1 AND (link.expires_at IS NULL \
         OR link.expires_at > (SELECT input.now FROM input)) THEN 1 WHEN link.status = 2 THEN 2 \
         WHEN link.status IN (1, 4) THEN 8 ELSE 4 END) <> 0 \
         AND ((SELECT input.standings FROM input) & CASE WHEN link.captured_count > 0 \
         AND (link.due IS NULL OR link.captured >= link.due) THEN 1 \
         WHEN link.reserved_count > 0 OR link.held > 0 THEN 2 \
         WHEN link.status = 1 AND (link.expires_at IS NULL \
         OR link.expires_at > (SELECT input.now FROM input)) \
         THEN CASE WHEN link.captured > 0 THEN 2 ELSE 4 END ELSE 8 END) <> 0"
    };
}

statements! {
    MATCHING(
        merchant_id Int, since Int, until Int, kinds Int, words Int, standings Int, now Int, row_limit Int,
        row_skip Int,
    ) = {
        concat!(
            "SELECT ", link_columns!(), matching!(), " ORDER BY link.created_at DESC, link.id DESC \
             LIMIT (SELECT input.row_limit FROM input) OFFSET (SELECT input.row_skip FROM input)"
        )
    };
    MATCHING_COUNT(
        merchant_id Int, since Int, until Int, kinds Int, words Int, standings Int, now Int,
    ) = { concat!("SELECT count(*)", matching!()) };
    // Whose link it is is looked at afterwards: with it here, PostgreSQL would walk along all of a merchant's
    // links. The number of `TextKind::RequestId` is a constant, as in the index.
    BY_REQUEST(value Text) =
        "SELECT link.id, link.merchant_id FROM link_text JOIN link ON link.id = link_text.link_id \
         WHERE link_text.kind = 6 AND link_text.value = (SELECT input.value FROM input)";
    BY_NAME(merchant_id Int, name_index Bytes) =
        "SELECT link.id, link.merchant_id FROM customer JOIN link ON link.customer_id = customer.id \
         WHERE customer.merchant_id = (SELECT input.merchant_id FROM input) \
         AND customer.name_index = (SELECT input.name_index FROM input)";
    BY_MOBILE(mobile_index Bytes) =
        "SELECT link.id, link.merchant_id FROM customer JOIN link ON link.customer_id = customer.id \
         WHERE customer.mobile_index = (SELECT input.mobile_index FROM input)";
    BY_EMAIL(email_index Bytes) =
        "SELECT link.id, link.merchant_id FROM customer JOIN link ON link.customer_id = customer.id \
         WHERE customer.email_index = (SELECT input.email_index FROM input)";
}

/// A page of the links that were found, newest first.
#[derive(Debug)]
pub struct LinksFound {
    /// The page.
    pub links: Vec<Link>,
    /// How many were found in all.
    pub total: i64,
}

impl Reader {
    /// The merchant's links that are looked for, at `now`. Without a clue every link of the merchant's is
    /// looked at, by an index; with clues, those to which all of them lead.
    pub fn search_links(
        &self,
        merchant: MerchantId,
        search: &LinkSearch,
        now: Timestamp,
    ) -> Result<LinksFound, Trouble> {
        self.snapshot(|reader| {
            let mut named: Option<BTreeSet<LinkId>> = None;
            for clue in &search.clues {
                let found = reader.follow(merchant, clue)?;
                named = Some(named.map_or(found.clone(), |named| &named & &found));
            }
            match named {
                Some(ids) => reader.among(merchant, &ids, search, now),
                None => reader.walk(merchant, search, now),
            }
        })
    }

    /// The links to which a clue leads; not yet asked whose they are where it names the link itself.
    fn follow(&self, merchant: MerchantId, clue: &Clue) -> Result<BTreeSet<LinkId>, Trouble> {
        let rows = match clue {
            Clue::Id(id) => return Ok(BTreeSet::from([*id])),
            Clue::Reference(namespace, value) => {
                let key = ReferenceKey { merchant_id: merchant, namespace: *namespace, value: value.clone() };
                return Ok(self.link_by_reference(&key)?.into_iter().collect());
            }
            Clue::RequestId(value) => self.ask(&BY_REQUEST, row![value])?,
            Clue::Name(index) => self.ask(&BY_NAME, row![merchant, index])?,
            Clue::Mobile(index) => self.ask(&BY_MOBILE, row![index])?,
            Clue::Email(index) => self.ask(&BY_EMAIL, row![index])?,
        };
        let found = read(rows, |row| Ok((LinkId::new(row.int()?), MerchantId::new(row.int()?))))?;
        Ok(found.into_iter().filter(|(_, owner)| *owner == merchant).map(|(id, _)| id).collect())
    }

    fn among(
        &self,
        merchant: MerchantId,
        ids: &BTreeSet<LinkId>,
        search: &LinkSearch,
        now: Timestamp,
    ) -> Result<LinksFound, Trouble> {
        let rows = self.driver().query(&links::LOAD, ids.iter().map(|id| row![*id]).collect())?;
        let mut found = read(rows, link_of)?;
        found.retain(|link| link.merchant_id == merchant && search.filter.matches(link, now));
        found.sort_by_key(|link| std::cmp::Reverse((link.created_at, link.id)));
        let total = i64::try_from(found.len()).map_err(|_| too_many())?;
        let [skip, limit] =
            [search.skip, search.limit].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        Ok(LinksFound { links: found.into_iter().skip(skip).take(limit).collect(), total })
    }

    fn walk(&self, merchant: MerchantId, search: &LinkSearch, now: Timestamp) -> Result<LinksFound, Trouble> {
        let conditions = conditions(merchant, &search.filter, now);
        let mut page = conditions.clone();
        page.extend(row![search.limit, search.skip]);
        let total = first(self.ask(&MATCHING_COUNT, conditions)?, Row::int)?.unwrap_or_default();
        // A page that lies behind all is empty without a look.
        let links = if search.skip < total { read(self.ask(&MATCHING, page)?, link_of)? } else { Vec::new() };
        Ok(LinksFound { links, total })
    }
}

fn too_many() -> Fault {
    Fault::new("more links than can be counted")
}

/// The values of what `matching!` asks.
fn conditions(merchant: MerchantId, filter: &LinkFilter, now: Timestamp) -> Vec<Value> {
    let kinds = filter.kinds.iter().map(|kind| match kind {
        LinkKind::Fixed => 1,
        LinkKind::Open => 2,
        LinkKind::Invoice => 4,
    });
    let words = filter.words.iter().map(|word| match word {
        LinkWord::Active => 1,
        LinkWord::Completed => 2,
        LinkWord::Cancelled => 4,
        LinkWord::Expired => 8,
    });
    let standings = filter.standings.iter().map(|standing| match standing {
        Standing::Paid => 1,
        Standing::UnderWay => 2,
        Standing::Untouched => 4,
        Standing::Over => 8,
    });
    row![merchant, filter.since, filter.until, set(kinds), set(words), set(standings), now]
}

/// The sum of powers of two, each once.
fn set(bits: impl Iterator<Item = i64>) -> i64 {
    bits.fold(0, |set, bit| set | bit)
}
