//! Questions about links and what they were made with.

use kadi_domain::edit::FormerTerms;
use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::link::{Line, Link, LinkText};
use kadi_domain::reference::{IdempotencyKey, IdempotencyRecord, ReferenceKey};

use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::statements;
use crate::tables::links::{link_columns, link_of};
use crate::tables::{edits, keys, links, parts};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    // A bound of a range stands as a question of its own: joined with `input`, it is no bound to PostgreSQL,
    // which then reads from the table's beginning.
    PAGE(merchant_id Int, before_at Int, before Int, row_limit Int) = {
        concat!(
            "SELECT ", link_columns!(), " FROM link WHERE \
             link.merchant_id = (SELECT input.merchant_id FROM input) AND (link.created_at, link.id) \
             < ((SELECT input.before_at FROM input), (SELECT input.before FROM input)) \
             ORDER BY link.created_at DESC, link.id DESC LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    PLACE(id Int) = "SELECT link.created_at FROM link, input WHERE link.id = input.id";
    // 8 is the number of an order's id: the condition of the index must stand here word by word. The merchant
    // is asked link by link: joined, all of the merchant's links might be walked instead.
    ORDERED(merchant_id Int, value Text) =
        "SELECT link_text.link_id FROM link_text, input WHERE link_text.kind = 8 \
         AND link_text.value = input.value \
         AND (SELECT link.merchant_id FROM link WHERE link.id = link_text.link_id) = input.merchant_id \
         ORDER BY link_text.link_id DESC LIMIT 1";
    COUNT() = "SELECT count(*) FROM link";
}

impl Reader {
    /// How many links there are, by walking over all of them.
    pub fn link_count(&self) -> Result<i64, Trouble> {
        Ok(first(self.ask(&COUNT, row![])?, Row::int)?.unwrap_or_default())
    }

    /// A link.
    pub fn link(&self, id: LinkId) -> Result<Option<Link>, Trouble> {
        Ok(first(self.ask(&links::LOAD, row![id])?, link_of)?)
    }

    /// At most `limit` of a merchant's links, newest first, older than `before` where it is given.
    pub fn links_page(
        &self,
        merchant: MerchantId,
        before: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<Link>, Trouble> {
        let at = match before {
            Some(id) => first(self.ask(&PLACE, row![id])?, Row::int)?.unwrap_or(i64::MIN),
            None => i64::MAX,
        };
        let before = before.map_or(i64::MAX, LinkId::get);
        Ok(read(self.ask(&PAGE, row![merchant, at, before, limit])?, link_of)?)
    }

    /// The link with this reference; the answer never changes once there is one.
    pub fn link_by_reference(&self, key: &ReferenceKey) -> Result<Option<LinkId>, Trouble> {
        let rows = self.ask(&keys::REFERENCE_LOAD, keys::reference_row(key))?;
        Ok(first(rows, keys::reference_of)?.map(|(_, link)| link))
    }

    /// What was done under an idempotency key; the answer never changes once there is one.
    pub fn idempotency_record(&self, key: &IdempotencyKey) -> Result<Option<IdempotencyRecord>, Trouble> {
        let rows = self.ask(&keys::IDEMPOTENCY_LOAD, row![key.merchant_id, &key.key_hash])?;
        Ok(first(rows, keys::idempotency_of)?.map(|(_, record)| record))
    }

    /// The newest of the merchant's links with this id of an order (`TextKind::OrderId`).
    pub fn link_by_order_id(&self, merchant: MerchantId, order_id: &str) -> Result<Option<LinkId>, Trouble> {
        Ok(first(self.ask(&ORDERED, row![merchant, order_id])?, |row| row.int().map(LinkId::new))?)
    }

    /// A link's references.
    pub fn references_of(&self, id: LinkId) -> Result<Vec<ReferenceKey>, Trouble> {
        let rows = self.ask(&keys::REFERENCES_OF, row![id])?;
        Ok(read(rows, keys::reference_of)?.into_iter().map(|(key, _)| key).collect())
    }

    /// A link's lines in order, with their taxes.
    pub fn lines_of(&self, id: LinkId) -> Result<Vec<Line>, Trouble> {
        Ok(parts::lines_of(self.driver(), &[id])?.remove(&id).unwrap_or_default())
    }

    /// What a link's terms were before each of its edits, in order.
    pub fn edits_of(&self, id: LinkId) -> Result<Vec<FormerTerms>, Trouble> {
        let rows = self.ask(&edits::OF, row![id])?;
        Ok(read(rows, edits::edit_of)?.into_iter().map(|(_, former)| former).collect())
    }

    /// A link's texts, by kind and position.
    pub fn texts_of(&self, id: LinkId) -> Result<Vec<LinkText>, Trouble> {
        Ok(read(self.ask(&parts::TEXTS, row![id])?, parts::text_of)?)
    }
}
